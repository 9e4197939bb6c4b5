/* lstm.c - one direction of an LSTM layer. */
#include "config.h"

#include "tensor/recurrent_impl.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"

#include <string.h>

/* kept: gates (T N,4 H) behind their activations, h, C and h(C), each (T N,H). */
struct kept {
	float *gates, *h, *C, *hC;
};

static struct kept split(const struct rt_recurrent *g, const float *kept)
{
	float *p = (float *)(uintptr_t)kept;
	int64_t MH = g->T * g->N * g->H;

	return (struct kept){p, p + 4 * MH, p + 5 * MH, p + 6 * MH};
}

/* The clip bounds the sums of the gates, not the memory that h sees, as ONNX Runtime has it. */
static struct rt_recurrent unclipped(const struct rt_recurrent *g)
{
	struct rt_recurrent free = *g;

	free.clip = 0;
	return free;
}

/* One step of one sample; a (4 H) holds the sums, C and h the state before. */
static void cell(const struct rt_recurrent *g, float *a, const float *P, const float *C, float *C1,
		 float *hC, float *h1)
{
	const struct rt_recurrent memory = unclipped(g);
	const int64_t H = g->H;
	float *i = a, *o = a + H, *f = a + 2 * H, *c = a + 3 * H;

	for (int64_t j = 0; P && j < H; j++) {
		i[j] += P[j] * C[j];
		f[j] += P[2 * H + j] * C[j];
	}
	recurrent_activate(g, &g->act[0], H, i);
	recurrent_activate(g, &g->act[0], H, f);
	recurrent_activate(g, &g->act[1], H, c);
	for (int64_t j = 0; g->coupled && j < H; j++)
		f[j] = 1 - i[j];
	for (int64_t j = 0; j < H; j++)
		C1[j] = f[j] * C[j] + i[j] * c[j];
	for (int64_t j = 0; P && j < H; j++)
		o[j] += P[H + j] * C1[j];
	recurrent_activate(g, &g->act[0], H, o);
	memcpy(hC, C1, (size_t)H * sizeof(*hC));
	recurrent_activate(&memory, &g->act[2], H, hC);
	for (int64_t j = 0; j < H; j++)
		h1[j] = o[j] * hC[j];
}

static void step(const struct rt_recurrent *g, const struct rt_recurrent_in *in,
		 const struct kept *k, struct rows h, struct rows C, int64_t s)
{
	const int64_t H = g->H;
	struct rows a = recurrent_step(g, k->gates, s, 4 * H), h1 = recurrent_step(g, k->h, s, H);
	struct rows C1 = recurrent_step(g, k->C, s, H), hC = recurrent_step(g, k->hC, s, H);
	int threads = rt_split(g->N, g->N * H * 128);

	rt_gemm(false, true, g->N, 4 * H, H, 1, h.p, h.ld, in->R, H, 1, a.p, a.ld);
#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t n = 0; n < g->N; n++) {
		if (recurrent_active(g, in->lens, s, n)) {
			cell(g, a.p + n * a.ld, in->P, C.p + n * C.ld, C1.p + n * C1.ld,
			     hC.p + n * hC.ld, h1.p + n * h1.ld);
			continue;
		}
		memcpy(C1.p + n * C1.ld, C.p + n * C.ld, (size_t)H * sizeof(float));
		memcpy(h1.p + n * h1.ld, h.p + n * h.ld, (size_t)H * sizeof(float));
	}
}

void rt_lstm_forward(const struct rt_recurrent *g, const struct rt_recurrent_out *out,
		     const struct rt_recurrent_in *in, float *kept, float *work)
{
	struct kept k = split(g, kept);
	struct rows h = {work, g->H}, C = {work + g->N * g->H, g->H};

	recurrent_begin(g, h.p, in->h0);
	recurrent_begin(g, C.p, in->c0);
	recurrent_inputs(g, in, k.gates, 4);
	for (int64_t s = 0; s < g->T; s++) {
		step(g, in, &k, h, C, s);
		h = recurrent_step(g, k.h, s, g->H);
		C = recurrent_step(g, k.C, s, g->H);
	}
	recurrent_finish(g, in, out->Y, out->Yh, k.h);
	recurrent_last(g, out->Yc, k.C);
}

/* Slopes of f g h. */
struct slopes {
	struct slope f, g, h;
};

/* dh, dC (H): gradients of the state behind the step; da (4 H) receives those of the sums, dC that
 * of the cell before.  dP (3 H) is added to. */
