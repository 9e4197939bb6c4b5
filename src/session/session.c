/* session.c - named objects: finding, changing, adding, dropping. */
#include "config.h"

#include "session/impl.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct rt_session *rt_session_new(uint64_t seed)
{
	struct rt_session *s = rt_alloc(1, sizeof(*s));

	rt_rng_seed(&s->now.rng, seed);
	s->seed = seed;
	s->undo_budget = (int64_t)1 << 30;
	rt_looks_init(&s->looks);
	pthread_mutex_init(&s->turning, NULL);
	return s;
}

uint64_t rt_session_seed(const struct rt_session *s)
{
	return s->seed;
}

void rt_session_free(struct rt_session *s)
{
	if (!s)
		return;
	if (s->open)
		rt_session_rollback(s);
	rt_looks_release(&s->looks);
	rt_state_release(&s->now);
	rt_snapshots_clear(&s->undo);
	rt_snapshots_clear(&s->redo);
	free(s->undo.item);
	free(s->redo.item);
	rt_logits_store_release(&s->logits);
	pthread_mutex_destroy(&s->turning);
	free(s);
}

int64_t rt_session_draw(struct rt_session *s, const char *purpose)
{
	struct rt_rng r = rt_rng_split(&s->now.rng, purpose, s->now.draws++);

	return (int64_t)(rt_rng_u32(&r) & 0x7FFFFFFF);
}

struct rt_logits_store *rt_session_logits(struct rt_session *s)
{
	return &s->logits;
}

void rt_session_undo_budget(struct rt_session *s, int64_t bytes)
{
	s->undo_budget = bytes;
	rt_history_trim(s);
}

/* --- runs --------------------------------------------------------------------------------- */

struct rt_run *rt_run_new(const char *student, const char *teacher, const char *control,
			  struct rt_fit *fit)
{
	struct rt_run *r = rt_alloc(1, sizeof(*r));

	r->refs = 1;
	r->student = rt_strdup(student);
	r->teacher = rt_strdup(teacher);
	r->control = rt_strdup(control);
	r->fit = fit;
	r->distill = fit->learner[0].self;
	r->teacher_score = NAN;
	return r;
}

void rt_run_unref(struct rt_run *r)
{
	if (!r || --r->refs > 0)
		return;
	rt_fit_unref(r->fit);
	free(r->name);
	free(r->student);
	free(r->teacher);
	free(r->control);
	free(r);
}

static struct rt_run *clone_run(const struct rt_run *r)
{
	struct rt_run *c = rt_run_new(r->student, r->teacher, r->control, rt_fit_clone(r->fit));

	c->name = rt_strdup(r->name);
	c->teacher_score = r->teacher_score;
	return c;
}

/* --- finding ------------------------------------------------------------------------------ */

/* `no model "studnt"; did you mean "student"?`, or the names there are, or how to make one. */
static enum rt_status missing(const char *noun, const char *name, const char *const *names, int n,
			      const char *make, struct rt_err *err)
{
	const char *near = rt_nearest(name, names, n);
	struct rt_str all = {0};

	for (int i = 0; i < n; i++)
		rt_str_addf(&all, " %s", names[i]);
	if (near)
		rt_fail(err, RT_ENOTFOUND, "no %s \"%s\"; did you mean \"%s\"?", noun, name, near);
	else if (n)
		rt_fail(err, RT_ENOTFOUND, "no %s \"%s\"   (there is:%s)", noun, name,
			rt_str_text(&all));
	else
		rt_fail(err, RT_ENOTFOUND, "no %s \"%s\"   (try: %s)", noun, name, make);
	rt_str_release(&all);
	return RT_ENOTFOUND;
}

static enum rt_status find_model(int *at, const struct rt_session *s, const char *name,
				 struct rt_err *err)
{
	const char **names = rt_alloc((size_t)s->now.nmodels, sizeof(*names));

