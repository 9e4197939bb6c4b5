/* rules_move.c - where the axes go that an operator moves, splits, joins or cuts. */
#include "config.h"

#include "compress/rules_ties.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void rule_concat(struct rt_axes *a, const struct rt_node *n)
{
	int y = n->out[0], axis = rule_axis(a, n, 0, y);
	int64_t at = 0;

	for (int i = 0; i < n->nin; i++) {
		int x = n->in[i];

		for (int d = 0; d < rule_rank(a, x); d++)
			if (d != axis)
				rt_axes_tie(a, x, d, y, d);
		for (int64_t k = 0; k < rt_axes_size(a, x, axis); k++)
			rt_axes_tie_one(a, x, axis, k, y, axis, at + k);
		at += rt_axes_size(a, x, axis);
	}
}

/* data (..,D,..) -> outputs with parts of D, one behind the other */
void rule_split(struct rt_axes *a, const struct rt_node *n)
{
	int x = n->in[0], axis = rule_axis(a, n, 0, x);
	int64_t at = 0;

	for (int i = 0; i < n->nout; i++) {
		int y = n->out[i];

		for (int d = 0; d < rule_rank(a, x); d++)
			if (d != axis)
				rt_axes_tie(a, x, d, y, d);
		for (int64_t k = 0; k < rt_axes_size(a, y, axis); k++)
			rt_axes_tie_one(a, y, axis, k, x, axis, at + k);
		at += rt_axes_size(a, y, axis);
	}
	if (rule_has(n, 1) && !rt_graph_param(a->g, n->in[1]))
		rt_axes_hold(a, x, axis, "the lengths of a Split are computed");
}

/* Gives input k of node i whole numbers of its own. */
static enum rt_status set_list(struct rt_graph *g, int i, int k, const int64_t *v, int64_t n,
			       struct rt_err *err)
{
	struct rt_node *node = &g->nodes[i];
	bool has = k < node->nin && node->in[k] >= 0;
	struct rt_tensor list;
	void *bytes;

	RT_ASSERT(k <= node->nin);
	RT_TRY(rt_tensor_new(&list, RT_I64, &RT_SHAPE(n), err));
	RT_TRY(rt_tensor_write(&bytes, &list, err));
	memcpy(bytes, v, (size_t)n * sizeof(*v));
	if (k == node->nin)
		node->in = rt_realloc(node->in, (size_t)++node->nin, sizeof(*node->in));
	node->in[k] = rt_graph_add_param(g, has ? g->values[node->in[k]].name : node->name, &list,
					 false);
	return RT_OK;
}

enum rt_status rule_fix_split(struct rt_graph *g, int i, const struct rt_cut *cut,
			      struct rt_err *err)
{
	const struct rt_node *n = &g->nodes[i];
	int axis = rule_axis(cut->axes, n, 0, n->in[0]);
	int64_t *length;
	enum rt_status status;

	if (rt_cut_size(cut, n->in[0], axis) == rt_axes_size(cut->axes, n->in[0], axis))
		return RT_OK;
	length = rt_alloc((size_t)n->nout, sizeof(*length));
	for (int k = 0; k < n->nout; k++)
		length[k] = rt_cut_size(cut, n->out[k], axis);
	status = set_list(g, i, 1, length, n->nout, err);
	free(length);
	return status;
}

/* data, starts, ends, axes, steps: what is cut off must stay, the other axes are as they were. */
void rule_slice(struct rt_axes *a, const struct rt_node *n)
{
	const struct rt_param *axes = rule_has(n, 3) ? rt_graph_param(a->g, n->in[3]) : NULL;
	int x = n->in[0], r = rule_rank(a, x);

	for (int d = 0; d < r; d++) {
		bool sliced = rule_has(n, 3) ? !axes : d < (int)rt_shape_count(
							       &a->g->values[n->in[1]].shape);

		for (int64_t k = 0; axes && k < rt_tensor_count(&axes->data); k++) {
			int64_t at = rt_tensor_get_int(&axes->data, k);

			sliced = sliced || at == d || at == d - r;
		}
		if (sliced) {
			rt_axes_hold(a, x, d, "a Slice cuts a part of them out");
			rt_axes_hold(a, n->out[0], d, "a Slice cuts a part of them out");
		} else {
			rt_axes_tie(a, x, d, n->out[0], d);
		}
	}
}

/* x spread to a shape that is a constant */
void rule_expand(struct rt_axes *a, const struct rt_node *n)
{
	rule_tie_aligned(a, n->out[0], n->in[0], 0);
	if (!rt_graph_param(a->g, n->in[1]))
		rule_hold_node(a, n, "the shape of an Expand is computed");
}

