/* gather.c - Gather: slices of data picked along an axis by whole numbers; an embedding is Gather
 * on axis 0 of its table.
 *
 * data (A,D,B), indices (M) -> y (A,M,B): y[a,m] = data[a, indices[m]], negative counts from the
 * end.  An index outside -D .. D-1 that is only known while running yields NaN (0 in whole
 * numbers) and takes no gradient.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/parallel.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct gather {
	int64_t axis;
};

static const struct rt_opt opts[] = {
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct gather, axis), .init = "0",
	 .summary = "the axis picked along; negative counts from the end"},
	{0},
};

struct sizes {
	int64_t A, D, B, M;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t axis = RT_ATTRS(gather, c)->axis;
	int a = (int)(axis < 0 ? axis + x->rank : axis);

	return (struct sizes){rt_shape_span(x, 0, a), x->dim[a], rt_shape_span(x, a + 1, x->rank),
			      rt_shape_count(&c->in[1].shape)};
}

/* The slice index m names, or -1. */
static int64_t pick(const struct rt_arg *indices, int64_t m, int64_t D)
{
	int64_t i = indices->dtype == RT_I64 ? ((const int64_t *)indices->data)[m]
					     : ((const int32_t *)indices->data)[m];

	if (i < 0)
		i += D;
	return i >= 0 && i < D ? i : -1;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape, *i = &c->in[1].shape;
	struct rt_shape *y = &c->out[0].shape;
	int axis;

	if (c->in[1].dtype != RT_I32 && c->in[1].dtype != RT_I64)
		return rt_fail(err, RT_ESHAPE, "indices are %s, i32 or i64 is wanted",
			       rt_dtype(c->in[1].dtype)->row.name);
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(gather, c)->axis, x, err));
	if (x->rank - 1 + i->rank > RT_MAX_RANK)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "a result of %d dimensions; at most %d are possible",
			       x->rank - 1 + i->rank, RT_MAX_RANK);
	for (int64_t m = 0; c->in[1].data && m < rt_shape_count(i); m++)
		if (pick(&c->in[1], m, x->dim[axis]) < 0)
			return rt_fail(err, RT_ESHAPE,
				       "index number %" PRId64 " is outside the %" PRId64
				       " slices of axis %d",
				       m, x->dim[axis], axis);
	c->out[0].dtype = c->in[0].dtype;
	*y = *x;
	y->rank = x->rank - 1 + i->rank;
	memcpy(y->dim + axis, i->dim, (size_t)i->rank * sizeof(*y->dim));
	memcpy(y->dim + axis + i->rank, x->dim + axis + 1,
	       (size_t)(x->rank - axis - 1) * sizeof(*y->dim));
	return RT_OK;
}

/* n elements of no value. */
static void blank(void *to, enum rt_dtype type, int64_t n)
{
	const size_t size = rt_dtype(type)->size;
	const double nan = NAN;

	memset(to, 0, (size_t)n * size);
	for (int64_t i = 0; rt_dtype(type)->is_float && i < n; i++)
		rt_convert((char *)to + (size_t)i * size, type, &nan, RT_F64, 1);
}

static void forward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	const size_t slice = (size_t)s.B * rt_dtype(c->in[0].dtype)->size;
	const char *x = c->in[0].data;
	char *y = c->out[0].data;
	int n = rt_split(s.A * s.M, s.A * s.M * s.B);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t k = 0; k < s.A * s.M; k++) {
		int64_t from = pick(&c->in[1], k % s.M, s.D);

		if (from < 0)
			blank(y + (size_t)k * slice, c->in[0].dtype, s.B);
		else
			memcpy(y + (size_t)k * slice, x + (size_t)(k / s.M * s.D + from) * slice,
			       slice);
	}
}

static void add(float *restrict to, const float *restrict from, int64_t n)
{
#pragma omp simd
	for (int64_t j = 0; j < n; j++)
		to[j] += from[j];
}

/* dx[a, indices[m]] += dy[a,m] in the order of m; a thread owns a range of a slice's elements. */
static void backward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	const float *dy = c->out[0].grad;
	float *dx = c->in[0].grad;
	int n = rt_split(s.B, s.A * s.M * s.B);

	if (!dx)
		return;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		const int64_t lo = rt_slice(s.B, t, n), hi = rt_slice(s.B, t + 1, n);

		for (int64_t k = 0; k < s.A * s.M; k++) {
			const int64_t at = pick(&c->in[1], k % s.M, s.D);

			if (at >= 0)
				add(dx + (k / s.M * s.D + at) * s.B + lo, dy + k * s.B + lo,
				    hi - lo);
		}
	}
}

const struct rt_op rt_op_Gather = {
	.row = {.name = "Gather", .summary = "slices picked along an axis by whole numbers",
		.opts = opts, .params_size = sizeof(struct gather)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
