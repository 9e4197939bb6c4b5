/* rules.c - what each operator does with channels.
 *
 * A rule says which axes of its inputs, outputs and weights are one.  Whatever ends in a weight of
 * a Conv, Gemm or MatMul may be removed: with the weights of a channel zero, its value no longer
 * matters.
 */
#include "config.h"

#include "compress/rules.h"
#include "graph/attr.h"

#include <stdlib.h>
#include <string.h>

static int rank(const struct rt_axes *a, int v)
{
	return a->g->values[v].shape.rank;
}

static bool has(const struct rt_node *n, int k)
{
	return k < n->nin && n->in[k] >= 0;
}

static void hold_node(struct rt_axes *a, const struct rt_node *n, const char *why)
{
	for (int i = 0; i < n->nin; i++)
		if (n->in[i] >= 0)
			rt_axes_hold_all(a, n->in[i], why);
	for (int i = 0; i < n->nout; i++)
		if (n->out[i] >= 0)
			rt_axes_hold_all(a, n->out[i], why);
}

static void hold_from(struct rt_axes *a, int v, int d, const char *why)
{
	for (; d < rank(a, v); d++)
		rt_axes_hold(a, v, d, why);
}

/* An attribute that names an axis of v, counted from the front. */
static int axis_attr(const struct rt_axes *a, const struct rt_node *n, int64_t fallback, int v)
{
	int64_t axis = rt_attr_int(n, "axis", fallback);

	return (int)(axis < 0 ? axis + rank(a, v) : axis);
}

/* y is as x, index by index. */
static void tie_same(struct rt_axes *a, const struct rt_node *n)
{
	for (int d = 0; d < rank(a, n->out[0]); d++)
		rt_axes_tie(a, n->out[0], d, n->in[0], d);
}

/* Axes aligned at the end; an axis of size 1 that is spread says nothing. */
static void tie_aligned(struct rt_axes *a, int y, int x, int skip)
{
	for (int d = 1 + skip; d <= rank(a, x) && d <= rank(a, y); d++) {
		int64_t n = rt_axes_size(a, x, -d);

		if (n != 1 || rt_axes_size(a, y, -d) == 1)
			rt_axes_tie(a, y, -d, x, -d);
	}
}

static void tie_broadcast(struct rt_axes *a, const struct rt_node *n)
{
	for (int i = 0; i < n->nin; i++)
		tie_aligned(a, n->out[0], n->in[i], 0);
}

/* A masked channel must not become a divisor. */
static void tie_div(struct rt_axes *a, const struct rt_node *n)
{
	tie_broadcast(a, n);
	if (!rt_graph_param(a->g, n->in[1]))
		rt_axes_hold_all(a, n->in[1], "something is divided by them");
}

static void mark_zeroed(struct rt_axes *a, const struct rt_node *n, int k)
{
	if (has(n, k) && rt_graph_param(a->g, n->in[k]))
		a->zeroed[n->in[k]] = true;
}

/* --- layers ------------------------------------------------------------------------------- */

/* x (N,C,...), w (K,C/g,...), b (K) -> y (N,K,...).  Of a grouped convolution whole groups go: the
 * C/g inputs and K/g outputs of a group are one; depthwise is the case of C groups. */
static void tie_conv(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], w = n->in[1], y = n->out[0];
	int64_t groups = rt_attr_int(n, "group", 1);
	int64_t C = rt_axes_size(a, x, 1), K = rt_axes_size(a, w, 0);

	rt_axes_tie(a, x, 0, y, 0);
	rt_axes_tie(a, w, 0, y, 1);
	if (has(n, 2))
		rt_axes_tie(a, w, 0, n->in[2], 0);
	if (groups == 1) {
		rt_axes_tie(a, x, 1, w, 1);
	} else {
		rt_axes_hold(a, w, 1, "they lie within the groups of a convolution");
		for (int64_t c = 0; c < C; c++)
			rt_axes_tie_one(a, x, 1, c, y, 1, c / (C / groups) * (K / groups));
		for (int64_t k = 0; k < K; k++)
			rt_axes_tie_one(a, y, 1, k, y, 1, k / (K / groups) * (K / groups));
	}
	hold_from(a, x, 2, "they are places, not channels");
	hold_from(a, w, 2, "they are places, not channels");
	hold_from(a, y, 2, "they are places, not channels");
	if (rt_graph_param(a->g, w))
		rt_axes_add_maker(a, w, 0);
	else
		rt_axes_hold_all(a, w, "the weights are computed");
	mark_zeroed(a, n, 1);
	mark_zeroed(a, n, 2);
}

