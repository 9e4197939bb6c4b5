/* pointwise_wide.c - functions of one number for the other floating types: f64, and f16 and bf16 in
 * single precision.
 */
#include "config.h"

#include "tensor/parallel.h"
#include "tensor/pointwise.h"

#include <math.h>

#define PART 256 /* elements converted at once */
#define COST 64	 /* operations one element stands for */

/* --- double precision --------------------------------------------------------------------- */

static double clip(double x, double lo, double hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

static double elu(double x, double alpha)
{
	return x > 0 ? x : alpha * expm1(x);
}

static double gelu_tanh(double x)
{
	return 0.5 * x * (1 + tanh(0.79788456080286536 * (x + 0.044715 * x * x * x)));
}

static double softplus(double x)
{
	return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static double shrink(double x, double lambd, double bias)
{
	return x < -lambd ? x + bias : x > lambd ? x - bias : 0;
}

/* X(NAME, name, f(x)): the list of pointwise.h in double precision. */
#define LIST(X)                                                                                    \
	X(ABS, abs, fabs(x))                                                                       \
	X(ACOS, acos, acos(x))                                                                     \
	X(ACOSH, acosh, acosh(x))                                                                  \
	X(ASIN, asin, asin(x))                                                                     \
	X(ASINH, asinh, asinh(x))                                                                  \
	X(ATAN, atan, atan(x))                                                                     \
	X(ATANH, atanh, atanh(x))                                                                  \
	X(CEIL, ceil, ceil(x))                                                                     \
	X(CELU, celu, x > 0 ? x : p * expm1(x / p))                                                \
	X(CLIP, clip, clip(x, p, q))                                                               \
	X(COS, cos, cos(x))                                                                        \
	X(COSH, cosh, cosh(x))                                                                     \
	X(ELU, elu, elu(x, p))                                                                     \
	X(ERF, erf, erf(x))                                                                        \
	X(EXP, exp, exp(x))                                                                        \
	X(FLOOR, floor, floor(x))                                                                  \
	X(GELU, gelu, 0.5 * x * (1 + erf(x * 0.70710678118654752)))                                \
	X(GELU_TANH, gelu_tanh, gelu_tanh(x))                                                      \
	X(HARD_SIGMOID, hard_sigmoid, clip(p * x + q, 0, 1))                                       \
	X(HARD_SWISH, hard_swish, x * clip(x / 6 + 0.5, 0, 1))                                     \
	X(LEAKY_RELU, leaky_relu, x > 0 ? x : p * x)                                               \
	X(LOG, log, log(x))                                                                        \
	X(MISH, mish, x * tanh(softplus(x)))                                                       \
	X(NEG, neg, -x)                                                                            \
	X(RECIPROCAL, reciprocal, 1 / x)                                                           \
	X(RELU, relu, x < 0 ? 0 : x)                                                               \
	X(ROUND, round, rint(x))                                                                   \
	X(SELU, selu, q * elu(x, p))                                                               \
	X(SHRINK, shrink, shrink(x, p, q))                                                         \
	X(SIGMOID, sigmoid, 1 / (1 + exp(-x)))                                                     \
	X(SIGN, sign, (x > 0) - (x < 0))                                                           \
	X(SIN, sin, sin(x))                                                                        \
	X(SINH, sinh, sinh(x))                                                                     \
	X(SOFTPLUS, softplus, softplus(x))                                                         \
	X(SOFTSIGN, softsign, x / (1 + fabs(x)))                                                   \
	X(SQRT, sqrt, sqrt(x))                                                                     \
	X(SQUARE, square, x * x)                                                                   \
	X(TAN, tan, tan(x))                                                                        \
	X(TANH, tanh, tanh(x))                                                                     \
	X(THRESHOLDED_RELU, thresholded_relu, x > p ? x : 0)

typedef void wide_fn(int64_t N, double *y, const double *x, double p, double q);

#define WIDE(NAME, name, f)                                                                        \
	static void name##_wide(int64_t N, double *Y, const double *X, double p, double q)         \
	{                                                                                          \
		(void)p, (void)q;                                                                  \
		for (int64_t i = 0; i < N; i++) {                                                  \
			const double x = X[i];                                                     \
			Y[i] = f;                                                                  \
		}                                                                                  \
	}
LIST(WIDE)

#define ENTRY(NAME, name, f) [RT_POINT_##NAME] = name##_wide,
static wide_fn *const wide[RT_POINTS] = {LIST(ENTRY)};
#undef ENTRY

/* --- any precision ------------------------------------------------------------------------ */

/* Narrow types: N elements in parts, in and out of single precision. */
static void narrow(enum rt_pointwise f, enum rt_dtype dtype, int64_t N, char *y, const char *x,
		   float p, float q)
{
	size_t size = rt_dtype(dtype)->size;
	float part[PART];

	for (int64_t i = 0; i < N; i += PART) {
		int64_t n = N - i < PART ? N - i : PART;

		rt_convert(part, RT_F32, x + (size_t)i * size, dtype, n);
		rt_pointwise(f, n, part, part, p, q);
		rt_convert(y + (size_t)i * size, dtype, part, RT_F32, n);
	}
}

void rt_pointwise_of(enum rt_pointwise f, enum rt_dtype dtype, int64_t N, void *y, const void *x,
		     double p, double q)
{
	size_t size = rt_dtype(dtype)->size;
	int n = rt_split(N, N * COST);

	if (dtype == RT_F32) {
		rt_pointwise(f, N, y, x, (float)p, (float)q);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		int64_t lo = rt_slice(N, t, n), len = rt_slice(N, t + 1, n) - lo;
		char *to = (char *)y + (size_t)lo * size;
		const char *from = (const char *)x + (size_t)lo * size;

		if (dtype == RT_F64)
			wide[f](len, (double *)to, (const double *)from, p, q);
		else
			narrow(f, dtype, len, to, from, (float)p, (float)q);
	}
}

void rt_pointwise_grad_of(enum rt_pointwise f, enum rt_dtype dtype, int64_t N, float *dx,
			  const float *dy, const void *v, double p, double q, bool set)
{
	float part[PART];

	if (dtype == RT_F32) {
		rt_pointwise_grad(f, N, dx, dy, v, (float)p, (float)q, set);
		return;
	}
	for (int64_t i = 0; i < N; i += PART) {
		int64_t n = N - i < PART ? N - i : PART;

		rt_convert(part, RT_F32, (const char *)v + (size_t)i * rt_dtype(dtype)->size, dtype,
			   n);
		rt_pointwise_grad(f, n, dx + i, dy + i, part, (float)p, (float)q, set);
	}
}
