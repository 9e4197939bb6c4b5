/* model_diff.c - model diff: two models layer by layer, weight by weight, and in answers. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "cmd/diff_layers.h"
#include "base/mem.h"
#include "session/facts.h"
#include "train/predict.h"
#include "views/table.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct diff_params {
	char *a, *b, *data;
	int64_t samples;
};

static const struct rt_opt opts[] = {
	{.name = "a", .summary = "a model", .type = RT_STRING,
	 .offset = offsetof(struct diff_params, a), .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "b", .summary = "another model", .type = RT_STRING,
	 .offset = offsetof(struct diff_params, b), .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "data",
	 .summary = "data set for the outputs; default: the one in use, if it fits",
	 .type = RT_STRING, .offset = offsetof(struct diff_params, data), .of = "data"},
	{.name = "samples", .summary = "how many samples of its test part", .type = RT_INT,
	 .offset = offsetof(struct diff_params, samples), .init = "256", .min = 1, .max = 1e9},
	{0},
};

/* Two parameters of one name. */
struct pair {
	const struct rt_param *a, *b;
	bool same_shape;
	double largest;		/* |a - b| */
	double relative;	/* ||a - b|| / ||a|| */
};

struct outputs {
	const struct rt_data *data;	/* NULL: not compared */
	int64_t n, width;
	double largest, mean;		/* |a - b| of the logits */
	double agree;			/* share of samples with the same largest logit */
};

static struct pair compare_params(const struct rt_param *a, const struct rt_param *b)
{
	struct pair p = {.a = a, .b = b};
	double difference = 0, length = 0;

	p.same_shape = rt_shape_equal(&a->data.shape, &b->data.shape);
	if (!p.same_shape || rt_tensor_equal(&a->data, &b->data))
		return p;
	for (int64_t i = 0; i < rt_tensor_count(&a->data); i++) {
		double x = rt_tensor_get(&a->data, i), d = fabs(x - rt_tensor_get(&b->data, i));

		p.largest = d > p.largest || isnan(d) ? d : p.largest;
		difference += d * d;
		length += x * x;
	}
	p.relative = sqrt(difference) / sqrt(length);
	return p;
}

static const struct rt_param *find_param(const struct rt_graph *g, const char *name)
{
	return rt_graph_param(g, rt_graph_find_value(g, name));
}

/* The same weight as rt_quantize_graph() calls it, or as it was called before. */
static const struct rt_param *find_quantized(const struct rt_graph *g, const char *name)
{
	static const char suffix[] = ".i8";
	size_t n = strlen(name), end = sizeof(suffix) - 1;
	bool has = n > end && strcmp(name + n - end, suffix) == 0;
	char *other = has ? rt_sprintf("%.*s", (int)(n - end), name)
			  : rt_sprintf("%s%s", name, suffix);
	const struct rt_param *p = find_param(g, other);

	free(other);
	return p;
}

static struct rt_val *pair_value(const char *name, const struct pair *p)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "name", rt_val_string(name));
	if (p->a && p->b && p->same_shape) {
		rt_val_put(v, "largest", rt_val_real(p->largest));
		rt_val_put(v, "relative", rt_val_real(p->relative));
	}
	return v;
}

/* Scales and zero points are part of the numbers that a layer's quantized weights stand for. */
static bool is_scale(const struct rt_graph *g, int value)
{
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];

		for (int k = 1; rt_is_conversion(n) && k < n->nin; k++)
			if (n->in[k] == value)
				return true;
	}
	return false;
}

/* Lists the weights that differ, in the same order; *equal counts the others, *scales the arrays
 * of both that count with their layers. */
static int list_weights(struct rt_val *list, const struct rt_graph *a, const struct rt_graph *b,
			int *equal, int *scales)
{
	int n = 0;

	*equal = *scales = 0;
	for (int i = 0; i < a->nparams + b->nparams; i++) {
		const bool first = i < a->nparams;
		const struct rt_param *x = first ? &a->params[i] : &b->params[i - a->nparams];
		const char *name = (first ? a : b)->values[x->value].name;
		const struct rt_param *other = find_param(first ? b : a, name);
		struct pair p = {.a = first ? x : NULL, .b = first ? NULL : x};

		if (!first && (other || find_quantized(a, name)))
			continue;
		if (is_scale(first ? a : b, x->value)) {
			++*scales;
			continue;
		}
		if (other)
			p = compare_params(x, other);
		if (other && p.same_shape && p.largest == 0) {
			++*equal;
			continue;
		}
		n++;
		rt_val_add(list, pair_value(name, &p));
	}
	return n;
}

static int64_t best(const float *z, int64_t n)
{
	int64_t k = 0;

	for (int64_t i = 1; i < n; i++)
		k = z[i] > z[k] ? i : k;
	return k;
}

static void compare_logits(struct outputs *o, const float *a, const float *b)
{
	double sum = 0;
	int64_t same = 0;

	for (int64_t i = 0; i < o->n * o->width; i++) {
		double d = fabs((double)a[i] - (double)b[i]);

		o->largest = d > o->largest || isnan(d) ? d : o->largest;
		sum += d;
	}
	for (int64_t i = 0; i < o->n; i++)
		same += best(a + i * o->width, o->width) == best(b + i * o->width, o->width);
	o->mean = sum / (double)(o->n * o->width);
	o->agree = (double)same / (double)o->n;
}