	*at = -1;
	for (int i = 0; i < s->now.nmodels; i++) {
		names[i] = s->now.model[i]->name;
		if (strcmp(names[i], name) == 0)
			*at = i;
	}
	if (*at < 0 && err)
		missing("model", name, names, s->now.nmodels, "model new NAME -zoo lenet5", err);
	free(names);
	return *at < 0 ? RT_ENOTFOUND : RT_OK;
}

static enum rt_status find_data(int *at, const struct rt_session *s, const char *name,
				struct rt_err *err)
{
	const char **names = rt_alloc((size_t)s->now.ndata, sizeof(*names));

	*at = -1;
	for (int i = 0; i < s->now.ndata; i++) {
		names[i] = s->now.data[i]->name;
		if (strcmp(names[i], name) == 0)
			*at = i;
	}
	if (*at < 0 && err)
		missing("data set", name, names, s->now.ndata, "data load mnist", err);
	free(names);
	return *at < 0 ? RT_ENOTFOUND : RT_OK;
}

static enum rt_status find_run(int *at, const struct rt_session *s, const char *name,
			       struct rt_err *err)
{
	const char **names;

	if (!name && s->now.nruns == 0)
		return rt_fail(err, RT_ENOTFOUND,
			       "no run yet   (try: train MODEL -epochs 3, or distill "
			       "TEACHER STUDENT)");
	*at = s->now.nruns - 1;
	if (!name)
		return RT_OK;
	names = rt_alloc((size_t)s->now.nruns, sizeof(*names));
	*at = -1;
	for (int i = 0; i < s->now.nruns; i++) {
		names[i] = s->now.run[i]->name;
		if (strcmp(names[i], name) == 0)
			*at = i;
	}
	if (*at < 0)
		missing("run", name, names, s->now.nruns, "train MODEL", err);
	free(names);
	return *at < 0 ? RT_ENOTFOUND : RT_OK;
}

/* --- models ------------------------------------------------------------------------------- */

enum rt_status rt_session_get_model(struct rt_model **out, struct rt_session *s, const char *name,
				    struct rt_err *err)
{
	int at;

	RT_TRY(find_model(&at, s, name, err));
	*out = s->now.model[at];
	return RT_OK;
}

enum rt_status rt_session_edit_model(struct rt_model **out, struct rt_session *s, const char *name,
				     struct rt_err *err)
{
	struct rt_model *own;
	int at;

	RT_ASSERT(s->open);
	RT_TRY(find_model(&at, s, name, err));
	if (s->now.model[at]->refs > 1) {
		own = rt_model_clone(s->now.model[at], NULL);
		rt_model_unref(s->now.model[at]);
		s->now.model[at] = own;
	}
	*out = s->now.model[at];
	return RT_OK;
}

void rt_session_put_model(struct rt_session *s, struct rt_model *m)
{
	int at;

	RT_ASSERT(s->open);
	if (find_model(&at, s, m->name, NULL) == RT_OK) {
		rt_model_unref(s->now.model[at]);
	} else {
		at = s->now.nmodels++;
		s->now.model =
			rt_realloc(s->now.model, (size_t)s->now.nmodels, sizeof(*s->now.model));
	}
	s->now.model[at] = m;
}

enum rt_status rt_session_drop_model(struct rt_session *s, const char *name, struct rt_err *err)
{
	int at;

	RT_TRY(find_model(&at, s, name, err));
	rt_model_unref(s->now.model[at]);
	memmove(s->now.model + at, s->now.model + at + 1,
		(size_t)(--s->now.nmodels - at) * sizeof(*s->now.model));
	return RT_OK;
}

struct rt_model *const *rt_session_models(const struct rt_session *s, int *n)
{
	*n = s->now.nmodels;
	return s->now.model;
}

/* --- data sets ---------------------------------------------------------------------------- */

enum rt_status rt_session_get_data(struct rt_data **out, struct rt_session *s, const char *name,
				   struct rt_err *err)
{
	int at;

