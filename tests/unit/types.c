/* types.c - kernels in every element type: arithmetic, comparison, functions, reductions, order and
 * conversion, against plain loops.
 */
#include "config.h"

#include "tests/unit/unit.h"
#include "base/mem.h"
#include "base/rng.h"
#include "tensor/compare.h"
#include "tensor/layout.h"
#include "tensor/order.h"
#include "tensor/pointwise.h"
#include "tensor/reduce.h"

#include <math.h>

static struct rt_rng rng;

static int start(void **state)
{
	(void)state;
	rt_rng_seed(&rng, 5);
	return 0;
}

static int64_t below(int64_t n)
{
	return (int64_t)rt_rng_below(&rng, (uint64_t)n);
}

static bool is_float(enum rt_dtype t)
{
	return rt_dtype(t)->is_float;
}

/* n whole numbers in lo .. hi that every type has, as doubles and in type t. */
static void *drawn(enum rt_dtype t, int64_t n, int64_t lo, int64_t hi, double *exact)
{
	void *v = rt_alloc((size_t)n, 8);

	for (int64_t i = 0; i < n; i++)
		exact[i] = (double)(lo + below(hi - lo + 1));
	rt_convert(v, t, exact, RT_F64, n);
	return v;
}

static double element(const void *v, enum rt_dtype t, int64_t i)
{
	double d;

	rt_convert(&d, RT_F64, (const char *)v + (size_t)i * rt_dtype(t)->size, t, 1);
	return d;
}

/* --- two numbers -------------------------------------------------------------------------- */

/* What f gives for small whole numbers before it is brought to the type. */
static double plain(enum rt_binary f, bool real, double a, double b)
{
	int64_t m = (int64_t)a, n = (int64_t)b;

	switch (f) {
	case RT_BINARY_ADD: return a + b;
	case RT_BINARY_SUB: return a - b;
	case RT_BINARY_MUL: return a * b;
	case RT_BINARY_DIV: return real ? a / b : n ? (double)(m / n) : 0;
	case RT_BINARY_POW: return real || b >= 0 ? pow(a, b) : trunc(pow(a, b));
	case RT_BINARY_MIN: return fmin(a, b);
	case RT_BINARY_MAX: return fmax(a, b);
	case RT_BINARY_FMOD: return real || n ? fmod(a, b) : 0;
	case RT_BINARY_PRELU: return a < 0 ? a * b : a;
	case RT_BINARY_MOD: return n ? a - b * floor(a / b) : 0;
	case RT_BINARY_AND: return (double)(m & n);
	case RT_BINARY_OR: return (double)(m | n);
	case RT_BINARY_XOR: return (double)(m ^ n);
	case RT_BINARY_SHIFT_LEFT: return (double)(m << n);
	default: return (double)(m >> n);
	}
}

/* A whole result brought to the type: its low bits. */
static double fit(enum rt_dtype t, double v)
{
	int64_t whole = (int64_t)v, cut = 0;

	if (is_float(t))
		return v;
	rt_convert_wrap(&cut, t, &whole, RT_I64, 1);
	return element(&cut, t, 0);
}

static void check_binary(enum rt_binary f, enum rt_dtype t)
{
	enum { N = 60 };
	double a[N], b[N], narrow = t == RT_F16 ? 1e-3 : t == RT_BF16 ? 8e-3 : 1e-6;
	bool wholes = t == RT_BOOL8, shifts = f >= RT_BINARY_SHIFT_LEFT;
	int64_t lo = rt_dtype(t)->is_signed && !shifts ? -4 : 0, most = wholes ? 1 : 5;
	void *x = drawn(t, N, lo, most, a), *w = drawn(t, N, lo, most, b), *y = rt_alloc(N, 8);
	struct rt_shape shape = RT_SHAPE(3, N / 3), row = RT_SHAPE(N / 3);

	rt_binary(f, t, y, &shape, (struct rt_operand){x, &shape}, (struct rt_operand){w, &row});
	for (int i = 0; i < N; i++) {
		double got = element(y, t, i), v = plain(f, is_float(t), a[i], b[i % (N / 3)]);
		double wanted = fit(t, v);

		if (f == RT_BINARY_POW && !is_float(t) && a[i] == 0 && b[i % (N / 3)] < 0)
			wanted = 0;
		if (got == wanted || (isnan(got) && isnan(wanted)) ||
		    fabs(got - wanted) <= narrow * fabs(wanted))
			continue;
		fail_msg("%s, function %d of %g and %g: %g, wanted %g", rt_dtype(t)->row.name, f,
			 a[i], b[i % (N / 3)], got, wanted);
	}
	free(x);
	free(w);
	free(y);
}

