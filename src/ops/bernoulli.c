/* bernoulli.c - Bernoulli: 1 with the probability that the input says, else 0. */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE(NULL),
	RT_RANDOM_SEED,
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	if (!rt_dtype(c->in[0].dtype)->is_float)
		return rt_fail(err, RT_ESHAPE, "input is %s; probabilities are floats",
			       rt_dtype(c->in[0].dtype)->row.name);
	return rt_random_infer_like(c, err);
}

static void forward(const struct rt_call *c)
{
	size_t in = rt_dtype(c->in[0].dtype)->size, out = rt_dtype(c->out[0].dtype)->size;
	struct rt_rng rng = rt_random_stream(c);

	for (int64_t i = 0; i < rt_shape_count(&c->in[0].shape); i++) {
		double p;

		rt_convert(&p, RT_F64, (const char *)c->in[0].data + (size_t)i * in, c->in[0].dtype,
			   1);
		p = rt_rng_uniform(&rng) < p ? 1 : 0;
		rt_convert((char *)c->out[0].data + (size_t)i * out, c->out[0].dtype, &p, RT_F64,
			   1);
	}
}

const struct rt_op rt_op_Bernoulli = {
	.row = {.name = "Bernoulli", .summary = "1 with the probability the input says, else 0",
		.opts = opts, .params_size = sizeof(struct rt_random_attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_RANDOM,
	.infer = infer,
	.forward = forward,
};