static void cell_backward(const struct rt_recurrent *g, const struct slopes *sl, float *da,
			  const float *a, const float *P, float *dP, const float *C,
			  const float *C1, const float *hC, const float *dh, float *dC)
{
	const int64_t H = g->H;
	const float *i = a, *o = a + H, *f = a + 2 * H, *c = a + 3 * H;
	float *di = da, *d_o = da + H, *df = da + 2 * H, *dc = da + 3 * H;

	for (int64_t j = 0; j < H; j++) {
		d_o[j] = dh[j] * hC[j];
		dc[j] = dh[j] * o[j];
	}
	recurrent_times_slope(&sl->f, H, d_o, o);
	recurrent_times_slope(&sl->h, H, dc, hC);
	for (int64_t j = 0; j < H; j++) {
		const float d = dC[j] + dc[j] + (P ? d_o[j] * P[H + j] : 0);

		di[j] = g->coupled ? d * (c[j] - C[j]) : d * c[j];
		df[j] = g->coupled ? 0 : d * C[j];
		dc[j] = d * i[j];
		dC[j] = d * f[j];
	}
	recurrent_times_slope(&sl->f, H, di, i);
	recurrent_times_slope(&sl->f, H, df, f);
	recurrent_times_slope(&sl->g, H, dc, c);
	for (int64_t j = 0; P && j < H; j++)
		dC[j] += di[j] * P[j] + df[j] * P[2 * H + j];
	for (int64_t j = 0; dP && j < H; j++) {
		dP[j] += di[j] * C[j];
		dP[H + j] += d_o[j] * C1[j];
		dP[2 * H + j] += df[j] * C[j];
	}
}

/* One step: dh and dC (N,H) from behind it to before it. */
static void step_backward(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
			  const struct rt_recurrent_in *in, const struct kept *k,
			  const struct slopes *sl, struct rows C, float *dG, float *dh,
			  float *dC, int64_t s)
{
	const int64_t H = g->H;
	struct rows a = recurrent_step(g, k->gates, s, 4 * H), da = recurrent_step(g, dG, s, 4 * H);
	struct rows C1 = recurrent_step(g, k->C, s, H), hC = recurrent_step(g, k->hC, s, H);
	/* dP sums over samples */
	const int threads = grad->dP ? 1 : rt_split(g->N, g->N * H * 32);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t n = 0; n < g->N; n++) {
		if (!recurrent_active(g, in->lens, s, n)) {
			memset(da.p + n * da.ld, 0, (size_t)(4 * H) * sizeof(float));
			continue;
		}
		cell_backward(g, sl, da.p + n * da.ld, a.p + n * a.ld, in->P, grad->dP,
			      C.p + n * C.ld, C1.p + n * C1.ld, hC.p + n * hC.ld, dh + n * H,
			      dC + n * H);
		memset(dh + n * H, 0, (size_t)H * sizeof(float));
	}
	rt_gemm(false, false, g->N, H, 4 * H, 1, da.p, da.ld, in->R, H, 1, dh, H);
}

void rt_lstm_backward(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
		      const struct rt_recurrent_in *in, const float *kept, float *work)
{
	const struct rt_recurrent memory = unclipped(g);
	const int64_t NH = g->N * g->H;
	struct kept k = split(g, kept);
	struct slopes sl = {recurrent_slope(g, &g->act[0]), recurrent_slope(g, &g->act[1]),
			    recurrent_slope(&memory, &g->act[2])};
	float *h0 = work, *C0 = work + NH, *dh = work + 2 * NH, *dC = work + 3 * NH;
	float *dG = work + 6 * NH;

	recurrent_begin(g, h0, in->h0);
	recurrent_begin(g, C0, in->c0);
	recurrent_begin(g, dh, grad->dYh);
	recurrent_begin(g, dC, grad->dYc);
	for (int64_t s = g->T - 1; s >= 0; s--) {
		struct rows C = s > 0 ? recurrent_step(g, k.C, s - 1, g->H)
				      : (struct rows){C0, g->H};

		recurrent_add_dy(g, dh, grad->dY, in->lens, s);
		step_backward(g, grad, in, &k, &sl, C, dG, dh, dC, s);
	}
	if (grad->dR)
		recurrent_state_grads(g, grad->dR, 4 * g->H, dG, 4 * g->H, h0, k.h);
	recurrent_add_state(g, grad->dh0, dh);
	recurrent_add_state(g, grad->dc0, dC);
	recurrent_input_grads(g, grad, in, dG, 4);
}