static void arithmetic_of_every_type(void **state)
{
	int pairs = 0;

	(void)state;
	for (int t = 0; t < RT_DTYPES; t++)
		for (int f = 0; f < RT_BINARIES; f++) {
			if (!rt_binary_supports((enum rt_binary)f, (enum rt_dtype)t) ||
			    (f >= RT_BINARY_SHIFT_LEFT && rt_dtype((enum rt_dtype)t)->is_signed))
				continue;
			check_binary((enum rt_binary)f, (enum rt_dtype)t);
			pairs++;
		}
	assert_true(pairs > 150);
	assert_false(rt_binary_supports(RT_BINARY_ADD, RT_BOOL8));
	assert_false(rt_binary_supports(RT_BINARY_MOD, RT_F32));
	assert_false(rt_binary_supports(RT_BINARY_AND, RT_F64));
}

/* What C leaves undefined. */
static void whole_numbers_know_their_edges(void **state)
{
	int32_t i = INT32_MIN, minus = -1, none = 0, y;
	int64_t l = INT64_MIN, one = -1, z;
	uint64_t u = 5, far = 64, v;
	uint8_t byte = 0x81, eight = 8, w;
	struct rt_shape s = {0};

	(void)state;
	rt_binary(RT_BINARY_DIV, RT_I32, &y, &s, (struct rt_operand){&i, &s},
		  (struct rt_operand){&minus, &s});
	assert_int_equal(y, INT32_MIN);
	rt_binary(RT_BINARY_MOD, RT_I32, &y, &s, (struct rt_operand){&i, &s},
		  (struct rt_operand){&none, &s});
	assert_int_equal(y, 0);
	rt_binary(RT_BINARY_DIV, RT_I64, &z, &s, (struct rt_operand){&l, &s},
		  (struct rt_operand){&one, &s});
	assert_true(z == INT64_MIN);
	rt_binary(RT_BINARY_FMOD, RT_I64, &z, &s, (struct rt_operand){&l, &s},
		  (struct rt_operand){&one, &s});
	assert_true(z == 0);
	rt_binary(RT_BINARY_SHIFT_LEFT, RT_U64, &v, &s, (struct rt_operand){&u, &s},
		  (struct rt_operand){&far, &s});
	assert_true(v == 0);
	rt_binary(RT_BINARY_SHIFT_RIGHT, RT_U8, &w, &s, (struct rt_operand){&byte, &s},
		  (struct rt_operand){&eight, &s});
	assert_int_equal(w, 0);
}

static bool plain_comparison(enum rt_comparison f, double a, double b)
{
	return f == RT_EQUAL		? a == b
	       : f == RT_LESS		? a < b
	       : f == RT_LESS_OR_EQUAL	? a <= b
	       : f == RT_GREATER	? a > b
					: a >= b;
}

static void comparisons_of_every_type(void **state)
{
	enum { N = 40 };
	struct rt_shape shape = RT_SHAPE(N / 4, 4), column = RT_SHAPE(N / 4, 1);
	unsigned char y[N];
	double a[N], b[N];

	(void)state;
	for (int t = 0; t < RT_DTYPES; t++) {
		enum rt_dtype type = (enum rt_dtype)t;
		int64_t most = type == RT_BOOL8 ? 1 : 3;
		void *x = drawn(type, N, 0, most, a), *w = drawn(type, N, 0, most, b);

		for (int f = RT_EQUAL; f <= RT_GREATER_OR_EQUAL; f++) {
			rt_compare((enum rt_comparison)f, type, y, &shape,
				   (struct rt_operand){x, &shape}, (struct rt_operand){w, &column});
			for (int i = 0; i < N; i++)
				assert_int_equal(y[i], plain_comparison((enum rt_comparison)f, a[i],
									b[i / 4]));
		}
		free(x);
		free(w);
	}
}

