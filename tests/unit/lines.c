/* lines.c - which nodes are read as one layer, and how they are drawn. */
#include "config.h"

#include "base/mem.h"
#include "io/layers.h"
#include "ops/ops.h"
#include "session/lines.h"
#include "unit.h"
#include "views/dot.h"

static struct rt_graph *built(const char *text, const struct rt_shape *sample)
{
	struct rt_graph *g;
	struct rt_rng rng;
	struct rt_err err;

	rt_rng_seed(&rng, 1);
	assert_ok(rt_layers_build(&g, text, sample, &rng, &err));
	return g;
}

/* The lines of g as "conv1: Conv, bn; relu1: Relu". */
static void check_lines(struct rt_graph *g, bool whole, const char *wanted)
{
	struct rt_str text = {0};
	struct rt_lines l;
	struct rt_err err;
	char buf[96];

	assert_ok(rt_graph_infer(g, &err));
	rt_lines_init(&l, g, whole);
	for (int i = 0; i < g->nnodes; i++) {
		assert_in_range(l.of[i], 0, g->nnodes - 1);
		if (l.of[i] == i)
			rt_str_addf(&text, "%s%s: %s", text.len ? "; " : "",
				    g->nodes[l.line[i].node].name,
				    rt_line_text(buf, sizeof(buf), &l, i, g));
	}
	assert_string_equal(rt_str_text(&text), wanted);
	rt_lines_release(&l);
	rt_str_release(&text);
	rt_graph_free(g);
}

static void layers_take_their_normalization(void **state)
{
	(void)state;
	check_lines(built("conv 4 3; bn; relu; gap; dense 2", &RT_SHAPE(1, 8, 8)), false,
		    "conv1: Conv, bn; relu1: Relu; gap1: GlobalAveragePool; flatten1: Flatten; "
		    "dense1: Gemm");
	check_lines(built("conv 4 3; bn; relu", &RT_SHAPE(1, 8, 8)), true,
		    "conv1: Conv; bn1: BatchNormalization; relu1: Relu");
	/* two readers: the normalization does not hide what the other one sees */
	check_lines(built("conv 4 3; branch {bn} {} -join add", &RT_SHAPE(1, 8, 8)), false,
		    "conv1: Conv; bn1: BatchNormalization; add1: Add");
}

static int constant(struct rt_graph *g, const char *name, double v)
{
	struct rt_tensor t;
	struct rt_err err;
	void *to;

	assert_ok(rt_tensor_new(&t, RT_F32, &RT_SHAPE(1), &err));
	assert_ok(rt_tensor_write(&to, &t, &err));
	*(float *)to = (float)v;
	return rt_graph_add_param(g, name, &t, false);
}

static int add(struct rt_graph *g, const struct rt_op *op, const char *name, int a, int b)
{
	int in[2] = {a, b}, node = rt_graph_add_node(g, op, name, NULL, b < 0 ? 1 : 2, in, 1);

	return g->nodes[node].out[0];
}

/* ReduceMean over all axes but the batch does for the pattern. */
static void spelled_out_layers_are_read(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 5, 8)), y, mean, sub, var;

	(void)state;
	mean = add(g, &rt_op_ReduceMean, "mean", x, -1);
	sub = add(g, &rt_op_Sub, "sub", x, mean);
	var = add(g, &rt_op_Pow, "pow", sub, constant(g, "two", 2));
	var = add(g, &rt_op_ReduceMean, "var", var, -1);
	var = add(g, &rt_op_Add, "eps", var, constant(g, "epsilon", 1e-5));
	y = add(g, &rt_op_Div, "div", sub, add(g, &rt_op_Sqrt, "root", var, -1));
	y = add(g, &rt_op_Mul, "scale", y, constant(g, "gamma", 1));
	x = add(g, &rt_op_Add, "norm", y, constant(g, "beta", 0));
	y = add(g, &rt_op_Div, "by", x, constant(g, "sqrt2", 1.41421356));
	y = add(g, &rt_op_Erf, "erf", y, -1);
	y = add(g, &rt_op_Add, "one", y, constant(g, "1", 1));
	y = add(g, &rt_op_Mul, "times", x, y);
	y = add(g, &rt_op_Mul, "gelu", y, constant(g, "half", 0.5));
	rt_graph_add_output(g, y);
	check_lines(g, false, "norm: LayerNormalization; gelu: GELU");
}

/* 0.5 x (1 + tanh(0.79788 (x + 0.044715 x x x))), the cube as products. */
static void gelu_by_tanh_is_read(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 4)), y, half;

	(void)state;
	x = add(g, &rt_op_Relu, "before", x, -1);
	y = add(g, &rt_op_Mul, "square", x, x);
	y = add(g, &rt_op_Mul, "cube", y, x);
	y = add(g, &rt_op_Mul, "small", y, constant(g, "few", 0.044715));
	y = add(g, &rt_op_Add, "sum", x, y);
	y = add(g, &rt_op_Mul, "scaled", y, constant(g, "root", 0.7978845608));
	y = add(g, &rt_op_Tanh, "tanh", y, -1);
	y = add(g, &rt_op_Add, "more", y, constant(g, "one", 1));
	half = add(g, &rt_op_Mul, "half", x, constant(g, "h", 0.5));
	y = add(g, &rt_op_Mul, "gelu", half, y);
	rt_graph_add_output(g, y);
	check_lines(g, false, "before: Relu; gelu: GELU");
}

