/* distill.c - distill: set up a student that learns from a teacher. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "cmd/steps.h"
#include "base/mem.h"
#include "train/metrics.h"
#include "train/predict.h"
#include "views/caption.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct distill_params {
	char *teacher, *student, *data;
	int method;
	double temperature, hard, soft, alpha_soft;
	struct rt_ints class_map;
	bool control, cache;
	struct rt_fit_opts fit;
};

static const char *const method_names[] = {"soft_targets", "logit_regression", NULL};

#define AT(field) offsetof(struct distill_params, field)
static const struct rt_opt opts[] = {
	{.name = "teacher",
	 .summary = "the model that knows",
	 .type = RT_STRING,
	 .offset = AT(teacher),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "student",
	 .summary = "the model that learns",
	 .type = RT_STRING,
	 .offset = AT(student),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{"method", "what the student imitates", RT_CHOICE, AT(method), "soft_targets",
	 .choices = method_names, .of = "method"},
	{"temperature", "T that softens the probabilities of both", RT_REAL, AT(temperature), "4",
	 0, 1000, .flags = RT_OPT_ABOVE_MIN},
	{"hard", "weight of the loss on the labels", RT_REAL, AT(hard), "0.1", 0, 1e6},
	{"soft", "weight of the loss on the teacher", RT_REAL, AT(soft), "0.9", 0, 1e6},
	{"alpha-soft", "sets -soft to this and -hard to 1 minus this", RT_REAL, AT(alpha_soft),
	 NULL, 0, 1, .example = "0.9"},
	{"class-map", "student class of each teacher class, -1 leaves one out", RT_INTS,
	 AT(class_map), NULL, -1, 1e6, .example = "0 1 1"},
	{"control", "train a twin on the same batches without the teacher", RT_BOOL, AT(control),
	 "no"},
	{"cache", "run the teacher once and keep its logits", RT_BOOL, AT(cache), "yes"},
	{"epochs", "length of the run, for schedule and progress; step runs it", RT_INT,
	 AT(fit.epochs), "10", 1, 1e6},
	RT_DATA_OPT(struct distill_params, data),
	RT_FIT_OPTS(distill_params, fit),
	{0},
};

/* The score of the teacher itself; with a class map, of its answers in the student's classes. */
static enum rt_status teacher_score(double *score, const struct rt_distill *d,
				    const struct rt_data *data, struct rt_err *err)
{
	const int32_t *index;
	struct rt_metrics m;
	float *z, *q;
	int64_t n;

	index = rt_data_part(data, RT_PART_TEST, &n);
	RT_TRY(rt_predict(&z, d->teacher->graph, data, index, n, err));
	q = data->task == RT_CLASSIFY ? rt_alloc((size_t)(n * d->width), sizeof(*q)) : NULL;
	for (int64_t i = 0; q && i < n; i++) {
		rt_soft_labels(q + i * d->width, d, z + i * d->teacher_width, 1);
		for (int64_t c = 0; c < d->width; c++)
			q[i * d->width + c] = logf(q[i * d->width + c] + 1e-30f);
	}
	rt_metrics_eval(&m, data, index, n, q ? q : z);
	*score = rt_metrics_score(&m);
	rt_metrics_release(&m);
	free(q);
	free(z);
	return RT_OK;
}

/* A teacher that is barely better than guessing has nothing to pass on. */
static void say_teacher(struct rt_ctx *ctx, struct rt_reply *reply, const struct rt_run *r)
{
	const struct rt_data *d = r->fit->data;
	double chance = d->task == RT_CLASSIFY ? 100.0 / d->classes : NAN;
	char score[RT_NUM], label[128];

	rt_say(ctx, reply, "%s   test %s   %s",
	       rt_model_label(label, sizeof(label), RT_TEACHER, r->teacher),
	       rt_score_text(score, d, r->teacher_score),
	       r->distill->logits ? "logits kept" : "runs in every batch");
	if (d->task == RT_CLASSIFY && r->teacher_score < chance + (100 - chance) / 2)
		rt_say(ctx, reply,
		       "warning: a teacher at %.1f %% (guessing gives %.1f %%) has little to "
		       "pass on; train it first: train %s -epochs 3",
		       r->teacher_score, chance, r->teacher);
}

static enum rt_status make_control(struct rt_ctx *ctx, char **name, const struct rt_model *student)
{
	struct rt_model *twin;

	*name = rt_sprintf("%s.control", student->name);
	twin = rt_model_clone(student, *name);
	rt_session_put_model(ctx->session, twin);
	return RT_OK;
}

