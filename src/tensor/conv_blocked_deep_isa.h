/* conv_blocked_deep_isa.h - depthwise convolution of one block; a part of conv_blocked_isa.h, whose
 * vectors these are. */
#ifndef RT_TENSOR_CONV_BLOCKED_DEEP_ISA_H
#define RT_TENSOR_CONV_BLOCKED_DEEP_ISA_H

/* Rows and columns of outputs under the same taps. */
struct deep_run {
	const float *x;		/* under the first output's first tap */
	int64_t x_row, right;	/* floats from tap to tap, */
	int64_t down, step;	/* and from output to output */
	const float *w;
	int64_t w_row;
	int64_t rows, taps;
	int64_t count, n;	/* rows and columns of outputs */
	const float *start;
	float *y;
	const float *add;
	int64_t y_row;
	float lo, hi;
};

/* n outputs from the q'th on, lanes k L ... of the block; w holds the weights of `rows` by `taps`
 * taps unless those are 0: as many as the run has. */
INLINE void deep_outputs(const struct deep_run *run, int64_t q, int k, const int n,
			 const int rows, const int taps, int64_t step, const lanes *w,
			 lanes start)
{
	const float *x = run->x + q * step + k * L;
	const int64_t to = q * RT_BLOCK + k * L;
	lanes acc[8];

	UNROLL
	for (int i = 0; i < n; i++)
		acc[i] = start;
	for (int64_t r = 0; r < (rows ? rows : run->rows); r++) {
		for (int64_t s = 0; s < (taps ? taps : run->taps); s++) {
			const float *from = x + r * run->x_row + s * run->right;
			const lanes v = rows ? w[r * taps + s]
					     : load(run->w + r * run->w_row + s * RT_BLOCK + k * L);

			UNROLL
			for (int i = 0; i < n; i++)
				acc[i] += v * load(from + i * step);
		}
	}
	UNROLL
	for (int i = 0; i < n; i++) {
		const int64_t at = to + i * RT_BLOCK;

		if (run->add)
			acc[i] += load(run->add + at);
		store(run->y + at, clamped(acc[i], run->lo, run->hi));
	}
}

INLINE void deep_lanes(const struct deep_run *at, int k, const int rows, const int taps,
		       int64_t step)
{
	struct deep_run copy = *at, *const run = &copy;
	const lanes start = load(run->start + k * L);
	lanes w[9];

	UNROLL
	for (int i = 0; i < rows * taps; i++)
		w[i] = load(run->w + i / taps * run->w_row + i % taps * RT_BLOCK + k * L);
	for (int64_t p = 0; p < at->count; p++) {
		int64_t q = 0;

		for (; q + 8 <= run->n; q += 8)
			deep_outputs(run, q, k, 8, rows, taps, step, w, start);
		for (; q + 4 <= run->n; q += 4)
			deep_outputs(run, q, k, 4, rows, taps, step, w, start);
		for (; q < run->n; q++)
			deep_outputs(run, q, k, 1, rows, taps, step, w, start);
		run->x += run->down;
		run->y += run->y_row;
		run->add = run->add ? run->add + run->y_row : NULL;
	}
}

INLINE void deep_outputs_of(const struct deep_run *run, const int rows, const int taps)
{
	for (int k = 0; k < V; k++) {
		if (run->step == RT_BLOCK)
			deep_lanes(run, k, rows, taps, RT_BLOCK);
		else if (run->step == 2 * RT_BLOCK)
			deep_lanes(run, k, rows, taps, 2 * RT_BLOCK);
		else
			deep_lanes(run, k, rows, taps, run->step);
	}
}

/* The rows and columns of a 3 by 3 window, less the one in the padding, have code of their own. */
static void deep_run(const struct deep_run *run)
{
	const int64_t kind = run->rows * 4 + run->taps;

	if (kind == 15)
		deep_outputs_of(run, 3, 3);
	else if (kind == 14)
		deep_outputs_of(run, 3, 2);
	else if (kind == 11)
		deep_outputs_of(run, 2, 3);
	else if (kind == 10)
		deep_outputs_of(run, 2, 2);
	else
		deep_outputs_of(run, 0, 0);
}

/* The taps of output o along axis a that meet the input: *first and how many. */
INLINE int64_t deep_meet(const struct rt_window *w, int a, int64_t o, int64_t *first)
{
	const int64_t at = o * w->stride[a] - w->pad[a];
	int64_t k = 0, n = 0;

	while (k < w->kernel[a] && at + k * w->dilation[a] < 0)
		k++;
	while (k + n < w->kernel[a] && at + (k + n) * w->dilation[a] < w->in[a])
		n++;
	*first = k;
	return n;
}

/* Columns [q, q + n) of rows whose taps are in *rows. */
INLINE void deep_columns(const struct rt_blocked_deep *d, const struct deep_run *rows, int64_t q,
			 int64_t n)
{
	const struct rt_window *w = d->win;
	struct deep_run run = *rows;
	int64_t s;

	run.taps = deep_meet(w, 1, q, &s);
	run.x += (q * w->stride[1] - w->pad[1] + s * w->dilation[1]) * RT_BLOCK;
	run.w += s * RT_BLOCK;
	run.n = n;
	run.y += q * RT_BLOCK;
	run.add = run.add ? run.add + q * RT_BLOCK : NULL;
	deep_run(&run);
}

/* Rows [p, p + n), all under the same rows of taps. */
INLINE void deep_rows(const struct rt_blocked_deep *d, int64_t p, int64_t n)
{
	const struct rt_window *w = d->win;
	const int64_t row = w->in[1] * RT_BLOCK, y_row = w->out[1] * RT_BLOCK;
	struct deep_run rows = {
		.x_row = w->dilation[0] * row, .right = w->dilation[1] * RT_BLOCK,
		.down = w->stride[0] * row, .step = w->stride[1] * RT_BLOCK,
		.w_row = w->kernel[1] * RT_BLOCK, .count = n, .start = d->start,
		.y = d->y + p * y_row, .add = d->add ? d->add + p * y_row : NULL,
		.y_row = y_row, .lo = d->lo, .hi = d->hi,
	};
	int64_t r;

	rows.rows = deep_meet(w, 0, p, &r);
	rows.x = d->x + (p * w->stride[0] - w->pad[0] + r * w->dilation[0]) * row;
	rows.w = d->w + r * rows.w_row;
	for (int64_t q = 0; q < d->inner[1][0]; q++)
		deep_columns(d, &rows, q, 1);
	if (d->inner[1][0] < d->inner[1][1])
		deep_columns(d, &rows, d->inner[1][0], d->inner[1][1] - d->inner[1][0]);
	for (int64_t q = d->inner[1][1]; q < w->out[1]; q++)
		deep_columns(d, &rows, q, 1);
}

/* A few rows at a time, so that what one run of columns reads is there for the next. */
static void deep(const struct rt_blocked_deep *d)
{
	const int64_t *inner = d->inner[0];
	const int64_t few = 1 + 1024 / (d->win->in[1] * d->win->stride[0]);

	for (int64_t p = d->first, n; p < d->end; p += n) {
		n = 1;
		if (p >= inner[0] && p < inner[1]) {
			n = (d->end < inner[1] ? d->end : inner[1]) - p;
			n = n < few ? n : few;
		}
		deep_rows(d, p, n);
	}
}

#endif
