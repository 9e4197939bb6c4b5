/* multinomial.c - Multinomial: classes drawn by the probabilities whose logarithms the input has.
 *
 * x (N,C) -> y (N,samples), class c as likely as e^x[c] / sum e^x.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"
#include "ops/want.h"

#include <math.h>

struct multinomial {
	struct rt_random_attrs random;
	int64_t sample_size;
};

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE("6"),
	{"sample_size", "how many are drawn of each row", RT_INT,
	 offsetof(struct multinomial, sample_size), "1", 1, 2147483647.0},
	RT_RANDOM_SEED,
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_rank(c, 0, "input", 2, err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_random_infer(c, &RT_SHAPE(c->in[0].shape.dim[0],
					    RT_ATTRS(multinomial, c)->sample_size),
			       RT_I32, err));
	if (c->out[0].dtype == RT_I32 || c->out[0].dtype == RT_I64)
		return RT_OK;
	return rt_fail(err, RT_EUNSUPPORTED, "classes are drawn as i32 or i64, not as %s",
		       rt_dtype(c->out[0].dtype)->row.name);
}

/* The class where the sum of e^(x - most) passes `until`. */
static double draw(const float *x, int64_t C, float most, double until)
{
	int64_t k = 0;

	for (double sum = exp((double)(x[0] - most)); sum <= until && k < C - 1;
	     sum += exp((double)(x[k] - most)))
		k++;
	return (double)k;
}

static void forward(const struct rt_call *c)
{
	const int64_t N = c->in[0].shape.dim[0], C = c->in[0].shape.dim[1];
	const int64_t samples = c->out[0].shape.dim[1];
	size_t size = rt_dtype(c->out[0].dtype)->size;
	struct rt_rng rng = rt_random_stream(c);

	for (int64_t n = 0; n < N; n++) {
		const float *x = (const float *)c->in[0].data + n * C;
		float most = x[0];
		double sum = 0, v;

		for (int64_t k = 1; k < C; k++)
			most = x[k] > most ? x[k] : most;
		for (int64_t k = 0; k < C; k++)
			sum += exp((double)(x[k] - most));
		for (int64_t i = 0; i < samples; i++) {
			v = draw(x, C, most, sum * rt_rng_uniform(&rng));
			rt_convert((char *)c->out[0].data + (size_t)(n * samples + i) * size,
				   c->out[0].dtype, &v, RT_F64, 1);
		}
	}
}

const struct rt_op rt_op_Multinomial = {
	.row = {.name = "Multinomial", .summary = "classes drawn by their probabilities",
		.opts = opts, .params_size = sizeof(struct multinomial)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_RANDOM,
	.infer = infer,
	.forward = forward,
};
