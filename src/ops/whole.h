/* whole.h - what the operators on bytes share: checks of types, scales and zero points. */
#ifndef RT_OPS_WHOLE_H
#define RT_OPS_WHOLE_H

#include "ops/window.h"
#include "tensor/whole.h"

/* Attributes of ConvInteger and QLinearConv. */
struct rt_whole_conv_attrs {
	struct rt_window_attrs window;
	int64_t group;
};
extern const struct rt_opt rt_whole_conv_opts[];

/* Input i is i8 or u8.  Error RT_ESHAPE. */
enum rt_status rt_want_bytes(const struct rt_call *c, int i, const char *what, struct rt_err *err);

/* Input i, when present, has the type of input like and 1 or n elements.  Error RT_ESHAPE. */
enum rt_status rt_want_zero(const struct rt_call *c, int i, int like, const char *what, int64_t n,
			    struct rt_err *err);

/* Input i holds 1 or n f32.  Error RT_ESHAPE. */
enum rt_status rt_want_scale(const struct rt_call *c, int i, const char *what, int64_t n,
			     struct rt_err *err);

/* Input data with its zero point. */
struct rt_bytes rt_bytes_of(const struct rt_call *c, int data, int zero);

/* Geometry of the convolution of input x with input w.  Errors as Conv. */
enum rt_status rt_whole_conv_geometry(struct rt_conv_nd *g, const struct rt_call *c, int x, int w,
				      struct rt_err *err);

/* Shapes of two inputs as matrices, and of their product as it is (y) and as matrices (all). */
struct rt_whole_product {
	struct rt_shape a, b, all, y;
};
enum rt_status rt_whole_product(struct rt_whole_product *p, const struct rt_shape *a,
				const struct rt_shape *b, struct rt_err *err);

#endif
