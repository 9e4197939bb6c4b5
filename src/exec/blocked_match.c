/* blocked_match.c - what every node would be among values that lie in blocks of channels. */
#include "config.h"

#include "exec/blocked.h"
#include "graph/attr.h"
#include "ops/conv.h"
#include "ops/fused_conv.h"
#include "ops/ops.h"
#include "ops/window.h"
#include "tensor/conv_blocked.h"

#include <math.h>

static int input(const struct rt_node *n, int k)
{
	return k < n->nin ? n->in[k] : -1;
}

static const struct rt_arg *arg(const struct blocked_pass *m, int v)
{
	return &m->p->value[v];
}

static bool is_fixed(const struct blocked_pass *m, int v)
{
	return v < 0 || m->place[v].fixed;
}

/* A value with channels and one or two spatial dimensions, made in the run. */
static bool has_channels(const struct blocked_pass *m, int v)
{
	const struct rt_shape *s;

	if (v < 0 || m->place[v].fixed || arg(m, v)->dtype != RT_F32)
		return false;
	s = &arg(m, v)->shape;
	return (s->rank == 3 || s->rank == 4) && rt_shape_count(s) > 0;
}

static bool fills_blocks(const struct blocked_pass *m, int v)
{
	return arg(m, v)->shape.dim[1] % RT_BLOCK == 0;
}

/* --- layers ------------------------------------------------------------------------------- */

static bool all_fixed(const struct blocked_pass *m, const struct rt_node *n, int first, int end)
{
	for (int k = first; k < end; k++)
		if (!is_fixed(m, input(n, k)))
			return false;
	return true;
}

static void take_layer(struct turn *t, const struct rt_conv *g)
{
	struct rt_blocked_conv *a = &t->attrs.conv;

	a->g = *g;
	a->g.kept = NULL;
	a->x_planes = rt_conv_blocked_has(g, true);
	if (!a->x_planes && !rt_conv_blocked_has(g, false))
		return;
	t->able = true;
	t->op = &rt_op_blocked_conv;
	t->gain = blocked_gain_of_conv(g, a->x_planes);
}

static void match_conv(const struct blocked_pass *m, const struct rt_node *n, struct turn *t)
{
	const struct rt_fused_conv *f = n->op == &rt_op_fused_conv ? n->attrs : NULL;
	struct rt_blocked_conv *a = &t->attrs.conv;
	struct rt_arg in[2];
	const struct rt_call c = {.attrs = f ? f->conv : n->attrs, .nin = 2, .in = in};
	struct rt_conv g;

	if (!has_channels(m, n->in[0]) || !all_fixed(m, n, 1, 7) ||
	    (input(n, 7) >= 0 && !has_channels(m, n->in[7])))
		return;
	in[0] = *arg(m, n->in[0]);
	in[1] = *arg(m, n->in[1]);
	*a = (struct rt_blocked_conv){.epsilon = f ? f->epsilon : 0, .lo = f ? f->lo : -INFINITY,
				      .hi = f ? f->hi : INFINITY};
	if (rt_conv_of_call(&g, &c))
		take_layer(t, &g);
}

/* Batch normalization is a filter of one tap for each channel. */
static void match_norm(const struct blocked_pass *m, const struct rt_node *n, struct turn *t)
{
	const struct rt_shape *x = &arg(m, n->in[0])->shape;
	const int64_t H = x->rank == 4 ? x->dim[2] : 1, W = x->dim[x->rank - 1];
	const struct rt_window win = {.in = {H, W}, .out = {H, W}, .kernel = {1, 1},
				      .stride = {1, 1}, .dilation = {1, 1}};
	struct rt_conv g;

	if (!has_channels(m, n->in[0]) || !all_fixed(m, n, 1, 5) ||
	    rt_attr_int(n, "training_mode", 0))
		return;
	g = (struct rt_conv){.N = x->dim[0], .C = x->dim[1], .K = x->dim[1],
			     .groups = x->dim[1], .win = win};
	t->attrs.conv = (struct rt_blocked_conv){.epsilon = rt_attr_real(n, "epsilon", 1e-5),
						 .lo = -INFINITY, .hi = INFINITY};
	take_layer(t, &g);
	t->able = t->able && !t->attrs.conv.x_planes;
}

/* --- pools -------------------------------------------------------------------------------- */

static void match_pool(const struct blocked_pass *m, const struct rt_node *n, struct turn *t)
{
	const bool max = n->op == &rt_op_MaxPool;
	const struct rt_shape *x = &arg(m, n->in[0])->shape;
	struct rt_pool *g = &t->attrs.pool.g;
	struct rt_err err;

	if (!has_channels(m, n->in[0]) || (n->nout > 1 && n->out[1] >= 0) ||
	    rt_window_resolve(&g->win, n->attrs, NULL, x, rt_attr_int(n, "ceil_mode", 0), &err) !=
		    RT_OK)
		return;
	g->planes = x->dim[0] * rt_blocks(x->dim[1]);
	g->count_pads = !max && rt_attr_int(n, "count_include_pad", 0);
	t->able = true;
	t->op = max ? &rt_op_blocked_max_pool : &rt_op_blocked_average_pool;
}

