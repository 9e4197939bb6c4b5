/* fused_product.c - y = f(alpha A B + bias + z): the projections, scores and mixtures of attention
 * and the layers of a perceptron, with the function taken while the sums are in cache.
 *
 * A, B and y are strided matrices inside the arrays of the call (tensor/products.h), so that heads
 * are split, turned and joined without a copy.
 */
#include "config.h"

#include "ops/fused_product.h"
#include "ops/ops.h"
#include "tensor/clear.h"

static const struct rt_products *products(const struct rt_call *c)
{
	return &RT_ATTRS(rt_fused_product, c)->products;
}

static bool has(const struct rt_call *c, int i)
{
	return i < c->nin && c->in[i].present;
}

static struct rt_products_in inputs(const struct rt_call *c)
{
	return (struct rt_products_in){c->in[0].data, c->in[1].data,
				       has(c, 2) ? c->in[2].data : NULL,
				       has(c, 3) ? c->in[3].data : NULL};
}

static size_t bytes(const struct rt_call *c)
{
	return (size_t)rt_shape_count(&c->out[0].shape) * sizeof(float);
}

/* What GELU was taken of. */
static size_t saved_size(const struct rt_call *c)
{
	return products(c)->then == RT_PRODUCT_GELU && c->purpose != RT_INFER ? bytes(c) : 0;
}

/* The gradient of what a function was taken of, unless that of y makes room for it. */
static size_t work_size(const struct rt_call *c)
{
	bool curved = products(c)->then != RT_PRODUCT_PLAIN;

	return curved && c->purpose != RT_INFER && !c->spend ? bytes(c) : 0;
}

static void forward(const struct rt_call *c)
{
	const struct rt_products_in in = inputs(c);

	rt_products_forward(products(c), c->out[0].data,
			    saved_size(c) ? c->saved : NULL, &in);
}

/* Whether the products write all of a fresh gradient, each part once; if not, it is cleared. */
static bool fresh(const struct rt_call *c, int i, bool shared, int64_t elements)
{
	const int64_t count = rt_shape_count(&c->in[i].shape);

	if (!(c->fresh >> i & 1) || !c->in[i].grad)
		return false;
	if (!shared && elements == count)
		return true;
	rt_clear(c->in[i].grad, count);
	return false;
}

static void backward(const struct rt_call *c)
{
	const struct rt_products *g = products(c);
	const struct rt_products_in in = inputs(c);
	float *dy = c->out[0].grad;
	struct rt_products_grads to = {
		.a = c->in[0].grad, .b = c->in[1].grad, .bias = has(c, 2) ? c->in[2].grad : NULL,
		.add = has(c, 3) ? c->in[3].grad : NULL,
	};
	int64_t a = g->M * g->K, b = g->K * g->N;

	for (int d = 0; d < g->loops; d++) {
		a *= g->loop[d].size;
		b *= g->loop[d].size;
	}
	to.fresh_a = fresh(c, 0, rt_products_share_a(g), a);
	to.fresh_b = fresh(c, 1, rt_products_share_b(g), b);
	rt_products_backward(g, &to, dy, c->spend ? dy : c->work,
			     g->then == RT_PRODUCT_GELU ? c->saved : c->out[0].data, &in);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	const struct rt_products *g = products(c);

	cost->macs = g->M * g->N * g->K;
	for (int d = 0; d < g->loops; d++)
		cost->macs *= g->loop[d].size;
}

/* The shape is that of the values the planner put together. */
static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	(void)err;
	c->out[0].dtype = RT_F32;
	return RT_OK;
}

const struct rt_op rt_op_fused_product = {
	.row = {.name = "FusedProduct",
		.summary = "strided products, scaled, with bias, addend and function",
		.params_size = sizeof(struct rt_fused_product)},
	.min_in = 2, .max_in = 4, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL | RT_OP_SPENDS,
	.bwd_in = 1 | 2,
	.bwd_sets = 1 | 2,
	.bwd_pass = 8,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};

const struct rt_op rt_op_fused_product_curve = {
	.row = {.name = "FusedProductCurve",
		.summary = "strided products and a function whose slope follows from its value",
		.params_size = sizeof(struct rt_fused_product)},
	.min_in = 2, .max_in = 4, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL | RT_OP_SPENDS,
	.bwd_in = 1 | 2,
	.bwd_out = 1,
	.bwd_sets = 1 | 2,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
