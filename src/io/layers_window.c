/* layers_window.c - layers with a window: convolutions and pools. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SPATIAL (RT_MAX_RANK - 2)

/* What all of them say about their window; the head of their params. */
struct window {
	char *name, *share;
	struct rt_ints kernel, stride, dilation;
	char *pad;
};

#define KERNEL_OPT(need)                                                                           \
	{.name = "kernel", .type = RT_INTS, .offset = offsetof(struct window, kernel), .min = 1,   \
	 .max = 65536, .flags = RT_OPT_POSITIONAL | (need), .example = "3",                        \
	 .summary = "size of the window: one number, or {height width}"}
#define STRIDE_OPT(text)                                                                           \
	{.name = "stride", .type = RT_INTS, .offset = offsetof(struct window, stride), .min = 1,   \
	 .max = 65536, .example = "2", .summary = text}
#define PAD_OPT                                                                                    \
	{.name = "pad", .type = RT_STRING, .offset = offsetof(struct window, pad), .init = "0",    \
	 .example = "same",                                                                        \
	 .summary = "zeros around: same, causal, N, {H W} or {top left bottom right}"}
#define DILATION_OPT                                                                               \
	{.name = "dilation", .type = RT_INTS, .offset = offsetof(struct window, dilation),         \
	 .min = 1, .max = 65536, .example = "2", .summary = "distance between taps of the window"}

/* The window with a number for every spatial dimension. */
struct sized {
	int spatial;
	int64_t in[MAX_SPATIAL], kernel[MAX_SPATIAL], stride[MAX_SPATIAL], dilation[MAX_SPATIAL];
	int64_t pads[2 * MAX_SPATIAL];	/* all in front, then all behind, as ONNX has them */
};

static enum rt_status spread(int64_t *out, const struct rt_ints *list, int64_t init, int spatial,
			     const char *what, struct rt_err *err)
{
	if (list->n > 1 && list->n != spatial)
		return rt_fail(err, RT_EINVAL,
			       "%s has %d numbers, the input has %d spatial dimension%s   (try: "
			       "%" PRId64 "%s)", what, list->n, spatial, spatial == 1 ? "" : "s",
			       list->v[0], spatial == 1 ? "" : " for all of them, or one each");
	for (int i = 0; i < spatial; i++)
		out[i] = list->n == 0 ? init : list->v[list->n == 1 ? 0 : i];
	return RT_OK;
}

/* "same" keeps ceil(in / stride): an odd zero goes behind (as SAME_UPPER of ONNX). */
static void pad_same(struct sized *w)
{
	for (int i = 0; i < w->spatial; i++) {
		int64_t out = (w->in[i] + w->stride[i] - 1) / w->stride[i];
		int64_t span = (w->kernel[i] - 1) * w->dilation[i] + 1;
		int64_t room = (out - 1) * w->stride[i] + span - w->in[i];

		room = room > 0 ? room : 0;
		w->pads[i] = room / 2;
		w->pads[w->spatial + i] = room - room / 2;
	}
}

/* All zeros in front, so that no place of a sequence sees those behind it. */
static enum rt_status pad_causal(struct sized *w, struct rt_err *err)
{
	if (w->spatial != 1)
		return rt_fail(err, RT_EINVAL,
			       "-pad causal is for sequences, the input has %d spatial dimensions",
			       w->spatial);
	w->pads[0] = (w->kernel[0] - 1) * w->dilation[0];
	return RT_OK;
}

static enum rt_status read_pad(struct sized *w, const char *text, struct rt_err *err)
{
	const struct rt_opt opt = {.name = "pad", .type = RT_INTS, .min = 0, .max = 65536,
				   .example = "same"};
	struct rt_ints list = {0};
	enum rt_status status;

