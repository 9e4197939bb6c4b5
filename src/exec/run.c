/* run.c - running a plan forward and backward. */
#include "config.h"

#include "exec/impl.h"
#include "base/sys.h"
#include "tensor/clear.h"

#include <stdint.h>
#include <string.h>

void *rt_plan_input(struct rt_plan *p, int i)
{
	return p->own_input[i];
}

void rt_plan_bind_input(struct rt_plan *p, int i, const void *data)
{
	p->value[p->graph->inputs[i]].data = data ? (void *)(uintptr_t)data : p->own_input[i];
}

int64_t rt_plan_batch(const struct rt_plan *p)
{
	return p->batch;
}

size_t rt_plan_bytes(const struct rt_plan *p)
{
	return p->arena.bytes + p->param_grads_bytes + p->kept_bytes +
	       (p->slices ? slices_bytes(p->slices) : 0);
}

/* Parameters that forward updates get storage of their own. */
static enum rt_status own_written(struct rt_plan *p, struct rt_err *err)
{
	void *own;

	for (int s = 0; p->purpose == RT_TRAIN && s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;

		for (int i = 0; n->op->writes && i < n->nin; i++) {
			struct rt_param *param = rt_graph_param(p->graph, n->in[i]);

			if (param && (n->op->writes >> i & 1))
				RT_TRY(rt_tensor_write(&own, &param->data, err));
		}
	}
	return RT_OK;
}

/* Parameters may have new storage since the last run. */
static void bind_params(struct rt_plan *p)
{
	const struct rt_graph *g = p->graph;

	for (int i = 0; i < g->nparams; i++)
		p->value[g->params[i].value].data =
			(void *)(uintptr_t)rt_tensor_data(&g->params[i].data);
}

/* Views of inputs and parameters follow them; every step reads the current addresses. */
static void bind_steps(struct rt_plan *p)
{
	for (int s = 0; s < p->nsteps; s++) {
		struct step *st = &p->steps[s];
		const struct rt_node *n = st->node;

		for (int i = 0; i < n->nin; i++)
			if (n->in[i] >= 0)
				st->call.in[i].data = p->value[n->in[i]].data;
		if (st->view) {
			p->value[n->out[0]].data = st->call.in[0].data;
			st->call.out[0].data = st->call.in[0].data;
		}
	}
}

void rt_plan_run(struct rt_plan *p, struct rt_rng *rng)
{
	bind_params(p);
	if (p->slices) {
		slices_run(p);
		return;
	}
	bind_steps(p);
	kept_check(p);
	for (int s = 0; s < p->nsteps && !rt_cancelled(); s++) {
		struct step *st = &p->steps[s];

		st->call.rng = rng;
		if (!st->view)
			st->node->op->forward(&st->call);
	}
	/* steps that were not reached have made nothing ready */
	if (rt_cancelled())
		p->stamp = 0;
}

enum rt_status rt_plan_forward(struct rt_plan *p, struct rt_rng *rng, struct rt_err *err)
{
	RT_TRY(own_written(p, err));
	rt_threads_apart();
	memset(p->seeded, 0, (size_t)p->lowered->nvalues * sizeof(bool));
	rt_plan_run(p, rng);
	return rt_cancelled() ? rt_fail(err, RT_ECANCELLED, "stopped") : RT_OK;
}

const struct rt_arg *rt_plan_value(const struct rt_plan *p, int v)
{
	return &p->value[v];
}

static size_t grad_bytes(const struct rt_plan *p, int v)
{
	return (size_t)rt_shape_count(&p->value[v].shape) * sizeof(float);
}

float *rt_plan_seed(struct rt_plan *p, int v)
{
	RT_ASSERT(p->seedable[v] && p->value[v].grad);
	if (!p->seeded[v])
		memset(p->value[v].grad, 0, grad_bytes(p, v));
	p->seeded[v] = true;
	return p->value[v].grad;
}

/* Gradients that nobody has added to yet; those of parameters only when they were cleared. */
static void clear_first(const struct rt_plan *p, const struct step *st)
{
	for (int i = 0; i < st->nzero; i++) {
		int v = st->zero[i];

		if (p->cleared || p->lowered->values[v].param < 0)
			rt_clear(p->value[v].grad, rt_shape_count(&p->value[v].shape));
	}
}

enum rt_status rt_plan_backward(struct rt_plan *p, struct rt_err *err)
{
	for (int v = 0; v < p->lowered->nvalues; v++)
		if ((p->seedable[v] || p->keep_grad[v]) && p->value[v].grad && !p->seeded[v])
			memset(p->value[v].grad, 0, grad_bytes(p, v));
	for (int s = p->nsteps - 1; s >= 0 && !rt_cancelled(); s--) {
		struct step *st = &p->steps[s];

		clear_first(p, st);
		st->call.fresh = st->fresh | (p->cleared ? st->first : 0);
		if (st->backward)
			st->node->op->backward(&st->call);
	}
	p->cleared = false;
	return rt_cancelled() ? rt_fail(err, RT_ECANCELLED, "stopped") : RT_OK;
}

const float *rt_plan_grad(const struct rt_plan *p, int v)
{
	RT_ASSERT(p->keep_grad[v]);
	return p->value[v].grad;
}

float *rt_plan_param_grad(struct rt_plan *p, int i)
{
	if (p->cleared)
		memset(p->param_grads, 0, p->param_grads_bytes);
	p->cleared = false;
	return p->param_grad[i];
}

void rt_plan_zero_param_grads(struct rt_plan *p)
{
	p->cleared = p->param_grads != NULL;
}
