/* explain.c - explain: which inputs made teacher and student answer as they do. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "explain/explain.h"
#include "explain/measure.h"
#include "train/metrics.h"
#include "views/features.h"
#include "views/heatmap.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explain_params {
	char *method, *data, *png;
	struct rt_strings models;
	int64_t sample, class, seed;
	int of;
	bool overlay;
};

#define AT(field) offsetof(struct explain_params, field)
static const struct rt_opt opts[] = {
	{.name = "method",
	 .summary = "how to explain; help explainer lists the methods",
	 .type = RT_STRING,
	 .offset = AT(method),
	 .of = "explainer",
	 .example = "grad_cam",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{"sample", "number of a sample of the test part", RT_INT, AT(sample), "0", 0, 1e9,
	 .example = "17"},
	RT_MODELS_OPT(struct explain_params, models),
	{"class", "the output to explain; default: the first model's answer", RT_INT, AT(class),
	 NULL, 0, 1e6, .example = "4"},
	RT_OF_OPT(struct explain_params, of),
	{"overlay", "lay the heat over the dimmed picture", RT_BOOL, AT(overlay), "no"},
	{"seed", "of methods that draw random numbers", RT_INT, AT(seed), "1", 0, 9e15},
	RT_DATA_OPT(struct explain_params, data),
	{.name = "png",
	 .summary = "write the picture to this file too",
	 .type = RT_STRING,
	 .offset = AT(png),
	 .of = "file",
	 .example = "cam.png"},
	{0},
};

#define MOST 3

/* The same question to every model. */
struct asked {
	const struct rt_explainer *method;
	const void *params;		/* of method, borrowed */
	struct rt_sample sample;
	int64_t output;
	struct rt_model **models;
	int n;
	struct rt_attribution map[MOST];
	float *plane[MOST];		/* h x w, channels summed */
	int64_t h, w;
};

static struct rt_question question(const struct asked *a, const struct explain_params *p, int i)
{
	return (struct rt_question){.graph = a->models[i]->graph,
				    .x = a->sample.x,
				    .shape = a->sample.data->sample,
				    .output = a->output,
				    .of = p->of,
				    .seed = (uint64_t)p->seed,
				    .data = a->sample.data};
}

/* A method that a model has no part for (grad_cam without a convolution) shows the others. */
static void leave_out(struct asked *a, int i, struct rt_ctx *ctx, struct rt_reply *reply,
		      const struct rt_err *why)
{
	rt_say(ctx, reply, "%s is left out: %s", a->models[i]->name, why->msg);
	a->n--;
	memmove(&a->models[i], &a->models[i + 1], (size_t)(a->n - i) * sizeof(*a->models));
}

/* The i-th model's map, and that it is as large as the first. */
static enum rt_status ask_model(struct asked *a, const struct explain_params *p, int i,
				struct rt_err *err)
{
	struct rt_question q = question(a, p, i);
	int64_t h, w;

	if (rt_explain(&a->map[i], a->method, &q, a->params, err) != RT_OK)
		return a->n > 1 && err->status == RT_EUNSUPPORTED
			       ? err->status
			       : rt_wrap(err, "model \"%s\"", a->models[i]->name);
	a->plane[i] = rt_attribution_plane(&a->map[i], &h, &w);
	if (i && (h != a->h || w != a->w))
		return rt_fail(err, RT_ESHAPE,
			       "the maps of \"%s\" and \"%s\" differ in size: %" PRId64 "x%" PRId64
			       " and %" PRId64 "x%" PRId64,
			       a->models[0]->name, a->models[i]->name, a->h, a->w, h, w);
	a->h = h;
	a->w = w;
	return RT_OK;
}

static enum rt_status ask(struct asked *a, const struct explain_params *p, struct rt_ctx *ctx,
			  struct rt_reply *reply, struct rt_err *err)
{
	struct rt_question q;

	RT_TRY(rt_models_get(&a->models, &a->n, ctx->session, &p->models, err));
	RT_TRY(rt_sample_get(&a->sample, ctx->session, p->data, p->sample, err));
	a->method = (const struct rt_explainer *)ctx->chosen[0].row;
	a->params = ctx->chosen[0].params;
	q = question(a, p, 0);
	a->output = p->class;
	if (a->output == RT_UNSET_INT)
		RT_TRY(rt_explain_top(&a->output, &q, err));
	for (int i = 0; i < a->n;) {
		enum rt_status status = ask_model(a, p, i, err);

		if (status == RT_EUNSUPPORTED && a->n > 1)
			leave_out(a, i, ctx, reply, err);
		else if (status != RT_OK)
			return status;
		else
			i++;
	}
	return RT_OK;
}

