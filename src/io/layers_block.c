/* layers_block.c - layers made of layers: repeat, branch, residual. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- repeat --------------------------------------------------------------------------------- */

struct repeat {
	char *name;
	int64_t times;
	char *layers;
};

static const struct rt_opt repeat_opts[] = {
	{.name = "times", .type = RT_INT, .offset = offsetof(struct repeat, times), .min = 0,
	 .max = 1000, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "3",
	 .summary = "how often"},
	{.name = "layers", .type = RT_STRING, .offset = offsetof(struct repeat, layers),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "{dense 30; relu}",
	 .summary = "the layers, in braces"},
	{0},
};

/* Errors tell the place in the text, so every round counts the layers from the same number. */
static enum rt_status build_repeat(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	const struct repeat *p = params;
	int first = ctx->number;

	(void)layer;
	if (layer_blocks(ctx) != 1)
		return rt_fail(err, RT_EINVAL,
			       "the layers must be in braces   (try: repeat 3 {dense 30; relu})");
	ctx->repeats++;
	for (int64_t i = 0; i < p->times; i++) {
		ctx->number = first;
		RT_TRY(layer_nth_block(ctx, 0, err));
	}
	ctx->repeats--;
	return RT_OK;
}

const struct rt_layer layer_repeat = {
	.row = {"repeat", "the same layers several times, each with weights of its own",
		repeat_opts, sizeof(struct repeat),
		"model new m {repeat 3 {dense 30; relu}; dense 10} -input {1 28 28}"},
	.build = build_repeat,
};

/* --- branch --------------------------------------------------------------------------------- */

enum { JOIN_CONCAT, JOIN_ADD, JOIN_MUL };
static const char *const joins[] = {
	[JOIN_CONCAT] = "concat", [JOIN_ADD] = "add", [JOIN_MUL] = "mul", NULL,
};
/* The operator and the word its nodes are called by. */
static const struct joint {
	const char *op, *word;
} joints[] = {
	[JOIN_CONCAT] = {"Concat", "concat"}, [JOIN_ADD] = {"Add", "add"},
	[JOIN_MUL] = {"Mul", "mul"},
};

struct branch {
	char *name;
	struct rt_strings blocks;
	int join;
	int64_t axis;
};

static const struct rt_opt branch_opts[] = {
	{.name = "blocks", .type = RT_STRINGS, .offset = offsetof(struct branch, blocks),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED | RT_OPT_REST,
	 .example = "{conv 16 1} {maxpool 3}",
	 .summary = "two or more groups of layers, each in braces; {} passes the input on"},
	{.name = "join", .type = RT_CHOICE, .offset = offsetof(struct branch, join),
	 .init = "concat", .choices = joins, .summary = "side by side, summed, or multiplied"},
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct branch, axis), .init = "1",
	 .min = -RT_MAX_RANK, .max = RT_MAX_RANK - 1,
	 .summary = "of concat: 1 is a sample's first dimension, negative counts from the end"},
	LAYER_NAME_OPT,
	{0},
};

/* Sums are of equal shapes; a product may spread a dimension of 1, as a gate for every channel. */
static enum rt_status check_pair(struct rt_layer_ctx *ctx, const struct joint *j, int a, int b,
				 struct rt_err *err)
{
	const struct rt_shape x = *layer_shape(ctx, a), y = *layer_shape(ctx, b);
	const bool product = j == &joints[JOIN_MUL];
	bool fits = x.rank == y.rank;
	char ta[256], tb[256];

	for (int i = 0; fits && i < y.rank; i++)
		fits = x.dim[i] == y.dim[i] ||
		       (product && (x.dim[i] == 1 || y.dim[i] == 1));
	if (fits)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "cannot %s %s and %s", product ? "multiply" : "add",
		       layer_value_text(ta, sizeof(ta), ctx, a),
		       layer_value_text(tb, sizeof(tb), ctx, b));
}

static enum rt_status join_two(struct rt_layer_ctx *ctx, const struct joint *j, int a, int b,
			       const char *given, struct rt_err *err)
{
	char *name;
	enum rt_status status;

	RT_TRY(check_pair(ctx, j, a, b, err));
	RT_TRY(layer_name(ctx, &name, given, j->word, err));
	status = layer_node(ctx, j->op, name, NULL, 2, (int[]){a, b}, err);
	free(name);
	return status;
}

static enum rt_status check_concat(struct rt_layer_ctx *ctx, int axis, int n, const int *value,
				   struct rt_err *err)
{
	char ta[256], tb[256];

