/* eager.c - running a graph node by node, as its values come. */
#include "config.h"

#include "exec/eager.h"
#include "exec/control.h"
#include "base/mem.h"
#include "base/sys.h"
#include "graph/call.h"
#include "tensor/blas.h"

#include <inttypes.h>
#include <stdlib.h>

struct run {
	const struct rt_graph *graph;
	struct rt_tensor *tensor; /* [nvalues]; {0} before they are made and after the last use */
	struct rt_arg *value;		/* [nvalues]: the same as arguments */
	int *last;			/* [nvalues]: the last node that reads it, nnodes = kept */
};

/* Takes t as value v. */
static void put(struct run *r, int v, struct rt_tensor *t)
{
	r->tensor[v] = *t;
	r->value[v] = (struct rt_arg){.present = true, .dtype = t->dtype, .shape = t->shape,
				      .data = (void *)(uintptr_t)rt_tensor_data(t)};
	*t = (struct rt_tensor){0};
}

static void drop(struct run *r, int v)
{
	rt_tensor_release(&r->tensor[v]);
	r->value[v] = (struct rt_arg){0};
}

static void last_uses(struct run *r, const struct rt_eager *run)
{
	const struct rt_graph *g = r->graph;

	for (int v = 0; v < g->nvalues; v++)
		r->last[v] = -1;
	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nin; k++)
			if (g->nodes[i].in[k] >= 0)
				r->last[g->nodes[i].in[k]] = i;
	for (int i = 0; i < g->noutputs; i++)
		r->last[g->outputs[i]] = g->nnodes;
	for (int i = 0; i < run->ntaps; i++)
		r->last[run->taps[i]] = g->nnodes;
}

/* --- one node ----------------------------------------------------------------------------- */

static bool is_other_float(enum rt_dtype type)
{
	return rt_dtype(type)->is_float && type != RT_F32;
}

static enum rt_status converted(struct rt_tensor *out, const struct rt_arg *from,
				enum rt_dtype to, struct rt_err *err)
{
	void *data;

	RT_TRY(rt_tensor_new(out, to, &from->shape, err));
	RT_TRY(rt_tensor_write(&data, out, err));
	rt_convert(data, to, from->data, from->dtype, rt_shape_count(&from->shape));
	return RT_OK;
}

/* Replaces the inputs of other float types by f32 copies, kept in copy[nin]. */
static enum rt_status widen_inputs(struct rt_call *c, struct rt_tensor *copy, struct rt_err *err)
{
	for (int i = 0; i < c->nin; i++) {
		if (!c->in[i].present || !is_other_float(c->in[i].dtype))
			continue;
		RT_TRY(converted(&copy[i], &c->in[i], RT_F32, err));
		c->in[i].dtype = RT_F32;
		c->in[i].data = (void *)(uintptr_t)rt_tensor_data(&copy[i]);
	}
	return RT_OK;
}

/* Gives every wanted output its memory, runs, and keeps the results. */
static enum rt_status compute(struct run *r, const struct rt_node *n, struct rt_call *c,
			      struct rt_tensor *made, struct rt_err *err)
{
	if (n->op->flags & RT_OP_VIEW) {
		rt_tensor_share(&made[0], &r->tensor[n->in[0]]);
		made[0].shape = c->out[0].shape;
		return RT_OK;
	}
	for (int i = 0; i < c->nout; i++) {
		if (!c->out[i].present)
			continue;
		RT_TRY(rt_tensor_new(&made[i], c->out[i].dtype, &c->out[i].shape, err));
		RT_TRY(rt_tensor_write(&c->out[i].data, &made[i], err));
	}
	return rt_call_forward(c, n->op, err);
}

static enum rt_status narrow_outputs(struct rt_tensor *made, int n, enum rt_dtype to,
				     struct rt_err *err)
{
	for (int i = 0; i < n; i++) {
		struct rt_arg a = {.dtype = made[i].dtype, .shape = made[i].shape,
				   .data = (void *)(uintptr_t)rt_tensor_data(&made[i])};
		struct rt_tensor other;

		if (!made[i].storage || made[i].dtype != RT_F32)
			continue;
		RT_TRY(converted(&other, &a, to, err));
		rt_tensor_release(&made[i]);
		made[i] = other;
	}
	return RT_OK;
}

/* The same call with f32 in the place of other float types. */
static enum rt_status run_in_f32(struct run *r, const struct rt_node *n, struct rt_call *c,
				 struct rt_tensor *made, struct rt_err *err)
{
	struct rt_tensor *copy = rt_alloc((size_t)c->nin, sizeof(*copy));
	enum rt_dtype type = rt_call_other_float(c);
	enum rt_status status = widen_inputs(c, copy, err);

	if (status == RT_OK)
		status = rt_call_infer(c, n, err);
	if (status == RT_OK && (n->op->flags & RT_OP_VIEW))
		status = rt_fail(err, RT_EUNSUPPORTED, "%s (%s): does not take %s", n->name,
				 n->op->row.name, rt_dtype(type)->row.name);
	if (status == RT_OK)
		status = compute(r, n, c, made, err);
	if (status == RT_OK)
		status = narrow_outputs(made, c->nout, type, err);
	for (int i = 0; i < c->nin; i++)
		rt_tensor_release(&copy[i]);
	free(copy);
	return status;
}

