/* recurrent.h - what LSTM, GRU and RNN have in common: attributes, shapes, directions. */
#ifndef RT_OPS_RECURRENT_H
#define RT_OPS_RECURRENT_H

#include "graph/op.h"
#include "tensor/recurrent.h"

struct rt_recurrent_attrs {
	struct rt_strings activations;
	struct rt_reals activation_alpha, activation_beta;
	double clip;
	int direction;
	int64_t hidden_size;
	bool layout, input_forget, linear_before_reset;
};

enum { RT_DIR_FORWARD, RT_DIR_REVERSE, RT_DIR_BIDIRECTIONAL };
extern const char *const rt_recurrent_directions[];

#define RT_RECURRENT_OPT(field, kind, text)                                                        \
	.name = #field, .type = kind, .offset = offsetof(struct rt_recurrent_attrs, field),        \
	.summary = text
#define RT_RECURRENT_OPTS                                                                          \
	{RT_RECURRENT_OPT(activations, RT_STRINGS, "functions of the gates, for each direction")}, \
	{RT_RECURRENT_OPT(activation_alpha, RT_REALS, "alpha of those that have one, in order")},  \
	{RT_RECURRENT_OPT(activation_beta, RT_REALS, "beta of those that have one, in order")},    \
	{RT_RECURRENT_OPT(clip, RT_REAL, "bound of what activations see")},                        \
	{RT_RECURRENT_OPT(direction, RT_CHOICE, "order of the steps"), .init = "forward",          \
	 .choices = rt_recurrent_directions},                                                      \
	{RT_RECURRENT_OPT(hidden_size, RT_INT, "number of hidden units"), .min = 1,                \
	 .max = 2147483647.0},                                                                     \
	{RT_RECURRENT_OPT(layout, RT_BOOL, "samples before steps"), .init = "0"}

/* What tells the three apart. */
struct rt_recurrent_kind {
	int gates;
	const char *defaults[3];	/* activations; unused ones NULL */
	void (*forward)(const struct rt_recurrent *g, const struct rt_recurrent_out *out,
			const struct rt_recurrent_in *in, float *kept, float *work);
	void (*backward)(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
			 const struct rt_recurrent_in *in, const float *kept, float *work);
};

/* Inputs X W R B sequence_lens initial_h (initial_c P), outputs Y Y_h (Y_c).
 * Errors: RT_ESHAPE with the two shapes, RT_EINVAL: activations. */
enum rt_status rt_recurrent_infer(const struct rt_recurrent_kind *kind, struct rt_call *c,
				  struct rt_err *err);
size_t rt_recurrent_saved_size(const struct rt_recurrent_kind *kind, const struct rt_call *c);
size_t rt_recurrent_work_size(const struct rt_recurrent_kind *kind, const struct rt_call *c);
void rt_recurrent_forward(const struct rt_recurrent_kind *kind, const struct rt_call *c);
void rt_recurrent_backward(const struct rt_recurrent_kind *kind, const struct rt_call *c);
void rt_recurrent_cost(const struct rt_recurrent_kind *kind, const struct rt_call *c,
		       struct rt_cost *cost);

/* The row of a layer from the file's `opts` and `kind`, with that many inputs and outputs at most;
 * reads: bwd_in. */
#define RT_RECURRENT(Name, text, ins, outs, reads)                                                 \
	static enum rt_status infer(struct rt_call *c, struct rt_err *err)                         \
	{                                                                                          \
		return rt_recurrent_infer(&kind, c, err);                                          \
	}                                                                                          \
	static size_t saved_size(const struct rt_call *c)                                          \
	{                                                                                          \
		return rt_recurrent_saved_size(&kind, c);                                          \
	}                                                                                          \
	static size_t work_size(const struct rt_call *c)                                           \
	{                                                                                          \
		return rt_recurrent_work_size(&kind, c);                                           \
	}                                                                                          \
	static void forward(const struct rt_call *c)                                               \
	{                                                                                          \
		rt_recurrent_forward(&kind, c);                                                    \
	}                                                                                          \
	static void backward(const struct rt_call *c)                                              \
	{                                                                                          \
		rt_recurrent_backward(&kind, c);                                                   \
	}                                                                                          \
	static void cost(const struct rt_call *c, struct rt_cost *cost)                            \
	{                                                                                          \
		rt_recurrent_cost(&kind, c, cost);                                                 \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text, .opts = opts,                              \
			.params_size = sizeof(struct rt_recurrent_attrs)},                         \
		.min_in = 3, .max_in = ins, .min_out = 1, .max_out = outs,                         \
		.bwd_in = reads,                                                                   \
		.infer = infer,                                                                    \
		.saved_size = saved_size,                                                          \
		.work_size = work_size,                                                            \
		.forward = forward,                                                                \
		.backward = backward,                                                              \
		.cost = cost,                                                                      \
	};

#endif
