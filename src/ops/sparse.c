/* sparse.c - layers whose weights are zero in a pattern, in inference plans. */
#include "config.h"

#include "ops/sparse.h"
#include "ops/ops.h"
#include "tensor/sparse.h"

/* What is kept: where the packed weights are, or NULL where the dense layer has to do, and behind
 * it they themselves. */
struct kept {
	struct rt_sparse *s;
	char to_line[64 - sizeof(struct rt_sparse *)];
};


/* --- convolution -------------------------------------------------------------------------- */

static struct rt_conv geometry(const struct rt_call *c)
{
	struct rt_call inner = *c;
	struct rt_conv g;

	inner.attrs = RT_ATTRS(rt_fused_conv, c)->conv;
	inner.nin = 2;
	rt_conv_of_call(&g, &inner);
	return g;
}

static enum rt_status conv_infer(struct rt_call *c, struct rt_err *err)
{
	return rt_op_fused_conv.infer(c, err);
}

static size_t conv_work(const struct rt_call *c)
{
	const struct rt_conv g = geometry(c);
	const size_t dense = rt_op_fused_conv.work_size(c);
	const size_t own = rt_fused_conv_factors(c) * sizeof(float) + rt_sparse_conv_work(&g);

	return dense > own ? dense : own;
}

static size_t conv_kept(const struct rt_call *c)
{
	return sizeof(struct kept) +
	       rt_sparse_bytes(c->in[1].shape.dim[0], RT_ATTRS(rt_sparse_conv, c)->blocks);
}

static void conv_forward(const struct rt_call *c)
{
	const struct rt_conv g = geometry(c);
	const struct rt_sparse_dense d = rt_sparse_conv_dense(&g, c->in[1].data);
	struct kept *k = c->kept;
	struct rt_call dense = *c;
	struct rt_conv_post post;

	if (k && !c->ready) {
		k->s = rt_sparse_pack(k + 1, RT_ATTRS(rt_sparse_conv, c)->blocks, &d);
		if (k->s)
			rt_sparse_conv_place(k->s, &g);
	}
	if (k && k->s) {
		const struct rt_call inner = rt_fused_conv_parts(c, &post);

		rt_sparse_conv(k->s, &g, c->out[0].data, c->in[0].data, &post, inner.work);
		return;
	}
	dense.kept = NULL;
	dense.ready = false;
	rt_op_fused_conv.forward(&dense);
}

static void conv_cost(const struct rt_call *c, struct rt_cost *cost)
{
	rt_op_fused_conv.cost(c, cost);
}

const struct rt_op rt_op_sparse_conv = {
	.row = {.name = "SparseConv",
		.summary = "convolution that leaves out blocks of zero weights",
		.params_size = sizeof(struct rt_sparse_conv)},
	.min_in = 2,
	.max_in = 8,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_INTERNAL,
	.infer = conv_infer,
	.work_size = conv_work,
	.kept_size = conv_kept,
	.kept_in = 2,
	.forward = conv_forward,
	.cost = conv_cost,
};

/* --- products ----------------------------------------------------------------------------- */

struct rt_sparse_dense rt_sparse_gemm_dense(const struct rt_sparse_gemm *a, const float *w,
					    const struct rt_shape *shape)
{
	const int64_t rows = shape->dim[0], columns = shape->dim[1];

	if (a->turned)
		return (struct rt_sparse_dense){w, rows, columns, columns, 1};
	return (struct rt_sparse_dense){w, columns, rows, 1, columns};
}

static struct rt_call gemm_call(const struct rt_call *c)
{
	struct rt_call inner = *c;

	inner.attrs = RT_ATTRS(rt_sparse_gemm, c)->attrs;
	inner.nin = RT_ATTRS(rt_sparse_gemm, c)->op->max_in;
	inner.kept = NULL;
	inner.ready = false;
	return inner;
}

static enum rt_status gemm_infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_call inner = gemm_call(c);

	return RT_ATTRS(rt_sparse_gemm, c)->op->infer(&inner, err);
}

static size_t gemm_kept(const struct rt_call *c)
{
	const struct rt_sparse_gemm *a = RT_ATTRS(rt_sparse_gemm, c);
	const struct rt_sparse_dense d = rt_sparse_gemm_dense(a, NULL, &c->in[1].shape);

	return sizeof(struct kept) +
	       (a->slots ? rt_sparse_slots_bytes(d.outputs, d.inputs, a->slots)
			 : rt_sparse_bytes(d.outputs, a->blocks));
}

/* What the dense layer leaves to do: a MatMul has no bias. */
static void finish_dense(const struct rt_sparse_gemm *a, const struct rt_call *c, int64_t N)
{
	const bool add = a->op->max_in < 3 && c->in[2].present;
	const float *bias = add ? c->in[2].data : NULL;
	float *y = c->out[0].data;

	for (int64_t i = 0; i < rt_shape_count(&c->out[0].shape); i++) {
		float v = y[i] + (bias ? bias[i % N] : 0);

		v = v < a->lo ? a->lo : v;
		y[i] = v > a->hi ? a->hi : v;
	}
}

static void gemm_forward(const struct rt_call *c)
{
	const struct rt_sparse_gemm *a = RT_ATTRS(rt_sparse_gemm, c);
	const struct rt_sparse_dense d = rt_sparse_gemm_dense(a, c->in[1].data, &c->in[1].shape);
	struct kept *k = c->kept;
	const struct rt_gemm_post post = {
		.bias = c->in[2].present ? c->in[2].data : NULL, .lo = a->lo, .hi = a->hi};
	const struct rt_call inner = gemm_call(c);

	if (k && !c->ready)
		k->s = a->slots ? rt_sparse_pack_slots(k + 1, a->slots, &d)
				: rt_sparse_pack(k + 1, a->blocks, &d);
	if (k && k->s) {
		rt_sparse_gemm(k->s, rt_shape_count(&c->in[0].shape) / d.inputs, a->alpha,
			       c->in[0].data, d.inputs, c->out[0].data, d.outputs, &post);
		return;
	}
	a->op->forward(&inner);
	finish_dense(a, c, d.outputs);
}

static void gemm_cost(const struct rt_call *c, struct rt_cost *cost)
{
	const struct rt_call inner = gemm_call(c);

	RT_ATTRS(rt_sparse_gemm, c)->op->cost(&inner, cost);
}

const struct rt_op rt_op_sparse_gemm = {
	.row = {.name = "SparseGemm",
		.summary = "product that leaves out patterns of zero weights",
		.params_size = sizeof(struct rt_sparse_gemm)},
	.min_in = 2,
	.max_in = 3,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_INTERNAL,
	.infer = gemm_infer,
	.kept_size = gemm_kept,
	.kept_in = 2,
	.forward = gemm_forward,
	.cost = gemm_cost,
};
