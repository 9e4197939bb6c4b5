/* int8.c - the kernels on bytes against plain loops of the same definition, bit for bit, with every
 * instruction set that this CPU has. */
#include "config.h"

#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/int8.h"
#include "tensor/int8_line.h"

#include <math.h>

static const char *const sets[] = {"avx512-vnni", "avx-vnni", "avx2", "base"};
#define SETS (sizeof(sets) / sizeof(*sets))

static uint8_t *draw_bytes(int64_t n)
{
	uint8_t *v = rt_alloc((size_t)n, 1);

	for (int64_t i = 0; i < n; i++)
		v[i] = (uint8_t)between(0, 255);
	return v;
}

static int32_t *draw_whole(int64_t n)
{
	int32_t *v = rt_alloc((size_t)n, sizeof(*v));

	for (int64_t i = 0; i < n; i++)
		v[i] = (int32_t)between(-9999, 9999);
	return v;
}

struct trial {
	struct rt_conv g;
	struct rt_int8_weights w;
	int64_t ny;
	uint8_t *x, *bytes, *zeros, *branch;
	int x_zero;
	int32_t *whole;
	float *scale, *bias;
	struct rt_int8_post post;
};

/* Weights of type dtype, with zero points where asked for. */
static struct trial trial(struct rt_conv g, enum rt_dtype dtype, bool zeros)
{
	const int64_t taps = g.win.kernel[0] * g.win.kernel[1], per = g.C / g.groups * taps;
	struct trial t = {.g = g, .ny = g.N * g.K * g.win.out[0] * g.win.out[1]};

	t.x = draw_bytes(g.N * g.C * g.win.in[0] * g.win.in[1]);
	t.bytes = draw_bytes(g.K * per);
	t.zeros = draw_bytes(g.K);
	t.branch = draw_bytes(t.ny);
	t.x_zero = (int)between(0, 255);
	t.whole = draw_whole(g.K);
	t.scale = draw(g.K);
	t.bias = draw(g.K);
	for (int64_t k = 0; k < g.K; k++) {
		t.scale[k] = 0.5f * fabsf(t.scale[k]) / sqrtf((float)per * 64);
		t.bias[k] *= 40;
	}
	t.w = (struct rt_int8_weights){
		{t.bytes, dtype, zeros ? t.zeros : NULL, zeros && between(0, 1) ? g.K : 1},
		per, taps, 1};
	t.post = (struct rt_int8_post){
		.dtype = RT_U8, .whole = between(0, 1) ? t.whole : NULL, .scale = t.scale,
		.bias = between(0, 1) ? t.bias : NULL, .zero = (int)between(0, 255)};
	t.post.lo = (float)-t.post.zero;
	t.post.hi = (float)(255 - t.post.zero);
	return t;
}

static void release(struct trial *t)
{
	free(t->x);
	free(t->bytes);
	free(t->zeros);
	free(t->branch);
	free(t->whole);
	free(t->scale);
	free(t->bias);
}

/* sum over the window of (x - x_zero) (w - zero) + whole. */
static int32_t reference_sum(const struct trial *t, int64_t n, int64_t k, int64_t p, int64_t q)
{
	const struct rt_conv *g = &t->g;
	const struct rt_window *w = &g->win;
	const int64_t C = g->C / g->groups, first = k / (g->K / g->groups) * C;
	const struct rt_bytes *b = &t->w.bytes;
	int64_t sum = t->post.whole ? t->post.whole[k] : 0;

	for (int64_t c = 0; c < C; c++)
		for (int64_t r = 0; r < w->kernel[0]; r++)
			for (int64_t s = 0; s < w->kernel[1]; s++) {
				const int64_t h = p * w->stride[0] + r * w->dilation[0] - w->pad[0];
				const int64_t i = q * w->stride[1] + s * w->dilation[1] - w->pad[1];
				const int64_t at = k * t->w.out + c * t->w.in +
						   (r * w->kernel[1] + s) * t->w.tap;
				int v = rt_byte(b->data, b->dtype, at);

				if (h < 0 || h >= w->in[0] || i < 0 || i >= w->in[1])
					continue;
				if (b->zero)
					v -= rt_byte(b->zero, b->dtype, b->nzero > 1 ? k : 0);
				sum += (t->x[((n * w->in[0] + h) * w->in[1] + i) * g->C + first +
					     c] -
					t->x_zero) *
				       v;
			}
	return (int32_t)sum;
}

