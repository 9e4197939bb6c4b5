/* known.c - inputs whose values a shape rule needs, and operators that only rename axes. */
#include "config.h"

#include "ops/known.h"
#include "tensor/binary.h"

#include <inttypes.h>
#include <string.h>

static bool is_present(const struct rt_call *c, int i)
{
	return i < c->nin && c->in[i].present;
}

enum rt_status rt_known_list(struct rt_known *out, const struct rt_call *c, int i, const char *what,
			     struct rt_err *err)
{
	const struct rt_arg *a = &c->in[i];
	char buf[128];

	out->n = 0;
	if (!is_present(c, i))
		return RT_OK;
	if (a->dtype != RT_I64 && a->dtype != RT_I32)
		return rt_fail(err, RT_ESHAPE, "%s is %s; whole numbers (i64) are wanted", what,
			       rt_dtype(a->dtype)->row.name);
	if (a->shape.rank > 1 || rt_shape_count(&a->shape) > (int64_t)RT_COUNT(out->v))
		return rt_fail(err, RT_ESHAPE,
			       "%s has the shape %s; a list of at most %zu is wanted", what,
			       rt_shape_text(buf, sizeof(buf), &a->shape), RT_COUNT(out->v));
	if (!a->data)
		return rt_fail(err, RT_EUNKNOWN,
			       "%s is computed while running; it must be a constant of the model",
			       what);
	*out = rt_known_again(c, i);
	return RT_OK;
}

enum rt_status rt_known_data(const struct rt_call *c, int i, const char *what, struct rt_err *err)
{
	if (c->in[i].data || rt_shape_count(&c->in[i].shape) == 0)
		return RT_OK;
	return rt_fail(err, RT_EUNKNOWN,
		       "%s is computed while running; it must be a constant of the model", what);
}

enum rt_status rt_known_number(int64_t *out, const struct rt_call *c, int i, const char *what,
			       int64_t least, struct rt_err *err)
{
	struct rt_known list;

	if (!is_present(c, i))
		return RT_OK;
	RT_TRY(rt_known_list(&list, c, i, what, err));
	if (list.n != 1)
		return rt_fail(err, RT_ESHAPE, "%s has %d values, 1 is wanted", what, list.n);
	if (list.v[0] < least || list.v[0] > INT32_MAX)
		return rt_fail(err, RT_ESHAPE, "%s is %" PRId64 "; %" PRId64 " to %d is possible",
			       what, list.v[0], least, INT32_MAX);
	*out = list.v[0];
	return RT_OK;
}

int64_t rt_known_number_again(const struct rt_call *c, int i, int64_t fallback)
{
	if (is_present(c, i))
		rt_convert(&fallback, RT_I64, c->in[i].data, c->in[i].dtype, 1);
	return fallback;
}

struct rt_known rt_known_again(const struct rt_call *c, int i)
{
	struct rt_known out = {0};

	if (is_present(c, i)) {
		out.n = (int)rt_shape_count(&c->in[i].shape);
		rt_convert(out.v, RT_I64, c->in[i].data, c->in[i].dtype, out.n);
	}
	return out;
}

enum rt_status rt_known_axes(unsigned *out, const int64_t *axes, int n, int rank,
			     struct rt_err *err)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		int64_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];

		if (axis < 0 || axis >= rank)
			return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " of %d dimensions", axes[i],
				       rank);
		if (*out >> axis & 1)
			return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " is named twice", axes[i]);
		*out |= 1u << axis;
	}
	return RT_OK;
}

enum rt_status rt_known_view(struct rt_call *c, const struct rt_shape *shape, struct rt_err *err)
{
	int64_t have = rt_shape_count(&c->in[0].shape), want = rt_shape_count(shape);
	char from[128], to[128];

	if (have != want)
		return rt_fail(err, RT_ESHAPE,
			       "%s (%" PRId64 " elements) cannot become %s (%" PRId64 ")",
			       rt_shape_text(from, sizeof(from), &c->in[0].shape), have,
			       rt_shape_text(to, sizeof(to), shape), want);
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = *shape;
	return RT_OK;
}

enum rt_status rt_known_shape(struct rt_shape *y, const int64_t *dim, int n, struct rt_err *err)
{
	int64_t count = 1;

	if (n > RT_MAX_RANK)
		return rt_fail(err, RT_ESHAPE, "%d dimensions; at most %d are possible", n,
			       RT_MAX_RANK);
	*y = (struct rt_shape){.rank = n};
	for (int d = 0; d < n; d++) {
		if (dim[d] < 0 || dim[d] > INT32_MAX)
			return rt_fail(err, RT_ESHAPE,
				       "dimension %d is %" PRId64 "; 0 to %d is possible", d,
				       dim[d], INT32_MAX);
		if (dim[d] > 0 && __builtin_mul_overflow(count, dim[d], &count))
			return rt_fail(err, RT_ESHAPE, "more elements than can be counted");
		y->dim[d] = dim[d];
	}
	return RT_OK;
}

bool rt_known_type(enum rt_dtype *out, int64_t onnx)
{
	for (int t = 0; t < RT_DTYPES; t++)
		if (rt_dtype((enum rt_dtype)t)->onnx == onnx) {
			*out = (enum rt_dtype)t;
			return true;
		}
	return false;
}

void rt_known_view_backward(const struct rt_call *c)
{
	struct rt_shape flat = RT_SHAPE(rt_shape_count(&c->in[0].shape));

	if (c->in[0].grad && c->out[0].grad)
		rt_spread_add(c->in[0].grad, &flat, c->out[0].grad, &flat, 1);
}

void rt_flat_backward(const struct rt_call *c)
{
	(void)c;
}
