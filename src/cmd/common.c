/* common.c - what the commands share. */
#include "config.h"

#include "cmd/common.h"
#include "base/mem.h"
#include "exec/plan.h"
#include "train/predict.h"
#include "train/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the text that fits into `width` columns ends: before a blank, or all of it. */
static size_t fitting(const char *text, size_t n, int width)
{
	size_t last = 0;

	if (n <= (size_t)width) /* bytes; a little early for signs outside ASCII, never late */
		return n;
	for (size_t i = 1; i < n; i++)
		if (text[i] == ' ' && (last == 0 || i <= (size_t)width))
			last = i;
	return last ? last : n;
}

/* Facts stand three blanks apart; a line that is too long goes on below, indented, at such a place,
 * and a fact that is too long for a line between its words. */
static void add_wrapped(struct rt_str *out, const char *line, int width)
{
	int used = 0;

	while (*line) {
		const char *end = strstr(line, "   ");
		size_t n, part;
		bool below;

		while (end && (end == line || end[3] == ' '))
			end = strstr(end + 1, "   ");
		n = end ? (size_t)(end - line) : strlen(line);
		below = used && used + 3 + (int)n > width;
		if (used)
			rt_str_add(out, below ? "\n  " : "   ");
		used = below ? 2 : used ? used + 3 : 0;
		while ((part = fitting(line, n, width - used)) < n) {
			rt_str_addn(out, line, part);
			rt_str_add(out, "\n  ");
			used = 2;
			line += part + 1;
			n -= part + 1;
		}
		rt_str_addn(out, line, n);
		used += (int)n;
		line += n;
		line += *line ? 3 : 0;
	}
}

/* One line without its end. */
static void add_line(const struct rt_ctx *ctx, struct rt_str *out, const char *line)
{
	struct rt_str plain = {0};

	rt_text_add(&plain, line, ctx->term->unicode);
	if (rt_text_width(rt_str_text(&plain)) > ctx->term->width)
		add_wrapped(out, rt_str_text(&plain), ctx->term->width);
	else
		rt_str_add(out, rt_str_text(&plain));
	rt_str_addc(out, '\n');
	rt_str_release(&plain);
}

void rt_say(const struct rt_ctx *ctx, struct rt_reply *reply, const char *fmt, ...)
{
	va_list ap;
	char *text, *line, *end;

	va_start(ap, fmt);
	text = rt_vsprintf(fmt, ap);
	va_end(ap);
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		add_line(ctx, &reply->text, line);
	}
	add_line(ctx, &reply->text, line);
	free(text);
}

const char *rt_times(const struct rt_ctx *ctx)
{
	return ctx->term->unicode ? "·" : "*";
}

struct rt_style rt_ctx_style(const struct rt_ctx *ctx)
{
	return (struct rt_style){.width = ctx->term->width, .colors = ctx->term->colors,
				 .unicode = ctx->term->unicode};
}

char *rt_score_text(char buf[RT_NUM], const struct rt_data *d, double score)
{
	char number[RT_NUM];

	rt_num_real(number, score, d->task == RT_CLASSIFY ? 2 : 3);
	if (d->task == RT_CLASSIFY)
		snprintf(buf, RT_NUM, "%.40s %%", number);
	else
		snprintf(buf, RT_NUM, "RMSE %.40s", number);
	return buf;
}

char *rt_score_difference(char buf[RT_NUM], const struct rt_data *d, double score, double base)
{
	return rt_num_signed(buf, score - base, d->task == RT_CLASSIFY ? 2 : 3);
}

