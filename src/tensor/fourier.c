/* fourier.c - discrete Fourier transforms by their definition. */
#include "config.h"

#include "tensor/fourier.h"

#include <math.h>

void rt_fourier_table(double *table, int64_t n, bool inverse)
{
	for (int64_t i = 0; i < n; i++) {
		double angle = 2 * 3.14159265358979323846 * (double)i / (double)n;

		table[2 * i] = cos(angle);
		table[2 * i + 1] = inverse ? sin(angle) : -sin(angle);
	}
}

void rt_fourier(const struct rt_fourier *f, float *y, const float *x, const float *window,
		const double *table)
{
	double scale = f->inverse ? 1 / (double)f->n : 1;
	int64_t have = f->have < f->n ? f->have : f->n;

	for (int64_t k = 0; k < f->outs; k++) {
		double re = 0, im = 0;

		for (int64_t t = 0; t < have; t++) {
			const double *w = table + 2 * (t * k % f->n);
			double a = (double)x[t * f->x_step], b = 0;

			if (f->complex_in)
				b = (double)x[t * f->x_step + 1];
			if (window) {
				a *= (double)window[t];
				b *= (double)window[t];
			}
			re += a * w[0] - b * w[1];
			im += a * w[1] + b * w[0];
		}
		y[k * f->y_step] = (float)(re * scale);
		y[k * f->y_step + 1] = (float)(im * scale);
	}
}
