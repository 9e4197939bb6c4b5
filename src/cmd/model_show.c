/* model_show.c - model show: the table of layers and what the model costs. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "compress/pattern.h"
#include "compress/size.h"
#include "session/lines.h"
#include "base/mem.h"
#include "session/facts.h"
#include "train/predict.h"
#include "views/table.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct show_params {
	char *name, *data;
	bool nodes;
};

static const struct rt_opt opts[] = {
	{.name = "name",
	 .summary = "a model",
	 .type = RT_STRING,
	 .offset = offsetof(struct show_params, name),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "data",
	 .summary = "data set to test on; default: the one in use, if it fits",
	 .type = RT_STRING,
	 .offset = offsetof(struct show_params, data),
	 .of = "data"},
	{"nodes", "a line for every node of the graph", RT_BOOL,
	 offsetof(struct show_params, nodes), "no"},
	{0},
};

/* Everything the table and the value say. */
struct facts {
	const struct rt_model *m;
	struct rt_node_cost *cost, total;
	int64_t bytes, dense_bytes;
	struct rt_size size;
	const struct rt_pattern **pattern;	/* [nodes]: that of the weights' zeros, or NULL */
	bool patterns;			/* there is one */
	double latency, score;		/* NAN: not measured */
	const struct rt_data *data;	/* of score */
};

static void cost_cells(struct rt_table *t, const struct rt_node_cost *c)
{
	if (c->params)
		rt_table_count(t, (double)c->params);
	else
		rt_table_none(t);
	if (c->macs)
		rt_table_count(t, (double)c->macs);
	else
		rt_table_none(t);
	if (c->params)
		rt_table_percent(t, 1 - (double)c->nonzero / (double)c->params);
	else
		rt_table_none(t);
}

/* The most bits of a weight of the line's. */
static int line_bits(const struct facts *f, const struct rt_lines *l, int line)
{
	const struct rt_graph *g = f->m->graph;
	int bits = 0;

	for (int i = 0; i < g->nnodes; i++) {
		int b = l->of[i] == line ? rt_layer_bits(g, &g->nodes[i]) : 0;

		bits = b > bits ? b : bits;
	}
	return bits;
}

/* The pattern of a line's zeros, or NULL. */
static const char *line_pattern(const struct facts *f, const struct rt_lines *l, int line)
{
	for (int i = 0; i < f->m->graph->nnodes; i++)
		if (l->of[i] == line && f->pattern[i])
			return f->pattern[i]->row.name;
	return NULL;
}

static void find_patterns(struct facts *f)
{
	const struct rt_graph *g = f->m->graph;
	struct rt_weight w;

	f->pattern = rt_alloc((size_t)g->nnodes, sizeof(*f->pattern));
	for (int i = 0; i < g->nnodes; i++) {
		if (!rt_weight_find(&w, g, i))
			continue;
		f->pattern[i] = rt_pattern_find(g, &w);
		f->patterns = f->patterns || f->pattern[i];
	}
}

static void add_line(struct rt_table *t, struct rt_node_cost *sum, const struct facts *f,
		     const struct rt_lines *l, int line, int number)
{
	const struct rt_graph *g = f->m->graph;
	const struct rt_node *last = &g->nodes[l->line[line].last];
	struct rt_node_cost c = rt_line_cost(l, line, f->cost);
	int bits = line_bits(f, l, line);
	char text[96];

	sum->params += c.params;
	sum->nonzero += c.nonzero;
	sum->macs += c.macs;
	rt_table_textf(t, "%d", number);
	rt_table_text(t, g->nodes[l->line[line].node].name);
	rt_table_text(t, rt_line_text(text, sizeof(text), l, line, g));
	rt_table_text(t, rt_sample_shape_text(text, sizeof(text), &g->values[last->out[0]].shape));
	cost_cells(t, &c);
	if (f->patterns && line_pattern(f, l, line))
		rt_table_text(t, line_pattern(f, l, line));
	else if (f->patterns)
		rt_table_none(t);
	if (bits)
		rt_table_textf(t, "%d", bits);
	else
		rt_table_none(t);
}