static float bounded(float v, float lo, float hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* One output as the header defines it, in the bits of its type. */
static uint32_t reference(const struct trial *t, int64_t n, int64_t k, int64_t p, int64_t q)
{
	const struct rt_int8_post *o = &t->post;
	const struct rt_int8_branch *b = &o->branch;
	const int32_t sum = reference_sum(t, n, k, p, q);
	float v = (float)sum * o->scale[k], whole;
	uint32_t bits;

	if (o->dtype == RT_I32)
		return (uint32_t)sum;
	v += o->bias ? o->bias[k] : 0;
	v = bounded(v, o->lo, o->hi);
	if (o->dtype == RT_F32) {
		memcpy(&bits, &v, sizeof(bits));
		return bits;
	}
	whole = nearbyintf(v);
	if (b->x) {
		const struct rt_window *w = &t->g.win;
		const int64_t at = ((n * w->out[0] + p) * w->out[1] + q) * t->g.K + k;
		const float own = whole * b->own_scale;
		const float other = (float)(b->x[at] - b->x_zero) * b->scale;

		return (uint32_t)((int)nearbyintf(bounded(own + other, b->lo, b->hi)) + b->zero);
	}
	return (uint32_t)((int)whole + o->zero);
}

/* What the kernels say of the same output. */
static uint32_t got(const struct trial *t, const void *y, int64_t n, int64_t k, int64_t p,
		    int64_t q)
{
	const struct rt_window *w = &t->g.win;

	if (t->post.dtype == RT_U8)
		return ((const uint8_t *)y)[((n * w->out[0] + p) * w->out[1] + q) * t->g.K + k];
	return ((const uint32_t *)y)[((n * t->g.K + k) * w->out[0] + p) * w->out[1] + q];
}

static void check(const struct trial *t, const char *set)
{
	const struct rt_conv *g = &t->g;
	const size_t bytes = (size_t)t->ny * rt_dtype(t->post.dtype)->size;
	void *packed = aligned_alloc(64, (rt_int8_pack_bytes(g, &t->w) + 63) / 64 * 64);
	const size_t size = (rt_int8_conv_work(g) + 63) / 64 * 64;
	char *y = rt_alloc(bytes + 1, 1), *work = aligned_alloc(64, size);

	memset(work, 0xa5, size);
	y[bytes] = 77;
	rt_int8_pack(g, packed, &t->w);
	rt_int8_conv(g, y, t->x, t->x_zero, packed, &t->post, work);
	for (int64_t n = 0; n < g->N; n++)
		for (int64_t k = 0; k < g->K; k++)
			for (int64_t p = 0; p < g->win.out[0]; p++)
				for (int64_t q = 0; q < g->win.out[1]; q++) {
					const uint32_t a = got(t, y, n, k, p, q);
					const uint32_t b = reference(t, n, k, p, q);

					if (a != b)
						fail_msg("%s: y[%d,%d,%d,%d] is %x, wanted %x", set,
							 (int)n, (int)k, (int)p, (int)q, a, b);
				}
	assert_int_equal(y[bytes], 77);
	free(packed);
	free(work);
	free(y);
}

/* All types of output, and the branch, with every instruction set. */
static void check_all(struct trial *t)
{
	static const enum rt_dtype types[] = {RT_U8, RT_F32, RT_I32};
	const struct rt_int8_post post = t->post;
	int ran = 0;

	for (size_t s = 0; s < SETS; s++) {
		if (!rt_int8_use(sets[s]))
			continue;
		assert_string_equal(rt_int8_kernels(), sets[s]);
		ran++;
		for (int i = 0; i < 3; i++) {
			t->post = post;
			t->post.dtype = types[i];
			check(t, sets[s]);
		}
		t->post = post;
		t->post.branch = (struct rt_int8_branch){t->branch, 17, 90, 0.4f, 0.7f, -90, 120};
		check(t, sets[s]);
		t->post = post;
	}
	assert_true(ran > 0);
}

static struct rt_conv shape(int64_t N, int64_t C, int64_t K, int64_t groups, struct rt_window w)
{
	return (struct rt_conv){.N = N, .C = C, .K = K, .groups = groups, .win = w};
}

static void known_layers(void **state)
{
	const struct rt_conv g[] = {
		shape(1, 3, 16, 1, square(12, 7, 2, 3)), shape(2, 1, 20, 1, square(9, 5, 1, 0)),
		shape(1, 64, 80, 1, square(5, 3, 1, 1)), shape(3, 24, 144, 1, square(4, 1, 1, 0)),
		shape(2, 6, 12, 3, square(5, 3, 1, 1)),  shape(1, 40, 40, 40, square(9, 3, 1, 1)),
		shape(1, 33, 33, 33, square(9, 3, 2, 1)), shape(2, 17, 17, 17, square(8, 5, 1, 2)),
		shape(1, 4, 8, 4, square(5, 3, 1, 1)),   shape(5, 20, 33, 1, square(4, 4, 1, 0)),
		shape(7, 30, 10, 1, square(1, 1, 1, 0)), shape(1, 256, 64, 1, square(7, 1, 1, 0)),
		shape(1, 128, 100, 1, square(4, 3, 1, 1)), shape(1, 8, 8, 1, square(9, 1, 2, 0)),
		/* several segments of a row, groups of blocks, and rows that end in half a pair */
		shape(2, 70, 70, 70, square(33, 3, 1, 1)),
		shape(1, 32, 32, 32, square(31, 3, 2, 1)),
		shape(1, 64, 64, 64, square(9, 3, 1, 0)),
		shape(1, 16, 16, 16, square(60, 3, 1, 1)),
		/* every number of blocks at once, and bytes in pieces */
		shape(1, 8, 96, 1, square(7, 1, 1, 0)), shape(1, 8, 29, 1, square(7, 3, 1, 1)),
	};

	(void)state;
	rt_rng_seed(&draw_rng, 1);
	for (size_t i = 0; i < sizeof(g) / sizeof(*g); i++) {
		struct trial t = trial(g[i], RT_I8, false);

		check_all(&t);
		release(&t);
	}
}

static void any_geometry(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 2);
	for (int i = 0; i < 150; i++) {
		const int64_t groups = between(0, 2) ? 1 : between(1, 5);
		const bool deep = between(0, 4) == 0;
		const int64_t C = deep ? between(1, 40) : groups * between(1, 9);
		struct rt_conv g = shape(between(1, 3), C, deep ? C : groups * between(1, 40),
					 deep ? C : groups, draw_window());
		struct trial t = trial(g, RT_I8, false);

		check_all(&t);
		release(&t);
	}
}

