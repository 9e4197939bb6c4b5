/* steps.c - moving a run on by epochs or mini-batches, with progress and a result line. */
#include "config.h"

#include "cmd/common.h"
#include "cmd/steps.h"
#include "base/mem.h"
#include "base/sys.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A run that has been begun: its state and the models it moves, all ours to change. */
struct moving {
	struct rt_run *run;
	struct rt_fit_job *job;
};

void rt_model_describe(struct rt_model *m, const struct rt_data *d)
{
	if (d->task == RT_CLASSIFY && d->class_name)
		rt_model_set_classes(m, d->classes, (const char *const *)d->class_name);
	rt_model_set_scale(m, d->nscale, d->shift, d->scale);
}

static enum rt_status begin(struct moving *mv, struct rt_ctx *ctx, const char *name,
			    struct rt_err *err)
{
	struct rt_graph *graphs[RT_MAX_LEARNERS];
	const char *names[RT_MAX_LEARNERS];
	struct rt_model *m;

	RT_TRY(rt_session_edit_run(&mv->run, ctx->session, name, err));
	names[0] = mv->run->student;
	names[1] = mv->run->control;
	for (int i = 0; i < mv->run->fit->nlearners; i++) {
		RT_TRY(rt_session_edit_model(&m, ctx->session, names[i], err));
		graphs[i] = m->graph;
	}
	return rt_fit_begin(&mv->job, mv->run->fit, graphs, names, err);
}

/* "0.412 = 0.1·0.398 hard + 0.9·0.414 soft", or just the number where there is one term. */
static void loss_text(struct rt_str *out, const struct rt_ctx *ctx, const struct rt_terms *t)
{
	rt_str_addf(out, "%.3f", rt_terms_total(t));
	for (int i = 0; t->n > 1 && i < t->n; i++)
		rt_str_addf(out, " %s %g%s%.3f %s", i ? "+" : "=", t->term[i].weight, rt_times(ctx),
			    t->term[i].value, t->term[i].name);
}

/* How much an epoch's line tells: all that fits the terminal, the same for every epoch of a run. */
enum { BRIEF, WHOLE, WITH_TERMS };

#define CHANGE_WIDTH 9	/* " (+10.58)": columns line up from epoch to epoch */

static void score_facts(struct rt_str *line, const struct rt_run *r, const struct rt_epoch *e,
			int detail)
{
	const struct rt_fit *f = r->fit;
	char score[RT_NUM], change[RT_NUM] = "";

	rt_str_addf(line, "   test %s", rt_score_text(score, f->data, e->score[0]));
	if (f->nhistory > 1)
		rt_score_difference(change, f->data, e->score[0], e[-1].score[0]);
	if (*change)
		rt_str_addf(line, " (%s)", change);
	for (int width = *change ? rt_text_width(change) + 3 : 0; width < CHANGE_WIDTH; width++)
		rt_str_addc(line, ' ');
	if (r->control)
		rt_str_addf(line, "   control %s", rt_score_text(score, f->data, e->score[1]));
	if (!isnan(e->agreement))
		rt_str_addf(line, "   %s %.1f %%",
			    detail == BRIEF ? "agrees" : "agrees with teacher", e->agreement);
}

static void epoch_text(struct rt_str *line, const struct rt_ctx *ctx, const struct rt_run *r,
		       int detail)
{
	const struct rt_fit *f = r->fit;
	const struct rt_epoch *e = &f->history[f->nhistory - 1];

	rt_str_addf(line, "epoch %" PRId64 "   loss ", e->epoch);
	if (detail == WITH_TERMS)
		loss_text(line, ctx, &e->terms[0]);
	else
		rt_str_addf(line, "%.3f", rt_terms_total(&e->terms[0]));
	score_facts(line, r, e, detail);
	if (detail != BRIEF || isnan(e->agreement))
		rt_str_addf(line, "   %.2f s", e->seconds);
}

