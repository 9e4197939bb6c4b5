/* occlusion.c - what the output loses when a window of the input is taken away.
 *
 *	d(window) = f(x) - f(x with the window replaced by the baseline)
 *
 * A place in several windows gets the mean of their d.  A window covers every channel of a
 * picture, and the channels share its d evenly, so that their sum is d; in a table it covers
 * neighbouring features, or, without -window, all features made from one column, which share its
 * d in the same way.
 */
#include "config.h"

#include "explain/probe.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct occlusion {
	struct rt_ints window, stride;
	struct rt_baseline baseline;
};

static const struct rt_opt opts[] = {
	{"window", "rows and columns taken away at a time; default: a seventh of a picture, or one "
	 "column of a table", RT_INTS, offsetof(struct occlusion, window), .min = 1, .max = 65536,
	 .example = "4 4"},
	{"stride", "how far apart windows begin; default: half the window", RT_INTS,
	 offsetof(struct occlusion, stride), .min = 1, .max = 65536, .example = "2 2"},
	RT_BASELINE_OPTS(struct occlusion, baseline),
	{0},
};

struct cover {
	const float *base;
	int64_t planes, h, w;
	int64_t size[2], step[2];	/* of the window */
	int64_t across;			/* windows in one row of windows */
	const int *column;		/* features that go together, or NULL */
	double f_x;
	double *sum;			/* [h x w] of d over the windows a place is in */
	double *times;			/* [h x w]: how many those are */
};

/* The places of window i, clipped at the edges: rows y[0] .. y[1], columns x[0] .. x[1]. */
static void window(const struct cover *c, int64_t i, int64_t y[2], int64_t x[2])
{
	y[0] = i / c->across * c->step[0];
	x[0] = i % c->across * c->step[1];
	y[1] = y[0] + c->size[0] < c->h ? y[0] + c->size[0] : c->h;
	x[1] = x[0] + c->size[1] < c->w ? x[0] + c->size[1] : c->w;
}

/* Features are numbered so that those of one column are neighbours: the last of column i's. */
static int64_t column_end(const struct cover *c, int64_t first)
{
	int64_t end = first + 1;

	while (end < c->w && c->column[end] == c->column[first])
		end++;
	return end;
}

static void places(const struct cover *c, int64_t i, int64_t y[2], int64_t x[2])
{
	if (!c->column) {
		window(c, i, y, x);
		return;
	}
	y[0] = 0;
	y[1] = 1;
	x[0] = 0;
	x[1] = column_end(c, 0);
	for (; i > 0; i--) {
		x[0] = x[1];
		x[1] = column_end(c, x[0]);
	}
}

/* Variation 0 is the sample, i + 1 lacks window i. */
static void make(void *ctx, int64_t i, float *v)
{
	const struct cover *c = ctx;
	int64_t y[2], x[2];

	if (i == 0)
		return;
	places(c, i - 1, y, x);
	for (int64_t p = 0; p < c->planes; p++)
		for (int64_t r = y[0]; r < y[1]; r++) {
			int64_t at = (p * c->h + r) * c->w + x[0];

			memcpy(v + at, c->base + at, (size_t)(x[1] - x[0]) * sizeof(float));
		}
}

static void take(void *ctx, int64_t i, const struct rt_probed *r)
{
	struct cover *c = ctx;
	int64_t y[2], x[2];
	double d;

	if (i == 0) {
		c->f_x = r->f;
		return;
	}
	places(c, i - 1, y, x);
	d = c->f_x - r->f;
	if (c->column)
		d /= (double)(x[1] - x[0]);
	for (int64_t row = y[0]; row < y[1]; row++)
		for (int64_t col = x[0]; col < x[1]; col++) {
			c->sum[row * c->w + col] += d;
			c->times[row * c->w + col]++;
		}
}

/* One number stands for both directions; a table has only columns. */
static enum rt_status pair(int64_t v[2], const struct rt_ints *given, const char *name, int64_t h,
			   struct rt_err *err)
{
	if (given->n > 2 || (given->n == 2 && h == 1 && given->v[0] > 1))
		return rt_fail(err, RT_EINVAL, "-%s takes %s, got %d numbers", name,
			       h == 1 ? "one number for a table" : "one number or rows and columns",
			       given->n);
	if (given->n) {
		v[0] = given->v[0];
		v[1] = given->v[given->n - 1];
	}
	if (h == 1)
		v[0] = 1;
	return RT_OK;
}

