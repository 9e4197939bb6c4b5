/* layers_move.c - layers that pick and turn: transpose, select, slice, shuffle, cast. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define AXIS_OPT(params)                                                                           \
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct params, axis), .init = "1",     \
	 .min = -RT_MAX_RANK, .max = RT_MAX_RANK - 1,                                              \
	 .summary = "dimension; 1 is a sample's first, negative counts from the end"}

/* --- transpose ------------------------------------------------------------------------------ */

struct transpose {
	char *name;
	struct rt_ints order;
};

static const struct rt_opt transpose_opts[] = {
	{.name = "order", .type = RT_INTS, .offset = offsetof(struct transpose, order), .min = 1,
	 .max = RT_MAX_RANK - 1, .flags = RT_OPT_POSITIONAL, .example = "2 1",
	 .summary = "the sample's dimensions, from 1, in their new order; default: reversed"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_transpose(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				      const void *params, struct rt_err *err)
{
	const struct transpose *p = params;
	int rank = layer_shape(ctx, ctx->value)->rank;
	int64_t perm[RT_MAX_RANK] = {0};
	char *name;
	enum rt_status status;

	if (p->order.n && p->order.n != rank - 1)
		return rt_fail(err, RT_ESHAPE, "order has %d numbers, a sample has %d dimensions",
			       p->order.n, rank - 1);
	for (int i = 1; i < rank; i++)
		perm[i] = p->order.n ? p->order.v[i - 1] : rank - i;
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = layer_permute(ctx, name, rank, perm, err);
	free(name);
	return status;
}

const struct rt_layer layer_transpose = {
	.row = {"transpose", "the dimensions of a sample in another order", transpose_opts,
		sizeof(struct transpose),
		"model new m {transpose {2 1}; conv1d 16 3} -input {50 6}"},
	.op = "Transpose",
	.fits = "a number for every dimension of a sample, from 1",
	.build = build_transpose,
};

/* --- select --------------------------------------------------------------------------------- */

struct select {
	char *name;
	int64_t index, axis;
};

static const struct rt_opt select_opts[] = {
	{.name = "index", .type = RT_INT, .offset = offsetof(struct select, index),
	 .min = INT32_MIN, .max = INT32_MAX, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED,
	 .example = "-1", .summary = "which one, from 0; negative counts from the end"},
	AXIS_OPT(select),
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status add_select(struct rt_layer_ctx *ctx, const char *name, int axis,
				 int64_t index, struct rt_err *err)
{
	const int64_t wide = axis;
	int in[2] = {ctx->value};
	char *text;
	enum rt_status status;

	RT_TRY(layer_ints(ctx, &in[1], name, "index", -1, &index, err));
	text = layer_numbers(1, &wide);
	status = layer_node(ctx, "Gather", name, (struct layer_attr[]){{"axis", text}, {0}}, 2, in,
			    err);
	free(text);
	return status;
}

static enum rt_status build_select(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	const struct select *p = params;
	char *name;
	int64_t length;
	int axis;
	enum rt_status status;

	RT_TRY(layer_axis(&axis, ctx, p->axis, err));
	length = layer_shape(ctx, ctx->value)->dim[axis];
	if (p->index >= length || p->index < -length)
		return rt_fail(err, RT_ESHAPE, "index %" PRId64 " is outside the %" PRId64
			       " of dimension %d", p->index, length, axis);
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_select(ctx, name, axis, p->index, err);
	free(name);
	return status;
}

const struct rt_layer layer_select = {
	.row = {"select", "one place of a dimension, which disappears: a time step, a token",
		select_opts, sizeof(struct select),
		"model new m {lstm 32 -sequence yes; select -1; dense 4} -input {50 6}"},
	.op = "Gather",
	.fits = "-axis, or an index inside the dimension",
	.build = build_select,
};

/* --- slice ---------------------------------------------------------------------------------- */

struct slice {
	char *name;
	int64_t from, to, axis;
};

static const struct rt_opt slice_opts[] = {
	{.name = "from", .type = RT_INT, .offset = offsetof(struct slice, from), .min = 0,
	 .max = INT32_MAX, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "0",
	 .summary = "the first one, from 0"},
	{.name = "to", .type = RT_INT, .offset = offsetof(struct slice, to), .min = 1,
	 .max = INT32_MAX, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "8",
	 .summary = "one behind the last"},
	AXIS_OPT(slice),
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status add_slice(struct rt_layer_ctx *ctx, const char *name, const struct slice *p,
				int64_t axis, struct rt_err *err)
{
	int in[4] = {ctx->value};

	RT_TRY(layer_ints(ctx, &in[1], name, "starts", 1, &p->from, err));
	RT_TRY(layer_ints(ctx, &in[2], name, "ends", 1, &p->to, err));
	RT_TRY(layer_ints(ctx, &in[3], name, "axes", 1, &axis, err));
	return layer_node(ctx, "Slice", name, NULL, 4, in, err);
}

static enum rt_status build_slice(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	const struct slice *p = params;
	int64_t length;
	char *name;
	int axis;
	enum rt_status status;

	RT_TRY(layer_axis(&axis, ctx, p->axis, err));
	length = layer_shape(ctx, ctx->value)->dim[axis];
	if (p->from >= p->to || p->to > length)
		return rt_fail(err, RT_ESHAPE, "%" PRId64 " to %" PRId64 " is no part of the %"
			       PRId64 " of dimension %d", p->from, p->to, length, axis);
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_slice(ctx, name, p, axis, err);
	free(name);
	return status;
}

const struct rt_layer layer_slice = {
	.row = {"slice", "a part of a dimension: some of the channels, some of the time steps",
		slice_opts, sizeof(struct slice),
		"model new m {branch {slice 0 8; relu} {slice 8 16}} -input {16 8 8}"},
	.op = "Slice",
	.fits = "-axis, and numbers inside the dimension",
	.build = build_slice,
};

/* --- shuffle -------------------------------------------------------------------------------- */

struct shuffle {
	char *name;
	int64_t groups;
};

static const struct rt_opt shuffle_opts[] = {
	{.name = "groups", .type = RT_INT, .offset = offsetof(struct shuffle, groups), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "2",
	 .summary = "into how many the channels are divided"},
	LAYER_NAME_OPT,
	{0},
};

/* Channel g of group k becomes channel k of group g: (N,K,C/K,...) with the two turned around
 * (Zhang et al., arXiv:1707.01083, section 3.1). */
static enum rt_status add_shuffle(struct rt_layer_ctx *ctx, const char *name, int64_t groups,
				  struct rt_err *err)
{
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	int64_t apart[RT_MAX_RANK] = {0, groups, x.dim[1] / groups};
	int64_t together[RT_MAX_RANK] = {0, x.dim[1]}, perm[RT_MAX_RANK] = {0, 2, 1};
	char *split = rt_sprintf("%s.split", name), *turn = rt_sprintf("%s.turn", name);
	enum rt_status status;

	for (int i = 2; i < x.rank; i++) {
		apart[i + 1] = together[i] = x.dim[i];
		perm[i + 1] = i + 1;
	}
	status = layer_reshape_to(ctx, split, x.rank + 1, apart, err);
	if (status == RT_OK)
		status = layer_permute(ctx, turn, x.rank + 1, perm, err);
	if (status == RT_OK)
		status = layer_reshape_to(ctx, name, x.rank, together, err);
	free(split);
	free(turn);
	return status;
}

static enum rt_status build_shuffle(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				    const void *params, struct rt_err *err)
{
	const struct shuffle *p = params;
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	const int64_t channels = x.rank < 2 ? 1 : x.dim[1];
	char *name;
	enum rt_status status;

	if (x.rank < 2 || x.rank == RT_MAX_RANK || channels % p->groups)
		return rt_fail(err, RT_ESHAPE, "%" PRId64 " groups do not divide %" PRId64
			       " channels   (try: %" PRId64 ")", p->groups, channels,
			       layer_divisor(channels, channels, p->groups));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_shuffle(ctx, name, p->groups, err);
	free(name);
	return status;
}

const struct rt_layer layer_shuffle = {
	.row = {"shuffle", "channels of several groups dealt out again, so that groups mix",
		shuffle_opts, sizeof(struct shuffle),
		"model new m {conv 16 1 -groups 4; shuffle 4} -input {16 8 8}"},
	.build = build_shuffle,
};

/* --- cast ----------------------------------------------------------------------------------- */

struct cast {
	char *name;
	int type;
};

/* As TensorProto.DataType numbers them. */
static const char *const types[] = {"f32", "i64", NULL};
static const char *const codes[] = {"1", "7"};

static const struct rt_opt cast_opts[] = {
	{.name = "type", .type = RT_CHOICE, .offset = offsetof(struct cast, type),
	 .choices = types, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "i64",
	 .summary = "of the numbers: f32, or i64 for whole numbers"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_cast(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				 const void *params, struct rt_err *err)
{
	const struct cast *p = params;

	return layer_simple(ctx, layer, params,
			    (struct layer_attr[]){{"to", codes[p->type]}, {0}}, err);
}

const struct rt_layer layer_cast = {
	.row = {"cast", "numbers as another type: i64 before an embedding of measured columns",
		cast_opts, sizeof(struct cast),
		"model new m {cast i64; embedding 100 8} -input {12}"},
	.op = "Cast",
	.build = build_cast,
};
