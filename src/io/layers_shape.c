/* layers_shape.c - layers that move data around: reshape and pad. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- reshape -------------------------------------------------------------------------------- */

struct reshape {
	char *name;
	struct rt_strings dims;
};

static const struct rt_opt reshape_opts[] = {
	{.name = "dims", .type = RT_STRINGS, .offset = offsetof(struct reshape, dims),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED | RT_OPT_REST, .example = "1 8 8",
	 .summary = "new dimensions of a sample; one may be -1, what is left"},
	LAYER_NAME_OPT,
	{0},
};

/* Words, each one or more numbers, behind the 0 that keeps the batch. */
static enum rt_status read_dims(int64_t dim[RT_MAX_RANK], int *n, const struct rt_strings *words,
				struct rt_err *err)
{
	const struct rt_opt opt = {.name = "dims", .type = RT_INTS, .min = -1, .max = INT32_MAX,
				   .flags = RT_OPT_POSITIONAL, .example = "1 8 8"};

	dim[0] = 0;
	*n = 1;
	for (int i = 0; i < words->n; i++) {
		struct rt_ints list = {0};
		bool fits;

		RT_TRY(rt_opt_parse(&opt, &list, words->v[i], err));
		fits = *n + list.n <= RT_MAX_RANK;
		for (int k = 0; fits && k < list.n; k++)
			dim[(*n)++] = list.v[k];
		free(list.v);
		if (!fits)
			return rt_fail(err, RT_EINVAL, "a sample has at most %d dimensions",
				       RT_MAX_RANK - 1);
	}
	return RT_OK;
}

static enum rt_status build_reshape(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				    const void *params, struct rt_err *err)
{
	const struct reshape *p = params;
	int64_t dim[RT_MAX_RANK];
	int n, in[2] = {ctx->value};
	char *name;
	enum rt_status status;

	RT_TRY(read_dims(dim, &n, &p->dims, err));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = layer_ints(ctx, &in[1], name, "shape", n, dim, err);
	if (status == RT_OK)
		status = layer_node(ctx, layer->op, name, NULL, 2, in, err);
	free(name);
	return status;
}

const struct rt_layer layer_reshape = {
	.row = {"reshape", "the same numbers in another shape", reshape_opts,
		sizeof(struct reshape),
		"model new m {reshape {1 8 8}; conv 8 3} -input {64}"},
	.op = "Reshape",
	.fits = "one dimension as -1, which takes what is left",
	.build = build_reshape,
};

/* --- pad ------------------------------------------------------------------------------------ */

struct pad {
	char *name;
	struct rt_ints size;
	double value;
};

static const struct rt_opt pad_opts[] = {
	{.name = "size", .type = RT_INTS, .offset = offsetof(struct pad, size), .min = 0,
	 .max = 65536, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "2",
	 .summary = "how much on each side: N, {H W} or {top left bottom right}"},
	{.name = "value", .type = RT_REAL, .offset = offsetof(struct pad, value), .init = "0",
	 .summary = "what to fill it with"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status add_pad(struct rt_layer_ctx *ctx, const struct pad *p, const char *name,
			      int rank, struct rt_err *err)
{
	const struct rt_shape scalar = {0};
	int spatial = rank - 2, in[3] = {ctx->value};
	int64_t pads[2 * RT_MAX_RANK] = {0};

	for (int i = 0; i < 2 * spatial; i++)
		pads[(i < spatial ? 0 : rank) + 2 + i % spatial] =
			p->size.v[p->size.n == 1 ? 0 : i % p->size.n];
	RT_TRY(layer_ints(ctx, &in[1], name, "pads", 2 * rank, pads, err));
	RT_TRY(layer_param(ctx, &in[2], name, "value", &scalar,
			   (struct layer_init){LAYER_CONSTANT, p->value}, false, err));
	return layer_node(ctx, "Pad", name, NULL, 3, in, err);
}

static enum rt_status build_pad(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				const void *params, struct rt_err *err)
{
	const struct pad *p = params;
	int rank = layer_shape(ctx, ctx->value)->rank, spatial = rank - 2;
	char *name, shape[160];
	enum rt_status status;

	if (spatial < 1)
		return rt_fail(err, RT_ESHAPE, "needs channels x height x width, its input is %s",
			       layer_shape_text(shape, sizeof(shape), ctx, ctx->value));
	if (p->size.n != 1 && p->size.n != spatial && p->size.n != 2 * spatial)
		return rt_fail(err, RT_EINVAL,
			       "size has %d numbers, the input has %d spatial dimensions",
			       p->size.n, spatial);
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_pad(ctx, p, name, rank, err);
	free(name);
	return status;
}

const struct rt_layer layer_pad = {
	.row = {"pad", "a border around every channel", pad_opts, sizeof(struct pad),
		"model new m {pad 1; conv 8 3} -input {3 32 32}"},
	.op = "Pad",
	.fits = "reshape CHANNELS HEIGHT WIDTH before it",
	.build = build_pad,
};
