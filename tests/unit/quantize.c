/* quantize.c - post-training quantization: arithmetic, graphs, errors, files. */
#include "config.h"

#include "nets.h"
#include "temp.h"

#include "compress/calibrate.h"
#include "compress/weight.h"
#include "graph/attr.h"
#include "graph/mask.h"
#include "io/model.h"
#include "ops/ops.h"
#include "tensor/quant.h"

#include <float.h>
#include <math.h>

#define LENET "conv 6 5 -pad 2; bn; relu; maxpool 2; conv 16 5; relu; maxpool 2; flatten; " \
	      "dense 120; relu; dense 84; relu; dense 10"

static const struct rt_shape picture = {3, {1, 28, 28}};

static int count(const struct rt_graph *g, const struct rt_op *op)
{
	int n = 0;

	for (int i = 0; i < g->nnodes; i++)
		n += g->nodes[i].op == op;
	return n;
}

/* Quantizes a copy of g with 64 samples of noise. */
static struct rt_graph *quantized(struct rt_graph *g, const struct rt_quantize_opts *o,
				  struct rt_quantize_report *r)
{
	struct rt_shape sample = g->values[g->inputs[0]].shape;
	struct rt_graph *q = rt_graph_clone(g);
	struct rt_data *d;
	struct rt_err err;

	sample.rank--;
	memmove(sample.dim, sample.dim + 1, sizeof(int64_t) * (size_t)sample.rank);
	d = noise(&sample, 64, 2);
	assert_ok(rt_quantize_graph(q, d, o, r, &err));
	assert_ok(rt_graph_check(q, &err));
	rt_data_unref(d);
	return q;
}

/* --- arithmetic ---------------------------------------------------------------------------- */

