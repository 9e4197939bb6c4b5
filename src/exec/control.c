/* control.c - If, Loop and Scan: nodes that run graphs of their own. */
#include "config.h"

#include "exec/control.h"
#include "base/mem.h"
#include "base/sys.h"
#include "exec/eager.h"
#include "graph/attr.h"
#include "ops/ops.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A graph about to run: its own inputs, then what it captures. */
struct body {
	const struct rt_graph *graph;
	struct rt_tensor *in;	/* [ninputs], owned */
	struct rt_tensor *out;	/* [noutputs], owned */
};

/* captures: the node's, as many as the sub has. */
static void body_begin(struct body *b, const struct rt_sub *sub, const struct rt_tensor *captures)
{
	const struct rt_graph *g = sub->graph;
	int own = g->ninputs - sub->ncaptures;

	*b = (struct body){.graph = g, .in = rt_alloc((size_t)g->ninputs + 1, sizeof(*b->in)),
			   .out = rt_alloc((size_t)g->noutputs + 1, sizeof(*b->out))};
	for (int i = 0; i < sub->ncaptures; i++)
		rt_tensor_share(&b->in[own + i], &captures[i]);
}

static enum rt_status body_run(struct body *b, struct rt_err *err)
{
	struct rt_eager run = {.inputs = b->in};

	for (int i = 0; i < b->graph->noutputs; i++)
		rt_tensor_release(&b->out[i]);
	return rt_eager_run(b->graph, &run, b->out, NULL, err);
}

static void body_end(struct body *b)
{
	for (int i = 0; i < b->graph->ninputs; i++)
		rt_tensor_release(&b->in[i]);
	for (int i = 0; i < b->graph->noutputs; i++)
		rt_tensor_release(&b->out[i]);
	free(b->in);
	free(b->out);
}

/* *to = *from, which is left empty. */
static void move(struct rt_tensor *to, struct rt_tensor *from)
{
	rt_tensor_release(to);
	*to = *from;
	*from = (struct rt_tensor){0};
}

static enum rt_status count_outputs(const struct rt_node *n, int given, struct rt_err *err)
{
	if (given >= n->nout)
		return RT_OK;
	return rt_fail(err, RT_EFORMAT, "its graph has %d outputs for %d", given, n->nout);
}

/* The number that t holds; fallback when it is left out. */
static int64_t number(const struct rt_tensor *t, int64_t fallback)
{
	return rt_tensor_count(t) > 0 ? rt_tensor_get_int(t, 0) : fallback;
}

/* --- outputs of all iterations ------------------------------------------------------------- */

struct list {
	struct rt_tensor *item;
	int n, cap;
};

static void list_add(struct list *l, struct rt_tensor *t)
{
	RT_GROW(l->item, l->n, l->cap);
	l->item[l->n++] = *t;
	*t = (struct rt_tensor){0};
}

static void list_release(struct list *l)
{
	for (int i = 0; i < l->n; i++)
		rt_tensor_release(&l->item[i]);
	free(l->item);
}

/* *out = the items along a new axis, the last one first when backward. */
static enum rt_status stack(struct rt_tensor *out, const struct list *l, int64_t axis,
			    bool backward, struct rt_err *err)
{
	struct rt_shape each = l->n ? l->item[0].shape : (struct rt_shape){0}, all = each;
	int64_t dense[RT_MAX_RANK], wide[RT_MAX_RANK];
	size_t size;
	void *to;

	axis += axis < 0 ? each.rank + 1 : 0;
	if (each.rank + 1 > RT_MAX_RANK || axis < 0 || axis > each.rank)
		return rt_fail(err, RT_ESHAPE, "outputs of %d dimensions along axis %" PRId64,
			       each.rank, axis);
	all.rank++;
	for (int d = each.rank; d > axis; d--)
		all.dim[d] = each.dim[d - 1];
	all.dim[axis] = l->n;
	RT_TRY(rt_tensor_new(out, l->n ? l->item[0].dtype : RT_F32, &all, err));
	RT_TRY(rt_tensor_write(&to, out, err));
	rt_steps_dense(dense, &each);
	rt_steps_dense(wide, &all);
	size = rt_dtype(out->dtype)->size;
	for (int i = 0; i < l->n; i++) {
		int64_t at = (backward ? l->n - 1 - i : i) * wide[axis], step[RT_MAX_RANK];

		if (!rt_shape_equal(&l->item[i].shape, &each) || l->item[i].dtype != out->dtype)
			return rt_fail(err, RT_ESHAPE,
				       "an output changes its shape at iteration %d", i);
		for (int d = 0; d < each.rank; d++)
			step[d] = wide[d < axis ? d : d + 1];
		rt_copy_steps((char *)to + (size_t)at * size, step, rt_tensor_data(&l->item[i]),
			      dense, size, &each);
	}
	return RT_OK;
}

