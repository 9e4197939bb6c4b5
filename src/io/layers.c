/* layers.c - the layer language: statement after statement to a graph. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 16
#define MAX_STATEMENTS 5000

#define ROW(name) &layer_##name.row,
static const struct rt_row *const rows[] = {LAYER_LIST(ROW)};
#undef ROW

const struct rt_list rt_layers = {
	"layer", rows, RT_COUNT(rows),
	"A layer is a word, what it needs, and options; ; or a new line ends it, # begins a\n"
	"comment, braces hold groups of layers.  Layers and their weights are named after\n"
	"their word and a number (conv1, conv1.weight) unless they have a -name; tap names\n"
	"what has been made so far.  from goes back to any name, which is how several inputs\n"
	"and outputs hang together, and -share NAME uses the weights of another layer.\n"
	"block defines a word of one's own.",
	"model new m {\n"
	"\tblock unit {channels {stride 1}} {\n"
	"\t\tconv $channels 3 -stride $stride -pad 1 -bias no; bn; relu\n"
	"\t}\n"
	"\tunit 16                                   # a definition, used\n"
	"\trepeat 2 {residual {unit 16}}\n"
	"\tbranch {unit 16 2} {maxpool 2} -join concat\n"
	"\ttap stage1                                # for distill, explain, from\n"
	"\tgap; dense 10\n"
	"} -input {3 32 32}\n"
	"model new twins {\n"
	"\tinput left {1 28 28}\n"
	"\tdense 64 -name features; relu; tap a\n"
	"\tinput right {1 28 28}\n"
	"\tdense 64 -share features; relu; tap b     # the same weights\n"
	"\tbranch {from a} {from b} -join mul; dense 1; output same\n"
	"\tfrom a; dense 10; output class            # a second output\n"
	"} -input {1 28 28}"};

/* Builds one layer; its -share is in force meanwhile. */
static enum rt_status build_layer(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	const char *outer = ctx->share;
	const struct layer_weighted *p = params;
	enum rt_status status;

	ctx->share = rt_opt_find(&layer->row, "share") ? p->share : NULL;
	status = layer->build(ctx, layer, params, err);
	ctx->share = outer;
	if (status == RT_ESHAPE && !ctx->told && layer->fits && !strstr(err->msg, "   ("))
		rt_fail(err, status, "%s   (try: %s)", err->msg, layer->fits);
	return status;
}

/* Layers that were meant to be two: "dense 30 relu", "dense 30, relu". */
static bool lacks_separator(const struct layer_stmt *s)
{
	for (int i = 1; i < s->n; i++) {
		const char *text = s->word[i].text;
		size_t n = strlen(text);

		if (!s->word[i].block &&
		    ((n > 0 && text[n - 1] == ',') || rt_list_find(&rt_layers, text)))
			return true;
	}
	return false;
}

static enum rt_status find_row(const struct rt_row **row, const char *word, struct rt_err *err)
{
	int n = (int)strcspn(word, "(");

	if (word[n])
		return rt_fail(err, RT_ENOTFOUND,
			       "no layer \"%s\"; what a layer needs follows after blanks   "
			       "(try: %.*s 30, or help layer)", word, n, word);
	return rt_list_get(row, &rt_layers, word, err);
}

/* The positional arguments and options of a statement, checked by its row, then built. */
static enum rt_status build_words(struct rt_layer_ctx *ctx, const struct layer_stmt *s,
				  struct rt_err *err)
{
	const struct rt_row *row;
	struct layer_def *def;
	const char **argv;
	void *params;
	enum rt_status status;

	if (s->word[0].block)
		return rt_fail(err, RT_EINVAL, "a layer's name is expected, not a block");
	def = layer_def_find(ctx, s->word[0].text);
	if (def)
		return layer_def_build(ctx, def, err);
	RT_TRY(find_row(&row, s->word[0].text, err));
	argv = rt_alloc((size_t)s->n, sizeof(*argv));
	for (int i = 1; i < s->n; i++)
		argv[i - 1] = s->word[i].text;
	params = rt_alloc(1, row->params_size);
	rt_params_init(row, params);
	status = rt_params_parse(row, params, s->n - 1, argv, err);
	if (status != RT_OK && lacks_separator(s))
		rt_fail(err, status, "layers are separated by ; or new lines   (try: dense 30; "
			"relu)");
	if (status == RT_OK)
		status = build_layer(ctx, (const struct rt_layer *)row, params, err);
	rt_params_release(row, params);
	free(params);
	free(argv);
	return status;
}

static enum rt_status tell_place(struct rt_layer_ctx *ctx, const struct layer_stmt *s, int number,
				 struct rt_err *err)
{
	struct rt_str text = {0};

	if (ctx->told)
		return err->status;
	ctx->told = true;
	layer_stmt_text(s, &text);
	if (ctx->inside)
		rt_wrap(err, RT_LAYERS_LINE ", block %s, layer %d \"%s\"", s->word[0].line,
			ctx->inside, number, rt_str_text(&text));
	else if (ctx->several_lines)
		rt_wrap(err, RT_LAYERS_LINE ", layer %d \"%s\"", s->word[0].line, number,
			rt_str_text(&text));
	else
		rt_wrap(err, "layer %d \"%s\"", number, rt_str_text(&text));
	rt_str_release(&text);
	return err->status;
}

static enum rt_status build_stmt(struct rt_layer_ctx *ctx, const struct layer_stmt *s,
				 struct rt_err *err)
{
	const struct layer_stmt *outer = ctx->stmt;
	int number = ++ctx->number;
	enum rt_status status;

