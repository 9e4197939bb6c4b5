/* int8_match.c - which nodes together are a layer, a sum or a pool of whole numbers. */
#include "config.h"

#include "exec/int8.h"
#include "graph/attr.h"
#include "ops/conv.h"
#include "ops/ops.h"
#include "ops/window.h"

#include <math.h>
#include <string.h>

/* Products that surely do not leave an i32: 2^31 / 255^2. */
#define MOST_PRODUCTS 32768

static const struct rt_node *maker(const struct int8_pass *m, int v)
{
	return v >= 0 && m->maker[v] >= 0 ? &m->g->nodes[m->maker[v]] : NULL;
}

static int input(const struct rt_node *n, int k)
{
	return k < n->nin ? n->in[k] : -1;
}

/* The DequantizeLinear of bytes with one scale that makes v, or NULL. */
static const struct rt_node *dequantized(const struct int8_pass *m, int v)
{
	const struct rt_node *n = maker(m, v);

	if (!n || n->op != &rt_op_DequantizeLinear || !int8_is_bytes(m, n->in[0]) ||
	    rt_graph_param(m->p->graph, n->in[0]) || !int8_is_single(m, n))
		return NULL;
	return n;
}

/* Bytes with scale and zero point as inputs k .. k+2 of a match. */
static void take_bytes(struct match *t, int k, const struct rt_node *d)
{
	t->in[k] = d->in[0];
	t->in[k + 1] = d->in[1];
	t->in[k + 2] = input(d, 2);
}

/* What follows value v: bounds, then QuantizeLinear. */
struct tail {
	int last;		/* node */
	int out;		/* value */
	double lo, hi;
	const struct rt_node *q;	/* or NULL */
};

static struct tail tail_of(const struct int8_pass *m, int node)
{
	struct tail t = {.last = node, .out = m->g->nodes[node].out[0], .lo = -INFINITY,
			 .hi = INFINITY};
	int next = fuse_only_reader(m->p, t.out);
	double lo, hi;

	while (next >= 0 && fuse_clamps(m->p, &m->g->nodes[next], &lo, &hi)) {
		/* the later bound wins */
		t.lo = fmin(fmax(t.lo, lo), hi);
		t.hi = fmin(fmax(t.hi, lo), hi);
		t.last = next;
		t.out = m->g->nodes[next].out[0];
		next = fuse_only_reader(m->p, t.out);
	}
	if (next >= 0 && m->g->nodes[next].op == &rt_op_QuantizeLinear &&
	    m->g->nodes[next].in[0] == t.out && int8_is_bytes(m, m->g->nodes[next].out[0]) &&
	    int8_is_single(m, &m->g->nodes[next])) {
		t.q = &m->g->nodes[next];
		t.last = next;
		t.out = t.q->out[0];
	}
	return t;
}

static struct match empty(const struct rt_op *op, int nin, int node)
{
	struct match t = {.op = op, .nin = nin, .first = node, .packed = -1};

	for (int i = 0; i < INT8_MAX_INS; i++)
		t.in[i] = -1;
	return t;
}

static void put(struct int8_pass *m, struct match *t, const struct tail *tail)
{
	t->out = tail->out;
	m->match[tail->last] = *t;
}

/* --- layers ------------------------------------------------------------------------------- */

/* The constant bytes behind a layer's weight; axis: that of output channels. */
static bool find_weights(const struct int8_pass *m, struct match *t, int node, int axis, int64_t K)
{
	const int v = m->g->nodes[node].in[1];
	const struct rt_node *d = maker(m, v);
	const struct rt_param *w, *zero = NULL;
	int64_t scales, given;

	if (!d || d->op != &rt_op_DequantizeLinear || !int8_is_bytes(m, d->in[0]) ||
	    fuse_only_reader(m->p, v) != node)
		return false;
	w = rt_graph_param(m->p->graph, d->in[0]);
	scales = rt_shape_count(int8_shape_of(m, d->in[1]));
	given = rt_attr_int(d, "axis", 1);
	given += given < 0 ? int8_shape_of(m, v)->rank : 0;
	if (!w || w->trainable || !rt_graph_param(m->p->graph, d->in[1]) ||
	    (scales != 1 && (scales != K || given != axis)))
		return false;
	if (input(d, 2) >= 0) {
		zero = rt_graph_param(m->p->graph, d->in[2]);
		if (!zero || zero->trainable)
			return false;
	}
	t->in[RT_INT8_W] = t->packed = v;
	t->in[RT_INT8_W_SCALE] = d->in[1];
	t->weights.bytes = (struct rt_bytes){
		rt_tensor_data(&w->data), w->data.dtype, zero ? rt_tensor_data(&zero->data) : NULL,
		zero ? rt_tensor_count(&zero->data) : 1};
	return true;
}

static bool find_bias(const struct int8_pass *m, struct match *t, int v, int64_t K)
{
	const struct rt_shape *s;

	if (v < 0)
		return true;
	s = int8_shape_of(m, v);
	t->in[RT_INT8_BIAS] = v;
	return rt_shape_count(s) == K && s->rank > 0 && s->dim[s->rank - 1] == K;
}

