/* plan.c - making a plan: lowering, steps, gradients' paths, binding. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"
#include "tensor/blas.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_f32(const struct rt_plan *p, int v)
{
	return p->value[v].dtype == RT_F32;
}

/* --- lowering ----------------------------------------------------------------------------- */

/* The lowered graph keeps no hold on the tensors: an optimizer that writes them must not be made to
 * copy them first. */
static void let_tensors_go(struct rt_graph *g)
{
	for (int i = 0; i < g->nparams; i++) {
		rt_tensor_release(&g->params[i].data);
		rt_tensor_release(&g->params[i].mask);
	}
}

/* Takes over what inference knows: shapes of every value, and the values known before running. */
static void adopt(struct rt_plan *p, struct rt_inferred *inf, const struct rt_plan *like)
{
	const struct rt_graph *g = p->lowered;

	for (int v = 0; v < g->nvalues; v++) {
		struct rt_arg *a = &p->value[v];
		size_t bytes;

		*a = inf->value[v];
		p->known[v] = a->data && g->values[v].producer >= 0;
		if (like) {
			p->constant[v] = like->constant[v];
		} else if (a->data && g->values[v].producer >= 0) {
			bytes = (size_t)rt_shape_count(&a->shape) * rt_dtype(a->dtype)->size;
			p->constant[v] = bytes ? rt_memdup(a->data, bytes, 1) : rt_alloc(1, 1);
		}
		a->data = p->constant[v];
	}
}

bool plan_is_known(const struct rt_plan *p, const struct rt_node *n)
{
	for (int i = 0; i < n->nout; i++)
		if (n->out[i] >= 0 && !p->constant[n->out[i]])
			return false;
	return true;
}

/* given knows the graph's values only. */
static bool is_given(const struct rt_plan *p, const bool *given, int v)
{
	return given && v < p->graph->nvalues && given[v];
}

void plan_mark_live(const struct rt_plan *p, const bool *given, bool *live)
{
	const struct rt_graph *g = p->lowered;

	for (int v = 0; v < g->nvalues; v++)
		live[v] = p->pinned[v];
	for (int i = g->nnodes - 1; i >= 0; i--) {
		const struct rt_node *n = &g->nodes[i];
		bool used = false;

		for (int k = 0; k < n->nout; k++)
			used = used || (n->out[k] >= 0 && live[n->out[k]]);
		for (int k = 0; used && !plan_is_known(p, n) && k < n->nin; k++)
			if (n->in[k] >= 0 && !is_given(p, given, n->in[k]))
				live[n->in[k]] = true;
	}
}

bool plan_has_step(const struct rt_plan *p, const struct rt_node *n, const bool *live)
{
	for (int k = 0; k < n->nout; k++)
		if (n->out[k] >= 0 && live[n->out[k]])
			return !plan_is_known(p, n);
	return false;
}

static void make_step(struct rt_plan *p, const struct rt_node *n)
{
	struct step *s = &p->steps[p->nsteps++];
	struct rt_arg *args = rt_alloc((size_t)(n->nin + n->nout), sizeof(*args));

	s->node = n;
	s->view = n->op->flags & RT_OP_VIEW;
	s->call = (struct rt_call){.attrs = n->attrs, .nin = n->nin, .nout = n->nout, .in = args,
				   .out = args + n->nin, .purpose = p->purpose};
	for (int i = 0; i < n->nin; i++)
		if (n->in[i] >= 0)
			s->call.in[i] = p->value[n->in[i]];
	for (int i = 0; i < n->nout; i++)
		if (n->out[i] >= 0) {
			s->call.out[i] = p->value[n->out[i]];
			p->made_by[n->out[i]] = p->nsteps - 1;
		}
}

