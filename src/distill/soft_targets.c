/* soft_targets.c - T^2 KL(teacher at T || student at T), mean over the batch
 * (Hinton, Vinyals, Dean: Distilling the knowledge in a neural network, arXiv 1503.02531). */
#include "config.h"

#include "distill/distill.h"
#include "base/mem.h"
#include "train/loss.h"

#include <stdlib.h>

extern const struct rt_method rt_method_soft_targets;

static double loss(const struct rt_distill *d, const struct rt_batch *b, const float *t,
		   const float *z, int64_t width, double weight, float *dz)
{
	double value, T = d->opts.temperature;
	float *q;

	if (!d->opts.class_map.n)
		return rt_soft_kl(z, t, b->n, width, T, weight, dz);
	q = rt_alloc((size_t)(b->n * width), sizeof(*q));
	for (int64_t i = 0; i < b->n; i++)
		rt_soft_labels(q + i * width, d, t + i * d->teacher_width, T);
	value = rt_soft_kl_p(z, q, b->n, width, T, weight, dz);
	free(q);
	return value;
}

const struct rt_method rt_method_soft_targets = {
	.row = {.name = "soft_targets",
		.summary = "T^2 KL of softened probabilities (Hinton, Vinyals, Dean 2015)"},
	.needs_classes = true,
	.loss = loss,
};
