/* quantize.c - quantize: turn a trained model into small whole numbers. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/footprint.h"
#include "compress/quantize.h"
#include "train/predict.h"
#include "views/table.h"

#include <stddef.h>

struct quantize_params {
	char *model, *data;
	struct rt_quantize_opts quantize;
};

static const struct rt_opt opts[] = {
	{.name = "model",
	 .summary = "the model to quantize",
	 .type = RT_STRING,
	 .offset = offsetof(struct quantize_params, model),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	RT_QUANTIZE_OPTS(struct quantize_params, quantize.),
	{.name = "data",
	 .summary = "data set for calibration; default: the one in use",
	 .type = RT_STRING,
	 .offset = offsetof(struct quantize_params, data),
	 .of = "data"},
	{0},
};

static void print_report(const struct rt_ctx *ctx, struct rt_reply *reply,
			 const struct rt_quantize_report *r)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	struct rt_table t = {0};
	char a[RT_NUM], b[RT_NUM];

	rt_table_column(&t, "layer", RT_LEFT, 0);
	rt_table_column(&t, "largest |w|", RT_RIGHT, 1);
	rt_table_column(&t, "weight scale", RT_RIGHT, 0);
	rt_table_column(&t, "SQNR dB", RT_RIGHT, 0);
	rt_table_column(&t, "input range", RT_RIGHT, 0);
	rt_table_column(&t, "zero point", RT_RIGHT, 1);
	for (int i = 0; i < r->n; i++) {
		const struct rt_quantized *q = &r->layer[i];

		rt_table_text(&t, q->name);
		rt_table_text(&t, rt_num_short(a, (double)q->max, 3));
		rt_table_textf(&t, "%s – %s", rt_num_short(a, (double)q->scale_lo, 2),
			       rt_num_short(b, (double)q->scale_hi, 2));
		rt_table_real(&t, q->sqnr, 1);
		if (!q->has_input) {
			rt_table_none(&t);
			rt_table_none(&t);
			continue;
		}
		rt_table_textf(&t, "%s … %s", rt_num_short(a, (double)q->input.lo, 3),
			       rt_num_short(b, (double)q->input.hi, 3));
		rt_table_textf(&t, "%d", q->input.affine.zero);
	}
	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, &t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_table_release(&t);
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct quantize_params *p = params;
	struct rt_quantize_report report = {0};
	struct rt_footprint before, after;
	struct rt_data *data = NULL;
	struct rt_model *m;
	enum rt_status status;

	RT_TRY(rt_session_edit_model(&m, ctx->session, p->model, err));
	if (p->quantize.activation_bits != 0 || p->data)
		RT_TRY(rt_session_get_data(&data, ctx->session, p->data, err));
	if (data)
		RT_TRY(rt_graph_fits(m->graph, m->name, data, err));
	RT_TRY(rt_footprint_take(&before, ctx->session, m, err));
	status = rt_quantize_graph(m->graph, data, &p->quantize, &report, err);
	if (status == RT_OK)
		status = rt_footprint_take(&after, ctx->session, m, err);
	if (status == RT_OK) {
		rt_say(ctx, reply, "%s quantized: %lld-bit weights, %s activations\n", m->name,
		       (long long)p->quantize.bits,
		       p->quantize.activation_bits ? "8-bit" : "float");
		print_report(ctx, reply, &report);
		rt_say(ctx, reply, "%s", "");
		rt_footprint_report(ctx, reply, &before, &after);
	}
	rt_quantize_report_release(&report);
	return status;
}

const struct rt_cmd rt_cmd_quantize = {
	.row = {"quantize", "turn weights and activations of a trained model into small integers",
		opts, sizeof(struct quantize_params)},
	.help = "After training: weights symmetric with a scale a channel, activations affine\n"
		"with the range seen on training samples.  The graph gets QuantizeLinear and\n"
		"DequantizeLinear pairs, so model save writes a file that other programs run as\n"
		"int8, as inference does here: layers with constant weights, sums of branches\n"
		"and pools stay in whole numbers.  Batch normalization is folded into the\n"
		"layers first.  SQNR is the ratio of the weights to their rounding error.",
	.examples =
		"data load digits\nmodel new m {conv 8 3; bn; relu; gap; dense 10}\ntrain m "
		"-epochs 3\n"
		"quantize m -bits 8 -calibrate 256\nundo\nquantize m -bits 4 -activation-bits 0",
	.see = "prune model show model save undo",
	.flags = RT_CMD_CHANGES | RT_CMD_LONG,
	.run = run,
};
