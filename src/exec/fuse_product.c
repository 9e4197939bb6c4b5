/* fuse_product.c - MatMul and Gemm with what follows them as one step: a factor, a bias, a mask and
 * a softmax, a function or another branch; transposes around them become strides.
 *
 * For every product the longest chain of nodes that a FusedProduct can do is taken.
 */
#include "config.h"

#include "exec/product_loops.h"
#include "graph/attr.h"
#include "ops/fused_product.h"
#include "ops/ops.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define LONGEST 12

/* What one product absorbs, up to the value it then makes. */
struct chain {
	int node[LONGEST], n;		/* behind the product */
	int value;			/* the last one's result */
	int bias, add;			/* values, -1 = none */
	double alpha, lo, hi;
	enum rt_product_then then;
	enum rt_pointwise f;
	struct strides out;		/* the result, as it comes from the product's own */
	bool moved;			/* out is more than the product's own axes */
	bool done;			/* nothing more fits */
};

struct fuse {
	struct rt_plan *p;
	int *made;			/* [nvalues]: the node, or -1 */
	bool *gone;			/* [nnodes] */
};

/* --- what may follow ------------------------------------------------------------------------ */

/* Whether the columns are still those of the product: its last axis, N wide. */
static bool keeps_columns(const struct chain *c, int64_t N)
{
	const struct axis *last = &c->out.axis[c->out.rank - 1];

	return N == 1 || (last->n == 1 && last->loop[0].size == N && last->loop[0].step == 1);
}

static bool broadcasts(const struct rt_shape *v, const struct rt_shape *y)
{
	if (v->rank < 1 || v->rank > y->rank)
		return false;
	for (int d = 0; d < v->rank; d++)
		if (v->dim[d] != 1 && v->dim[d] != y->dim[y->rank - v->rank + d])
			return false;
	return v->dim[v->rank - 1] == y->dim[y->rank - 1];
}

/* A softmax along the last axis. */
static bool is_softmax(const struct rt_plan *p, int node)
{
	const struct rt_node *n = node >= 0 ? &p->lowered->nodes[node] : NULL;
	int64_t axis;

	if (!n || n->op != &rt_op_Softmax)
		return false;
	axis = rt_attr_int(n, "axis", -1);
	return axis == -1 || axis == p->value[n->in[0]].shape.rank - 1;
}

/* A function of the sums; what it is goes into c. */
static bool takes_function(struct chain *c, const struct rt_plan *p, const struct rt_node *n)
{
	if (fuse_clamps(p, n, &c->lo, &c->hi)) {
		c->then = RT_PRODUCT_CLAMP;
	} else if (n->op == &rt_op_Gelu) {
		c->then = RT_PRODUCT_GELU;
		c->f = rt_attr_int(n, "approximate", 0) ? RT_POINT_GELU_TANH : RT_POINT_GELU;
	} else if (n->op == &rt_op_Tanh || n->op == &rt_op_Sigmoid) {
		c->then = RT_PRODUCT_POINT;
		c->f = n->op == &rt_op_Tanh ? RT_POINT_TANH : RT_POINT_SIGMOID;
	} else {
		return false;
	}
	return true;
}

/* Another branch of the result's shape, or a bias, or what is added before a softmax. */
static bool takes_sum(struct chain *c, const struct rt_plan *p, const struct rt_node *n, int64_t N)
{
	const struct rt_shape *y = &p->value[c->value].shape;
	int other;

	if (n->op != &rt_op_Add || c->then != RT_PRODUCT_PLAIN ||
	    !rt_shape_equal(y, &p->value[n->out[0]].shape))
		return false;
	other = n->in[0] == c->value ? n->in[1] : n->in[0];
	if (fuse_is_row(&p->value[other].shape, y) && c->bias < 0 && keeps_columns(c, N)) {
		c->bias = other;
		return true;
	}
	if (!c->moved && broadcasts(&p->value[other].shape, y) &&
	    is_softmax(p, fuse_only_reader(p, n->out[0]))) {
		c->add = other;
		return true;
	}
	if (fuse_addend(p, n, c->value) < 0)
		return false;
	c->add = other;
	c->done = true;
	return true;
}

