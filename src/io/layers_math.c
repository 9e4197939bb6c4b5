/* layers_math.c - layers that are plain arithmetic: add, mul, mean, sum, l2norm, se. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- add, mul ------------------------------------------------------------------------------- */

struct constant {
	char *name;
	double value;
};

static const struct rt_opt constant_opts[] = {
	{.name = "value", .type = RT_REAL, .offset = offsetof(struct constant, value),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "0.5",
	 .summary = "the constant"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_constant(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				     const void *params, struct rt_err *err)
{
	const struct constant *p = params;
	char *name;
	enum rt_status status;

	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = layer_with_real(ctx, layer->op, name, p->value, err);
	free(name);
	return status;
}

const struct rt_layer layer_add = {
	.row = {"add", "x plus a constant", constant_opts, sizeof(struct constant),
		"model new m {dense 4; add 1} -input {8}"},
	.op = "Add",
	.build = build_constant,
};

const struct rt_layer layer_mul = {
	.row = {"mul", "x times a constant", constant_opts, sizeof(struct constant),
		"model new m {dense 10; mul 0.5} -input {8}"},
	.op = "Mul",
	.build = build_constant,
};

/* --- mean, sum ------------------------------------------------------------------------------ */

struct reduce {
	char *name;
	int64_t axis;
};

static const struct rt_opt reduce_opts[] = {
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct reduce, axis), .init = "1",
	 .min = -RT_MAX_RANK, .max = RT_MAX_RANK - 1,
	 .summary = "dimension; 1 is a sample's first, negative counts from the end"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_mean(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				 const void *params, struct rt_err *err)
{
	const struct reduce *p = params;
	int axis;
	int64_t wide;
	char *text;
	enum rt_status status;

	RT_TRY(layer_axis(&axis, ctx, p->axis, err));
	wide = axis;
	text = layer_numbers(1, &wide);
	status = layer_simple(ctx, layer, params,
			      (struct layer_attr[]){{"axes", text}, {"keepdims", "0"}, {0}}, err);
	free(text);
	return status;
}

const struct rt_layer layer_mean = {
	.row = {"mean", "mean over a dimension, which disappears: over all time steps, say",
		reduce_opts, sizeof(struct reduce),
		"model new m {linear 16; mean; dense 4} -input {50 6}"},
	.op = "ReduceMean",
	.fits = "-axis 1",
	.build = build_mean,
};

/* Sum over an axis; keep leaves it with length 1. */
static enum rt_status add_sum(struct rt_layer_ctx *ctx, const char *name, int64_t axis, bool keep,
			      struct rt_err *err)
{
	int in[2] = {ctx->value};

	RT_TRY(layer_ints(ctx, &in[1], name, "axes", 1, &axis, err));
	return layer_node(ctx, "ReduceSum", name,
			  (struct layer_attr[]){{"keepdims", keep ? "1" : "0"}, {0}}, 2, in, err);
}

static enum rt_status build_sum(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				const void *params, struct rt_err *err)
{
	const struct reduce *p = params;
	char *name;
	int axis;
	enum rt_status status;

	RT_TRY(layer_axis(&axis, ctx, p->axis, err));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_sum(ctx, name, axis, false, err);
	free(name);
	return status;
}

const struct rt_layer layer_sum = {
	.row = {"sum", "sum over a dimension, which disappears", reduce_opts,
		sizeof(struct reduce),
		"model new m {linear 16; sum} -input {50 6}"},
	.op = "ReduceSum",
	.fits = "-axis 1",
	.build = build_sum,
};

/* --- l2norm --------------------------------------------------------------------------------- */

struct l2norm {
	char *name;
	double epsilon;
};

static const struct rt_opt l2norm_opts[] = {
	{.name = "epsilon", .type = RT_REAL, .offset = offsetof(struct l2norm, epsilon),
	 .init = "1e-12", .max = 1, .flags = RT_OPT_ABOVE_MIN,
	 .summary = "added to the sum of squares"},
	LAYER_NAME_OPT,
	{0},
};

/* y = x / sqrt(sum x^2 + epsilon) over the last dimension. */
static enum rt_status add_l2norm(struct rt_layer_ctx *ctx, const char *name, double epsilon,
				 struct rt_err *err)
{
	const int64_t last = layer_shape(ctx, ctx->value)->rank - 1;
	int x = ctx->value;
	char *part[4];
	static const char *const suffix[4] = {"squares", "sum", "safe", "length"};
	enum rt_status status;

	for (int i = 0; i < 4; i++)
		part[i] = rt_sprintf("%s.%s", name, suffix[i]);
	status = layer_node(ctx, "Mul", part[0], NULL, 2, (int[]){x, x}, err);
	if (status == RT_OK)
		status = add_sum(ctx, part[1], last, true, err);
	if (status == RT_OK)
		status = layer_with_real(ctx, "Add", part[2], epsilon, err);
	if (status == RT_OK)
		status = layer_node(ctx, "Sqrt", part[3], NULL, 1, &ctx->value, err);
	if (status == RT_OK)
		status = layer_node(ctx, "Div", name, NULL, 2, (int[]){x, ctx->value}, err);
	for (int i = 0; i < 4; i++)
		free(part[i]);
	return status;
}

static enum rt_status build_l2norm(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	const struct l2norm *p = params;
	char *name;
	enum rt_status status;

	if (layer_shape(ctx, ctx->value)->rank < 2)
		return rt_fail(err, RT_ESHAPE, "needs features, its input has one number a sample");
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_l2norm(ctx, name, p->epsilon, err);
	free(name);
	return status;
}

const struct rt_layer layer_l2norm = {
	.row = {"l2norm", "divided by its length, so that it lies on the unit sphere", l2norm_opts,
		sizeof(struct l2norm),
		"model new m {dense 64; l2norm} -input {1 28 28}"},
	.build = build_l2norm,
};

/* --- se ------------------------------------------------------------------------------------- */

enum { GATE_SIGMOID, GATE_HARD };
static const char *const gates[] = {[GATE_SIGMOID] = "sigmoid", [GATE_HARD] = "hard", NULL};

struct se {
	char *name;
	int64_t channels;
	int gate;
};

static const struct rt_opt se_opts[] = {
	{.name = "channels", .type = RT_INT, .offset = offsetof(struct se, channels), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "8",
	 .summary = "into which the means are squeezed"},
	{.name = "gate", .type = RT_CHOICE, .offset = offsetof(struct se, gate),
	 .init = "sigmoid", .choices = gates, .summary = "logistic, or piecewise linear"},
	LAYER_NAME_OPT,
	{0},
};

/* x times a factor for every channel, learned from the channels' means (Hu et al.,
 * arXiv:1709.01507, eq. 2 to 4): factor = gate(w2 relu(w1 mean(x))). */
static enum rt_status build_se(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			       const void *params, struct rt_err *err)
{
	const struct se *p = params;
	const struct rt_shape *x = layer_shape(ctx, ctx->value);
	int start = ctx->value, line = ctx->stmt->word[0].line;
	char *name, *text, shape[160];
	enum rt_status status;

	if (x->rank < 3)
		return rt_fail(err, RT_ESHAPE, "needs channels x height x width, its input is %s",
			       layer_shape_text(shape, sizeof(shape), ctx, ctx->value));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	text = rt_sprintf("gap -name %s.mean; conv %" PRId64 " 1 -name %s.squeeze; "
			  "relu -name %s.relu; conv %" PRId64 " 1 -name %s.excite", name,
			  p->channels, name, name, x->dim[1], name);
	status = layer_text_build(ctx, text, line, err);
	free(text);
	text = rt_sprintf("%s.gate", name);
	if (status == RT_OK)
		status = layer_node(ctx, p->gate == GATE_HARD ? "HardSigmoid" : "Sigmoid", text,
				    NULL, 1, &ctx->value, err);
	if (status == RT_OK)
		status = layer_node(ctx, "Mul", name, NULL, 2, (int[]){start, ctx->value}, err);
	free(text);
	free(name);
	return status;
}

const struct rt_layer layer_se = {
	.row = {"se", "squeeze and excitation: every channel times a factor learned from all means",
		se_opts, sizeof(struct se),
		"model new m {conv 16 3; se 4} -input {3 32 32}"},
	.fits = "reshape CHANNELS HEIGHT WIDTH before it",
	.build = build_se,
};
