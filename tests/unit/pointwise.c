/* pointwise.c - kernels that take numbers one by one: functions and quantization. */
#include "config.h"

#include "tests/unit/unit.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/sys.h"
#include "tensor/fmath.h"
#include "tensor/pointwise_table.h"
#include "tensor/quant.h"

#include <math.h>

static struct rt_rng rng;

static int64_t below(int64_t n)
{
	return (int64_t)rt_rng_below(&rng, (uint64_t)n);
}

static float *drawn(int64_t n, double lo, double hi)
{
	float *v = rt_alloc((size_t)n + 1, sizeof(*v));

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(lo + (hi - lo) * rt_rng_uniform(&rng));
	return v;
}

static int start(void **state)
{
	(void)state;
	rt_rng_seed(&rng, 11);
	return 0;
}

/* --- functions ---------------------------------------------------------------------------- */

/* Distance in units of the last place of the float nearest to wanted. */
static double ulps(float got, double wanted)
{
	int exponent;

	frexp(wanted, &exponent);
	return fabs((double)got - wanted) / ldexp(1, exponent < -125 ? -149 : exponent - 24);
}

static double exact_sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static void functions_stay_within_their_error(void **state)
{
	static const struct {
		const char *name;
		float (*f)(float);
		double (*exact)(double);
		double lo, hi, most;
	} list[] = {
		{"exp", rt_expf, exp, -103, 88.7, 0.98},
		{"log", rt_logf, log, 1e-44, 3e38, 0.84},
		{"log1p", rt_log1pf, log1p, 0, 3e38, 2.5},
		{"tanh", rt_tanhf, tanh, -1e30, 1e30, 1.31},
		{"erf", rt_erff, erf, -1e30, 1e30, 1.31},
		{"sigmoid", rt_sigmoidf, exact_sigmoid, -87, 1e30, 2.51},
	};

	(void)state;
	for (size_t k = 0; k < RT_COUNT(list); k++)
		for (uint64_t bits = 0; bits <= 0xFFFFFFFFu; bits += 5003) {
			float x = rt_float_of_bits((uint32_t)bits);

			if (!((double)x >= list[k].lo && (double)x <= list[k].hi))
				continue;
			if (!(ulps(list[k].f(x), list[k].exact((double)x)) <= list[k].most))
				fail_msg("%s(%.9g) is %.9g, wanted %.12g", list[k].name, (double)x,
					 (double)list[k].f(x), list[k].exact((double)x));
		}
}

static void functions_know_their_edges(void **state)
{
	(void)state;
	assert_true(rt_expf(INFINITY) == INFINITY && rt_expf(-INFINITY) == 0 && rt_expf(0) == 1);
	assert_true(rt_expf(88.8f) == INFINITY && isfinite(rt_expf(88.72f)) &&
		    rt_expf(-104.5f) == 0);
	assert_true(rt_logf(0) == -INFINITY && rt_logf(INFINITY) == INFINITY && rt_logf(1) == 0);
	assert_true(isnan(rt_logf(-1)) && isnan(rt_logf(NAN)) && isnan(rt_expf(NAN)));
	assert_true(rt_tanhf(INFINITY) == 1 && rt_tanhf(-INFINITY) == -1 && isnan(rt_tanhf(NAN)));
	assert_true(rt_erff(INFINITY) == 1 && rt_erff(-INFINITY) == -1 && isnan(rt_erff(NAN)));
	assert_true(rt_sigmoidf(INFINITY) == 1 && rt_sigmoidf(-INFINITY) == 0);
}

/* Tables from base up to what this CPU has. */
static const struct rt_pointwise_table *table(int isa)
{
#ifdef __x86_64__
	static const struct rt_pointwise_table *const all[] = {
		&rt_pointwise_base, &rt_pointwise_avx2, &rt_pointwise_avx512};

	return all[isa];
#else
	(void)isa;
	return &rt_pointwise_base;
#endif
}

enum { LEN = 83 };

static void run_all(const struct rt_pointwise_table *t, const float *a, const float *b, float *out)
{
	double acc[LEN] = {0}, lanes[8] = {0};

	for (int f = 0; f < RT_POINTS; f++, out += 2 * LEN) {
		t->unary[f].values(LEN, out, a, 0.3f, 0.7f);
		t->unary[f].grad(LEN, out + LEN, a, b, 0.3f, 0.7f, false);
	}
	for (int f = 0; f < RT_BINARY_REALS; f++, out += 5 * LEN) {
		t->binary[f](LEN, out, a, 1, b, 1);
		t->binary[f](LEN, out + LEN, a, 0, b, 1);
		t->binary[f](LEN, out + 2 * LEN, a, 1, b, 0);
		for (int k = 0; k < 2; k++)
			if (t->term[f][k])
				t->term[f][k](LEN, out + (3 + k) * LEN, b, a, 1, b, 1);
	}
	t->add(LEN, out, a, 1, 1.7f);
	t->add(LEN, out, b, 0, 0.1f);
	t->sum_rows(LEN, acc, a);
	t->sum_rows(LEN, acc, b);
	t->sum_lanes(LEN, lanes, a);
	memcpy(out + LEN, acc, sizeof(acc));
	memcpy(out + 3 * LEN, lanes, sizeof(lanes));
}