/* --- If ------------------------------------------------------------------------------------ */

static enum rt_status run_if(const struct rt_node *n, const struct rt_tensor *in,
			     struct rt_tensor *made, struct rt_err *err)
{
	int which = number(&in[0], 0) ? 0 : 1;
	struct body b;
	enum rt_status status;

	body_begin(&b, &n->subs[which], in + 1 + (which ? n->subs[0].ncaptures : 0));
	status = count_outputs(n, b.graph->noutputs, err);
	if (status == RT_OK)
		status = body_run(&b, err);
	for (int i = 0; i < n->nout && status == RT_OK; i++)
		move(&made[i], &b.out[i]);
	body_end(&b);
	return status;
}

/* --- Loop ---------------------------------------------------------------------------------- */

static enum rt_status scalar(struct rt_tensor *t, enum rt_dtype type, int64_t v, struct rt_err *err)
{
	void *data;

	rt_tensor_release(t);
	RT_TRY(rt_tensor_new(t, type, &(struct rt_shape){0}, err));
	RT_TRY(rt_tensor_write(&data, t, err));
	rt_convert(data, type, &v, RT_I64, 1);
	return RT_OK;
}

/* The body: iteration, condition, carried -> condition, carried, one more of every list. */
static enum rt_status iterate(struct body *b, int carried, struct list *lists, int64_t most,
			      bool go_on, struct rt_err *err)
{
	for (int64_t i = 0; i < most && go_on; i++) {
		if (rt_cancelled())
			return rt_fail(err, RT_ECANCELLED, "stopped in iteration %" PRId64, i);
		RT_TRY(scalar(&b->in[0], RT_I64, i, err));
		RT_TRY(scalar(&b->in[1], RT_BOOL8, go_on, err));
		if (body_run(b, err) != RT_OK)
			return rt_wrap(err, "iteration %" PRId64, i);
		go_on = number(&b->out[0], 0);
		for (int k = 0; k < carried; k++)
			move(&b->in[2 + k], &b->out[1 + k]);
		for (int k = 1 + carried; k < b->graph->noutputs; k++)
			list_add(&lists[k - 1 - carried], &b->out[k]);
	}
	return RT_OK;
}

static enum rt_status run_loop(const struct rt_node *n, const struct rt_tensor *in,
			       struct rt_tensor *made, struct rt_err *err)
{
	int own = n->nin - n->subs[0].ncaptures, carried = own > 2 ? own - 2 : 0, nlists;
	struct list *lists;
	struct body b;
	enum rt_status status;

	body_begin(&b, &n->subs[0], in + own);
	nlists = b.graph->noutputs - 1 - carried;
	lists = rt_alloc((size_t)(nlists > 0 ? nlists : 0) + 1, sizeof(*lists));
	status = count_outputs(n, b.graph->noutputs - 1, err);
	if (status == RT_OK &&
	    (b.graph->ninputs - n->subs[0].ncaptures != 2 + carried || nlists < 0))
		status = rt_fail(err, RT_EFORMAT, "%d carried values, its graph has %d inputs",
				 carried, b.graph->ninputs - n->subs[0].ncaptures);
	for (int k = 0; k < carried && status == RT_OK; k++)
		rt_tensor_share(&b.in[2 + k], &in[2 + k]);
	if (status == RT_OK)
		status = iterate(&b, carried, lists, number(&in[0], INT64_MAX),
				 own < 2 || number(&in[1], 1), err);
	for (int k = 0; k < n->nout && status == RT_OK; k++) {
		if (k < carried)
			move(&made[k], &b.in[2 + k]);
		else
			status = stack(&made[k], &lists[k - carried], 0, false, err);
	}
	for (int k = 0; k < nlists; k++)
		list_release(&lists[k]);
	free(lists);
	body_end(&b);
	return status;
}

/* --- Scan ---------------------------------------------------------------------------------- */

static int64_t listed(const struct rt_node *n, const char *attr, int i)
{
	struct rt_ints list = rt_attr_ints(n, attr);

	return i < list.n ? list.v[i] : 0;
}

/* *out = slice i of t along the axis. */
static enum rt_status slice(struct rt_tensor *out, const struct rt_tensor *t, int axis, int64_t i,
			    struct rt_err *err)
{
	struct rt_shape s = t->shape;
	int64_t dense[RT_MAX_RANK], from[RT_MAX_RANK], step[RT_MAX_RANK];
	size_t size = rt_dtype(t->dtype)->size;
	void *to;

