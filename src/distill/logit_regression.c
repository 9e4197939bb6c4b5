/* logit_regression.c - mean square between the outputs of teacher and student
 * (Ba and Caruana: Do deep nets really need to be deep?, 2014, equation 1); also for regression. */
#include "config.h"

#include "distill/distill.h"
#include "train/loss.h"

extern const struct rt_method rt_method_logit_regression;

static double loss(const struct rt_distill *d, const struct rt_batch *b, const float *t,
		   const float *z, int64_t width, double weight, float *dz)
{
	(void)d;
	return rt_mean_square(z, t, b->n, width, weight, dz);
}

const struct rt_method rt_method_logit_regression = {
	.row = {.name = "logit_regression",
		.summary = "mean square between the logits or outputs (Ba and Caruana 2014)"},
	.loss = loss,
};
