/* gru.c - one direction of a GRU layer. */
#include "config.h"

#include "tensor/recurrent_impl.h"
#include "tensor/gemm.h"

#include <string.h>

/* kept: gates (T N,3 H) behind their activations, h (T N,H), q = h Rh + bRh (T N,H). */
struct kept {
	float *gates, *h, *q;
};

static struct kept split(const struct rt_recurrent *g, const float *kept)
{
	float *p = (float *)(uintptr_t)kept;
	int64_t MH = g->T * g->N * g->H;

	return (struct kept){p, p + 3 * MH, p + 4 * MH};
}

/* q = h Rh + bRh, then a_n += r q. */
static void reset_behind(const struct rt_recurrent *g, const struct rt_recurrent_in *in,
			 struct rows a, struct rows h, struct rows q)
{
	const int64_t H = g->H;

	for (int64_t n = 0; n < g->N; n++)
		for (int64_t j = 0; j < H; j++)
			q.p[n * q.ld + j] = in->B ? in->B[5 * H + j] : 0;
	rt_gemm(false, true, g->N, H, H, 1, h.p, h.ld, in->R + 2 * H * H, H, 1, q.p, q.ld);
	for (int64_t n = 0; n < g->N; n++)
		for (int64_t j = 0; j < H; j++)
			a.p[n * a.ld + 2 * H + j] += a.p[n * a.ld + H + j] * q.p[n * q.ld + j];
}

/* q = r h, then a_n += q Rh. */
static void reset_before(const struct rt_recurrent *g, const struct rt_recurrent_in *in,
			 struct rows a, struct rows h, struct rows q)
{
	const int64_t H = g->H;

	for (int64_t n = 0; n < g->N; n++)
		for (int64_t j = 0; j < H; j++)
			q.p[n * q.ld + j] = a.p[n * a.ld + H + j] * h.p[n * h.ld + j];
	rt_gemm(false, true, g->N, H, H, 1, q.p, q.ld, in->R + 2 * H * H, H, 1, a.p + 2 * H, a.ld);
}

static void step(const struct rt_recurrent *g, const struct rt_recurrent_in *in,
		 const struct kept *k, struct rows h, int64_t s)
{
	const int64_t H = g->H;
	struct rows a = recurrent_step(g, k->gates, s, 3 * H), h1 = recurrent_step(g, k->h, s, H);
	struct rows q = recurrent_step(g, k->q, s, H);

	rt_gemm(false, true, g->N, 2 * H, H, 1, h.p, h.ld, in->R, H, 1, a.p, a.ld);
	for (int64_t n = 0; n < g->N; n++)
		recurrent_activate(g, &g->act[0], 2 * H, a.p + n * a.ld);
	if (g->linear_first)
		reset_behind(g, in, a, h, q);
	else
		reset_before(g, in, a, h, q);
	for (int64_t n = 0; n < g->N; n++) {
		const float *z = a.p + n * a.ld, *c = z + 2 * H, *before = h.p + n * h.ld;
		float *to = h1.p + n * h1.ld;

		recurrent_activate(g, &g->act[1], H, a.p + n * a.ld + 2 * H);
		if (recurrent_active(g, in->lens, s, n))
			for (int64_t j = 0; j < H; j++)
				to[j] = (1 - z[j]) * c[j] + z[j] * before[j];
		else
			memcpy(to, before, (size_t)H * sizeof(*to));
	}
}

void rt_gru_forward(const struct rt_recurrent *g, const struct rt_recurrent_out *out,
		    const struct rt_recurrent_in *in, float *kept, float *work)
{
	struct kept k = split(g, kept);
	struct rows h = {work, g->H};

	recurrent_begin(g, h.p, in->h0);
	recurrent_inputs(g, in, k.gates, g->linear_first ? 2 : 3);
	for (int64_t s = 0; s < g->T; s++) {
		step(g, in, &k, h, s);
		h = recurrent_step(g, k.h, s, g->H);
	}
	recurrent_finish(g, in, out->Y, out->Yh, k.h);
}

struct back {
	const struct rt_recurrent *g;
	const struct rt_recurrent_grad *grad;
	const struct rt_recurrent_in *in;
	struct kept k;
	struct slope f, n;
	float *dG, *dq;		/* (T N,3 H), (T N,H) */
	float *dh, *before;	/* (N,H): behind the step, before it */
};

