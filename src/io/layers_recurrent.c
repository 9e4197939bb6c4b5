/* layers_recurrent.c - lstm, gru and rnn over the places of a sequence. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct recurrent {
	char *name, *share;
	int64_t units;
	bool sequence, bidirectional;
};

static const struct rt_opt opts[] = {
	{.name = "units", .type = RT_INT, .offset = offsetof(struct recurrent, units), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "64",
	 .summary = "size of the state"},
	{.name = "sequence", .type = RT_BOOL, .offset = offsetof(struct recurrent, sequence),
	 .init = "no", .summary = "give the state after every place, not only after the last"},
	{.name = "bidirectional", .type = RT_BOOL,
	 .offset = offsetof(struct recurrent, bidirectional), .init = "no",
	 .summary = "a second state runs from the end; both are put side by side"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

/* Gates of each operator, as ONNX stacks them. */
static int64_t gates(const struct rt_layer *layer)
{
	return strcmp(layer->op, "LSTM") == 0 ? 4 : strcmp(layer->op, "GRU") == 0 ? 3 : 1;
}

/* X (T,N,C), W (D,G H,C), R (D,G H,H), B (D,2 G H) -> Y (T,D,N,H), Yh (D,N,H). */
static enum rt_status add_cells(int out[2], struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				const struct recurrent *p, const char *name, int64_t C,
				struct rt_err *err)
{
	const int64_t D = p->bidirectional ? 2 : 1, H = p->units, GH = gates(layer) * H;
	/* the variance of PyTorch's uniform numbers from -1 / sqrt(H) to 1 / sqrt(H) */
	const struct layer_init init = {LAYER_NORMAL, sqrt(1 / (3 * (double)H))};
	char *size = layer_numbers(1, &H), *cells = rt_sprintf("%s.cells", name);
	const struct layer_attr attrs[] = {
		{"hidden_size", size},
		{"direction", p->bidirectional ? "bidirectional" : "forward"},
		{gates(layer) == 3 ? "linear_before_reset" : NULL, "1"},
		{0},
	};
	int in[4] = {ctx->value};
	enum rt_status status;

	status = layer_param(ctx, &in[1], name, "weight", &RT_SHAPE(D, GH, C), init, true, err);
	if (status == RT_OK)
		status = layer_param(ctx, &in[2], name, "recurrent", &RT_SHAPE(D, GH, H), init,
				     true, err);
	if (status == RT_OK)
		status = layer_param(ctx, &in[3], name, "bias", &RT_SHAPE(D, 2 * GH), LAYER_ZERO,
				     true, err);
	if (status == RT_OK)
		status = layer_node_outs(ctx, layer->op, cells, attrs, 4, in, 2, out, err);
	free(size);
	free(cells);
	return status;
}

static enum rt_status add_recurrent(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				    const struct recurrent *p, const char *name,
				    struct rt_err *err)
{
	static const int64_t turn[] = {1, 0, 2}, turn_all[] = {2, 0, 1, 3};
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	const int64_t width = p->units * (p->bidirectional ? 2 : 1);
	const int64_t all[] = {0, x.dim[1], width}, last[] = {0, width};
	char *steps = rt_sprintf("%s.steps", name), *turned = rt_sprintf("%s.turned", name);
	int out[2];
	enum rt_status status = layer_permute(ctx, steps, 3, turn, err);

	if (status == RT_OK)
		status = add_cells(out, ctx, layer, p, name, x.dim[2], err);
	if (status == RT_OK) {
		ctx->value = out[p->sequence ? 0 : 1];
		status = p->sequence ? layer_permute(ctx, turned, 4, turn_all, err)
				     : layer_permute(ctx, turned, 3, turn, err);
	}
	if (status == RT_OK)
		status = p->sequence ? layer_reshape_to(ctx, name, 3, all, err)
				     : layer_reshape_to(ctx, name, 2, last, err);
	free(steps);
	free(turned);
	return status;
}

static enum rt_status build(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			    const void *params, struct rt_err *err)
{
	const struct recurrent *p = params;
	char *name, text[96];
	enum rt_status status;

	if (layer_shape(ctx, ctx->value)->rank != 3)
		return rt_fail(err, RT_ESHAPE, "needs places x features, its input is %s",
			       layer_shape_text(text, sizeof(text), ctx, ctx->value));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_recurrent(ctx, layer, p, name, err);
	free(name);
	return status;
}

const struct rt_layer layer_lstm = {
	.row = {"lstm", "long short-term memory over the places of a sequence", opts,
		sizeof(struct recurrent),
		"model new m {lstm 32 -sequence yes; lstm 32; dense 4} -input {50 6}"},
	.op = "LSTM",
	.fits = "reshape PLACES FEATURES before it",
	.build = build,
};

const struct rt_layer layer_gru = {
	.row = {"gru", "gated recurrent units over the places of a sequence", opts,
		sizeof(struct recurrent),
		"model new m {gru 32; dense 4} -input {50 6}"},
	.op = "GRU",
	.fits = "reshape PLACES FEATURES before it",
	.build = build,
};

const struct rt_layer layer_rnn = {
	.row = {"rnn", "plain recurrent units over the places of a sequence", opts,
		sizeof(struct recurrent),
		"model new m {rnn 32; dense 4} -input {50 6}"},
	.op = "RNN",
	.fits = "reshape PLACES FEATURES before it",
	.build = build,
};
