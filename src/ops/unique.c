/* unique.c - Unique: every element, or slice along an axis, once.
 *
 * Results: the items; where each first occurs; which of the items each of the input's is; how often
 * each occurs.  They are in ascending order, slices compared element by element, or in the order of
 * first occurrence.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "base/mem.h"
#include "tensor/order.h"

#include <stdlib.h>
#include <string.h>

struct attrs {
	int64_t axis;
	bool sorted;
};

static const struct rt_opt opts[] = {
	{"axis", "the axis of the slices; without it elements are compared", RT_INT,
	 offsetof(struct attrs, axis), .example = "0"},
	{"sorted", "in ascending order, not in that of first occurrence", RT_BOOL,
	 offsetof(struct attrs, sorted), "yes"},
	{0},
};

static bool has_axis(const struct rt_call *c)
{
	return RT_ATTRS(attrs, c)->axis != RT_UNSET_INT;
}

/* x (A,D,B): D items of A B elements. */
struct sizes {
	int64_t A, D, B;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t axis = RT_ATTRS(attrs, c)->axis;

	if (!has_axis(c))
		return (struct sizes){1, rt_shape_count(x), 1};
	axis += axis < 0 ? x->rank : 0;
	return (struct sizes){rt_shape_span(x, 0, (int)axis), x->dim[axis],
			      rt_shape_span(x, (int)axis + 1, x->rank)};
}

/* --- sorting ------------------------------------------------------------------------------ */

/* One of the input's items; key of its elements. */
struct item {
	const uint64_t *key;
	int64_t n, place, first;	/* first: place of the first that equals it */
};

static int compare_values(const struct item *x, const struct item *y)
{
	for (int64_t i = 0; i < x->n; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = compare_values(x, y);

	return order ? order : x->place < y->place ? -1 : 1;
}

static int by_occurrence(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* Items in the order of the result, equal ones beside each other, with their keys behind them. */
static size_t items_size(const struct sizes *s)
{
	return (size_t)s->D * (sizeof(struct item) + (size_t)(s->A * s->B) * sizeof(uint64_t));
}

static void sort_items(const struct rt_call *c, struct item *item)
{
	const struct sizes s = sizes(c);
	const size_t size = rt_dtype(c->in[0].dtype)->size;
	uint64_t *keys = (uint64_t *)(item + s.D);

	for (int64_t d = 0; d < s.D; d++) {
		uint64_t *key = keys + d * s.A * s.B;

		for (int64_t a = 0; a < s.A; a++)
			rt_order_keys(key + a * s.B,
				      (const char *)c->in[0].data +
					      (size_t)((a * s.D + d) * s.B) * size,
				      c->in[0].dtype, s.B, 1);
		item[d] = (struct item){key, s.A * s.B, d, d};
	}
	qsort(item, (size_t)s.D, sizeof(*item), by_value);
	for (int64_t d = 1; d < s.D; d++)
		if (compare_values(&item[d - 1], &item[d]) == 0)
			item[d].first = item[d - 1].first;
	if (!RT_ATTRS(attrs, c)->sorted)
		qsort(item, (size_t)s.D, sizeof(*item), by_occurrence);
}

static bool is_new(const struct item *item, int64_t d)
{
	return d == 0 || item[d].first != item[d - 1].first;
}

/* --- the operator ------------------------------------------------------------------------- */

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct sizes s;
	struct item *item;
	int64_t found = 0;
	int axis = 0;

	if (has_axis(c))
		RT_TRY(rt_want_axis(&axis, RT_ATTRS(attrs, c)->axis, &c->in[0].shape, err));
	RT_TRY(rt_known_data(c, 0, "input", err));
	s = sizes(c);
	item = rt_alloc(1, items_size(&s) + 1);
	sort_items(c, item);
	for (int64_t d = 0; d < s.D; d++)
		found += is_new(item, d);
	free(item);
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = has_axis(c) ? c->in[0].shape : RT_SHAPE(0);
	c->out[0].shape.dim[axis] = found;
	for (int i = 1; i < c->nout; i++) {
		c->out[i].dtype = RT_I64;
		c->out[i].shape = RT_SHAPE(i == 2 ? s.D : found);
	}
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	const struct sizes s = sizes(c);

	return items_size(&s);
}

/* Output i as whole numbers, or NULL. */
static int64_t *list(const struct rt_call *c, int i)
{
	return i < c->nout && c->out[i].present ? c->out[i].data : NULL;
}

static void copy_item(const struct rt_call *c, const struct sizes *s, int64_t from, int64_t to,
		      int64_t found)
{
	const size_t slice = (size_t)s->B * rt_dtype(c->in[0].dtype)->size;

	for (int64_t a = 0; a < s->A; a++)
		memcpy((char *)c->out[0].data + (size_t)(a * found + to) * slice,
		       (const char *)c->in[0].data + (size_t)(a * s->D + from) * slice, slice);
}

static void forward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	struct item *item = c->work;
	int64_t *first = list(c, 1), *inverse = list(c, 2), *count = list(c, 3), found = 0, k = -1;

	sort_items(c, item);
	for (int64_t d = 0; d < s.D; d++)
		found += is_new(item, d);
	for (int64_t d = 0; d < s.D; d++) {
		if (is_new(item, d)) {
			k++;
			copy_item(c, &s, item[d].place, k, found);
			if (first)
				first[k] = item[d].place;
			if (count)
				count[k] = 0;
		}
		if (inverse)
			inverse[item[d].place] = k;
		if (count)
			count[k]++;
	}
}

const struct rt_op rt_op_Unique = {
	.row = {.name = "Unique", .summary = "every element or slice once", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 4,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
