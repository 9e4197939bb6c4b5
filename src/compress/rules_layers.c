/* rules_layers.c - which axes of layers with weights are one. */
#include "config.h"

#include "compress/rules_ties.h"

#include <stdlib.h>

/* x (N,C,...), w (K,C/g,...), b (K) -> y (N,K,...).  Of a grouped convolution whole groups go: the
 * C/g inputs and K/g outputs of a group are one; depthwise is the case of C groups. */
void rule_conv(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], w = n->in[1], y = n->out[0];
	int64_t groups = rt_attr_int(n, "group", 1);
	int64_t C = rt_axes_size(a, x, 1), K = rt_axes_size(a, w, 0);

	rt_axes_tie(a, x, 0, y, 0);
	rt_axes_tie(a, w, 0, y, 1);
	if (rule_has(n, 2))
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
	rule_hold_from(a, x, 2, "they are places, not channels");
	rule_hold_from(a, w, 2, "they are places, not channels");
	rule_hold_from(a, y, 2, "they are places, not channels");
	if (rt_graph_param(a->g, w))
		rt_axes_add_maker(a, w, 0);
	else
		rt_axes_hold_all(a, w, "the weights are computed");
	rule_mark_zeroed(a, n, 1);
	rule_mark_zeroed(a, n, 2);
}

enum rt_status rule_fix_conv(struct rt_graph *g, int i, const struct rt_cut *cut,
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
void rule_gemm(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], B = n->in[1], y = n->out[0];
	int turned = rt_attr_int(n, "transB", 0) != 0;

	if (rt_attr_int(n, "transA", 0) || !rt_graph_param(a->g, B)) {
		rule_hold_node(a, n, "a Gemm turns its input or computes its weights");
		return;
	}
	rt_axes_tie(a, x, 0, y, 0);
	rt_axes_tie(a, x, 1, B, turned);
	rt_axes_tie(a, y, 1, B, !turned);
	if (rule_has(n, 2))
		rule_tie_aligned(a, y, n->in[2], 0);
	rt_axes_add_maker(a, B, !turned);
	rule_mark_zeroed(a, n, 1);
	rule_mark_zeroed(a, n, 2);
}

/* A (...,M,K), B (...,K,N) -> y (...,M,N).  Where neither is a weight, K is held: nothing there
 * could be set to zero for good. */
void rule_matmul(struct rt_axes *a, const struct rt_node *n)
{
	int A = n->in[0], B = n->in[1], y = n->out[0];
	bool left = rt_graph_param(a->g, A), right = rt_graph_param(a->g, B);

	if (rule_rank(a, A) < 2 || rule_rank(a, B) < 2) {
		rule_hold_node(a, n, "a MatMul takes them as a vector");
		return;
	}
	rt_axes_tie(a, A, -1, B, -2);
	rt_axes_tie(a, A, -2, y, -2);
	rt_axes_tie(a, B, -1, y, -1);
	rule_tie_aligned(a, y, A, 2);
	rule_tie_aligned(a, y, B, 2);
	if (left == right)
		rt_axes_hold(a, A, -1, "a MatMul multiplies computed values along them");
	else
		rt_axes_add_maker(a, left ? A : B, left ? -2 : -1);
	rule_mark_zeroed(a, n, left ? 0 : 1);
}

/* x (N,C,...), w (C,K,...), b (K) -> y (N,K,...) */
void rule_conv_transpose(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], w = n->in[1], y = n->out[0];

	if (rt_attr_int(n, "group", 1) != 1 || !rt_graph_param(a->g, w)) {
		rule_hold_node(a, n, "a transposed convolution has groups or computed weights");
		return;
	}
	rt_axes_tie(a, x, 0, y, 0);
	rt_axes_tie(a, x, 1, w, 0);
	rt_axes_tie(a, w, 1, y, 1);
	if (rule_has(n, 2))
		rt_axes_tie(a, w, 1, n->in[2], 0);
	rule_hold_from(a, x, 2, "they are places, not channels");
	rule_hold_from(a, w, 2, "they are places, not channels");
	rule_hold_from(a, y, 2, "they are places, not channels");
	rt_axes_add_maker(a, w, 1);
	rule_mark_zeroed(a, n, 1);
	rule_mark_zeroed(a, n, 2);
}

