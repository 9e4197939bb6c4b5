/* infer.c - shapes of every value, by running the ops' shape rules at concrete batch sizes.
 *
 * The ops never see a symbolic dimension.  What depends on the batch is found by inferring at two
 * sizes and comparing: a dimension that grows by k when the batch grows by one is k times the
 * batch.
 */
#include "config.h"

#include "graph/call.h"
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
static enum rt_status fold(const struct rt_node *node, struct rt_call *c, struct rt_inferred *inf,
			   struct rt_err *err)
{
	if (!node->op->forward || (node->op->flags & (RT_OP_RANDOM | RT_OP_VIEW)) ||
	    !rt_call_is_known(c, node->op))
		return RT_OK;
	for (int i = 0; i < c->nout; i++)
		if (c->out[i].present && rt_call_out_bytes(c, i) > MAX_CONSTANT)
			return RT_OK;
	for (int i = 0; i < c->nout; i++)
		if (c->out[i].present)
			inf->owned[node->out[i]] = c->out[i].data =
				rt_alloc(1, rt_call_out_bytes(c, i));
	return rt_call_forward(c, node->op, err);
}

/* A view's data is its input's. */
static void pass_view(const struct rt_node *node, struct rt_call *c)
{
	if (node->op->flags & RT_OP_VIEW)
		c->out[0].data = c->in[0].data;
}

/* An operator that does not compute in f16, bf16 or f64 is run in f32, and its results brought back
 * (exec/eager.h): shapes as of f32. */
static enum rt_status infer_in_f32(struct rt_call *c, const struct rt_node *node,
				   struct rt_err *err)
{
	enum rt_dtype type = rt_call_other_float(c);

	for (int i = 0; i < c->nin; i++)
		if (c->in[i].present && rt_dtype(c->in[i].dtype)->is_float &&
		    c->in[i].dtype != RT_F32) {
			c->in[i].dtype = RT_F32;
			c->in[i].data = NULL;
		}
	RT_TRY(rt_call_infer(c, node, err));
	for (int i = 0; i < c->nout; i++)
		if (c->out[i].dtype == RT_F32)
			c->out[i].dtype = type;
	return RT_OK;
}

