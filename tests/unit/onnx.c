/* onnx.c - tests of models in and out of ONNX files. */
#include "config.h"

#include "exec/plan.h"
#include "io/layers.h"
#include "io/model.h"
#include "ops/ops.h"
#include "temp.h"

#define GOOD "data/onnx/good/"

static struct rt_model *load(const char *path)
{
	struct rt_model *m = NULL;
	struct rt_err err;

	assert_ok(rt_model_load(&m, path, &err));
	return m;
}

static struct rt_model *load_test(const char *relative)
{
	char *path = test_path(relative);
	struct rt_model *m = load(path);

	free(path);
	return m;
}

static struct rt_tensor read_tensor(const char *relative)
{
	char *path = test_path(relative);
	struct rt_tensor t;
	struct rt_err err;

	assert_ok(rt_onnx_tensor_read(&t, path, &err));
	free(path);
	return t;
}

/* Output 0 for an input, as a new tensor. */
static struct rt_tensor run(struct rt_model *m, const struct rt_tensor *x)
{
	struct rt_plan_opts opts = {.batch = x->shape.dim[0], .input_shapes = &x->shape};
	const struct rt_arg *y;
	struct rt_plan *plan;
	struct rt_tensor out;
	struct rt_err err;
	void *to;

	assert_ok(rt_plan_new(&plan, m->graph, &opts, &err));
	memcpy(rt_plan_input(plan, 0), rt_tensor_data(x), rt_tensor_bytes(x));
	assert_ok(rt_plan_forward(plan, NULL, &err));
	y = rt_plan_value(plan, m->graph->outputs[0]);
	assert_ok(rt_tensor_new(&out, y->dtype, &y->shape, &err));
	assert_ok(rt_tensor_write(&to, &out, &err));
	memcpy(to, y->data, rt_tensor_bytes(&out));
	rt_plan_free(plan);
	return out;
}

static void assert_near(const struct rt_tensor *y, const struct rt_tensor *wanted, double tol)
{
	assert_true(rt_shape_equal(&y->shape, &wanted->shape));
	for (int64_t i = 0; i < rt_tensor_count(y); i++)
		assert_close(rt_tensor_get(y, i), rt_tensor_get(wanted, i), tol);
}

/* Saves as name in the test folder, checks that size was foretold; the caller frees the path. */
static char *save(struct rt_model *m, const char *name)
{
	char *path = temp_path(name);
	struct rt_err err;
	int64_t size;
	size_t len;

	assert_ok(rt_model_size(m, &size, &err));
	assert_ok(rt_model_save(m, path, &err));
	free(slurp(path, &len));
	assert_int_equal(len, size);
	return path;
}

static void assert_same_files(const char *a, const char *b)
{
	size_t na, nb;
	unsigned char *x = slurp(a, &na), *y = slurp(b, &nb);

	assert_int_equal(na, nb);
	assert_memory_equal(x, y, na);
	free(x);
	free(y);
}

/* Thousands of files that no crash needs to survive: written without waiting for the disk. */
static void write_fast(const char *path, const unsigned char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Loads, agrees with stored outputs; saved and loaded again it gives the same bits, and the second
 * save the same bytes. */
static void round_trip(const char *model, const char *input, const char *output)
{
	struct rt_model *m = load(model), *again;
	struct rt_tensor x = read_tensor(input), wanted = read_tensor(output), y = run(m, &x), z;
	char *first = save(m, "first.onnx"), *second;

	assert_near(&y, &wanted, 1e-4);
	again = load(first);
	second = save(again, "second.onnx");
	assert_same_files(first, second);
	z = run(again, &x);
	assert_true(rt_tensor_equal(&y, &z));
	for (int i = 0; i < m->graph->nnodes; i++)
		assert_string_equal(m->graph->nodes[i].name, again->graph->nodes[i].name);
	assert_int_equal(m->graph->nparams, again->graph->nparams);
	for (int i = 0; i < m->graph->nparams; i++)
		assert_int_equal(m->graph->params[i].trainable, again->graph->params[i].trainable);

	rt_tensor_release(&x);
	rt_tensor_release(&y);
	rt_tensor_release(&z);
	rt_tensor_release(&wanted);
	rt_model_unref(m);
	rt_model_unref(again);
	free(first);
	free(second);
}

static const char *const good[] = {
	"batch_one", "blocks", "computed_shape", "dft_axis", "external", "four_bits", "grid_linear",
	"half", "nameless", "old_forms", "opset7", "pad_axes", "pool_new", "quantized",
	"really_one", "reduce_new", "resize_axes", "resize_stretch", "slice_old", "softmax_flat",
	"split_number", "squeeze_old", "typed",
};

static void good_files_agree_with_onnx_runtime(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		char *name = rt_sprintf(GOOD "%s.onnx", good[i]), *model = test_path(name);
		char *in = rt_sprintf(GOOD "%s.in.pb", good[i]),
		     *out = rt_sprintf(GOOD "%s.out.pb", good[i]);

		round_trip(model, in, out);
		free(name);
		free(model);
		free(in);
		free(out);
	}
}

