/* compare.c - compare: what teacher and student think of one sample, as bars. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "train/loss.h"
#include "train/metrics.h"
#include "train/predict.h"
#include "views/bars.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

struct compare_params {
	struct rt_strings models;
	char *data, *png;
	int64_t sample;
	int find;
	double temperature;
};

enum { GIVEN, DISAGREE, WRONG };
static const char *const find_names[] = {"given", "disagree", "wrong", NULL};

#define AT(field) offsetof(struct compare_params, field)
static const struct rt_opt opts[] = {
	RT_MODELS_OPT(struct compare_params, models),
	{"sample", "number of a sample of the test part", RT_INT, AT(sample), "0", 0, 1e9,
	 .example = "17"},
	{"find",
	 "the first sample from there on where the models disagree, or the last one is wrong",
	 RT_CHOICE, AT(find), "given", .choices = find_names},
	{"temperature", "T of the softened bars; default: that of the run, else 4", RT_REAL,
	 AT(temperature), NULL, 0, 1000, .flags = RT_OPT_ABOVE_MIN, .example = "4"},
	RT_DATA_OPT(struct compare_params, data),
	{.name = "png",
	 .summary = "write the bars to this file too",
	 .type = RT_STRING,
	 .offset = AT(png),
	 .of = "file",
	 .example = "bars.png"},
	{0},
};

/* One model's answer. */
struct answer {
	const struct rt_model *m;
	float *z, *hard, *soft;
};

static enum rt_status answer(struct answer *a, const struct rt_sample *s, const struct rt_model *m,
			     double T, struct rt_err *err)
{
	size_t C = (size_t)s->data->classes;

	a->m = m;
	RT_TRY(rt_sample_logits(&a->z, s, m, err));
	a->hard = rt_alloc(C, sizeof(float));
	a->soft = rt_alloc(C, sizeof(float));
	rt_soften(a->hard, a->z, s->data->classes, 1);
	rt_soften(a->soft, a->z, s->data->classes, T);
	return RT_OK;
}

/* Whether the answers z[0] .. z[n-1] to a sample are what -find looks for. */
static bool found(int find, const struct rt_data *d, int32_t number, const float *const *z, int n)
{
	int last = rt_argmax(z[n - 1], d->classes);

	if (find == WRONG)
		return last != rt_data_label(d, number);
	for (int i = 0; i < n - 1; i++)
		if (rt_argmax(z[i], d->classes) != last)
			return true;
	return false;
}

#define BLOCK 256

/* Looks through up to BLOCK samples of the test part from *place on; *place is then the one that
 * was found, or that behind the last one looked at. */
static enum rt_status search(int64_t *place, bool *is, int find, const struct rt_data *d,
			     struct rt_model **models, int n, struct rt_err *err)
{
	float *z[3] = {NULL, NULL, NULL};
	const int32_t *index;
	int64_t total, count;
	enum rt_status status = RT_OK;

	index = rt_data_part(d, RT_PART_TEST, &total) + *place;
	count = total - *place < BLOCK ? total - *place : BLOCK;
	for (int i = 0; i < n && status == RT_OK; i++) {
		status = rt_graph_fits(models[i]->graph, models[i]->name, d, err);
		if (status == RT_OK)
			status = rt_predict(&z[i], models[i]->graph, d, index, count, err);
	}
	*is = false;
	for (int64_t k = 0; k < count && status == RT_OK && !*is; k++) {
		const float *answers[3];

		for (int i = 0; i < n; i++)
			answers[i] = z[i] + k * d->classes;
		*is = found(find, d, index[k], answers, n);
		*place += !*is;
	}
	for (int i = 0; i < n; i++)
		free(z[i]);
	return status;
}

/* The sample to show: the one asked for, or the first from there on that -find describes. */
static enum rt_status choose(int64_t *place, struct rt_ctx *ctx, const struct compare_params *p,
			     struct rt_model **models, int n, struct rt_err *err)
{
	struct rt_data *d;
	bool is = false;

	*place = p->sample;
	RT_TRY(rt_session_get_data(&d, ctx->session, p->data, err));
	if (d->task != RT_CLASSIFY)
		return rt_fail(err, RT_EINVAL,
			       "data set \"%s\" is a regression and has no probabilities   "
			       "(try: evaluate)",
			       d->name);
	if (p->find == DISAGREE && n < 2)
		return rt_fail(err, RT_EINVAL, "-find disagree needs two models, got one   "
			       "(try: -models {teacher student})");
	if (p->find == GIVEN || p->sample >= d->npart[RT_PART_TEST])
		return RT_OK;
	while (!is && *place < d->npart[RT_PART_TEST])
		RT_TRY(search(place, &is, p->find, d, models, n, err));
	if (!is)
		return rt_fail(err, RT_ENOTFOUND,
			       "from sample %" PRId64 " to the last, %" PRId64 ", %s", p->sample,
			       d->npart[RT_PART_TEST] - 1,
			       p->find == WRONG ? "every answer is right" : "the models agree");
	return RT_OK;
}

