/* quant.c - real numbers to small integers and back. */
#include "config.h"

#include "tensor/quant.h"
#include "tensor/parallel.h"

#define PART 8192 /* neighbours handled at once */
#define COST 4

/* round(v), half to even, for |v| < 2^22; larger numbers stay about as large. */
static inline float round_even(float v)
{
	return (v + 12582912.0f) - 12582912.0f; /* 1.5 * 2^23 */
}

/* round(x / s) held to the whole numbers [lo, hi]; not a number becomes 0. */
static inline int32_t level(float x, float s, float lo, float hi)
{
	float v = x / s;

	v = v == v ? v : 0.0f;
	v = v < lo ? lo : v;
	v = v > hi ? hi : v;
	return (int32_t)round_even(v);
}

/* What the range of q means for x / s before the zero point is added. */
static void range(const struct rt_quant *f, int64_t c, float *lo, float *hi)
{
	bool is_signed = rt_dtype(f->dtype)->is_signed;
	int levels = 1 << 8 * rt_dtype(f->dtype)->size, least = is_signed ? -levels / 2 : 0;
	int64_t z = 0;

	if (f->z)
		rt_convert(&z, RT_I64, (const char *)f->z + c * (int64_t)rt_dtype(f->dtype)->size,
			   f->dtype, 1);
	*lo = (float)(least - z);
	*hi = (float)(least + levels - 1 - z);
}

/* A run of n neighbours from element `at`: with step 0 all belong to channel c, with 1 each to the
 * next. */
struct run {
	const struct rt_quant *f;
	int64_t c, step, at, n;
};

#define RUNS(T, name, min, max)                                                                    \
	static void quantize_##name(struct run r, void *out, const void *in)                       \
	{                                                                                          \
		T *q = (T *)out + r.at;                                                            \
		const float *x = (const float *)in + r.at, *s = r.f->s + r.c;                      \
		const T zero = 0, *z = r.f->z ? (const T *)r.f->z + r.c : &zero;                   \
		int64_t zs = r.f->z ? r.step : 0;                                                  \
		if (r.step == 0) {                                                                 \
			const float scale = s[0];                                                  \
			const float lo = (float)(min - z[0]), hi = (float)(max - z[0]);            \
			const int32_t shift = z[0];                                                \
			_Pragma("omp simd")                                                        \
			for (int64_t i = 0; i < r.n; i++)                                          \
				q[i] = (T)(level(x[i], scale, lo, hi) + shift);                    \
			return;                                                                    \
		}                                                                                  \
		for (int64_t i = 0; i < r.n; i++)                                                  \
			q[i] = (T)(level(x[i], s[i], (float)(min - z[i * zs]),                     \
					 (float)(max - z[i * zs])) +                               \
				   z[i * zs]);                                                     \
	}
RUNS(uint8_t, u8, 0, 255)
RUNS(int8_t, i8, -128, 127)
RUNS(uint16_t, u16, 0, 65535)
RUNS(int16_t, i16, -32768, 32767)

#define BACK(T, wide, name)                                                                        \
	static void dequantize_##name(struct run r, void *out, const void *in)                     \
	{                                                                                          \
		float *x = (float *)out + r.at;                                                    \
		const T *q = (const T *)in + r.at;                                                 \
		const float *s = r.f->s + r.c;                                                     \
		const T zero = 0, *z = r.f->z ? (const T *)r.f->z + r.c : &zero;                   \
		int64_t zs = r.f->z ? r.step : 0;                                                  \
		if (r.step == 0) {                                                                 \
			const float scale = s[0];                                                  \
			const wide shift = z[0];                                                   \
			_Pragma("omp simd")                                                        \
			for (int64_t i = 0; i < r.n; i++)                                          \
				x[i] = (float)((wide)q[i] - shift) * scale;                        \
			return;                                                                    \
		}                                                                                  \
		for (int64_t i = 0; i < r.n; i++)                                                  \
			x[i] = (float)((wide)q[i] - z[i * zs]) * s[i];                             \
	}
BACK(uint8_t, int32_t, u8)
BACK(int8_t, int32_t, i8)
BACK(uint16_t, int32_t, u16)
BACK(int16_t, int32_t, i16)
BACK(int32_t, int64_t, i32)

/* dL/dx where x / s rounds to a level of the range; a gradient that is not let through is 0. */
static inline float let_through(float dq, float x, float s, float lo, float hi)
{
	float level_at = round_even(x / s), grad = dq / s;

	return level_at >= lo && level_at <= hi ? grad : 0.0f;
}

