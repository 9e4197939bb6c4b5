/* rules.c - what each operator does with channels.
 *
 * A rule says which axes of its inputs, outputs and weights are one.  Whatever ends in a weight of
 * a Conv, Gemm or MatMul may be removed: with the weights of a channel zero, its value no longer
 * matters.
 */
#include "config.h"

#include "compress/rules_ties.h"

#include <stdlib.h>
#include <string.h>

void rule_hold_node(struct rt_axes *a, const struct rt_node *n, const char *why)
{
	for (int i = 0; i < n->nin; i++)
		if (n->in[i] >= 0)
			rt_axes_hold_all(a, n->in[i], why);
	for (int i = 0; i < n->nout; i++)
		if (n->out[i] >= 0)
			rt_axes_hold_all(a, n->out[i], why);
}

void rule_hold_from(struct rt_axes *a, int v, int d, const char *why)
{
	for (; d < rule_rank(a, v); d++)
		rt_axes_hold(a, v, d, why);
}

/* An attribute that names an axis of v, counted from the front. */
int rule_axis(const struct rt_axes *a, const struct rt_node *n, int64_t fallback, int v)
{
	int64_t axis = rt_attr_int(n, "axis", fallback);

	return (int)(axis < 0 ? axis + rule_rank(a, v) : axis);
}

/* y is as x, index by index. */
void rule_same(struct rt_axes *a, const struct rt_node *n)
{
	for (int d = 0; d < rule_rank(a, n->out[0]); d++)
		rt_axes_tie(a, n->out[0], d, n->in[0], d);
}

/* Axes aligned at the end; an axis of size 1 that is spread says nothing. */
void rule_tie_aligned(struct rt_axes *a, int y, int x, int skip)
{
	for (int d = 1 + skip; d <= rule_rank(a, x) && d <= rule_rank(a, y); d++) {
		int64_t n = rt_axes_size(a, x, -d);

		if (n != 1 || rt_axes_size(a, y, -d) == 1)
			rt_axes_tie(a, y, -d, x, -d);
	}
}

static void tie_broadcast(struct rt_axes *a, const struct rt_node *n)
{
	for (int i = 0; i < n->nin; i++)
		rule_tie_aligned(a, n->out[0], n->in[i], 0);
}

/* A masked channel must not become a divisor. */
static void tie_div(struct rt_axes *a, const struct rt_node *n)
{
	tie_broadcast(a, n);
	if (!rt_graph_param(a->g, n->in[1]))
		rt_axes_hold_all(a, n->in[1], "something is divided by them");
}

void rule_mark_zeroed(struct rt_axes *a, const struct rt_node *n, int k)
{
	if (rule_has(n, k) && rt_graph_param(a->g, n->in[k]))
		a->zeroed[n->in[k]] = true;
}

/* --- what mixes along an axis -------------------------------------------------------------- */

static void tie_pool(struct rt_axes *a, const struct rt_node *n)
{
	rt_axes_tie(a, n->in[0], 0, n->out[0], 0);
	rt_axes_tie(a, n->in[0], 1, n->out[0], 1);
	rule_hold_from(a, n->in[0], 2, "they are places, not channels");
	rule_hold_from(a, n->out[0], 2, "they are places, not channels");
}

static void tie_softmax(struct rt_axes *a, const struct rt_node *n)
{
	rule_same(a, n);
	rt_axes_hold(a, n->in[0], rule_axis(a, n, -1, n->in[0]), "a softmax couples all of them");
}

static void tie_layernorm(struct rt_axes *a, const struct rt_node *n)
{
	rule_same(a, n);
	rule_hold_from(a, n->in[0], rule_axis(a, n, -1, n->in[0]),
		  "a layer normalization couples all of them");
}

static void tie_reduce(struct rt_axes *a, const struct rt_node *n)
{
	struct rt_ints axes = rt_attr_ints(n, "axes");
	const struct rt_param *list = rule_has(n, 1) ? rt_graph_param(a->g, n->in[1]) : NULL;
	int64_t given = list ? rt_tensor_count(&list->data) : 0;
	bool keep = rt_attr_int(n, "keepdims", 1) != 0;
	int x = n->in[0], r = rule_rank(a, x), to = 0;

	if (rule_has(n, 1) && !list) {
		rule_hold_node(a, n, "the axes of a reduction are computed");
		return;
	}
	if (axes.n + given == 0 && rt_attr_int(n, "noop_with_empty_axes", 0)) {
		rule_same(a, n);
		return;
	}
	for (int d = 0; d < r; d++) {
		bool reduced = axes.n + given == 0;

		for (int i = 0; i < axes.n; i++)
			reduced = reduced || axes.v[i] == d || axes.v[i] == d - r;
		for (int64_t i = 0; i < given; i++) {
			int64_t at = rt_tensor_get_int(&list->data, i);

			reduced = reduced || at == d || at == d - r;
		}
		if (reduced)
			rt_axes_hold(a, x, d, "a mean is taken over them");
		else
			rt_axes_tie(a, x, d, n->out[0], to);
		to += keep || !reduced;
	}
}