static void make_steps(struct rt_plan *p, const bool *given)
{
	bool *live = rt_alloc((size_t)p->lowered->nvalues, sizeof(bool));

	plan_mark_live(p, given, live);
	p->steps = rt_alloc((size_t)p->lowered->nnodes, sizeof(*p->steps));
	for (int i = 0; i < p->lowered->nnodes; i++) {
		const struct rt_node *n = &p->lowered->nodes[i];

		if (plan_has_step(p, n, live))
			make_step(p, n);
	}
	free(live);
}

/* --- gradients ---------------------------------------------------------------------------- */

/* need[v]: a gradient wanted by the caller lies at v or before it. */
static void mark_need(const struct rt_plan *p, const struct rt_plan_opts *o, bool *need)
{
	const struct rt_graph *g = p->lowered;

	for (int i = 0; i < o->ngrads; i++)
		need[o->grads[i]] = true;
	for (int i = 0; o->param_grads && i < g->nparams; i++)
		need[g->params[i].value] = g->params[i].trainable && is_f32(p, g->params[i].value);
	for (int s = 0; s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;
		bool any = false;

		for (int i = 0; i < n->nin; i++)
			any = any || (n->in[i] >= 0 && need[n->in[i]]);
		for (int i = 0; any && i < n->nout; i++)
			if (n->out[i] >= 0)
				need[n->out[i]] = true;
	}
}

/* Walks back from the values that can be seeded along the needed ones. */
static enum rt_status mark_backward(struct rt_plan *p, const bool *need, struct rt_err *err)
{
	for (int v = 0; v < p->lowered->nvalues; v++)
		p->wants_grad[v] = p->seedable[v] && need[v];
	for (int s = p->nsteps - 1; s >= 0; s--) {
		struct step *st = &p->steps[s];
		const struct rt_node *n = st->node;

		for (int i = 0; i < n->nout; i++)
			st->backward = st->backward || (n->out[i] >= 0 && p->wants_grad[n->out[i]]);
		for (int i = 0; st->backward && i < n->nin; i++) {
			if (n->in[i] < 0 || !need[n->in[i]])
				continue;
			p->wants_grad[n->in[i]] = true;
			if (!n->op->backward)
				return rt_fail(err, RT_EUNSUPPORTED, "%s (%s): the operator has no "
					       "backward, so nothing before it can be trained or "
					       "explained by gradients", n->name, n->op->row.name);
		}
	}
	return RT_OK;
}

static enum rt_status make_gradients(struct rt_plan *p, const struct rt_plan_opts *o,
				     struct rt_err *err)
{
	bool *need = rt_alloc((size_t)p->lowered->nvalues, sizeof(bool));
	enum rt_status status;

	mark_need(p, o, need);
	for (int i = 0; i < p->graph->noutputs; i++)
		p->seedable[p->graph->outputs[i]] = true;
	for (int i = 0; i < o->ntaps; i++)
		p->seedable[o->taps[i]] = true;
	status = mark_backward(p, need, err);
	for (int i = 0; i < o->ngrads; i++)
		p->wants_grad[o->grads[i]] = true;
	free(need);
	return status;
}

/* One block for all parameter gradients, so that clearing and clipping are one loop. */
static enum rt_status make_param_grads(struct rt_plan *p, struct rt_err *err)
{
	size_t total = 0, offset = 0;
	char size[32];

	for (int i = 0; i < p->graph->nparams; i++)
		if (p->wants_grad[p->graph->params[i].value])
			total += ((size_t)rt_shape_count(
					  &p->value[p->graph->params[i].value].shape) +
				  15) /
				 16 * 16;
	p->param_grads_bytes = total * sizeof(float);
	if (!total)
		return RT_OK;
	if (rt_fits(p->param_grads_bytes))
		p->param_grads = aligned_alloc(64, p->param_grads_bytes);
	if (!p->param_grads)
		return rt_fail(err, RT_ENOMEM, "not enough memory for the gradients (%s)",
			       rt_text_bytes(size, sizeof(size), (double)p->param_grads_bytes));
	memset(p->param_grads, 0, p->param_grads_bytes);
	for (int i = 0; i < p->graph->nparams; i++) {
		int v = p->graph->params[i].value;

		if (!p->wants_grad[v])
			continue;
		p->param_grad[i] = p->value[v].grad = p->param_grads + offset;
		offset += ((size_t)rt_shape_count(&p->value[v].shape) + 15) / 16 * 16;
	}
	return RT_OK;
}