static void example_models_agree_with_onnx_runtime(void **state)
{
	static const char *const names[] = {"mnist_cnn", "mnist_mlp", "wdbc_mlp", "fashion_resnet",
					    "electricity_lstm"};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(names); i++) {
		char *name = rt_sprintf("../examples/models/%s.onnx", names[i]),
		     *model = test_path(name);
		char *in = rt_sprintf("data/models/%s/input_0.pb", names[i]);
		char *out = rt_sprintf("data/models/%s/output_0.pb", names[i]);

		round_trip(model, in, out);
		free(name);
		free(model);
		free(in);
		free(out);
	}
}

/* --- what loading makes of a file ----------------------------------------------------------- */

static const struct rt_param *param_named(const struct rt_model *m, const char *name)
{
	const struct rt_param *p = rt_graph_param(m->graph, rt_graph_find_value(m->graph, name));

	if (!p)
		fail_msg("no parameter \"%s\"", name);
	return p;
}

static void weights_are_trainable_and_constants_are_not(void **state)
{
	static const struct {
		const char *file, *name;
		bool trainable;
	} cases[] = {
		{"old_forms", "w", true}, {"old_forms", "b", true}, {"old_forms", "s", true},
		{"old_forms", "o", true}, {"old_forms", "m", false}, {"old_forms", "v", false},
		{"typed", "w", true}, {"typed", "b", true}, {"typed", "k", false},
		{"typed", "t", false}, {"typed", "shape", false}, {"half", "w", true},
		{"half", "b", true}, {"quantized", "b", true}, {"quantized", "wq", false},
		{"quantized", "ws", false}, {"quantized", "xs", false},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		char *name = rt_sprintf(GOOD "%s.onnx", cases[i].file);
		struct rt_model *m = load_test(name);

		if (param_named(m, cases[i].name)->trainable != cases[i].trainable)
			fail_msg("%s in %s", cases[i].name, cases[i].file);
		rt_model_unref(m);
		free(name);
	}
}

static void assert_input(const char *file, const struct rt_shape *shape)
{
	struct rt_model *m = load_test(file);

	assert_true(rt_shape_equal(&m->graph->values[m->graph->inputs[0]].shape, shape));
	rt_model_unref(m);
}

static void open_dimension_is_the_batch_and_a_fixed_one_where_it_can_be(void **state)
{
	(void)state;
	assert_input(GOOD "opset7.onnx", &RT_SHAPE(RT_BATCH, 4));
	assert_input(GOOD "batch_one.onnx", &RT_SHAPE(RT_BATCH, 3));
	assert_input(GOOD "really_one.onnx", &RT_SHAPE(1, 3, 2));
}

static void names_and_types_are_kept(void **state)
{
	struct rt_model *m = load_test(GOOD "quantized.onnx"), *half, *nameless;

	(void)state;
	assert_int_equal(param_named(m, "wq")->data.dtype, RT_I8);
	assert_int_equal(param_named(m, "xz")->data.dtype, RT_U8);
	assert_string_equal(m->name, "quantized");
	assert_int_equal(m->classes, 3);
	half = load_test(GOOD "half.onnx");
	assert_int_equal(param_named(half, "w")->data.dtype, RT_F32);
	nameless = load_test(GOOD "nameless.onnx");
	assert_true(rt_graph_find_value(nameless->graph, "relu1") >= 0);
	assert_int_equal(rt_graph_find_value(nameless->graph, "spare"), -1);
	assert_int_equal(nameless->graph->nodes[0].in[1], -1);
	rt_model_unref(m);
	rt_model_unref(half);
	rt_model_unref(nameless);
}