/* --- one number --------------------------------------------------------------------------- */

/* Every function in f64 and f16 against itself in f32, slopes included. */
static void functions_of_every_float(void **state)
{
	enum { N = 300 };
	double x[N], y[N];
	float x32[N], y32[N], dy[N], dx[N], dx32[N];
	uint16_t x16[N], y16[N];

	(void)state;
	for (int i = 0; i < N; i++)
		x16[i] = (uint16_t)(0x3400 + i); /* 0.25 .. 0.57, where every function is defined */
	for (int f = 0; f < RT_POINTS; f++) {
		double shift = f == RT_POINT_ACOSH ? 1 : 0;

		for (int i = 0; i < N; i++)
			x[i] = element(x16, RT_F16, i) + shift;
		rt_convert(x32, RT_F32, x, RT_F64, N);
		rt_convert(x16, RT_F16, x, RT_F64, N);
		rt_pointwise((enum rt_pointwise)f, N, y32, x32, 0.375f, 1.5f);
		rt_pointwise_of((enum rt_pointwise)f, RT_F64, N, y, x, 0.375, 1.5);
		rt_pointwise_of((enum rt_pointwise)f, RT_F16, N, y16, x16, 0.375, 1.5);
		for (int i = 0; i < N; i++) {
			assert_close((double)y32[i], y[i], 1e-6);
			if (shift == 0)
				assert_close(element(y16, RT_F16, i), y[i], 6e-4);
			dy[i] = 1;
			dx[i] = dx32[i] = 0;
		}
		rt_pointwise_grad((enum rt_pointwise)f, N, dx32, dy, x32, 0.375f, 1.5f, false);
		rt_pointwise_grad_of((enum rt_pointwise)f, RT_F64, N, dx, dy, x, 0.375, 1.5, false);
		assert_memory_equal(dx, dx32, sizeof(dx));
		for (int i = 0; i < N; i++)
			x16[i] = (uint16_t)(0x3400 + i);
	}
}

/* --- reductions --------------------------------------------------------------------------- */

static double start_of(enum rt_reduction f)
{
	return f == RT_REDUCE_PROD ? 1 : f == RT_REDUCE_MAX ? -1e9 : f == RT_REDUCE_MIN ? 1e9 : 0;
}

static double step_of(enum rt_reduction f, double sum, double x)
{
	switch (f) {
	case RT_REDUCE_SUM_SQUARE:
	case RT_REDUCE_L2: return sum + x * x;
	case RT_REDUCE_L1: return sum + fabs(x);
	case RT_REDUCE_LOG_SUM_EXP: return sum + exp(x);
	case RT_REDUCE_PROD: return sum * x;
	case RT_REDUCE_MAX: return fmax(sum, x);
	case RT_REDUCE_MIN: return fmin(sum, x);
	default: return sum + x;
	}
}

static double end_of(enum rt_reduction f, enum rt_dtype t, double sum, double n)
{
	double v = f == RT_REDUCE_MEAN					      ? sum / n
		   : f == RT_REDUCE_L2					      ? sqrt(sum)
		   : f == RT_REDUCE_LOG_SUM || f == RT_REDUCE_LOG_SUM_EXP ? log(sum)
									      : sum;

	return is_float(t) ? v : fit(t, trunc(v + (v > 0 ? 1e-9 : -1e-9)));
}

/* Place in ys, of xs with some axes 1, of element i of xs. */
static int64_t place(const struct rt_shape *ys, const struct rt_shape *xs, int64_t i)
{
	int64_t at = 0, run = 1;

	for (int d = xs->rank - 1; d >= 0; d--) {
		at += ys->dim[d] == 1 ? 0 : i % xs->dim[d] * run;
		run *= ys->dim[d];
		i /= xs->dim[d];
	}
	return at;
}

