/* quantize.c - post-training quantization: which layers, their weights, their inputs. */
#include "config.h"

#include "compress/quantize.h"
#include "compress/between.h"
#include "compress/calibrate.h"
#include "compress/fold.h"
#include "compress/weight.h"
#include "base/mem.h"
#include "ops/ops.h"
#include "ops/scale.h"
#include "tensor/quant.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct rt_opt opts_rows[] = {RT_QUANTIZE_OPTS(struct rt_quantize_opts, ), {0}};

const struct rt_row rt_quantize_row = {"quantize", "a model in small whole numbers", opts_rows,
				       sizeof(struct rt_quantize_opts)};

void rt_quantize_report_release(struct rt_quantize_report *r)
{
	for (int i = 0; i < r->n; i++)
		free(r->layer[i].name);
	free(r->layer);
	*r = (struct rt_quantize_report){0};
}

/* --- arithmetic --------------------------------------------------------------------------- */

/* A scale too small to divide by stands for nothing but zeros. */
static float usable(double scale)
{
	return scale >= (double)FLT_MIN ? (float)scale : 1;
}

struct rt_affine rt_affine_range(float lo, float hi, int bits)
{
	int top = (1 << bits) - 1;
	struct rt_affine a;

	lo = lo < 0 ? lo : 0;
	hi = hi > 0 ? hi : 0;
	a.scale = usable(((double)hi - (double)lo) / top);
	a.zero = (int)lrint(fmin(-(double)lo / (double)a.scale, top));
	return a;
}

float rt_symmetric_scale(float max, int bits)
{
	return usable((double)max / ((1 << (bits - 1)) - 1));
}

/* --- one run ------------------------------------------------------------------------------ */

struct task {
	struct rt_graph *g;		/* the copy that is changed */
	const struct rt_quantize_opts *opts;
	const struct rt_observer *observer;
	struct rt_weight *layer;	/* what is quantized */
	int n;
	struct rt_spot *spot;		/* what is quantized, the inputs of the layers first */
	int nspots;
	int *value;			/* [nvalues]: what is read there, each once */
	struct rt_range *range;
	int *dequantized;		/* the value that stands for value[i] */
	int nvalues;
	struct rt_quantize_report *report;
};

static bool wants_activations(const struct rt_quantize_opts *opts)
{
	return opts->activation_bits == 8;
}

static enum rt_status check(struct task *t, const struct rt_graph *g, const struct rt_data *data,
			    struct rt_err *err)
{
	const struct rt_quantize_opts *o = t->opts;
	int quantized = rt_graph_find_quantized(g);
	const struct rt_row *row;

	for (const struct rt_opt *opt = rt_quantize_row.opts; opt->name; opt++)
		RT_TRY(rt_opt_check(opt, o, err));
	if (o->activation_bits != 0 && o->activation_bits != 8 && o->activation_bits != 32)
		return rt_fail(err, RT_EINVAL,
			       "-activation-bits is %d; 8, or 0 or 32 to leave activations "
			       "real, are possible",
			       (int)o->activation_bits);
	RT_TRY(rt_list_get(&row, &rt_observers, o->observer, err));
	t->observer = (const struct rt_observer *)row;
	if (quantized >= 0)
		return rt_fail(err, RT_EINVAL, "the model is quantized already (%s)",
			       g->nodes[quantized].name);
	if (wants_activations(o) && !data)
		return rt_fail(err, RT_EINVAL,
			       "quantizing activations needs a data set to calibrate with; "
			       "-activation-bits 0 quantizes the weights only");
	return RT_OK;
}

/* Marks in skip the layers that the options exclude. */
static enum rt_status exclude(const struct task *t, bool *skip, struct rt_err *err)
{
	bool *chosen = rt_alloc((size_t)t->g->nnodes, sizeof(*chosen));
	enum rt_status status = RT_OK;

	for (int i = 0; i < t->opts->exclude.n && status == RT_OK; i++) {
		struct rt_strings one = {1, t->opts->exclude.v + i};

		if (t->n > 0 && strcmp(one.v[0], "first") == 0) {
			skip[t->layer[0].node] = true;
		} else if (t->n > 0 && strcmp(one.v[0], "last") == 0) {
			skip[t->layer[t->n - 1].node] = true;
		} else {
			status = rt_weights_select(chosen, t->g, &one, err);
			for (int k = 0; k < t->g->nnodes; k++)
				skip[k] = skip[k] || (status == RT_OK && chosen[k]);
		}
	}
	free(chosen);
	return status;
}

