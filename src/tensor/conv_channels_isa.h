/* conv_channels_isa.h - the loops over small planes whose lanes are channels; a part of
 * conv_direct_isa.h, whose vectors these are. */
#ifndef RT_TENSOR_CONV_CHANNELS_ISA_H
#define RT_TENSOR_CONV_CHANNELS_ISA_H

/* The last vectors reach back into those before. */
static void planes_in(const struct rt_conv_planes *p)
{
	int64_t i = 0;

	for (; i < p->n && p->n >= L; i += L) {
		const int64_t at = i + L <= p->n ? i : p->n - L;
		lanes v[L];

		for (int64_t k = 0; k < L; k++)
			v[k] = k < p->K ? load(p->planes + k * p->plane + at) : splat(0);
		transpose(v);
		UNROLL
		for (int k = 0; k < L; k++)
			store(p->at + p->place[at + k] * L, v[k]);
	}
	for (; i < p->n; i++)
		for (int64_t k = 0; k < L; k++)
			p->at[p->place[i] * L + k] = k < p->K ? p->planes[k * p->plane + i] : 0;
}

/* They do so here unless what they reach would be added twice. */
static void planes_out(const struct rt_conv_planes *p)
{
	const bool whole = isinf(p->lo) && isinf(p->hi);
	int64_t i = 0;

	while (i + L <= p->n || (i < p->n && p->n >= L && p->add != p->planes)) {
		const int64_t at = i + L <= p->n ? i : p->n - L;
		lanes v[L];

		UNROLL
		for (int k = 0; k < L; k++)
			v[k] = load(p->at + p->place[at + k] * L);
		transpose(v);
		for (int64_t k = 0; k < p->K; k++) {
			const int64_t to = k * p->plane + at;
			lanes s = v[k];

			if (p->add)
				s += load(p->add + to);
			store(p->planes + to, whole ? s : clamped(s, p->lo, p->hi));
		}
		i = at + L;
	}
	for (; i < p->n; i++) {
		for (int64_t k = 0; k < p->K; k++) {
			const int64_t to = k * p->plane + i;
			float s = p->at[p->place[i] * L + k] + (p->add ? p->add[to] : 0);

			s = s < p->lo ? p->lo : s;
			p->planes[to] = s > p->hi ? p->hi : s;
		}
	}
}

/* n neighbouring outputs */
INLINE void channels_outputs(const struct rt_conv_channels *c, float *y, const float *x,
			     const int n)
{
	const lanes start = load(c->start);
	lanes acc[8];

	UNROLL
	for (int i = 0; i < n; i++)
		acc[i] = start;
	for (int t = 0; t < c->taps; t++) {
		const float *from = x + c->off[t] * L;
		const lanes w = load(c->w + t * L);

		UNROLL
		for (int i = 0; i < n; i++)
			acc[i] = acc[i] + w * load(from + i * c->right * L);
	}
	UNROLL
	for (int i = 0; i < n; i++)
		store(y + i * L, acc[i]);
}

static void channels(const struct rt_conv_channels *c)
{
	for (int64_t p = 0; p < c->rows; p++) {
		const float *x = c->x + p * c->down * L;
		float *y = c->y + p * c->Q * L;
		int64_t q = 0;

		for (; q + 8 <= c->Q; q += 8)
			channels_outputs(c, y + q * L, x + q * c->right * L, 8);
		for (; q + 4 <= c->Q; q += 4)
			channels_outputs(c, y + q * L, x + q * c->right * L, 4);
		for (; q < c->Q; q++)
			channels_outputs(c, y + q * L, x + q * c->right * L, 1);
	}
}

/* n taps from t on */
INLINE void channels_taps(const struct rt_conv_channels *c, int t, const int n)
{
	const int32_t *off = c->off + t;
	lanes acc[9];

	UNROLL
	for (int i = 0; i < n; i++)
		acc[i] = load(c->w + (t + i) * L);
	for (int64_t p = 0; p < c->rows; p++) {
		const float *x = c->x + p * c->down * L, *y = c->y + p * c->Q * L;

		for (int64_t q = 0; q < c->Q; q++, x += c->right * L, y += L) {
			const lanes d = load(y);

			UNROLL
			for (int i = 0; i < n; i++)
				acc[i] = acc[i] + d * load(x + off[i] * L);
		}
	}
	UNROLL
	for (int i = 0; i < n; i++)
		store(c->w + (t + i) * L, acc[i]);
}

static void channels_dw(const struct rt_conv_channels *c)
{
	int t = 0;

	for (; t + 9 <= c->taps; t += 9)
		channels_taps(c, t, 9);
	for (; t + 4 <= c->taps; t += 4)
		channels_taps(c, t, 4);
	for (; t < c->taps; t++)
		channels_taps(c, t, 1);
}

#endif
