/* place.c - indices to places in data. */
#include "config.h"

#include "ops/place.h"
#include "ops/want.h"
#include "tensor/nest.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Index number i on an axis of length n, or -1. */
static int64_t on_axis(const struct rt_arg *indices, int64_t i, int64_t n)
{
	int64_t v = indices->dtype == RT_I64 ? ((const int64_t *)indices->data)[i]
					     : ((const int32_t *)indices->data)[i];

	v += v < 0 ? n : 0;
	return v >= 0 && v < n ? v : -1;
}

static enum rt_status off_axis(int64_t i, int64_t n, int axis, struct rt_err *err)
{
	return rt_fail(err, RT_ESHAPE,
		       "index number %" PRId64 " is outside the %" PRId64 " of axis %d", i, n,
		       axis);
}

/* --- one index for each element ----------------------------------------------------------- */

enum rt_status rt_element_check(const struct rt_call *c, int64_t given, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape, *m = &c->in[1].shape;
	int axis;

	RT_TRY(rt_want_type(c, 1, "indices are", RT_INDICES, err));
	RT_TRY(rt_want_axis(&axis, given, x, err));
	if (m->rank != x->rank)
		return rt_fail(err, RT_ESHAPE, "data has %d dimensions, indices have %d", x->rank,
			       m->rank);
	for (int d = 0; d < x->rank; d++)
		if (d != axis && m->dim[d] > x->dim[d])
			return rt_fail(err, RT_ESHAPE,
				       "dimension %d is %" PRId64 " in data, %" PRId64
				       " in indices", d, x->dim[d], m->dim[d]);
	for (int64_t i = 0; c->in[1].data && i < rt_shape_count(m); i++)
		if (on_axis(&c->in[1], i, x->dim[axis]) < 0)
			return off_axis(i, x->dim[axis], axis, err);
	return RT_OK;
}

void rt_element_places(int64_t *place, const struct rt_call *c, int64_t axis)
{
	const struct rt_shape *x = &c->in[0].shape, *m = &c->in[1].shape;
	const int64_t n = rt_shape_count(m);
	int64_t step[RT_MAX_RANK], along;
	struct rt_nest nest;
	struct rt_walk w;

	axis += axis < 0 ? x->rank : 0;
	rt_steps_dense(step, x);
	along = step[axis];
	step[axis] = 0;
	rt_nest_init(&nest, m);
	rt_nest_add(&nest, step);
	rt_walk_begin(&w, &nest, nest.rank, 0);
	for (int64_t i = 0; i < n; i++, rt_walk_next(&w)) {
		const int64_t at = on_axis(&c->in[1], i, x->dim[axis]);

		place[i] = at < 0 ? -1 : w.at[0] + at * along;
	}
}

/* --- one list of indices for each slice --------------------------------------------------- */

/* Numbers in one list. */
static int64_t list_length(const struct rt_call *c)
{
	return c->in[1].shape.dim[c->in[1].shape.rank - 1];
}

int64_t rt_slice_count(const struct rt_call *c)
{
	return rt_shape_span(&c->in[1].shape, 0, c->in[1].shape.rank - 1);
}

int64_t rt_slice_length(const struct rt_call *c, int64_t batch)
{
	return rt_shape_span(&c->in[0].shape, (int)(batch + list_length(c)), c->in[0].shape.rank);
}

enum rt_status rt_slice_check(const struct rt_call *c, int64_t batch, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape, *m = &c->in[1].shape;
	int64_t K;

	RT_TRY(rt_want_type(c, 1, "indices are", RT_INDICES, err));
	if (m->rank < 1 || x->rank < 1)
		return rt_fail(err, RT_ESHAPE,
			       "data has %d dimensions, indices have %d; both need 1", x->rank,
			       m->rank);
	if (batch < 0 || batch >= m->rank || batch >= x->rank)
		return rt_fail(err, RT_ESHAPE,
			       "%" PRId64 " batch dimensions of data with %d and indices with %d",
			       batch, x->rank, m->rank);
	for (int d = 0; d < batch; d++)
		if (x->dim[d] != m->dim[d])
			return rt_fail(err, RT_ESHAPE,
				       "dimension %d is %" PRId64 " in data, %" PRId64
				       " in indices", d, x->dim[d], m->dim[d]);
	K = list_length(c);
	if (K < 1 || K > x->rank - batch)
		return rt_fail(err, RT_ESHAPE,
			       "lists of %" PRId64 " indices for %" PRId64 " dimensions", K,
			       x->rank - batch);
	for (int64_t i = 0; c->in[1].data && i < rt_shape_count(m); i++)
		if (on_axis(&c->in[1], i, x->dim[batch + i % K]) < 0)
			return off_axis(i, x->dim[batch + i % K], (int)(batch + i % K), err);
	return RT_OK;
}

void rt_slice_places(int64_t *place, const struct rt_call *c, int64_t batch)
{
	const struct rt_shape *x = &c->in[0].shape;
	const int64_t n = rt_slice_count(c), K = list_length(c);
	const int64_t batches = rt_shape_span(x, 0, (int)batch);
	const int64_t each = batches ? n / batches : 0; /* lists a batch */
	int64_t step[RT_MAX_RANK];

	rt_steps_dense(step, x);
	for (int64_t i = 0; i < n; i++) {
		place[i] = i / each * rt_shape_span(x, (int)batch, x->rank);
		for (int64_t k = 0; k < K && place[i] >= 0; k++) {
			const int64_t at = on_axis(&c->in[1], i * K + k, x->dim[batch + k]);

			place[i] = at < 0 ? -1 : place[i] + at * step[batch + k];
		}
	}
}

/* --- gathering ---------------------------------------------------------------------------- */

/* n elements of no value. */
static void blank(void *to, enum rt_dtype type, int64_t n)
{
	const size_t size = rt_dtype(type)->size;
	const double nan = NAN;

	memset(to, 0, (size_t)n * size);
	for (int64_t i = 0; rt_dtype(type)->is_float && i < n; i++)
		rt_convert((char *)to + (size_t)i * size, type, &nan, RT_F64, 1);
}

void rt_gather_places(const struct rt_call *c, int64_t n, const int64_t *place, int64_t length)
{
	const size_t size = rt_dtype(c->in[0].dtype)->size, slice = (size_t)length * size;

	for (int64_t i = 0; i < n; i++) {
		char *to = (char *)c->out[0].data + (size_t)i * slice;

		if (place[i] < 0)
			blank(to, c->in[0].dtype, length);
		else
			memcpy(to, (const char *)c->in[0].data + (size_t)place[i] * size, slice);
	}
}

void rt_gather_places_backward(const struct rt_call *c, int64_t n, const int64_t *place,
			       int64_t length)
{
	for (int64_t i = 0; i < n; i++)
		for (int64_t k = 0; place[i] >= 0 && k < length; k++)
			c->in[0].grad[place[i] + k] += c->out[0].grad[i * length + k];
}
