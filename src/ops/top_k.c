/* top_k.c - TopK: the k largest or smallest elements along an axis and their places, in order; of
 * equal elements those in front come first.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/order.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct attrs {
	int64_t axis;
	bool largest, sorted;
};

static const struct rt_opt opts[] = {
	{"axis", "the axis searched along; negative counts from the end", RT_INT,
	 offsetof(struct attrs, axis), "-1"},
	{"largest", "the largest elements, not the smallest", RT_BOOL,
	 offsetof(struct attrs, largest), "yes"},
	{"sorted", "in order; retort always sorts", RT_BOOL, offsetof(struct attrs, sorted), "yes"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t k = 0;
	int axis;

	RT_TRY(rt_want_type(c, 0, "input is", RT_NUMBERS, err));
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(attrs, c)->axis, x, err));
	RT_TRY(rt_known_number(&k, c, 1, "k", 0, err));
	if (k > x->dim[axis])
		return rt_fail(err, RT_ESHAPE, "k is %" PRId64 ", axis %d has %" PRId64, k, axis,
			       x->dim[axis]);
	for (int i = 0; i < 2; i++) {
		c->out[i].dtype = i == 0 ? c->in[0].dtype : RT_I64;
		c->out[i].shape = *x;
		c->out[i].shape.dim[axis] = k;
	}
	return RT_OK;
}

/* x (A,D,B), y (A,K,B) */
struct sizes {
	int64_t A, D, B, K;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t axis = RT_ATTRS(attrs, c)->axis;

	axis += axis < 0 ? x->rank : 0;
	return (struct sizes){rt_shape_span(x, 0, (int)axis), x->dim[axis],
			      rt_shape_span(x, (int)axis + 1, x->rank), c->out[0].shape.dim[axis]};
}

struct item {
	uint64_t key;
	int64_t place;
};

static int compare(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* One line of keys, and of keys with places. */
static size_t work_size(const struct rt_call *c)
{
	return (size_t)sizes(c).D * (sizeof(uint64_t) + sizeof(struct item));
}

/* backward needs the places, wanted or not. */
static size_t saved_size(const struct rt_call *c)
{
	return (size_t)rt_shape_count(&c->out[0].shape) * sizeof(int64_t);
}

static void forward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	const enum rt_dtype type = c->in[0].dtype;
	const size_t size = rt_dtype(type)->size;
	const uint64_t turn = RT_ATTRS(attrs, c)->largest ? UINT64_MAX : 0;
	struct item *item = c->work;
	uint64_t *key = (uint64_t *)(item + s.D);
	int64_t *place = c->saved;

	for (int64_t i = 0; i < s.A * s.B; i++) {
		const char *x = (const char *)c->in[0].data +
				(size_t)(i / s.B * s.D * s.B + i % s.B) * size;

		rt_order_keys(key, x, type, s.D, s.B);
		for (int64_t d = 0; d < s.D; d++)
			item[d] = (struct item){key[d] ^ turn, d};
		qsort(item, (size_t)s.D, sizeof(*item), compare);
		for (int64_t k = 0; k < s.K; k++) {
			int64_t to = (i / s.B * s.K + k) * s.B + i % s.B;

			memcpy((char *)c->out[0].data + (size_t)to * size,
			       x + (size_t)(item[k].place * s.B) * size, size);
			place[to] = item[k].place;
		}
	}
	if (c->nout > 1 && c->out[1].present)
		memcpy(c->out[1].data, place, saved_size(c));
}

static void backward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	const int64_t *place = c->saved;

	if (!c->in[0].grad || !c->out[0].grad)
		return;
	for (int64_t i = 0; i < s.A * s.K * s.B; i++)
		c->in[0].grad[(i / (s.K * s.B) * s.D + place[i]) * s.B + i % s.B] +=
			c->out[0].grad[i];
}

const struct rt_op rt_op_TopK = {
	.row = {.name = "TopK", .summary = "the largest or smallest elements along an axis",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 2, .max_out = 2,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
