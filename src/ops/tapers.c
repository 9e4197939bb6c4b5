/* tapers.c - HannWindow, HammingWindow and BlackmanWindow: weights that fade a signal in and out.
 *
 * w[n] = a0 - a1 cos(2 pi n / N) + a2 cos(4 pi n / N), n = 0 .. size-1, with N = size when
 * periodic, else size - 1; one weight alone is 1.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <inttypes.h>
#include <math.h>

struct attrs {
	int64_t output_datatype;
	bool periodic;
};

static const struct rt_opt opts[] = {
	{"output_datatype", "element type, as TensorProto numbers it (1: f32, 11: f64)", RT_INT,
	 offsetof(struct attrs, output_datatype), "1", 1, 16},
	{"periodic", "one period of a longer signal, not symmetric", RT_BOOL,
	 offsetof(struct attrs, periodic), "yes"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int64_t size = 0, type = RT_ATTRS(attrs, c)->output_datatype;

	RT_TRY(rt_known_number(&size, c, 0, "size", 0, err));
	if (!rt_known_type(&c->out[0].dtype, type))
		return rt_fail(err, RT_EUNSUPPORTED, "element type %" PRId64 " of TensorProto",
			       type);
	return rt_known_shape(&c->out[0].shape, &size, 1, err);
}

static void forward(const struct rt_call *c, double a0, double a1, double a2)
{
	const int64_t size = c->out[0].shape.dim[0];
	const double N = (double)(RT_ATTRS(attrs, c)->periodic ? size : size - 1);
	const size_t bytes = rt_dtype(c->out[0].dtype)->size;

	for (int64_t n = 0; n < size; n++) {
		const double turn = 6.28318530717958648 * (double)n / N;
		const double w = size == 1 ? 1 : a0 - a1 * cos(turn) + a2 * cos(2 * turn);

		rt_convert((char *)c->out[0].data + (size_t)n * bytes, c->out[0].dtype, &w, RT_F64,
			   1);
	}
}

#define TAPER(Name, a0, a1, a2, text)                                                              \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		forward(c, a0, a1, a2);                                                            \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text, .opts = opts,                              \
			.params_size = sizeof(struct attrs)},                                      \
		.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,                              \
		.infer = infer,                                                                    \
		.forward = Name##_forward,                                                         \
		.backward = rt_flat_backward,                                                      \
	};

TAPER(BlackmanWindow, 0.42, 0.5, 0.08, "weights 0.42 - 0.5 cos + 0.08 cos of twice the angle")
TAPER(HammingWindow, 25.0 / 46, 21.0 / 46, 0, "weights 25/46 - 21/46 cos")
TAPER(HannWindow, 0.5, 0.5, 0, "weights 0.5 - 0.5 cos")