static enum rt_status set_up(struct rt_run **out, struct rt_ctx *ctx,
			     const struct distill_params *p, struct rt_model *teacher,
			     struct rt_model *student, struct rt_data *data, struct rt_err *err)
{
	const struct rt_objective *objective[2] = {&rt_objective_distill, &rt_objective_hard};
	struct rt_distill_opts o = {.temperature = p->temperature, .hard = p->hard, .soft = p->soft,
				    .class_map = p->class_map};
	struct rt_fit_opts fit_opts = p->fit;
	void *self[2] = {NULL, NULL};
	struct rt_distill *distill;
	struct rt_fit *fit;
	char *control = NULL;

	if (!isnan(p->alpha_soft)) {
		o.soft = p->alpha_soft;
		o.hard = 1 - p->alpha_soft;
	}
	if (fit_opts.seed == RT_UNSET_INT)
		fit_opts.seed = rt_session_draw(ctx->session, "distill");
	RT_TRY(rt_distill_new(&distill, (const void *)rt_methods.rows[p->method], &o, teacher,
			      rt_graph_width(student->graph), data,
			      p->cache ? rt_session_logits(ctx->session) : NULL, err));
	self[0] = distill;
	RT_TRY(rt_fit_new(&fit, data, &fit_opts, p->control ? 2 : 1, objective, self, err));
	if (p->control)
		make_control(ctx, &control, student);
	*out = rt_run_new(student->name, teacher->name, control, fit);
	free(control);
	rt_session_put_run(ctx->session, *out);
	return teacher_score(&(*out)->teacher_score, distill, data, err);
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct distill_params *p = params;
	struct rt_model *teacher, *student;
	struct rt_data *data;
	struct rt_run *r;
	char label[128], softened[32] = "";

	RT_TRY(rt_session_get_model(&teacher, ctx->session, p->teacher, err));
	RT_TRY(rt_session_edit_model(&student, ctx->session, p->student, err));
	RT_TRY(rt_session_get_data(&data, ctx->session, p->data, err));
	if (strcmp(p->teacher, p->student) == 0)
		return rt_fail(err, RT_EINVAL,
			       "\"%s\" cannot be its own teacher; copy it first: model copy %s "
			       "student",
			       p->teacher, p->teacher);
	if (!isnan(p->alpha_soft) && (p->soft != 0.9 || p->hard != 0.1))
		return rt_fail(err, RT_EINVAL,
			       "give either -alpha-soft or -hard and -soft, not both");
	RT_TRY(rt_graph_fits(student->graph, student->name, data, err));
	RT_TRY(rt_graph_has_width(student->graph, err));
	rt_model_describe(student, data);
	RT_TRY(set_up(&r, ctx, p, teacher, student, data, err));
	say_teacher(ctx, reply, r);
	if (r->distill->method->needs_classes)
		snprintf(softened, sizeof(softened), " at T = %g", p->temperature);
	rt_say(ctx, reply, "%s   %s%s   loss %g%shard + %g%ssoft",
	       rt_model_label(label, sizeof(label), RT_STUDENT, r->student),
	       r->distill->method->row.name, softened, r->distill->opts.hard, rt_times(ctx),
	       r->distill->opts.soft, rt_times(ctx));
	if (r->control)
		rt_say(ctx, reply, "control   %s: the same weights and batches, no teacher",
		       r->control);
	rt_say(ctx, reply, "%s is ready; step runs an epoch", r->name);
	reply->value = rt_val_dict();
	rt_val_put(reply->value, "run", rt_val_string(r->name));
	rt_val_put(reply->value, "teacher", rt_val_real(r->teacher_score));
	return RT_OK;
}

const struct rt_cmd rt_cmd_distill = {
	.row = {"distill", "let a student learn from a teacher; step then runs it epoch by epoch",
		opts, sizeof(struct distill_params)},
	.help = "The loss is hard x cross entropy with the labels + soft x T^2 KL between the\n"
		"softened probabilities of teacher and student, mean over the batch (Hinton,\n"
		"Vinyals, Dean 2015).  Three opposite meanings of \"alpha\" are in use, so the\n"
		"two weights have names; -alpha-soft a means soft a, hard 1 - a.\n"
		"-control yes trains STUDENT.control, a twin with the same first weights, on\n"
		"the same batches without the teacher, so that every step shows what the\n"
		"teacher gives.\n"
		"-class-map {0 1 1} lets a three-class teacher teach a two-class student: its\n"
		"soft label {0.3 0.4 0.3} becomes {0.3 0.7}.",
	.examples = "data load digits\nmodel new teacher {dense 64; relu; dense 10}\ntrain teacher "
		    "-epochs 3\n"
		    "model new student {dense 8; relu; dense 10}\n"
		    "distill teacher student -temperature 4 -soft 0.9 -hard 0.1 -control yes\nstep",
	.see = "step train compare undo",
	.flags = RT_CMD_CHANGES | RT_CMD_LONG,
	.run = run,
};
