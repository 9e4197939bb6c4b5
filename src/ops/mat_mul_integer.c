/* mat_mul_integer.c - MatMulInteger: the product of matrices of bytes less their zero points, in
 * i32. */
#include "config.h"

#include "ops/ops.h"
#include "ops/whole.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_whole_product p;

	RT_TRY(rt_want_bytes(c, 0, "A", err));
	RT_TRY(rt_want_bytes(c, 1, "B", err));
	RT_TRY(rt_whole_product(&p, &c->in[0].shape, &c->in[1].shape, err));
	RT_TRY(rt_want_zero(c, 2, 0, "zero point of A", p.a.dim[p.a.rank - 2], err));
	RT_TRY(rt_want_zero(c, 3, 1, "zero point of B", p.b.dim[p.b.rank - 1], err));
	c->out[0].dtype = RT_I32;
	c->out[0].shape = p.y;
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_whole_product p;
	struct rt_err err;

	RT_ASSERT(rt_whole_product(&p, &c->in[0].shape, &c->in[1].shape, &err) == RT_OK);
	return rt_whole_matmul_work(&p.a, &p.b);
}

static void forward(const struct rt_call *c)
{
	struct rt_whole_product p;
	struct rt_err err;

	RT_ASSERT(rt_whole_product(&p, &c->in[0].shape, &c->in[1].shape, &err) == RT_OK);
	rt_whole_matmul(c->out[0].data, &p.all, rt_bytes_of(c, 0, 2), &p.a, rt_bytes_of(c, 1, 3),
			&p.b, c->work);
}

const struct rt_op rt_op_MatMulInteger = {
	.row = {.name = "MatMulInteger", .summary = "product of matrices of bytes with whole sums"},
	.min_in = 2, .max_in = 4, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
