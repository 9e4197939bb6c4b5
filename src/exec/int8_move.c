/* int8_move.c - where numbers are quantized: as early as the result stays the same, and only
 * once. */
#include "config.h"

#include "exec/int8.h"
#include "ops/ops.h"

#include <math.h>
#include <string.h>

bool int8_is_single(const struct int8_pass *m, const struct rt_node *n)
{
	const struct rt_param *scale = rt_graph_param(m->p->graph, n->in[1]);
	float s;

	if (!scale || rt_tensor_count(&scale->data) != 1)
		return false;
	if (n->nin > 2 && n->in[2] >= 0 &&
	    (!rt_graph_param(m->p->graph, n->in[2]) ||
	     rt_shape_count(int8_shape_of(m, n->in[2])) != 1))
		return false;
	s = *(const float *)rt_tensor_data(&scale->data);
	return isfinite(s) && s > 0;
}

/* Rounding keeps order, so that the largest may be chosen before or behind it. */
static bool lets_through(const struct rt_node *n)
{
	return n->nout == 1 &&
	       (n->op == &rt_op_MaxPool || n->op->flags & RT_OP_VIEW || n->op == &rt_op_Transpose);
}

/* y = Q(f(x)) becomes y = f(Q(x)); the value between changes its type and shape. */
static bool move_up(struct int8_pass *m, int i)
{
	struct rt_node *q = &m->g->nodes[i], *f, swapped;
	int between = q->in[0], at = m->maker[between], y = q->out[0];

	if (at < 0 || !int8_is_bytes(m, y) || !lets_through(&m->g->nodes[at]) ||
	    !int8_is_single(m, q) ||
	    fuse_only_reader(m->p, between) != i || m->p->constant[between])
		return false;
	f = &m->g->nodes[at];
	if (f->in[0] < 0 || m->p->value[f->in[0]].dtype != RT_F32)
		return false;
	m->p->value[between].dtype = m->p->value[y].dtype;
	m->p->value[between].shape = m->p->value[f->in[0]].shape;
	q->in[0] = f->in[0];
	q->out[0] = between;
	f->in[0] = between;
	f->out[0] = y;
	swapped = *q;
	*q = *f;
	*f = swapped;
	m->maker[between] = at;
	m->maker[y] = i;
	return true;
}

/* The same parameter, or the same numbers in two that do not change. */
static bool same_number(const struct int8_pass *m, const struct rt_node *a, const struct rt_node *b,
			int k)
{
	const int v = k < a->nin ? a->in[k] : -1, w = k < b->nin ? b->in[k] : -1;
	const struct rt_param *x, *y;

	if (v == w || v < 0 || w < 0)
		return v == w;
	x = rt_graph_param(m->p->graph, v);
	y = rt_graph_param(m->p->graph, w);
	return !x->trainable && !y->trainable && x->data.dtype == y->data.dtype &&
	       memcmp(rt_tensor_data(&x->data), rt_tensor_data(&y->data),
		      rt_dtype(x->data.dtype)->size) == 0;
}

/* Q(DQ(q)) with the same scale is q. */
static bool drop_repeated(struct int8_pass *m, int i)
{
	const struct rt_node *q = &m->g->nodes[i], *d;
	int at = m->maker[q->in[0]], from = q->out[0], to;

	if (at < 0 || m->p->pinned[from])
		return false;
	d = &m->g->nodes[at];
	to = d->in[0];
	if (d->op != &rt_op_DequantizeLinear || !int8_is_single(m, q) || !int8_is_single(m, d) ||
	    m->p->value[to].dtype != m->p->value[from].dtype || !same_number(m, q, d, 1) ||
	    !same_number(m, q, d, 2))
		return false;
	for (int k = 0; k < m->g->nnodes; k++)
		for (int j = 0; j < m->g->nodes[k].nin; j++)
			if (m->g->nodes[k].in[j] == from)
				m->g->nodes[k].in[j] = to;
	return true;
}

void int8_move(struct int8_pass *m)
{
	bool again = true;

	while (again) {
		again = false;
		for (int i = 0; i < m->g->nnodes; i++)
			if (m->g->nodes[i].op == &rt_op_QuantizeLinear && move_up(m, i))
				again = true;
	}
	for (int i = 0; i < m->g->nnodes; i++)
		if (m->g->nodes[i].op == &rt_op_QuantizeLinear)
			drop_repeated(m, i);
}