static bool find_conv(const struct int8_pass *m, struct match *t, int node)
{
	const struct rt_node *n = &m->g->nodes[node];
	const struct rt_node *d = dequantized(m, n->in[0]);
	struct rt_conv *g = &t->attrs.conv.g;
	struct rt_arg in[2] = {m->p->value[n->in[0]], m->p->value[n->in[1]]};
	const struct rt_call c = {.attrs = n->attrs, .nin = 2, .in = in};
	int64_t taps;

	if (!d || !rt_conv_of_call(g, &c))
		return false;
	take_bytes(t, RT_INT8_X, d);
	taps = g->win.kernel[0] * g->win.kernel[1];
	t->weights = (struct rt_int8_weights){.out = g->C / g->groups * taps, .in = taps, .tap = 1};
	return find_weights(m, t, node, 0, g->K) && find_bias(m, t, input(n, 2), g->K);
}

/* A dense layer behind Flatten sees all of an image: a window as large as that. */
static bool find_rows(const struct int8_pass *m, struct match *t, int v, int64_t C)
{
	const struct rt_node *d = dequantized(m, v), *view = maker(m, v);
	struct rt_conv *g = &t->attrs.conv.g;
	int64_t B = 1;
	const struct rt_shape *x;

	if (!d && view && view->op->flags & RT_OP_VIEW)
		d = dequantized(m, view->in[0]);
	if (!d)
		return false;
	take_bytes(t, RT_INT8_X, d);
	x = int8_shape_of(m, t->in[0]);
	for (view = maker(m, t->in[0]); x->rank < 3 && view && view->op->flags & RT_OP_VIEW &&
					int8_is_bytes(m, view->in[0]);
	     view = maker(m, t->in[0])) {
		t->in[0] = view->in[0];
		x = int8_shape_of(m, t->in[0]);
	}
	t->flat_x = x->rank < 3 || x->dim[x->rank - 1] == C;
	if (!t->flat_x) {
		B = rt_shape_span(x, 2, x->rank);
		if (x->dim[1] * B != C)
			return false;
	}
	*g = (struct rt_conv){.N = 1, .C = C / B, .groups = 1,
			      .win = {.in = {1, B}, .out = {1, 1}, .kernel = {1, B},
				      .stride = {1, 1}, .dilation = {1, 1}}};
	return true;
}

static bool find_dense(const struct int8_pass *m, struct match *t, int node)
{
	const struct rt_node *n = &m->g->nodes[node];
	const struct rt_shape *w = int8_shape_of(m, n->in[1]);
	const bool turned = n->op == &rt_op_Gemm && rt_attr_int(n, "transB", 0);
	struct rt_conv *g = &t->attrs.conv.g;
	int64_t C, K;

	if (w->rank != 2 || rt_attr_int(n, "transA", 0) || rt_attr_real(n, "alpha", 1) != 1 ||
	    rt_attr_real(n, "beta", 1) != 1 || int8_shape_of(m, n->in[0])->rank < 2)
		return false;
	C = w->dim[turned];
	K = w->dim[!turned];
	if (!find_rows(m, t, n->in[0], C))
		return false;
	g->K = K;
	t->weights = (struct rt_int8_weights){
		.out = turned ? C : 1, .in = g->win.kernel[1] * (turned ? 1 : K),
		.tap = turned ? 1 : K};
	t->flat_y = true;
	return find_weights(m, t, node, turned ? 0 : 1, K) && find_bias(m, t, input(n, 2), K);
}

/* A MatMul has its bias in an Add. */
static int take_added(const struct int8_pass *m, struct match *t, int node)
{
	const int v = m->g->nodes[node].out[0], next = fuse_only_reader(m->p, v);
	const struct rt_node *n;
	int other;

	if (next < 0 || m->g->nodes[next].op != &rt_op_Add)
		return node;
	n = &m->g->nodes[next];
	other = n->in[0] == v ? n->in[1] : n->in[0];
	if (other == v || !rt_graph_param(m->p->graph, other) ||
	    int8_shape_of(m, other)->rank != 1 ||
	    !find_bias(m, t, other, t->attrs.conv.g.K)) {
		t->in[RT_INT8_BIAS] = -1;
		return node;
	}
	return next;
}

static void match_layer(struct int8_pass *m, int node)
{
	struct match t = empty(&rt_op_int8_conv, RT_INT8_CONV_INS, node);
	const struct rt_op *op = m->g->nodes[node].op;
	const struct rt_conv *g = &t.attrs.conv.g;
	struct tail tail;

	if (op == &rt_op_Conv ? !find_conv(m, &t, node) : !find_dense(m, &t, node))
		return;
	if (g->C / g->groups * g->win.kernel[0] * g->win.kernel[1] > MOST_PRODUCTS)
		return;
	tail = tail_of(m, op == &rt_op_MatMul ? take_added(m, &t, node) : node);
	t.attrs.conv.lo = tail.lo;
	t.attrs.conv.hi = tail.hi;
	if (tail.q) {
		t.in[RT_INT8_Y_SCALE] = tail.q->in[1];
		t.in[RT_INT8_Y_ZERO] = input(tail.q, 2);
		t.attrs.conv.y = m->p->value[tail.out].dtype;
	}
	put(m, &t, &tail);
}

