/* layers.h - the layer language: a few words a layer, from which a graph with fresh weights is
 * built.
 *
 *	conv 16 3 -pad 1; bn; relu; maxpool 2      # statements end at ';' or at the end of the line
 *	residual {conv 16 3 -pad 1; bn; relu; conv 16 3 -pad 1; bn}
 *	relu; gap; dense 10
 *
 *
 *	block unit {channels {stride 1}} {conv $channels 3 -stride $stride -pad 1; bn; relu}
 *	unit 32 2; unit 32                         # a definition with parameters, used twice
 *
 *	tap stem; maxpool 4; conv 16 1             # `from` and `branch` reach back to named layers
 *	branch {} {from stem; conv 16 1 -stride 4} -join add
 *
 * Every layer is a row; its options come after its positional arguments, and every layer takes
 * -name NAME.  '#' starts a comment.
 */
#ifndef RT_IO_LAYERS_H
#define RT_IO_LAYERS_H

#include "graph/graph.h"

struct rt_layer_ctx;	/* the graph under construction: io/layers_build.h */

struct rt_layer {
	struct rt_row row;	/* options; the params struct starts with char *name */
	const char *op;		/* the operator behind the layer; NULL where there are several */
	const char *fits;	/* what to try where its shapes do not fit; may be NULL */
	bool indices;		/* reads whole numbers (i64) rather than f32 when it comes first */
	enum rt_status (*build)(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				const void *params, struct rt_err *err);
};

/* How the errors of a text of several lines begin, with the line of the text from 1; ", " or ": "
 * and the reason follow. */
#define RT_LAYERS_LINE "line %d of the layers"

/* Every layer, in alphabetical order. */
extern const struct rt_list rt_layers;

/* Builds the graph of text for samples of a shape (without the batch): one input, "input", unless
 * the text begins with `input`, and one output, the last layer's, unless it has `output`.  Layers
 * are named by their word and a number (conv1, dense2) unless they have a -name, parameters after
 * their layer (conv1.weight, conv1.bias; bn1.weight, .bias, .mean, .var).  Weights are drawn from
 * the stream of rng split by the parameter's name: normal with variance 2 / fan-in (He et al.,
 * arXiv:1502.01852, eq. 10) where a rectifier may follow, 1 / fan-in inside attention, 1 / (3
 * units) in recurrent layers; embeddings standard normal; biases 0, normalizations weight 1, bias
 * 0, mean 0, variance 1.  rng NULL leaves all weights zero in pages that take no memory, for
 * counting.  The caller frees *out.  Errors: RT_EINVAL, RT_ENOTFOUND, RT_EEXISTS, RT_ESHAPE: `layer
 * 1 "conv 16 9": kernel 9x9 is larger than its input 8x8`, with RT_LAYERS_LINE in front where
 * the text has several lines; RT_ENOMEM. */
enum rt_status rt_layers_build(struct rt_graph **out, const char *text,
			       const struct rt_shape *sample, const struct rt_rng *rng,
			       struct rt_err *err);

#endif