/* The ranges of the three examples of ONNX DynamicQuantizeLinear, with their answers. */
static void affine_known_answers(void **state)
{
	static const struct {
		float lo, hi, scale;
		int zero;
	} known[] = {
		{-3, 2, 0.0196078438f, 153}, {-4, -1, 0.0156862754f, 255}, {1, 4, 0.0156862754f, 0},
		{-1, 3, 4.0f / 255, 64}, {0, 0, 1, 0}, {0, FLT_MIN, 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(known); i++) {
		struct rt_affine a = rt_affine_range(known[i].lo, known[i].hi, 8);

		assert_close(a.scale, known[i].scale, 1e-9);
		assert_int_equal(a.zero, known[i].zero);
	}
	assert_close(rt_affine_range(0, 3, 2).scale, 1, 1e-7);
}

static void symmetric_known_answers(void **state)
{
	(void)state;
	assert_close(rt_symmetric_scale(1.27f, 8), 0.01, 1e-8);
	assert_close(rt_symmetric_scale(3.5f, 4), 0.5, 1e-8);
	assert_close(rt_symmetric_scale(0.25f, 2), 0.25, 1e-8);
	assert_close(rt_symmetric_scale(0, 8), 1, 0);
}

/* Within the range no number moves by more than half a step, and 0 not at all. */
static void rounding_is_at_most_half_a_step(void **state)
{
	struct rt_rng rng = seeded(1);

	(void)state;
	for (int k = 0; k < 50; k++) {
		float lo = (float)-rt_rng_uniform(&rng), hi = (float)(3 * rt_rng_uniform(&rng));
		float x[200], back[200];
		struct rt_affine a = rt_affine_range(lo, hi, 8);
		unsigned char zero = (unsigned char)a.zero, q[200];
		struct rt_quant f = {RT_U8, 1, 1, 200, &a.scale, &zero};

		for (int i = 0; i < 200; i++)
			x[i] = i ? lo + (hi - lo) * (float)rt_rng_uniform(&rng) : 0;
		rt_quantize(&f, q, x);
		rt_dequantize(&f, back, q);
		assert_true(back[0] == 0);
		for (int i = 0; i < 200; i++)
			assert_true(fabs((double)back[i] - (double)x[i]) <=
				    (double)a.scale * 0.5001);
	}
}

static void min_max_sees_every_batch(void **state)
{
	static const float one[] = {2, 1, 4}, two[] = {3, -5};
	const struct rt_observer *o = &rt_observer_min_max;
	void *s = rt_alloc(1, o->state_size);
	float lo, hi;

	(void)state;
	o->see(s, one, 3);
	o->range(s, 256, &lo, &hi);
	assert_true(lo == 1 && hi == 4);
	o->see(s, two, 2);
	o->range(s, 256, &lo, &hi);
	assert_true(lo == -5 && hi == 4);
	free(s);
}

/* --- weights ------------------------------------------------------------------------------- */

/* Every weight behind DequantizeLinear against the real one. */
static void check_weights(const struct rt_graph *g, const struct rt_graph *q,
			  const struct rt_quantize_opts *o, const struct rt_quantize_report *r)
{
	int n, top = (1 << (o->bits - 1)) - 1;
	struct rt_weight *list = rt_weights_list(g, &n);

	assert_int_equal(r->n, n);
	for (int i = 0; i < n; i++) {
		const struct rt_tensor *w = &rt_graph_param(g, list[i].value)->data, *s, *whole;
		int node = rt_graph_find_node(q, r->layer[i].name);
		const struct rt_node *layer = &q->nodes[node], *dq;
		int64_t span = rt_shape_span(&w->shape, list[i].axis + 1, w->shape.rank);
		double noise_sum = 0, signal = 0;

		dq = &q->nodes[q->values[layer->in[list[i].input]].producer];
		assert_ptr_equal(dq->op, &rt_op_DequantizeLinear);
		assert_int_equal(dq->nin, 2);	/* no zero point: symmetric */
		assert_int_equal(rt_attr_int(dq, "axis", -1), list[i].axis);
		whole = &rt_graph_param(q, dq->in[0])->data;
		s = &rt_graph_param(q, dq->in[1])->data;
		assert_int_equal(whole->dtype, RT_I8);
		assert_int_equal(rt_tensor_count(s),
				 o->per_channel ? w->shape.dim[list[i].axis] : 1);
		for (int64_t k = 0; k < rt_tensor_count(w); k++) {
			double scale = rt_tensor_get(
				s, o->per_channel ? k / span % rt_tensor_count(s) : 0);
			double e = rt_tensor_get(w, k) - scale * rt_tensor_get(whole, k);

			assert_true(fabs(rt_tensor_get(whole, k)) <= top);
			assert_true(fabs(e) <= scale * 0.5001);
			assert_true(scale <= (double)r->layer[i].scale_hi &&
				    scale >= (double)r->layer[i].scale_lo);
			noise_sum += e * e;
			signal += rt_tensor_get(w, k) * rt_tensor_get(w, k);
		}
		assert_close(r->layer[i].mse, noise_sum / (double)rt_tensor_count(w), 1e-9);
		assert_close(r->layer[i].sqnr, 10 * log10(signal / noise_sum), 1e-5);
		assert_true(r->layer[i].scale_hi <= r->layer[i].max / (float)top * 1.0001f);
	}
	free(list);
}

static void weights_keep_within_half_a_step(void **state)
{
	struct rt_graph *g =
		net("conv 5 3; relu; dwconv 3; relu; conv 4 3 -groups 1; relu; dense 9; relu; "
		    "dense 3",
		    &RT_SHAPE(2, 9, 9), 4);

	(void)state;
	for (int bits = 2; bits <= 8; bits++) {
		for (int per = 0; per < 2; per++) {
			struct rt_quantize_opts o = quantize_opts();
			struct rt_quantize_report r;
			struct rt_graph *q;

			o.bits = bits;
			o.per_channel = per;
			o.activation_bits = 0;
			q = quantized(g, &o, &r);
			assert_int_equal(count(q, &rt_op_QuantizeLinear), 0);
			check_weights(g, q, &o, &r);
			rt_quantize_report_release(&r);
			rt_params_release(&rt_quantize_row, &o);
			rt_graph_free(q);
		}
	}
	rt_graph_free(g);
}

static void a_scale_each_channel_is_finer(void **state)
{
	struct rt_graph *g = net("conv 8 3; relu; dense 9", &RT_SHAPE(2, 9, 9), 4);
	struct rt_quantize_opts o = quantize_opts();
	struct rt_quantize_report per, one;

	(void)state;
	rt_graph_free(quantized(g, &o, &per));
	o.per_channel = false;
	rt_graph_free(quantized(g, &o, &one));
	for (int i = 0; i < per.n; i++) {
		assert_true(per.layer[i].mse < one.layer[i].mse);
		assert_true(per.layer[i].sqnr > 30 && one.layer[i].sqnr > 30);
		assert_true(one.layer[i].scale_lo == one.layer[i].scale_hi);
	}
	rt_quantize_report_release(&per);
	rt_quantize_report_release(&one);
	rt_params_release(&rt_quantize_row, &o);
	rt_graph_free(g);
}

static void pruned_weights_stay_zero(void **state)
{
	struct rt_graph *g = net("dense 20; relu; dense 5", &RT_SHAPE(10), 4), *q;
	struct rt_quantize_opts o = quantize_opts();
	struct rt_prune p = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;
	const struct rt_param *w;
	int64_t zeros = 0;

	(void)state;
	assert_ok(rt_prune_mask(g, &p, &rng, NULL, &err));
	q = quantized(g, &o, NULL);
	w = param(q, "dense1.weight.i8");
	assert_int_equal(rt_param_masked(w), 100);
	for (int64_t i = 0; i < 200; i++)
		zeros += rt_tensor_get(&w->data, i) == 0;
	assert_true(zeros >= 100);
	assert_fails(rt_prune_mask(q, &p, &rng, NULL, &err), RT_EINVAL, "is quantized");
	rt_params_release(&rt_prune_row, &p);
	rt_params_release(&rt_quantize_row, &o);
	rt_graph_free(q);
	rt_graph_free(g);
}

/* --- graphs -------------------------------------------------------------------------------- */

static void eight_bits_give_nearly_the_same_outputs(void **state)
{
	struct rt_graph *g = net(LENET, &picture, 6), *q;
	struct rt_quantize_opts o = quantize_opts();
	struct rt_quantize_report r;
	double last = 0;

	(void)state;
	for (int bits = 8; bits >= 2; bits -= 3) {
		o.bits = bits;
		q = quantized(g, &o, &r);
		assert_int_equal(r.folded, 1);
		assert_int_equal(r.n, 5);
		assert_int_equal(count(q, &rt_op_QuantizeLinear), 5);
		assert_int_equal(count(q, &rt_op_DequantizeLinear), 10);
		assert_int_equal(count(q, &rt_op_BatchNormalization), 0);
		assert_true(r.layer[0].has_input && r.layer[0].input.lo < 0 &&
			    r.layer[0].input.hi > 0);
		assert_int_equal(r.layer[1].input.affine.zero, 0);	/* behind a relu */
		if (bits == 8 && distance(g, q) > 0.03)
			fail_msg("8 bits are off by %g", distance(g, q));
		assert_true(distance(g, q) > last);
		last = distance(g, q);
		rt_quantize_report_release(&r);
		rt_graph_free(q);
	}
	rt_params_release(&rt_quantize_row, &o);
	rt_graph_free(g);
}

/* Two runs give the same bits; a value that two layers read is quantized once. */
static void quantizing_is_deterministic(void **state)
{
	struct rt_graph *g = net("conv 4 3; branch {conv 3 3} {conv 2 3}; relu; gap; dense 3",
				 &RT_SHAPE(2, 9, 9), 6);
	struct rt_quantize_opts o = quantize_opts();
	struct rt_graph *a = quantized(g, &o, NULL), *b = quantized(g, &o, NULL);

	(void)state;
	assert_true(same_bits(a, b));
	assert_int_equal(count(a, &rt_op_QuantizeLinear), 3);
	rt_params_release(&rt_quantize_row, &o);
	rt_graph_free(a);
	rt_graph_free(b);
	rt_graph_free(g);
}

static void excluded_layers_stay_real(void **state)
{
	struct rt_graph *g = net(LENET, &picture, 6), *q;
	struct rt_quantize_opts o = quantize_opts();
	struct rt_quantize_report r;
	struct rt_err err;

	(void)state;
	rt_strings_add(&o.exclude, "first");
	rt_strings_add(&o.exclude, "last");
	rt_strings_add(&o.exclude, "dense1");
	q = quantized(g, &o, &r);
	assert_int_equal(r.n, 2);
	assert_string_equal(r.layer[0].name, "conv2");
	assert_string_equal(r.layer[1].name, "dense2");
	assert_int_equal(param(q, "conv1.weight")->data.dtype, RT_F32);
	assert_int_equal(param(q, "dense1.weight")->data.dtype, RT_F32);
	rt_quantize_report_release(&r);
	rt_graph_free(q);
	rt_strings_add(&o.exclude, "dense4");
	o.activation_bits = 0;
	assert_fails(rt_quantize_graph(g, NULL, &o, NULL, &err), RT_ENOTFOUND,
		     "did you mean \"dense");
	free(o.exclude.v[3]);
	o.exclude.v[3] = rt_strdup("*");
	assert_fails(rt_quantize_graph(g, NULL, &o, NULL, &err), RT_EINVAL,
		     "every layer is excluded");
	rt_params_release(&rt_quantize_row, &o);
	rt_graph_free(g);
}

/* A weight of two layers is one i8 parameter. */
static void shared_weights_stay_shared(void **state)
{
	struct rt_graph *g = net("dense 6; relu; dense 6; relu; dense 2", &RT_SHAPE(6), 6), *q;
	struct rt_quantize_opts o = quantize_opts();
	int one = rt_graph_find_value(g, "dense1.weight"),
	    two = rt_graph_find_value(g, "dense2.weight");
	struct rt_quantize_report r;

	(void)state;
	rt_graph_replace(g, two, one);
	rt_graph_compact(g);
	q = quantized(g, &o, &r);
	assert_int_equal(count(q, &rt_op_DequantizeLinear), 3 + 2);
	assert_true(r.layer[0].mse == r.layer[1].mse && r.layer[0].sqnr == r.layer[1].sqnr);
	rt_quantize_report_release(&r);
	rt_params_release(&rt_quantize_row, &o);
	rt_graph_free(q);
	rt_graph_free(g);
}

/* Calibration sees the training part only, evenly spaced. */
static void calibration_takes_training_samples(void **state)
{
	struct rt_graph *g = net("dense 2", &RT_SHAPE(1), 1);
	struct rt_data *d = noise(&RT_SHAPE(1), 100, 1);
	struct rt_range range;
	struct rt_err err;
	void *x;

	(void)state;
	assert_ok(rt_tensor_write(&x, &d->x, &err));
	for (int i = 0; i < 100; i++)
		((float *)x)[i] = (float)i;
	d->npart[RT_PART_TRAIN] = 80;
	assert_ok(rt_calibrate(&range, g, g->inputs, 1, d, 40, &rt_observer_min_max, 256, &err));
	assert_true(range.lo == 0 && range.hi == 78);
	assert_ok(rt_calibrate(&range, g, g->inputs, 1, d, 1000, &rt_observer_min_max, 256, &err));
	assert_true(range.lo == 0 && range.hi == 79);
	/* a file may fix the batch: whole batches only */
	g->values[g->inputs[0]].shape.dim[0] = 30;
	assert_ok(rt_graph_infer(g, &err));
	assert_ok(rt_calibrate(&range, g, g->inputs, 1, d, 1000, &rt_observer_min_max, 256, &err));
	assert_true(range.lo == 0 && range.hi == 78);
	assert_fails(rt_calibrate(&range, g, g->inputs, 1, d, 20, &rt_observer_min_max, 256, &err),
		     RT_ESHAPE, "batches of 30 only, calibration has 20");
	rt_data_unref(d);
	rt_graph_free(g);
}

static void bad_requests_change_nothing(void **state)
{
	struct rt_graph *g = net("dense 4; relu; dense 2", &RT_SHAPE(3), 1),
			*was = rt_graph_clone(g);
	struct rt_graph *plain = net("relu", &RT_SHAPE(3), 1);
	struct rt_data *d = noise(&RT_SHAPE(3), 10, 1), *wide = noise(&RT_SHAPE(4), 10, 1);
	struct rt_quantize_opts o = quantize_opts();
	struct rt_err err;
	void *w;

	(void)state;
	assert_fails(rt_quantize_graph(g, NULL, &o, NULL, &err), RT_EINVAL, "needs a data set");
	assert_fails(rt_quantize_graph(g, wide, &o, NULL, &err), RT_ESHAPE, "takes 3");
	assert_fails(rt_quantize_graph(plain, d, &o, NULL, &err), RT_EINVAL, "nothing to quantize");
	o.activation_bits = 5;
	assert_fails(rt_quantize_graph(g, d, &o, NULL, &err), RT_EINVAL, "-activation-bits is 5");
	o.activation_bits = 8;
	o.bits = 9;
	assert_fails(rt_quantize_graph(g, d, &o, NULL, &err), RT_EINVAL, "bits");
	o.bits = 8;
	free(o.observer);
	o.observer = rt_strdup("minmax");
	assert_fails(rt_quantize_graph(g, d, &o, NULL, &err), RT_ENOTFOUND,
		     "did you mean \"min_max\"");
	free(o.observer);
	o.observer = rt_strdup("min_max");
	assert_true(same_bits(g, was));
	assert_ok(rt_quantize_graph(g, d, &o, NULL, &err));
	assert_fails(rt_quantize_graph(g, d, &o, NULL, &err), RT_EINVAL, "quantized already");
	/* finite weights, infinite sums */
	assert_ok(rt_tensor_write(&w, &param(was, "dense1.weight")->data, &err));
	for (int i = 0; i < 12; i++)
		((float *)w)[i] = 3e38f;
	assert_ok(rt_tensor_write(&w, &d->x, &err));
	for (int i = 0; i < 30; i++)
		((float *)w)[i] = 1;
	assert_fails(rt_quantize_graph(was, d, &o, NULL, &err), RT_ENUMERIC,
		     "\"relu1\" becomes inf");
	((float *)w)[7] = NAN;
	assert_fails(rt_quantize_graph(was, d, &o, NULL, &err), RT_ENUMERIC, "becomes");
	rt_params_release(&rt_quantize_row, &o);
	rt_data_unref(d);
	rt_data_unref(wide);
	rt_graph_free(plain);
	rt_graph_free(was);
	rt_graph_free(g);
}

/* --- files --------------------------------------------------------------------------------- */

static void saved_files_are_small_and_load(void **state)
{
	struct rt_graph *g = net(LENET, &picture, 6);
	struct rt_quantize_opts o = quantize_opts();
	struct rt_prune p = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_model *real, *small, *back;
	char *path = temp_path("small.onnx");
	int64_t before, after;
	struct rt_err err;

	(void)state;
	assert_ok(rt_prune_mask(g, &p, &rng, NULL, &err));
	real = rt_model_new("real", rt_graph_clone(g), NULL);
	small = rt_model_new("small", quantized(g, &o, NULL), NULL);
	assert_ok(rt_model_size(real, &before, &err));
	assert_ok(rt_model_size(small, &after, &err));
	if (after * 7 > before * 2)
		fail_msg("%lld bytes became %lld", (long long)before, (long long)after);
	assert_ok(rt_model_save(small, path, &err));
	assert_ok(rt_model_load(&back, path, &err));
	assert_true(distance(small->graph, back->graph) == 0);
	assert_int_equal(rt_param_masked(param(back->graph, "conv2.weight.i8")), 1200);
	rt_model_unref(back);
	rt_model_unref(small);
	rt_model_unref(real);
	free(path);
	rt_params_release(&rt_prune_row, &p);
	rt_params_release(&rt_quantize_row, &o);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(affine_known_answers),
		cmocka_unit_test(symmetric_known_answers),
		cmocka_unit_test(rounding_is_at_most_half_a_step),
		cmocka_unit_test(min_max_sees_every_batch),
		cmocka_unit_test(weights_keep_within_half_a_step),
		cmocka_unit_test(a_scale_each_channel_is_finer),
		cmocka_unit_test(pruned_weights_stay_zero),
		cmocka_unit_test(eight_bits_give_nearly_the_same_outputs),
		cmocka_unit_test(quantizing_is_deterministic),
		cmocka_unit_test(excluded_layers_stay_real),
		cmocka_unit_test(shared_weights_stay_shared),
		cmocka_unit_test(calibration_takes_training_samples),
		cmocka_unit_test(bad_requests_change_nothing),
		cmocka_unit_test(saved_files_are_small_and_load),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