static void attention_is_one_line(void **state)
{
	(void)state;
	check_lines(built("attention 2; relu", &RT_SHAPE(5, 8)), false,
		    "attention1.query.product: MatMul, bias; attention1.key.product: MatMul, bias; "
		    "attention1.value.product: MatMul, bias; attention1.mixed: attention, 2 heads; "
		    "attention1.product: MatMul, bias; relu1: Relu");
}

/* The picture of g from the boxes on; g is freed. */
static char *drawn(struct rt_graph *g, const char *title, bool whole)
{
	struct rt_str text = {0};
	struct rt_err err;
	char *from;

	assert_ok(rt_graph_infer(g, &err));
	assert_ok(rt_dot_draw(&text, g, title, whole, &err));
	rt_graph_free(g);
	from = strstr(text.text, "\tin0 ");
	assert_non_null(from);
	from = rt_strdup(from);
	rt_str_release(&text);
	return from;
}

static void a_graph_is_drawn(void **state)
{
	static const char wanted[] =
		"\tin0 [shape=plaintext, label=<<b>input</b>   "
		"<font color=\"#5f5f5f\">1x8x8</font>>];\n"
		"\tn0 [label=<<b>conv1</b>   Conv, bn, 3x3, stride 2<br/>"
		"<font color=\"#5f5f5f\">4x3x3   44 parameters</font>>, "
		"style=\"rounded,filled\"];\n"
		"\tn2 [label=<<b>relu1</b>   Relu<br/><font color=\"#5f5f5f\">4x3x3</font>>];\n"
		"\tn3 [label=<<b>add1</b>   Add<br/><font color=\"#5f5f5f\">4x3x3</font>>];\n"
		"\tout0 [shape=plaintext, label=<output <b>add1</b>   "
		"<font color=\"#5f5f5f\">4x3x3</font>>];\n"
		"\tin0 -> n0;\n"
		"\tn0 -> n2;\n"
		"\tn2 -> n3;\n"
		"\tn0 -> n3;\n"
		"\tn3 -> out0;\n"
		"}\n";
	const char *text = "conv 4 3 -stride 2 -bias no; bn; residual {relu}";
	char *folded = drawn(built(text, &RT_SHAPE(1, 8, 8)), "m", false);
	char *again = drawn(built(text, &RT_SHAPE(1, 8, 8)), "m", false);
	char *whole = drawn(built(text, &RT_SHAPE(1, 8, 8)), "m", true);

	(void)state;
	assert_string_equal(folded, wanted);
	assert_string_equal(folded, again);
	assert_non_null(strstr(whole, "\tn1 [label=<<b>bn1</b>   BatchNormalization<br/>"));
	assert_non_null(strstr(whole, "\tn0 -> n1;\n\tn1 -> n2;\n"));
	free(folded);
	free(again);
	free(whole);
}

/* Names that Graphviz or a terminal would read as something else. */
static void odd_names_are_drawn_as_they_are(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "<b>&\"\\N\"", RT_F32, &RT_SHAPE(RT_BATCH, 3));
	struct rt_str text = {0};
	struct rt_err err;

	(void)state;
	rt_graph_add_output(g, add(g, &rt_op_Relu, "a\n\x1b\xff]", x, -1));
	assert_ok(rt_graph_infer(g, &err));
	assert_ok(rt_dot_draw(&text, g, "a \"model\" \\", true, &err));
	assert_non_null(strstr(text.text, "digraph \"a \\\"model\\\" \\\\\" {\n"));
	assert_non_null(strstr(text.text, "label=<input <b>&lt;b&gt;&amp;\"\\N\"</b>   "));
	assert_non_null(strstr(text.text, "\tn0 [label=<<b>a??\xef\xbf\xbd]</b>   Relu<br/>"));
	rt_str_release(&text);
	rt_graph_free(g);
}

/* An output of two is told by its shape; a value read twice is one arrow. */
static void arrows_say_what_boxes_do_not(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 5)), in[2], best;
	struct rt_tensor k;
	struct rt_err err;
	void *to;
	char *text;

	(void)state;
	assert_ok(rt_tensor_new(&k, RT_I64, &RT_SHAPE(1), &err));
	assert_ok(rt_tensor_write(&to, &k, &err));
	*(int64_t *)to = 2;
	in[0] = add(g, &rt_op_Mul, "square", x, x);
	in[1] = rt_graph_add_param(g, "k", &k, false);
	best = rt_graph_add_node(g, &rt_op_TopK, "best", NULL, 2, in, 2);
	rt_graph_add_output(g, g->nodes[best].out[0]);
	rt_graph_add_output(g, g->nodes[best].out[1]);
	text = drawn(g, "m", false);
	assert_non_null(strstr(text, "\tin0 -> n0;\n\tn0 -> n1;\n\tn1 -> out0;\n"
			       "\tn1 -> out1 [label=<2>];\n}\n"));
	free(text);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_take_their_normalization),
		cmocka_unit_test(spelled_out_layers_are_read),
		cmocka_unit_test(gelu_by_tanh_is_read),
		cmocka_unit_test(attention_is_one_line),
		cmocka_unit_test(a_graph_is_drawn),
		cmocka_unit_test(odd_names_are_drawn_as_they_are),
		cmocka_unit_test(arrows_say_what_boxes_do_not),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