static enum rt_status compare_outputs(struct outputs *o, struct rt_ctx *ctx,
				      const struct diff_params *p, const struct rt_model *a,
				      const struct rt_model *b, struct rt_err *err)
{
	struct rt_err ignored, *tell = p->data ? err : &ignored;
	struct rt_data *d;
	const int32_t *index;
	float *za = NULL, *zb = NULL;
	enum rt_status status;

	if (rt_session_get_data(&d, ctx->session, p->data, tell) != RT_OK ||
	    rt_graph_takes(a->graph, a->name, d, tell) != RT_OK ||
	    rt_graph_takes(b->graph, b->name, d, tell) != RT_OK ||
	    rt_graph_width_on(a->graph, d) != rt_graph_width_on(b->graph, d))
		return p->data && tell->status != RT_OK ? tell->status : RT_OK;
	index = rt_data_part(d, RT_PART_TEST, &o->n);
	o->n = o->n < p->samples ? o->n : p->samples;
	if (o->n == 0)
		return RT_OK;
	o->width = rt_graph_width_on(a->graph, d);
	status = rt_predict(&za, a->graph, d, index, o->n, err);
	if (status == RT_OK)
		status = rt_predict(&zb, b->graph, d, index, o->n, err);
	if (status == RT_OK) {
		compare_logits(o, za, zb);
		o->data = d;
	}
	free(za);
	free(zb);
	return status;
}

static void say_outputs(const struct rt_ctx *ctx, struct rt_reply *reply, const struct outputs *o)
{
	if (!o->data)
		return;
	if (o->width > 1)
		rt_say(ctx, reply,
		       "outputs on %" PRId64
		       " samples of %s: largest difference %.3g   mean %.3g   "
		       "same class %.2f %%",
		       o->n, o->data->name, o->largest, o->mean, 100 * o->agree);
	else
		rt_say(ctx, reply,
		       "outputs on %" PRId64 " samples of %s: largest difference %.3g   mean %.3g",
		       o->n, o->data->name, o->largest, o->mean);
}

static struct rt_val *outputs_value(const struct outputs *o)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "samples", rt_val_int(o->n));
	rt_val_put(v, "largest", rt_val_real(o->largest));
	rt_val_put(v, "mean", rt_val_real(o->mean));
	rt_val_put(v, "agreement", rt_val_real(o->agree));
	return v;
}

/* What both lists and the outputs say. */
static void report(struct rt_ctx *ctx, struct rt_reply *reply, const struct rt_model *a,
		   const struct rt_model *b, const struct outputs *o)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_val *layers = rt_val_list(), *weights = rt_val_list();
	struct rt_layers_diff d;
	struct rt_table t = {0};
	struct rt_canvas canvas;
	int n_weights, equal, scales;
	struct rt_str line = {0};

	rt_diff_layers(&d, &t, layers, a->graph, b->graph);
	n_weights = list_weights(weights, a->graph, b->graph, &equal, &scales);
	if (d.differ) {
		rt_say(ctx, reply, "%s → %s\n", a->name, b->name);
		rt_canvas_init(&canvas, &style);
		rt_table_draw(&canvas, &t);
		rt_canvas_finish(&canvas, &reply->text);
		rt_str_addc(&reply->text, '\n');
	}
	rt_str_addf(&line, "%d layer%s differ%s, %d more only in shape; of the arrays of weights "
		    "%d differ, %d are equal", d.differ, d.differ == 1 ? "" : "s",
		    d.differ == 1 ? "s" : "", d.follow, n_weights, equal);
	if (scales)
		rt_str_addf(&line, "; %d of scales and zero points count with their layers",
			    scales);
	rt_say(ctx, reply, "%s", rt_str_text(&line));
	rt_str_release(&line);
	say_outputs(ctx, reply, o);
	rt_table_release(&t);
	reply->value = rt_val_dict();
	rt_val_put(reply->value, "layers", layers);
	rt_val_put(reply->value, "weights", weights);
	rt_val_put(reply->value, "equal", rt_val_int(equal));
	if (o->data)
		rt_val_put(reply->value, "outputs", outputs_value(o));
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct diff_params *p = params;
	struct outputs o = {0};
	struct rt_model *a, *b;

	RT_TRY(rt_session_get_model(&a, ctx->session, p->a, err));
	RT_TRY(rt_session_get_model(&b, ctx->session, p->b, err));
	RT_TRY(compare_outputs(&o, ctx, p, a, b, err));
	report(ctx, reply, a, b, &o);
	return RT_OK;
}

const struct rt_cmd rt_cmd_model_diff = {
	.row = {"model diff", "what differs between two models: layers, weights, outputs", opts,
		sizeof(struct diff_params)},
	.help = "Layers are those of model show, paired by name, and where names differ by what\n"
		"they do in which order.  An arrow leads from what the first model has to what\n"
		"the other has.  Quantized weights are compared as the numbers they stand for;\n"
		"relative is the length of the difference over the length of the first, left\n"
		"out where a batch normalization was folded in.  Outputs are logits, compared\n"
		"where a data set fits both models.",
	.examples =
		"data load digits\nmodel new m {conv 8 3; relu; dense 10}\nmodel copy m before\n"
		"prune m -amount 0.5\nmodel diff before m",
	.see = "model show compare",
	.run = run,
};
