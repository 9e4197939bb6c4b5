/* mel_weight_matrix.c - MelWeightMatrix: triangles over the bins of a spectrum, equally wide in
 * mel, mel(f) = 2595 log10(1 + f / 700): (dft_length / 2 + 1, num_mel_bins). */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

#include <inttypes.h>
#include <math.h>

struct mel_weight_matrix {
	int64_t output_datatype;
};

static const struct rt_opt opts[] = {
	{.name = "output_datatype", .type = RT_INT,
	 .offset = offsetof(struct mel_weight_matrix, output_datatype), .init = "1", .min = 1,
	 .max = 16, .summary = "element type of the result, as TensorProto numbers it"},
	{0},
};

static double number(const struct rt_call *c, int i)
{
	double v = 0;

	rt_convert(&v, RT_F64, c->in[i].data, c->in[i].dtype, 1);
	return v;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int64_t type = RT_ATTRS(mel_weight_matrix, c)->output_datatype;
	struct rt_known bins, length;

	for (int i = 0; i < c->nin; i++)
		if (rt_shape_count(&c->in[i].shape) != 1)
			return rt_fail(err, RT_ESHAPE, "input %d must be one number", i);
	RT_TRY(rt_known_list(&bins, c, 0, "num_mel_bins", err));
	RT_TRY(rt_known_list(&length, c, 1, "dft_length", err));
	if (!rt_known_type(&c->out[0].dtype, type))
		return rt_fail(err, RT_EUNSUPPORTED, "element type %" PRId64 " of TensorProto",
			       type);
	if (bins.v[0] < 1 || bins.v[0] > 65536 || length.v[0] < 1 || length.v[0] > 1 << 24)
		return rt_fail(err, RT_ESHAPE, "%" PRId64 " mel bins of a transform of %" PRId64,
			       bins.v[0], length.v[0]);
	c->out[0].shape = RT_SHAPE(length.v[0] / 2 + 1, bins.v[0]);
	return RT_OK;
}

/* The spectrum's bin of edge i of the triangles. */
static double edge(const struct rt_call *c, int64_t i, int64_t bins)
{
	double length = number(c, 1), rate = number(c, 2);
	double lo = 2595 * log10(1 + number(c, 3) / 700), hi = 2595 * log10(1 + number(c, 4) / 700);
	double mel = lo + (double)i * (hi - lo) / (double)(bins + 2);

	return floor((length + 1) * (700 * (pow(10, mel / 2595) - 1)) / rate);
}

static double weight(double at, double lo, double middle, double hi)
{
	if (at == middle)
		return 1;
	if (at < middle)
		return at >= lo ? (at - lo) / (middle - lo) : 0;
	return at < hi ? (hi - at) / (hi - middle) : 0;
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *y = &c->out[0].shape;
	size_t size = rt_dtype(c->out[0].dtype)->size;

	for (int64_t m = 0; m < y->dim[1]; m++) {
		double lo = edge(c, m, y->dim[1]), middle = edge(c, m + 1, y->dim[1]);
		double hi = edge(c, m + 2, y->dim[1]);

		for (int64_t k = 0; k < y->dim[0]; k++) {
			double w = weight((double)k, lo, middle, hi);

			rt_convert((char *)c->out[0].data + (size_t)(k * y->dim[1] + m) * size,
				   c->out[0].dtype, &w, RT_F64, 1);
		}
	}
}

const struct rt_op rt_op_MelWeightMatrix = {
	.row = {.name = "MelWeightMatrix", .summary = "from the bins of a spectrum to mel bands",
		.opts = opts, .params_size = sizeof(struct mel_weight_matrix)},
	.min_in = 5, .max_in = 5, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
};
