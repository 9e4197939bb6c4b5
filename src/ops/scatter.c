/* scatter.c - slices put into a copy of data, and the way back. */
#include "config.h"

#include "ops/scatter.h"
#include "ops/want.h"
#include "tensor/binary.h"

#include <string.h>

const char *const rt_scatter_choices[] = {
	[RT_SCATTER_NONE] = "none", [RT_SCATTER_ADD] = "add", [RT_SCATTER_MUL] = "mul",
	[RT_SCATTER_MAX] = "max", [RT_SCATTER_MIN] = "min", NULL,
};

static const enum rt_binary combine[] = {
	[RT_SCATTER_ADD] = RT_BINARY_ADD, [RT_SCATTER_MUL] = RT_BINARY_MUL,
	[RT_SCATTER_MAX] = RT_BINARY_MAX, [RT_SCATTER_MIN] = RT_BINARY_MIN,
};

enum rt_status rt_scatter_check(const struct rt_call *c, enum rt_scatter how, struct rt_err *err)
{
	if (how != RT_SCATTER_NONE)
		RT_TRY(rt_want_type(c, 0, "data are", RT_NUMBERS, err));
	return rt_want_same_type(c, 2, err);
}

/* The places, then two numbers for each element of the result. */
size_t rt_scatter_work(const struct rt_call *c, int64_t n)
{
	return (size_t)n * sizeof(int64_t) +
	       2 * (size_t)rt_shape_count(&c->in[0].shape) * sizeof(float);
}

void rt_scatter_forward(const struct rt_call *c, enum rt_scatter how, int64_t n, int64_t length)
{
	const enum rt_dtype type = c->in[0].dtype;
	const size_t size = rt_dtype(type)->size;
	const int64_t *place = c->work;

	memcpy(c->out[0].data, c->in[0].data, (size_t)rt_shape_count(&c->in[0].shape) * size);
	for (int64_t i = 0; i < n; i++) {
		char *to = (char *)c->out[0].data + (size_t)place[i] * size;
		const char *from = (const char *)c->in[2].data + (size_t)(i * length) * size;

		if (place[i] < 0)
			continue;
		if (how == RT_SCATTER_NONE)
			memcpy(to, from, (size_t)length * size);
		else
			rt_binary_line(combine[how], type, length, to, to, 1, from, 1);
	}
}

/* --- backward ----------------------------------------------------------------------------- */

/* Element i of an argument in single precision. */
static float value(const struct rt_arg *a, int64_t i)
{
	float v;

	if (a->dtype == RT_F32)
		return ((const float *)a->data)[i];
	rt_convert(&v, RT_F32, (const char *)a->data + (size_t)i * rt_dtype(a->dtype)->size,
		   a->dtype, 1);
	return v;
}

/* What each element of the result passes back: of NONE and ADD dy; of MUL dy times the product of
 * the factors that are not 0, where at most one is; of MAX and MIN dy over how many equal it. */
struct shares {
	float *share;
	float *count;	/* of MUL: factors that are 0; of MAX and MIN: equal ones */
};

static void count_in(const struct rt_call *c, enum rt_scatter how, struct shares *s, int64_t at,
		     float v)
{
	if (how == RT_SCATTER_MUL) {
		s->count[at] += v == 0 ? 1.0f : 0.0f;
		s->share[at] *= v == 0 ? 1.0f : v;
	} else {
		s->count[at] += v == value(&c->out[0], at) ? 1.0f : 0.0f;
	}
}

static void make_shares(const struct rt_call *c, enum rt_scatter how, struct shares *s, int64_t n,
			const int64_t *place, int64_t length)
{
	const int64_t elements = rt_shape_count(&c->in[0].shape);
	const float *dy = c->out[0].grad;

	if (how == RT_SCATTER_NONE || how == RT_SCATTER_ADD) {
		memcpy(s->share, dy, (size_t)elements * sizeof(*dy));
		return;
	}
	for (int64_t k = 0; k < elements; k++) {
		s->share[k] = 1;
		s->count[k] = 0;
		count_in(c, how, s, k, value(&c->in[0], k));
	}
	for (int64_t i = 0; i < n * length; i++)
		if (place[i / length] >= 0)
			count_in(c, how, s, place[i / length] + i % length, value(&c->in[2], i));
	for (int64_t k = 0; k < elements; k++) {
		if (how == RT_SCATTER_MUL)
			s->share[k] *= s->count[k] < 2 ? dy[k] : 0;
		else
			s->share[k] = s->count[k] > 0 ? dy[k] / s->count[k] : 0;
	}
}

/* The gradient of the element number i of a (data or updates) that went to place `at`. */
static float part(const struct rt_call *c, enum rt_scatter how, const struct shares *s,
		  const struct rt_arg *a, int64_t i, int64_t at)
{
	float v;

	if (how == RT_SCATTER_NONE || how == RT_SCATTER_ADD)
		return s->share[at];
	v = value(a, i);
	if (how != RT_SCATTER_MUL)
		return v == value(&c->out[0], at) ? s->share[at] : 0;
	return v == 0 ? s->share[at] : s->count[at] == 0 ? s->share[at] / v : 0;
}

void rt_scatter_backward(const struct rt_call *c, enum rt_scatter how, int64_t n, int64_t length)
{
	const int64_t elements = rt_shape_count(&c->in[0].shape), *place = c->work;
	struct shares s = {.share = (float *)((int64_t *)c->work + n)};

	if (!c->out[0].grad || !rt_dtype(c->in[0].dtype)->is_float)
		return;
	s.count = s.share + elements;
	make_shares(c, how, &s, n, place, length);
	/* from the last, so that what is replaced later gets nothing */
	for (int64_t i = n * length - 1; i >= 0; i--) {
		const int64_t at = place[i / length] + i % length;

		if (place[i / length] < 0)
			continue;
		if (c->in[2].grad)
			c->in[2].grad[i] += part(c, how, &s, &c->in[2], i, at);
		if (how == RT_SCATTER_NONE)
			s.share[at] = 0;
	}
	for (int64_t k = 0; c->in[0].grad && k < elements; k++)
		c->in[0].grad[k] += part(c, how, &s, &c->in[0], k, k);
}
