/* footprint.c - a model before and after compression. */
#include "config.h"

#include "cmd/footprint.h"
#include "base/mem.h"
#include "train/predict.h"
#include "views/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum rt_status rt_footprint_take(struct rt_footprint *f, struct rt_session *s,
				 const struct rt_model *m, struct rt_err *err)
{
	struct rt_node_cost *cost = rt_alloc((size_t)m->graph->nnodes, sizeof(*cost)), total;
	struct rt_data *data;
	struct rt_err ignored;
	enum rt_status status = rt_graph_cost(m->graph, cost, &total, err);

	free(cost);
	RT_TRY(status);
	*f = (struct rt_footprint){
		.params = total.params, .nonzero = total.nonzero, .macs = total.macs, .score = NAN};
	RT_TRY(rt_model_size(m, &f->bytes, err));
	RT_TRY(rt_latency(&f->latency, m->graph, 0.1, err));
	if (rt_session_get_data(&data, s, NULL, &ignored) != RT_OK ||
	    rt_graph_fits(m->graph, m->name, data, &ignored) != RT_OK)
		return RT_OK;
	f->data = data;
	return rt_test_score(&f->score, m, data, err);
}

static void row(struct rt_table *t, const char *name, const char *before, const char *after,
		double ratio)
{
	rt_table_text(t, name);
	rt_table_text(t, before);
	rt_table_text(t, after);
	if (isfinite(ratio))
		rt_table_textf(t, "%.2f×", ratio);
	else
		rt_table_none(t);
}

static void count_row(struct rt_table *t, const char *name, int64_t before, int64_t after)
{
	char a[32], b[32];

	row(t, name, rt_text_count(a, sizeof(a), before), rt_text_count(b, sizeof(b), after),
	    (double)after / (double)before);
}

static void fill(struct rt_table *t, const struct rt_footprint *before,
		 const struct rt_footprint *after)
{
	char a[RT_NUM], b[RT_NUM], change[RT_NUM];

	rt_table_column(t, "", RT_LEFT, 0);
	rt_table_column(t, "before", RT_RIGHT, 0);
	rt_table_column(t, "after", RT_RIGHT, 0);
	rt_table_column(t, "ratio", RT_RIGHT, 0);
	count_row(t, "parameters", before->params, after->params);
	count_row(t, "not zero", before->nonzero, after->nonzero);
	count_row(t, "MACs", before->macs, after->macs);
	row(t, "on disk", rt_text_bytes(a, sizeof(a), (double)before->bytes),
	    rt_text_bytes(b, sizeof(b), (double)after->bytes),
	    (double)after->bytes / (double)before->bytes);
	snprintf(a, sizeof(a), "%.3f ms", 1e3 * before->latency);
	snprintf(b, sizeof(b), "%.3f ms", 1e3 * after->latency);
	row(t, "latency", a, b, after->latency / before->latency);
	if (isnan(before->score))
		return;
	rt_table_text(t, "test");
	rt_table_text(t, rt_score_text(a, before->data, before->score));
	rt_table_text(t, rt_score_text(b, after->data, after->score));
	rt_table_text(t, rt_score_difference(change, after->data, after->score, before->score));
}

static struct rt_val *value(const struct rt_footprint *f)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "parameters", rt_val_int(f->params));
	rt_val_put(v, "nonzero", rt_val_int(f->nonzero));
	rt_val_put(v, "macs", rt_val_int(f->macs));
	rt_val_put(v, "bytes", rt_val_int(f->bytes));
	rt_val_put(v, "latency_ms", rt_val_real(1e3 * f->latency));
	if (!isnan(f->score))
		rt_val_put(v, f->data->task == RT_CLASSIFY ? "accuracy" : "rmse",
			   rt_val_real(f->score));
	return v;
}

void rt_footprint_report(const struct rt_ctx *ctx, struct rt_reply *reply,
			 const struct rt_footprint *before, const struct rt_footprint *after)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_table t = {0};
	struct rt_canvas canvas;

	fill(&t, before, after);
	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, &t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_table_release(&t);
	reply->value = rt_val_dict();
	rt_val_put(reply->value, "before", value(before));
	rt_val_put(reply->value, "after", value(after));
}