static void fill_table(struct rt_table *t, const struct facts *f, bool nodes)
{
	const struct rt_graph *g = f->m->graph;
	struct rt_node_cost sum = {0};
	struct rt_lines lines;
	int number = 0;

	rt_table_column(t, "#", RT_RIGHT, 2);
	rt_table_column(t, "layer", RT_LEFT, 0);
	rt_table_column(t, "operation", RT_LEFT, 1);
	rt_table_column(t, "output", RT_RIGHT, 0);
	rt_table_column(t, "parameters", RT_RIGHT, 0);
	rt_table_column(t, "MACs", RT_RIGHT, 0);
	rt_table_column(t, "sparsity", RT_RIGHT, 1);
	if (f->patterns)
		rt_table_column(t, "pattern", RT_RIGHT, 0);
	rt_table_column(t, "bits", RT_RIGHT, 1);
	rt_lines_init(&lines, g, nodes);
	for (int i = 0; i < g->nnodes; i++)
		if (lines.of[i] == i)
			add_line(t, &sum, f, &lines, i, ++number);
	rt_lines_release(&lines);
	rt_table_total(t);
	rt_table_blank(t);
	rt_table_text(t, "total");
	rt_table_blank(t);
	rt_table_blank(t);
	cost_cells(t, &sum);
	rt_table_blank(t);
	if (f->patterns)
		rt_table_blank(t);
}

static enum rt_status collect(struct facts *f, struct rt_ctx *ctx, const struct show_params *p,
			      struct rt_err *err)
{
	struct rt_data *data = NULL;
	struct rt_err ignored;
	struct rt_model *m;

	RT_TRY(rt_session_get_model(&m, ctx->session, p->name, err));
	f->m = m;
	f->score = NAN;
	f->cost = rt_alloc((size_t)m->graph->nnodes, sizeof(*f->cost));
	RT_TRY(rt_graph_cost(m->graph, f->cost, &f->total, err));
	RT_TRY(rt_model_size(m, &f->bytes, err));
	f->dense_bytes = rt_dense_bytes(m->graph);
	f->size = rt_compress_size(m->graph);
	find_patterns(f);
	/* a model that no plan can be made of is not measured */
	if (rt_latency(&f->latency, m->graph, 0.1, err) != RT_OK)
		f->latency = NAN;
	if (rt_session_get_data(&data, ctx->session, p->data, p->data ? err : &ignored) != RT_OK)
		return p->data ? err->status : RT_OK;
	if (rt_graph_fits(m->graph, m->name, data, p->data ? err : &ignored) != RT_OK)
		return p->data ? err->status : RT_OK;
	f->data = data;
	return rt_test_score(&f->score, m, data, err);
}

static void say_head(const struct rt_ctx *ctx, struct rt_reply *reply, const struct facts *f)
{
	const struct rt_graph *g = f->m->graph;
	char shape[96] = "none";

	if (rt_graph_input(g))
		rt_sample_shape_text(shape, sizeof(shape), &rt_graph_input(g)->shape);
	if (f->m->classes)
		rt_say(ctx, reply, "%s   from %s   input %s   classes %d\n", f->m->name,
		       f->m->origin ? f->m->origin : "?",
		       shape, f->m->classes);
	else
		rt_say(ctx, reply, "%s   from %s   input %s\n", f->m->name,
		       f->m->origin ? f->m->origin : "?", shape);
}

static void say_totals(const struct rt_ctx *ctx, struct rt_reply *reply, const struct facts *f)
{
	char bytes[32], dense[32], score[RT_NUM];
	double ratio = (double)f->dense_bytes / (double)f->bytes;
	struct rt_str line = {0};

	rt_str_addf(&line, "  on disk %s", rt_text_bytes(bytes, sizeof(bytes), (double)f->bytes));
	if (ratio > 1.05)
		rt_str_addf(&line, " (dense float32: %s, %.1f× smaller)",
			    rt_text_bytes(dense, sizeof(dense), (double)f->dense_bytes), ratio);
	if (f->patterns)
		rt_str_addf(&line, "   without zeros %s",
			    rt_text_bytes(bytes, sizeof(bytes), (double)f->size.sparse_estimate));
	if (!isnan(f->latency))
		rt_str_addf(&line, "   latency %.3f ms", 1e3 * f->latency);
	if (!isnan(f->score))
		rt_str_addf(&line, "   test %s", rt_score_text(score, f->data, f->score));
	rt_say(ctx, reply, "\n%s", rt_str_text(&line));
	rt_str_release(&line);
}