static enum rt_status fix_conv(struct rt_graph *g, int i, const struct rt_cut *cut,
			       struct rt_err *err)
{
	struct rt_node *n = &g->nodes[i];

	(void)err;
	if (rt_attr_int(n, "group", 1) > 1)
		rt_attr_set_int(n, "group", rt_cut_size(cut, n->in[0], 1) /
				rt_axes_size(cut->axes, n->in[1], 1));
	return RT_OK;
}

/* x (M,K), B (K,N) or its transpose, C (N) or (M,N) or less -> y (M,N) */
static void tie_gemm(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], B = n->in[1], y = n->out[0];
	int turned = rt_attr_int(n, "transB", 0) != 0;

	if (rt_attr_int(n, "transA", 0) || !rt_graph_param(a->g, B)) {
		hold_node(a, n, "a Gemm turns its input or computes its weights");
		return;
	}
	rt_axes_tie(a, x, 0, y, 0);
	rt_axes_tie(a, x, 1, B, turned);
	rt_axes_tie(a, y, 1, B, !turned);
	if (has(n, 2))
		tie_aligned(a, y, n->in[2], 0);
	rt_axes_add_maker(a, B, !turned);
	mark_zeroed(a, n, 1);
	mark_zeroed(a, n, 2);
}

/* A (...,M,K), B (...,K,N) -> y (...,M,N).  Where neither is a weight, K is held: nothing there
 * could be set to zero for good. */
static void tie_matmul(struct rt_axes *a, const struct rt_node *n)
{
	int A = n->in[0], B = n->in[1], y = n->out[0];
	bool left = rt_graph_param(a->g, A), right = rt_graph_param(a->g, B);

	if (rank(a, A) < 2 || rank(a, B) < 2) {
		hold_node(a, n, "a MatMul takes them as a vector");
		return;
	}
	rt_axes_tie(a, A, -1, B, -2);
	rt_axes_tie(a, A, -2, y, -2);
	rt_axes_tie(a, B, -1, y, -1);
	tie_aligned(a, y, A, 2);
	tie_aligned(a, y, B, 2);
	if (left == right)
		rt_axes_hold(a, A, -1, "a MatMul multiplies computed values along them");
	else
		rt_axes_add_maker(a, left ? A : B, left ? -2 : -1);
	mark_zeroed(a, n, left ? 0 : 1);
}

/* x (N,C,...), scale, bias, mean, variance (C) -> y as x */
static void tie_batchnorm(struct rt_axes *a, const struct rt_node *n)
{
	tie_same(a, n);
	for (int k = 1; k < n->nin; k++)
		rt_axes_tie(a, n->in[0], 1, n->in[k], 0);
	mark_zeroed(a, n, 1);
	mark_zeroed(a, n, 2);
}

/* data (A,D,B) picked along D by indices: y (A, indices, B) */
static void tie_gather(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], y = n->out[0], axis = axis_attr(a, n, 0, x);

	for (int d = 0; d < rank(a, x); d++) {
		if (d == axis)
			continue;
		rt_axes_tie(a, x, d, y, d < axis ? d : d - rank(a, x));
		if (rt_graph_param(a->g, x))
			rt_axes_add_maker(a, x, d);
	}
	rt_axes_hold(a, x, axis, "they are picked by number");
	rt_axes_hold_all(a, n->in[1], "they are numbers to pick by");
	for (int d = axis; d < axis + rank(a, n->in[1]); d++)
		rt_axes_hold(a, y, d, "they are numbers to pick by");
	mark_zeroed(a, n, 0);
}

/* --- what mixes along an axis -------------------------------------------------------------- */

static void tie_pool(struct rt_axes *a, const struct rt_node *n)
{
	rt_axes_tie(a, n->in[0], 0, n->out[0], 0);
	rt_axes_tie(a, n->in[0], 1, n->out[0], 1);
	hold_from(a, n->in[0], 2, "they are places, not channels");
	hold_from(a, n->out[0], 2, "they are places, not channels");
}

static void tie_softmax(struct rt_axes *a, const struct rt_node *n)
{
	tie_same(a, n);
	rt_axes_hold(a, n->in[0], axis_attr(a, n, -1, n->in[0]), "a softmax couples all of them");
}