static void flattened_softmax_sums_to_one_over_all_it_covered(void **state)
{
	struct rt_model *m = load_test(GOOD "softmax_flat.onnx");
	int all = rt_graph_find_value(m->graph, "a");

	(void)state;
	assert_true(all >= 0);
	assert_string_equal(m->graph->nodes[m->graph->values[all].producer].op->row.name,
			    "Reshape");
	rt_model_unref(m);
}

/* --- refusals ------------------------------------------------------------------------------- */

/* --- models of our own ---------------------------------------------------------------------- */

static struct rt_model *build(const char *text, const struct rt_shape *sample)
{
	struct rt_graph *g;
	struct rt_rng rng;
	struct rt_err err;

	rt_rng_seed(&rng, 7);
	assert_ok(rt_layers_build(&g, text, sample, &rng, &err));
	return rt_model_new("student", g, text);
}

/* A model with everything that a file of ours can carry. */
static struct rt_model *rich_model(void)
{
	static const char *const classes[] = {"cat", "dog\nor \\n wolf", ""};
	static const float shift[] = {0.1f, -3.25f}, scale[] = {1.0f / 255, 1e-30f};
	struct rt_model *m =
		build("conv 4 3; bn; gelu; maxpool 2; dropout; dense 3", &RT_SHAPE(2, 6, 6));
	struct rt_param *w =
		rt_graph_param(m->graph, rt_graph_find_value(m->graph, "dense1.weight"));
	struct rt_param *b = rt_graph_param(m->graph, rt_graph_find_value(m->graph, "dense1.bias"));
	struct rt_param *f =
		rt_graph_param(m->graph, rt_graph_find_value(m->graph, "conv1.weight"));
	struct rt_err err;
	void *mask, *data;

	rt_model_set_classes(m, 3, classes);
	rt_model_set_scale(m, 2, shift, scale);
	rt_model_log(m, "model new student -zoo lenet5");
	rt_model_log(m, "train student -epochs 3");
	f->trainable = false;
	/* the zeros of the weight tell its mask, those of the bias do not */
	assert_ok(rt_tensor_new(&w->mask, RT_U8, &w->data.shape, &err));
	assert_ok(rt_tensor_write(&mask, &w->mask, &err));
	assert_ok(rt_tensor_write(&data, &w->data, &err));
	for (int64_t i = 0; i < rt_tensor_count(&w->data); i++) {
		((uint8_t *)mask)[i] = i % 3 != 0;
		if (i % 3 == 0)
			((float *)data)[i] = 0;
	}
	assert_ok(rt_tensor_new(&b->mask, RT_U8, &b->data.shape, &err));
	assert_ok(rt_tensor_write(&mask, &b->mask, &err));
	((uint8_t *)mask)[1] = 1;
	return m;
}

static void everything_about_a_model_comes_back(void **state)
{
	struct rt_model *m = rich_model(), *again;
	char *first = save(m, "rich.onnx"), *second;

	(void)state;
	again = load(first);
	assert_string_equal(again->name, "student");
	assert_string_equal(again->origin, m->origin);
	assert_string_equal(again->journal,
			    "model new student -zoo lenet5\ntrain student -epochs 3");
	assert_int_equal(again->classes, 3);
	for (int i = 0; i < 3; i++)
		assert_string_equal(again->class_name[i], m->class_name[i]);
	assert_int_equal(again->nscale, 2);
	assert_memory_equal(again->shift, m->shift, 2 * sizeof(float));
	assert_memory_equal(again->scale, m->scale, 2 * sizeof(float));
	assert_int_equal(again->graph->nparams, m->graph->nparams);
	for (int i = 0; i < m->graph->nparams; i++) {
		const struct rt_param *p = &m->graph->params[i];
		const struct rt_param *q = param_named(again, m->graph->values[p->value].name);

		assert_int_equal(p->trainable, q->trainable);
		assert_true(rt_tensor_equal(&p->data, &q->data));
		assert_true(rt_tensor_equal(&p->mask, &q->mask));
	}
	second = save(again, "rich2.onnx");
	assert_same_files(first, second);
	rt_model_unref(m);
	rt_model_unref(again);
	free(first);
	free(second);
}

