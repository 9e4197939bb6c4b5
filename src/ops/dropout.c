/* dropout.c - Dropout: in training y = x m / (1 - ratio), m = 0 with probability ratio, else 1.
 *
 * Srivastava et al., JMLR 15 (2014), scaled as ONNX does it.  One key is drawn a call; element i
 * then depends on key and i alone, so that the mask is the same for any number of threads.  Whether
 * a run trains is decided by its purpose, not by the third input.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/parallel.h"

#include <string.h>

struct dropout {
	int64_t seed;
};

static const struct rt_opt opts[] = {
	{.name = "seed", .type = RT_INT, .offset = offsetof(struct dropout, seed),
	 .summary = "kept for files; the session's own seed is used"},
	{0},
};

/* saved: the factor of what is kept, then from here on one byte an element, 0 = dropped. */
#define MASK_OFFSET 64

static double ratio_of(const struct rt_call *c)
{
	double ratio = 0.5;

	if (c->nin > 1 && c->in[1].present)
		rt_convert(&ratio, RT_F64, c->in[1].data, c->in[1].dtype, 1);
	return ratio;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	char buf[128];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	if (c->nin > 1 && c->in[1].present) {
		if (!rt_dtype(c->in[1].dtype)->is_float || rt_shape_count(&c->in[1].shape) != 1)
			return rt_fail(err, RT_ESHAPE, "ratio is %s %s, one float is wanted",
				       rt_dtype(c->in[1].dtype)->row.name,
				       rt_shape_text(buf, sizeof(buf), &c->in[1].shape));
		if (c->in[1].data && !(ratio_of(c) >= 0 && ratio_of(c) < 1))
			return rt_fail(err, RT_EINVAL,
				       "ratio %g; at least 0 and below 1 is wanted, e.g. 0.5",
				       ratio_of(c));
	}
	c->out[0].dtype = RT_F32;
	c->out[0].shape = c->in[0].shape;
	if (c->nout > 1) {
		c->out[1].dtype = RT_BOOL8;
		c->out[1].shape = c->in[0].shape;
	}
	return RT_OK;
}

static size_t saved_size(const struct rt_call *c)
{
	return c->purpose == RT_TRAIN ? MASK_OFFSET + (size_t)rt_shape_count(&c->in[0].shape) : 0;
}

static void draw_mask(uint8_t *mask, int64_t n, double ratio, struct rt_rng *rng)
{
	const uint32_t low = rt_rng_u32(rng), key[2] = {low, rt_rng_u32(rng)};
	const uint64_t below = ratio > 0 ? (uint64_t)((ratio < 1 ? ratio : 1) * 4294967296.0) : 0;
	const int64_t blocks = (n + 3) / 4;
	int threads = rt_split(blocks, n * 8);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t b = 0; b < blocks; b++) {
		const uint32_t counter[4] = {(uint32_t)b, (uint32_t)((uint64_t)b >> 32), 0, 0};
		uint32_t word[4];

		rt_philox(word, counter, key);
		for (int64_t j = 0; j < 4 && 4 * b + j < n; j++)
			mask[4 * b + j] = word[j] >= below;
	}
}

static void forward(const struct rt_call *c)
{
	const int64_t n = rt_shape_count(&c->in[0].shape);
	const float *x = c->in[0].data;
	float *y = c->out[0].data;
	uint8_t *mask;
	float factor;

	if (c->purpose != RT_TRAIN) {
		if (y != x)
			memcpy(y, x, (size_t)n * sizeof(*y));
		if (c->nout > 1 && c->out[1].present)
			memset(c->out[1].data, 1, (size_t)n);
		return;
	}
	mask = (uint8_t *)c->saved + MASK_OFFSET;
	factor = ratio_of(c) < 1 ? (float)(1 / (1 - ratio_of(c))) : 0;
	memcpy(c->saved, &factor, sizeof(factor));
	draw_mask(mask, n, ratio_of(c), c->rng);
#pragma omp simd
	for (int64_t i = 0; i < n; i++)
		y[i] = mask[i] ? x[i] * factor : 0;
	if (c->nout > 1 && c->out[1].present)
		memcpy(c->out[1].data, mask, (size_t)n);
}

static void backward(const struct rt_call *c)
{
	const int64_t n = rt_shape_count(&c->in[0].shape);
	float *restrict dx = c->in[0].grad;
	const float *restrict dy = c->out[0].grad;
	const uint8_t *mask = (const uint8_t *)c->saved + MASK_OFFSET;
	float factor;

	if (!dx || !dy)
		return;
	if (c->purpose != RT_TRAIN) {
#pragma omp simd
		for (int64_t i = 0; i < n; i++)
			dx[i] += dy[i];
		return;
	}
	memcpy(&factor, c->saved, sizeof(factor));
#pragma omp simd
	for (int64_t i = 0; i < n; i++)
		dx[i] += mask[i] ? dy[i] * factor : 0;
}

const struct rt_op rt_op_Dropout = {
	.row = {.name = "Dropout", .summary = "in training, elements set to zero at random",
		.opts = opts, .params_size = sizeof(struct dropout)},
	.min_in = 1, .max_in = 3, .min_out = 1, .max_out = 2,
	.flags = RT_OP_INPLACE | RT_OP_RANDOM,
	.infer = infer,
	.saved_size = saved_size,
	.forward = forward,
	.backward = backward,
};
