/* depth_to_space.c - DepthToSpace and SpaceToDepth: channels to blocks of pixels and back.
 *
 * deep (N, R R C, H, W), wide (N, C, H R, W R) with R the block size; deep channel (r, s, c) under
 * DCR, (c, r, s) under CRD, is pixel (r, s) of the blocks of channel c (Shi et al., arXiv
 * 1609.05158).
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

#include <inttypes.h>

struct attrs {
	int64_t blocksize;
	int mode;
};

enum { DCR, CRD };
static const char *const modes[] = {[DCR] = "DCR", [CRD] = "CRD", NULL};

#define BLOCKSIZE                                                                                  \
	{.name = "blocksize", .summary = "side of a block of pixels", .type = RT_INT,              \
	 .offset = offsetof(struct attrs, blocksize), .min = 1, .max = 65536, .example = "2",      \
	 .flags = RT_OPT_REQUIRED}

static const struct rt_opt depth_opts[] = {
	BLOCKSIZE,
	{"mode", "order in the channels: DCR block before channel, CRD channel before block",
	 RT_CHOICE, offsetof(struct attrs, mode), "DCR", .choices = modes},
	{0},
};

static const struct rt_opt space_opts[] = {BLOCKSIZE, {0}};

static enum rt_status infer_wide(struct rt_call *c, struct rt_err *err)
{
	const int64_t R = RT_ATTRS(attrs, c)->blocksize;
	const struct rt_shape *x = &c->in[0].shape;
	int64_t dim[4];

	RT_TRY(rt_want_rank(c, 0, "input", 4, err));
	if (x->dim[1] % (R * R))
		return rt_fail(err, RT_ESHAPE,
			       "%" PRId64 " channels are no multiple of the %" PRId64
			       " pixels of a block", x->dim[1], R * R);
	dim[0] = x->dim[0];
	dim[1] = x->dim[1] / (R * R);
	dim[2] = x->dim[2] * R;
	dim[3] = x->dim[3] * R;
	c->out[0].dtype = c->in[0].dtype;
	return rt_known_shape(&c->out[0].shape, dim, 4, err);
}

static enum rt_status infer_deep(struct rt_call *c, struct rt_err *err)
{
	const int64_t R = RT_ATTRS(attrs, c)->blocksize;
	const struct rt_shape *x = &c->in[0].shape;
	int64_t dim[4];

	RT_TRY(rt_want_rank(c, 0, "input", 4, err));
	if (x->dim[2] % R || x->dim[3] % R)
		return rt_fail(err, RT_ESHAPE,
			       "%" PRId64 "x%" PRId64
			       " pixels do not divide into blocks of %" PRId64 "x%" PRId64,
			       x->dim[2], x->dim[3], R, R);
	dim[0] = x->dim[0];
	if (__builtin_mul_overflow(x->dim[1], R * R, &dim[1]))
		return rt_fail(err, RT_ESHAPE, "more channels than can be counted");
	dim[2] = x->dim[2] / R;
	dim[3] = x->dim[3] / R;
	c->out[0].dtype = c->in[0].dtype;
	return rt_known_shape(&c->out[0].shape, dim, 4, err);
}

/* The elements as (N, C, H, R, W, R), and the steps of both sides. */
static struct rt_shape blocks(const struct rt_shape *wide, int64_t R, int mode,
			      int64_t wide_step[RT_MAX_RANK], int64_t deep_step[RT_MAX_RANK])
{
	const int64_t C = wide->dim[1], H = wide->dim[2] / R, W = wide->dim[3] / R, plane = H * W;
	const struct rt_shape shape = RT_SHAPE(wide->dim[0], C, H, R, W, R);

	rt_steps_dense(wide_step, &shape);
	deep_step[0] = C * R * R * plane;
	deep_step[1] = (mode == DCR ? 1 : R * R) * plane;
	deep_step[2] = W;
	deep_step[3] = (mode == DCR ? R * C : R) * plane;
	deep_step[4] = 1;
	deep_step[5] = (mode == DCR ? C : 1) * plane;
	return shape;
}

static void copy(const struct rt_call *c, bool to_wide, int mode)
{
	const struct rt_arg *wide = to_wide ? &c->out[0] : &c->in[0];
	int64_t wide_step[RT_MAX_RANK] = {0}, deep_step[RT_MAX_RANK] = {0};
	const struct rt_shape shape = blocks(&wide->shape, RT_ATTRS(attrs, c)->blocksize, mode,
					     wide_step, deep_step);

	rt_copy_steps(c->out[0].data, to_wide ? wide_step : deep_step, c->in[0].data,
		      to_wide ? deep_step : wide_step, rt_dtype(c->in[0].dtype)->size, &shape);
}

static void add_back(const struct rt_call *c, bool to_wide, int mode)
{
	const struct rt_arg *wide = to_wide ? &c->out[0] : &c->in[0];
	int64_t wide_step[RT_MAX_RANK] = {0}, deep_step[RT_MAX_RANK] = {0};
	const struct rt_shape shape = blocks(&wide->shape, RT_ATTRS(attrs, c)->blocksize, mode,
					     wide_step, deep_step);

	if (c->in[0].grad && c->out[0].grad)
		rt_add_steps(c->in[0].grad, to_wide ? deep_step : wide_step, c->out[0].grad,
			     to_wide ? wide_step : deep_step, &shape);
}

static void depth_forward(const struct rt_call *c)
{
	copy(c, true, RT_ATTRS(attrs, c)->mode);
}

static void depth_backward(const struct rt_call *c)
{
	add_back(c, true, RT_ATTRS(attrs, c)->mode);
}

static void space_forward(const struct rt_call *c)
{
	copy(c, false, DCR);
}

static void space_backward(const struct rt_call *c)
{
	add_back(c, false, DCR);
}

const struct rt_op rt_op_DepthToSpace = {
	.row = {.name = "DepthToSpace", .summary = "channels to blocks of pixels",
		.opts = depth_opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer_wide,
	.forward = depth_forward,
	.backward = depth_backward,
};

const struct rt_op rt_op_SpaceToDepth = {
	.row = {.name = "SpaceToDepth", .summary = "blocks of pixels to channels",
		.opts = space_opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer_deep,
	.forward = space_forward,
	.backward = space_backward,
};