/* Other readers refuse files with texts that are not UTF-8. */
static void texts_are_made_utf8(void **state)
{
	struct rt_model *m = build("dense 2", &RT_SHAPE(2)), *again;
	char *path;

	(void)state;
	rt_model_log(m, "\xe9t\xc3\xa9 \xf0\x9f\x98\x80 \xed\xa0\x80 \xc0\xaf \xf5 \xe2\x82");
	path = save(m, "text.onnx");
	again = load(path);
	assert_string_equal(again->journal, "?t\xc3\xa9 \xf0\x9f\x98\x80 ??? ?? ? ??");
	rt_model_unref(m);
	rt_model_unref(again);
	free(path);
}

static void masked_weights_are_written_as_zeros(void **state)
{
	struct rt_model *m = build("dense 2 -bias no", &RT_SHAPE(2)), *again;
	struct rt_param *w = &m->graph->params[0];
	const float *saved;
	float kept = ((const float *)rt_tensor_data(&w->data))[1];
	struct rt_err err;
	char *path;
	void *mask;

	(void)state;
	assert_true(((const float *)rt_tensor_data(&w->data))[0] != 0);
	assert_ok(rt_tensor_new(&w->mask, RT_U8, &w->data.shape, &err));
	assert_ok(rt_tensor_write(&mask, &w->mask, &err));
	((uint8_t *)mask)[1] = 1;
	path = save(m, "masked.onnx");
	again = load(path);
	saved = rt_tensor_data(&again->graph->params[0].data);
	assert_true(saved[0] == 0 && saved[1] == kept && saved[2] == 0 && saved[3] == 0);
	assert_true(((const float *)rt_tensor_data(&w->data))[0] != 0);
	rt_model_unref(m);
	rt_model_unref(again);
	free(path);
}

/* True when the file holds the text. */
static bool contains(const char *path, const char *text)
{
	size_t len, n = strlen(text);
	unsigned char *bytes = slurp(path, &len);
	bool found = false;

	for (size_t i = 0; !found && i + n <= len; i++)
		found = memcmp(bytes + i, text, n) == 0;
	free(bytes);
	return found;
}

static void gelu_travels_as_a_function(void **state)
{
	struct rt_model *m = build("dense 3; gelu; dense 2", &RT_SHAPE(4)), *plain, *again;
	int gelu = rt_graph_find_node(m->graph, "gelu1");
	const struct rt_opt *o = rt_opt_find(&rt_op_Gelu.row, "approximate");
	struct rt_err err;
	char *path;

	(void)state;
	assert_ok(rt_opt_parse(o, m->graph->nodes[gelu].attrs, "tanh", &err));
	path = save(m, "gelu.onnx");
	assert_true(contains(path, "GeluTanh") && contains(path, "Tanh") && !contains(path, "Erf"));
	again = load(path);
	assert_ptr_equal(again->graph->nodes[gelu].op, &rt_op_Gelu);
	assert_true(rt_params_equal(&rt_op_Gelu.row, again->graph->nodes[gelu].attrs,
				    m->graph->nodes[gelu].attrs));
	free(path);

	assert_ok(rt_opt_parse(o, m->graph->nodes[gelu].attrs, "none", &err));
	path = save(m, "gelu.onnx");
	assert_true(contains(path, "Erf"));
	free(path);
	plain = build("dense 3; relu", &RT_SHAPE(4));
	path = save(plain, "plain.onnx");
	assert_false(contains(path, "Erf"));
	free(path);
	rt_model_unref(m);
	rt_model_unref(plain);
	rt_model_unref(again);
}

static void failed_save_leaves_the_old_file(void **state)
{
	struct rt_model *m = build("dense 2", &RT_SHAPE(2));
	char *path = temp_text("kept.onnx", "precious"), *folder = temp_path("folder/x");
	struct rt_op alien = *m->graph->nodes[0].op;
	struct rt_err err;

	(void)state;
	*strrchr(folder, '/') = '\0';
	assert_fails(rt_model_save(m, "/nowhere/x.onnx", &err), RT_EIO, "/nowhere/x.onnx");
	assert_fails(rt_model_save(m, folder, &err), RT_EIO, folder);
	alien.domain = "alien";
	m->graph->nodes[0].op = &alien;
	assert_fails(rt_model_save(m, path, &err), RT_EUNSUPPORTED, "node \"dense1\" (Gemm)");
	assert_true(contains(path, "precious"));
	rt_model_unref(m);
	free(path);
	free(folder);
}

