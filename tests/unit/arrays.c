/* arrays.c - kernels that move, repeat and sum: broadcasting, strided copies, padding. */
#include "config.h"

#include "tests/unit/unit.h"
#include "base/mem.h"
#include "base/rng.h"
#include "tensor/binary.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

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

/* --- broadcasting ------------------------------------------------------------------------- */

/* A shape that broadcasts to whole: some axes become 1, some in front are left out. */
static struct rt_shape part_of(const struct rt_shape *whole)
{
	int skip = (int)below(whole->rank + 1);
	struct rt_shape s = {.rank = whole->rank - skip};

	for (int d = 0; d < s.rank; d++)
		s.dim[d] = below(2) ? whole->dim[skip + d] : 1;
	return s;
}

static struct rt_shape drawn_shape(int most_rank, int64_t most_dim)
{
	struct rt_shape s = {.rank = (int)below(most_rank + 1)};

	for (int d = 0; d < s.rank; d++)
		s.dim[d] = 1 + below(below(3) ? most_dim : 2);
	return s;
}

/* Place in an array of shape `from` that index i of the shape `to` reads. */
static int64_t place(const struct rt_shape *from, const struct rt_shape *to, int64_t i)
{
	int64_t at = 0, run = 1;

	for (int d = to->rank - 1; d >= 0; d--) {
		int k = d - (to->rank - from->rank);

		if (k >= 0) {
			at += from->dim[k] == 1 ? 0 : i % to->dim[d] * run;
			run *= from->dim[k];
		}
		i /= to->dim[d];
	}
	return at;
}

static double exact(enum rt_binary f, double a, double b)
{
	switch (f) {
	case RT_BINARY_ADD: return a + b;
	case RT_BINARY_SUB: return a - b;
	case RT_BINARY_MUL: return a * b;
	case RT_BINARY_DIV: return a / b;
	default: return pow(a, b);
	}
}

static double exact_slope(enum rt_binary f, int operand, double a, double b)
{
	switch (f) {
	case RT_BINARY_ADD: return 1;
	case RT_BINARY_SUB: return operand ? -1 : 1;
	case RT_BINARY_MUL: return operand ? a : b;
	case RT_BINARY_DIV: return operand ? -a / (b * b) : 1 / b;
	default: return operand ? pow(a, b) * log(a) : b * pow(a, b - 1);
	}
}

static void check_close(const char *what, int64_t n, const float *got, const double *wanted)
{
	for (int64_t i = 0; i < n; i++)
		if (!(fabs((double)got[i] - wanted[i]) <= 1e-5 * fmax(1, fabs(wanted[i]))))
			fail_msg("%s: element %d is %.9g, wanted %.9g", what, (int)i,
				 (double)got[i], wanted[i]);
}

static void check_binary(enum rt_binary f, const struct rt_shape *as, const struct rt_shape *bs)
{
	struct rt_err err;
	struct rt_shape ys;
	const struct rt_shape *shape[2] = {as, bs};
	int64_t n;

	assert_ok(rt_shape_broadcast(&ys, as, bs, &err));
	n = rt_shape_count(&ys);
	float *a = drawn(rt_shape_count(as), 0.5, 2), *b = drawn(rt_shape_count(bs), 0.5, 2);
	float *y = drawn(n, 0, 0), *g = drawn(n, -1, 1);
	double *wanted = rt_alloc((size_t)n, sizeof(double));

	rt_binary(f, RT_F32, y, &ys, (struct rt_operand){a, as}, (struct rt_operand){b, bs});
	for (int64_t i = 0; i < n; i++)
		wanted[i] = exact(f, (double)a[place(as, &ys, i)], (double)b[place(bs, &ys, i)]);
	check_close("values", n, y, wanted);
	for (int k = 0; k < 2; k++) {
		int64_t m = rt_shape_count(shape[k]);
		float *dx = drawn(m, 2, 2);

		for (int64_t i = 0; i < m; i++)
			wanted[i] = 2;
		for (int64_t i = 0; i < n; i++)
			wanted[place(shape[k], &ys, i)] +=
				(double)g[i] * exact_slope(f, k, (double)a[place(as, &ys, i)],
							   (double)b[place(bs, &ys, i)]);
		rt_binary_grad(f, k, dx, g, &ys, (struct rt_operand){a, as},
			       (struct rt_operand){b, bs});
		check_close(k ? "gradient of b" : "gradient of a", m, dx, wanted);
		free(dx);
	}
	free(a);
	free(b);
	free(y);
	free(g);
	free(wanted);
}