static struct rt_val *layers_value(const struct facts *f)
{
	const struct rt_graph *g = f->m->graph;
	struct rt_val *list = rt_val_list();

	for (int i = 0; i < g->nnodes; i++) {
		struct rt_node_cost c = rt_layer_cost(g, f->cost, i);
		struct rt_val *v = rt_val_dict();

		if (rt_is_conversion(&g->nodes[i])) {
			rt_val_free(v);
			continue;
		}
		rt_val_put(v, "layer", rt_val_string(g->nodes[i].name));
		rt_val_put(v, "operation", rt_val_string(g->nodes[i].op->row.name));
		rt_val_put(v, "parameters", rt_val_int(c.params));
		rt_val_put(v, "nonzero", rt_val_int(c.nonzero));
		rt_val_put(v, "macs", rt_val_int(c.macs));
		rt_val_put(v, "bits", rt_val_int(rt_layer_bits(g, &g->nodes[i])));
		rt_val_put(v, "pattern",
			   rt_val_string(f->pattern[i] ? f->pattern[i]->row.name : ""));
		rt_val_add(list, v);
	}
	return list;
}

static struct rt_val *show_value(const struct facts *f)
{
	struct rt_val *v = rt_val_dict(), *layers = layers_value(f);

	rt_val_put(v, "name", rt_val_string(f->m->name));
	rt_val_put(v, "origin", rt_val_string(f->m->origin ? f->m->origin : ""));
	rt_val_put(v, "parameters", rt_val_int(f->total.params));
	rt_val_put(v, "macs", rt_val_int(f->total.macs));
	rt_val_put(v, "bytes", rt_val_int(f->bytes));
	rt_val_put(v, "sparse_bytes", rt_val_int(f->size.sparse_estimate));
	rt_val_put(v, "latency_ms", rt_val_real(1e3 * f->latency));
	if (!isnan(f->score))
		rt_val_put(v, f->data->task == RT_CLASSIFY ? "accuracy" : "rmse",
			   rt_val_real(f->score));
	rt_val_put(v, "layers", layers);
	return v;
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_table table = {0};
	struct rt_canvas canvas;
	struct facts f = {0};
	enum rt_status status = collect(&f, ctx, params, err);

	if (status == RT_OK) {
		say_head(ctx, reply, &f);
		fill_table(&table, &f, ((const struct show_params *)params)->nodes);
		rt_canvas_init(&canvas, &style);
		rt_table_draw(&canvas, &table);
		rt_canvas_finish(&canvas, &reply->text);
		say_totals(ctx, reply, &f);
		reply->value = show_value(&f);
	}
	rt_table_release(&table);
	free(f.cost);
	free(f.pattern);
	return status;
}

const struct rt_cmd rt_cmd_model_show = {
	.row = {"model show",
		"table of layers: shapes, parameters, MACs, sparsity, bits, and totals", opts,
		sizeof(struct show_params)},
	.help = "What belongs together is one line: a layer with its bias and batch\n"
		"normalization, attention from splitting to joining its heads, GELU and layer\n"
		"normalization however they are spelled; -nodes shows every node.\n"
		"MACs are multiply-accumulates for one sample, parameters those that training\n"
		"may change.  The pattern is the one that zeros make (prune -pattern);\n"
		"without zeros is what the parameters take then, in memory.  Bytes on disk are\n"
		"what model save writes.  Latency is the median time of one sample, measured\n"
		"now on this machine.  The test score needs data that fits.",
	.examples = "data load digits\nmodel new m {conv 8 3; relu; gap; dense 10}\nmodel show m",
	.see = "model new evaluate prune quantize",
	.run = run,
};
