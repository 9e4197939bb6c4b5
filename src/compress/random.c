/* random.c - any weight as good as another: the control that every other score must beat. */
#include "config.h"

#include "compress/score.h"

static void weights(struct rt_score_in *in, float *score)
{
	int64_t n = rt_tensor_count(&in->weight->data);

	for (int64_t i = 0; i < n; i++)
		score[i] = (float)rt_rng_uniform(&in->rng);
}

static void channels(struct rt_score_in *in, int axis, const int *channel, int n, double *score)
{
	(void)axis;
	(void)channel;
	for (int c = 0; c < n; c++)
		score[c] = rt_rng_uniform(&in->rng);
}

const struct rt_score rt_score_random = {
	.row = {.name = "random", .summary = "drawn by the session's seed, as a control"},
	.weights = weights,
	.channels = channels,
};