/* --- between layers ----------------------------------------------------------------------- */

/* A sum takes in the convolution that makes one of its operands, if nobody else reads that. */
static bool join(struct int8_pass *m, const struct match *sum, int k, const struct tail *tail)
{
	const int other = 3 - k;
	int v = sum->in[k], made = m->maker[v], reader = fuse_only_reader(m->p, v);
	struct match t;

	if (made < 0 || m->match[made].op != &rt_op_int8_conv || m->match[made].flat_y ||
	    m->match[made].out != v || m->match[made].in[RT_INT8_B] >= 0 || reader < 0 ||
	    sum->in[0] == sum->in[3] || m->g->nodes[reader].op != &rt_op_DequantizeLinear ||
	    fuse_only_reader(m->p, m->g->nodes[reader].out[0]) < 0)
		return false;
	t = m->match[made];
	m->match[made].op = NULL;
	for (int i = 0; i < 3; i++)
		t.in[RT_INT8_B + i] = sum->in[other + i];
	t.in[RT_INT8_SUM_SCALE] = sum->in[6];
	t.in[RT_INT8_SUM_ZERO] = sum->in[7];
	t.attrs.conv.sum_lo = sum->attrs.add.lo;
	t.attrs.conv.sum_hi = sum->attrs.add.hi;
	t.attrs.conv.sum = sum->attrs.add.y;
	put(m, &t, tail);
	return true;
}

static void match_add(struct int8_pass *m, int node)
{
	const struct rt_node *n = &m->g->nodes[node];
	const struct rt_node *a = dequantized(m, n->in[0]), *b = dequantized(m, n->in[1]);
	struct match t = empty(&rt_op_int8_add, RT_INT8_ADD_INS, node);
	const struct tail tail = tail_of(m, node);
	int later;

	if (!a || !b || !tail.q ||
	    !rt_shape_equal(int8_shape_of(m, a->in[0]), int8_shape_of(m, b->in[0])))
		return;
	take_bytes(&t, 0, a);
	take_bytes(&t, 3, b);
	t.in[6] = tail.q->in[1];
	t.in[7] = input(tail.q, 2);
	t.attrs.add = (struct rt_int8_add){tail.lo, tail.hi, m->p->value[tail.out].dtype};
	later = m->maker[t.in[3]] > m->maker[t.in[0]] ? 3 : 0;
	if (!join(m, &t, later, &tail) && !join(m, &t, 3 - later, &tail))
		put(m, &t, &tail);
}

static void match_max_pool(struct int8_pass *m, int node)
{
	const struct rt_node *n = &m->g->nodes[node];
	struct match t = empty(&rt_op_int8_max_pool, 1, node);
	const struct rt_shape *x = int8_shape_of(m, n->in[0]);
	struct rt_err err;

	if (!int8_is_bytes(m, n->in[0]) || n->nout > 1 || x->rank < 3 || x->rank > 4 ||
	    rt_window_resolve(&t.attrs.pool.win, n->attrs, NULL, x, rt_attr_int(n, "ceil_mode", 0),
			      &err) != RT_OK)
		return;
	t.in[0] = n->in[0];
	t.out = n->out[0];
	m->match[node] = t;
}

static void match_mean(struct int8_pass *m, int node)
{
	const struct rt_node *d = dequantized(m, m->g->nodes[node].in[0]);
	struct match t = empty(&rt_op_int8_mean, RT_INT8_MEAN_INS, node);
	struct tail tail = tail_of(m, node);

	if (!d)
		return;
	take_bytes(&t, 0, d);
	if (!tail.q || tail.lo > -INFINITY || tail.hi < INFINITY) {
		tail.last = node;
		tail.out = m->g->nodes[node].out[0];
	} else {
		t.in[3] = tail.q->in[1];
		t.in[4] = input(tail.q, 2);
		t.attrs.mean.y = m->p->value[tail.out].dtype;
	}
	put(m, &t, &tail);
}

void int8_match(struct int8_pass *m)
{
	for (int i = 0; i < m->g->nnodes; i++) {
		const struct rt_op *op = m->g->nodes[i].op;

		if (op == &rt_op_Conv || op == &rt_op_Gemm || op == &rt_op_MatMul)
			match_layer(m, i);
		else if (op == &rt_op_MaxPool)
			match_max_pool(m, i);
		else if (op == &rt_op_GlobalAveragePool)
			match_mean(m, i);
	}
	for (int i = 0; i < m->g->nnodes; i++)
		if (m->g->nodes[i].op == &rt_op_Add)
			match_add(m, i);
}