	ctx->stmt = s;
	if (++ctx->built > MAX_STATEMENTS)
		status = rt_fail(err, RT_EINVAL, "more than %d layers", MAX_STATEMENTS);
	else
		status = build_words(ctx, s, err);
	ctx->stmt = outer;
	return status == RT_OK ? RT_OK : tell_place(ctx, s, number, err);
}

static enum rt_status build_text(struct rt_layer_ctx *ctx, const struct layer_text *t,
				 struct rt_err *err)
{
	for (int i = 0; i < t->n; i++)
		RT_TRY(build_stmt(ctx, &t->stmt[i], err));
	return RT_OK;
}

int layer_blocks(const struct rt_layer_ctx *ctx)
{
	int n = 0;

	for (int i = 0; i < ctx->stmt->n; i++)
		n += ctx->stmt->word[i].block;
	return n;
}

enum rt_status layer_text_build(struct rt_layer_ctx *ctx, const char *text, int line,
				struct rt_err *err)
{
	struct layer_text t;
	enum rt_status status;

	if (++ctx->depth > MAX_DEPTH)
		return rt_fail(err, RT_EINVAL, "blocks lie more than %d deep in each other",
			       MAX_DEPTH);
	RT_TRY(layer_text_parse(&t, text, line, err));
	status = build_text(ctx, &t, err);
	layer_text_release(&t);
	ctx->depth--;
	return status;
}

enum rt_status layer_nth_block(struct rt_layer_ctx *ctx, int k, struct rt_err *err)
{
	const struct layer_word *w = ctx->stmt->word;

	while (!w->block || k-- > 0)
		w++;
	return layer_text_build(ctx, w->text, w->line, err);
}

static bool first_reads_indices(const struct layer_text *t)
{
	const struct rt_row *row = rt_list_find(&rt_layers, t->stmt[0].word[0].text);

	return row && ((const struct rt_layer *)row)->indices;
}

/* The input that samples go into, unless the text declares its own. */
static void add_input(struct rt_layer_ctx *ctx, const struct layer_text *t)
{
	if (strcmp(t->stmt[0].word[0].text, layer_input.row.name) != 0)
		ctx->value = rt_graph_add_input(ctx->graph, "input",
						first_reads_indices(t) ? RT_I64 : RT_F32,
						ctx->sample);
}

/* An input that nothing comes of is a mistake: another input took its place. */
static enum rt_status check_inputs(const struct rt_layer_ctx *ctx, const struct layer_text *t,
				   struct rt_err *err)
{
	const struct rt_graph *g = ctx->graph;
	bool *used = rt_alloc((size_t)g->nvalues, sizeof(*used));
	const char *name = NULL;

	for (int i = 0; i < g->noutputs; i++)
		used[g->outputs[i]] = true;
	for (int i = g->nnodes - 1; i >= 0; i--) {
		const struct rt_node *n = &g->nodes[i];
		bool any = false;

		for (int k = 0; k < n->nout; k++)
			any = any || used[n->out[k]];
		for (int k = 0; any && k < n->nin; k++)
			if (n->in[k] >= 0)
				used[n->in[k]] = true;
	}
	for (int i = 0; i < g->ninputs && !name; i++)
		name = used[g->inputs[i]] ? NULL : g->values[g->inputs[i]].name;
	free(used);
	if (!name)
		return RT_OK;
	rt_fail(err, RT_EINVAL, "input \"%s\" leads to no output   (join what comes of the inputs: "
		"branch {from %s} {from ...}, or give it an output)", name, name);
	for (int i = 0; i < t->n && ctx->several_lines; i++)
		if (t->stmt[i].n > 1 && strcmp(t->stmt[i].word[1].text, name) == 0)
			return rt_wrap(err, RT_LAYERS_LINE, t->stmt[i].word[0].line);
	return RT_EINVAL;
}

static enum rt_status build_graph(struct rt_layer_ctx *ctx, const struct layer_text *t,
				  const struct rt_shape *sample, struct rt_err *err)
{
	struct rt_shape shape = {.rank = sample->rank + 1, .dim = {RT_BATCH}};

	if (t->n == 0)
		return rt_fail(err, RT_EINVAL, "no layers   (try: dense 30; relu; dense 10)");
	if (shape.rank > RT_MAX_RANK)
		return rt_fail(err, RT_ESHAPE,
			       "samples have %d dimensions, at most %d are possible", sample->rank,
			       RT_MAX_RANK - 1);
	memcpy(shape.dim + 1, sample->dim, (size_t)sample->rank * sizeof(*sample->dim));
	ctx->sample = &shape;
	add_input(ctx, t);
	RT_TRY(build_text(ctx, t, err));
	if (ctx->graph->nnodes == 0)
		return rt_fail(err, RT_EINVAL, "no layers   (try: dense 30; relu; dense 10)");
	if (ctx->graph->noutputs == 0)
		rt_graph_add_output(ctx->graph, ctx->value);
	RT_TRY(check_inputs(ctx, t, err));
	rt_graph_compact(ctx->graph);
	return rt_graph_infer(ctx->graph, err);
}

enum rt_status rt_layers_build(struct rt_graph **out, const char *text,
			       const struct rt_shape *sample, const struct rt_rng *rng,
			       struct rt_err *err)
{
	struct rt_layer_ctx ctx = {.rng = rng};
	const char *line_end = strchr(text, '\n');
	struct layer_text t;
	enum rt_status status;

	ctx.several_lines = line_end && line_end[strspn(line_end, " \t\n")] != '\0';
	RT_TRY(layer_text_parse(&t, text, 1, err));
	ctx.graph = rt_graph_new();
	status = build_graph(&ctx, &t, sample, err);
	if (status == RT_OK)
		*out = ctx.graph;
	else
		rt_graph_free(ctx.graph);
	free(ctx.arg);
	free(ctx.count);
	layer_defs_release(&ctx);
	layer_text_release(&t);
	return status;
}
