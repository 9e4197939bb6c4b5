/* int8.c - quantized layers of an inference plan become steps on whole numbers.
 *
 * DequantizeLinear, a layer and QuantizeLinear are one step; bytes stay inside (ops/int8.h) from
 * the first QuantizeLinear to the last DequantizeLinear, wherever nobody else looks at them.
 */
#include "config.h"

#include "exec/int8.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <stdlib.h>
#include <string.h>

/* --- who reads what ----------------------------------------------------------------------- */

static int inputs(const struct int8_pass *m, int i, const int **in)
{
	const struct match *t = &m->match[i];

	*in = t->op ? t->in : m->g->nodes[i].in;
	return t->op ? t->nin : m->g->nodes[i].nin;
}

static bool makes_needed(const struct int8_pass *m, int i)
{
	const struct rt_node *n = &m->g->nodes[i];

	if (m->match[i].op)
		return m->needed[m->match[i].out];
	for (int k = 0; k < n->nout; k++)
		if (n->out[k] >= 0 && m->needed[n->out[k]])
			return true;
	return false;
}

static void mark_needed(struct int8_pass *m)
{
	const int *in;

	memcpy(m->needed, m->p->pinned, (size_t)m->g->nvalues * sizeof(bool));
	for (int i = m->g->nnodes - 1; i >= 0; i--) {
		const int n = makes_needed(m, i) ? inputs(m, i, &in) : 0;

		for (int k = 0; k < n; k++)
			if (in[k] >= 0)
				m->needed[in[k]] = true;
	}
}

/* --- what lies inside --------------------------------------------------------------------- */

/* Whether bytes have the same order inside and outside. */
static bool is_flat(const struct int8_pass *m, int v)
{
	const struct rt_shape *s = int8_shape_of(m, v);

	return s->rank >= 2 && (s->dim[1] == 1 || rt_shape_span(s, 2, s->rank) == 1);
}

static bool is_border(const struct int8_pass *m, const struct rt_node *n, const struct rt_op *op)
{
	return n->op == op && int8_is_single(m, n) && int8_shape_of(m, n->in[0])->rank >= 2;
}

/* Whether node i can read v inside. */
static bool reads_inside(const struct int8_pass *m, int i, int v)
{
	const struct match *t = &m->match[i];

	if (!t->op)
		return is_border(m, &m->g->nodes[i], &rt_op_DequantizeLinear);
	return !t->flat_x || is_flat(m, v);
}

static bool made_inside(const struct int8_pass *m, int i)
{
	const struct match *t = &m->match[i];

	if (!t->op)
		return is_border(m, &m->g->nodes[i], &rt_op_QuantizeLinear);
	return !t->flat_y || is_flat(m, t->out);
}

static void mark_inside(struct int8_pass *m)
{
	const int *in;

	for (int v = 0; v < m->g->nvalues; v++)
		m->inside[v] = false;
	for (int i = 0; i < m->g->nnodes; i++) {
		const struct match *t = &m->match[i];
		int v = t->op ? t->out : m->g->nodes[i].out[0];

		if (v >= 0 && makes_needed(m, i) && int8_is_bytes(m, v))
			m->inside[v] = !m->p->pinned[v] && made_inside(m, i);
	}
	for (int i = 0; i < m->g->nnodes; i++) {
		const int n = makes_needed(m, i) ? inputs(m, i, &in) : 0;

		for (int k = 0; k < n; k++)
			if (in[k] >= 0 && m->inside[in[k]] && !reads_inside(m, i, in[k]))
				m->inside[in[k]] = false;
	}
}

/* Bytes v as a match wants them. */
static bool fits(const struct int8_pass *m, int v)
{
	return v < 0 || !int8_is_bytes(m, v) || m->inside[v] ||
	       (is_flat(m, v) && m->p->value[v].dtype == RT_U8);
}

/* A layer can take its inputs and leave its result outside; the others cannot. */
static bool is_sound(const struct int8_pass *m, const struct match *t)
{
	const bool layer = t->op == &rt_op_int8_conv;

	if (layer && t->flat_x && !fits(m, t->in[0]) && m->p->value[t->in[0]].dtype != RT_U8)
		return false;
	if (layer && t->flat_y && !fits(m, t->out) && m->p->value[t->out].dtype != RT_U8)
		return false;
	if (layer)
		return true;
	return fits(m, t->in[0]) && fits(m, t->out) &&
	       (t->op != &rt_op_int8_add || fits(m, t->in[3]));
}

/* Gives up matches until all that are left can be had. */
static void settle(struct int8_pass *m)
{
	bool again = true;

	while (again) {
		again = false;
		mark_needed(m);
		mark_inside(m);
		for (int i = 0; i < m->g->nnodes && !again; i++) {
			if (!m->match[i].op || !makes_needed(m, i) || is_sound(m, &m->match[i]))
				continue;
			m->match[i].op = NULL;
			again = true;
		}
	}
}

/* --- the steps ---------------------------------------------------------------------------- */

