/* where.c - Where: y = a where the condition holds, else b, with broadcasting.
 *
 * in[0] condition (bool), in[1] a, in[2] b; da = sum of dy where it holds, db = sum of the others.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/binary.h"
#include "tensor/nest.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_shape both;

	RT_TRY(rt_want_type(c, 0, "condition is", RT_TRUTH, err));
	if (c->in[1].dtype != c->in[2].dtype)
		return rt_fail(
			err, RT_ESHAPE, "the choices are %s and %s; they must be of one type",
			rt_dtype(c->in[1].dtype)->row.name, rt_dtype(c->in[2].dtype)->row.name);
	c->out[0].dtype = c->in[1].dtype;
	RT_TRY(rt_shape_broadcast(&both, &c->in[1].shape, &c->in[2].shape, err));
	return rt_shape_broadcast(&c->out[0].shape, &both, &c->in[0].shape, err);
}

/* --- forward ------------------------------------------------------------------------------ */

enum { Y, CONDITION, A, B }; /* operands of the nest */

struct job {
	const struct rt_call *call;
	size_t size;		/* of an element */
	int64_t step[RT_NEST_OPERANDS];
};

#define CHOOSE(type)                                                                               \
	for (int64_t i = 0; i < len; i++)                                                          \
		((type *)y)[i] = on[i * j->step[CONDITION]]                                        \
					 ? ((const type *)a)[i * j->step[A]]                       \
					 : ((const type *)b)[i * j->step[B]];                      \
	break;

static void row(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len)
{
	const struct job *j = ctx;
	const struct rt_arg *in = j->call->in;
	const unsigned char *on = (const unsigned char *)in[0].data + at[CONDITION];
	void *y = (char *)j->call->out[0].data + (size_t)at[Y] * j->size;
	const void *a = (const char *)in[1].data + (size_t)at[A] * j->size;
	const void *b = (const char *)in[2].data + (size_t)at[B] * j->size;

	(void)from;
	switch (j->size) {
	case 1: CHOOSE(uint8_t)
	case 2: CHOOSE(uint16_t)
	case 4: CHOOSE(uint32_t)
	default: CHOOSE(uint64_t)
	}
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *ys = &c->out[0].shape;
	struct job job = {.call = c, .size = rt_dtype(c->out[0].dtype)->size};
	int64_t step[RT_MAX_RANK];
	struct rt_nest nest;

	rt_nest_init(&nest, ys);
	rt_steps_dense(step, ys);
	rt_nest_add(&nest, step);
	for (int i = 0; i < 3; i++) {
		rt_steps_broadcast(step, &c->in[i].shape, ys);
		rt_nest_add(&nest, step);
	}
	rt_nest_collapse(&nest);
	for (int k = 0; k < RT_NEST_OPERANDS; k++)
		job.step[k] = nest.step[k][nest.rank - 1];
	rt_nest_rows(&nest, 1, row, &job);
}

/* --- backward ----------------------------------------------------------------------------- */

/* What of dy belongs to one choice, and the condition as numbers. */
static size_t work_size(const struct rt_call *c)
{
	return (size_t)(rt_shape_count(&c->out[0].shape) + rt_shape_count(&c->in[0].shape)) *
	       sizeof(float);
}

static void backward(const struct rt_call *c)
{
	const struct rt_shape *ys = &c->out[0].shape, *on = &c->in[0].shape;
	int64_t n = rt_shape_count(ys), conditions = rt_shape_count(on);
	const unsigned char *condition = c->in[0].data;
	float *part = c->work, *number = part + n;

	if (!c->out[0].grad || !rt_dtype(c->out[0].dtype)->is_float)
		return;
	for (int choice = 1; choice <= 2; choice++) {
		if (!c->in[choice].grad)
			continue;
		for (int64_t i = 0; i < conditions; i++)
			number[i] = (condition[i] != 0) == (choice == 1);
		rt_binary(RT_BINARY_MUL, RT_F32, part, ys,
			  (struct rt_operand){c->out[0].grad, ys}, (struct rt_operand){number, on});
		rt_sum_to(c->in[choice].grad, &c->in[choice].shape, part, ys, 1);
	}
}

const struct rt_op rt_op_Where = {
	.row = {.name = "Where",
		.summary = "one of two elements by a condition, with broadcasting"},
	.min_in = 3,
	.max_in = 3,
	.min_out = 1,
	.max_out = 1,
	.bwd_in = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
