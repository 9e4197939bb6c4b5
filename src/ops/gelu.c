/* gelu.c - Gelu: y = x Phi(x), or 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
 *
 * Hendrycks and Gimpel, arXiv 1606.08415.  The operator is ONNX's of opset 20; files of opset 17
 * carry it as a function.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

enum { EXACT, TANH };

struct attrs {
	int approximate;
};

static const char *const choices[] = {[EXACT] = "none", [TANH] = "tanh", NULL};

static const struct rt_opt opts[] = {
	{"approximate", "none: with the error function; tanh: with the hyperbolic tangent",
	 RT_CHOICE, offsetof(struct attrs, approximate), "none", .choices = choices},
	{0},
};

static enum rt_pointwise function(const struct rt_call *c)
{
	return RT_ATTRS(attrs, c)->approximate == TANH ? RT_POINT_GELU_TANH : RT_POINT_GELU;
}

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, function(c), 0, 0);
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, function(c), c->in[0].data, 0, 0);
}

const struct rt_op rt_op_Gelu = {
	.row = {.name = "Gelu", .summary = "x times the normal distribution function of x",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