static enum rt_status choose(struct task *t, struct rt_err *err)
{
	bool *skip = rt_alloc((size_t)t->g->nnodes, sizeof(*skip));
	enum rt_status status;
	int all, kept = 0;

	t->layer = rt_weights_list(t->g, &t->n);
	all = t->n;
	status = exclude(t, skip, err);
	for (int i = 0; i < t->n; i++)
		if (!skip[t->layer[i].node])
			t->layer[kept++] = t->layer[i];
	t->n = kept;
	free(skip);
	for (int i = 0; i < t->n && status == RT_OK; i++)
		status = rt_weights_finite(t->g, t->layer[i].value, err);
	if (status == RT_OK && t->n == 0)
		return rt_fail(err, RT_EINVAL,
			       "nothing to quantize: %s",
			       all ? "every layer is excluded"
				   : "the model has no Conv, Gemm, MatMul, recurrent layer or "
				     "embedding with weights");
	return status;
}

/* --- parameters and nodes ------------------------------------------------------------------ */

/* Adds "<of><suffix>" with n elements (a scalar when n is 0) copied from bytes. */
static enum rt_status add_constant(int *out, struct rt_graph *g, const char *of, const char *suffix,
				   enum rt_dtype dtype, const void *bytes, int64_t n,
				   struct rt_err *err)
{
	struct rt_shape shape = {.rank = n > 0, .dim = {n}};
	char *name = rt_sprintf("%s%s", of, suffix);
	struct rt_tensor data;
	enum rt_status status;
	void *to;

	status = rt_tensor_new(&data, dtype, &shape, err);
	if (status == RT_OK)
		status = rt_tensor_write(&to, &data, err);
	if (status == RT_OK) {
		memcpy(to, bytes, rt_tensor_bytes(&data));
		*out = rt_graph_add_param(g, name, &data, false);
	}
	free(name);
	return status;
}

/* Adds a node "<of><suffix>" and returns its output. */
static int add_node(struct rt_graph *g, const struct rt_op *op, const char *of, const char *suffix,
		    int64_t axis, int nin, const int *in)
{
	struct rt_scale_attrs attrs = {.axis = axis};
	char *name = rt_sprintf("%s%s", of, suffix);
	int node = rt_graph_add_node(g, op, name, &attrs, nin, in, 1);

	free(name);
	return g->nodes[node].out[0];
}

/* --- weights ------------------------------------------------------------------------------ */

/* The view of a weight (A,C,B) with its scales, of which there is one, or C. */
static struct rt_quant view(const struct rt_tensor *w, int axis, bool per_channel)
{
	struct rt_quant q = {.dtype = RT_I8, .A = 1, .C = 1, .B = rt_tensor_count(w)};

	if (per_channel) {
		q.A = rt_shape_span(&w->shape, 0, axis);
		q.C = w->shape.dim[axis];
		q.B = rt_shape_span(&w->shape, axis + 1, w->shape.rank);
	}
	return q;
}

static void fit_scales(const struct rt_quant *q, float *scale, const float *w, int bits)
{
	for (int64_t c = 0; c < q->C; c++)
		scale[c] = 0;
	for (int64_t a = 0; a < q->A; a++)
		for (int64_t c = 0; c < q->C; c++)
			for (int64_t b = 0; b < q->B; b++)
				scale[c] = fmaxf(scale[c], fabsf(w[(a * q->C + c) * q->B + b]));
	for (int64_t c = 0; c < q->C; c++)
		scale[c] = rt_symmetric_scale(scale[c], bits);
}

static enum rt_status measure(struct rt_quantized *r, const struct rt_quant *q, const float *w,
			      const void *whole, struct rt_err *err)
{
	int64_t n = q->A * q->C * q->B;
	float *back = malloc((size_t)n * sizeof(*back) + 1);
	double signal = 0, noise = 0;

	if (!back)
		return rt_fail(err, RT_ENOMEM, "not enough memory to compare the weights of \"%s\"",
			       r->name);
	rt_dequantize(q, back, whole);
	for (int64_t i = 0; i < n; i++) {
		double e = (double)w[i] - (double)back[i];

		signal += (double)w[i] * (double)w[i];
		noise += e * e;
		r->max = fmaxf(r->max, fabsf(w[i]));
	}
	free(back);
	r->mse = n ? noise / (double)n : 0;
	r->sqnr = noise > 0 ? 10 * log10(signal / noise) : INFINITY;
	r->scale_lo = r->scale_hi = q->s[0];
	for (int64_t c = 1; c < q->C; c++) {
		r->scale_lo = fminf(r->scale_lo, q->s[c]);
		r->scale_hi = fmaxf(r->scale_hi, q->s[c]);
	}
	return RT_OK;
}