static double run_temperature(struct rt_session *s)
{
	struct rt_run *const *runs;
	int n;

	runs = rt_session_runs(s, &n);
	while (n-- > 0)
		if (runs[n]->distill)
			return runs[n]->distill->opts.temperature;
	return 4;
}

static struct rt_val *answers_value(const struct rt_sample *s, const struct answer *a, int n,
				    double kl)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "sample", rt_val_int(s->place));
	rt_val_put(v, "label", rt_val_int(s->label));
	for (int i = 0; i < n; i++) {
		struct rt_val *m = rt_val_dict();

		rt_val_put(m, "class", rt_val_int(rt_argmax(a[i].z, s->data->classes)));
		rt_val_put(m, "logits", rt_val_reals(s->data->classes, a[i].z));
		rt_val_put(m, "hard", rt_val_reals(s->data->classes, a[i].hard));
		rt_val_put(m, "soft", rt_val_reals(s->data->classes, a[i].soft));
		rt_val_put(v, a[i].m->name, m);
	}
	if (n > 1)
		rt_val_put(v, "kl", rt_val_real(kl));
	return v;
}

static enum rt_status draw(struct rt_ctx *ctx, const struct compare_params *p,
			   struct rt_reply *reply, const struct rt_sample *s,
			   const struct answer *a, int n, double T, struct rt_err *err)
{
	struct rt_bars_model models[3];
	struct rt_style style = rt_ctx_style(ctx);
	double kl = n > 1 ? rt_kl_logits(a[0].z, a[1].z, s->data->classes, 1) : NAN;
	char text[RT_NUM];
	struct rt_note note = {.name = "KL", .value = kl, .text = rt_num_real(text, kl, 3)};
	struct rt_bars bars = {.sample = s->place,
			       .classes = s->data->classes,
			       .label = s->label,
			       .class_name = (const char *const *)s->data->class_name,
			       .temperature = T,
			       .nmodel = n,
			       .model = models,
			       .nnote = n > 1,
			       .note = &note,
			       .command = ctx->line};
	struct rt_canvas canvas;

	for (int i = 0; i < n; i++)
		models[i] = (struct rt_bars_model){
			.role = rt_model_role(ctx->session, a[i].m->name, i, n),
			.name = a[i].m->name,
			.hard = a[i].hard,
			.soft = a[i].soft};
	rt_canvas_init(&canvas, &style);
	rt_bars_draw(&canvas, &bars);
	rt_canvas_finish(&canvas, &reply->text);
	reply->value = answers_value(s, a, n, kl);
	return p->png ? rt_bars_png(&bars, p->png, err) : RT_OK;
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct compare_params *p = params;
	double T = isnan(p->temperature) ? run_temperature(ctx->session) : p->temperature;
	struct answer a[3] = {0};
	struct rt_model **models;
	struct rt_sample s = {0};
	int64_t place;
	int n;
	enum rt_status status;

	RT_TRY(rt_models_get(&models, &n, ctx->session, &p->models, err));
	status = choose(&place, ctx, p, models, n, err);
	if (status == RT_OK)
		status = rt_sample_get(&s, ctx->session, p->data, place, err);
	for (int i = 0; i < n && status == RT_OK; i++)
		status = answer(&a[i], &s, models[i], T, err);
	if (status == RT_OK)
		status = draw(ctx, p, reply, &s, a, n, T, err);
	for (int i = 0; i < n; i++) {
		free(a[i].z);
		free(a[i].hard);
		free(a[i].soft);
	}
	free(s.x);
	free(models);
	return status;
}

const struct rt_cmd rt_cmd_compare = {
	.row = {"compare", "probabilities of teacher and student for one sample, as bars", opts,
		sizeof(struct compare_params)},
	.help = "Left the probabilities as they are, right softened by the temperature: what\n"
		"the student sees of the teacher.  The true class is marked *.  KL is that of\n"
		"the teacher against the student at T = 1, in nats.\n"
		"-find looks for a sample worth a look, from -sample on: disagree, where the\n"
		"models answer differently; wrong, where the last of them (the student) errs.",
	.examples =
		"data load digits\nmodel new teacher {dense 32; relu; dense 10}\ntrain teacher\n"
		"model new student {dense 10}\ndistill teacher student\nstep\ncompare -sample 17\n"
		"compare -find disagree\n"
		"compare -models teacher -sample 3 -temperature 8",
	.see = "explain evaluate",
	.run = run,
};
