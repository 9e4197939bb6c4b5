/* explain.c - the list of methods, and what all of them share. */
#include "config.h"

#include "explain/embed.h"
#include "explain/probe.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW(name) &rt_explainer_##name.row,
static const struct rt_row *const rows[] = {RT_EXPLAINER_LIST(ROW)};
const struct rt_list rt_explainers = {"explainer", rows, RT_COUNT(rows)};

const struct rt_explainer *rt_explainer_find(const char *name)
{
	return (const struct rt_explainer *)rt_list_find(&rt_explainers, name);
}

void rt_attribution_release(struct rt_attribution *a)
{
	free(a->map);
	free(a->layer);
	free(a->layer_map);
	*a = (struct rt_attribution){0};
}

void rt_attribution_map(struct rt_attribution *out, const struct rt_shape *shape)
{
	out->shape = *shape;
	out->map = rt_alloc((size_t)rt_shape_count(shape), sizeof(float));
}

void rt_attribution_note(struct rt_attribution *out, const char *fmt, ...)
{
	size_t used = strlen(out->note);
	va_list args;

	if (used)
		used += (size_t)snprintf(out->note + used, sizeof(out->note) - used, "; ");
	if (used >= sizeof(out->note))
		return;
	va_start(args, fmt);
	vsnprintf(out->note + used, sizeof(out->note) - used, fmt, args);
	va_end(args);
}

static enum rt_status check_map(const struct rt_attribution *a, struct rt_err *err)
{
	int64_t n = rt_shape_count(&a->shape);

	for (int64_t i = 0; i < n; i++)
		if (!isfinite(a->map[i]))
			return rt_fail(err, RT_ENUMERIC,
				       "the map is %g at %" PRId64
				       ", although the model's output is finite",
				       (double)a->map[i], i);
	return RT_OK;
}

/* Then the gradient is that of a value inside the model, whatever the input holds. */
static bool names_layer(const struct rt_explainer *e, const void *params)
{
	const struct rt_opt *o = rt_opt_find(&e->row, "layer");

	return o && o->type == RT_STRING && *(char *const *)((const char *)params + o->offset);
}

static enum rt_status run_words(struct rt_attribution *out, const struct rt_explainer *e,
				const struct rt_question *q, const void *params,
				struct rt_err *err)
{
	struct rt_embedded words;
	enum rt_status status = rt_embed(&words, q, err);

	if (status == RT_OK)
		status = e->run(out, &words.q, params, err);
	if (status == RT_OK)
		rt_embed_sum(out, &words, &q->shape);
	rt_embed_release(&words);
	return status;
}

enum rt_status rt_explain(struct rt_attribution *out, const struct rt_explainer *e,
			  const struct rt_question *q, const void *params, struct rt_err *err)
{
	void *own = NULL;
	enum rt_status status;

	*out = (struct rt_attribution){.f_baseline = NAN, .gap = NAN};
	if (!params) {
		own = rt_alloc(1, e->row.params_size);
		rt_params_init(&e->row, own);
		params = own;
	}
	if (e->of_input && !names_layer(e, params) && q->graph->ninputs == 1 &&
	    q->graph->values[q->graph->inputs[0]].dtype != RT_F32)
		status = run_words(out, e, q, params, err);
	else
		status = e->run(out, q, params, err);
	if (status == RT_OK)
		status = check_map(out, err);
	if (status != RT_OK)
		rt_attribution_release(out);
	if (own)
		rt_params_release(&e->row, own);
	free(own);
	return status;
}

struct asked {
	const struct rt_probe *probe;
	double f;
	int64_t top;
};

/* Keeps f, and which of the numbers behind it is largest. */
static void take_asked(void *ctx, int64_t i, const struct rt_probed *r)
{
	struct asked *a = ctx;
	const struct rt_target *t = &a->probe->target;
	const float *v = rt_plan_value(a->probe->plan, t->value)->data;

	(void)i;
	a->f = r->f;
	for (int64_t k = 1; k < t->n; k++)
		if (v[k] > v[a->top])
			a->top = k;
}

static enum rt_status ask(struct asked *a, const struct rt_question *q, struct rt_err *err)
{
	struct rt_probe p;
	struct rt_variations v = {.n = 1, .take = take_asked, .ctx = a};
	enum rt_status status = rt_probe_open(&p, q, 1, false, -1, err);

	*a = (struct asked){.probe = &p};
	if (status == RT_OK)
		status = rt_probe_run(&p, &v, err);
	rt_probe_close(&p);
	return status;
}

enum rt_status rt_explain_value(double *f, const struct rt_question *q, struct rt_err *err)
{
	struct asked a;

	RT_TRY(ask(&a, q, err));
	*f = a.f;
	return RT_OK;
}

enum rt_status rt_explain_top(int64_t *output, const struct rt_question *q, struct rt_err *err)
{
	struct rt_question any = *q;
	struct asked a;

	any.output = 0;
	any.of = RT_OF_LOGIT;
	RT_TRY(ask(&a, &any, err));
	*output = a.top;
	return RT_OK;
}
