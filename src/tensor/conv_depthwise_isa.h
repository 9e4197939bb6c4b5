/* conv_depthwise_isa.h - the loops over single planes; a part of conv_direct_isa.h, whose vectors
 * these are. */
#ifndef RT_TENSOR_CONV_DEPTHWISE_ISA_H
#define RT_TENSOR_CONV_DEPTHWISE_ISA_H
/* Outputs i .. i + n L of a plane. */
INLINE void flat_vectors(const struct rt_conv_flat *f, int64_t i, const int n)
{
	lanes acc[8];

	UNROLL
	for (int v = 0; v < n; v++)
		acc[v] = splat(f->start);
	for (int t = 0; t < f->taps; t++) {
		const float *x = f->x + i + f->off[t];
		const lanes w = splat(f->w[t]);

		UNROLL
		for (int v = 0; v < n; v++)
			acc[v] = acc[v] + w * load(x + v * L);
	}
	UNROLL
	for (int v = 0; v < n; v++)
		store(f->y + i + v * L, acc[v]);
}

static void flat(const struct rt_conv_flat *f)
{
	int64_t i = 0;

	for (; i + 8 * L <= f->n; i += 8 * L)
		flat_vectors(f, i, 8);
	for (; i + 2 * L <= f->n; i += 2 * L)
		flat_vectors(f, i, 2);
	for (; i < f->n; i += L)
		flat_vectors(f, i, 1);
}

/* Outputs i .. i + n L under several filters. */
INLINE void flats_vectors(const struct rt_conv_flats *f, int64_t i, const int filters, const int n)
{
	lanes acc[RT_FILTERS_MAX * 4];

	UNROLL
	for (int v = 0; v < filters * n; v++)
		acc[v] = splat(f->start[v / n]);
	for (int64_t t = 0; t < f->taps; t++) {
		const float *x = f->x + i + f->off[t];
		lanes in[4];

		UNROLL
		for (int v = 0; v < n; v++)
			in[v] = load(x + v * L);
		UNROLL
		for (int k = 0; k < filters; k++) {
			const lanes w = splat(f->w[k * f->taps + t]);

			UNROLL
			for (int v = 0; v < n; v++)
				acc[k * n + v] = acc[k * n + v] + w * in[v];
		}
	}
	UNROLL
	for (int v = 0; v < filters * n; v++)
		store(f->y + v / n * f->n + i + v % n * L, acc[v]);
}

INLINE void flats(const struct rt_conv_flats *f, const int filters, const int at_once)
{
	int64_t i = 0;

	for (; i + at_once * L <= f->n; i += at_once * L)
		flats_vectors(f, i, filters, at_once);
	for (; i < f->n; i += L)
		flats_vectors(f, i, filters, 1);
}

/* X(filters) */
#if RT_REGISTERS == 28
#define FLATS_AT_ONCE 4
#define FILTERS 6
#define FLATS(X) X(1) X(2) X(3) X(4) X(5) X(6)
#else
#define FLATS_AT_ONCE 2
#define FILTERS 5
#define FLATS(X) X(1) X(2) X(3) X(4) X(5)
#endif
#define FLAT(k)                                                                                    \
	static void flats_##k(const struct rt_conv_flats *f)                                       \
	{                                                                                          \
		flats(f, k, FLATS_AT_ONCE);                                                        \
	}
FLATS(FLAT)
#undef FLAT

/* Taps t .. t + n, `at_once` vectors at a time so that sums do not wait for one another. */
INLINE void flat_dw_taps(const struct rt_conv_flat_dw *f, int t, const int n, const int at_once)
{
	const float *x[3];
	lanes acc[12];
	int64_t i = 0;

	UNROLL
	for (int k = 0; k < n; k++)
		x[k] = f->x + f->off[t + k];
	UNROLL
	for (int k = 0; k < n * at_once; k++)
		acc[k] = (lanes){0};
	for (; i + at_once * L <= f->n; i += at_once * L) {
		UNROLL
		for (int v = 0; v < at_once; v++) {
			const lanes d = load(f->dy + i + v * L);

			UNROLL
			for (int k = 0; k < n; k++)
				acc[k * at_once + v] =
					acc[k * at_once + v] + d * load(x[k] + i + v * L);
		}
	}
	for (; i < f->n; i += L) {
		const lanes d = load(f->dy + i);

		UNROLL
		for (int k = 0; k < n; k++)
			acc[k * at_once] = acc[k * at_once] + d * load(x[k] + i);
	}
	UNROLL
	for (int k = 0; k < n; k++) {
		lanes sum = load(f->sums + (t + k) * L);

		UNROLL
		for (int v = 0; v < at_once; v++)
			sum = sum + acc[k * at_once + v];
		store(f->sums + (t + k) * L, sum);
	}
}

static void flat_dw(const struct rt_conv_flat_dw *f)
{
	int t = 0;

	for (; t + 3 <= f->taps; t += 3)
		flat_dw_taps(f, t, 3, 4);
	for (; t < f->taps; t++)
		flat_dw_taps(f, t, 1, 4);
}

static void rows(const struct rt_conv_rows *r)
{
	const float lo = r->lo, hi = r->hi;

	for (int64_t p = 0; p < r->rows; p++) {
		const float *from = r->from + p * r->from_row;
		const float *add = r->add ? r->add + p * r->Q : NULL;
		float *y = r->y + p * r->Q;
		int64_t q = 0;

		/* The last vector reaches back into the one before unless it adds to y. */
		while (q + L <= r->Q || (q < r->Q && r->Q >= L && r->add != r->y)) {
			const int64_t at = q + L <= r->Q ? q : r->Q - L;
			lanes v = load(from + at);

			store(y + at, clamped(add ? v + load(add + at) : v, lo, hi));
			q = at + L;
		}
		for (; q < r->Q; q++) {
			float v = from[q] + (add ? add[q] : 0);

			v = v < lo ? lo : v;
			y[q] = v > hi ? hi : v;
		}
	}
}

#endif