/* --- making ------------------------------------------------------------------------------- */

static enum rt_status own_inputs(struct rt_plan *p, struct rt_err *err)
{
	char size[32];

	for (int i = 0; i < p->graph->ninputs; i++) {
		struct rt_arg *a = &p->value[p->graph->inputs[i]];
		size_t bytes = (size_t)rt_shape_count(&a->shape) * rt_dtype(a->dtype)->size;

		bytes = (bytes + 64) / 64 * 64;
		if (rt_fits(bytes))
			p->own_input[i] = aligned_alloc(64, bytes);
		if (!p->own_input[i])
			return rt_fail(err, RT_ENOMEM,
				       "not enough memory for the input \"%s\" (%s)",
				       p->graph->values[p->graph->inputs[i]].name,
				       rt_text_bytes(size, sizeof(size), (double)bytes));
		memset(p->own_input[i], 0, bytes);
		a->data = p->own_input[i];
	}
	return RT_OK;
}

/* The gradient that backward of the step finds or leaves at input or output i. */
static float *gradient(const struct rt_plan *p, const struct step *st, int v, int i)
{
	bool passed = i < 32 && i < st->node->nin && st->passed >> i & 1;

	return p->wants_grad[v] && st->backward && !passed ? p->value[v].grad : NULL;
}

/* After placement: views follow their roots, and every step's arguments learn their addresses. */
static void connect(struct rt_plan *p)
{
	for (int v = 0; v < p->lowered->nvalues; v++)
		if (p->purpose != RT_INFER && p->grad_root[v] != v)
			p->value[v].grad = p->value[p->grad_root[v]].grad;
	for (int s = 0; s < p->nsteps; s++) {
		struct step *st = &p->steps[s];

		for (int i = 0; i < st->node->nout; i++) {
			int v = st->node->out[i];

			if (v >= 0 && !p->constant[v])
				p->value[v].data = p->value[p->root[v]].data;
		}
		st->call.work = p->work;
		for (int i = 0; i < st->node->nin + st->node->nout; i++) {
			int v = i < st->node->nin ? st->node->in[i]
						  : st->node->out[i - st->node->nin];

			if (v < 0)
				continue;
			st->call.in[i].data = p->value[v].data;
			st->call.in[i].grad = gradient(p, st, v, i);
		}
	}
}

static void allocate(struct rt_plan *p)
{
	size_t nv = (size_t)p->graph->nvalues;

	p->value = rt_alloc(nv, sizeof(*p->value));
	p->root = rt_alloc(nv, sizeof(*p->root));
	p->grad_root = rt_alloc(nv, sizeof(*p->grad_root));
	p->made_by = rt_alloc(nv, sizeof(*p->made_by));
	for (size_t v = 0; v < nv; v++)
		p->made_by[v] = -1;
	p->constant = rt_alloc(nv, sizeof(*p->constant));
	p->known = rt_alloc(nv, sizeof(bool));
	p->pinned = rt_alloc(nv, sizeof(bool));
	p->seedable = rt_alloc(nv, sizeof(bool));
	p->seeded = rt_alloc(nv, sizeof(bool));
	p->keep_grad = rt_alloc(nv, sizeof(bool));
	p->wants_grad = rt_alloc(nv, sizeof(bool));
	p->own_input = rt_alloc((size_t)p->graph->ninputs, sizeof(void *));
	p->param_grad = rt_alloc((size_t)p->graph->nparams, sizeof(float *));
}

