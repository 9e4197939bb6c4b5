/* fmath.h - exp, log, tanh and erf in single precision without branches or tables, so that loops
 * calling them become vector code.
 *
 * The polynomials are minimax fits of relative error (Lawson's iteration on Chebyshev nodes).  No
 * fused multiply-add: every instruction set gives the same bits.  Largest errors against double
 * precision, in units of the last place: exp 0.97, log 0.83, log1p 2.5, tanh 1.3, sigmoid 2.5,
 * erf 1.3 (tests/unit/pointwise.c holds them to these).
 */
#ifndef RT_TENSOR_FMATH_H
#define RT_TENSOR_FMATH_H

#include <stdint.h>
#include <string.h>

/* A call left in a loop would keep it from becoming vector code. */
#define RT_FMATH static inline __attribute__((always_inline))

RT_FMATH float rt_float_of_bits(uint32_t bits)
{
	float f;

	memcpy(&f, &bits, sizeof(f));
	return f;
}

RT_FMATH uint32_t rt_bits_of_float(float f)
{
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	return bits;
}

/* e^x: x = n ln 2 + r, |r| <= ln 2 / 2; e^r = 1 + r + r^2 P(r).  0 under -104, infinite
 * above 88.72. */
RT_FMATH float rt_expf(float x)
{
	const float shift = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
	float v = x > 89.0f ? 89.0f : x, t, n, r, p;
	uint32_t whole, half;

	v = v < -104.0f ? -104.0f : v;
	t = v * 1.44269504f + shift;
	n = t - shift;
	whole = rt_bits_of_float(t) - rt_bits_of_float(shift);
	r = v - n * 0.693359375f; /* ln 2 in two parts; the first product is exact */
	r = r + n * 2.12194440e-4f;
	p = 1.38144649e-3f;
	p = p * r + 8.36878084e-3f;
	p = p * r + 4.16683927e-2f;
	p = p * r + 0.166665196f;
	p = p * r + 0.49999994f;
	p = p * (r * r) + r;
	p = p + 1.0f;
	/* 2^n in two factors, as n reaches beyond the exponents of normal numbers */
	half = (uint32_t)((int32_t)whole >> 1);
	p = p * rt_float_of_bits((half + 127u) << 23);
	return p * rt_float_of_bits((whole - half + 127u) << 23);
}

/* ln x: x = 2^e m, m in [sqrt 1/2, sqrt 2); ln(1 + f) = f - f^2/2 + f^3 P(f). */
RT_FMATH float rt_logf(float x)
{
	float small = x < 0x1p-126f ? 0x1p23f : 1.0f, away = x < 0x1p-126f ? 23.0f : 0.0f;
	uint32_t bits = rt_bits_of_float(x * small) - 0x3F3504F3u; /* of sqrt 1/2 */
	float e = (float)((int32_t)bits >> 23) - away;
	float f = rt_float_of_bits((bits & 0x7FFFFFu) + 0x3F3504F3u) - 1.0f, p;

	p = -7.63442963e-2f;
	p = p * f + 0.127615497f;
	p = p * f - 0.131601945f;
	p = p * f + 0.142017618f;
	p = p * f - 0.166233569f;
	p = p * f + 0.200012267f;
	p = p * f - 0.250008225f;
	p = p * f + 0.333333313f;
	p = p * f * (f * f);
	p = p - e * 2.12194440e-4f;
	p = p - 0.5f * (f * f);
	p = (f + p) + e * 0.693359375f;
	p = x <= 3.40282347e38f ? p : x; /* infinite or not a number */
	p = x == 0.0f ? -__builtin_inff() : p;
	return x < 0.0f ? __builtin_nanf("") : p;
}

/* ln(1 + x) for x >= 0: the error of u = 1 + x is made good by the factor x / (u - 1)
 * (W. Kahan, in the HP-15C Advanced Functions Handbook, 1982). */
RT_FMATH float rt_log1pf(float x)
{
	float u = 1.0f + x, d = u - 1.0f, v = rt_logf(u) * (x / d);

	return d == 0.0f ? x : v;
}

/* tanh x: x + x^3 P(x^2) for |x| < 0.625, else 1 - 2 / (e^2|x| + 1) with the sign of x. */
RT_FMATH float rt_tanhf(float x)
{
	float a = __builtin_fabsf(x), s = x * x, p;
	float big = 1.0f - 2.0f / (rt_expf(2.0f * a) + 1.0f);

	p = -5.70497848e-3f;
	p = p * s + 2.06390787e-2f;
	p = p * s - 5.37397116e-2f;
	p = p * s + 0.133314416f;
	p = p * s - 0.333332807f;
	p = p * s * x + x;
	return a < 0.625f ? p : __builtin_copysignf(big, x);
}

RT_FMATH float rt_sigmoidf(float x)
{
	return 1.0f / (1.0f + rt_expf(-x));
}

/* erf x: x + x P(x^2) for |x| < 0.9375, else 1 - e^-(t + t Q(t)) of t = |x| with the sign of x. */
RT_FMATH float rt_erff(float x)
{
	float a = __builtin_fabsf(x), s = x * x, t = a > 4.0f ? 4.0f : a, p, q;

	p = 8.26745891e-5f;
	p = p * s - 8.11807462e-4f;
	p = p * s + 5.19882981e-3f;
	p = p * s - 2.68584974e-2f;
	p = p * s + 0.112836793f;
	p = p * s - 0.376126319f;
	p = p * s + 0.128379166f;
	p = p * x + x;
	q = 1.04331148e-5f;
	q = q * t - 3.14858102e-4f;
	q = q * t + 3.61034204e-3f;
	q = q * t - 2.36945655e-2f;
	q = q * t + 0.106159046f;
	q = q * t + 0.635198057f;
	q = q * t + 0.128637075f;
	q = q * t + t;
	q = 1.0f - rt_expf(-q);
	return a < 0.9375f ? p : __builtin_copysignf(q, x);
}

#endif