void rule_transpose(struct rt_axes *a, const struct rt_node *n)
{
	struct rt_ints perm = rt_attr_ints(n, "perm");
	int r = rule_rank(a, n->in[0]);

	for (int d = 0; d < r; d++)
		rt_axes_tie(a, n->out[0], d, n->in[0], perm.n == r ? (int)perm.v[d] : r - 1 - d);
}

/* The axes of one value that are not of size 1, with their sizes.  An axis of k times the batch
 * counts as two, the batch (-1) and then k. */
struct run {
	int n, axis[2 * RT_MAX_RANK];
	int64_t size[2 * RT_MAX_RANK];
};

static struct run run_of(const struct rt_axes *a, int v)
{
	const struct rt_shape *s = &a->g->values[v].shape;
	struct run r = {0};

	for (int d = 0; d < s->rank; d++) {
		if (s->dim[d] < 0) {
			r.axis[r.n] = d;
			r.size[r.n++] = -1;
		}
		if (llabs(s->dim[d]) == 1)
			continue;
		r.axis[r.n] = d;
		r.size[r.n++] = llabs(s->dim[d]);
	}
	return r;
}

/* Axis d of v is split row-major into the axes part[0 .. n) of w, of which the first is the
 * slowest: pieces of one of them can go, of the first, or of the last where the first must stay
 * (queries, keys and values that one product makes, the two directions of an LSTM). */
static void tie_split(struct rt_axes *a, int v, int d, int w, const int *part, int n)
{
	bool last = rt_axes_splits_last(a, w, part[0], part[n - 1]);
	int one = last ? n - 1 : 0;
	int64_t whole = rt_axes_size(a, v, d), pieces = rt_axes_size(a, w, part[one]);

	for (int k = 0; k < n; k++)
		if (k != one)
			rt_axes_hold(a, w, part[k], rt_split_away);
	for (int64_t i = 0; i < whole; i++)
		rt_axes_tie_one(a, v, d, i, w, part[one],
				last ? i % pieces : i / (whole / pieces));
}

/* Ties x[i .. i+ni) with y[j .. j+nj), whose products agree; the batch is one of them or not. */
static void tie_segment(struct rt_axes *a, int x, const int *xa, int nx, int y, const int *ya,
			int ny, bool batch)
{
	if (nx == 1 && ny == 1) {
		if (!batch)
			rt_axes_tie(a, x, xa[0], y, ya[0]);
	} else if (nx == 1 && !batch) {
		tie_split(a, x, xa[0], y, ya, ny);
	} else if (ny == 1 && !batch) {
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
void rule_flatten(struct rt_axes *a, const struct rt_node *n)
{
	struct run x = run_of(a, n->in[0]), y = run_of(a, n->out[0]);

	for (int i = 0, j = 0; i < x.n && j < y.n;) {
		int i0 = i, j0 = j;
		int64_t p = x.size[i++], q = y.size[j++];

		while (p != q && (i < x.n || j < y.n)) {
			/* of two equal products the one without the batch meets it next */
			bool left = llabs(p) == llabs(q) ? i < x.n && x.size[i] == -1
							 : llabs(p) < llabs(q);

			if (j == y.n || (i < x.n && left))
				p *= x.size[i++];
			else
				q *= y.size[j++];
		}
		if (p != q) {
			rule_hold_node(a, n, "a Reshape mixes several axes");
			return;
		}
		tie_segment(a, n->in[0], x.axis + i0, i - i0, n->out[0], y.axis + j0, j - j0,
			    p < 0);
	}
}

void rule_reshape(struct rt_axes *a, const struct rt_node *n)
{
	rule_flatten(a, n);
	if (!rt_graph_param(a->g, n->in[1]))
		rule_hold_node(a, n, "the shape of a Reshape is computed");
}

/* The shape that a Reshape or Expand aims at is a constant of its own; 0, 1 and -1 follow by
 * themselves. */
enum rt_status rule_fix_shape(struct rt_graph *g, int i, const struct rt_cut *cut,
			      struct rt_err *err)
{
	int y = g->nodes[i].out[0], lacks;
	const struct rt_param *old = rt_graph_param(g, g->nodes[i].in[1]);
	int64_t dim[RT_MAX_RANK], n = old ? rt_tensor_count(&old->data) : 0;
	bool changed = false;

	/* an Expand may leave out leading axes */
	lacks = g->values[y].shape.rank - (int)n;
	for (int d = 0; d < n && lacks >= 0; d++) {
		int64_t was = rt_tensor_get_int(&old->data, d);
		bool fixed = was > 1 && rt_axes_size(cut->axes, y, d + lacks) == was;

		dim[d] = fixed ? rt_cut_size(cut, y, d + lacks) : was;
		changed = changed || dim[d] != was;
	}
	return changed ? set_list(g, i, 1, dim, n, err) : RT_OK;
}
