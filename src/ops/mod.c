/* mod.c - Mod: what remains of a / b; with the sign of b for whole numbers, with the sign of a
 * under fmod, which real numbers need.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"

struct attrs {
	bool fmod;
};

static const struct rt_opt opts[] = {
	{"fmod", "the remainder has the sign of the dividend", RT_BOOL,
	 offsetof(struct attrs, fmod), "no"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_arith_infer(c, err));
	if (rt_dtype(c->in[0].dtype)->is_float && !RT_ATTRS(attrs, c)->fmod)
		return rt_fail(err, RT_ESHAPE, "the inputs are %s; real numbers need fmod 1",
			       rt_dtype(c->in[0].dtype)->row.name);
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	rt_arith_forward(c, RT_ATTRS(attrs, c)->fmod ? RT_BINARY_FMOD : RT_BINARY_MOD);
}

/* da = dy, db = -dy trunc(a / b) */
static void backward(const struct rt_call *c)
{
	rt_arith_backward(c, RT_BINARY_FMOD);
}

const struct rt_op rt_op_Mod = {
	.row = {.name = "Mod", .summary = "what remains of a division, with broadcasting",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_in = 3,
	.infer = infer,
	.work_size = rt_arith_work,
	.forward = forward,
	.backward = backward,
};