static void check_reduction(enum rt_reduction f, enum rt_dtype t, const struct rt_shape *xs,
			    const struct rt_shape *ys)
{
	int64_t n = rt_shape_count(xs), m = rt_shape_count(ys);
	double *x = rt_alloc((size_t)n, 8), *wanted = rt_alloc((size_t)m, 8);
	double tol = t == RT_F16 ? 1e-3 : t == RT_BF16 ? 8e-3 : 1e-6;
	bool product = f == RT_REDUCE_PROD;
	void *data = drawn(t, n, f == RT_REDUCE_LOG_SUM || product ? 1 : 0,
			   product ? 1 + (n < 40) : 3, x);
	void *y = rt_alloc((size_t)m, 8);

	for (int64_t i = 0; i < m; i++)
		wanted[i] = start_of(f);
	for (int64_t i = 0; i < n; i++)
		wanted[place(ys, xs, i)] = step_of(f, wanted[place(ys, xs, i)], x[i]);
	rt_reduce(f, t, y, ys, data, xs);
	for (int64_t i = 0; i < m; i++) {
		double got = element(y, t, i), v = end_of(f, t, wanted[i], (double)(n / m));

		if (got != v && !(fabs(got - v) <= tol * fmax(1, fabs(v))))
			fail_msg("%s, reduction %d, result %d of %d: %g, wanted %g",
				 rt_dtype(t)->row.name, f, (int)i, (int)m, got, v);
	}
	free(x);
	free(wanted);
	free(data);
	free(y);
}

static void reductions_of_every_type(void **state)
{
	(void)state;
	for (int round = 0; round < 1200; round++) {
		enum rt_reduction f = (enum rt_reduction)(round % (RT_REDUCE_MIN + 1));
		enum rt_dtype t = (enum rt_dtype)(round / 10 % RT_BOOL8);
		struct rt_shape xs = {.rank = 1 + (int)below(4)}, ys;

		for (int d = 0; d < xs.rank; d++)
			xs.dim[d] = 1 + below(below(4) ? 4 : 150 / xs.rank);
		ys = xs;
		for (int d = 0; d < xs.rank; d++)
			ys.dim[d] = below(2) ? 1 : xs.dim[d];
		if (t == RT_F16 || t == RT_BF16)
			xs.dim[0] = ys.dim[0] = 1; /* sums that stay exact enough to compare */
		check_reduction(f, t, &xs, &ys);
	}
	check_reduction(RT_REDUCE_MAX, RT_F32, &RT_SHAPE(300, 200),
			&RT_SHAPE(300, 1)); /* threads */
	check_reduction(RT_REDUCE_L1, RT_I64, &RT_SHAPE(300, 200), &RT_SHAPE(1, 200));
}

/* --- order, places, conversion ------------------------------------------------------------ */

static void check_order(enum rt_dtype t, const void *ascending, int n)
{
	uint64_t key[16];

	rt_order_keys(key, ascending, t, n, 1);
	for (int i = 1; i < n; i++)
		if (key[i - 1] >= key[i])
			fail_msg("%s: element %d does not come after the one before",
				 rt_dtype(t)->row.name, i);
}

