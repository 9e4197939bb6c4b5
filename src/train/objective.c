/* objective.c - terms of a loss, and plain training on labels or targets. */
#include "config.h"

#include "train/objective.h"
#include "train/loss.h"

#include <stdio.h>

void rt_terms_add(struct rt_terms *t, const char *name, double weight, double value)
{
	RT_ASSERT(t->n < RT_MAX_TERMS);
	snprintf(t->term[t->n].name, RT_TERM_NAME, "%s", name);
	t->term[t->n].weight = weight;
	t->term[t->n++].value = value;
}

double rt_terms_total(const struct rt_terms *t)
{
	double sum = 0;

	for (int i = 0; i < t->n; i++)
		sum += t->term[i].weight * t->term[i].value;
	return sum;
}

void rt_terms_average(struct rt_terms *sum, int64_t seen, const struct rt_terms *part, int64_t n)
{
	if (seen == 0) {
		*sum = *part;
		return;
	}
	for (int i = 0; i < sum->n; i++)
		sum->term[i].value += (part->term[i].value - sum->term[i].value) * (double)n /
				      (double)(seen + n);
}

double rt_hard_loss(const struct rt_batch *b, const float *z, int64_t width, double weight,
		    float *dz)
{
	if (b->data->task == RT_CLASSIFY)
		return rt_cross_entropy(z, b->y, b->n, width, weight, dz);
	return rt_mean_square(z, b->y, b->n, width, weight, dz);
}

static enum rt_status eval(void *work, void *self, const struct rt_batch *batch,
			   struct rt_plan *plan, int logits, struct rt_terms *terms,
			   struct rt_err *err)
{
	const struct rt_arg *z = rt_plan_value(plan, logits);
	int64_t width = rt_shape_count(&z->shape) / batch->n;

	(void)work;
	(void)self;
	(void)err;
	rt_terms_add(terms, "hard", 1,
		     rt_hard_loss(batch, z->data, width, 1, rt_plan_seed(plan, logits)));
	return RT_OK;
}

const struct rt_objective rt_objective_hard = {.name = "hard", .eval = eval};