/* Over all of the spatial dimensions and nothing else. */
static bool is_plane_mean(const struct rt_node *n, int rank)
{
	const struct rt_ints axes = rt_attr_ints(n, "axes");
	unsigned seen = 0;

	if (n->op == &rt_op_GlobalAveragePool)
		return true;
	for (int i = 0; i < axes.n; i++)
		seen |= 1u << (axes.v[i] < 0 ? axes.v[i] + rank : axes.v[i]);
	return seen == (rank == 4 ? 4 + 8 : 4);
}

static void match_mean(const struct blocked_pass *m, const struct rt_node *n, struct turn *t)
{
	if (!has_channels(m, n->in[0]) || !is_plane_mean(n, arg(m, n->in[0])->shape.rank))
		return;
	t->able = t->makes_planes = true;
	t->op = &rt_op_blocked_mean;
}

/* --- operators that run on blocks as they are ------------------------------------------------ */

/* Each number by itself, and 0 gives a number. */
static bool is_by_number(const struct rt_node *n)
{
	static const struct rt_op *const ops[] = {
		&rt_op_Abs, &rt_op_Celu, &rt_op_Clip, &rt_op_Dropout, &rt_op_Elu, &rt_op_Erf,
		&rt_op_Gelu, &rt_op_HardSigmoid, &rt_op_HardSwish, &rt_op_Identity,
		&rt_op_LeakyRelu, &rt_op_Mish, &rt_op_Neg, &rt_op_Relu, &rt_op_Selu,
		&rt_op_Sigmoid, &rt_op_Softplus, &rt_op_Softsign, &rt_op_Sqrt, &rt_op_Tanh,
	};

	for (size_t i = 0; i < RT_COUNT(ops); i++)
		if (ops[i] == n->op)
			return true;
	return false;
}

static bool is_number(const struct blocked_pass *m, int v)
{
	const struct rt_shape *s = &arg(m, v)->shape;

	return m->place[v].fixed && s->rank <= 4 && rt_shape_count(s) == 1;
}

/* Two values of one shape, or one and a number.  0 / 0 is none. */
static bool is_pair(const struct blocked_pass *m, const struct rt_node *n)
{
	const bool divides = n->op == &rt_op_Div;
	const struct rt_shape *y = &arg(m, n->out[0])->shape;

	if (!divides && n->op != &rt_op_Add && n->op != &rt_op_Sub && n->op != &rt_op_Mul)
		return false;
	for (int k = 0; k < 2; k++)
		if (!is_number(m, n->in[k]) &&
		    (!has_channels(m, n->in[k]) || !rt_shape_equal(&arg(m, n->in[k])->shape, y) ||
		     (divides && k == 1 && !fills_blocks(m, n->in[k]))))
			return false;
	return true;
}

/* Only the last operand may end within a block. */
static bool is_joint(const struct blocked_pass *m, const struct rt_node *n)
{
	const int64_t axis = rt_attr_int(n, "axis", 1);

	if (n->op != &rt_op_Concat || (axis != 1 && axis != 1 - arg(m, n->out[0])->shape.rank))
		return false;
	for (int k = 0; k < n->nin; k++)
		if (!has_channels(m, n->in[k]) ||
		    (k < n->nin - 1 && !fills_blocks(m, n->in[k])))
			return false;
	return true;
}

static void match_other(const struct blocked_pass *m, const struct rt_node *n, struct turn *t)
{
	if (n->nin < 1 || n->out[0] < 0 || (n->nout > 1 && n->out[1] >= 0))
		return;
	if (is_by_number(n))
		t->able = has_channels(m, n->in[0]) && all_fixed(m, n, 1, n->nin);
	else
		t->able = is_pair(m, n) || is_joint(m, n);
}

bool blocked_reads(const struct blocked_pass *m, int i, int k)
{
	const struct turn *t = &m->turn[i];
	const int v = m->g->nodes[i].in[k];

	if (!m->inside[i] || v < 0 || m->place[v].fixed)
		return false;
	return !(k == 0 && t->op == &rt_op_blocked_conv && t->attrs.conv.x_planes);
}

void blocked_match(struct blocked_pass *m)
{
	for (int i = 0; i < m->g->nnodes; i++) {
		const struct rt_node *n = &m->g->nodes[i];
		struct turn *t = &m->turn[i];

		if (!m->live[i] || n->nsubs || n->nin < 1 || n->in[0] < 0)
			continue;
		if (n->op == &rt_op_Conv || n->op == &rt_op_fused_conv)
			match_conv(m, n, t);
		else if (n->op == &rt_op_BatchNormalization)
			match_norm(m, n, t);
		else if (n->op == &rt_op_MaxPool || n->op == &rt_op_AveragePool)
			match_pool(m, n, t);
		else if (n->op == &rt_op_GlobalAveragePool || n->op == &rt_op_ReduceMean)
			match_mean(m, n, t);
		else
			match_other(m, n, t);
	}
}
