/* compare.c - compare: what teacher and student think of one sample, as bars. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "train/loss.h"
#include "train/metrics.h"
#include "views/bars.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

struct compare_params {
	struct rt_strings models;
	char *data, *png;
	int64_t sample;
	double temperature;
};

#define AT(field) offsetof(struct compare_params, field)
static const struct rt_opt opts[] = {
	{.name = "models", .summary = "up to three models; default: teacher and student of the latest run",
	 .type = RT_STRINGS, .offset = AT(models), .of = "model"},
	{"sample", "number of a sample of the test part", RT_INT, AT(sample), "0", 0, 1e9, .example = "17"},
	{"temperature", "T of the softened bars; default: that of the run, else 4", RT_REAL, AT(temperature),
	 NULL, 0, 1000, .flags = RT_OPT_ABOVE_MIN, .example = "4"},
	{.name = "data", .summary = "data set; default: the one in use", .type = RT_STRING,
	 .offset = AT(data), .of = "data"},
	{.name = "png", .summary = "write the bars to this file too", .type = RT_STRING, .offset = AT(png),
	 .of = "file", .example = "bars.png"},
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

static struct rt_val *answers_value(const struct rt_sample *s, const struct answer *a, int n, double kl)
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

static enum rt_status draw(struct rt_ctx *ctx, const struct compare_params *p, struct rt_reply *reply,
			   const struct rt_sample *s, const struct answer *a, int n, double T,
			   struct rt_err *err)
{
	struct rt_bars_model models[3];
	struct rt_style style = rt_ctx_style(ctx);
	double kl = n > 1 ? rt_kl_logits(a[0].z, a[1].z, s->data->classes, 1) : NAN;
	char text[RT_NUM];
	struct rt_note note = {.name = "KL", .value = kl, .text = rt_num_real(text, kl, 3)};
	struct rt_bars bars = {.sample = s->place, .classes = s->data->classes, .label = s->label,
			       .class_name = (const char *const *)s->data->class_name, .temperature = T,
			       .nmodel = n, .model = models, .nnote = n > 1, .note = &note,
			       .command = ctx->line};
	struct rt_canvas canvas;

	for (int i = 0; i < n; i++)
		models[i] = (struct rt_bars_model){.role = rt_model_role(ctx->session, a[i].m->name, i, n),
						   .name = a[i].m->name, .hard = a[i].hard,
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
	struct rt_sample s;
	int n;
	enum rt_status status = RT_OK;

	RT_TRY(rt_models_get(&models, &n, ctx->session, &p->models, err));
	status = rt_sample_get(&s, ctx->session, p->data, p->sample, err);
	if (status == RT_OK && s.data->task != RT_CLASSIFY)
		status = rt_fail(err, RT_EINVAL, "data set \"%s\" is a regression and has no probabilities   "
				 "(try: evaluate)", s.data->name);
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
	.help = "Left the probabilities as they are, right softened by the temperature: what the\n"
		"student sees of the teacher.  The true class is marked *.  KL is that of the teacher\n"
		"against the student at T = 1, in nats.",
	.examples = "data load digits\nmodel new teacher {dense 32; relu; dense 10}\ntrain teacher\n"
		    "model new student {dense 10}\ndistill teacher student\nstep\ncompare -sample 17\n"
		    "compare -models teacher -sample 3 -temperature 8",
	.see = "explain evaluate",
	.run = run,
};
