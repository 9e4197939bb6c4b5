/* conv_samples_isa.h - the loops whose lanes are samples; a part of conv_direct_isa.h, whose
 * vectors these are. */
#ifndef RT_TENSOR_CONV_SAMPLES_ISA_H
#define RT_TENSOR_CONV_SAMPLES_ISA_H

/* n outputs, at[i] floats from x, under several filters; pool: the largest of four. */
INLINE void samples_outputs(const struct rt_conv_samples *s, float *y, const float *x,
			    const int64_t *at, const int filters, const int n, const bool pool)
{
	const float *w = s->w;
	lanes acc[RT_FILTERS_MAX * 4];

	UNROLL
	for (int k = 0; k < filters; k++) {
		UNROLL
		for (int i = 0; i < n; i++)
			acc[k * n + i] = splat(s->start[k]);
	}
	for (int64_t t = 0; t < s->taps; t++, w += filters) {
		const float *from = x + s->off[t];
		lanes in[4];

		UNROLL
		for (int i = 0; i < n; i++)
			in[i] = load(from + at[i]);
		UNROLL
		for (int k = 0; k < filters; k++) {
			const lanes v = splat(w[k]);

			UNROLL
			for (int i = 0; i < n; i++)
				acc[k * n + i] = acc[k * n + i] + v * in[i];
		}
	}
	UNROLL
	for (int k = 0; k < filters; k++) {
		const lanes *a = acc + k * n;

		if (pool) {
			store(y + k * s->y_filter, larger(larger(a[0], a[1]), larger(a[2], a[3])));
			continue;
		}
		UNROLL
		for (int i = 0; i < n; i++)
			store(y + k * s->y_filter + i * L, a[i]);
	}
}

INLINE void samples(const struct rt_conv_samples *s, const int filters)
{
	const int64_t Q = s->Q, right = s->right;
	const int64_t line[4] = {0, right, 2 * right, 3 * right};
	const int64_t square[4] = {0, right, s->down, s->down + right};

	for (int64_t p = 0; p < s->rows; p++) {
		const float *x = s->x + p * (s->pool ? 2 : 1) * s->down;
		float *y = s->y + p * Q * L;
		int64_t q = 0;

		for (; s->pool && q < Q; q++)
			samples_outputs(s, y + q * L, x + 2 * q * right, square, filters, 4, true);
		for (; q + 4 <= Q; q += 4)
			samples_outputs(s, y + q * L, x + q * right, line, filters, 4, false);
		if (q + 3 == Q)
			samples_outputs(s, y + q * L, x + q * right, line, filters, 3, false);
		else if (q + 2 == Q)
			samples_outputs(s, y + q * L, x + q * right, line, filters, 2, false);
		else if (q + 1 == Q)
			samples_outputs(s, y + q * L, x + q * right, line, filters, 1, false);
	}
}

/* Sums of several filters under `taps` taps from t on. */
INLINE void samples_taps(const struct rt_conv_samples *s, int64_t t, const int filters,
			 const int taps)
{
	const float *from[5];
	lanes acc[25];

	UNROLL
	for (int i = 0; i < taps; i++)
		from[i] = s->x + s->off[t + i];
	UNROLL
	for (int k = 0; k < filters; k++) {
		UNROLL
		for (int i = 0; i < taps; i++)
			acc[k * taps + i] = load(s->sums + k * s->sums_filter + (t + i) * L);
	}
	for (int64_t p = 0; p < s->rows; p++) {
		const float *y = s->y + p * s->Q * L;
		int64_t at = p * s->down;

		for (int64_t q = 0; q < s->Q; q++, y += L, at += s->right) {
			lanes in[5];

			UNROLL
			for (int i = 0; i < taps; i++)
				in[i] = load(from[i] + at);
			UNROLL
			for (int k = 0; k < filters; k++) {
				const lanes d = once(load(y + k * s->y_filter));

				UNROLL
				for (int i = 0; i < taps; i++)
					acc[k * taps + i] = acc[k * taps + i] + d * in[i];
			}
		}
	}
	UNROLL
	for (int k = 0; k < filters; k++) {
		UNROLL
		for (int i = 0; i < taps; i++)
			store(s->sums + k * s->sums_filter + (t + i) * L, acc[k * taps + i]);
	}
}

#if RT_REGISTERS == 28
#define SAMPLE_FILTERS 6
#define SAMPLE_TAPS 5
#define SAMPLES(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define SAMPLES_DW(X) X(1) X(2) X(3) X(4) X(5)
#else
#define SAMPLE_FILTERS 2
#define SAMPLE_TAPS 3
#define SAMPLES(X) X(1) X(2)
#define SAMPLES_DW(X) X(1) X(2) X(3)
#endif
#define SAMPLE(k)                                                                                  \
	static void samples_##k(const struct rt_conv_samples *s)                                   \
	{                                                                                          \
		samples(s, k);                                                                     \
	}
SAMPLES(SAMPLE)
#undef SAMPLE
#define SAMPLE_DW(k)                                                                               \
	static void samples_dw_##k(const struct rt_conv_samples *s)                                \
	{                                                                                          \
		for (int64_t t = 0; t < s->taps; t += SAMPLE_TAPS)                                 \
			samples_taps(s, t, k, SAMPLE_TAPS);                                        \
	}
SAMPLES_DW(SAMPLE_DW)
#undef SAMPLE_DW

#endif
