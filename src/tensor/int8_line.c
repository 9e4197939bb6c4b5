/* int8_line.c - what happens to bytes between layers. */
#include "config.h"

#include "tensor/int8_line.h"
#include "tensor/int8_table.h"
#include "tensor/parallel.h"
#include "tensor/quant.h"

#include <string.h>

/* Neighbours of a plane that are turned around at once, and what one costs. */
#define PART 256
#define COST 4

/* One part of a plane set: elements [first, first + n) of image `image` in all channels. */
struct part {
	int64_t image, first, n;
};

static struct part part_of(int64_t i, int64_t B)
{
	const int64_t parts = (B + PART - 1) / PART, first = i % parts * PART;

	return (struct part){i / parts, first, B - first < PART ? B - first : PART};
}

/* With one channel or one element there is nothing to turn around. */
static void straighten(int64_t *N, int64_t *C, int64_t *B)
{
	if (*C != 1 && *B != 1)
		return;
	*B *= *N * *C;
	*N = *C = 1;
}

static int64_t parts_of(int64_t N, int64_t B)
{
	return N * ((B + PART - 1) / PART);
}

/* Channels by fours, the odd ones first: fours write over what odd ones write too much. */
static void quantize_part(const struct rt_int8_real *whole, int64_t C)
{
	int64_t c = 0;

	while (c < C) {
		struct rt_int8_real r = *whole;

		r.channels = c == 0 && C % 4 ? (int)(C % 4) : 4;
		r.x += c * r.plane;
		r.y += c;
		rt_int8_table()->quantize(&r);
		c += r.channels;
	}
}

void rt_int8_quantize(uint8_t *y, const float *x, int64_t N, int64_t C, int64_t B, float scale,
		      int zero)
{
	const uint8_t z = (uint8_t)zero;
	const int n = rt_split(parts_of(N, B), N * C * B * COST);

	if (C == 1 || B == 1) {
		const struct rt_quant q = {RT_U8, 1, 1, N * C * B, &scale, &z};

		rt_quantize(&q, y, x);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < parts_of(N, B); i++) {
		const struct part p = part_of(i, B);
		const struct rt_int8_real r = {
			.y = y + (p.image * B + p.first) * C,
			.x = x + p.image * C * B + p.first, .plane = B, .C = C, .n = p.n,
			.scale = scale, .lo = (float)-zero, .hi = (float)(255 - zero),
			.zero = zero};

		quantize_part(&r, C);
	}
}

/* What is added (modulo 256) to a byte of the type to store it. */
static int shift_of(enum rt_dtype dtype)
{
	return dtype == RT_I8 ? 128 : 0;
}

void rt_int8_inside(uint8_t *y, const void *x, enum rt_dtype dtype, int64_t N, int64_t C, int64_t B)
{
	const int shift = shift_of(dtype);
	int n;

	straighten(&N, &C, &B);
	n = rt_split(parts_of(N, B), N * C * B);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < parts_of(N, B); i++) {
		const struct part p = part_of(i, B);

		for (int64_t c = 0; c < C; c++) {
			const uint8_t *from = (const uint8_t *)x + (p.image * C + c) * B + p.first;
			uint8_t *to = y + (p.image * B + p.first) * C + c;

			for (int64_t j = 0; j < p.n; j++)
				to[j * C] = (uint8_t)(from[j] + shift);
		}
	}
}

void rt_int8_outside(void *y, enum rt_dtype dtype, const uint8_t *x, int64_t N, int64_t C,
		     int64_t B)
{
	const int shift = shift_of(dtype);
	int n;

	straighten(&N, &C, &B);
	n = rt_split(parts_of(N, B), N * C * B);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < parts_of(N, B); i++) {
		const struct part p = part_of(i, B);

		for (int64_t c = 0; c < C; c++) {
			const uint8_t *from = x + (p.image * B + p.first) * C + c;
			uint8_t *to = (uint8_t *)y + (p.image * C + c) * B + p.first;

			for (int64_t j = 0; j < p.n; j++)
				to[j] = (uint8_t)(from[j * C] - shift);
		}
	}
}