/* Zero points of weights, and unsigned ones: differences of -255 .. 255. */
static void weights_with_zero_points(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 3);
	for (int i = 0; i < 60; i++) {
		const int64_t groups = between(1, 3);
		struct rt_conv g = shape(between(1, 2), groups * between(1, 5),
					 groups * between(1, 20), groups, draw_window());
		struct trial t = trial(g, i % 2 ? RT_U8 : RT_I8, i % 3 > 0);

		check_all(&t);
		release(&t);
	}
}

/* Weights that stand as a matrix multiplies: (C taps, K). */
static void turned_weights(void **state)
{
	const struct rt_conv g = shape(3, 5, 21, 1, square(2, 2, 1, 0));
	struct trial t;

	(void)state;
	rt_rng_seed(&draw_rng, 4);
	t = trial(g, RT_I8, false);
	t.w.out = 1;
	t.w.in = 4 * g.K;
	t.w.tap = g.K;
	check_all(&t);
	release(&t);
}

/* The largest products in every place: i16 sums of two would saturate. */
static void extremes(void **state)
{
	const struct rt_conv g = shape(1, 16, 16, 1, square(4, 3, 1, 1));
	struct trial t;

	(void)state;
	rt_rng_seed(&draw_rng, 5);
	t = trial(g, RT_I8, false);
	memset(t.x, 255, 16 * 16);
	t.x_zero = 0;
	for (int w = -128; w <= 127; w += 255) {
		memset(t.bytes, w, 16 * 16 * 9);
		check_all(&t);
	}
	t.w.bytes.dtype = RT_U8;
	memset(t.bytes, 255, 16 * 16 * 9);
	check_all(&t);
	release(&t);
}

