/* pointwise_table.h - the kernels of one instruction set; private to pointwise*.c and binary.c. */
#ifndef RT_TENSOR_POINTWISE_TABLE_H
#define RT_TENSOR_POINTWISE_TABLE_H

#include "tensor/binary.h"
#include "tensor/pointwise.h"

/* Functions of two numbers: X(NAME, name, f(a, b)). */
#define RT_BINARY_LIST(X)                                                                          \
	X(ADD, add, a + b)                                                                         \
	X(SUB, sub, a - b)                                                                         \
	X(MUL, mul, a * b)                                                                         \
	X(DIV, div, a / b)                                                                         \
	X(POW, pow, powf(a, b))                                                                    \
	X(MIN, min, a < b || a != a ? a : b)                                                       \
	X(MAX, max, a > b || a != a ? a : b)                                                       \
	X(FMOD, fmod, fmodf(a, b))                                                                 \
	X(PRELU, prelu, a < 0 ? a * b : a)

/* g = dL/dy times the derivative of f by a or b: X(name, term).  Where a = 0 or b = 0 the
 * derivatives of a^b are taken as torch.pow takes them. */
#define RT_TERM_LIST(X)                                                                            \
	X(mul_a, g * b)                                                                            \
	X(mul_b, g * a)                                                                            \
	X(div_a, g / b)                                                                            \
	X(div_b, -g * (a / b) / b)                                                                 \
	X(pow_a, b == 0 ? 0.0f : g * (b * powf(a, b - 1)))                                         \
	X(pow_b, a == 0 && b >= 0 ? 0.0f : g * (powf(a, b) * logf(a)))                             \
	X(fmod_b, -g * truncf(a / b))                                                              \
	X(prelu_a, a > 0 ? g : g * b)                                                              \
	X(prelu_b, a > 0 ? 0.0f : g * a)

/* Steps sa and sb are 0 (one number for all) or 1. */
typedef void rt_binary_fn(int64_t N, float *y, const float *a, int64_t sa, const float *b,
			  int64_t sb);
typedef void rt_term_fn(int64_t N, float *t, const float *g, const float *a, int64_t sa,
			const float *b, int64_t sb);

/* One line of softmax.h: D elements that lie B apart. */
struct rt_line_kernels {
	void (*values)(int64_t D, int64_t B, float *y, const float *x);
	void (*grad)(int64_t D, int64_t B, float *dx, const float *dy, const float *y, bool set);
};

struct rt_pointwise_table {
	struct {
		void (*values)(int64_t N, float *y, const float *x, float p, float q);
		void (*grad)(int64_t N, float *dx, const float *dy, const float *v, float p,
			     float q, bool set);
	} unary[RT_POINTS];
	rt_binary_fn *binary[RT_BINARY_REALS];
	rt_term_fn
		*term[RT_BINARY_REALS][2]; /* by operand; NULL: g, negated for the second of SUB */
	/* y(N) += scale * x(N), or of the one number x when sx is 0 */
	void (*add)(int64_t N, float *y, const float *x, int64_t sx, float scale);
	/* acc(N) += t(N); lanes(8)[i % 8] += t(i) */
	void (*sum_rows)(int64_t N, double *acc, const float *t);
	void (*sum_lanes)(int64_t N, double *lanes, const float *t);
	struct rt_line_kernels softmax, log_softmax;
};

/* The table of the best instruction set there is. */
const struct rt_pointwise_table *rt_pointwise_kernels(void);

extern const struct rt_pointwise_table rt_pointwise_base, rt_pointwise_avx2, rt_pointwise_avx512;

#endif