static void quantize_grad(struct run r, void *out, const void *in)
{
	const float *const *from = in; /* dq, x */
	float *dx = (float *)out + r.at, lo, hi;
	const float *dq = from[0] + r.at, *x = from[1] + r.at, *s = r.f->s + r.c;

	if (r.step == 0) {
		const float scale = s[0];

		range(r.f, r.c, &lo, &hi);
#pragma omp simd
		for (int64_t i = 0; i < r.n; i++)
			dx[i] += let_through(dq[i], x[i], scale, lo, hi);
		return;
	}
	for (int64_t i = 0; i < r.n; i++) {
		range(r.f, r.c + i, &lo, &hi);
		dx[i] += let_through(dq[i], x[i], s[i], lo, hi);
	}
}

static void dequantize_grad(struct run r, void *out, const void *in)
{
	float *dq = (float *)out + r.at;
	const float *dx = (const float *)in + r.at, *s = r.f->s + r.c;

#pragma omp simd
	for (int64_t i = 0; i < r.n; i++)
		dq[i] += dx[i] * s[i * r.step];
}

/* Cuts (A, C, B) into runs and spreads them over threads. */
static void each_run(const struct rt_quant *f, void (*run)(struct run r, void *out, const void *in),
		     void *out, const void *in)
{
	int64_t count = f->A * f->C * f->B;
	int64_t len = f->C == 1 ? count : f->B == 1 ? f->C : f->B;
	int64_t step = f->C > 1 && f->B == 1, parts = (len + PART - 1) / PART;
	int64_t items = len ? count / len * parts : 0;
	int n = rt_split(items, count * COST);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < items; i++) {
		int64_t line = i / parts, from = i % parts * PART, left = len - from;
		int64_t c = step ? from : f->C == 1 ? 0 : line % f->C;
		struct run r = {f, c, step, line * len + from, left < PART ? left : PART};

		run(r, out, in);
	}
}

void rt_quantize(const struct rt_quant *f, void *q, const float *x)
{
	each_run(f, f->dtype == RT_U8	 ? quantize_u8
		    : f->dtype == RT_I8	 ? quantize_i8
		    : f->dtype == RT_U16 ? quantize_u16
					 : quantize_i16, q, x);
}

void rt_dequantize(const struct rt_quant *f, float *x, const void *q)
{
	each_run(f, f->dtype == RT_U8	 ? dequantize_u8
		    : f->dtype == RT_I8	 ? dequantize_i8
		    : f->dtype == RT_U16 ? dequantize_u16
		    : f->dtype == RT_I16 ? dequantize_i16
					 : dequantize_i32, x, q);
}

/* ds(c) += sum over a and b of term(a, c, b). */
static void sum_channels(const struct rt_quant *f, float *ds, const float *grad, const void *values,
			 double (*term)(const struct rt_quant *f, int64_t c, double grad,
					const void *values, int64_t at))
{
	int n = rt_split(f->C, f->A * f->C * f->B * COST);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t c = 0; c < f->C; c++) {
		double sum = 0;

		for (int64_t a = 0; a < f->A; a++)
			for (int64_t b = 0; b < f->B; b++) {
				int64_t at = (a * f->C + c) * f->B + b;

				sum += term(f, c, (double)grad[at], values, at);
			}
		ds[c] += (float)sum;
	}
}

static double quantize_scale_term(const struct rt_quant *f, int64_t c, double grad,
				  const void *values, int64_t at)
{
	float x = ((const float *)values)[at], s = f->s[c], lo, hi, level_at = round_even(x / s);

	range(f, c, &lo, &hi);
	return level_at >= lo && level_at <= hi ? -grad * (double)x / ((double)s * (double)s) : 0;
}

static double dequantize_scale_term(const struct rt_quant *f, int64_t c, double grad,
				    const void *values, int64_t at)
{
	double q, z = 0;

	rt_convert(&q, RT_F64, (const char *)values + at * (int64_t)rt_dtype(f->dtype)->size,
		   f->dtype, 1);
	if (f->z)
		rt_convert(&z, RT_F64, (const char *)f->z + c * (int64_t)rt_dtype(f->dtype)->size,
			   f->dtype, 1);
	return grad * (q - z);
}

void rt_quantize_grad(const struct rt_quant *f, float *dx, float *ds, const float *dq,
		      const float *x)
{
	const float *from[2] = {dq, x};

	if (dx)
		each_run(f, quantize_grad, dx, from);
	if (ds)
		sum_channels(f, ds, dq, x, quantize_scale_term);
}

void rt_dequantize_grad(const struct rt_quant *f, float *dq, float *ds, const float *dx,
			const void *q)
{
	if (dq)
		each_run(f, dequantize_grad, dq, dx);
	if (ds)
		sum_channels(f, ds, dx, q, dequantize_scale_term);
}
