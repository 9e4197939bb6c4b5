/* conv_blocked_deep_isa.h - depthwise convolution of one block; a part of conv_blocked_isa.h, whose
 * vectors these are. */
#ifndef RT_TENSOR_CONV_BLOCKED_DEEP_ISA_H
#define RT_TENSOR_CONV_BLOCKED_DEEP_ISA_H

/* Neighbouring outputs of one row under the same taps. */
struct deep_run {
	const float *x;		/* under the first output's first tap */
	int64_t x_row, right;	/* floats from tap to tap, */
	int64_t step;		/* and from output to output */
	const float *w;
	int64_t w_row;
	int64_t rows, taps;
	int64_t n;
	const float *start;
	float *y;
	const float *add;
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
	const struct deep_run copy = *at, *const run = &copy;
	const lanes start = load(run->start + k * L);
	lanes w[9];
	int64_t q = 0;

	UNROLL
	for (int i = 0; i < rows * taps; i++)
		w[i] = load(run->w + i / taps * run->w_row + i % taps * RT_BLOCK + k * L);
	for (; q + 8 <= run->n; q += 8)
		deep_outputs(run, q, k, 8, rows, taps, step, w, start);
	for (; q + 4 <= run->n; q += 4)
		deep_outputs(run, q, k, 4, rows, taps, step, w, start);
	for (; q < run->n; q++)
		deep_outputs(run, q, k, 1, rows, taps, step, w, start);
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

/* Columns [q, q + n) of row p, whose rows of taps are in *run. */
INLINE void deep_columns(const struct rt_blocked_deep *d, const struct deep_run *row, int64_t p,
			 int64_t q, int64_t n)
{
	const struct rt_window *w = d->win;
	struct deep_run run = *row;
	int64_t s;

	run.taps = deep_meet(w, 1, q, &s);
	run.x += (q * w->stride[1] - w->pad[1] + s * w->dilation[1]) * RT_BLOCK;
	run.w += s * RT_BLOCK;
	run.n = n;
	run.y += (p * w->out[1] + q) * RT_BLOCK;
	if (run.add)
		run.add += (p * w->out[1] + q) * RT_BLOCK;
	deep_run(&run);
}

static void deep(const struct rt_blocked_deep *d)
{
	const struct rt_window *w = d->win;
	struct deep_run row = {.x_row = w->dilation[0] * w->in[1] * RT_BLOCK,
			       .right = w->dilation[1] * RT_BLOCK,
			       .step = w->stride[1] * RT_BLOCK,
			       .w_row = w->kernel[1] * RT_BLOCK, .start = d->start,
			       .y = d->y, .add = d->add, .lo = d->lo, .hi = d->hi};

	for (int64_t p = d->first; p < d->end; p++) {
		int64_t r;

		row.rows = deep_meet(w, 0, p, &r);
		row.x = d->x + (p * w->stride[0] - w->pad[0] + r * w->dilation[0]) * w->in[1] *
				       RT_BLOCK;
		row.w = d->w + r * row.w_row;
		for (int64_t q = 0; q < d->inner[0]; q++)
			deep_columns(d, &row, p, q, 1);
		if (d->inner[0] < d->inner[1])
			deep_columns(d, &row, p, d->inner[0], d->inner[1] - d->inner[0]);
		for (int64_t q = d->inner[1]; q < w->out[1]; q++)
			deep_columns(d, &row, p, q, 1);
	}
}

#endif
