/* infer.c - shapes of every value, by running the ops' shape rules at concrete batch sizes.
 *
 * The ops never see a symbolic dimension.  What depends on the batch is found by inferring at two
 * sizes and comparing: a dimension that grows by k when the batch grows by one is k times the batch.
 */
#include "config.h"

#include "graph/graph.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Computed constants are for shapes and axes; larger results are left to the run. */
#define MAX_CONSTANT 4096

void rt_inferred_release(struct rt_inferred *inf)
{
	for (int i = 0; inf->owned && i < inf->n; i++)
		free(inf->owned[i]);
	free(inf->owned);
	free(inf->value);
	*inf = (struct rt_inferred){0};
}

/* Runs the op now when everything it needs is known; the result becomes a known value. */
static void fold(const struct rt_node *node, struct rt_call *c, struct rt_inferred *inf)
{
	size_t bytes[2] = {0}, work, saved;

	if (!node->op->forward || (node->op->flags & (RT_OP_RANDOM | RT_OP_VIEW)) || c->nout > 2)
		return;
	for (int i = 0; i < c->nin && !(node->op->flags & RT_OP_OF_SHAPES); i++)
		if (c->in[i].present && !c->in[i].data)
			return;
	for (int i = 0; i < c->nout; i++) {
		bytes[i] = (size_t)rt_shape_count(&c->out[i].shape) * rt_dtype(c->out[i].dtype)->size;
		if (bytes[i] > MAX_CONSTANT)
			return;
	}
	work = node->op->work_size ? node->op->work_size(c) : 0;
	saved = node->op->saved_size ? node->op->saved_size(c) : 0;
	c->work = rt_alloc(1, work + 64);
	c->saved = rt_alloc(1, saved + 64);
	for (int i = 0; i < c->nout; i++)
		if (c->out[i].present)
			inf->owned[node->out[i]] = c->out[i].data = rt_alloc(1, bytes[i]);
	node->op->forward(c);
	free(c->work);
	free(c->saved);
}

/* A view's data is its input's. */
static void pass_view(const struct rt_node *node, struct rt_call *c)
{
	if (node->op->flags & RT_OP_VIEW)
		c->out[0].data = c->in[0].data;
}

static enum rt_status infer_node(struct rt_inferred *inf, const struct rt_graph *g, int index,
				 struct rt_err *err)
{
	const struct rt_node *node = &g->nodes[index];
	struct rt_arg *args = rt_alloc((size_t)(node->nin + node->nout), sizeof(*args));
	struct rt_call c = {.attrs = node->attrs, .nin = node->nin, .nout = node->nout,
			    .in = args, .out = args + node->nin, .purpose = RT_INFER};
	enum rt_status status;

	for (int i = 0; i < node->nin; i++)
		if (node->in[i] >= 0)
			c.in[i] = inf->value[node->in[i]];
	for (int i = 0; i < node->nout; i++)
		c.out[i].present = node->out[i] >= 0;
	status = node->op->infer(&c, err);
	if (status == RT_OK) {
		fold(node, &c, inf);
		pass_view(node, &c);
		for (int i = 0; i < node->nout; i++)
			if (node->out[i] >= 0)
				inf->value[node->out[i]] = c.out[i];
	} else {
		rt_wrap(err, "%s (%s)", node->name, node->op->row.name);
	}
	free(args);
	return status;
}

/* Only whole-number parameters count as known: float weights change while training. */
static void add_param(struct rt_inferred *inf, const struct rt_param *p)
{
	struct rt_arg *a = &inf->value[p->value];

	a->present = true;
	a->dtype = p->data.dtype;
	a->shape = p->data.shape;
	if (!p->trainable)
		a->data = (void *)(uintptr_t)rt_tensor_data(&p->data);
}

enum rt_status rt_graph_infer_at(struct rt_inferred *out, const struct rt_graph *g, int64_t batch,
				 const struct rt_shape *input_shapes, struct rt_err *err)
{
	enum rt_status status = RT_OK;

	out->n = g->nvalues;
	out->value = rt_alloc((size_t)g->nvalues, sizeof(*out->value));
	out->owned = rt_alloc((size_t)g->nvalues, sizeof(*out->owned));
	for (int i = 0; i < g->ninputs; i++) {
		struct rt_arg *a = &out->value[g->inputs[i]];

		a->present = true;
		a->dtype = g->values[g->inputs[i]].dtype;
		a->shape = input_shapes ? input_shapes[i] : g->values[g->inputs[i]].shape;
		for (int d = 0; d < a->shape.rank; d++)
			if (a->shape.dim[d] < 0)
				a->shape.dim[d] *= -batch;
	}
	for (int i = 0; i < g->nparams; i++)
		add_param(out, &g->params[i]);
	for (int i = 0; i < g->nnodes && status == RT_OK; i++)
		status = infer_node(out, g, i, err);
	if (status != RT_OK)
		rt_inferred_release(out);
	return status;
}

static bool has_batch(const struct rt_graph *g)
{
	for (int i = 0; i < g->ninputs; i++)
		for (int d = 0; d < g->values[g->inputs[i]].shape.rank; d++)
			if (g->values[g->inputs[i]].shape.dim[d] < 0)
				return true;
	return false;
}

static bool is_input(const struct rt_graph *g, int v)
{
	return g->values[v].producer < 0 && g->values[v].param < 0;
}

static void store(struct rt_graph *g, const struct rt_inferred *a, const struct rt_inferred *b)
{
	for (int i = 0; i < g->nvalues; i++) {
		struct rt_value *v = &g->values[i];

		if (is_input(g, i))
			continue;
		v->dtype = a->value[i].dtype;
		v->shape = a->value[i].shape;
		for (int d = 0; b && d < v->shape.rank; d++)
			v->shape.dim[d] = b->value[i].shape.dim[d] == v->shape.dim[d]
					  ? v->shape.dim[d]
					  : v->shape.dim[d] - b->value[i].shape.dim[d];
	}
}

enum rt_status rt_graph_infer(struct rt_graph *g, struct rt_err *err)
{
	struct rt_inferred a, b;

	if (!has_batch(g)) {
		RT_TRY(rt_graph_infer_at(&a, g, 1, NULL, err));
		store(g, &a, NULL);
		rt_inferred_release(&a);
		return RT_OK;
	}
	/* 5 and 6: sizes that broadcasting and strides do not confuse with 1 */
	RT_TRY(rt_graph_infer_at(&a, g, 5, NULL, err));
	if (rt_graph_infer_at(&b, g, 6, NULL, err) != RT_OK) {
		rt_inferred_release(&a);
		return err->status;
	}
	store(g, &a, &b);
	rt_inferred_release(&a);
	rt_inferred_release(&b);
	return RT_OK;
}