	for (int i = 1; i < n; i++) {
		const struct rt_shape x = *layer_shape(ctx, value[0]);
		const struct rt_shape y = *layer_shape(ctx, value[i]);
		bool fits = x.rank == y.rank;

		for (int d = 0; fits && d < x.rank; d++)
			fits = d == axis || x.dim[d] == y.dim[d];
		if (!fits)
			return rt_fail(err, RT_ESHAPE, "cannot put %s and %s side by side",
				       layer_value_text(ta, sizeof(ta), ctx, value[0]),
				       layer_value_text(tb, sizeof(tb), ctx, value[i]));
	}
	return RT_OK;
}

static enum rt_status concat(struct rt_layer_ctx *ctx, const struct branch *p, int n,
			     const int *value, struct rt_err *err)
{
	char *name, *text;
	int64_t wide;
	int axis;
	enum rt_status status;

	ctx->value = value[0];
	RT_TRY(layer_axis(&axis, ctx, p->axis, err));
	RT_TRY(check_concat(ctx, axis, n, value, err));
	RT_TRY(layer_name(ctx, &name, p->name, "concat", err));
	wide = axis;
	text = layer_numbers(1, &wide);
	status = layer_node(ctx, "Concat", name, (struct layer_attr[]){{"axis", text}, {0}}, n,
			    value, err);
	free(text);
	free(name);
	return status;
}

static enum rt_status join(struct rt_layer_ctx *ctx, const struct branch *p, int n,
			   const int *value, struct rt_err *err)
{
	if (p->join == JOIN_CONCAT)
		return concat(ctx, p, n, value, err);
	ctx->value = value[0];
	for (int i = 1; i < n; i++)
		RT_TRY(join_two(ctx, &joints[p->join], ctx->value, value[i],
				i == n - 1 ? p->name : NULL, err));
	return RT_OK;
}

static enum rt_status build_branch(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	const struct branch *p = params;
	int start = ctx->value, n = layer_blocks(ctx), *value;
	enum rt_status status = RT_OK;

	(void)layer;
	if (n < 2 || n != p->blocks.n)
		return rt_fail(err, RT_EINVAL,
			       "needs two or more groups in braces   (try: branch {conv 8 1} {})");
	value = rt_alloc((size_t)n, sizeof(*value));
	for (int i = 0; i < n && status == RT_OK; i++) {
		ctx->value = start;
		status = layer_nth_block(ctx, i, err);
		value[i] = ctx->value;
	}
	if (status == RT_OK)
		status = join(ctx, p, n, value, err);
	free(value);
	return status;
}

const struct rt_layer layer_branch = {
	.row = {"branch", "groups of layers on the same input, joined", branch_opts,
		sizeof(struct branch),
		"model new m {branch {conv 8 1} {conv 8 3 -pad 1} \\\n"
		"\t{maxpool 3 -stride 1 -pad 1} -name mixed} -input {3 32 32}"},
	.fits = "-pad same and the same -stride in every group, or flatten",
	.build = build_branch,
};

/* --- residual ------------------------------------------------------------------------------- */

enum { SHORTCUT_AUTO, SHORTCUT_CONV, SHORTCUT_PAD, SHORTCUT_IDENTITY };
static const char *const shortcuts[] = {
	[SHORTCUT_AUTO] = "auto", [SHORTCUT_CONV] = "conv", [SHORTCUT_PAD] = "pad",
	[SHORTCUT_IDENTITY] = "identity", NULL,
};

struct residual {
	char *name;
	char *layers;
	int shortcut;
};

static const struct rt_opt residual_opts[] = {
	{.name = "layers", .type = RT_STRING, .offset = offsetof(struct residual, layers),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "{conv 16 3 -pad 1; bn}",
	 .summary = "the layers, in braces"},
	{.name = "shortcut", .type = RT_CHOICE, .offset = offsetof(struct residual, shortcut),
	 .init = "auto", .choices = shortcuts,
	 .summary = "conv: 1x1 and bn; pad: every stride-th place, zero channels; auto: as needed"},
	LAYER_NAME_OPT,
	{0},
};

/* The smallest stride that a window of 1 takes from `from` to `to`: (from - 1) / s + 1 = to. */
static int64_t stride_between(int64_t from, int64_t to)
{
	for (int64_t s = 1; s <= from && to > 0; s++)
		if ((from - 1) / s + 1 == to)
			return s;
	return 0;
}

