/* pointwise.h - functions of one number applied to whole arrays, with their derivatives.
 *
 * X(NAME, name, f(x), v, f'(v)): the derivative is a function of v, which is x, or y = f(x) where
 * that suffices, so that x need not be kept.  p and q are the parameters of the function.
 * Formulas: the ONNX operator of that name; GELU: Hendrycks and Gimpel, arXiv 1606.08415; Mish:
 * Misra, arXiv 1908.08681.
 */
#ifndef RT_TENSOR_POINTWISE_H
#define RT_TENSOR_POINTWISE_H

#include "tensor/tensor.h"

#include <stdint.h>

/* 2 / sqrt(pi), 1 / sqrt(2), 1 / sqrt(2 pi), sqrt(2 / pi) */
#define RT_2_SQRTPI 1.12837917f
#define RT_1_SQRT2 0.707106781f
#define RT_1_SQRT2PI 0.398942280f
#define RT_SQRT_2PI 0.797884561f
#define RT_GELU_CUBE 0.044715f

/* Of these the loops are vector code; functions of the C library stay as they are. */
#define RT_POINTWISE_VECTOR_LIST(X)                                                                \
	X(ABS, abs, __builtin_fabsf(x), x, rt_signf(x))                                            \
	X(CEIL, ceil, __builtin_ceilf(x), y, 0.0f)                                                 \
	X(CELU, celu, rt_celuf(x, p), x, x > 0 ? 1.0f : rt_expf(x / p))                            \
	X(CLIP, clip, rt_clipf(x, p, q), y, y > p && y < q ? 1.0f : 0.0f)                          \
	X(ELU, elu, rt_eluf(x, p), x, x > 0 ? 1.0f : p * rt_expf(x))                               \
	X(ERF, erf, rt_erff(x), x, RT_2_SQRTPI * rt_expf(-x * x))                                  \
	X(EXP, exp, rt_expf(x), y, y)                                                              \
	X(FLOOR, floor, __builtin_floorf(x), y, 0.0f)                                              \
	X(GELU, gelu, rt_geluf(x), x, rt_gelu_slopef(x))                                           \
	X(GELU_TANH, gelu_tanh, rt_gelu_tanhf(x), x, rt_gelu_tanh_slopef(x))                       \
	X(HARD_SIGMOID, hard_sigmoid, rt_clipf(p * x + q, 0, 1), y, y > 0 && y < 1 ? p : 0.0f)     \
	X(HARD_SWISH, hard_swish, x * rt_clipf(x / 6 + 0.5f, 0, 1), x, rt_hard_swish_slopef(x))    \
	X(LEAKY_RELU, leaky_relu, x > 0 ? x : p * x, x, x > 0 ? 1.0f : p)                          \
	X(LOG, log, rt_logf(x), x, 1 / x)                                                          \
	X(MISH, mish, rt_mishf(x), x, rt_mish_slopef(x))                                           \
	X(NEG, neg, -x, y, -1.0f)                                                                  \
	X(RECIPROCAL, reciprocal, 1 / x, y, -y * y)                                                \
	X(RELU, relu, x < 0 ? 0.0f : x, y, y > 0 ? 1.0f : 0.0f)                                    \
	X(ROUND, round, __builtin_rintf(x), y, 0.0f)                                               \
	X(SELU, selu, q * rt_eluf(x, p), x, x > 0 ? q : q * p * rt_expf(x))                        \
	X(SHRINK, shrink, rt_shrinkf(x, p, q), x, x < -p || x > p ? 1.0f : 0.0f)                   \
	X(SIGMOID, sigmoid, rt_sigmoidf(x), y, y * (1 - y))                                        \
	X(SIGN, sign, rt_signf(x), y, 0.0f)                                                        \
	X(SOFTPLUS, softplus, rt_softplusf(x), x, rt_sigmoidf(x))                                  \
	X(SOFTSIGN, softsign, x / (1 + __builtin_fabsf(x)), x, rt_softsign_slopef(x))              \
	X(SQRT, sqrt, __builtin_sqrtf(x), y, 0.5f / y)                                             \
	X(SQUARE, square, x * x, x, 2 * x)                                                         \
	X(TANH, tanh, rt_tanhf(x), y, 1 - y * y)                                                   \
	X(THRESHOLDED_RELU, thresholded_relu, x > p ? x : 0.0f, x, x > p ? 1.0f : 0.0f)

#define RT_POINTWISE_LIBRARY_LIST(X)                                                               \
	X(ACOS, acos, acosf(x), x, -1 / __builtin_sqrtf((1 - x) * (1 + x)))                        \
	X(ACOSH, acosh, acoshf(x), x, 1 / __builtin_sqrtf((x - 1) * (x + 1)))                      \
	X(ASIN, asin, asinf(x), x, 1 / __builtin_sqrtf((1 - x) * (1 + x)))                         \
	X(ASINH, asinh, asinhf(x), x, 1 / __builtin_sqrtf(x * x + 1))                              \
	X(ATAN, atan, atanf(x), x, 1 / (1 + x * x))                                                \
	X(ATANH, atanh, atanhf(x), x, 1 / ((1 - x) * (1 + x)))                                     \
	X(COS, cos, cosf(x), x, -sinf(x))                                                          \
	X(COSH, cosh, coshf(x), x, sinhf(x))                                                       \
	X(SIN, sin, sinf(x), x, cosf(x))                                                           \
	X(SINH, sinh, sinhf(x), x, coshf(x))                                                       \
	X(TAN, tan, tanf(x), y, 1 + y * y)

#define RT_POINTWISE_LIST(X) RT_POINTWISE_VECTOR_LIST(X) RT_POINTWISE_LIBRARY_LIST(X)

enum rt_pointwise {
#define ENTRY(NAME, name, f, v, slope) RT_POINT_##NAME,
	RT_POINTWISE_LIST(ENTRY)
#undef ENTRY
	RT_POINTS
};

/* y(N) = f(x(N)); y may be x. */
void rt_pointwise(enum rt_pointwise f, int64_t N, float *y, const float *x, float p, float q);

/* dx(N) += dy(N) f'(v(N)), or = where set, when dx may be dy; v as the list says, not read where
 * the derivative is a constant. */
void rt_pointwise_grad(enum rt_pointwise f, int64_t N, float *dx, const float *dy, const float *v,
		       float p, float q, bool set);

/* The same for arrays x, y and v of any floating type: f64 is computed in f64, narrow types in f32.
 * Gradients stay f32. */
void rt_pointwise_of(enum rt_pointwise f, enum rt_dtype dtype, int64_t N, void *y, const void *x,
		     double p, double q);
void rt_pointwise_grad_of(enum rt_pointwise f, enum rt_dtype dtype, int64_t N, float *dx,
			  const float *dy, const void *v, double p, double q, bool set);

#endif