/* Threads divide the work, not the result. */
static void threads(void **state)
{
	const int before = rt_threads();

	(void)state;
	for (int n = 1; n <= 3; n++) {
		const struct rt_conv g[] = {shape(1, 64, 64, 1, square(14, 3, 1, 1)),
					    shape(2, 32, 48, 1, square(20, 1, 1, 0)),
					    shape(1, 512, 256, 1, square(3, 1, 1, 0)),
					    shape(1, 64, 64, 64, square(28, 3, 1, 1))};

		rt_threads_set(n);
		rt_rng_seed(&draw_rng, 6);
		for (size_t i = 0; i < sizeof(g) / sizeof(*g); i++) {
			struct trial t = trial(g[i], RT_I8, false);

			check_all(&t);
			release(&t);
		}
	}
	rt_threads_set(before);
}

/* Numbers of planes to bytes of pixels, whatever the number of channels. */
static void quantized(void **state)
{
	enum { N = 2, B = 269 };

	(void)state;
	rt_rng_seed(&draw_rng, 10);
	for (size_t s = 0; s < SETS; s++) {
		for (int64_t C = 1; rt_int8_use(sets[s]) && C <= 9; C++) {
			const int64_t all = N * C * B;
			float *x = draw(all);
			uint8_t *y = rt_alloc((size_t)all + 1, 1);

			x[7] = NAN;
			x[8] = -INFINITY;
			x[9] = 1e30f;
			y[all] = 77;
			rt_int8_quantize(y, x, N, C, B, 0.01f, 100);
			for (int64_t i = 0; i < all; i++) {
				const int64_t at = (i / (C * B) * B + i % B) * C + i / B % C;
				const float v = i == 7 ? 0 : nearbyintf(x[i] / 0.01f);

				assert_int_equal(y[at], (int)bounded(v, -100, 155) + 100);
			}
			assert_int_equal(y[all], 77);
			free(x);
			free(y);
		}
	}
}

static void layouts(void **state)
{
	const int64_t N = 2, C = 5, B = 300;
	float *x = draw(N * C * B), *back = rt_alloc((size_t)(N * C * B), sizeof(*back));
	uint8_t *y = rt_alloc((size_t)(N * C * B), 1), *z = rt_alloc((size_t)(N * C * B), 1);

	(void)state;
	rt_int8_quantize(y, x, N, C, B, 0.01f, 100);
	rt_int8_dequantize(back, y, N, C, B, 0.01f, 100);
	for (int64_t i = 0; i < N * C * B; i++)
		assert_true(back[i] == bounded(nearbyintf(x[i] / 0.01f), -100, 155) * 0.01f);
	for (int i = 0; i < 2; i++) {
		const enum rt_dtype type = i ? RT_I8 : RT_U8;

		rt_int8_outside(z, type, y, N, C, B);
		assert_int_equal(z[B + 3], (uint8_t)(y[3 * C + 1] - (i ? 128 : 0)));
		memset(y, 0, (size_t)(N * C * B));
		rt_int8_inside(y, z, type, N, C, B);
		rt_int8_outside(z, type, y, N, C, B);
		assert_int_equal(z[B + 3], (uint8_t)(y[3 * C + 1] - (i ? 128 : 0)));
	}
	free(x);
	free(back);
	free(y);
	free(z);
}