	rt_steps_dense(from, &t->shape);
	s.rank--;
	for (int d = 0; d < s.rank; d++) {
		s.dim[d] = t->shape.dim[d < axis ? d : d + 1];
		step[d] = from[d < axis ? d : d + 1];
	}
	rt_tensor_release(out);
	RT_TRY(rt_tensor_new(out, t->dtype, &s, err));
	RT_TRY(rt_tensor_write(&to, out, err));
	rt_steps_dense(dense, &s);
	rt_copy_steps(to, dense, (const char *)rt_tensor_data(t) + (size_t)(i * from[axis]) * size,
		      step, size, &s);
	return RT_OK;
}

/* How long all scanned inputs are; the axis of each. */
static enum rt_status lengths(int64_t *T, int *axis, const struct rt_node *n,
			      const struct rt_tensor *scanned, int count, struct rt_err *err)
{
	for (int k = 0; k < count; k++) {
		int64_t a = listed(n, "scan_input_axes", k);
		int rank = scanned[k].shape.rank;

		axis[k] = (int)(a < 0 ? a + rank : a);
		if (a < -rank || a >= rank)
			return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " of %d dimensions", a,
				       rank);
		if (k > 0 && scanned[k].shape.dim[axis[k]] != *T)
			return rt_fail(err, RT_ESHAPE,
				       "inputs of %" PRId64 " and %" PRId64 " steps", *T,
				       scanned[k].shape.dim[axis[k]]);
		*T = scanned[k].shape.dim[axis[k]];
	}
	return RT_OK;
}

static enum rt_status scan(const struct rt_node *n, struct body *b, const struct rt_tensor *in,
			   int states, int count, struct list *lists, struct rt_err *err)
{
	int *axis = rt_alloc((size_t)count + 1, sizeof(*axis));
	int64_t T = 0;
	enum rt_status status = lengths(&T, axis, n, in + states, count, err);

	for (int64_t t = 0; t < T && status == RT_OK; t++) {
		for (int k = 0; k < count && status == RT_OK; k++) {
			bool back = listed(n, "scan_input_directions", k);

			status = slice(&b->in[states + k], &in[states + k], axis[k],
				       back ? T - 1 - t : t, err);
		}
		if (status == RT_OK && body_run(b, err) != RT_OK)
			status = rt_wrap(err, "step %" PRId64, t);
		for (int k = 0; k < states && status == RT_OK; k++)
			move(&b->in[k], &b->out[k]);
		for (int k = states; k < b->graph->noutputs && status == RT_OK; k++)
			list_add(&lists[k - states], &b->out[k]);
	}
	free(axis);
	return status;
}

static enum rt_status run_scan(const struct rt_node *n, const struct rt_tensor *in,
			       struct rt_tensor *made, struct rt_err *err)
{
	int own = n->nin - n->subs[0].ncaptures, count = (int)rt_attr_int(n, "num_scan_inputs", 0);
	int states = own - count, nlists;
	struct list *lists;
	struct body b;
	enum rt_status status;

	body_begin(&b, &n->subs[0], in + own);
	nlists = b.graph->noutputs - states;
	lists = rt_alloc((size_t)(nlists > 0 ? nlists : 0) + 1, sizeof(*lists));
	status = count_outputs(n, b.graph->noutputs, err);
	if (status == RT_OK &&
	    (states < 0 || nlists < 0 || b.graph->ninputs - n->subs[0].ncaptures != own))
		status = rt_fail(err, RT_EFORMAT, "%d inputs, its graph has %d", own,
				 b.graph->ninputs - n->subs[0].ncaptures);
	for (int k = 0; k < states && status == RT_OK; k++)
		rt_tensor_share(&b.in[k], &in[k]);
	if (status == RT_OK)
		status = scan(n, &b, in, states, count, lists, err);
	for (int k = 0; k < n->nout && status == RT_OK; k++) {
		if (k < states)
			move(&made[k], &b.in[k]);
		else
			status = stack(&made[k], &lists[k - states],
				       listed(n, "scan_output_axes", k - states),
				       listed(n, "scan_output_directions", k - states), err);
	}
	for (int k = 0; k < nlists; k++)
		list_release(&lists[k]);
	free(lists);
	body_end(&b);
	return status;
}

enum rt_status control_run(const struct rt_node *n, const struct rt_tensor *in,
			   struct rt_tensor *made, struct rt_err *err)
{
	if (n->op == &rt_op_If)
		return run_if(n, in, made, err);
	return n->op == &rt_op_Loop ? run_loop(n, in, made, err) : run_scan(n, in, made, err);
}