static void tie_layernorm(struct rt_axes *a, const struct rt_node *n)
{
	tie_same(a, n);
	hold_from(a, n->in[0], axis_attr(a, n, -1, n->in[0]),
		  "a layer normalization couples all of them");
}

static void tie_reduce(struct rt_axes *a, const struct rt_node *n)
{
	struct rt_ints axes = rt_attr_ints(n, "axes");
	bool keep = rt_attr_int(n, "keepdims", 1) != 0;
	int x = n->in[0], to = 0;

	for (int d = 0; d < rank(a, x); d++) {
		bool reduced = axes.n == 0;

		for (int i = 0; i < axes.n; i++)
			reduced = reduced || axes.v[i] == d || axes.v[i] == d - rank(a, x);
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
	int x = n->in[0], r = rank(a, x);

	if (!pads || has(n, 3) || rt_tensor_count(&pads->data) != 2 * r) {
		hold_node(a, n, "the amounts of a Pad are computed");
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

/* --- what moves axes ----------------------------------------------------------------------- */

static void tie_concat(struct rt_axes *a, const struct rt_node *n)
{
	int y = n->out[0], axis = axis_attr(a, n, 0, y);
	int64_t at = 0;

	for (int i = 0; i < n->nin; i++) {
		int x = n->in[i];

		for (int d = 0; d < rank(a, x); d++)
			if (d != axis)
				rt_axes_tie(a, x, d, y, d);
		for (int64_t k = 0; k < rt_axes_size(a, x, axis); k++)
			rt_axes_tie_one(a, x, axis, k, y, axis, at + k);
		at += rt_axes_size(a, x, axis);
	}
}

static void tie_transpose(struct rt_axes *a, const struct rt_node *n)
{
	struct rt_ints perm = rt_attr_ints(n, "perm");
	int r = rank(a, n->in[0]);

	for (int d = 0; d < r; d++)
		rt_axes_tie(a, n->out[0], d, n->in[0], perm.n == r ? (int)perm.v[d] : r - 1 - d);
}

/* The axes of one value that are not of size 1, with their sizes; negative: times the batch. */
struct run {
	int n, axis[RT_MAX_RANK];
	int64_t size[RT_MAX_RANK];
};

static struct run run_of(const struct rt_axes *a, int v)
{
	const struct rt_shape *s = &a->g->values[v].shape;
	struct run r = {0};

	for (int d = 0; d < s->rank; d++) {
		if (s->dim[d] == 1)
			continue;
		r.axis[r.n] = d;
		r.size[r.n++] = s->dim[d];
	}
	return r;
}

/* Axis d of v is split row-major into the axes part[0 .. n) of w, of which the first is the
 * slowest: pieces of it can go, the others cannot. */
static void tie_split(struct rt_axes *a, int v, int d, int w, const int *part, int n)
{
	int64_t whole = rt_axes_size(a, v, d), pieces = rt_axes_size(a, w, part[0]);

	for (int k = 1; k < n; k++)
		rt_axes_hold(a, w, part[k], "a Reshape folds them into another axis");
	if (!whole || !pieces) {
		rt_axes_hold(a, v, d, "a Reshape mixes them with the batch");
		rt_axes_hold(a, w, part[0], "a Reshape mixes them with the batch");
		return;
	}
	for (int64_t i = 0; i < whole; i++)
		rt_axes_tie_one(a, v, d, i, w, part[0], i / (whole / pieces));
}

/* Ties x[i .. i+ni) with y[j .. j+nj), whose products agree. */
static void tie_segment(struct rt_axes *a, int x, const int *xa, int nx, int y, const int *ya,
			int ny)
{
	if (nx == 1 && ny == 1) {
		rt_axes_tie(a, x, xa[0], y, ya[0]);
	} else if (nx == 1) {
		tie_split(a, x, xa[0], y, ya, ny);
	} else if (ny == 1) {
		tie_split(a, y, ya[0], x, xa, nx);
	} else {
		for (int k = 0; k < nx; k++)
			rt_axes_hold(a, x, xa[k], "a Reshape mixes several axes");
		for (int k = 0; k < ny; k++)
			rt_axes_hold(a, y, ya[k], "a Reshape mixes several axes");
	}
}

/* Cuts both shapes into the shortest segments of equal products and ties each: (N,C,H,W) -> (N,CHW)
 * is N | CHW, and channel c of x is the block c H W .. (c + 1) H W - 1 of y. */
static void tie_reshape(struct rt_axes *a, const struct rt_node *n)
{
	struct run x = run_of(a, n->in[0]), y = run_of(a, n->out[0]);

	for (int i = 0, j = 0; i < x.n && j < y.n;) {
		int i0 = i, j0 = j;
		int64_t p = x.size[i++], q = y.size[j++];

		while (p != q && (i < x.n || j < y.n)) {
			if (j == y.n || (i < x.n && llabs(p) <= llabs(q)))
				p *= x.size[i++];
			else
				q *= y.size[j++];
		}
		if (p != q) {
			hold_node(a, n, "a Reshape mixes several axes");
			return;
		}
		tie_segment(a, n->in[0], x.axis + i0, i - i0, n->out[0], y.axis + j0, j - j0);
	}
}

static void tie_reshape_to(struct rt_axes *a, const struct rt_node *n)
{
	tie_reshape(a, n);
	if (!rt_graph_param(a->g, n->in[1]))
		hold_node(a, n, "the shape of a Reshape is computed");
}

/* The shape a Reshape aims at is a constant of its own; 0 and -1 follow by themselves. */
static enum rt_status fix_reshape(struct rt_graph *g, int i, const struct rt_cut *cut,
				  struct rt_err *err)
{
	int y = g->nodes[i].out[0], v = g->nodes[i].in[1];
	const struct rt_param *old = rt_graph_param(g, v);
	int64_t n = rt_tensor_count(&old->data);
	struct rt_tensor shape;
	bool changed = false;
	void *bytes;

	RT_TRY(rt_tensor_new(&shape, RT_I64, &old->data.shape, err));
	RT_TRY(rt_tensor_write(&bytes, &shape, err));
	for (int d = 0; d < n; d++) {
		int64_t was = rt_tensor_get_int(&old->data, d);
		bool fixed = was > 0 && rt_axes_size(cut->axes, y, d) > 0;

		((int64_t *)bytes)[d] = fixed ? rt_cut_size(cut, y, d) : was;
		changed = changed || ((int64_t *)bytes)[d] != was;
	}
	if (changed)
		g->nodes[i].in[1] = rt_graph_add_param(g, g->values[v].name, &shape, false);
	rt_tensor_release(&shape);
	return RT_OK;
}

/* Where masking would not do what removing does: log 0 is infinite, and infinity times 0 not 0. */
static void tie_log(struct rt_axes *a, const struct rt_node *n)
{
	hold_node(a, n, "a logarithm is taken of them");
}

/* --- the table ----------------------------------------------------------------------------- */

static const struct rt_rule rules[] = {
	{"Add", tie_broadcast, NULL},
	{"AveragePool", tie_pool, NULL},
	{"BatchNormalization", tie_batchnorm, NULL},
	{"Concat", tie_concat, NULL},
	{"Conv", tie_conv, fix_conv},
	{"Div", tie_div, NULL},
	{"Dropout", tie_same, NULL},
	{"Flatten", tie_reshape, NULL},
	{"Gather", tie_gather, NULL},
	{"Gemm", tie_gemm, NULL},
	{"GlobalAveragePool", tie_pool, NULL},
	{"GlobalMaxPool", tie_pool, NULL},
	{"Identity", tie_same, NULL},
	{"LayerNormalization", tie_layernorm, NULL},
	{"Log", tie_log, NULL},
	{"LogSoftmax", tie_softmax, NULL},
	{"MatMul", tie_matmul, NULL},
	{"MaxPool", tie_pool, NULL},
	{"Mul", tie_broadcast, NULL},
	{"Neg", tie_same, NULL},
	{"Pad", tie_pad, NULL},
	{"ReduceMean", tie_reduce, NULL},
	{"Reshape", tie_reshape_to, fix_reshape},
	{"Softmax", tie_softmax, NULL},
	{"Squeeze", tie_reshape, NULL},
	{"Sub", tie_broadcast, NULL},
	{"Transpose", tie_transpose, NULL},
	{"Unsqueeze", tie_reshape, NULL},
};

static const struct rt_rule *find(const struct rt_op *op)
{
	static const struct rt_rule activation = {"", tie_same, NULL};

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
		hold_node(a, n, "the operator has no rule for channels");
}

enum rt_status rt_rule_fix(struct rt_graph *g, int i, const struct rt_cut *cut, struct rt_err *err)
{
	const struct rt_rule *rule = find(g->nodes[i].op);

	return rule && rule->fix ? rule->fix(g, i, cut, err) : RT_OK;
}