static void clone_shares_and_keeps_everything(void **state)
{
	struct rt_model *m = rich_model(), *c = rt_model_clone(m, "twin"), *r = rt_model_ref(m);
	char *first = save(m, "a.onnx"), *second;

	(void)state;
	assert_string_equal(c->name, "twin");
	assert_ptr_equal(rt_tensor_data(&c->graph->params[0].data),
			 rt_tensor_data(&m->graph->params[0].data));
	rt_model_unref(r);
	rt_model_unref(m);
	free(c->name);
	c->name = rt_strdup("student");
	second = save(c, "b.onnx");
	assert_same_files(first, second);
	rt_model_unref(c);
	free(first);
	free(second);
}

/* --- damage --------------------------------------------------------------------------------- */

static void every_truncation_is_noticed(void **state)
{
	static const char *const files[] = {"old_forms", "typed", "quantized", "external"};
	struct rt_model *rich = rich_model(), *m;
	char *path[RT_COUNT(files) + 1], *part = temp_path("part.onnx");
	struct rt_err err;

	(void)state;
	path[0] = save(rich, "rich.onnx");
	for (size_t i = 0; i < RT_COUNT(files); i++) {
		char *name = rt_sprintf(GOOD "%s.onnx", files[i]);

		path[i + 1] = test_path(name);
		free(name);
	}
	for (size_t i = 0; i < RT_COUNT(path); i++) {
		size_t len;
		unsigned char *bytes = slurp(path[i], &len);

		for (size_t n = 0; n < len; n++) {
			write_fast(part, bytes, n);
			if (rt_model_load(&m, part, &err) == RT_OK)
				fail_msg("%s cut to %zu of %zu bytes was accepted", path[i], n,
					 len);
		}
		free(bytes);
		free(path[i]);
	}
	free(part);
	rt_model_unref(rich);
}

/* Whatever happens to a byte, loading gives a model or a line of text. */
static void damaged_bytes_never_crash(void **state)
{
	char *path = temp_path("hurt.onnx");
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		char *name = rt_sprintf(GOOD "%s.onnx", good[i]), *from = test_path(name);
		size_t len;
		unsigned char *bytes = slurp(from, &len);

		for (size_t at = 0; at < len; at++) {
			const unsigned char was = bytes[at];
			const unsigned char now[] = {was ^ 1, was ^ 0x80, 0, 0xff, was + 1};

			for (size_t k = 0; k < RT_COUNT(now); k++) {
				struct rt_model *m = NULL;

				bytes[at] = now[k];
				write_fast(path, bytes, len);
				if (rt_model_load(&m, path, &err) != RT_OK)
					assert_true(strlen(err.msg) > 0);
				rt_model_unref(m);
			}
			bytes[at] = was;
		}
		free(bytes);
		free(from);
		free(name);
	}
	free(path);
}

static void tensor_files_are_read_or_refused(void **state)
{
	char *path = test_path(GOOD "typed.in.pb"), *part = temp_path("part.pb");
	struct rt_tensor t;
	struct rt_err err;
	unsigned char *bytes;
	size_t len;

	(void)state;
	assert_ok(rt_onnx_tensor_read(&t, path, &err));
	assert_int_equal(t.dtype, RT_F32);
	assert_true(rt_shape_equal(&t.shape, &RT_SHAPE(4, 2)));
	rt_tensor_release(&t);
	bytes = slurp(path, &len);
	for (size_t n = 0; n < len; n++) {
		write_fast(part, bytes, n);
		assert_true(rt_onnx_tensor_read(&t, part, &err) != RT_OK);
	}
	free(bytes);
	free(path);
	free(part);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_files_agree_with_onnx_runtime),
		cmocka_unit_test(example_models_agree_with_onnx_runtime),
		cmocka_unit_test(weights_are_trainable_and_constants_are_not),
		cmocka_unit_test(open_dimension_is_the_batch_and_a_fixed_one_where_it_can_be),
		cmocka_unit_test(names_and_types_are_kept),
		cmocka_unit_test(flattened_softmax_sums_to_one_over_all_it_covered),
		cmocka_unit_test(everything_about_a_model_comes_back),
		cmocka_unit_test(texts_are_made_utf8),
		cmocka_unit_test(masked_weights_are_written_as_zeros),
		cmocka_unit_test(gelu_travels_as_a_function),
		cmocka_unit_test(failed_save_leaves_the_old_file),
		cmocka_unit_test(clone_shares_and_keeps_everything),
		cmocka_unit_test(every_truncation_is_noticed),
		cmocka_unit_test(damaged_bytes_never_crash),
		cmocka_unit_test(tensor_files_are_read_or_refused),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