static bool takes(struct chain *c, const struct rt_plan *p, int node, int64_t N)
{
	const struct rt_node *n = &p->lowered->nodes[node];
	double factor;

	if (n->nout != 1 || p->value[n->out[0]].dtype != RT_F32)
		return false;
	if (is_softmax(p, node) && !c->moved && c->then == RT_PRODUCT_PLAIN) {
		c->then = RT_PRODUCT_SOFTMAX;
		c->done = true;
		return true;
	}
	if (c->add >= 0)
		return false;
	if (n->in[0] == c->value && strides_follow(&c->out, p, n)) {
		c->moved = true;
		return true;
	}
	if (c->then == RT_PRODUCT_PLAIN && c->bias < 0 &&
	    fuse_scales(p, n, c->value, &factor)) {
		c->alpha *= factor;
		return true;
	}
	if (takes_sum(c, p, n, N))
		return true;
	return c->then == RT_PRODUCT_PLAIN && n->in[0] == c->value && takes_function(c, p, n);
}

/* --- the product ------------------------------------------------------------------------------ */

static void swap_last(struct strides *s)
{
	const struct axis last = s->axis[s->rank - 1];

	s->axis[s->rank - 1] = s->axis[s->rank - 2];
	s->axis[s->rank - 2] = last;
}

/* A Gemm adds nothing but a bias to its product. */
static bool is_product(const struct rt_plan *p, const struct rt_node *n)
{
	const struct rt_shape *y = &p->value[n->out[0]].shape;

	if ((n->op != &rt_op_MatMul && n->op != &rt_op_Gemm) || p->known[n->out[0]] ||
	    p->value[n->in[0]].shape.rank < 2 || p->value[n->in[1]].shape.rank < 2 ||
	    rt_shape_count(y) == 0 || rt_shape_count(&p->value[n->in[0]].shape) == 0)
		return false;
	if (n->op == &rt_op_MatMul || n->nin < 3 || n->in[2] < 0)
		return true;
	return rt_attr_real(n, "beta", 1) == 1 && fuse_is_row(&p->value[n->in[2]].shape, y);
}

static struct chain start(const struct rt_plan *p, const struct rt_node *n)
{
	struct chain c = {.value = n->out[0], .bias = -1, .add = -1,
			  .alpha = rt_attr_real(n, "alpha", 1), .then = RT_PRODUCT_PLAIN};

	if (n->op == &rt_op_Gemm && n->nin > 2)
		c.bias = n->in[2];
	strides_dense(&c.out, n->out[0], &p->value[n->out[0]].shape);
	return c;
}

/* A and B from where they lie, or as they come. */
static void operands(struct product_axes *x, const struct fuse *f, const struct rt_node *n,
		     bool far_a, bool far_b)
{
	const bool far[2] = {far_a, far_b};
	const char *const turned[2] = {"transA", "transB"};

	for (int i = 0; i < 2; i++) {
		if (far[i])
			strides_of(&x->of[i], f->p, f->made, n->in[i]);
		else
			strides_dense(&x->of[i], n->in[i], &f->p->value[n->in[i]].shape);
		if (rt_attr_int(n, turned[i], 0))
			swap_last(&x->of[i]);
	}
}

/* --- fusing ----------------------------------------------------------------------------------- */

static bool slope_of_value(const struct chain *c)
{
	return c->then == RT_PRODUCT_CLAMP || c->then == RT_PRODUCT_POINT ||
	       c->then == RT_PRODUCT_SOFTMAX;
}