	if (!name) {
		*out = s->now.current;
		return *out ? RT_OK
			    : rt_fail(err, RT_ENOTFOUND,
				      "no data set is loaded   (try: data load "
				      "mnist)");
	}
	RT_TRY(find_data(&at, s, name, err));
	*out = s->now.data[at];
	return RT_OK;
}

void rt_session_put_data(struct rt_session *s, struct rt_data *d)
{
	int at;

	RT_ASSERT(s->open);
	if (find_data(&at, s, d->name, NULL) == RT_OK) {
		rt_data_unref(s->now.data[at]);
	} else {
		at = s->now.ndata++;
		s->now.data = rt_realloc(s->now.data, (size_t)s->now.ndata, sizeof(*s->now.data));
	}
	s->now.data[at] = d;
	s->now.current = d;
}

enum rt_status rt_session_drop_data(struct rt_session *s, const char *name, struct rt_err *err)
{
	int at;

	RT_TRY(find_data(&at, s, name, err));
	if (s->now.current == s->now.data[at])
		s->now.current = NULL;
	rt_data_unref(s->now.data[at]);
	memmove(s->now.data + at, s->now.data + at + 1,
		(size_t)(--s->now.ndata - at) * sizeof(*s->now.data));
	if (!s->now.current && s->now.ndata)
		s->now.current = s->now.data[s->now.ndata - 1];
	return RT_OK;
}

struct rt_data *const *rt_session_data(const struct rt_session *s, int *n)
{
	*n = s->now.ndata;
	return s->now.data;
}

/* --- runs in the session ------------------------------------------------------------------ */

enum rt_status rt_session_get_run(struct rt_run **out, struct rt_session *s, const char *name,
				  struct rt_err *err)
{
	int at;

	RT_TRY(find_run(&at, s, name, err));
	*out = s->now.run[at];
	return RT_OK;
}

enum rt_status rt_session_edit_run(struct rt_run **out, struct rt_session *s, const char *name,
				   struct rt_err *err)
{
	struct rt_run *own;
	int at;

	RT_ASSERT(s->open);
	RT_TRY(find_run(&at, s, name, err));
	if (s->now.run[at]->refs > 1) {
		own = clone_run(s->now.run[at]);
		rt_run_unref(s->now.run[at]);
		s->now.run[at] = own;
	}
	*out = s->now.run[at];
	return RT_OK;
}

void rt_session_put_run(struct rt_session *s, struct rt_run *r)
{
	RT_ASSERT(s->open);
	r->name = rt_sprintf("run%d", s->now.nruns + 1);
	s->now.run = rt_realloc(s->now.run, (size_t)s->now.nruns + 1, sizeof(*s->now.run));
	s->now.run[s->now.nruns++] = r;
}

struct rt_run *const *rt_session_runs(const struct rt_session *s, int *n)
{
	*n = s->now.nruns;
	return s->now.run;
}

static void add_layers(struct rt_str *out, const struct rt_graph *g)
{
	for (int i = 0; i < g->nnodes; i++)
		rt_str_addf(out, "%s\n", g->nodes[i].name);
}

void rt_session_names(struct rt_session *s, const char *kind, struct rt_str *out)
{
	for (int i = 0; strcmp(kind, "model") == 0 && i < s->now.nmodels; i++)
		rt_str_addf(out, "%s\n", s->now.model[i]->name);
	for (int i = 0; strcmp(kind, "layer") == 0 && i < s->now.nmodels; i++)
		add_layers(out, s->now.model[i]->graph);
	for (int i = 0; strcmp(kind, "data") == 0 && i < s->now.ndata; i++)
		rt_str_addf(out, "%s\n", s->now.data[i]->name);
	for (int i = 0; strcmp(kind, "run") == 0 && i < s->now.nruns; i++)
		rt_str_addf(out, "%s\n", s->now.run[i]->name);
}