/* da_z, da_n and the part of dh that passes z; samples that are over pass all of it. */
static void outer(const struct back *b, struct rows a, struct rows da, struct rows h, int64_t s)
{
	const int64_t H = b->g->H;

	for (int64_t n = 0; n < b->g->N; n++) {
		const float *z = a.p + n * a.ld, *c = z + 2 * H, *was = h.p + n * h.ld;
		const float *dh = b->dh + n * H;
		float *d = da.p + n * da.ld, *before = b->before + n * H;

		if (!recurrent_active(b->g, b->in->lens, s, n)) {
			memset(d, 0, (size_t)(3 * H) * sizeof(*d));
			memcpy(before, dh, (size_t)H * sizeof(*dh));
			continue;
		}
		for (int64_t j = 0; j < H; j++) {
			d[j] = dh[j] * (was[j] - c[j]);
			d[2 * H + j] = dh[j] * (1 - z[j]);
			before[j] = dh[j] * z[j];
		}
		recurrent_times_slope(&b->f, H, d, z);
		recurrent_times_slope(&b->n, H, d + 2 * H, c);
	}
}

/* dq from da_n, da_r from dq, and what of dh passes the candidate. */
static void inner(const struct back *b, struct rows a, struct rows da, struct rows h, int64_t s)
{
	const int64_t H = b->g->H;
	const float *Rh = b->in->R + 2 * H * H;
	struct rows q = recurrent_step(b->g, b->k.q, s, H), dq = recurrent_step(b->g, b->dq, s, H);

	if (!b->g->linear_first)
		rt_gemm(false, false, b->g->N, H, H, 1, da.p + 2 * H, da.ld, Rh, H, 0, dq.p, dq.ld);
	for (int64_t n = 0; n < b->g->N; n++) {
		const float *r = a.p + n * a.ld + H, *was = h.p + n * h.ld, *kq = q.p + n * q.ld;
		float *d = da.p + n * da.ld, *e = dq.p + n * dq.ld, *before = b->before + n * H;

		for (int64_t j = 0; j < H; j++) {
			if (b->g->linear_first) {
				e[j] = d[2 * H + j] * r[j];
				d[H + j] = d[2 * H + j] * kq[j];
			} else {
				d[H + j] = e[j] * was[j];
				before[j] += e[j] * r[j];
			}
		}
		recurrent_times_slope(&b->f, H, d + H, r);
	}
	if (b->g->linear_first)
		rt_gemm(false, false, b->g->N, H, H, 1, dq.p, dq.ld, Rh, H, 1, b->before, H);
}

/* With linear_first the R of the candidate meets the state before the step, else r h of it. */
static void add_dR(const struct back *b, const float *h0)
{
	const int64_t H = b->g->H;
	float *dRh = b->grad->dR + 2 * H * H;

	recurrent_state_grads(b->g, b->grad->dR, 2 * H, b->dG, 3 * H, h0, b->k.h);
	if (b->g->linear_first)
		recurrent_state_grads(b->g, dRh, H, b->dq, H, h0, b->k.h);
	else
		rt_gemm(true, false, H, H, b->g->T * b->g->N, 1, b->dG + 2 * H, 3 * H, b->k.q, H, 1,
			dRh, H);
}

static void step_backward(struct back *b, struct rows h, int64_t s)
{
	const int64_t H = b->g->H;
	struct rows a = recurrent_step(b->g, b->k.gates, s, 3 * H);
	struct rows da = recurrent_step(b->g, b->dG, s, 3 * H);
	float *swap = b->dh;

	outer(b, a, da, h, s);
	inner(b, a, da, h, s);
	rt_gemm(false, false, b->g->N, H, 2 * H, 1, da.p, da.ld, b->in->R, H, 1, b->before, H);
	b->dh = b->before;
	b->before = swap;
}

void rt_gru_backward(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
		     const struct rt_recurrent_in *in, const float *kept, float *work)
{
	const int64_t NH = g->N * g->H, H = g->H;
	float *h0 = work;
	struct back b = {.g = g, .grad = grad, .in = in, .k = split(g, kept),
			 .f = recurrent_slope(g, &g->act[0]), .n = recurrent_slope(g, &g->act[1]),
			 .dh = work + NH, .before = work + 2 * NH, .dG = work + 6 * NH,
			 .dq = work + 6 * NH + 3 * g->T * NH};

	recurrent_begin(g, h0, in->h0);
	recurrent_begin(g, b.dh, grad->dYh);
	for (int64_t s = g->T - 1; s >= 0; s--) {
		struct rows h = s > 0 ? recurrent_step(g, b.k.h, s - 1, H) : (struct rows){h0, H};

		recurrent_add_dy(g, b.dh, grad->dY, in->lens, s);
		step_backward(&b, h, s);
	}
	if (grad->dR)
		add_dR(&b, h0);
	recurrent_add_state(g, grad->dh0, b.dh);
	recurrent_input_grads(g, grad, in, b.dG, g->linear_first ? 2 : 3);
	for (int64_t j = 0; grad->dB && g->linear_first && j < H; j++)
		for (int64_t m = 0; m < g->T * g->N; m++)
			grad->dB[5 * H + j] += b.dq[m * H + j];
}