/* pads holds the amounts before every axis, then those behind. */
static void tie_pad(struct rt_axes *a, const struct rt_node *n)
{
	const struct rt_param *pads = rt_graph_param(a->g, n->in[1]);
	int x = n->in[0], r = rule_rank(a, x);

	if (!pads || rule_has(n, 3) || rt_tensor_count(&pads->data) != 2 * r) {
		rule_hold_node(a, n, "the amounts of a Pad are computed");
		return;
	}
	for (int d = 0; d < r; d++) {
		if (rt_tensor_get_int(&pads->data, d) || rt_tensor_get_int(&pads->data, d + r)) {
			rt_axes_hold(a, x, d, "they are padded");
			rt_axes_hold(a, n->out[0], d, "they are padded");
		} else {
			rt_axes_tie(a, x, d, n->out[0], d);
		}
	}
}

/* 0 to a negative power is infinite. */
static void tie_pow(struct rt_axes *a, const struct rt_node *n)
{
	const struct rt_param *power = rt_graph_param(a->g, n->in[1]);
	bool positive = power != NULL;

	for (int64_t i = 0; positive && i < rt_tensor_count(&power->data); i++)
		positive = rt_tensor_get(&power->data, i) > 0;
	if (positive)
		tie_broadcast(a, n);
	else
		rule_hold_node(a, n, "they are taken to a power that may be negative");
}

/* Where masking would not do what removing does: log 0 is infinite, and infinity times 0 not 0. */
static void tie_log(struct rt_axes *a, const struct rt_node *n)
{
	rule_hold_node(a, n, "a logarithm is taken of them");
}

/* --- the table ----------------------------------------------------------------------------- */

static const struct rt_rule rules[] = {
	{"Add", tie_broadcast, NULL},
	{"And", tie_broadcast, NULL},
	{"AveragePool", tie_pool, NULL},
	{"BatchNormalization", rule_batchnorm, NULL},
	{"Cast", rule_same, NULL},
	{"Clip", rule_same, NULL},
	{"Concat", rule_concat, NULL},
	{"Conv", rule_conv, rule_fix_conv},
	{"ConvTranspose", rule_conv_transpose, NULL},
	{"Div", tie_div, NULL},
	{"Dropout", rule_same, NULL},
	{"Equal", tie_broadcast, NULL},
	{"Expand", rule_expand, rule_fix_shape},
	{"Flatten", rule_flatten, NULL},
	{"GRU", rule_recurrent, rule_fix_recurrent},
	{"Gather", rule_gather, NULL},
	{"Gemm", rule_gemm, NULL},
	{"GlobalAveragePool", tie_pool, NULL},
	{"GlobalMaxPool", tie_pool, NULL},
	{"Greater", tie_broadcast, NULL},
	{"Identity", rule_same, NULL},
	{"LSTM", rule_recurrent, rule_fix_recurrent},
	{"LayerNormalization", tie_layernorm, NULL},
	{"Less", tie_broadcast, NULL},
	{"Log", tie_log, NULL},
	{"LogSoftmax", tie_softmax, NULL},
	{"MatMul", rule_matmul, NULL},
	{"Max", tie_broadcast, NULL},
	{"MaxPool", tie_pool, NULL},
	{"Mean", tie_broadcast, NULL},
	{"Min", tie_broadcast, NULL},
	{"Mul", tie_broadcast, NULL},
	{"Neg", rule_same, NULL},
	{"Not", rule_same, NULL},
	{"Or", tie_broadcast, NULL},
	{"PRelu", tie_broadcast, NULL},
	{"Pad", tie_pad, NULL},
	{"Pow", tie_pow, NULL},
	{"RNN", rule_recurrent, rule_fix_recurrent},
	{"ReduceMax", tie_reduce, NULL},
	{"ReduceMean", tie_reduce, NULL},
	{"ReduceMin", tie_reduce, NULL},
	{"ReduceSum", tie_reduce, NULL},
	{"Reshape", rule_reshape, rule_fix_shape},
	{"Sign", rule_same, NULL},
	{"Slice", rule_slice, NULL},
	{"Softmax", tie_softmax, NULL},
	{"Split", rule_split, rule_fix_split},
	{"Squeeze", rule_flatten, NULL},
	{"Sub", tie_broadcast, NULL},
	{"Sum", tie_broadcast, NULL},
	{"Transpose", rule_transpose, NULL},
	{"Unsqueeze", rule_flatten, NULL},
	{"Where", tie_broadcast, NULL},
};

static const struct rt_rule *find(const struct rt_op *op)
{
	static const struct rt_rule activation = {"", rule_same, NULL};

	for (size_t i = 0; i < RT_COUNT(rules); i++)
		if (strcmp(rules[i].op, op->row.name) == 0)
			return &rules[i];
	return op->flags & RT_OP_ACTIVATION ? &activation : NULL;
}

void rt_rule_tie(struct rt_axes *a, const struct rt_node *n)
{
	const struct rt_rule *rule = find(n->op);

	if (rule)
		rule->tie(a, n);
	else
		rule_hold_node(a, n, "the operator has no rule for channels");
}

enum rt_status rt_rule_fix(struct rt_graph *g, int i, const struct rt_cut *cut, struct rt_err *err)
{
	const struct rt_rule *rule = find(g->nodes[i].op);

	return rule && rule->fix ? rule->fix(g, i, cut, err) : RT_OK;
}