	if (strcmp(text, "same") == 0) {
		pad_same(w);
		return RT_OK;
	}
	if (strcmp(text, "causal") == 0)
		return pad_causal(w, err);
	RT_TRY(rt_opt_parse(&opt, &list, text, err));
	if (list.n == 1 || list.n == w->spatial || list.n == 2 * w->spatial) {
		for (int i = 0; i < 2 * w->spatial; i++)
			w->pads[i] = list.v[list.n == 1 ? 0 : i % list.n];
		status = RT_OK;
	} else {
		status = rt_fail(err, RT_EINVAL,
				 "-pad has %d numbers, the input has %d spatial dimensions   (try: "
				 "one number, %d or %d)", list.n, w->spatial, w->spatial,
				 2 * w->spatial);
	}
	free(list.v);
	return status;
}

static void add_sizes(struct rt_str *out, int n, const int64_t *v)
{
	for (int i = 0; i < n; i++)
		rt_str_addf(out, "%s%" PRId64, i ? "x" : "", v[i]);
}

static enum rt_status check_fit(const struct sized *w, struct rt_err *err)
{
	int64_t span[MAX_SPATIAL], room[MAX_SPATIAL];
	struct rt_str text = {0};
	bool fits = true, padded = false;

	for (int i = 0; i < w->spatial; i++) {
		span[i] = (w->kernel[i] - 1) * w->dilation[i] + 1;
		room[i] = w->in[i] + w->pads[i] + w->pads[w->spatial + i];
		fits = fits && span[i] <= room[i];
		padded = padded || room[i] > w->in[i];
	}
	if (fits)
		return RT_OK;
	rt_str_add(&text, "kernel ");
	add_sizes(&text, w->spatial, span);
	rt_str_add(&text, " is larger than its input ");
	add_sizes(&text, w->spatial, w->in);
	if (padded) {
		rt_str_add(&text, ", padded to ");
		add_sizes(&text, w->spatial, room);
	}
	rt_fail(err, RT_ESHAPE, "%s", rt_str_text(&text));
	rt_str_release(&text);
	return RT_ESHAPE;
}

static enum rt_status resolve(struct sized *w, struct rt_layer_ctx *ctx, const struct window *p,
			      bool stride_is_kernel, struct rt_err *err)
{
	const struct rt_shape *in = layer_shape(ctx, ctx->value);
	struct rt_shape sample = {.rank = in->rank - 1};
	char text[160];

	*w = (struct sized){.spatial = in->rank - 2};
	if (w->spatial < 1) {
		memcpy(sample.dim, in->dim + 1, (size_t)sample.rank * sizeof(*sample.dim));
		return rt_fail(err, RT_ESHAPE, "needs channels x height x width, its input is %s"
			       "   (try: before flatten and dense, or reshape {C H W} before it)",
			       rt_shape_text(text, sizeof(text), &sample));
	}
	memcpy(w->in, in->dim + 2, (size_t)w->spatial * sizeof(*w->in));
	RT_TRY(spread(w->kernel, &p->kernel, 1, w->spatial, "kernel", err));
	RT_TRY(spread(w->stride, stride_is_kernel && !p->stride.n ? &p->kernel : &p->stride, 1,
		      w->spatial, "-stride", err));
	RT_TRY(spread(w->dilation, &p->dilation, 1, w->spatial, "-dilation", err));
	RT_TRY(read_pad(w, p->pad, err));
	return check_fit(w, err);
}

/* Adds the node with the window's attributes; the last two entries of extra are the layer's own. */
static enum rt_status window_node(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const char *name, const struct sized *w, struct layer_attr extra,
				  bool dilated, int nin, const int *in, struct rt_err *err)
{
	char *kernel = layer_numbers(w->spatial, w->kernel);
	char *stride = layer_numbers(w->spatial, w->stride);
	char *pads = layer_numbers(2 * w->spatial, w->pads);
	char *dilation = layer_numbers(w->spatial, w->dilation);
	const struct layer_attr attrs[] = {
		{"kernel_shape", kernel}, {"strides", stride}, {"pads", pads}, extra,
		{dilated ? "dilations" : NULL, dilation}, {0},
	};
	enum rt_status status = layer_node(ctx, layer->op, name, attrs, nin, in, err);

	free(kernel);
	free(stride);
	free(pads);
	free(dilation);
	return status;
}