static void sums_of_branches(void **state)
{
	const struct rt_int8_sum_of s = {10, 200, 30, 0.6f, 0.5f, -30, 225};
	uint8_t *a, *b, y[100];

	(void)state;
	rt_rng_seed(&draw_rng, 7);
	a = draw_bytes(100);
	b = draw_bytes(100);
	for (size_t i = 0; i < SETS; i++) {
		if (!rt_int8_use(sets[i]))
			continue;
		for (int64_t n = 1; n < 100; n += 9) {
			memset(y, 1, sizeof(y));
			rt_int8_sum(y, a, b, n, &s);
			for (int64_t k = 0; k < n; k++) {
				const float p = (float)(a[k] - 10) * 0.6f;
				const float q = (float)(b[k] - 200) * 0.5f;

				assert_int_equal(y[k],
						 (int)nearbyintf(bounded(p + q, -30, 225)) + 30);
			}
			assert_int_equal(y[n], 1);
		}
	}
	free(a);
	free(b);
}

static int largest(const struct rt_window *w, const uint8_t *x, int64_t C, int64_t p, int64_t q)
{
	int best = 0;

	for (int64_t r = 0; r < w->kernel[0]; r++)
		for (int64_t s = 0; s < w->kernel[1]; s++) {
			const int64_t h = p * w->stride[0] + r * w->dilation[0] - w->pad[0];
			const int64_t i = q * w->stride[1] + s * w->dilation[1] - w->pad[1];

			if (h >= 0 && h < w->in[0] && i >= 0 && i < w->in[1] &&
			    x[(h * w->in[1] + i) * C] > best)
				best = x[(h * w->in[1] + i) * C];
		}
	return best;
}

static void pools(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 8);
	for (int i = 0; i < 40; i++) {
		const struct rt_window w = draw_window();
		const int64_t N = between(1, 2), C = between(1, 40), in = w.in[0] * w.in[1] * C;
		uint8_t *x = draw_bytes(N * in);
		uint8_t *y = rt_alloc((size_t)(N * w.out[0] * w.out[1] * C), 1);
		void *work = rt_alloc((size_t)(rt_threads() * w.in[1] * C), 1);

		rt_int8_use(sets[i % (int)SETS]);
		rt_int8_maxpool(&w, N, C, y, x, work);
		for (int64_t k = 0; k < N * w.out[0] * w.out[1] * C; k++) {
			const int64_t c = k % C, q = k / C % w.out[1];
			const int64_t p = k / C / w.out[1] % w.out[0];
			const int64_t n = k / C / w.out[1] / w.out[0];

			assert_int_equal(y[k], largest(&w, x + n * in + c, C, p, q));
		}
		free(x);
		free(y);
		free(work);
	}
}

static void means(void **state)
{
	enum { N = 2, C = 19, B = 49 };
	struct rt_int8_mean m = {RT_U8, 12, 5, 0.03f, -5, 250};
	uint8_t *x, y[N * C];
	float real[N * C];
	int32_t work[N * C];

	(void)state;
	rt_rng_seed(&draw_rng, 9);
	x = draw_bytes(N * C * B);
	rt_int8_mean(y, x, N, C, B, &m, work);
	m.dtype = RT_F32;
	rt_int8_mean(real, x, N, C, B, &m, work);
	for (int k = 0; k < N * C; k++) {
		int sum = 0;

		for (int b = 0; b < B; b++)
			sum += x[(k / C * B + b) * C + k % C] - 12;
		assert_true(real[k] == bounded((float)sum * 0.03f, -5, 250));
		assert_int_equal(y[k], (int)nearbyintf(real[k]) + 5);
	}
	free(x);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_layers),
		cmocka_unit_test(any_geometry),
		cmocka_unit_test(weights_with_zero_points),
		cmocka_unit_test(turned_weights),
		cmocka_unit_test(extremes),
		cmocka_unit_test(threads),
		cmocka_unit_test(quantized),
		cmocka_unit_test(layouts),
		cmocka_unit_test(sums_of_branches),
		cmocka_unit_test(pools),
		cmocka_unit_test(means),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests_name("int8", tests, NULL, NULL);
}