/* i8 of the weight's shape behind *data, with what the report says about it. */
static enum rt_status quantize_weight(struct rt_tensor *data, float *scale, const struct task *t,
				      int i, struct rt_err *err)
{
	const struct rt_weight *l = &t->layer[i];
	const struct rt_tensor *w = &rt_graph_param(t->g, l->value)->data;
	struct rt_quant q = view(w, l->axis, t->opts->per_channel);
	void *whole;

	q.s = scale;
	fit_scales(&q, scale, rt_tensor_data(w), (int)t->opts->bits);
	RT_TRY(rt_tensor_new(data, RT_I8, &w->shape, err));
	RT_TRY(rt_tensor_write(&whole, data, err));
	rt_quantize(&q, whole, rt_tensor_data(w));
	if (measure(&t->report->layer[i], &q, rt_tensor_data(w), whole, err) != RT_OK)
		rt_tensor_release(data);
	return data->storage ? RT_OK : err->status;
}

/* An earlier layer with the same weight, seen the same way, or -1. */
static int twin(const struct task *t, int i)
{
	for (int k = 0; k < i; k++)
		if (t->layer[k].value == t->layer[i].value && t->layer[k].axis == t->layer[i].axis)
			return k;
	return -1;
}

static void share_weight(struct task *t, int i, int k)
{
	struct rt_quantized *to = &t->report->layer[i], *from = &t->report->layer[k];

	t->g->nodes[t->layer[i].node].in[t->layer[i].input] =
		t->g->nodes[t->layer[k].node].in[t->layer[k].input];
	to->max = from->max;
	to->scale_lo = from->scale_lo;
	to->scale_hi = from->scale_hi;
	to->mse = from->mse;
	to->sqnr = from->sqnr;
}

/* Only the rows that an embedding picks become real: the table is i8, DequantizeLinear behind. */
static void pick_whole(struct rt_graph *g, const struct rt_weight *l, int in[2], const char *name)
{
	int picked = g->nodes[l->node].out[0], real;

	g->nodes[l->node].in[l->input] = in[0];
	in[0] = picked;
	real = add_node(g, &rt_op_DequantizeLinear, name, ".real",
			g->values[picked].shape.rank - 1, 2, in);
	rt_graph_replace(g, picked, real);
	g->nodes[g->values[real].producer].in[0] = picked;
}

/* Puts i8 and DequantizeLinear in the place of a layer's weight.  A mask goes along. */
static enum rt_status replace_weight(struct task *t, int i, struct rt_err *err)
{
	const struct rt_weight *l = &t->layer[i];
	struct rt_graph *g = t->g;
	int64_t C = rt_graph_param(g, l->value)->data.shape.dim[l->axis];
	char *name = rt_strdup(g->values[l->value].name);
	float *scale = rt_alloc((size_t)C, sizeof(*scale));
	struct rt_tensor data = {0};
	enum rt_status status = quantize_weight(&data, scale, t, i, err);
	int in[2];

	if (status == RT_OK)
		status = add_constant(&in[1], g, name, ".scale", RT_F32, scale,
				      t->opts->per_channel ? C : 0, err);
	if (status == RT_OK) {
		char *whole = rt_sprintf("%s.i8", name);

		in[0] = rt_graph_add_param(g, whole, &data, false);
		rt_tensor_share(&rt_graph_param(g, in[0])->mask,
				&rt_graph_param(g, l->value)->mask);
		free(whole);
		if (l->table)
			pick_whole(g, l, in, name);
		else
			g->nodes[l->node].in[l->input] = add_node(g, &rt_op_DequantizeLinear, name,
								  ".real", l->axis, 2, in);
	}
	rt_tensor_release(&data);
	free(scale);
	free(name);
	return status;
}

/* --- activations --------------------------------------------------------------------------- */