static void broadcasting_agrees_with_plain_loops(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		struct rt_shape whole = drawn_shape(5, 6), a = part_of(&whole), b = part_of(&whole);

		check_binary((enum rt_binary)(round % (RT_BINARY_POW + 1)), &a, &b);
	}
	check_binary(RT_BINARY_MUL, &RT_SHAPE(70, 3, 40), &RT_SHAPE(3, 1)); /* enough for threads */
	check_binary(RT_BINARY_ADD, &RT_SHAPE(300, 200), &RT_SHAPE(200));
	check_binary(RT_BINARY_SUB, &RT_SHAPE(2, 30000), &RT_SHAPE(2, 1));
}

static void sums_undo_repetition(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct rt_shape xs = drawn_shape(5, 7), ys = part_of(&xs);
		int64_t n = rt_shape_count(&xs), m = rt_shape_count(&ys);
		float *x = drawn(n, -1, 1), *y = drawn(m, 1, 1), *back = drawn(n, 3, 3);
		double *wanted = rt_alloc((size_t)n, sizeof(double));

		for (int64_t i = 0; i < m; i++)
			wanted[i] = 1;
		for (int64_t i = 0; i < n; i++)
			wanted[place(&ys, &xs, i)] += 0.5 * (double)x[i];
		rt_sum_to(y, &ys, x, &xs, 0.5);
		check_close("sum", m, y, wanted);
		for (int64_t i = 0; i < n; i++)
			wanted[i] = 3 - 2 * (double)y[place(&ys, &xs, i)];
		rt_spread_add(back, &xs, y, &ys, -2);
		check_close("spread", n, back, wanted);
		free(x);
		free(y);
		free(back);
		free(wanted);
	}
}

/* 0.1 a million times over: float sums drift by percents, these do not. */
static void long_sums_stay_exact(void **state)
{
	int64_t n = 1 << 20;
	float *x = drawn(n, 0.1, 0.1), column[64] = {0}, one = 0;

	(void)state;
	rt_sum_to(&one, &RT_SHAPE(1), x, &RT_SHAPE(n), 1);
	assert_close((double)one, (double)n * (double)0.1f, 1e-7);
	rt_sum_to(column, &RT_SHAPE(64), x, &RT_SHAPE(n / 64, 64), 1);
	for (int i = 0; i < 64; i++)
		assert_close((double)column[i], (double)(n / 64) * (double)0.1f, 1e-7);
	free(x);
}

/* --- moving ------------------------------------------------------------------------------- */

/* Steps of a random turn of axes of x, some walked backwards or in strides; *first is where they
 * begin and *y the shape they show. */
static void drawn_view(const struct rt_shape *x, struct rt_shape *y, int64_t *step, int64_t *first)
{
	int32_t order[RT_MAX_RANK];
	int64_t dense[RT_MAX_RANK];

	rt_steps_dense(dense, x);
	for (int d = 0; d < x->rank; d++)
		order[d] = d;
	rt_rng_shuffle(&rng, order, x->rank);
	y->rank = x->rank;
	*first = 0;
	for (int d = 0; d < x->rank; d++) {
		int64_t n = x->dim[order[d]], stride = 1 + below(2);

		y->dim[d] = (n - 1) / stride + 1;
		step[d] = dense[order[d]] * stride;
		if (below(4) == 0) {
			*first += step[d] * (y->dim[d] - 1);
			step[d] = -step[d];
		}
	}
}