static enum rt_status run_control(struct run *r, const struct rt_node *n, struct rt_tensor *made,
				  struct rt_err *err)
{
	struct rt_tensor *in = rt_alloc((size_t)n->nin + 1, sizeof(*in));
	enum rt_status status;

	for (int i = 0; i < n->nin; i++)
		if (n->in[i] >= 0)
			in[i] = r->tensor[n->in[i]];
	status = control_run(n, in, made, err);
	free(in);
	return status == RT_OK ? RT_OK : rt_wrap(err, "%s (%s)", n->name, n->op->row.name);
}

static enum rt_status run_op(struct run *r, const struct rt_node *n, struct rt_tensor *made,
			     struct rt_err *err)
{
	struct rt_call c;
	enum rt_status status;

	if (n->op->flags & RT_OP_CONTROL)
		return run_control(r, n, made, err);

	rt_call_begin(&c, n, r->value);
	status = rt_call_infer(&c, n, err);
	if (status == RT_OK)
		status = compute(r, n, &c, made, err);
	else if (status == RT_ESHAPE && rt_call_other_float(&c) != RT_F32)
		status = run_in_f32(r, n, &c, made, err);
	rt_call_end(&c);
	return status;
}

static enum rt_status run_node(struct run *r, int index, struct rt_err *err)
{
	const struct rt_node *n = &r->graph->nodes[index];
	struct rt_tensor *made = rt_alloc((size_t)n->nout, sizeof(*made));
	enum rt_status status;

	if (rt_cancelled())
		status =
			rt_fail(err, RT_ECANCELLED, "stopped at %s (%s)", n->name, n->op->row.name);
	else
		status = run_op(r, n, made, err);
	for (int i = 0; i < n->nout; i++) {
		if (status == RT_OK && n->out[i] >= 0 && r->last[n->out[i]] > index)
			put(r, n->out[i], &made[i]);
		rt_tensor_release(&made[i]);
	}
	for (int i = 0; i < n->nin; i++)
		if (n->in[i] >= 0 && r->last[n->in[i]] == index)
			drop(r, n->in[i]);
	free(made);
	return status;
}

/* --- the graph ---------------------------------------------------------------------------- */

static bool fits(const struct rt_value *v, const struct rt_tensor *t)
{
	if (v->shape.rank != t->shape.rank)
		return false;
	for (int d = 0; d < v->shape.rank; d++)
		if (v->shape.dim[d] >= 0 && v->shape.dim[d] != t->shape.dim[d])
			return false;
	return true;
}

static enum rt_status take_inputs(struct run *r, const struct rt_eager *run, struct rt_err *err)
{
	const struct rt_graph *g = r->graph;
	char got[128], wanted[128];

	for (int i = 0; i < g->ninputs; i++) {
		const struct rt_value *v = &g->values[g->inputs[i]];
		struct rt_tensor t;

		if (v->shape.rank != RT_UNKNOWN_RANK &&
		    (run->inputs[i].dtype != v->dtype || !fits(v, &run->inputs[i])))
			return rt_fail(err, RT_ESHAPE,
				       "input \"%s\" is %s %s, the model takes %s %s", v->name,
				       rt_dtype(run->inputs[i].dtype)->row.name,
				       rt_shape_text(got, sizeof(got), &run->inputs[i].shape),
				       rt_dtype(v->dtype)->row.name,
				       rt_shape_text(wanted, sizeof(wanted), &v->shape));
		rt_tensor_share(&t, &run->inputs[i]);
		put(r, g->inputs[i], &t);
	}
	for (int i = 0; i < g->nparams; i++) {
		struct rt_tensor t;

		rt_tensor_share(&t, &g->params[i].data);
		put(r, g->params[i].value, &t);
	}
	return RT_OK;
}

enum rt_status rt_eager_run(const struct rt_graph *g, const struct rt_eager *run,
			    struct rt_tensor *outputs, struct rt_tensor *tapped, struct rt_err *err)
{
	size_t n = (size_t)g->nvalues;
	struct run r = {.graph = g,
			.tensor = rt_alloc(n, sizeof(*r.tensor)),
			.value = rt_alloc(n, sizeof(*r.value)),
			.last = rt_alloc(n, sizeof(*r.last))};
	enum rt_status status;

	rt_blas_threads();
	last_uses(&r, run);
	status = take_inputs(&r, run, err);
	for (int i = 0; i < g->nnodes && status == RT_OK; i++)
		status = run_node(&r, i, err);
	for (int i = 0; i < g->noutputs && status == RT_OK; i++)
		rt_tensor_share(&outputs[i], &r.tensor[g->outputs[i]]);
	for (int i = 0; i < run->ntaps && status == RT_OK; i++)
		rt_tensor_share(&tapped[i], &r.tensor[run->taps[i]]);
	for (int v = 0; v < g->nvalues; v++)
		rt_tensor_release(&r.tensor[v]);
	free(r.tensor);
	free(r.value);
	free(r.last);
	return status;
}