static void release(struct asked *a)
{
	for (int i = 0; i < a->n && i < MOST; i++) {
		rt_attribution_release(&a->map[i]);
		free(a->plane[i]);
	}
	free(a->sample.x);
	free(a->models);
}

/* How much the first two maps agree, in the field's usual numbers. */
static int agreement(struct rt_note *note, const struct asked *a)
{
	static const char *const measure[] = {"cosine", "spearman", "topk_iou"};
	static const char *const label[] = {"agreement   cosine", "Spearman", "top-10 % overlap"};
	struct rt_two_maps maps = {.a = a->plane[0], .b = a->plane[1], .h = a->h, .w = a->w};

	if (a->n < 2)
		return 0;
	for (size_t i = 0; i < RT_COUNT(measure); i++)
		note[i] = (struct rt_note){
			.name = label[i],
			.value = rt_measure_eval(rt_measure_find(measure[i]), &maps, NULL).value};
	return (int)RT_COUNT(measure);
}

#define NOTES (3 + MOST)

/* Where the method promises that the map sums to f(x) - f(baseline): how far it is from that. */
static int gaps(struct rt_note *note, char text[MOST][RT_NUM], char name[MOST][96],
		const struct asked *a)
{
	int n = 0;

	for (int i = 0; i < a->n; i++) {
		if (isnan(a->map[i].gap))
			continue;
		snprintf(name[n], sizeof(name[n]), "completeness gap %.60s", a->models[i]->name);
		note[n] = (struct rt_note){.name = name[n], .value = a->map[i].gap,
					   .text = rt_num_short(text[n], a->map[i].gap, 2)};
		n++;
	}
	return n;
}

static struct rt_val *asked_value(const struct asked *a, const struct rt_note *note, int nnote)
{
	static const char *const key[] = {"cosine", "spearman", "top10_overlap"};
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "sample", rt_val_int(a->sample.place));
	rt_val_put(v, "label", rt_val_int(a->sample.label));
	rt_val_put(v, "class", rt_val_int(a->output));
	for (int i = 0; i < a->n; i++) {
		struct rt_val *m = rt_val_dict();

		rt_val_put(m, "value", rt_val_real(a->map[i].f_x));
		if (!isnan(a->map[i].gap))
			rt_val_put(m, "gap", rt_val_real(a->map[i].gap));
		rt_val_put(m, "map", rt_val_reals(a->h * a->w, a->plane[i]));
		rt_val_put(v, a->models[i]->name, m);
	}
	for (int i = 0; i < nnote; i++)
		rt_val_put(v, key[i], rt_val_real(note[i].value));
	return v;
}

static enum rt_status draw_maps(struct rt_ctx *ctx, const struct explain_params *p,
				const struct asked *a, const char *title, const char *caption,
				const struct rt_note *note, int nnote, struct rt_reply *reply,
				struct rt_err *err)
{
	const struct rt_shape *s = &a->sample.data->sample;
	struct rt_picture input = {.w = (int)s->dim[2],
				   .h = (int)s->dim[1],
				   .channels = (int)s->dim[0],
				   .v = a->sample.x};
	struct rt_map maps[MOST];
	struct rt_heatmap view = {.title = title, .input = &input, .nmap = a->n, .map = maps,
				  .difference = a->n > 1, .overlay = p->overlay, .caption = caption,
				  .nnote = nnote, .note = note, .command = ctx->line};
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;

	for (int i = 0; i < a->n; i++)
		maps[i] = (struct rt_map){
			.role = rt_model_role(ctx->session, a->models[i]->name, i, a->n),
			.name = a->models[i]->name,
			.w = (int)a->w,
			.h = (int)a->h,
			.v = a->plane[i]};
	rt_canvas_init(&canvas, &style);
	rt_heatmap_draw(&canvas, &view);
	rt_canvas_finish(&canvas, &reply->text);
	return p->png ? rt_heatmap_png(&view, p->png, err) : RT_OK;
}