enum rt_status rt_sample_get(struct rt_sample *s, struct rt_session *session, const char *name,
			     int64_t place, struct rt_err *err)
{
	const int32_t *index;
	int64_t n;

	*s = (struct rt_sample){.place = place, .label = -1};
	RT_TRY(rt_session_get_data(&s->data, session, name, err));
	index = rt_data_part(s->data, RT_PART_TEST, &n);
	if (place < 0 || place >= n)
		return rt_fail(err, RT_EINVAL,
			       "-sample must be from 0 to %" PRId64 " (the test part of \"%s\"), "
			       "got %" PRId64,
			       n - 1, s->data->name, place);
	s->number = index[place];
	if (s->data->task == RT_CLASSIFY)
		s->label = rt_data_label(s->data, s->number);
	s->x = rt_alloc((size_t)rt_shape_count(&s->data->sample), sizeof(float));
	rt_data_fill_x(s->data, &s->number, 1, s->x);
	return RT_OK;
}

enum rt_status rt_sample_logits(float **z, const struct rt_sample *s, const struct rt_model *m,
				struct rt_err *err)
{
	RT_TRY(rt_graph_fits(m->graph, m->name, s->data, err));
	return rt_predict(z, m->graph, s->data, &s->number, 1, err);
}

enum rt_status rt_test_score(double *score, const struct rt_model *m, const struct rt_data *d,
			     struct rt_err *err)
{
	struct rt_metrics metrics;
	const int32_t *index;
	int64_t n;
	float *z;

	index = rt_data_part(d, RT_PART_TEST, &n);
	RT_TRY(rt_predict(&z, m->graph, d, index, n, err));
	rt_metrics_eval(&metrics, d, index, n, z);
	*score = rt_metrics_score(&metrics);
	rt_metrics_release(&metrics);
	free(z);
	return RT_OK;
}

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

enum rt_role rt_model_role(struct rt_session *s, const char *name, int i, int n)
{
	struct rt_run *const *runs;
	int nruns;

	runs = rt_session_runs(s, &nruns);
	for (int k = nruns - 1; k >= 0; k--) {
		if (same(runs[k]->teacher, name))
			return RT_TEACHER;
		if (same(runs[k]->control, name))
			return RT_CONTROL;
		if (runs[k]->teacher && same(runs[k]->student, name))
			return RT_STUDENT;
	}
	if (n == 1)
		return RT_OTHER;
	return i == 0 ? RT_TEACHER : i == 1 ? RT_STUDENT : RT_CONTROL;
}

/* Teacher and student of the latest run that has both, else the last model. */
static void default_names(struct rt_strings *names, struct rt_session *s)
{
	struct rt_run *const *runs;
	struct rt_model *const *models;
	int nruns, nmodels;

	runs = rt_session_runs(s, &nruns);
	models = rt_session_models(s, &nmodels);
	for (int i = nruns - 1; i >= 0 && !names->n; i--) {
		if (!runs[i]->teacher)
			continue;
		rt_strings_add(names, runs[i]->teacher);
		rt_strings_add(names, runs[i]->student);
	}
	if (!names->n && nmodels)
		rt_strings_add(names, models[nmodels - 1]->name);
}

enum rt_status rt_models_get(struct rt_model ***models, int *n, struct rt_session *s,
			     const struct rt_strings *names, struct rt_err *err)
{
	struct rt_strings chosen = {0};
	enum rt_status status = RT_OK;

	for (int i = 0; i < names->n; i++)
		rt_strings_add(&chosen, names->v[i]);
	if (!chosen.n)
		default_names(&chosen, s);
	*n = chosen.n;
	*models = rt_alloc((size_t)chosen.n, sizeof(**models));
	if (!chosen.n)
		status = rt_fail(err, RT_ENOTFOUND,
				 "there is no model yet   (try: model new NAME -zoo lenet5)");
	else if (chosen.n > 3)
		status = rt_fail(err, RT_EINVAL, "at most 3 models side by side, got %d", chosen.n);
	for (int i = 0; i < chosen.n && status == RT_OK; i++)
		status = rt_session_get_model(&(*models)[i], s, chosen.v[i], err);
	for (int i = 0; i < chosen.n; i++)
		free(chosen.v[i]);
	free(chosen.v);
	if (status != RT_OK) {
		free(*models);
		*models = NULL;
		*n = 0;
	}
	return status;
}