int plan_add_value(struct rt_plan *p, const struct rt_arg *a)
{
	struct rt_graph *g = p->lowered;
	const int v = g->nvalues;
	const size_t n = (size_t)v + 1;

	RT_GROW(g->values, g->nvalues, g->values_cap);
	g->values[g->nvalues++] = (struct rt_value){.dtype = a->dtype, .shape = a->shape,
						    .producer = -1, .param = -1};
	p->value = rt_realloc(p->value, n, sizeof(*p->value));
	p->root = rt_realloc(p->root, n, sizeof(*p->root));
	p->grad_root = rt_realloc(p->grad_root, n, sizeof(*p->grad_root));
	p->made_by = rt_realloc(p->made_by, n, sizeof(*p->made_by));
	p->constant = rt_realloc(p->constant, n, sizeof(*p->constant));
	p->value[v] = *a;
	p->root[v] = p->grad_root[v] = v;
	p->made_by[v] = -1;
	p->constant[v] = NULL;
	for (size_t i = 0; i < 6; i++) {
		bool **flag = (bool **[]){&p->known, &p->pinned, &p->seedable, &p->seeded,
					  &p->keep_grad, &p->wants_grad}[i];

		*flag = rt_realloc(*flag, n, sizeof(bool));
		(*flag)[v] = false;
	}
	return v;
}

/* Shapes and what is known of values; the plan is for what is pinned. */
static enum rt_status describe(struct rt_plan *p, const struct rt_plan_opts *o,
			       const struct rt_plan *like, struct rt_err *err)
{
	struct rt_inferred inf;

	RT_TRY(rt_graph_infer_at(&inf, p->graph, o->batch, o->input_shapes, err));
	allocate(p);
	p->lowered = rt_graph_clone(p->graph);
	let_tensors_go(p->lowered);
	p->shares_constants = like != NULL;
	adopt(p, &inf, like);
	rt_inferred_release(&inf);
	return RT_OK;
}

static enum rt_status finish(struct rt_plan *p, const struct rt_plan *like, struct rt_err *err)
{
	if (p->purpose == RT_INFER)
		RT_TRY(kept_new(p, like, err));
	rt_plan_memory(p);
	RT_TRY(rt_arena_place(&p->arena, err));
	connect(p);
	return RT_OK;
}

/* What comes before constants are known. */
static enum rt_status fuse_inference(struct rt_plan *p, struct rt_err *err)
{
	RT_TRY(rt_plan_int8(p, err));
	rt_fuse(p);
	rt_plan_sparse(p);
	rt_fuse_gelu(p);
	rt_fuse_products(p);
	return RT_OK;
}

static enum rt_status build(struct rt_plan *p, const struct rt_plan_opts *o, struct rt_err *err)
{
	RT_TRY(describe(p, o, NULL, err));
	for (int i = 0; i < p->graph->noutputs; i++)
		p->pinned[p->graph->outputs[i]] = true;
	for (int i = 0; i < o->ntaps; i++)
		p->pinned[o->taps[i]] = true;
	for (int i = 0; i < o->ngrads; i++)
		p->keep_grad[o->grads[i]] = true;
	if (p->purpose == RT_INFER && !o->no_fusion && !o->input_shapes)
		RT_TRY(slices_new(p, err));
	if (p->slices)
		return own_inputs(p, err);
	if (p->purpose == RT_INFER && !o->no_fusion)
		RT_TRY(fuse_inference(p, err));
	if (p->purpose == RT_TRAIN && !o->no_fusion) {
		rt_fuse_training(p);
		rt_fuse_gelu(p);
		rt_fuse_products(p);
	}
	RT_TRY(rt_plan_constants(p, err));
	if (p->purpose == RT_INFER && !o->no_fusion) {
		rt_plan_blocked(p, NULL);
		rt_fuse_pools(p);
	}
	RT_TRY(own_inputs(p, err));	/* only now: what has data counts as known */
	make_steps(p, NULL);
	if (p->purpose != RT_INFER) {
		RT_TRY(make_gradients(p, o, err));
		RT_TRY(make_param_grads(p, err));
		gradients_share(p);
	}
	return finish(p, NULL, err);
}

