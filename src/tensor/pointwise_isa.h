/* pointwise_isa.h - the loops of pointwise.h, compiled once per instruction set (isa.h). */
#include "tensor/fmath.h"
#include "tensor/pointwise_table.h"

#include <math.h>

RT_FMATH float rt_clipf(float x, float lo, float hi)
{
	float v = x < lo ? lo : x;

	return v > hi ? hi : v;
}

RT_FMATH float rt_eluf(float x, float alpha)
{
	float low = alpha * (rt_expf(x) - 1);

	return x > 0 ? x : low;
}

RT_FMATH float rt_celuf(float x, float alpha)
{
	float low = alpha * (rt_expf(x / alpha) - 1);

	return x > 0 ? x : low;
}

/* From here on Phi(-a) a, below 3e-10, stays what it is. */
#define RT_TAIL_END 6.5f

/* Phi(-a), the tail of the normal distribution, for 0 <= a <= 6.5: 2^-r / 2 with a minimax
 * polynomial r; relative error below 6e-7 up to a = 1, 5e-6 at the end.  Even and odd powers by
 * themselves: half as many operations wait for each other. */
RT_FMATH float rt_normal_tailf(float a)
{
	const float shift = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
	float s = a * a, r, q, t, f, p;

	r = -4.50507087e-7f;
	q = 1.3270528e-8f;
	r = r * s - 4.9663399e-5f;
	q = q * s + 6.48194593e-6f;
	r = r * s + 2.0159574e-4f;
	q = q * s + 1.85009311e-4f;
	r = r * s + 5.26166189e-2f;
	q = q * s - 7.20002167e-3f;
	r = r * s + 1.15111071f;
	q = q * s + 0.459162647f;
	r = (q * a + r) * a;
	t = r + shift;
	f = r - (t - shift);
	s = f * f;
	p = 4.83777067e-3f;
	q = -6.63823576e-4f;
	p = p * s + 0.120110599f;
	q = q * s - 2.77535664e-2f;
	p = p * s + 0.500000036f;
	q = q * s - 0.346573484f;
	p = q * f + p;
	return rt_float_of_bits(rt_bits_of_float(p) - (rt_bits_of_float(t) << 23));
}

/* x Phi(x) = max(x, 0) - |x| Phi(-|x|) */
RT_FMATH float rt_geluf(float x)
{
	float a = __builtin_fabsf(x), t = a > RT_TAIL_END ? RT_TAIL_END : a;

	return (x < 0 ? 0.0f : x) - t * rt_normal_tailf(t);
}

/* Phi(x) + x phi(x) = u for x < 0, else 1 - u, with u = Phi(-a) (1 - a phi(a) / Phi(-a)), a = |x|:
 * what stands in brackets is a polynomial, too. */
RT_FMATH float rt_gelu_slopef(float x)
{
	float a = __builtin_fabsf(x), t = a > RT_TAIL_END ? RT_TAIL_END : a, s = t * t, u, v;

	u = -9.20969226e-6f;
	v = 3.65304212e-7f;
	u = u * s - 2.47616164e-4f;
	v = v * s + 8.54354132e-5f;
	u = u * s + 2.11368097e-2f;
	v = v * s - 1.72756038e-3f;
	u = u * s - 0.63630614f;
	v = v * s - 0.11015057f;
	u = u * s + 1.0000005f;
	v = v * s - 0.797916221f;
	u = (v * t + u) * rt_normal_tailf(t);
	return x < 0 ? u : 1 - u;
}

RT_FMATH float rt_gelu_tanhf(float x)
{
	return 0.5f * x * (1 + rt_tanhf(RT_SQRT_2PI * (x + RT_GELU_CUBE * x * x * x)));
}

RT_FMATH float rt_gelu_tanh_slopef(float x)
{
	float t = rt_tanhf(RT_SQRT_2PI * (x + RT_GELU_CUBE * x * x * x));

	return 0.5f * (1 + t) +
	       0.5f * x * (1 - t * t) * RT_SQRT_2PI * (1 + 3 * RT_GELU_CUBE * x * x);
}

RT_FMATH float rt_hard_swish_slopef(float x)
{
	float inside = x / 3 + 0.5f, above = x >= 3 ? 1.0f : inside;

	return x <= -3 ? 0.0f : above;
}

/* tanh(ln(1 + e^x)) = n / (n + 2) with n = e^x (e^x + 2); 1 from 20 on. */
RT_FMATH float rt_tanh_softplusf(float x)
{
	float e = rt_expf(x > 20 ? 20.0f : x), n = e * (e + 2);

	return n / (n + 2);
}

RT_FMATH float rt_mishf(float x)
{
	return x * rt_tanh_softplusf(x);
}

RT_FMATH float rt_mish_slopef(float x)
{
	float t = rt_tanh_softplusf(x);

	return t + x * (1 - t * t) * rt_sigmoidf(x);
}

RT_FMATH float rt_shrinkf(float x, float lambd, float bias)
{
	float low = x < -lambd ? x + bias : 0.0f;

	return x > lambd ? x - bias : low;
}

RT_FMATH float rt_signf(float x)
{
	return (x > 0 ? 1.0f : 0.0f) - (x < 0 ? 1.0f : 0.0f);
}

/* max(x, 0) + ln(1 + e^-|x|) */
RT_FMATH float rt_softplusf(float x)
{
	return (x > 0 ? x : 0.0f) + rt_log1pf(rt_expf(-__builtin_fabsf(x)));
}

RT_FMATH float rt_softsign_slopef(float x)
{
	float d = 1 + __builtin_fabsf(x);

	return 1 / (d * d);
}

