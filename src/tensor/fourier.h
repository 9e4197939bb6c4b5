/* fourier.h - discrete Fourier transforms by their definition. */
#ifndef RT_TENSOR_FOURIER_H
#define RT_TENSOR_FOURIER_H

#include <stdbool.h>
#include <stdint.h>

/* y[k] = sum over t < n of x[t] e^(-+2 pi i t k / n), k < outs, inverse also divided by n; x has
 * `have` numbers (further ones are 0) that are real or pairs, y is pairs.  Steps in elements. */
struct rt_fourier {
	int64_t n, have, outs;
	bool complex_in, inverse;
	int64_t x_step, y_step;
};

/* table: 2 n doubles of work space, filled by rt_fourier_table(). */
void rt_fourier_table(double *table, int64_t n, bool inverse);

/* window (have) or NULL is multiplied with x. */
void rt_fourier(const struct rt_fourier *f, float *y, const float *x, const float *window,
		const double *table);

#endif
