/* deform.c - what moved and weighted taps see of a plane. */
#include "config.h"

#include "tensor/deform.h"
#include "tensor/parallel.h"

#include <math.h>
#include <stddef.h>

/* The four pixels around a place: at -1 outside; v = sum of weight x, and its slopes. */
struct around {
	int64_t at[4];
	float weight[4], down[4], right[4];
};

static struct around around(const struct rt_window_nd *w, float y, float x)
{
	float y0 = floorf(y), x0 = floorf(x), fy = y - y0, fx = x - x0;
	struct around a;

	for (int k = 0; k < 4; k++) {
		float row = y0 + (float)(k >> 1), column = x0 + (float)(k & 1);
		float h = k >> 1 ? fy : 1 - fy, v = k & 1 ? fx : 1 - fx;
		bool inside = row >= 0 && row < (float)w->in[0] && column >= 0 &&
			      column < (float)w->in[1];

		a.at[k] = inside ? (int64_t)row * w->in[1] + (int64_t)column : -1;
		a.weight[k] = h * v;
		a.down[k] = k >> 1 ? v : -v;
		a.right[k] = k & 1 ? h : -h;
	}
	return a;
}

/* Row i of C R, place p: where its tap looks. */
static struct around look(const struct rt_deform *f, const float *offset, int64_t i, int64_t p)
{
	const struct rt_window_nd *w = &f->win;
	int64_t R = rt_sizes(2, w->kernel), P = rt_sizes(2, w->out), t = i % R;
	const float *move = offset + (i / R / (f->C / f->G) * R + t) * 2 * P + p;
	int64_t y = p / w->out[1] * w->stride[0] + t / w->kernel[1] * w->dilation[0] - w->pad[0];
	int64_t x = p % w->out[1] * w->stride[1] + t % w->kernel[1] * w->dilation[1] - w->pad[1];

	return around(w, (float)y + move[0], (float)x + move[P]);
}

void rt_deform(const struct rt_deform *f, float *col, const float *x, const float *offset,
	       const float *mask)
{
	int64_t R = rt_sizes(2, f->win.kernel), P = rt_sizes(2, f->win.out);
	int64_t X = rt_sizes(2, f->win.in), rows = f->C * R;
	int threads = rt_split(rows, rows * P * 32);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < rows; i++)
		for (int64_t p = 0; p < P; p++) {
			struct around a = look(f, offset, i, p);
			float v = 0;

			for (int k = 0; k < 4; k++)
				if (a.at[k] >= 0)
					v += a.weight[k] * x[i / R * X + a.at[k]];
			if (mask)
				v *= mask[(i / R / (f->C / f->G) * R + i % R) * P + p];
			col[i * P + p] = v;
		}
}

void rt_deform_backward(const struct rt_deform *f, float *dx, float *doffset, float *dmask,
			const float *dcol, const float *x, const float *offset,
			const float *mask)
{
	int64_t R = rt_sizes(2, f->win.kernel), P = rt_sizes(2, f->win.out);
	int64_t X = rt_sizes(2, f->win.in);

	for (int64_t i = 0; i < f->C * R; i++)
		for (int64_t p = 0; p < P; p++) {
			struct around a = look(f, offset, i, p);
			int64_t tap = i / R / (f->C / f->G) * R + i % R;
			float v = 0, down = 0, right = 0, d = dcol[i * P + p];
			float weighted = mask ? d * mask[tap * P + p] : d;

			for (int k = 0; k < 4; k++) {
				int64_t at = i / R * X + a.at[k];

				if (a.at[k] < 0)
					continue;
				v += a.weight[k] * x[at];
				down += a.down[k] * x[at];
				right += a.right[k] * x[at];
				if (dx)
					dx[at] += a.weight[k] * weighted;
			}
			if (dmask)
				dmask[tap * P + p] += d * v;
			if (doffset) {
				doffset[tap * 2 * P + p] += weighted * down;
				doffset[(tap * 2 + 1) * P + p] += weighted * right;
			}
		}
}
