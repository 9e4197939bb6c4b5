/* onnx_flatten.c - old meanings of an axis: Softmax and its like before opset 13, which took their
 * input as a matrix, and arithmetic before opset 7, which said where shapes meet.
 *
 * Up to opset 12, axis a meant: flatten to (d0 .. d(a-1)) x (da .. dn) and work along the rows.
 * From 13 on it is one dimension.  Where the dimensions after a are all 1 both say the same;
 * otherwise Flatten and Reshape are put around the node.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <inttypes.h>
#include <stdlib.h>

static int64_t *axis_of(const struct rt_node *n)
{
	const struct rt_opt *o = rt_opt_find(&n->op->row, "axis");

	return (int64_t *)((char *)n->attrs + o->offset);
}

/* The shape to return to: as it was, with -1 where the batch goes; found while running when it is
 * not known. */
static enum rt_status shape_param(struct rt_graph *g, int *value, int like, const char *node,
				  struct rt_err *err)
{
	const struct rt_shape *s = &g->values[like].shape;
	struct rt_tensor t;
	void *bytes;
	int64_t *dim;
	char *name;
	int open = 0;

	if (s->rank == RT_UNKNOWN_RANK) {
		*value = g->nodes[rt_graph_add_node(g, rt_op_find("Shape"), NULL, NULL, 1, &like,
						    1)].out[0];
		return RT_OK;
	}
	RT_TRY(rt_tensor_new(&t, RT_I64, &RT_SHAPE(s->rank), err));
	RT_TRY(rt_tensor_write(&bytes, &t, err));
	dim = bytes;
	for (int i = 0; i < s->rank; i++) {
		dim[i] = s->dim[i] < 0 ? -1 : s->dim[i];
		open += s->dim[i] < 0;
	}
	if (open > 1) {
		rt_tensor_release(&t);
		return rt_fail(err, RT_EUNSUPPORTED, "two dimensions depend on the batch");
	}
	name = rt_sprintf("%s.shape", node);
	*value = rt_graph_add_param(g, name, &t, false);
	free(name);
	return RT_OK;
}

/* x -> Flatten(axis) -> node(axis 1) -> Reshape(shape of x); the result keeps the name. */
static enum rt_status surround(struct rt_graph *g, int node, int64_t axis, struct rt_err *err)
{
	const struct rt_op *flatten = rt_op_find("Flatten"), *reshape = rt_op_find("Reshape");
	int x = g->nodes[node].in[0], y = g->nodes[node].out[0], shape = -1, before, after, in[2];
	char *name, *flat_name;

	if (!flatten || !reshape)
		return rt_fail(err, RT_EUNSUPPORTED, "retort has no operator Flatten or Reshape");
	RT_TRY(shape_param(g, &shape, x, g->nodes[node].name, err));
	before = rt_graph_add_node(g, flatten, NULL, NULL, 1, &x, 1);
	*axis_of(&g->nodes[before]) = axis;
	g->nodes[node].in[0] = g->nodes[before].out[0];
	*axis_of(&g->nodes[node]) = 1;

	in[0] = y;
	in[1] = shape;
	after = rt_graph_add_node(g, reshape, NULL, NULL, 2, in, 1);
	rt_graph_replace(g, y, g->nodes[after].out[0]);
	g->nodes[after].in[0] = y;
	/* the next flattened node may read it */
	g->values[g->nodes[after].out[0]].shape = g->values[x].shape;

	name = rt_strdup(g->values[y].name);
	flat_name = rt_sprintf("%s.flat", name);
	rt_graph_rename_value(g, y, flat_name);
	rt_graph_rename_value(g, g->nodes[after].out[0], name);
	free(name);
	free(flat_name);
	return RT_OK;
}

static enum rt_status unflatten(struct rt_graph *g, int node, struct rt_err *err)
{
	const struct rt_shape *s = &g->values[g->nodes[node].in[0]].shape;
	int64_t axis = *axis_of(&g->nodes[node]);

	if (s->rank == RT_UNKNOWN_RANK)
		return surround(g, node, axis, err);
	if (axis < 0)
		axis += s->rank;
	if (axis < 0 || axis >= s->rank)
		return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " of an input with %d dimensions",
			       *axis_of(&g->nodes[node]), s->rank);
	for (int i = (int)axis + 1; i < s->rank; i++)
		if (s->dim[i] != 1)
			return surround(g, node, axis, err);
	*axis_of(&g->nodes[node]) = axis == s->rank - 1 ? -1 : axis;
	return RT_OK;
}

enum rt_status onnx_check_aligned(const struct onnx_load *l, struct rt_err *err)
{
	for (int i = 0; i < l->naligned; i++) {
		const struct rt_node *n = &l->graph->nodes[l->aligned[i].node];
		int a = l->graph->values[n->in[0]].shape.rank;
		int b = l->graph->values[n->in[1]].shape.rank;

		if (l->aligned[i].axis + b != a)
			return rt_fail(
				err, RT_EUNSUPPORTED,
				"node \"%s\" (%s): inputs of %d and %d dimensions meet at axis "
				"%" PRId64 ", not at the end",
				n->name, n->op->row.name, a, b, l->aligned[i].axis);
	}
	return RT_OK;
}

enum rt_status onnx_unflatten(struct onnx_load *l, struct rt_err *err)
{
	if (l->nflattened == 0)
		return RT_OK;
	for (int i = 0; i < l->nflattened; i++)
		if (unflatten(l->graph, l->flattened[i], err) != RT_OK)
			return rt_wrap(err, "node \"%s\"", l->graph->nodes[l->flattened[i]].name);
	RT_TRY(rt_graph_sort(l->graph, err));
	return rt_graph_infer(l->graph, err);
}