/* What is given must not become part of a step, but nobody waits for it either. */
static void pin(struct rt_plan *p, const struct part *part, bool given)
{
	for (int v = 0; v < p->graph->nvalues; v++)
		p->pinned[v] = part->wanted[v] || (given && part->given && part->given[v]);
}

static enum rt_status build_part(struct rt_plan *p, const struct part *part, struct rt_err *err)
{
	const struct rt_plan_opts o = {.batch = p->batch, .purpose = RT_INFER};

	RT_TRY(describe(p, &o, part->like, err));
	pin(p, part, true);
	RT_TRY(fuse_inference(p, err));
	if (!part->like)
		RT_TRY(rt_plan_constants(p, err));
	pin(p, part, false);
	rt_plan_blocked(p, part->given);
	pin(p, part, true);
	rt_fuse_pools(p);
	pin(p, part, false);
	make_steps(p, part->given);
	return finish(p, part->like, err);
}

enum rt_status rt_plan_part(struct rt_plan **out, struct rt_graph *g, int64_t batch,
			    const struct part *part, struct rt_err *err)
{
	struct rt_plan *p = rt_alloc(1, sizeof(*p));

	p->graph = g;
	p->purpose = RT_INFER;
	p->batch = batch;
	if (build_part(p, part, err) != RT_OK) {
		rt_plan_free(p);
		return err->status;
	}
	*out = p;
	return RT_OK;
}

enum rt_status rt_plan_new(struct rt_plan **out, struct rt_graph *g,
			   const struct rt_plan_opts *opts, struct rt_err *err)
{
	struct rt_plan *p = rt_alloc(1, sizeof(*p));

	p->graph = g;
	p->purpose = opts->purpose;
	p->batch = opts->batch;
	rt_blas_threads();
	if (build(p, opts, err) != RT_OK) {
		rt_plan_free(p);
		return err->status;
	}
	*out = p;
	return RT_OK;
}

void rt_plan_free(struct rt_plan *p)
{
	if (!p)
		return;
	for (int s = 0; s < p->nsteps; s++) {
		free(p->steps[s].call.in);
		free(p->steps[s].zero);
	}
	for (int i = 0; p->own_input && i < p->graph->ninputs; i++)
		free(p->own_input[i]);
	for (int v = 0; !p->shares_constants && p->constant && v < p->graph->nvalues; v++)
		free(p->constant[v]);
	if (!p->shares_constants)
		free(p->kept);
	slices_free(p->slices, p->graph->nvalues);
	rt_arena_release(&p->arena);
	rt_graph_free(p->lowered);
	free(p->steps);
	free(p->value);
	free(p->root);
	free(p->grad_root);
	free(p->made_by);
	free(p->constant);
	free(p->known);
	free(p->pinned);
	free(p->seedable);
	free(p->seeded);
	free(p->keep_grad);
	free(p->wants_grad);
	free(p->own_input);
	free(p->param_grad);
	free(p->param_grads);
	free(p);
}

void rt_plan_text(const struct rt_plan *p, struct rt_str *out)
{
	char shape[96], size[32];

	if (p->slices)
		slices_text(p->slices, out);
	for (int s = 0; s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;
		const struct rt_arg *a = &p->steps[s].call.out[0];

		rt_str_addf(out, "%-3d %-24s %-20s %-18s %s\n", s, n->name, n->op->row.name,
			    rt_shape_text(shape, sizeof(shape), &a->shape),
			    p->steps[s].view ? "view"
			    : p->root[n->out[0]] != n->out[0]
				    ? "in place"
				    : rt_text_bytes(size, sizeof(size),
						    (double)rt_shape_count(&a->shape) *
							    (double)rt_dtype(a->dtype)->size));
	}
}