/* One line an epoch: where the terminal is narrow, the terms of the loss are left to run show. */
static void epoch_line(struct rt_ctx *ctx, const struct rt_run *r, struct rt_reply *reply)
{
	struct rt_str line = {0};
	int detail = WITH_TERMS;

	epoch_text(&line, ctx, r, detail);
	while (detail > BRIEF && rt_text_width(rt_str_text(&line)) > ctx->term->width) {
		rt_str_release(&line);
		epoch_text(&line, ctx, r, --detail);
	}
	rt_say(ctx, reply, "%s", rt_str_text(&line));
	rt_str_release(&line);
}

/* The line for a part of an epoch, without the terms of the loss where they do not fit. */
static void part_line(struct rt_ctx *ctx, const struct rt_fit *f, int64_t total,
		      struct rt_reply *reply)
{
	struct rt_str head = {0}, loss = {0};
	char a[32], b[32];
	int width;

	rt_str_addf(&head, "epoch %" PRId64 "   %s of %s samples   loss ", f->at.epoch + 1,
		    rt_text_count(a, sizeof(a), f->seen), rt_text_count(b, sizeof(b), total));
	loss_text(&loss, ctx, &f->terms[0]);
	rt_str_addf(&loss, "   %.2f s", f->seconds);
	width = rt_text_width(rt_str_text(&head)) + rt_text_width(rt_str_text(&loss));
	if (width > ctx->term->width) {
		rt_str_clear(&loss);
		rt_str_addf(&loss, "%.3f   %.2f s", rt_terms_total(&f->terms[0]), f->seconds);
	}
	rt_say(ctx, reply, "%s%s", rt_str_text(&head), rt_str_text(&loss));
	rt_str_release(&head);
	rt_str_release(&loss);
}

static struct rt_val *terms_value(const struct rt_terms *t)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "total", rt_val_real(rt_terms_total(t)));
	for (int i = 0; i < t->n; i++)
		rt_val_put(v, t->term[i].name, rt_val_real(t->term[i].value));
	return v;
}

static struct rt_val *epoch_value(const struct rt_run *r)
{
	const struct rt_epoch *e = &r->fit->history[r->fit->nhistory - 1];
	const char *score = r->fit->data->task == RT_CLASSIFY ? "accuracy" : "rmse";
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "epoch", rt_val_int(e->epoch));
	rt_val_put(v, "loss", terms_value(&e->terms[0]));
	rt_val_put(v, score, rt_val_real(e->score[0]));
	if (r->control)
		rt_val_put(v, "control", rt_val_real(e->score[1]));
	if (!isnan(e->agreement))
		rt_val_put(v, "agreement", rt_val_real(e->agreement));
	rt_val_put(v, "seconds", rt_val_real(e->seconds));
	return v;
}

static enum rt_status close_epoch(struct moving *mv, struct rt_err *err)
{
	struct rt_fit *f = mv->run->fit;
	const int32_t *index;
	int64_t n;
	float *z;
	enum rt_status status = RT_OK;

	RT_TRY(rt_fit_close_epoch(mv->job, &z, err));
	index = rt_data_part(f->data, RT_PART_TEST, &n);
	if (mv->run->distill && f->data->task == RT_CLASSIFY)
		status = rt_distill_agreement(&f->history[f->nhistory - 1].agreement,
					      mv->run->distill, f->data, index, n, z, err);
	free(z);
	/* the epoch is over; only how far they agree has not been counted to the end */
	return status == RT_ECANCELLED ? RT_OK : status;
}

/* Batches until the epoch ends, most are done, or somebody asks to stop. */
static enum rt_status advance(struct moving *mv, struct rt_ctx *ctx, int64_t most, bool *done,
			      struct rt_err *err)
{
	const struct rt_fit *f = mv->run->fit;
	double started = rt_now() - f->seconds;	/* as if the epoch had not been interrupted */
	char label[64];
	enum rt_status status = RT_OK;

