/* unary.h - what the operators of one number share; tensor/pointwise.h has their formulas. */
#ifndef RT_OPS_UNARY_H
#define RT_OPS_UNARY_H

#include "graph/op.h"
#include "tensor/pointwise.h"

/* Shape rule: the input's shape and type, which must be a floating one.  Error RT_ESHAPE. */
enum rt_status rt_unary_infer(struct rt_call *c, struct rt_err *err);

/* The same for any number type. */
enum rt_status rt_unary_infer_number(struct rt_call *c, struct rt_err *err);

/* out[0] = f(in[0]). */
void rt_unary_forward(const struct rt_call *c, enum rt_pointwise f, double p, double q);

/* Adds to in[0].grad; v is the data the derivative is a function of, in the input's type. */
void rt_unary_backward(const struct rt_call *c, enum rt_pointwise f, const void *v, double p,
		       double q);

/* The attributes that a formula takes, in its order. */
struct rt_unary_attrs {
	double p, q;
};
#define RT_UNARY_P offsetof(struct rt_unary_attrs, p)
#define RT_UNARY_Q offsetof(struct rt_unary_attrs, q)

#define RT_UNARY_ROW(Name, POINT, v, kind, text, p_, q_, opts_, size)                              \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		rt_unary_forward(c, RT_POINT_##POINT, p_, q_);                                     \
	}                                                                                          \
	static void Name##_backward(const struct rt_call *c)                                       \
	{                                                                                          \
		rt_unary_backward(c, RT_POINT_##POINT, c->v[0].data, p_, q_);                      \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text, .opts = opts_, .params_size = size},       \
		.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,                              \
		.flags = RT_OP_INPLACE | (kind),                                                   \
		.bwd_##v = 1,                                                                      \
		.bwd_sets = 1, .bwd_place = 1,                                                     \
		.infer = rt_unary_infer,                                                           \
		.forward = Name##_forward,                                                         \
		.backward = Name##_backward,                                                       \
	};

/* The row of formula RT_POINT_POINT, whose derivative is a function of v: in or out.  kind:
 * RT_OP_ACTIVATION where a channel of zeros stays finite, or 0. */
#define RT_UNARY(Name, POINT, v, kind, text)                                                       \
	RT_UNARY_ROW(Name, POINT, v, kind, text, 0, 0, NULL, 0)

/* The same with attributes: options `opts` of a struct rt_unary_attrs. */
#define RT_UNARY_WITH(Name, POINT, v, kind, text)                                                  \
	RT_UNARY_ROW(Name, POINT, v, kind, text, RT_ATTRS(rt_unary_attrs, c)->p,                   \
		     RT_ATTRS(rt_unary_attrs, c)->q, opts, sizeof(struct rt_unary_attrs))

#endif
