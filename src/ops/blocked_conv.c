/* blocked_conv.c - y = clamp(a conv(x, w, b) + c + z) on blocks of channels, a and c those of
 * fused_conv.c: a goes into the weights, which stay packed from run to run. */
#include "config.h"

#include "ops/blocked.h"
#include "ops/fused_conv.h"
#include "tensor/conv_blocked.h"

#include <string.h>

/* Numbers of one array by channel of y, rounded up. */
static size_t factors(const struct rt_blocked_conv *a)
{
	return (size_t)rt_blocks(a->g.K) * RT_BLOCK;
}

/* The bias, then the weights. */
static size_t kept_size(const struct rt_call *c)
{
	const struct rt_blocked_conv *a = c->attrs;

	return factors(a) * sizeof(float) + rt_conv_blocked_pack_bytes(&a->g, a->x_planes);
}

/* While packing: a (K), and as many weights of 1 for batch normalization alone. */
static size_t work_size(const struct rt_call *c)
{
	const struct rt_blocked_conv *a = c->attrs;
	const size_t run = rt_conv_blocked_work(&a->g, a->x_planes);
	const size_t pack = 2 * factors(a) * sizeof(float);

	return run > pack ? run : pack;
}

static const float *data(const struct rt_call *c, int k)
{
	return c->in[k].present ? c->in[k].data : NULL;
}

static void pack(const struct rt_call *c, float *bias, float *packed)
{
	const struct rt_blocked_conv *a = c->attrs;
	const float *w = data(c, 1), *b = data(c, 2);
	float *scale = c->work, *ones = scale + factors(a);
	const bool norm = c->in[3].present;

	memset(bias, 0, factors(a) * sizeof(float));
	if (norm)
		rt_fused_conv_fold(c, a->epsilon, scale, bias, b);
	else if (b)
		memcpy(bias, b, (size_t)a->g.K * sizeof(float));
	for (int64_t k = 0; !w && k < a->g.K; k++)
		ones[k] = 1;
	rt_conv_blocked_pack(&a->g, a->x_planes, packed, w ? w : ones, norm ? scale : NULL);
}

static void forward(const struct rt_call *c)
{
	const struct rt_blocked_conv *a = c->attrs;
	float *bias = c->kept, *packed = bias + factors(a);
	const struct rt_conv_post post = {.bias = bias, .add = data(c, 7), .lo = (float)a->lo,
					  .hi = (float)a->hi};

	if (!c->ready)
		pack(c, bias, packed);
	rt_conv_blocked(&a->g, a->x_planes, c->out[0].data, c->in[0].data, packed, &post, c->work);
}

static void cost(const struct rt_call *c, struct rt_cost *out)
{
	out->macs = rt_conv_macs(&RT_ATTRS(rt_blocked_conv, c)->g);
}

const struct rt_op rt_op_blocked_conv = {
	.row = {.name = "BlockedConv", .summary = "FusedConv on blocks of channels",
		.params_size = sizeof(struct rt_blocked_conv)},
	.min_in = RT_BLOCKED_CONV_INS,
	.max_in = RT_BLOCKED_CONV_INS,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_INTERNAL,
	.work_size = work_size,
	.kept_size = kept_size,
	.kept_in = 2 | 4 | 8 | 16 | 32 | 64,
	.forward = forward,
	.cost = cost,
};
