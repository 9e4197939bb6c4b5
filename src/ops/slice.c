/* slice.c - Slice: elements from starts to ends along some axes, with steps, as numpy slices. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

#include <inttypes.h>

/* What is taken along each axis. */
struct taken {
	int64_t start[RT_MAX_RANK], step[RT_MAX_RANK], count[RT_MAX_RANK];
};

static int64_t hold(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* Along an axis of length n: ends beyond it mean its end, negative places count from there. */
static void take(struct taken *t, int d, int64_t n, int64_t start, int64_t end, int64_t step)
{
	int64_t distance;

	start = start < -n ? -n : start;
	end = end < -n - 1 ? -n - 1 : end;
	start += start < 0 ? n : 0;
	end += end < 0 ? n : 0;
	start = step > 0 ? hold(start, 0, n) : hold(start, 0, n - 1);
	end = step > 0 ? hold(end, 0, n) : hold(end, -1, n - 1);
	step = hold(step, -INT32_MAX, INT32_MAX);
	distance = step > 0 ? end - start : start - end;
	t->start[d] = start;
	t->count[d] = distance <= 0 ? 0 : (distance - 1) / (step > 0 ? step : -step) + 1;
	t->step[d] = t->count[d] > 1 ? step : 0;
}

static struct taken resolve(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known start = rt_known_again(c, 1), end = rt_known_again(c, 2);
	struct rt_known axes = rt_known_again(c, 3), step = rt_known_again(c, 4);
	struct taken t;

	for (int d = 0; d < x->rank; d++)
		take(&t, d, x->dim[d], 0, x->dim[d], 1);
	for (int i = 0; i < start.n; i++) {
		int64_t d = axes.n ? axes.v[i] : i;

		d += d < 0 ? x->rank : 0;
		take(&t, (int)d, x->dim[d], start.v[i], end.v[i], step.n ? step.v[i] : 1);
	}
	return t;
}

static enum rt_status check(const struct rt_call *c, struct rt_err *err)
{
	static const char *const name[] = {"data", "starts", "ends", "axes", "steps"};
	struct rt_known list[5] = {{0}};
	unsigned seen;

	for (int i = 1; i < c->nin; i++) {
		RT_TRY(rt_known_list(&list[i], c, i, name[i], err));
		if (i > 1 && c->in[i].present && list[i].n != list[1].n)
			return rt_fail(err, RT_ESHAPE, "%d starts and %d %s", list[1].n, list[i].n,
				       name[i]);
	}
	if (list[1].n > c->in[0].shape.rank)
		return rt_fail(err, RT_ESHAPE, "%d starts for %d dimensions", list[1].n,
			       c->in[0].shape.rank);
	for (int i = 0; i < list[4].n; i++)
		if (list[4].v[i] == 0)
			return rt_fail(err, RT_ESHAPE, "step %d is 0", i);
	return rt_known_axes(&seen, list[3].v, list[3].n, c->in[0].shape.rank, err);
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct taken t;

	RT_TRY(check(c, err));
	t = resolve(c);
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape.rank = c->in[0].shape.rank;
	for (int d = 0; d < c->in[0].shape.rank; d++)
		c->out[0].shape.dim[d] = t.count[d];
	return RT_OK;
}

/* First element taken, and the steps of the input under the axes of the result. */
static int64_t steps(const struct rt_call *c, int64_t x[RT_MAX_RANK], int64_t y[RT_MAX_RANK])
{
	struct taken t = resolve(c);
	int64_t first = 0;

	rt_steps_dense(x, &c->in[0].shape);
	rt_steps_dense(y, &c->out[0].shape);
	for (int d = 0; d < c->in[0].shape.rank; d++) {
		first += t.start[d] * x[d];
		x[d] *= t.step[d];
	}
	return first;
}

static void forward(const struct rt_call *c)
{
	int64_t x[RT_MAX_RANK], y[RT_MAX_RANK], first = steps(c, x, y);
	size_t size = rt_dtype(c->in[0].dtype)->size;

	if (rt_shape_count(&c->out[0].shape) > 0)
		rt_copy_steps(c->out[0].data, y, (const char *)c->in[0].data + (size_t)first * size,
			      x, size, &c->out[0].shape);
}

static void backward(const struct rt_call *c)
{
	int64_t x[RT_MAX_RANK], y[RT_MAX_RANK], first = steps(c, x, y);

	if (c->in[0].grad && c->out[0].grad && rt_shape_count(&c->out[0].shape) > 0)
		rt_add_steps(c->in[0].grad + first, x, c->out[0].grad, y, &c->out[0].shape);
}

const struct rt_op rt_op_Slice = {
	.row = {.name = "Slice", .summary = "a part of each axis, with steps"},
	.min_in = 3, .max_in = 5, .min_out = 1, .max_out = 1,
	.bwd_in = 2 | 4 | 8 | 16,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