static void instruction_sets_agree_to_the_bit(void **state)
{
	const int64_t size = (2 * RT_POINTS + 5 * RT_BINARY_REALS + 4) * LEN;
	float *a = drawn(LEN, 0.01, 6), *b = drawn(LEN, -4, 4), *first, *other;

	(void)state;
	first = rt_alloc((size_t)size, sizeof(float));
	run_all(table(RT_ISA_BASE), a, b, first);
	for (int isa = RT_ISA_BASE + 1; isa <= (int)rt_isa(); isa++) {
		other = rt_alloc((size_t)size, sizeof(float));
		run_all(table(isa), a, b, other);
		for (int64_t i = 0; i < size; i++)
			if (memcmp(&first[i], &other[i], sizeof(float)) != 0 &&
			    !(isnan(first[i]) && isnan(other[i])))
				fail_msg("%s: element %d of array %d is %a, base says %a",
					 rt_isa_name((enum rt_isa)isa), (int)(i % LEN),
					 (int)(i / LEN), (double)other[i], (double)first[i]);
		free(other);
	}
	free(first);
	free(a);
	free(b);
}

static void threads_do_not_change_pointwise_results(void **state)
{
	int64_t n = 100003;
	float *x = drawn(n, -5, 5), *one = rt_alloc((size_t)n, sizeof(float));
	float *three = rt_alloc((size_t)n, sizeof(float));
	int before = rt_threads();

	(void)state;
	for (int threads = 1; threads <= 3; threads += 2) {
		float *y = threads == 1 ? one : three;

		rt_threads_set(threads);
		rt_pointwise(RT_POINT_GELU, n, y, x, 0, 0);
		rt_pointwise_grad(RT_POINT_GELU, n, y, x, x, 0, 0, false);
	}
	rt_threads_set(before);
	assert_memory_equal(one, three, (size_t)n * sizeof(float));
	free(x);
	free(one);
	free(three);
}

/* --- quantization ------------------------------------------------------------------------- */

static void check_quantize(enum rt_dtype dtype, int64_t A, int64_t C, int64_t B)
{
	int64_t n = A * C * B, lo = dtype == RT_U8 ? 0 : -128, hi = lo + 255;
	float *x = drawn(n, -40, 40), *s = drawn(C, 0.05, 0.3), *back = drawn(n, 0, 0);
	uint8_t *z = rt_alloc((size_t)C, 1), *q = rt_alloc((size_t)n, 1);
	struct rt_quant f = {dtype, A, C, B, s, z};

	for (int64_t c = 0; c < C; c++)
		z[c] = (uint8_t)rt_rng_u32(&rng);
	for (int64_t i = 0; i < n; i += 3) /* exact halves of a level */
		x[i] = s[i / B % C] * (float)(below(900) - 450) / 2;
	rt_quantize(&f, q, x);
	rt_dequantize(&f, back, q);
	for (int64_t i = 0; i < n; i++) {
		int64_t c = i / B % C, zero = dtype == RT_U8 ? z[c] : (int8_t)z[c];
		int64_t level = (int64_t)nearbyintf(x[i] / s[c]) + zero;
		int64_t wanted = level < lo ? lo : level > hi ? hi : level;
		int64_t got = dtype == RT_U8 ? q[i] : (int8_t)q[i];

		if (got != wanted)
			fail_msg("%g / %g is level %d, wanted %d", (double)x[i], (double)s[c],
				 (int)got, (int)wanted);
		assert_true(back[i] == (float)(got - zero) * s[c]);
	}
	free(x);
	free(s);
	free(back);
	free(z);
	free(q);
}

static void quantizing_rounds_half_to_even_and_saturates(void **state)
{
	(void)state;
	check_quantize(RT_U8, 1, 1, 1000);
	check_quantize(RT_I8, 1, 1, 70001);
	check_quantize(RT_U8, 3, 5, 17);
	check_quantize(RT_I8, 2, 3, 9001);
	check_quantize(RT_I8, 200, 7, 1);
	check_quantize(RT_U8, 2, 9001, 1);
}

static void quantizing_survives_what_is_not_a_number(void **state)
{
	const float x[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f}, s = 0.5f;
	const int8_t z = 3;
	int8_t q[5];
	struct rt_quant f = {RT_I8, 1, 1, 5, &s, &z};

	(void)state;
	rt_quantize(&f, q, x);
	assert_int_equal(q[0], 3);
	assert_int_equal(q[1], 127);
	assert_int_equal(q[2], -128);
	assert_int_equal(q[3], 127);
	assert_int_equal(q[4], -128);
}

/* Quantized and back, the gradient passes unchanged inside the range and not at all outside. */
static void the_pair_passes_gradients_straight_through(void **state)
{
	const float x[] = {-70, -64, -1, 0.3f, 63, 63.5f, 64, 90}, dy[] = {1, 2, 3, 4, 5, 6, 7, 8};
	const float wanted[] = {0, 2, 3, 4, 5, 6, 0, 0}, s = 0.5f;
	float dq[8] = {0}, dx[8] = {0}, ds = 0;
	int8_t q[8];
	struct rt_quant f = {RT_I8, 1, 1, 8, &s, NULL};

	(void)state;
	rt_quantize(&f, q, x);
	rt_dequantize_grad(&f, dq, &ds, dy, q);
	rt_quantize_grad(&f, dx, &ds, dq, x);
	for (int i = 0; i < 8; i++)
		assert_true(dx[i] == wanted[i]);
	/* learned step size: outside dy times the end of the range, inside dy (round(x/s) - x/s) */
	assert_close((double)ds, -128 * 1 + 4 * (1 - 0.6) + 127 * (7 + 8), 1e-5);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_stay_within_their_error),
		cmocka_unit_test(functions_know_their_edges),
		cmocka_unit_test_setup(instruction_sets_agree_to_the_bit, start),
		cmocka_unit_test_setup(threads_do_not_change_pointwise_results, start),
		cmocka_unit_test_setup(quantizing_rounds_half_to_even_and_saturates, start),
		cmocka_unit_test(quantizing_survives_what_is_not_a_number),
		cmocka_unit_test(the_pair_passes_gradients_straight_through),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
