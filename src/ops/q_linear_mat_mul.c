/* q_linear_mat_mul.c - QLinearMatMul: the product of quantized matrices, quantized again:
 * y = saturate(round(sum (a_scale b_scale / y_scale)) + y_zero_point). */
#include "config.h"

#include "ops/ops.h"
#include "ops/whole.h"

enum { IN_A, IN_AS, IN_AZ, IN_B, IN_BS, IN_BZ, IN_YS, IN_YZ };

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_whole_product p;

	RT_TRY(rt_want_bytes(c, IN_A, "A", err));
	RT_TRY(rt_want_bytes(c, IN_B, "B", err));
	RT_TRY(rt_want_bytes(c, IN_YZ, "zero point of the result", err));
	RT_TRY(rt_whole_product(&p, &c->in[IN_A].shape, &c->in[IN_B].shape, err));
	RT_TRY(rt_want_zero(c, IN_AZ, IN_A, "zero point of A", 1, err));
	RT_TRY(rt_want_zero(c, IN_BZ, IN_B, "zero point of B", p.b.dim[p.b.rank - 1], err));
	RT_TRY(rt_want_zero(c, IN_YZ, IN_YZ, "zero point of the result", 1, err));
	RT_TRY(rt_want_scale(c, IN_AS, "scale of A", 1, err));
	RT_TRY(rt_want_scale(c, IN_BS, "scale of B", p.b.dim[p.b.rank - 1], err));
	RT_TRY(rt_want_scale(c, IN_YS, "scale of the result", 1, err));
	c->out[0].dtype = c->in[IN_YZ].dtype;
	c->out[0].shape = p.y;
	return RT_OK;
}

static int64_t scales(const struct rt_call *c)
{
	return rt_shape_count(&c->in[IN_BS].shape);
}

/* Bytes of sums and scales. */
static size_t own_work(const struct rt_call *c)
{
	size_t bytes = (size_t)rt_shape_count(&c->out[0].shape) * sizeof(int32_t) +
		       (size_t)scales(c) * sizeof(float);

	return (bytes + 63) / 64 * 64;
}

/* Sums, scales, then what the kernels need. */
static size_t work_size(const struct rt_call *c)
{
	struct rt_whole_product p;
	struct rt_err err;

	RT_ASSERT(rt_whole_product(&p, &c->in[IN_A].shape, &c->in[IN_B].shape, &err) == RT_OK);
	return own_work(c) + rt_whole_matmul_work(&p.a, &p.b);
}

static void forward(const struct rt_call *c)
{
	int64_t n = rt_shape_count(&c->out[0].shape), N;
	const float *as = c->in[IN_AS].data, *bs = c->in[IN_BS].data, *ys = c->in[IN_YS].data;
	int32_t *acc = c->work;
	float *scale = (float *)(acc + n);
	struct rt_whole_product p;
	struct rt_err err;

	RT_ASSERT(rt_whole_product(&p, &c->in[IN_A].shape, &c->in[IN_B].shape, &err) == RT_OK);
	rt_whole_matmul(acc, &p.all, rt_bytes_of(c, IN_A, IN_AZ), &p.a, rt_bytes_of(c, IN_B, IN_BZ),
			&p.b, (char *)c->work + own_work(c));
	N = p.b.dim[p.b.rank - 1];
	for (int64_t k = 0; k < scales(c); k++)
		scale[k] = *as * bs[k] / *ys;
	rt_requantize(c->out[0].data, c->out[0].dtype,
		      rt_byte(c->in[IN_YZ].data, c->in[IN_YZ].dtype, 0), acc, N ? n / N : 0, N, 1,
		      scale, scales(c));
}

const struct rt_op rt_op_QLinearMatMul = {
	.row = {.name = "QLinearMatMul", .summary = "product of quantized matrices"},
	.min_in = 8, .max_in = 8, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
