/* recurrent_impl.h - what the three recurrent layers share; private to lstm.c, gru.c, rnn.c. */
#ifndef RT_TENSOR_RECURRENT_IMPL_H
#define RT_TENSOR_RECURRENT_IMPL_H

#include "tensor/recurrent.h"

/* N rows of some width, ld elements apart. */
struct rows {
	float *p;
	int64_t ld;
};

/* The rows of step s in an array (T N, width) of the kept order; steps count in the order of
 * computing. */
struct rows recurrent_step(const struct rt_recurrent *g, const float *base, int64_t s,
			   int64_t width);

/* Whether sample n has step s. */
bool recurrent_active(const struct rt_recurrent *g, const int32_t *lens, int64_t s, int64_t n);

/* x(n) = act(clip(x)) in place. */
void recurrent_activate(const struct rt_recurrent *g, const struct rt_activation *a, int64_t n,
			float *x);

/* d act / dx where act gave y; 0 where the clip held x. */
struct slope {
	struct rt_activation act;
	float lo, hi;	/* y at the ends of the clip */
};
struct slope recurrent_slope(const struct rt_recurrent *g, const struct rt_activation *a);

/* d(n) *= the slope where act gave y(n). */
void recurrent_times_slope(const struct slope *s, int64_t n, float *d, const float *y);

/* gates (T N, G H) = X W^T + bias of W, and of R for the first nr gates. */
void recurrent_inputs(const struct rt_recurrent *g, const struct rt_recurrent_in *in, float *gates,
		      int nr);

/* state (N,H) dense = given (NULL: zeros). */
void recurrent_begin(const struct rt_recurrent *g, float *state, const float *given);

/* Y of all steps and the last state, from h (T N, H). */
void recurrent_finish(const struct rt_recurrent *g, const struct rt_recurrent_in *in, float *Y,
		      float *Yh, const float *h);

/* The last of the states kept in h (T N, H) to Yh. */
void recurrent_last(const struct rt_recurrent *g, float *Yh, const float *h);

/* dh (N,H) += dY of step s where the sample has it. */
void recurrent_add_dy(const struct rt_recurrent *g, float *dh, const float *dY,
		      const int32_t *lens, int64_t s);

/* to (rows of the states) += d (N,H). */
void recurrent_add_state(const struct rt_recurrent *g, float *to, const float *d);

/* dR (rows,H) += sum over steps of d^T h, d (T N, width) of the step, its first `rows` columns, and
 * h of the step before: h0 (N,H), then h (T N,H). */
void recurrent_state_grads(const struct rt_recurrent *g, float *dR, int64_t rows, const float *d,
			   int64_t width, const float *h0, const float *h);

/* dX, dW and dB from dG (T N, G H); dB of R for the first nr gates only. */
void recurrent_input_grads(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
			   const struct rt_recurrent_in *in, const float *dG, int nr);

#endif