static void keys_are_in_order(void **state)
{
	const float f[] = {-INFINITY, -2, -1e-40f, 0, 1e-40f, 1, INFINITY, NAN},
		    zero[] = {0, -0.0f};
	const double d[] = {-1e300, -1, 0, 1e-310, 1, 1 + 1e-15, 1e300};
	const int8_t i8[] = {-128, -1, 0, 127};
	const uint8_t u8[] = {0, 1, 128, 255}, truth[] = {0, 7};
	const int64_t i64[] = {INT64_MIN, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
	const uint64_t u64[] = {0, 1, UINT64_C(1) << 63, UINT64_MAX};
	uint64_t key[2];

	(void)state;
	check_order(RT_F32, f, 8);
	check_order(RT_F64, d, 7);
	check_order(RT_I8, i8, 4);
	check_order(RT_U8, u8, 4);
	check_order(RT_BOOL8, truth, 2);
	check_order(RT_I64, i64, 6);
	check_order(RT_U64, u64, 4);
	rt_order_keys(key, zero, RT_F32, 2, 1);
	assert_true(key[0] == key[1]);
	rt_order_keys(key, i8, RT_I8, 2, 2);
	assert_true(key[1] - key[0] == 128);
}

static void wrapping_repeats(void **state)
{
	const int16_t x[6] = {1, 2, 3, 4, 5, 6}, wanted[] = {6, 4, 5, 6, 4, 3, 1, 2, 3, 1,
							      6, 4, 5, 6, 4, 3, 1, 2, 3, 1};
	const int64_t begin[2] = {1, 1};
	int16_t y[20];
	float dy[20], dx[6] = {0};

	(void)state;
	rt_pad(y, &RT_SHAPE(4, 5), x, &RT_SHAPE(2, 3), 2, begin, RT_PAD_WRAP, NULL);
	assert_memory_equal(y, wanted, sizeof(y));
	for (int i = 0; i < 20; i++)
		dy[i] = 1;
	rt_pad_add(dx, &RT_SHAPE(2, 3), dy, &RT_SHAPE(4, 5), begin, RT_PAD_WRAP);
	for (int i = 0; i < 6; i++)
		assert_true(dx[i] == (i % 3 == 1 ? 2 : 4));
}

/* Around every number half way between two of f16, a double next to it goes to its own side; f32 in
 * between would be half way again. */
static void doubles_round_once(void **state)
{
	(void)state;
	for (uint16_t h = 0; h < 0x7BFF; h++) {
		uint16_t next = (uint16_t)(h + 1), got[3];
		double lo = element(&h, RT_F16, 0), hi = element(&next, RT_F16, 0);
		double x[3] = {(lo + hi) / 2, nextafter((lo + hi) / 2, 0),
			       nextafter((lo + hi) / 2, 1e9)};

		rt_convert(got, RT_F16, x, RT_F64, 3);
		assert_int_equal(got[0], h % 2 ? next : h);
		assert_int_equal(got[1], h);
		assert_int_equal(got[2], next);
	}
}

static void conversions_hold_or_wrap(void **state)
{
	const int32_t i[] = {200, -1, 70000, INT32_MIN};
	const double d[] = {1e30, -5, 1.8e19, NAN};
	const uint64_t big = UINT64_MAX;
	int8_t held[4], cut[4];
	uint64_t u[4];
	int16_t s;

	(void)state;
	rt_convert(held, RT_I8, i, RT_I32, 4);
	rt_convert_wrap(cut, RT_I8, i, RT_I32, 4);
	assert_memory_equal(held, ((int8_t[]){127, -1, 127, -128}), 4);
	assert_memory_equal(cut, ((int8_t[]){-56, -1, 112, 0}), 4);
	rt_convert(u, RT_U64, d, RT_F64, 4);
	assert_true(u[0] == UINT64_MAX && u[1] == 0 && u[2] == 18000000000000000000u && u[3] == 0);
	rt_convert(&s, RT_I16, &big, RT_U64, 1);
	assert_int_equal(s, INT16_MAX);
	rt_convert_wrap(&s, RT_I16, &big, RT_U64, 1);
	assert_int_equal(s, -1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(arithmetic_of_every_type, start),
		cmocka_unit_test(whole_numbers_know_their_edges),
		cmocka_unit_test_setup(comparisons_of_every_type, start),
		cmocka_unit_test(functions_of_every_float),
		cmocka_unit_test_setup(reductions_of_every_type, start),
		cmocka_unit_test(keys_are_in_order),
		cmocka_unit_test(wrapping_repeats),
		cmocka_unit_test(doubles_round_once),
		cmocka_unit_test(conversions_hold_or_wrap),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
