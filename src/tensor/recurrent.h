/* recurrent.h - one direction of LSTM, GRU and RNN layers over f32 arrays, forward and backward.
 *
 * Formulas and the order of the gates are those of the ONNX operators.  x_t W^T is one matrix
 * product for all steps.  Step t of sample n is row t * N + n of X (T,N,I), or row n * T + t of X
 * (N,T,I) with batch_first; everything kept has its rows in the same order.  Behind the end of a
 * sample its state stays and its output is 0.
 *
 * Sources: Hochreiter, Schmidhuber, Neural Computation 9(8), 1997; Gers, Schmidhuber, IJCNN 2000
 * (peepholes); Cho et al., arXiv 1406.1078 (GRU).
 */
#ifndef RT_TENSOR_RECURRENT_H
#define RT_TENSOR_RECURRENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rt_activate {
	RT_ACT_RELU, RT_ACT_TANH, RT_ACT_SIGMOID, RT_ACT_AFFINE, RT_ACT_LEAKY_RELU,
	RT_ACT_THRESHOLDED_RELU, RT_ACT_SCALED_TANH, RT_ACT_HARD_SIGMOID, RT_ACT_ELU,
	RT_ACT_SOFTSIGN, RT_ACT_SOFTPLUS,
	RT_ACTS
};

struct rt_activation {
	enum rt_activate kind;
	float alpha, beta;
};

struct rt_recurrent {
	int64_t T, N, I, H;	/* steps, samples, inputs, hidden units */
	int gates;		/* 4 LSTM, 3 GRU, 1 RNN; G in shapes */
	bool reverse;		/* from the last step to the first */
	bool batch_first;
	bool coupled;		/* LSTM: forget gate = 1 - input gate */
	bool linear_first;	/* GRU: the reset gate acts behind the product with R */
	float clip;		/* bounds the sums that f and g see; 0 = none */
	struct rt_activation act[3];	/* f g h */
	int64_t y_step, y_row;	/* elements of Y from step to step and sample to sample */
	int64_t state_row;	/* the same of the states, which have no steps */
};

/* W (G H,I), R (G H,H), B (2 G H): of W, then of R, P (3 H): i o f.  B, P, lens, h0, c0 may be
 * NULL. */
struct rt_recurrent_in {
	const float *X, *W, *R, *B, *P, *h0, *c0;
	const int32_t *lens;	/* (N): steps of every sample */
};

/* Each may be NULL. */
struct rt_recurrent_out {
	float *Y, *Yh, *Yc;
};

/* The gradients of outputs (NULL: none) and inputs (added to; NULL: not wanted). */
struct rt_recurrent_grad {
	const float *dY, *dYh, *dYc;
	float *dX, *dW, *dR, *dB, *dP, *dh0, *dc0;
};

/* Floats that forward leaves for backward, and floats of work space. */
size_t rt_recurrent_kept(const struct rt_recurrent *g);
size_t rt_recurrent_work(const struct rt_recurrent *g, bool backward);

/* Gates i o f c:
 *	i = f(x Wi + h Ri + Pi C + bi),  f = f(x Wf + h Rf + Pf C + bf),  c = g(x Wc + h Rc + bc)
 *	C' = f C + i c,  o = f(x Wo + h Ro + Po C' + bo),  h' = o h(C') */
void rt_lstm_forward(const struct rt_recurrent *g, const struct rt_recurrent_out *out,
		     const struct rt_recurrent_in *in, float *kept, float *work);
void rt_lstm_backward(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
		      const struct rt_recurrent_in *in, const float *kept, float *work);

/* Gates z r h:
 *	z = f(x Wz + h Rz + bz),  r = f(x Wr + h Rr + br)
 *	n = g(x Wh + (r h) Rh + bh), or g(x Wh + r (h Rh + bRh) + bWh) with linear_first
 *	h' = (1 - z) n + z h */
void rt_gru_forward(const struct rt_recurrent *g, const struct rt_recurrent_out *out,
		    const struct rt_recurrent_in *in, float *kept, float *work);
void rt_gru_backward(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
		     const struct rt_recurrent_in *in, const float *kept, float *work);

/* h' = f(x W + h R + b) */
void rt_rnn_forward(const struct rt_recurrent *g, const struct rt_recurrent_out *out,
		    const struct rt_recurrent_in *in, float *kept, float *work);
void rt_rnn_backward(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
		     const struct rt_recurrent_in *in, const float *kept, float *work);

#endif