static void list_values(struct task *t)
{
	t->spot = rt_quantize_spots(t->g, t->layer, t->n, &t->nspots);
	t->value = rt_alloc((size_t)t->nspots, sizeof(*t->value));
	t->range = rt_alloc((size_t)t->nspots, sizeof(*t->range));
	t->dequantized = rt_alloc((size_t)t->nspots, sizeof(*t->dequantized));
	for (int i = 0; i < t->nspots; i++) {
		int input = t->spot[i].input, k = 0;
		int v = input >= 0 ? t->g->nodes[t->spot[i].node].in[input] : -1;

		if (v < 0)
			continue;
		while (k < t->nvalues && t->value[k] != v)
			k++;
		if (k == t->nvalues)
			t->value[t->nvalues++] = v;
	}
}

/* Adds QuantizeLinear and DequantizeLinear behind value[k]. */
static enum rt_status add_pair(struct task *t, int k, struct rt_err *err)
{
	struct rt_affine a = rt_affine_range(t->range[k].lo, t->range[k].hi, 8);
	char *name = rt_strdup(t->g->values[t->value[k]].name);
	unsigned char zero = (unsigned char)a.zero;
	int in[3] = {t->value[k]};
	enum rt_status status;

	status = add_constant(&in[1], t->g, name, ".scale", RT_F32, &a.scale, 0, err);
	if (status == RT_OK)
		status = add_constant(&in[2], t->g, name, ".zero", RT_U8, &zero, 0, err);
	if (status == RT_OK) {
		in[0] = add_node(t->g, &rt_op_QuantizeLinear, name, ".u8", 1, 3, in);
		t->dequantized[k] =
			add_node(t->g, &rt_op_DequantizeLinear, name, ".real", 1, 3, in);
	}
	free(name);
	return status;
}

static enum rt_status quantize_inputs(struct task *t, const struct rt_data *data,
				      struct rt_err *err)
{
	list_values(t);
	RT_TRY(rt_calibrate(t->range, t->g, t->value, t->nvalues, data, t->opts->calibrate,
			    t->observer, 256, err));
	for (int k = 0; k < t->nvalues; k++)
		RT_TRY(add_pair(t, k, err));
	for (int i = 0; i < t->nspots; i++) {
		const struct rt_spot *spot = &t->spot[i];
		int *in = t->g->nodes[spot->node].in + spot->input, k = 0;
		struct rt_quantized *r;

		if (spot->input < 0)
			continue;
		while (t->value[k] != *in)
			k++;
		*in = t->dequantized[k];
		if (i >= t->n)
			continue;
		r = &t->report->layer[i];
		r->has_input = true;
		r->input.lo = fminf(t->range[k].lo, 0);
		r->input.hi = fmaxf(t->range[k].hi, 0);
		r->input.affine = rt_affine_range(t->range[k].lo, t->range[k].hi, 8);
	}
	return RT_OK;
}

/* --- the whole ---------------------------------------------------------------------------- */

static enum rt_status run(struct task *t, const struct rt_data *data, struct rt_err *err)
{
	RT_TRY(rt_graph_infer(t->g, err));
	RT_TRY(rt_fold_batchnorm(t->g, &t->report->folded, err));
	RT_TRY(choose(t, err));
	t->report->n = t->n;
	t->report->layer = rt_alloc((size_t)t->n, sizeof(*t->report->layer));
	for (int i = 0; i < t->n; i++)
		t->report->layer[i].name = rt_weight_name(t->g, &t->layer[i]);
	if (wants_activations(t->opts))
		RT_TRY(quantize_inputs(t, data, err));
	for (int i = 0; i < t->n; i++) {
		if (twin(t, i) >= 0)
			share_weight(t, i, twin(t, i));
		else
			RT_TRY(replace_weight(t, i, err));
	}
	RT_TRY(rt_graph_sort(t->g, err));
	rt_graph_compact(t->g);
	return rt_graph_infer(t->g, err);
}

enum rt_status rt_quantize_graph(struct rt_graph *g, const struct rt_data *data,
				 const struct rt_quantize_opts *opts,
				 struct rt_quantize_report *report, struct rt_err *err)
{
	struct rt_quantize_report own = {0};
	struct task t = {.opts = opts, .report = &own};
	enum rt_status status;

	RT_TRY(check(&t, g, data, err));
	t.g = rt_graph_clone(g);
	status = run(&t, data, err);
	if (status == RT_OK) {
		rt_graph_adopt(g, t.g);
		t.g = NULL;
		if (report) {
			*report = own;
			own = (struct rt_quantize_report){0};
		}
	}
	rt_graph_free(t.g);
	free(t.layer);
	free(t.spot);
	free(t.value);
	free(t.range);
	free(t.dequantized);
	rt_quantize_report_release(&own);
	return status;
}