/* Quantizing and dequantizing at the ends of what lies inside. */
static void match_border(struct int8_pass *m, int i)
{
	const struct rt_node *n = &m->g->nodes[i];
	const bool in = n->op == &rt_op_QuantizeLinear;
	struct match *t = &m->match[i];
	int bytes;

	if (!in && n->op != &rt_op_DequantizeLinear)
		return;
	bytes = in ? n->out[0] : n->in[0];
	if (!m->inside[bytes])
		return;
	*t = (struct match){.op = in ? &rt_op_int8_quantize : &rt_op_int8_dequantize, .nin = 3,
			    .in = {n->in[0], n->in[1], n->nin > 2 ? n->in[2] : -1},
			    .out = n->out[0], .first = i, .packed = -1};
	t->attrs.border.type = m->p->value[bytes].dtype;
}

/* Packed weights take the place of the dequantized ones. */
static enum rt_status pack(struct int8_pass *m, const struct match *t, struct rt_err *err)
{
	struct rt_arg *a = &m->p->value[t->packed];
	size_t bytes = rt_int8_pack_bytes(&t->attrs.conv.g, &t->weights);

	bytes = (bytes + 63) / 64 * 64;
	a->dtype = RT_U8;
	a->shape = RT_SHAPE((int64_t)bytes);
	if (!m->p->shares_constants) {
		free(m->p->constant[t->packed]);
		m->p->constant[t->packed] = aligned_alloc(64, bytes);
		if (!m->p->constant[t->packed])
			return rt_fail(err, RT_ENOMEM, "not enough memory for the weights of %s",
				       m->g->nodes[t->first].name);
		rt_int8_pack(&t->attrs.conv.g, m->p->constant[t->packed], &t->weights);
	}
	a->data = m->p->constant[t->packed];
	return RT_OK;
}

static void finish_layer(const struct int8_pass *m, struct match *t)
{
	struct rt_int8_conv *a = &t->attrs.conv;

	a->x_outside = !t->flat_x && !fits(m, t->in[0]);
	a->b_outside = !fits(m, t->in[RT_INT8_B]);
	a->y_outside = !t->flat_y && !fits(m, t->out);
}

static void replace(struct int8_pass *m, int i)
{
	const struct match *t = &m->match[i];
	struct rt_node *n = &m->g->nodes[i];
	struct rt_node step = {
		.op = t->op, .attrs = rt_memdup(&t->attrs, 1, t->op->row.params_size),
		.name = rt_strdup(m->g->nodes[t->first].name), .nin = t->nin, .nout = 1,
		.in = rt_memdup(t->in, (size_t)t->nin, sizeof(int)),
		.out = rt_memdup(&t->out, 1, sizeof(int)),
	};

	rt_node_release(n);
	*n = step;
}

static enum rt_status make_steps(struct int8_pass *m, struct rt_err *err)
{
	for (int i = 0; i < m->g->nnodes; i++)
		if (!m->match[i].op)
			match_border(m, i);
	mark_needed(m);
	for (int i = 0; i < m->g->nnodes; i++) {
		struct match *t = &m->match[i];

		if (!t->op || !makes_needed(m, i))
			continue;
		if (t->op == &rt_op_int8_conv)
			finish_layer(m, t);
		if (t->packed >= 0)
			RT_TRY(pack(m, t, err));
	}
	return RT_OK;
}

/* Puts the steps in their places and takes out what nobody needs any more. */
static void rewrite(struct int8_pass *m)
{
	int kept = 0;

	/* names come from nodes that are still there */
	for (int i = m->g->nnodes - 1; i >= 0; i--)
		if (m->match[i].op && makes_needed(m, i))
			replace(m, i);
	for (int i = 0; i < m->g->nnodes; i++) {
		if (makes_needed(m, i))
			m->g->nodes[kept++] = m->g->nodes[i];
		else
			rt_node_release(&m->g->nodes[i]);
	}
	m->g->nnodes = kept;
}

static bool has_quantized(const struct rt_graph *g)
{
	for (int i = 0; i < g->nnodes; i++)
		if (g->nodes[i].op == &rt_op_DequantizeLinear)
			return true;
	return false;
}

enum rt_status rt_plan_int8(struct rt_plan *p, struct rt_err *err)
{
	struct int8_pass m = {.p = p, .g = p->lowered};
	const size_t nv = (size_t)p->lowered->nvalues;
	enum rt_status status;

	if (!has_quantized(p->lowered))
		return RT_OK;
	m.maker = rt_alloc(nv, sizeof(*m.maker));
	m.match = rt_alloc((size_t)p->lowered->nnodes, sizeof(*m.match));
	m.needed = rt_alloc(nv, sizeof(bool));
	m.inside = rt_alloc(nv, sizeof(bool));
	for (size_t v = 0; v < nv; v++)
		m.maker[v] = -1;
	for (int i = 0; i < p->lowered->nnodes; i++)
		for (int k = 0; k < p->lowered->nodes[i].nout; k++)
			if (p->lowered->nodes[i].out[k] >= 0)
				m.maker[p->lowered->nodes[i].out[k]] = i;
	int8_move(&m);
	int8_match(&m);
	settle(&m);
	status = make_steps(&m, err);
	if (status == RT_OK)
		rewrite(&m);
	free(m.maker);
	free(m.match);
	free(m.needed);
	free(m.inside);
	return status;
}