/* How many windows begin along one side so that the last reaches the edge. */
static int64_t along(int64_t n, int64_t size, int64_t step)
{
	return n <= size ? 1 : (n - size + step - 1) / step + 1;
}

static enum rt_status lay_out(struct cover *c, int64_t *n, const struct occlusion *o,
			      const struct rt_question *q, struct rt_err *err)
{
	int64_t side, y[2], x[2] = {0, 0};

	rt_picture_size(&q->shape, &c->h, &c->w);
	c->planes = rt_shape_count(&q->shape) / (c->h * c->w);
	side = c->h < c->w ? c->h : c->w;
	c->size[0] = c->size[1] = c->h == 1 || side < 14 ? 1 : side / 7;
	RT_TRY(pair(c->size, &o->window, "window", c->h, err));
	if (c->size[0] > c->h || c->size[1] > c->w)
		return rt_fail(err, RT_EINVAL,
			       "-window %" PRId64 "x%" PRId64 " is larger than the sample's "
			       "%" PRId64 "x%" PRId64,
			       c->size[0], c->size[1], c->h, c->w);
	c->step[0] = (c->size[0] + 1) / 2;
	c->step[1] = (c->size[1] + 1) / 2;
	RT_TRY(pair(c->step, &o->stride, "stride", c->h, err));
	if (c->step[0] > c->size[0] || c->step[1] > c->size[1])
		return rt_fail(err, RT_EINVAL,
			       "-stride %" PRId64 "x%" PRId64 " is larger than the window "
			       "%" PRId64 "x%" PRId64 " and would leave inputs out",
			       c->step[0], c->step[1], c->size[0], c->size[1]);
	c->across = along(c->w, c->size[1], c->step[1]);
	*n = c->across * along(c->h, c->size[0], c->step[0]);
	if (q->shape.rank == 1 && !o->window.n && !o->stride.n && q->data && q->data->column &&
	    rt_shape_count(&q->data->sample) == c->w) {
		c->column = q->data->column;
		for (*n = 0; x[1] < c->w; ++*n)
			places(c, *n, y, x);
	}
	return RT_OK;
}

static void fill(struct rt_attribution *out, const struct cover *c, const struct occlusion *o,
		 const struct rt_question *q, const struct rt_probe *p)
{
	int64_t size = c->h * c->w;

	rt_attribution_map(out, &q->shape);
	out->f_x = c->f_x;
	for (int64_t i = 0; i < size; i++)
		for (int64_t k = 0; k < c->planes; k++)
			out->map[k * size + i] =
				(float)(c->sum[i] / c->times[i] / (double)c->planes);
	rt_attribution_note(out, "%s", p->target.note);
	if (c->column)
		rt_attribution_note(out, "one column at a time, baseline %s",
				    rt_baseline_text(&o->baseline));
	else
		rt_attribution_note(out,
				    "window %" PRId64 "x%" PRId64 ", stride %" PRId64 "x%" PRId64
				    ", baseline %s",
				    c->size[0], c->size[1], c->step[0], c->step[1],
				    rt_baseline_text(&o->baseline));
}

static enum rt_status run(struct rt_attribution *out, const struct rt_question *q,
			  const void *params, struct rt_err *err)
{
	const struct occlusion *o = params;
	struct cover c = {0};
	struct rt_variations v = {.make = make, .take = take, .ctx = &c};
	struct rt_probe p = {0};
	float *base;
	enum rt_status status;

	RT_TRY(lay_out(&c, &v.n, o, q, err));
	v.n++;
	RT_TRY(rt_baseline_make(&base, &o->baseline, q, err));
	c.base = base;
	c.sum = rt_alloc((size_t)(c.h * c.w), sizeof(*c.sum));
	c.times = rt_alloc((size_t)(c.h * c.w), sizeof(*c.times));
	status = rt_probe_open(&p, q, v.n, false, -1, err);
	if (status == RT_OK)
		status = rt_probe_run(&p, &v, err);
	if (status == RT_OK)
		fill(out, &c, o, q, &p);
	rt_probe_close(&p);
	free(c.sum);
	free(c.times);
	free(base);
	return status;
}

const struct rt_explainer rt_explainer_occlusion = {
	.row = {"occlusion", "what the output loses when a window of the input is covered", opts,
		sizeof(struct occlusion)},
	.source = "Zeiler and Fergus: Visualizing and understanding convolutional networks, 2014",
	.run = run,
};