static void apply(struct fuse *f, int product, const struct chain *c, const struct product_axes *x,
		  const struct rt_products *g)
{
	struct rt_node *n = &f->p->lowered->nodes[product];
	const int last = c->n > 0 ? c->node[c->n - 1] : product;
	struct rt_fused_product *attrs = rt_alloc(1, sizeof(*attrs));
	const int in[] = {x->of[IN_A].base, x->of[IN_B].base, c->bias, c->add};
	struct rt_node fused = {
		.name = rt_strdup(n->name), .attrs = attrs, .nout = 1,
		.op = slope_of_value(c) ? &rt_op_fused_product_curve : &rt_op_fused_product,
		.nin = c->add >= 0    ? 4
		       : c->bias >= 0 ? 3
				      : 2,
		.in = rt_memdup(in, 4, sizeof(int)), .out = rt_memdup(&c->value, 1, sizeof(int)),
	};

	attrs->products = *g;
	for (int i = 0; i < c->n; i++)
		f->gone[c->node[i]] = true;
	f->gone[product] = true;
	f->gone[last] = false;
	rt_node_release(&f->p->lowered->nodes[last]);
	f->p->lowered->nodes[last] = fused;
	f->made[c->value] = last;
}

/* Whether the product can be done with what c absorbs and operands from so far; there must be
 * something to gain. */
static bool fits(struct fuse *f, int product, const struct chain *c, bool far_a, bool far_b)
{
	const struct rt_plan *p = f->p;
	const struct rt_node *n = &p->lowered->nodes[product];
	struct product_axes x = {.add_as_y = c->add >= 0 && c->then != RT_PRODUCT_SOFTMAX};
	struct rt_products g = {.lo = (float)c->lo, .hi = (float)c->hi, .then = c->then,
				.f = c->f};

	operands(&x, f, n, far_a, far_b);
	if (c->n == 0 && x.of[IN_A].base == n->in[0] && x.of[IN_B].base == n->in[1])
		return false;
	if (!strides_invert(&x.of[IN_Y], &c->out, &p->value[n->out[0]].shape))
		return false;
	if (c->add >= 0 && !x.add_as_y)
		strides_dense(&x.of[IN_ADD], c->add, &p->value[c->add].shape);
	if (!product_loops(&g, &x))
		return false;
	g.alpha *= (float)c->alpha;
	apply(f, product, c, &x, &g);
	return true;
}

/* The longest chain that fits, with operands from as far as possible. */
static void fuse(struct fuse *f, int product)
{
	const struct rt_plan *p = f->p;
	const struct rt_node *n = &p->lowered->nodes[product];
	const struct rt_shape *y = &p->value[n->out[0]].shape;
	struct chain c[LONGEST + 1];
	int len = 0;

	c[0] = start(p, n);
	while (len < LONGEST && !c[len].done) {
		int next = fuse_only_reader(p, c[len].value);

		c[len + 1] = c[len];
		if (next < 0 || !takes(&c[len + 1], p, next, y->dim[y->rank - 1]))
			break;
		len++;
		c[len].node[c[len].n++] = next;
		c[len].value = p->lowered->nodes[next].out[0];
	}
	for (; len >= 0; len--) {
		/* what is added before a softmax alone is not worth it, and lies as y does not */
		if (c[len].add >= 0 && !c[len].done)
			continue;
		if (fits(f, product, &c[len], true, true) ||
		    fits(f, product, &c[len], true, false) ||
		    fits(f, product, &c[len], false, true) ||
		    fits(f, product, &c[len], false, false))
			return;
	}
}

void rt_fuse_products(struct rt_plan *p)
{
	struct rt_graph *g = p->lowered;
	struct fuse f = {p, rt_alloc((size_t)g->nvalues, sizeof(int)),
			 rt_alloc((size_t)g->nnodes, sizeof(bool))};

	for (int v = 0; v < g->nvalues; v++)
		f.made[v] = -1;
	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nout; k++)
			if (g->nodes[i].out[k] >= 0)
				f.made[g->nodes[i].out[k]] = i;
	for (int i = 0; i < g->nnodes; i++)
		if (!f.gone[i] && is_product(p, &g->nodes[i]))
			fuse(&f, i);
	fuse_drop(g, f.gone);
	free(f.made);
	free(f.gone);
}
