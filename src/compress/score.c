/* score.c - scores of weights gathered into scores of channels. */
#include "config.h"

#include "compress/score.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

void rt_score_channels(const struct rt_score *s, struct rt_score_in *in, int axis,
		       const int *channel, int n, double *score)
{
	const struct rt_shape *shape = &in->weight->data.shape;
	int64_t before = rt_shape_span(shape, 0, axis), along = shape->dim[axis];
	int64_t behind = rt_shape_span(shape, axis + 1, shape->rank);
	float *each;

	if (s->channels) {
		s->channels(in, axis, channel, n, score);
		return;
	}
	each = rt_alloc((size_t)rt_tensor_count(&in->weight->data), sizeof(*each));
	s->weights(in, each);
	for (int c = 0; c < n; c++)
		score[c] = 0;
	for (int64_t a = 0; a < before; a++) {
		for (int64_t i = 0; i < along; i++) {
			const float *v = each + (a * along + i) * behind;
			double sum = 0;

			if (channel[i] < 0)
				continue;
			for (int64_t b = 0; b < behind; b++)
				sum += in->norm == RT_NORM_L1 ? fabs((double)v[b])
							      : (double)v[b] * (double)v[b];
			score[channel[i]] += sum;
		}
	}
	for (int c = 0; c < n && in->norm == RT_NORM_L2; c++)
		score[c] = sqrt(score[c]);
	free(each);
}