/* One loop that writes and one that adds: a choice inside would keep some from becoming vector
 * code. */
#define GRAD(SIMD, v, slope, assign)                                                               \
	SIMD                                                                                       \
	for (int64_t i = 0; i < N; i++) {                                                          \
		float v = V[i];                                                                    \
		(void)v;                                                                           \
		DX[i] assign DY[i] * (slope);                                                      \
	}

#define LOOPS(SIMD, name, f, v, slope)                                                             \
	static void name##_values(int64_t N, float *Y, const float *X, float p, float q)           \
	{                                                                                          \
		(void)p, (void)q;                                                                  \
		SIMD                                                                               \
		for (int64_t i = 0; i < N; i++) {                                                  \
			float x = X[i];                                                            \
			Y[i] = f;                                                                  \
		}                                                                                  \
	}                                                                                          \
	static void name##_grad(int64_t N, float *DX, const float *DY, const float *V, float p,    \
				float q, bool set)                                                 \
	{                                                                                          \
		(void)p, (void)q;                                                                  \
		if (set) {                                                                         \
			GRAD(SIMD, v, slope, =)                                                    \
		} else {                                                                           \
			GRAD(SIMD, v, slope, +=)                                                   \
		}                                                                                  \
	}
#define UNARY(NAME, name, f, v, slope) LOOPS(_Pragma("omp simd"), name, f, v, slope)
#define LIBRARY(NAME, name, f, v, slope) LOOPS(, name, f, v, slope)
RT_POINTWISE_VECTOR_LIST(UNARY)
RT_POINTWISE_LIBRARY_LIST(LIBRARY)

/* The loop with each pair of steps on its own, so that all are vector code; both are 0 only where
 * N = 1. */
#define BY_STEPS(statement)                                                                        \
	if (sa && sb) {                                                                            \
		_Pragma("omp simd")                                                                \
		for (int64_t i = 0; i < N; i++) {                                                  \
			const float a = A[i], b = B[i];                                            \
			statement;                                                                 \
		}                                                                                  \
	} else if (sa) {                                                                           \
		const float b = B[0];                                                              \
		_Pragma("omp simd")                                                                \
		for (int64_t i = 0; i < N; i++) {                                                  \
			const float a = A[i];                                                      \
			statement;                                                                 \
		}                                                                                  \
	} else {                                                                                   \
		const float a = A[0];                                                              \
		_Pragma("omp simd")                                                                \
		for (int64_t i = 0; i < N; i++) {                                                  \
			const float b = B[i];                                                      \
			statement;                                                                 \
		}                                                                                  \
	}

#define BINARY(NAME, name, f)                                                                      \
	static void name##_values(int64_t N, float *Y, const float *A, int64_t sa, const float *B, \
				  int64_t sb)                                                      \
	{                                                                                          \
		BY_STEPS(Y[i] = f)                                                                 \
	}
RT_BINARY_LIST(BINARY)

#define TERM(name, term)                                                                           \
	static void name##_term(int64_t N, float *T, const float *G, const float *A, int64_t sa,   \
				const float *B, int64_t sb)                                        \
	{                                                                                          \
		BY_STEPS((void)a; (void)b; const float g = G[i]; T[i] = term)                      \
	}
RT_TERM_LIST(TERM)

static void add_scaled(int64_t N, float *Y, const float *X, int64_t sx, float scale)
{
	if (sx) {
#pragma omp simd
		for (int64_t i = 0; i < N; i++)
			Y[i] += scale * X[i];
	} else {
		const float v = scale * X[0];
#pragma omp simd
		for (int64_t i = 0; i < N; i++)
			Y[i] += v;
	}
}

static void sum_rows(int64_t N, double *acc, const float *T)
{
#pragma omp simd
	for (int64_t i = 0; i < N; i++)
		acc[i] += (double)T[i];
}

static void sum_lanes(int64_t N, double *lanes, const float *T)
{
	int64_t i = 0;
	double s[8];

	for (int k = 0; k < 8; k++)
		s[k] = lanes[k];
	for (; i + 8 <= N; i += 8) {
#pragma omp simd
		for (int k = 0; k < 8; k++)
			s[k] += (double)T[i + k];
	}
	for (int k = 0; i + k < N; k++)
		s[k] += (double)T[i + k];
	for (int k = 0; k < 8; k++)
		lanes[k] = s[k];
}

#include "tensor/softmax_isa.h"

const struct rt_pointwise_table RT_ISA_TABLE = {
#define ENTRY(NAME, name, f, v, slope) [RT_POINT_##NAME] = {name##_values, name##_grad},
	.unary = {RT_POINTWISE_LIST(ENTRY)},
#undef ENTRY
#define ENTRY(NAME, name, f) [RT_BINARY_##NAME] = name##_values,
	.binary = {RT_BINARY_LIST(ENTRY)},
#undef ENTRY
	.term = {[RT_BINARY_MUL] = {mul_a_term, mul_b_term},
		 [RT_BINARY_DIV] = {div_a_term, div_b_term},
		 [RT_BINARY_POW] = {pow_a_term, pow_b_term},
		 [RT_BINARY_FMOD] = {NULL, fmod_b_term},
		 [RT_BINARY_PRELU] = {prelu_a_term, prelu_b_term}},
	.add = add_scaled,
	.sum_rows = sum_rows,
	.sum_lanes = sum_lanes,
	.softmax = {softmax, softmax_grad},
	.log_softmax = {log_softmax, log_softmax_grad},
};
