/* layers_flow.c - where values come from and go to: inputs, outputs, names, and the way back. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* --- input ---------------------------------------------------------------------------------- */

struct input {
	char *name;
	struct rt_ints dims;
	int type;
};

static const char *const types[] = {"f32", "i64", NULL};
static const enum rt_dtype dtypes[] = {RT_F32, RT_I64};

static const struct rt_opt input_opts[] = {
	{.name = "name", .type = RT_STRING, .offset = offsetof(struct input, name),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "image",
	 .summary = "what to call it"},
	{.name = "shape", .type = RT_INTS, .offset = offsetof(struct input, dims), .min = 1,
	 .max = 1 << 24, .flags = RT_OPT_POSITIONAL, .example = "3 32 32",
	 .summary = "its dimensions without the batch; default: those of the samples"},
	{.name = "type", .type = RT_CHOICE, .offset = offsetof(struct input, type), .init = "f32",
	 .choices = types, .summary = "i64 for whole numbers: words, items"},
	{0},
};

static enum rt_status name_taken(const char *name, struct rt_err *err)
{
	return rt_fail(err, RT_EEXISTS, "the name \"%s\" is taken   (try: %s2)", name, name);
}

static enum rt_status build_input(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	const struct input *p = params;
	struct rt_shape shape = *ctx->sample;

	(void)layer;
	if (rt_graph_find_value(ctx->graph, p->name) >= 0)
		return name_taken(p->name, err);
	if (p->dims.n >= RT_MAX_RANK)
		return rt_fail(err, RT_EINVAL, "a sample has at most %d dimensions",
			       RT_MAX_RANK - 1);
	if (p->dims.n) {
		shape.rank = p->dims.n + 1;
		memcpy(shape.dim + 1, p->dims.v, (size_t)p->dims.n * sizeof(*shape.dim));
	}
	ctx->value = rt_graph_add_input(ctx->graph, p->name, dtypes[p->type], &shape);
	return RT_OK;
}

const struct rt_layer layer_input = {
	.row = {"input", "an input of the model; the next layer reads it", input_opts,
		sizeof(struct input),
		"model new m {input image; conv 8 3; relu; gap; flatten; tap seen\n"
		"\tinput words 6 -type i64; embedding 100 8; mean; tap read\n"
		"\tbranch {from seen} {from read}; dense 4} -input {3 32 32}"},
	.build = build_input,
};

/* --- from ----------------------------------------------------------------------------------- */

/* "a; did you mean "b"?" over the values that layers may read. */
static enum rt_status no_such_value(const struct rt_graph *g, const char *name, struct rt_err *err)
{
	const char **names = rt_alloc((size_t)g->nvalues, sizeof(*names)), *near;
	int n = 0;

	for (int i = 0; i < g->nvalues; i++)
		if (g->values[i].param < 0)
			names[n++] = g->values[i].name;
	near = rt_nearest(name, names, n);
	if (near)
		rt_fail(err, RT_ENOTFOUND, "no layer \"%s\" before this; did you mean \"%s\"?",
			name, near);
	else
		rt_fail(err, RT_ENOTFOUND, "no layer \"%s\" before this   (name one with -name or "
			"tap)", name);
	free(names);
	return RT_ENOTFOUND;
}

enum rt_status layer_value_find(int *value, const struct rt_layer_ctx *ctx, const char *name,
				struct rt_err *err)
{
	const struct rt_graph *g = ctx->graph;
	int v = rt_graph_find_value(g, name), node = rt_graph_find_node(g, name);

	if (v < 0 && node >= 0)
		v = g->nodes[node].out[0];
	if (v < 0 || g->values[v].param >= 0)
		return no_such_value(g, name, err);
	*value = v;
	return RT_OK;
}

struct named {
	char *name, *value;
};

static const struct rt_opt from_opts[] = {
	{.name = "layer", .type = RT_STRING, .offset = offsetof(struct named, value), .of = "layer",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "stem",
	 .summary = "name of a layer, a tap or an input before this"},
	{0},
};

static enum rt_status build_from(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				 const void *params, struct rt_err *err)
{
	(void)layer;
	return layer_value_find(&ctx->value, ctx, ((const struct named *)params)->value, err);
}

const struct rt_layer layer_from = {
	.row = {"from", "goes on from a named layer, tap or input", from_opts,
		sizeof(struct named),
		"model new m {conv 8 3 -pad 1 -name stem; relu; conv 4 3 -pad 1\n"
		"\tbranch {} {from stem}} -input {3 32 32}"},
	.build = build_from,
};

/* --- tap, output ---------------------------------------------------------------------------- */

/* Gives the current value a name; an input, or a value that has one already, through Identity. */
static enum rt_status give_name(struct rt_layer_ctx *ctx, const char *name, struct rt_err *err)
{
	const struct rt_graph *g = ctx->graph;
	int made = g->values[ctx->value].producer;

	if (rt_graph_find_value(g, name) >= 0 || rt_graph_find_node(g, name) >= 0)
		return name_taken(name, err);
	if (made < 0 || strcmp(g->values[ctx->value].name, g->nodes[made].name) != 0)
		return layer_node(ctx, "Identity", name, NULL, 1, &ctx->value, err);
	rt_graph_rename_value(ctx->graph, ctx->value, name);
	return RT_OK;
}

static const struct rt_opt tap_opts[] = {
	{.name = "tap", .type = RT_STRING, .offset = offsetof(struct named, value),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "stage1",
	 .summary = "the name"},
	{0},
};

static enum rt_status build_tap(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				const void *params, struct rt_err *err)
{
	(void)layer;
	return give_name(ctx, ((const struct named *)params)->value, err);
}

const struct rt_layer layer_tap = {
	.row = {"tap", "gives what the layers so far have made a name", tap_opts,
		sizeof(struct named),
		"model new m {conv 8 3; relu; tap stage1; gap; dense 10} -input {3 32 32}"},
	.build = build_tap,
};

static const struct rt_opt output_opts[] = {
	{.name = "output", .type = RT_STRING, .offset = offsetof(struct named, value),
	 .flags = RT_OPT_POSITIONAL, .example = "logits",
	 .summary = "what to call it; default: as the layer"},
	{0},
};

static enum rt_status build_output(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	const char *name = ((const struct named *)params)->value;

	(void)layer;
	if (name)
		RT_TRY(give_name(ctx, name, err));
	for (int i = 0; i < ctx->graph->noutputs; i++)
		if (ctx->graph->outputs[i] == ctx->value)
			return rt_fail(err, RT_EEXISTS, "\"%s\" is an output already",
				       ctx->graph->values[ctx->value].name);
	rt_graph_add_output(ctx->graph, ctx->value);
	return RT_OK;
}

const struct rt_layer layer_output = {
	.row = {"output", "makes what the layers so far have made an output of the model",
		output_opts, sizeof(struct named),
		"model new m {dense 30; relu; output features; dense 10;\n"
		"\toutput logits} -input {1 28 28}"},
	.build = build_output,
};
