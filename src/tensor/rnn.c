/* rnn.c - one direction of a plain recurrent layer. */
#include "config.h"

#include "tensor/recurrent_impl.h"
#include "tensor/gemm.h"

#include <string.h>

/* kept: h (T N,H). */
void rt_rnn_forward(const struct rt_recurrent *g, const struct rt_recurrent_out *out,
		    const struct rt_recurrent_in *in, float *kept, float *work)
{
	const int64_t H = g->H;
	struct rows h = {work, H};

	recurrent_begin(g, h.p, in->h0);
	recurrent_inputs(g, in, kept, 1);
	for (int64_t s = 0; s < g->T; s++) {
		struct rows a = recurrent_step(g, kept, s, H);

		rt_gemm(false, true, g->N, H, H, 1, h.p, h.ld, in->R, H, 1, a.p, a.ld);
		for (int64_t n = 0; n < g->N; n++) {
			if (recurrent_active(g, in->lens, s, n))
				recurrent_activate(g, &g->act[0], H, a.p + n * a.ld);
			else
				memcpy(a.p + n * a.ld, h.p + n * h.ld, (size_t)H * sizeof(float));
		}
		h = a;
	}
	recurrent_finish(g, in, out->Y, out->Yh, kept);
}

void rt_rnn_backward(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
		     const struct rt_recurrent_in *in, const float *kept, float *work)
{
	const int64_t H = g->H, NH = g->N * H;
	struct slope f = recurrent_slope(g, &g->act[0]);
	float *h0 = work, *dh = work + NH, *dG = work + 6 * NH;

	recurrent_begin(g, h0, in->h0);
	recurrent_begin(g, dh, grad->dYh);
	for (int64_t s = g->T - 1; s >= 0; s--) {
		struct rows a = recurrent_step(g, kept, s, H), da = recurrent_step(g, dG, s, H);

		recurrent_add_dy(g, dh, grad->dY, in->lens, s);
		for (int64_t n = 0; n < g->N; n++) {
			float *d = da.p + n * da.ld;

			if (!recurrent_active(g, in->lens, s, n)) {
				memset(d, 0, (size_t)H * sizeof(*d));
				continue;
			}
			memcpy(d, dh + n * H, (size_t)H * sizeof(*d));
			memset(dh + n * H, 0, (size_t)H * sizeof(*dh));
			recurrent_times_slope(&f, H, d, a.p + n * a.ld);
		}
		rt_gemm(false, false, g->N, H, H, 1, da.p, da.ld, in->R, H, 1, dh, H);
	}
	if (grad->dR)
		recurrent_state_grads(g, grad->dR, H, dG, H, h0, kept);
	recurrent_add_state(g, grad->dh0, dh);
	recurrent_input_grads(g, grad, in, dG, 1);
}