/* x (N,C,...), scale, bias, mean, variance (C) -> y as x */
void rule_batchnorm(struct rt_axes *a, const struct rt_node *n)
{
	rule_same(a, n);
	for (int k = 1; k < n->nin; k++)
		rt_axes_tie(a, n->in[0], 1, n->in[k], 0);
	rule_mark_zeroed(a, n, 1);
	rule_mark_zeroed(a, n, 2);
}

/* data (A,D,B) picked along D by indices: y (A, indices, B) */
void rule_gather(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], y = n->out[0], axis = rule_axis(a, n, 0, x);

	for (int d = 0; d < rule_rank(a, x); d++) {
		if (d == axis)
			continue;
		rt_axes_tie(a, x, d, y, d < axis ? d : d - rule_rank(a, x));
		if (rt_graph_param(a->g, x))
			rt_axes_add_maker(a, x, d);
	}
	rt_axes_hold(a, x, axis, "they are picked by number");
	rt_axes_hold_all(a, n->in[1], "they are numbers to pick by");
	for (int d = axis; d < axis + rule_rank(a, n->in[1]); d++)
		rt_axes_hold(a, y, d, "they are numbers to pick by");
	rule_mark_zeroed(a, n, 0);
}


/* Unit h of H gates' blocks: rows h, H + h, 2H + h ... of axis d of v. */
static void tie_blocks(struct rt_axes *a, int v, int d, int R, int64_t H)
{
	for (int64_t i = 0; i < rt_axes_size(a, v, d); i++)
		rt_axes_tie_one(a, v, d, i, R, 2, i % H);
}

/* X (T,N,I), W (D,GH,I), R (D,GH,H), B (D,2GH), h0 and c0 (D,N,H), P (D,3H) -> Y (T,D,N,H), Y_h and
 * Y_c (D,N,H), where layout 1 only changes the order of T, D and N.  Both directions have the same
 * units. */
void rule_recurrent(struct rt_axes *a, const struct rt_node *n)
{
	enum { X, W, R, B, LENS, H0, C0, P };
	int64_t H = rt_axes_size(a, n->in[R], 2);
	int r = n->in[R];

	if (!rt_graph_param(a->g, n->in[W]) || !rt_graph_param(a->g, r)) {
		rule_hold_node(a, n, "a recurrent layer computes its weights");
		return;
	}
	rt_axes_hold(a, n->in[X], 0, "they are steps");
	rt_axes_hold(a, n->in[X], 1, "they are steps");
	rt_axes_tie(a, n->in[X], 2, n->in[W], 2);
	rt_axes_hold(a, n->in[W], 0, "they are directions");
	rt_axes_hold(a, r, 0, "they are directions");
	tie_blocks(a, n->in[W], 1, r, H);
	tie_blocks(a, r, 1, r, H);
	if (rule_has(n, B))
		tie_blocks(a, n->in[B], 1, r, H);
	if (rule_has(n, P))
		tie_blocks(a, n->in[P], 1, r, H);
	for (int k = H0; k <= C0; k++)
		if (rule_has(n, k) && rt_graph_param(a->g, n->in[k]))
			rt_axes_tie(a, n->in[k], 2, r, 2);
		else if (rule_has(n, k))
			rt_axes_hold(a, r, 2, "the first state of a recurrent layer is computed");
	for (int k = 0; k < n->nout; k++) {
		int y = n->out[k], last = k == 0 ? 3 : 2;

		for (int d = 0; y >= 0 && d < last; d++)
			rt_axes_hold(a, y, d, "they are steps or directions");
		if (y >= 0)
			rt_axes_tie(a, y, last, r, 2);
	}
	rt_axes_add_maker(a, n->in[W], 1);
	rt_axes_add_maker(a, r, 1);
	rule_mark_zeroed(a, n, W);
	rule_mark_zeroed(a, n, R);
	rule_mark_zeroed(a, n, B);
}

enum rt_status rule_fix_recurrent(struct rt_graph *g, int i, const struct rt_cut *cut,
				  struct rt_err *err)
{
	struct rt_node *n = &g->nodes[i];

	(void)err;
	if (rt_attr_int(n, "hidden_size", 0))
		rt_attr_set_int(n, "hidden_size", rt_cut_size(cut, n->in[2], 2));
	return RT_OK;
}