static enum rt_status infer_node(struct rt_inferred *inf, const struct rt_graph *g, int index,
				 bool open, struct rt_err *err)
{
	const struct rt_node *node = &g->nodes[index];
	struct rt_call c;
	enum rt_status status;

	rt_call_begin(&c, node, inf->value);
	status = rt_call_infer(&c, node, err);
	if (status == RT_OK)
		status = fold(node, &c, inf, err);
	else if (open && status == RT_ESHAPE && rt_call_other_float(&c) != RT_F32)
		status = infer_in_f32(&c, node, err);
	if (status == RT_OK) {
		pass_view(node, &c);
		for (int i = 0; i < node->nout; i++)
			if (node->out[i] >= 0)
				inf->value[node->out[i]] = c.out[i];
	}
	rt_call_end(&c);
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

/* A declared input at this batch size.  Error RT_EUNKNOWN: a dimension that only data can tell. */
static enum rt_status add_input(struct rt_inferred *inf, const struct rt_graph *g, int i,
				int64_t batch, const struct rt_shape *given, struct rt_err *err)
{
	const struct rt_value *v = &g->values[g->inputs[i]];
	struct rt_arg *a = &inf->value[g->inputs[i]];
	struct rt_shape shape = given ? *given : v->shape;

	if (shape.rank < 0)
		return rt_fail(err, RT_EUNKNOWN, "input \"%s\" has no declared shape", v->name);
	for (int d = 0; d < shape.rank; d++) {
		if (shape.dim[d] == RT_OPEN)
			return rt_fail(err, RT_EUNKNOWN,
				       "input \"%s\": dimension %d has no size until data come",
				       v->name, d);
		if (shape.dim[d] < 0 &&
		    __builtin_mul_overflow(shape.dim[d], -batch, &shape.dim[d]))
			shape.dim[d] = INT64_MAX;
	}
	if (rt_call_fits(&shape, err) != RT_OK)
		return rt_wrap(err, "input \"%s\"", v->name);
	*a = (struct rt_arg){.present = true, .dtype = v->dtype, .shape = shape};
	return RT_OK;
}

static bool inputs_inferred(const struct rt_inferred *inf, const struct rt_node *n)
{
	for (int i = 0; i < n->nin; i++)
		if (n->in[i] >= 0 && !inf->value[n->in[i]].present)
			return false;
	return true;
}

/* open: what depends on values known only while running stays absent instead of failing, and every
 * float type is taken: what the runner can do, not a plan. */
static enum rt_status infer_all(struct rt_inferred *out, const struct rt_graph *g, int64_t batch,
				const struct rt_shape *input_shapes, bool open, struct rt_err *err)
{
	enum rt_status status = RT_OK;

	out->n = g->nvalues;
	out->value = rt_alloc((size_t)g->nvalues, sizeof(*out->value));
	out->owned = rt_alloc((size_t)g->nvalues, sizeof(*out->owned));
	for (int i = 0; i < g->ninputs && status == RT_OK; i++) {
		status = add_input(out, g, i, batch, input_shapes ? &input_shapes[i] : NULL, err);
		if (open && status == RT_EUNKNOWN)
			status = RT_OK;
	}
	for (int i = 0; i < g->nparams; i++)
		add_param(out, &g->params[i]);
	for (int i = 0; i < g->nnodes && status == RT_OK; i++) {
		if (open && !inputs_inferred(out, &g->nodes[i]))
			continue;
		status = infer_node(out, g, i, open, err);
		if (open && status == RT_EUNKNOWN)
			status = RT_OK;
	}
	if (status != RT_OK)
		rt_inferred_release(out);
	return status;
}

enum rt_status rt_graph_infer_at(struct rt_inferred *out, const struct rt_graph *g, int64_t batch,
				 const struct rt_shape *input_shapes, struct rt_err *err)
{
	return infer_all(out, g, batch, input_shapes, false, err);
}

enum rt_status rt_graph_infer_open(struct rt_inferred *out, const struct rt_graph *g, int64_t batch,
				   struct rt_err *err)
{
	return infer_all(out, g, batch, NULL, true, err);
}

static bool has_batch(const struct rt_graph *g)
{
	for (int i = 0; i < g->ninputs; i++)
		for (int d = 0; d < g->values[g->inputs[i]].shape.rank; d++)
			if (g->values[g->inputs[i]].shape.dim[d] < 0 &&
			    g->values[g->inputs[i]].shape.dim[d] != RT_OPEN)
				return true;
	return false;
}

static bool is_input(const struct rt_graph *g, int v)
{
	return g->values[v].producer < 0 && g->values[v].param < 0;
}

/* A declared number of dimensions, as a file has it for what it leaves open, stays. */
static void forget(struct rt_shape *s)
{
	for (int d = 0; d < s->rank; d++)
		if (s->dim[d] != RT_OPEN) {
			s->rank = RT_UNKNOWN_RANK;
			return;
		}
	if (s->rank == 0)
		s->rank = RT_UNKNOWN_RANK;
}

static void store(struct rt_graph *g, const struct rt_inferred *a, const struct rt_inferred *b)
{
	for (int i = 0; i < g->nvalues; i++) {
		struct rt_value *v = &g->values[i];

		if (is_input(g, i))
			continue;
		if (!a->value[i].present || (b && !b->value[i].present) ||
		    (b && a->value[i].shape.rank != b->value[i].shape.rank)) {
			forget(&v->shape);
			continue;
		}
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
		RT_TRY(infer_all(&a, g, 1, NULL, true, err));
		store(g, &a, NULL);
		rt_inferred_release(&a);
		return RT_OK;
	}
	/* 5 and 6: sizes that broadcasting and strides do not confuse with 1 */
	RT_TRY(infer_all(&a, g, 5, NULL, true, err));
	if (infer_all(&b, g, 6, NULL, true, err) != RT_OK) {
		rt_inferred_release(&a);
		return err->status;
	}
	store(g, &a, &b);
	rt_inferred_release(&a);
	rt_inferred_release(&b);
	return RT_OK;
}