static int64_t stepped(const struct rt_shape *shape, const int64_t *step, int64_t i)
{
	int64_t at = 0;

	for (int d = shape->rank - 1; d >= 0; d--) {
		at += i % shape->dim[d] * step[d];
		i /= shape->dim[d];
	}
	return at;
}

static void check_view(const struct rt_shape *xs, const struct rt_shape *ys, const int64_t *step,
		       int64_t first, size_t size)
{
	int64_t n = rt_shape_count(xs), m = rt_shape_count(ys), dense[RT_MAX_RANK];
	unsigned char *x = rt_alloc((size_t)n, size), *y = rt_alloc((size_t)m, size);
	float *dy = drawn(m, -1, 1), *dx = drawn(n, 0, 0);

	rt_steps_dense(dense, ys);
	for (size_t i = 0; i < (size_t)n * size; i++)
		x[i] = (unsigned char)rt_rng_u32(&rng);
	rt_copy_steps(y, dense, x + (size_t)first * size, step, size, ys);
	rt_add_steps(dx + first, step, dy, dense, ys);
	for (int64_t i = 0; i < m; i++) {
		int64_t at = first + stepped(ys, step, i);

		if (memcmp(y + (size_t)i * size, x + (size_t)at * size, size) != 0)
			fail_msg("element %d of %d bytes is another", (int)i, (int)size);
		if (dx[at] != dy[i])
			fail_msg("element %d came back as %g, was %g", (int)i, (double)dx[at],
				 (double)dy[i]);
	}
	free(x);
	free(y);
	free(dy);
	free(dx);
}

static void strided_copies_move_every_element(void **state)
{
	static const size_t sizes[] = {1, 2, 4, 8};
	struct rt_shape turned = RT_SHAPE(130, 300);

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct rt_shape x = drawn_shape(5, 9), y;
		int64_t step[RT_MAX_RANK] = {0}, first;

		drawn_view(&x, &y, step, &first);
		check_view(&x, &y, step, first, sizes[round % 4]);
	}
	check_view(&RT_SHAPE(300, 130), &turned, (int64_t[RT_MAX_RANK]){1, 130}, 0, 4);
}

static void padding_and_its_gradient_are_adjoint(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		enum rt_pad_mode mode = (enum rt_pad_mode)(round % 3);
		struct rt_shape xs = drawn_shape(4, 6), ys = xs;
		int64_t begin[RT_MAX_RANK] = {0};
		float zero = 0;
		double forward = 0, backward = 0;

		for (int d = 0; d < xs.rank; d++) {
			int64_t most = mode == RT_PAD_REFLECT ? xs.dim[d] : 4;

			begin[d] = below(3) ? below(most) : -below(xs.dim[d]);
			ys.dim[d] += begin[d] + below(most);
		}
		float *x = drawn(rt_shape_count(&xs), -1, 1), *y = drawn(rt_shape_count(&ys), 0, 0);
		float *dy = drawn(rt_shape_count(&ys), -1, 1);
		float *dx = drawn(rt_shape_count(&xs), 0, 0);

		rt_pad(y, &ys, x, &xs, sizeof(float), begin, mode, &zero);
		rt_pad_add(dx, &xs, dy, &ys, begin, mode);
		for (int64_t i = 0; i < rt_shape_count(&ys); i++)
			forward += (double)y[i] * (double)dy[i];
		for (int64_t i = 0; i < rt_shape_count(&xs); i++)
			backward += (double)x[i] * (double)dx[i];
		assert_close(forward, backward, 1e-5);
		free(x);
		free(y);
		free(dx);
		free(dy);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(broadcasting_agrees_with_plain_loops, start),
		cmocka_unit_test_setup(sums_undo_repetition, start),
		cmocka_unit_test(long_sums_stay_exact),
		cmocka_unit_test_setup(strided_copies_move_every_element, start),
		cmocka_unit_test_setup(padding_and_its_gradient_are_adjoint, start),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