/* The stride of every spatial dimension that fits the shortcut to the body. */
static enum rt_status strides(int64_t *stride, struct rt_layer_ctx *ctx, int start, int body,
			      struct rt_err *err)
{
	const struct rt_shape *from = layer_shape(ctx, start), *to = layer_shape(ctx, body);
	char tx[256], ty[256];
	bool fits = from->rank == to->rank && from->rank >= 2;

	for (int i = 2; fits && i < from->rank; i++) {
		stride[i - 2] = stride_between(from->dim[i], to->dim[i]);
		fits = stride[i - 2] > 0;
	}
	if (fits)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "no shortcut leads from %s to %s",
		       layer_value_text(tx, sizeof(tx), ctx, start),
		       layer_value_text(ty, sizeof(ty), ctx, body));
}

/* Every stride-th place and zeros for the channels that are new: option A of He et al.,
 * arXiv:1512.03385, section 3.3. */
static enum rt_status pad_shortcut(struct rt_layer_ctx *ctx, const char *name,
				   const int64_t *stride, int64_t channels, struct rt_err *err)
{
	const struct rt_shape *x = layer_shape(ctx, ctx->value);
	const int64_t one[RT_MAX_RANK] = {1, 1, 1, 1, 1, 1, 1, 1};
	int rank = x->rank, in[2];
	int64_t pads[2 * RT_MAX_RANK] = {0}, depth = x->dim[1];
	char *pool_name = rt_sprintf("%s.pick", name);
	char *kernel = layer_numbers(rank - 2, one), *step = layer_numbers(rank - 2, stride);
	const struct layer_attr attrs[] = {{"kernel_shape", kernel}, {"strides", step}, {0}};
	enum rt_status status = RT_OK;

	if (channels < depth)
		status = rt_fail(err, RT_ESHAPE,
				 "zeros cannot take %" PRId64 " channels to %" PRId64
				 "   (try: -shortcut conv)",
				 depth, channels);
	if (status == RT_OK && rank > 2)
		status = layer_node(ctx, "MaxPool", pool_name, attrs, 1, &ctx->value, err);
	pads[rank + 1] = channels - depth;
	in[0] = ctx->value;
	if (status == RT_OK)
		status = layer_ints(ctx, &in[1], name, "pads", 2 * rank, pads, err);
	if (status == RT_OK)
		status = layer_node(ctx, "Pad", name, NULL, 2, in, err);
	free(pool_name);
	free(kernel);
	free(step);
	return status;
}

/* Leaves in ctx->value what is added to the body. */
static enum rt_status add_shortcut(struct rt_layer_ctx *ctx, int kind, int from, int body,
				   struct rt_err *err)
{
	const struct rt_shape x = *layer_shape(ctx, from), y = *layer_shape(ctx, body);
	bool same = rt_shape_equal(&x, &y);
	int64_t stride[RT_MAX_RANK];
	char *name;
	enum rt_status status;

	ctx->value = from;
	if (kind == SHORTCUT_IDENTITY || (same && kind != SHORTCUT_CONV))
		return RT_OK;
	RT_TRY(strides(stride, ctx, from, body, err));
	RT_TRY(layer_name(ctx, &name, NULL, "shortcut", err));
	if (kind == SHORTCUT_PAD)
		status = pad_shortcut(ctx, name, stride, y.dim[1], err);
	else
		status = layer_projection(ctx, name, y.dim[1], stride, err);
	free(name);
	return status;
}

static enum rt_status build_residual(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				     const void *params, struct rt_err *err)
{
	const struct residual *p = params;
	int start = ctx->value, body;

	(void)layer;
	if (layer_blocks(ctx) != 1)
		return rt_fail(err, RT_EINVAL,
			       "the layers must be in braces   (try: residual {conv 16 3 -pad 1})");
	RT_TRY(layer_nth_block(ctx, 0, err));
	body = ctx->value;
	RT_TRY(add_shortcut(ctx, p->shortcut, start, body, err));
	return join_two(ctx, &joints[JOIN_ADD], body, ctx->value, p->name, err);
}

const struct rt_layer layer_residual = {
	.row = {"residual", "adds its input to what its layers make of it", residual_opts,
		sizeof(struct residual),
		"model new m {conv 16 3 -pad 1; bn; relu\n"
		"\tresidual {conv 16 3 -pad 1; bn; relu; conv 16 3 -pad 1; bn}\n"
		"\trelu; residual {conv 32 3 -pad 1 -stride 2}; relu; gap; dense 10\n"
		"} -input {3 32 32}"},
	.fits = "-pad same in its layers, or -shortcut conv",
	.build = build_residual,
};
