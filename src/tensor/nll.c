/* nll.c - negative log likelihood of labels. */
#include "config.h"

#include "tensor/nll.h"

/* The class of place i, -1 where nothing counts. */
static int64_t label(const struct rt_nll *g, int64_t i)
{
	int64_t t = g->label_type == RT_I64 ? ((const int64_t *)g->labels)[i]
					    : ((const int32_t *)g->labels)[i];

	if (t < 0 || t >= g->C || (g->ignore != RT_UNSET_INT && t == g->ignore))
		return -1;
	return t;
}

static float weight(const struct rt_nll *g, int64_t t)
{
	return g->weight ? g->weight[t] : 1;
}

/* The element of x that place i with label t names. */
static int64_t place(const struct rt_nll *g, int64_t i, int64_t t)
{
	return (i / g->B * g->C + t) * g->B + i % g->B;
}

static double total_weight(const struct rt_nll *g)
{
	double sum = 0;

	for (int64_t i = 0; i < g->N * g->B; i++) {
		int64_t t = label(g, i);

		sum += t < 0 ? 0 : (double)weight(g, t);
	}
	return sum;
}

void rt_nll(const struct rt_nll *g, float *loss, const float *x)
{
	double sum = 0;

	for (int64_t i = 0; i < g->N * g->B; i++) {
		int64_t t = label(g, i);
		float l = t < 0 ? 0 : -weight(g, t) * x[place(g, i, t)];

		sum += (double)l;
		if (g->reduction == RT_REDUCE_NONE)
			loss[i] = l;
	}
	if (g->reduction == RT_REDUCE_MEAN)
		sum /= total_weight(g);
	if (g->reduction != RT_REDUCE_NONE)
		*loss = (float)sum;
}

void rt_nll_backward(const struct rt_nll *g, float *dx, const float *dloss)
{
	double scale = g->reduction == RT_REDUCE_MEAN ? 1 / total_weight(g) : 1;

	for (int64_t i = 0; i < g->N * g->B; i++) {
		int64_t t = label(g, i);
		float d = dloss[g->reduction == RT_REDUCE_NONE ? i : 0];

		if (t >= 0)
			dx[place(g, i, t)] -= (float)(scale * (double)(weight(g, t) * d));
	}
}