static enum rt_status draw_features(struct rt_ctx *ctx, const struct explain_params *p,
				    const struct asked *a, const char *title, const char *caption,
				    const struct rt_note *note, int nnote, struct rt_reply *reply,
				    struct rt_err *err)
{
	const struct rt_data *d = a->sample.data;
	int64_t n = a->h * a->w;
	char (*text)[RT_NUM] = rt_alloc((size_t)n, sizeof(*text));
	char (*place)[RT_NUM] = rt_alloc((size_t)n, sizeof(*place));
	const char **word = rt_alloc((size_t)n, sizeof(*word));
	const char **value = rt_alloc((size_t)n, sizeof(*value));
	struct rt_features_model models[MOST];
	struct rt_features view = {.title = title,
				   .n = (int)n,
				   .name = rt_data_is_text(d) ? word
				   : (const char *const *)d->feature_name,
				   .value = value,
				   .nmodel = a->n,
				   .model = models,
				   .caption = caption,
				   .nnote = nnote,
				   .note = note,
				   .command = ctx->line};
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	enum rt_status status = RT_OK;

	/* of a text the word counts and where it stands, of a table the column and its value */
	for (int64_t i = 0; i < n; i++) {
		word[i] = rt_data_text(d, a->sample.number, i, text[i], sizeof(text[i]));
		if (rt_data_is_text(d))
			value[i] = rt_num_count(place[i], (double)i);
		else
			value[i] = rt_num_short(text[i], rt_tensor_get(&d->x, a->sample.number * n +
								       i), 3);
	}
	for (int i = 0; i < a->n; i++)
		models[i] = (struct rt_features_model){
			.role = rt_model_role(ctx->session, a->models[i]->name, i, a->n),
			.name = a->models[i]->name, .v = a->plane[i]};
	rt_canvas_init(&canvas, &style);
	rt_features_draw(&canvas, &view);
	rt_canvas_finish(&canvas, &reply->text);
	if (p->png)
		status = rt_features_png(&view, p->png, err);
	free(text);
	free(place);
	free(word);
	free(value);
	return status;
}

static enum rt_status draw(struct rt_ctx *ctx, const struct explain_params *p,
			   const struct asked *a, struct rt_reply *reply, struct rt_err *err)
{
	const struct rt_data *d = a->sample.data;
	struct rt_note note[NOTES];
	char text[MOST][RT_NUM], gap[MOST][96], name[64];
	int agree = agreement(note, a), nnote = agree + gaps(note + agree, text, gap, a);
	struct rt_str title = {0};
	enum rt_status status;

	rt_str_addf(&title, "%s   sample %" PRId64, a->method->row.name, a->sample.place);
	if (d->task == RT_CLASSIFY)
		rt_str_addf(&title, "   label %s",
			    rt_data_class(d, a->sample.label, name, sizeof(name)));
	if (d->sample.rank == 3)
		status = draw_maps(ctx, p, a, rt_str_text(&title), a->map[0].note, note, nnote,
				   reply, err);
	else
		status = draw_features(ctx, p, a, rt_str_text(&title), a->map[0].note, note, nnote,
				       reply, err);
	reply->value = asked_value(a, note, agree);
	rt_str_release(&title);
	return status;
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct explain_params *p = params;
	struct asked a = {0};
	enum rt_status status = ask(&a, p, ctx, reply, err);

	if (status == RT_OK)
		status = draw(ctx, p, &a, reply, err);
	release(&a);
	return status;
}

static const struct rt_kind kinds[] = {{"method", &rt_explainers}, {0}};

const struct rt_cmd rt_cmd_explain = {
	.row = {"explain", "which inputs made the models answer as they do, as heatmaps or bars",
		opts, sizeof(struct explain_params)},
	.help = "All models are asked about the same class (the first model's answer unless\n"
		"-class is given) and drawn on one scale, symmetric about zero; the percentile\n"
		"at which it is clipped is printed.  Red speaks for the class, blue against it.\n"
		"Under the maps stands how much the first two agree.  For tables the strongest\n"
		"features are drawn as bars. Each method has options of its own: help explainer\n"
		"integrated_gradients.",
	.examples = "data load digits\nmodel new teacher {conv 8 3; relu; flatten; dense "
		    "10}\ntrain teacher\n"
		    "model new student {conv 4 3; relu; flatten; dense 10}\ndistill teacher "
		    "student\nstep\n"
		    "explain gradient -sample 17\n"
		    "explain integrated_gradients -sample 17 -steps 20\n"
		    "explain grad_cam -sample 17 -models {teacher student}",
	.see = "compare",
	.kinds = kinds,
	.run = run,
};
