/* layers_weight.c - layers with weights and no window: dense, normalizations, embedding. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- dense ---------------------------------------------------------------------------------- */

struct dense {
	char *name, *share;
	int64_t units;
	bool bias;
};

static const struct rt_opt dense_opts[] = {
	{.name = "units", .type = RT_INT, .offset = offsetof(struct dense, units), .min = 1,
	 .max = 1 << 24, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "10",
	 .summary = "how many numbers it gives"},
	{.name = "bias", .type = RT_BOOL, .offset = offsetof(struct dense, bias), .init = "yes",
	 .summary = "add a bias to every unit"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

/* y (N,K) = x (N,C) w' + b with w (K,C). */
static enum rt_status add_dense(struct rt_layer_ctx *ctx, const char *name, int64_t units,
				bool bias, struct rt_err *err)
{
	int64_t features = layer_shape(ctx, ctx->value)->dim[1];
	int in[3] = {ctx->value, -1, -1};

	RT_TRY(layer_param(ctx, &in[1], name, "weight", &RT_SHAPE(units, features),
			   layer_he(features), true, err));
	if (bias)
		RT_TRY(layer_param(ctx, &in[2], name, "bias", &RT_SHAPE(units), LAYER_ZERO, true,
				   err));
	return layer_node(ctx, "Gemm", name, (struct layer_attr[]){{"transB", "1"}, {0}},
			  bias ? 3 : 2, in, err);
}

static enum rt_status build_dense(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	const struct dense *p = params;
	int rank = layer_shape(ctx, ctx->value)->rank;
	char *name;
	enum rt_status status;

	if (rank < 2)
		return rt_fail(err, RT_ESHAPE, "needs features, its input has one number a sample");
	if (rank > 2)
		RT_TRY(layer_simple(ctx, &layer_flatten, &(struct layer_plain){0}, NULL, err));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_dense(ctx, name, p->units, p->bias, err);
	free(name);
	return status;
}

const struct rt_layer layer_dense = {
	.row = {"dense", "every unit a weighted sum of all inputs", dense_opts,
		sizeof(struct dense),
		"model new m {dense 30; relu; dense 10} -input {1 28 28}"},
	.op = "Gemm",
	.build = build_dense,
};

/* --- bn ------------------------------------------------------------------------------------- */

struct bn {
	char *name, *share;
	double epsilon, momentum;
};

static const struct rt_opt bn_opts[] = {
	{.name = "epsilon", .type = RT_REAL, .offset = offsetof(struct bn, epsilon),
	 .init = "1e-05", .max = 1, .flags = RT_OPT_ABOVE_MIN,
	 .summary = "added to the variance"},
	{.name = "momentum", .type = RT_REAL, .offset = offsetof(struct bn, momentum),
	 .init = "0.9", .max = 1, .summary = "share of the old running statistics that is kept"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status add_bn(struct rt_layer_ctx *ctx, const char *name,
			     const struct layer_attr *attrs, struct rt_err *err)
{
	static const struct {
		const char *suffix;
		struct layer_init init;
		bool trainable;
	} part[] = {
		{"weight", {LAYER_CONSTANT, 1}, true}, {"bias", {LAYER_CONSTANT, 0}, true},
		{"mean", {LAYER_CONSTANT, 0}, false}, {"var", {LAYER_CONSTANT, 1}, false},
	};
	const struct rt_shape *in_shape = layer_shape(ctx, ctx->value);
	struct rt_shape channels = {.rank = 1, .dim = {in_shape->dim[1]}};
	int in[5] = {ctx->value};

	if (in_shape->rank < 2)
		return rt_fail(err, RT_ESHAPE, "needs channels, its input has one number a sample");
	for (int i = 0; i < 4; i++)
		RT_TRY(layer_param(ctx, &in[i + 1], name, part[i].suffix, &channels, part[i].init,
				   part[i].trainable, err));
	return layer_node(ctx, "BatchNormalization", name, attrs, 5, in, err);
}

static enum rt_status build_bn(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			       const void *params, struct rt_err *err)
{
	const struct bn *p = params;
	struct layer_attr attrs[] = {{.name = "epsilon"}, {.name = "momentum"}, {0}};
	struct rt_str epsilon = {0}, momentum = {0};
	char *name;
	enum rt_status status;

	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	rt_opt_text(&bn_opts[0], p, &epsilon);
	rt_opt_text(&bn_opts[1], p, &momentum);
	attrs[0].value = rt_str_text(&epsilon);
	attrs[1].value = rt_str_text(&momentum);
	status = add_bn(ctx, name, attrs, err);
	rt_str_release(&epsilon);
	rt_str_release(&momentum);
	free(name);
	return status;
}

const struct rt_layer layer_bn = {
	.row = {"bn", "batch normalization: every channel to mean 0 and variance 1, then scaled",
		bn_opts, sizeof(struct bn),
		"model new m {conv 16 3 -bias no; bn; relu} -input {3 32 32}"},
	.op = "BatchNormalization",
	.build = build_bn,
};

enum rt_status layer_projection(struct rt_layer_ctx *ctx, const char *name, int64_t channels,
				const int64_t *stride, struct rt_err *err)
{
	const struct rt_shape *x = layer_shape(ctx, ctx->value);
	struct rt_shape shape = {.rank = x->rank, .dim = {channels, x->dim[1]}};
	int in[2] = {ctx->value};
	char *strides, *bn_name;
	enum rt_status status;

	if (x->rank == 2)
		return add_dense(ctx, name, channels, false, err);
	for (int i = 2; i < x->rank; i++)
		shape.dim[i] = 1;
	RT_TRY(layer_param(ctx, &in[1], name, "weight", &shape, layer_he(x->dim[1]), true, err));
	strides = layer_numbers(shape.rank - 2, stride);
	status = layer_node(ctx, "Conv", name, (struct layer_attr[]){{"strides", strides}, {0}}, 2,
			    in, err);
	free(strides);
	bn_name = rt_sprintf("%s.bn", name);
	if (status == RT_OK)
		status = add_bn(ctx, bn_name, NULL, err);
	free(bn_name);
	return status;
}

/* --- ln ------------------------------------------------------------------------------------- */

struct ln {
	char *name, *share;
	int64_t axis;
	double epsilon;
};

static const struct rt_opt ln_opts[] = {
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct ln, axis), .init = "-1",
	 .min = -RT_MAX_RANK, .max = RT_MAX_RANK - 1,
	 .summary = "first dimension it covers; 1 is a sample's first, negative from the end"},
	{.name = "epsilon", .type = RT_REAL, .offset = offsetof(struct ln, epsilon),
	 .init = "1e-05", .max = 1, .flags = RT_OPT_ABOVE_MIN,
	 .summary = "added to the variance"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status add_ln(struct rt_layer_ctx *ctx, const struct ln *p, const char *name,
			     int axis, struct rt_err *err)
{
	const struct rt_shape *x = layer_shape(ctx, ctx->value);
	struct rt_shape tail = {.rank = x->rank - axis};
	struct rt_str epsilon = {0};
	const int64_t wide_axis = axis;
	struct layer_attr attrs[] = {{.name = "axis"}, {.name = "epsilon"}, {0}};
	int in[3] = {ctx->value};
	char *axis_text;
	enum rt_status status;

	memcpy(tail.dim, x->dim + axis, (size_t)tail.rank * sizeof(*tail.dim));
	RT_TRY(layer_param(ctx, &in[1], name, "weight", &tail, LAYER_ONE, true, err));
	RT_TRY(layer_param(ctx, &in[2], name, "bias", &tail, LAYER_ZERO, true, err));
	rt_opt_text(&ln_opts[1], p, &epsilon);
	attrs[0].value = axis_text = layer_numbers(1, &wide_axis);
	attrs[1].value = rt_str_text(&epsilon);
	status = layer_node(ctx, "LayerNormalization", name, attrs, 3, in, err);
	free(axis_text);
	rt_str_release(&epsilon);
	return status;
}

static enum rt_status build_ln(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			       const void *params, struct rt_err *err)
{
	const struct ln *p = params;
	char *name;
	int axis;
	enum rt_status status;

	RT_TRY(layer_axis(&axis, ctx, p->axis, err));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_ln(ctx, p, name, axis, err);
	free(name);
	return status;
}

const struct rt_layer layer_ln = {
	.row = {"ln", "layer normalization: every sample to mean 0 and variance 1, then scaled",
		ln_opts, sizeof(struct ln),
		"model new m {ln; linear 32} -input {10 16}"},
	.op = "LayerNormalization",
	.build = build_ln,
};

/* --- embedding ------------------------------------------------------------------------------ */

struct embedding {
	char *name, *share;
	int64_t words, dim;
};

static const struct rt_opt embedding_opts[] = {
	{.name = "words", .type = RT_INT, .offset = offsetof(struct embedding, words), .min = 1,
	 .max = 1 << 28, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "5000",
	 .summary = "size of the vocabulary"},
	{.name = "dim", .type = RT_INT, .offset = offsetof(struct embedding, dim), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "64",
	 .summary = "how many numbers stand for a word"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

/* Rows of a table picked by number: w (V,D), x (N,T) -> y (N,T,D). */
static enum rt_status add_embedding(struct rt_layer_ctx *ctx, const struct embedding *p,
				    const char *name, struct rt_err *err)
{
	int in[2] = {-1, ctx->value};

	RT_TRY(layer_param(ctx, &in[0], name, "weight", &RT_SHAPE(p->words, p->dim),
			   (struct layer_init){LAYER_NORMAL, 1}, true, err));
	return layer_node(ctx, "Gather", name, NULL, 2, in, err);
}

static enum rt_status build_embedding(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				      const void *params, struct rt_err *err)
{
	const struct embedding *p = params;
	char *name;
	enum rt_status status;

	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_embedding(ctx, p, name, err);
	free(name);
	return status;
}

const struct rt_layer layer_embedding = {
	.row = {"embedding", "a vector for every whole number", embedding_opts,
		sizeof(struct embedding),
		"model new m {embedding 1000 16; mean; dense 2} -input {40}"},
	.op = "Gather",
	.indices = true,
	.fits = "embedding as the first layer, or cast i64 before it",
	.build = build_embedding,
};
