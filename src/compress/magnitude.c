/* magnitude.c - small weights matter least.
 *
 * s = |w|  (Han, Pool, Tran, Dally: Learning both weights and connections, arXiv 1506.02626);
 * a channel scores the L1 or L2 norm of its weights (Li et al.: Pruning filters for efficient
 * ConvNets, arXiv 1608.08710, uses L1).
 */
#include "config.h"

#include "compress/score.h"

#include <math.h>

static void weights(struct rt_score_in *in, float *score)
{
	const float *w = rt_tensor_data(&in->weight->data);
	int64_t n = rt_tensor_count(&in->weight->data);

	for (int64_t i = 0; i < n; i++)
		score[i] = fabsf(w[i]);
}

const struct rt_score rt_score_magnitude = {
	.row = {.name = "magnitude",
		.summary = "small weights, or channels of small norm, go first"},
	.weights = weights,
};
