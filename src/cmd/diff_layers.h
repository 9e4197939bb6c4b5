/* diff_layers.h - two models side by side, layer by layer; for model diff. */
#ifndef RT_CMD_DIFF_LAYERS_H
#define RT_CMD_DIFF_LAYERS_H

#include "base/val.h"
#include "graph/graph.h"
#include "views/table.h"

struct rt_layers_diff {
	int differ;		/* layers of another kind, or in one model only, or with other
				   weights, bits or channels */
	int follow;		/* layers without weights whose shape only follows from others */
};

/* Pairs the layers of two inferred graphs, as model show folds them: by the name of one of their
 * nodes, the others in order where the operator is the same.  Fills t, still without columns, with
 * a row for every pair that differs: operation, output, weights, bits, zeros, the largest scale of
 * quantized weights and how far the weights are apart, ||a - b|| / ||a||, where both have the same
 * shape and neither took in a batch normalization; "a → b" where they are not the same.  Adds to
 * *names those that are not of the same kind or shape, or are in one model only. */
void rt_diff_layers(struct rt_layers_diff *d, struct rt_table *t, struct rt_val *names,
		    const struct rt_graph *a, const struct rt_graph *b);

#endif
