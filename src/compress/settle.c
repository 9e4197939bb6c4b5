/* settle.c - what exporters leave to the run although the shapes tell it.
 *
 * PyTorch writes the shape of a Reshape as arithmetic on the shapes of other values.  Taking
 * channels out would have to follow that arithmetic; a constant with -1 for the batch says it, too.
 */
#include "config.h"

#include "compress/settle.h"
#include "graph/attr.h"

#include <string.h>

static bool is(const struct rt_node *n, const char *op)
{
	return strcmp(n->op->row.name, op) == 0;
}

/* Whether a Reshape to this shape can say it with -1 for the axis of the batch. */
static bool reshape_dims(int64_t *dim, const struct rt_shape *y)
{
	int open = 0;

	for (int d = 0; d < y->rank; d++) {
		dim[d] = y->dim[d] < 0 ? -1 : y->dim[d];
		open += y->dim[d] < 0;
		if (y->dim[d] == RT_OPEN || y->dim[d] == 0)
			return false;
	}
	return y->rank > 0 && open <= 1;
}

/* Whether the batch of an Expand's result is there before, where 1 keeps it. */
static bool expand_dims(int64_t *dim, const struct rt_shape *y, const struct rt_shape *x)
{
	for (int d = 0; d < y->rank; d++) {
		int from = d - (y->rank - x->rank);

		dim[d] = y->dim[d] < 0 ? 1 : y->dim[d];
		if (y->dim[d] < 0 && (from < 0 || x->dim[from] != y->dim[d]))
			return false;
		if (y->dim[d] == RT_OPEN || y->dim[d] == 0)
			return false;
	}
	return y->rank > 0;
}

static enum rt_status settle_shape(struct rt_graph *g, struct rt_node *n, bool *changed,
				   struct rt_err *err)
{
	const struct rt_shape *x = &g->values[n->in[0]].shape, *y = &g->values[n->out[0]].shape;
	int64_t dim[RT_MAX_RANK];
	struct rt_tensor list;
	void *bytes;

	if (rt_graph_param(g, n->in[1]) || x->rank == RT_UNKNOWN_RANK ||
	    y->rank == RT_UNKNOWN_RANK)
		return RT_OK;
	if (!(is(n, "Reshape") ? reshape_dims(dim, y) : expand_dims(dim, y, x)))
		return RT_OK;
	RT_TRY(rt_tensor_new(&list, RT_I64, &RT_SHAPE(y->rank), err));
	RT_TRY(rt_tensor_write(&bytes, &list, err));
	memcpy(bytes, dim, (size_t)y->rank * sizeof(*dim));
	n->in[1] = rt_graph_add_param(g, g->values[n->in[1]].name, &list, false);
	*changed = true;
	return RT_OK;
}

/* Whether every number of v is 0, as far as its makers tell. */
static bool is_zero(const struct rt_graph *g, int v)
{
	static const char *const movers[] = {"Expand", "Slice", "Reshape", "Unsqueeze", "Squeeze",
					     "Transpose", "Identity", "Cast"};

	while (v >= 0) {
		const struct rt_param *p = rt_graph_param(g, v);
		const struct rt_node *n;
		bool moved = false;

		for (int64_t i = 0; p && i < rt_tensor_count(&p->data); i++)
			if (rt_tensor_get(&p->data, i) != 0)
				return false;
		if (p || g->values[v].producer < 0)
			return p != NULL;
		n = &g->nodes[g->values[v].producer];
		if (is(n, "ConstantOfShape"))
			return rt_attr_real(n, "value", 0) == 0;
		for (size_t i = 0; i < RT_COUNT(movers); i++)
			moved = moved || is(n, movers[i]);
		v = moved ? n->in[0] : -1;
	}
	return false;
}

/* Values known before running at one batch size and at another, and equal. */
static bool is_constant(const struct rt_inferred *a, const struct rt_inferred *b, int v)
{
	const struct rt_arg *x = &a->value[v], *y = &b->value[v];

	return x->present && y->present && x->data && y->data &&
	       rt_shape_equal(&x->shape, &y->shape) &&
	       memcmp(x->data, y->data,
		      (size_t)rt_shape_count(&x->shape) * rt_dtype(x->dtype)->size) == 0;
}

static enum rt_status add_constant(int *to, struct rt_graph *g, int v, const struct rt_arg *known,
				   struct rt_err *err)
{
	struct rt_tensor t;
	void *bytes;

	RT_TRY(rt_tensor_new(&t, known->dtype, &known->shape, err));
	RT_TRY(rt_tensor_write(&bytes, &t, err));
	memcpy(bytes, known->data, rt_tensor_bytes(&t));
	*to = rt_graph_add_param(g, g->values[v].name, &t, false);
	return RT_OK;
}

/* Computed values that follow from shapes other than the batch become parameters. */
static enum rt_status settle_values(struct rt_graph *g, const struct rt_inferred *a,
				    const struct rt_inferred *b, bool *changed,
				    struct rt_err *err)
{
	int nnodes = g->nnodes;

	for (int i = 0; i < nnodes; i++)
		for (int k = 0; k < g->nodes[i].nout; k++) {
			int v = g->nodes[i].out[k], to;

			if (v < 0 || !is_constant(a, b, v) || g->nodes[i].nsubs)
				continue;
			RT_TRY(add_constant(&to, g, v, &a->value[v], err));
			rt_graph_replace(g, v, to);
			*changed = true;
		}
	return RT_OK;
}

static enum rt_status settle_known(struct rt_graph *g, bool *changed, struct rt_err *err)
{
	struct rt_inferred a = {0}, b = {0};
	struct rt_err ignored;
	enum rt_status status = RT_OK;

	/* a graph for one batch size only, or with shapes that a run tells, stays as it is */
	if (rt_graph_infer_at(&a, g, 2, NULL, &ignored) == RT_OK &&
	    rt_graph_infer_at(&b, g, 3, NULL, &ignored) == RT_OK)
		status = settle_values(g, &a, &b, changed, err);
	rt_inferred_release(&a);
	rt_inferred_release(&b);
	return status;
}

enum rt_status rt_graph_settle(struct rt_graph *g, struct rt_err *err)
{
	enum { H0 = 5, C0 };
	bool changed = false;

	RT_TRY(settle_known(g, &changed, err));
	for (int i = 0; i < g->nnodes; i++) {
		struct rt_node *n = &g->nodes[i];

		if (is(n, "Reshape") || is(n, "Expand"))
			RT_TRY(settle_shape(g, n, &changed, err));
		if (!is(n, "LSTM") && !is(n, "GRU") && !is(n, "RNN"))
			continue;
		for (int k = H0; k <= C0 && k < n->nin; k++)
			if (n->in[k] >= 0 && is_zero(g, n->in[k])) {
				n->in[k] = -1;
				changed = true;
			}
	}
	if (!changed)
		return RT_OK;
	rt_graph_compact(g);
	return rt_graph_infer(g, err);
}