void rt_int8_dequantize(float *y, const uint8_t *x, int64_t N, int64_t C, int64_t B, float scale,
			int zero)
{
	int n;

	straighten(&N, &C, &B);
	n = rt_split(parts_of(N, B), N * C * B);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < parts_of(N, B); i++) {
		const struct part p = part_of(i, B);

		for (int64_t c = 0; c < C; c++) {
			const uint8_t *from = x + (p.image * B + p.first) * C + c;
			float *to = y + (p.image * C + c) * B + p.first;

			for (int64_t j = 0; j < p.n; j++)
				to[j] = (float)(from[j * C] - zero) * scale;
		}
	}
}

void rt_int8_sum(uint8_t *y, const uint8_t *a, const uint8_t *b, int64_t n,
		 const struct rt_int8_sum_of *s)
{
	const int slices = rt_split(n, n);

#pragma omp parallel for num_threads(slices) schedule(static)
	for (int i = 0; i < slices; i++) {
		const int64_t at = rt_slice(n, i, slices);
		const struct rt_int8_sum part = {
			.y = y + at, .a = a + at, .b = b + at,
			.n = rt_slice(n, i + 1, slices) - at,
			.a_zero = s->a_zero, .b_zero = s->b_zero, .zero = s->zero,
			.a_scale = s->a_scale, .b_scale = s->b_scale, .lo = s->lo, .hi = s->hi,
		};

		rt_int8_table()->sum(&part);
	}
}

/* One row of outputs: maxima down the columns first, then along the row. */
static void max_row(const struct rt_window *w, int64_t C, uint8_t *y, const uint8_t *x,
		    uint8_t *row, int64_t p)
{
	const struct rt_int8_table *t = rt_int8_table();
	const int64_t W = w->in[1];

	memset(row, 0, (size_t)(W * C));
	for (int64_t r = 0; r < w->kernel[0]; r++) {
		const int64_t h = p * w->stride[0] + r * w->dilation[0] - w->pad[0];

		if (h >= 0 && h < w->in[0])
			t->max(row, x + h * W * C, W * C);
	}
	memset(y, 0, (size_t)(w->out[1] * C));
	for (int64_t q = 0; q < w->out[1]; q++) {
		for (int64_t s = 0; s < w->kernel[1]; s++) {
			const int64_t c = q * w->stride[1] + s * w->dilation[1] - w->pad[1];

			if (c >= 0 && c < W)
				t->max(y + q * C, row + c * C, C);
		}
	}
}

void rt_int8_maxpool(const struct rt_window *w, int64_t N, int64_t C, uint8_t *y, const uint8_t *x,
		     void *work)
{
	const int64_t P = w->out[0], in = w->in[0] * w->in[1] * C, out = w->out[1] * C;
	const int n = rt_split(N * P, N * in);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int i = 0; i < n; i++) {
		uint8_t *row = (uint8_t *)work + i * w->in[1] * C;

		for (int64_t j = rt_slice(N * P, i, n); j < rt_slice(N * P, i + 1, n); j++)
			max_row(w, C, y + j * out, x + j / P * in, row, j % P);
	}
}

static void mean_of(void *y, int64_t at, int32_t sum, const struct rt_int8_mean *m)
{
	float t = (float)sum * m->scale;

	t = t < m->lo ? m->lo : t;
	t = t > m->hi ? m->hi : t;
	if (m->dtype == RT_F32)
		((float *)y)[at] = t;
	else /* half to even: the sum with 1.5 2^23 has whole steps */
		((uint8_t *)y)[at] =
			(uint8_t)((int32_t)((t + 12582912.0f) - 12582912.0f) + m->zero);
}

void rt_int8_mean(void *y, const uint8_t *x, int64_t N, int64_t C, int64_t B,
		  const struct rt_int8_mean *m, void *work)
{
	const int n = rt_split(N, N * C * B);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < N; i++) {
		int32_t *sums = (int32_t *)work + i * C;

		memset(sums, 0, (size_t)C * sizeof(*sums));
		for (int64_t b = 0; b < B; b++)
			rt_int8_table()->count(sums, x + (i * B + b) * C, C);
		for (int64_t c = 0; c < C; c++)
			mean_of(y, i * C + c, sums[c] - (int32_t)B * m->x_zero, m);
	}
}
