/* layers_activation.c - layers that are one elementwise operator, and softmax. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdlib.h>

static enum rt_status build_plain(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	return layer_simple(ctx, layer, params, NULL, err);
}

#define PLAIN(word, operator, text, example)                                                       \
	const struct rt_layer layer_##word = {                                                     \
		.row = {#word, text, layer_plain_opts, sizeof(struct layer_plain), example},       \
		.op = operator,                                                                    \
		.build = build_plain,                                                              \
	}

PLAIN(relu, "Relu", "x where it is positive, else 0",
      "model new m {dense 30; relu; dense 10} -input {1 28 28}");
PLAIN(gelu, "Gelu", "x times the normal distribution function of x",
      "model new m {dense 30; gelu; dense 10} -input {1 28 28}");
PLAIN(hardswish, "HardSwish", "x times a piecewise linear sigmoid",
      "model new m {conv 16 3; bn; hardswish} -input {3 32 32}");
PLAIN(identity, "Identity", "nothing: gives its input",
      "model new m {branch {conv 8 1} {identity}} -input {3 32 32}");
PLAIN(sigmoid, "Sigmoid", "logistic function",
      "model new m {dense 1; sigmoid} -input {30}");
PLAIN(tanh, "Tanh", "hyperbolic tangent",
      "model new m {dense 30; tanh; dense 10} -input {1 28 28}");
PLAIN(gap, "GlobalAveragePool", "mean of every channel over all places",
      "model new m {conv 16 3; relu; gap; dense 10} -input {3 32 32}");
PLAIN(flatten, "Flatten", "all dimensions of a sample to one",
      "model new m {conv 8 3; flatten; dense 10} -input {1 8 8}");

/* --- relu6: Clip with its bounds as constants ----------------------------------------------- */

static enum rt_status build_relu6(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	const struct layer_plain *p = params;
	const struct rt_shape scalar = {0};
	int in[3] = {ctx->value};
	char *name;
	enum rt_status status;

	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = layer_param(ctx, &in[1], name, "min", &scalar, LAYER_ZERO, false, err);
	if (status == RT_OK)
		status = layer_param(ctx, &in[2], name, "max", &scalar,
				     (struct layer_init){LAYER_CONSTANT, 6}, false, err);
	if (status == RT_OK)
		status = layer_node(ctx, layer->op, name, NULL, 3, in, err);
	free(name);
	return status;
}

const struct rt_layer layer_relu6 = {
	.row = {"relu6", "x held between 0 and 6", layer_plain_opts, sizeof(struct layer_plain),
		"model new m {conv 16 3; bn; relu6} -input {3 32 32}"},
	.op = "Clip",
	.build = build_relu6,
};

/* --- leaky ---------------------------------------------------------------------------------- */

struct leaky {
	char *name;
	double slope;
};

static const struct rt_opt leaky_opts[] = {
	{.name = "slope", .type = RT_REAL, .offset = offsetof(struct leaky, slope), .init = "0.01",
	 .flags = RT_OPT_POSITIONAL, .summary = "factor of negative inputs"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_leaky(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	const struct leaky *p = params;
	struct rt_str slope = {0};
	enum rt_status status;

	rt_opt_text(&leaky_opts[0], p, &slope);
	status = layer_simple(ctx, layer, params,
			      (struct layer_attr[]){{"alpha", rt_str_text(&slope)}, {0}}, err);
	rt_str_release(&slope);
	return status;
}

const struct rt_layer layer_leaky = {
	.row = {"leaky", "x where it is positive, else a small multiple of it", leaky_opts,
		sizeof(struct leaky),
		"model new m {dense 30; leaky 0.1; dense 10} -input {1 28 28}"},
	.op = "LeakyRelu",
	.build = build_leaky,
};

/* --- softmax -------------------------------------------------------------------------------- */

struct softmax {
	char *name;
	int64_t axis;
};

static const struct rt_opt softmax_opts[] = {
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct softmax, axis), .init = "-1",
	 .min = -RT_MAX_RANK, .max = RT_MAX_RANK,
	 .summary = "dimension that sums to one; 0 is the batch, negative counts from the end"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_softmax(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				    const void *params, struct rt_err *err)
{
	const struct softmax *p = params;
	char *axis = layer_numbers(1, &p->axis);
	enum rt_status status = layer_simple(ctx, layer, params,
					     (struct layer_attr[]){{"axis", axis}, {0}}, err);

	free(axis);
	return status;
}

const struct rt_layer layer_softmax = {
	.row = {"softmax", "probabilities that sum to one; losses take what is before it",
		softmax_opts, sizeof(struct softmax),
		"model new m {dense 10; softmax} -input {1 28 28}"},
	.op = "Softmax",
	.build = build_softmax,
};

/* --- dropout -------------------------------------------------------------------------------- */

struct dropout {
	char *name;
	double ratio;
};

static const struct rt_opt dropout_opts[] = {
	{.name = "ratio", .type = RT_REAL, .offset = offsetof(struct dropout, ratio),
	 .init = "0.5", .max = 0.99, .flags = RT_OPT_POSITIONAL,
	 .summary = "share that is set to zero in training"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_dropout(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				    const void *params, struct rt_err *err)
{
	const struct dropout *p = params;
	const struct rt_shape scalar = {0};
	int in[2] = {ctx->value};
	char *name;
	enum rt_status status;

	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = layer_param(ctx, &in[1], name, "ratio", &scalar,
			     (struct layer_init){LAYER_CONSTANT, p->ratio}, false, err);
	if (status == RT_OK)
		status = layer_node(ctx, layer->op, name, NULL, 2, in, err);
	free(name);
	return status;
}

const struct rt_layer layer_dropout = {
	.row = {"dropout", "in training, sets elements to zero at random", dropout_opts,
		sizeof(struct dropout),
		"model new m {dense 30; relu; dropout 0.5; dense 10} -input {1 28 28}"},
	.op = "Dropout",
	.build = build_dropout,
};
