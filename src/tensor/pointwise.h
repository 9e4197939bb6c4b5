/* pointwise.h - functions of one number applied to whole arrays, with their derivatives.
 *
 * X(NAME, name, f(x), v, f'(v)): the derivative is a function of v, which is x, or y = f(x) where
 * that suffices, so that x need not be kept.  p and q are the parameters of the function.
 * Formulas: the ONNX operator of that name; GELU: Hendrycks and Gimpel, arXiv 1606.08415.
 */
#ifndef RT_TENSOR_POINTWISE_H
#define RT_TENSOR_POINTWISE_H

#include <stdint.h>

/* 2 / sqrt(pi), 1 / sqrt(2), 1 / sqrt(2 pi), sqrt(2 / pi) */
#define RT_2_SQRTPI 1.12837917f
#define RT_1_SQRT2 0.707106781f
#define RT_1_SQRT2PI 0.398942280f
#define RT_SQRT_2PI 0.797884561f
#define RT_GELU_CUBE 0.044715f

#define RT_POINTWISE_LIST(X)                                                                       \
	X(ABS, abs, __builtin_fabsf(x), x, (x > 0 ? 1.0f : 0.0f) - (x < 0 ? 1.0f : 0.0f))          \
	X(CLIP, clip, rt_clipf(x, p, q), y, y > p && y < q ? 1.0f : 0.0f)                          \
	X(ELU, elu, rt_eluf(x, p), x, x > 0 ? 1.0f : p * rt_expf(x))                               \
	X(ERF, erf, rt_erff(x), x, RT_2_SQRTPI * rt_expf(-x * x))                                  \
	X(EXP, exp, rt_expf(x), y, y)                                                              \
	X(GELU, gelu, rt_geluf(x), x, rt_gelu_slopef(x))                                           \
	X(GELU_TANH, gelu_tanh, rt_gelu_tanhf(x), x, rt_gelu_tanh_slopef(x))                       \
	X(HARD_SIGMOID, hard_sigmoid, rt_clipf(p * x + q, 0, 1), y, y > 0 && y < 1 ? p : 0.0f)     \
	X(HARD_SWISH, hard_swish, x * rt_clipf(x / 6 + 0.5f, 0, 1), x, rt_hard_swish_slopef(x))    \
	X(LEAKY_RELU, leaky_relu, x > 0 ? x : p * x, x, x > 0 ? 1.0f : p)                          \
	X(LOG, log, rt_logf(x), x, 1 / x)                                                          \
	X(NEG, neg, -x, y, -1.0f)                                                                  \
	X(RELU, relu, x < 0 ? 0.0f : x, y, y > 0 ? 1.0f : 0.0f)                                    \
	X(SIGMOID, sigmoid, rt_sigmoidf(x), y, y * (1 - y))                                        \
	X(SQRT, sqrt, __builtin_sqrtf(x), y, 0.5f / y)                                             \
	X(SQUARE, square, x * x, x, 2 * x)                                                         \
	X(TANH, tanh, rt_tanhf(x), y, 1 - y * y)

enum rt_pointwise {
#define ENTRY(NAME, name, f, v, slope) RT_POINT_##NAME,
	RT_POINTWISE_LIST(ENTRY)
#undef ENTRY
	RT_POINTS
};

/* y(N) = f(x(N)); y may be x. */
void rt_pointwise(enum rt_pointwise f, int64_t N, float *y, const float *x, float p, float q);

/* dx(N) += dy(N) f'(v(N)), v as the list says; v is not read where the derivative is a constant. */
void rt_pointwise_grad(enum rt_pointwise f, int64_t N, float *dx, const float *dy, const float *v,
		       float p, float q);

#endif