	if (f->at.epoch + 1 <= f->opts.epochs)
		snprintf(label, sizeof(label), "epoch %" PRId64 "/%" PRId64, f->at.epoch + 1,
			 f->opts.epochs);
	else
		snprintf(label, sizeof(label), "epoch %" PRId64, f->at.epoch + 1);
	/* already so where only the test of the epoch was stopped */
	*done = rt_fit_seen(mv->job) == rt_fit_total(mv->job);
	while (most-- > 0 && !*done && status == RT_OK && !rt_cancelled()) {
		status = rt_fit_batch(mv->job, done, err);
		rt_ctx_progress(ctx, label, (double)rt_fit_seen(mv->job),
				(double)rt_fit_total(mv->job), "samples", started);
	}
	rt_ctx_progress_end(ctx);
	return status == RT_ECANCELLED ? RT_OK : status;
}

/* The run stopped between two batches, or before the test: that is a state like any other. */
static enum rt_status stopped(struct moving *mv, struct rt_ctx *ctx, struct rt_reply *reply,
			      struct rt_err *err)
{
	char seen[32], total[32];

	rt_say(ctx, reply, "stopped in epoch %" PRId64 " after %s of %s samples; step finishes it",
	       mv->run->fit->at.epoch + 1, rt_text_count(seen, sizeof(seen), rt_fit_seen(mv->job)),
	       rt_text_count(total, sizeof(total), rt_fit_total(mv->job)));
	rt_ctx_flush(ctx, reply);
	rt_session_mark(ctx->session, "part of an epoch");
	return rt_fail(err, RT_ECANCELLED, "stopped in epoch %" PRId64, mv->run->fit->at.epoch + 1);
}

static enum rt_status one_epoch(struct rt_ctx *ctx, const char *name, struct rt_reply *reply,
				struct rt_err *err)
{
	struct moving mv = {0};
	char *label;
	bool done;
	enum rt_status status;

	RT_TRY(begin(&mv, ctx, name, err));
	status = advance(&mv, ctx, INT64_MAX, &done, err);
	if (status == RT_OK && done)
		status = close_epoch(&mv, err);
	if (status == RT_ECANCELLED || (status == RT_OK && !done))
		status = stopped(&mv, ctx, reply, err);
	rt_fit_end(mv.job);
	if (status != RT_OK)
		return status;
	epoch_line(ctx, mv.run, reply);
	rt_ctx_flush(ctx, reply);
	rt_val_free(reply->value);
	reply->value = epoch_value(mv.run);
	label = rt_sprintf("epoch %" PRId64 " of %s", mv.run->fit->at.epoch, mv.run->student);
	rt_session_mark(ctx->session, label);
	free(label);
	return RT_OK;
}

enum rt_status rt_run_epochs(struct rt_ctx *ctx, const char *name, int64_t n,
			     struct rt_reply *reply, struct rt_err *err)
{
	while (n-- > 0)
		RT_TRY(one_epoch(ctx, name, reply, err));
	return RT_OK;
}

enum rt_status rt_run_batches(struct rt_ctx *ctx, const char *name, int64_t n,
			      struct rt_reply *reply, struct rt_err *err)
{
	struct moving mv = {0};
	bool done;
	enum rt_status status;

	RT_TRY(begin(&mv, ctx, name, err));
	status = advance(&mv, ctx, n, &done, err);
	if (status == RT_OK && done && (status = close_epoch(&mv, err)) == RT_OK) {
		epoch_line(ctx, mv.run, reply);
		reply->value = epoch_value(mv.run);
	} else if (status == RT_ECANCELLED || (status == RT_OK && rt_cancelled())) {
		status = stopped(&mv, ctx, reply, err);
	} else if (status == RT_OK) {
		part_line(ctx, mv.run->fit, rt_fit_total(mv.job), reply);
		reply->value = terms_value(&mv.run->fit->terms[0]);
	}
	rt_fit_end(mv.job);
	return status;
}