/* --- conv, dwconv --------------------------------------------------------------------------- */

struct conv {
	struct window window;
	int64_t channels, groups;
	bool bias;
};

#define BIAS_OPT                                                                                   \
	{.name = "bias", .type = RT_BOOL, .offset = offsetof(struct conv, bias), .init = "yes",    \
	 .summary = "add a bias to every channel; before bn there is no use for one"}

static const struct rt_opt conv_opts[] = {
	{.name = "channels", .type = RT_INT, .offset = offsetof(struct conv, channels), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "16",
	 .summary = "how many it gives"},
	KERNEL_OPT(RT_OPT_REQUIRED),
	STRIDE_OPT("step of the window; 1"),
	PAD_OPT,
	DILATION_OPT,
	{.name = "groups", .type = RT_INT, .offset = offsetof(struct conv, groups), .init = "1",
	 .min = 1, .max = 1 << 20, .summary = "parts into which the channels are divided"},
	BIAS_OPT,
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status add_conv(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			       const struct conv *p, int64_t channels, int64_t groups,
			       const char *name, struct rt_err *err)
{
	int64_t depth = layer_shape(ctx, ctx->value)->dim[1] / groups;
	int in[3] = {ctx->value, -1, -1};
	struct rt_shape shape;
	struct sized w;
	char *text;
	enum rt_status status;

	RT_TRY(resolve(&w, ctx, &p->window, false, err));
	shape = (struct rt_shape){.rank = w.spatial + 2, .dim = {channels, depth}};
	memcpy(shape.dim + 2, w.kernel, (size_t)w.spatial * sizeof(*w.kernel));
	RT_TRY(layer_param(ctx, &in[1], name, "weight", &shape,
			   layer_he(rt_shape_span(&shape, 1, shape.rank)), true, err));
	if (p->bias)
		RT_TRY(layer_param(ctx, &in[2], name, "bias", &RT_SHAPE(channels), LAYER_ZERO, true,
				   err));
	text = layer_numbers(1, &groups);
	status = window_node(ctx, layer, name, &w, (struct layer_attr){"group", text}, true,
			     p->bias ? 3 : 2, in, err);
	free(text);
	return status;
}

static enum rt_status build_conv(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				 const void *params, struct rt_err *err)
{
	const struct conv *p = params;
	const struct rt_shape *in = layer_shape(ctx, ctx->value);
	char *name;
	enum rt_status status;

	if (in->rank > 1 && (in->dim[1] % p->groups || p->channels % p->groups))
		return rt_fail(err, RT_EINVAL, "%" PRId64 " groups do not divide %" PRId64
			       " channels of the input and %" PRId64 " of the output   (try: "
			       "-groups %" PRId64 ")", p->groups, in->dim[1], p->channels,
			       layer_divisor(in->dim[1], p->channels, p->groups));
	RT_TRY(layer_name(ctx, &name, p->window.name, layer->row.name, err));
	status = add_conv(ctx, layer, p, p->channels, p->groups, name, err);
	free(name);
	return status;
}

const struct rt_layer layer_conv = {
	.row = {"conv", "convolution over the places of an image or a sequence", conv_opts,
		sizeof(struct conv),
		"model new m {conv 16 3 -pad 1; relu;\n"
		"\tconv 32 {3 1} -stride 2} -input {3 32 32}"},
	.op = "Conv",
	.fits = "a smaller kernel, or -pad same",
	.build = build_conv,
};

static const struct rt_opt dwconv_opts[] = {
	KERNEL_OPT(RT_OPT_REQUIRED),
	STRIDE_OPT("step of the window; 1"),
	PAD_OPT,
	DILATION_OPT,
	{.name = "multiplier", .type = RT_INT, .offset = offsetof(struct conv, channels),
	 .init = "1", .min = 1, .max = 1024,
	 .summary = "channels it gives for each of the input"},
	BIAS_OPT,
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_dwconv(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	const struct conv *p = params;
	const struct rt_shape *in = layer_shape(ctx, ctx->value);
	int64_t channels = in->rank > 1 ? in->dim[1] : 1;
	char *name;
	enum rt_status status;

	RT_TRY(layer_name(ctx, &name, p->window.name, layer->row.name, err));
	status = add_conv(ctx, layer, p, channels * p->channels, channels, name, err);
	free(name);
	return status;
}

const struct rt_layer layer_dwconv = {
	.row = {"dwconv", "convolution of every channel by itself", dwconv_opts,
		sizeof(struct conv),
		"model new m {dwconv 3 -pad 1; bn; relu; conv 32 1} -input {16 32 32}"},
	.op = "Conv",
	.fits = "a smaller kernel, or -pad same",
	.build = build_dwconv,
};

/* --- conv1d --------------------------------------------------------------------------------- */

static const struct rt_opt conv1d_opts[] = {
	{.name = "channels", .type = RT_INT, .offset = offsetof(struct conv, channels), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "16",
	 .summary = "how many it gives"},
	KERNEL_OPT(RT_OPT_REQUIRED),
	STRIDE_OPT("step of the window; 1"),
	{.name = "pad", .type = RT_STRING, .offset = offsetof(struct window, pad),
	 .init = "causal", .example = "same",
	 .summary = "zeros around: causal (in front only), same, N or {before behind}"},
	DILATION_OPT,
	{.name = "groups", .type = RT_INT, .offset = offsetof(struct conv, groups), .init = "1",
	 .min = 1, .max = 1 << 20, .summary = "parts into which the channels are divided"},
	BIAS_OPT,
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_conv1d(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	char text[96];

	if (layer_shape(ctx, ctx->value)->rank != 3)
		return rt_fail(err, RT_ESHAPE, "needs channels x places, its input is %s",
			       layer_shape_text(text, sizeof(text), ctx, ctx->value));
	return build_conv(ctx, layer, params, err);
}

const struct rt_layer layer_conv1d = {
	.row = {"conv1d", "convolution over a sequence that looks back, never ahead", conv1d_opts,
		sizeof(struct conv),
		"model new m {conv1d 16 3 -dilation 2; relu} -input {4 50}"},
	.op = "Conv",
	.fits = "reshape CHANNELS PLACES before it",
	.build = build_conv1d,
};

/* --- pools ---------------------------------------------------------------------------------- */

struct pool {
	struct window window;
	bool ceil;
};

static const struct rt_opt pool_opts[] = {
	KERNEL_OPT(RT_OPT_REQUIRED),
	STRIDE_OPT("step of the window; as its size"),
	PAD_OPT,
	{.name = "ceil", .type = RT_BOOL, .offset = offsetof(struct pool, ceil), .init = "no",
	 .summary = "keep a last window that is only partly inside"},
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_pool(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				 const void *params, struct rt_err *err)
{
	const struct pool *p = params;
	struct sized w;
	char *name;
	enum rt_status status;

	RT_TRY(resolve(&w, ctx, &p->window, true, err));
	RT_TRY(layer_name(ctx, &name, p->window.name, layer->row.name, err));
	status = window_node(ctx, layer, name, &w,
			     (struct layer_attr){"ceil_mode", p->ceil ? "1" : "0"}, false, 1,
			     &ctx->value, err);
	free(name);
	return status;
}

const struct rt_layer layer_maxpool = {
	.row = {"maxpool", "largest element of every window", pool_opts, sizeof(struct pool),
		"model new m {conv 8 3 -pad 1; relu; maxpool 2} -input {3 32 32}"},
	.op = "MaxPool",
	.fits = "a smaller kernel, or -pad same",
	.build = build_pool,
};

const struct rt_layer layer_avgpool = {
	.row = {"avgpool", "mean of every window, without the padding", pool_opts,
		sizeof(struct pool),
		"model new m {conv 8 3 -pad 1; avgpool 2} -input {3 32 32}"},
	.op = "AveragePool",
	.fits = "a smaller kernel, or -pad same",
	.build = build_pool,
};
