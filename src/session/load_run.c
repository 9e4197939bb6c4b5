/* load_run.c - the runs of a checkpoint: teacher, options, optimizers, position and history. */
#include "config.h"

#include "session/load.h"
#include "base/mem.h"
#include "io/npy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct rt_objective *const objectives[] = {&rt_objective_hard, &rt_objective_distill};

/* The graph of a named model, or NULL: it may have been dropped since its run began. */
static const struct rt_graph *graph_named(const struct load *l, const char *name)
{
	for (int i = 0; i < l->state.nmodels; i++)
		if (strcmp(l->state.model[i]->name, name) == 0)
			return l->state.model[i]->graph;
	return NULL;
}

/* --- teacher and fit ---------------------------------------------------------------------- */

static enum rt_status make_distill(struct rt_distill **out, struct load *l,
				   const struct rec_distill *rec, const struct rt_data *data,
				   struct rt_err *err)
{
	struct rt_distill_opts o = {.temperature = rec->temperature, .hard = rec->hard,
				    .soft = rec->soft, .class_map = rec->class_map};
	const struct rt_row *method;

	if (rec->teacher >= l->nmodels)
		return rt_fail(err, RT_EFORMAT, "model %" PRId64 " of %d is its teacher",
			       rec->teacher, l->nmodels);
	if (!(rec->temperature > 0) || rec->hard < 0 || rec->soft < 0)
		return rt_fail(err, RT_EFORMAT, "temperature %g, hard %g and soft %g cannot be",
			       rec->temperature, rec->hard, rec->soft);
	RT_TRY(rt_list_get(&method, &rt_methods, rec->method, err));
	return rt_distill_new(out, (const struct rt_method *)method, &o, l->model[rec->teacher],
			      rec->width, data, rec->cache ? &l->session->logits : NULL, err);
}

static enum rt_status load_distill(struct rt_distill **out, struct load *l,
				   const struct rt_data *data, struct rt_err *err)
{
	struct rec_distill rec;
	enum rt_status status;

	*out = NULL;
	if (!rec_is(&l->text, &rec_distill))
		return RT_OK;
	RT_TRY(rec_read(&l->text, &rec_distill, &rec, err));
	status = make_distill(out, l, &rec, data, err);
	rt_params_release(&rec_distill, &rec);
	return status;
}

/* Who learns what: the objectives, each with what it needs. */
static enum rt_status find_objectives(const struct rt_objective **objective, void **self,
				      const struct rec_run *rec, struct rt_distill *distill,
				      struct rt_err *err)
{
	int n = rec->objectives.n;
	bool taught;

	if (n < 1 || n > RT_MAX_LEARNERS || (n == 2) != (rec->control != NULL) ||
	    !distill != !rec->teacher)
		return rt_fail(err, RT_EFORMAT,
			       "%d learners, %s teacher and %s control do not go together", n,
			       rec->teacher ? "a" : "no", rec->control ? "a" : "no");
	for (int i = 0; i < n; i++) {
		objective[i] = NULL;
		for (size_t k = 0; k < RT_COUNT(objectives); k++)
			if (strcmp(objectives[k]->name, rec->objectives.v[i]) == 0)
				objective[i] = objectives[k];
		taught = objective[i] == &rt_objective_distill;
		self[i] = taught ? distill : NULL;
		if (!objective[i] || taught != (distill && i == 0))
			return rt_fail(err, RT_EFORMAT, "learner %d cannot learn \"%s\"", i + 1,
				       rec->objectives.v[i]);
	}
	return RT_OK;
}

static enum rt_status make_fit(struct rt_fit **out, struct load *l, const struct rec_run *rec,
			       struct rt_data *data, struct rt_err *err)
{
	const struct rt_objective *objective[RT_MAX_LEARNERS];
	void *self[RT_MAX_LEARNERS];
	struct rec_fit opts;
	struct rt_distill *distill;
	enum rt_status status;

	RT_TRY(rec_read(&l->text, &rec_fit, &opts, err));
	status = load_distill(&distill, l, data, err);
	if (status == RT_OK) {
		status = find_objectives(objective, self, rec, distill, err);
		if (status == RT_OK)	/* which takes over distill */
			status = rt_fit_new(out, data, &opts.fit, rec->objectives.n, objective,
					    self, err);
		else
			rt_distill_unref(distill);
	}
	rt_params_release(&rec_fit, &opts);
	return status;
}

/* --- where it stands ---------------------------------------------------------------------- */

/* A member that must be f32 of this shape. */
static enum rt_status load_array(struct rt_tensor *out, const struct load *l, const char *name,
				 const struct rt_shape *shape, struct rt_err *err)
{
	char have[96], want[96];
	unsigned char *bytes;
	enum rt_status status;
	size_t len = 0;

	RT_TRY(load_extract(&bytes, &len, l, name, err));
	status = rt_npy_parse(out, bytes, len, name, err);
	free(bytes);
	RT_TRY(status);
	if (out->dtype == RT_F32 && rt_shape_equal(&out->shape, shape))
		return RT_OK;
	rt_fail(err, RT_EFORMAT, "%s is %s of %s, its parameter f32 of %s", name,
		rt_dtype(out->dtype)->row.name, rt_shape_text(have, sizeof(have), &out->shape),
		rt_shape_text(want, sizeof(want), shape));
	rt_tensor_release(out);
	return RT_EFORMAT;
}

/* The optimizer's arrays for one model, in the order of its parameters. */
static enum rt_status load_state(struct load *l, struct rt_optim *o, const struct rt_graph *g,
				 const struct rec_state *rec, struct rt_err *err)
{
	const struct rt_param *p = g ? rt_graph_param(g, rt_graph_find_value(g, rec->param)) : NULL;
	struct rt_tensor *t;

	if (!p || rec->slot >= o->kind->slots)
		return rt_fail(err, RT_EFORMAT,
			       "array %" PRId64 " of \"%s\" belongs to no parameter", rec->slot,
			       rec->param);
	if (!o->state) {
		o->nparams = g->nparams;
		o->state = rt_alloc((size_t)(g->nparams * o->kind->slots), sizeof(*o->state));
	}
	t = &o->state[(p - g->params) * o->kind->slots + rec->slot];
	if (t->storage)
		return rt_fail(err, RT_EFORMAT, "array %" PRId64 " of \"%s\" is there twice",
			       rec->slot, rec->param);
	return load_array(t, l, rec->file, &p->data.shape, err);
}

/* A parameter has all of its arrays, or none before its first update. */
static enum rt_status check_states(const struct rt_optim *o, const struct rt_graph *g,
				   struct rt_err *err)
{
	for (int i = 0; o->state && i < o->nparams; i++) {
		int have = 0;

		for (int k = 0; k < o->kind->slots; k++)
			have += o->state[i * o->kind->slots + k].storage != NULL;
		if (have && have < o->kind->slots)
			return rt_fail(err, RT_EFORMAT,
				       "%d of the %d arrays that %s keeps for \"%s\"", have,
				       o->kind->slots, o->kind->row.name,
				       g->values[g->params[i].value].name);
	}
	return RT_OK;
}

static enum rt_status load_states(struct load *l, struct rt_optim *o, const struct rt_graph *g,
				  struct rt_err *err)
{
	struct rec_state rec;
	enum rt_status status = RT_OK;

	while (status == RT_OK && rec_is(&l->text, &rec_state)) {
		RT_TRY(rec_read(&l->text, &rec_state, &rec, err));
		status = load_state(l, o, g, &rec, err);
		rt_params_release(&rec_state, &rec);
	}
	return status == RT_OK ? check_states(o, g, err) : status;
}

static enum rt_status load_learner(struct load *l, struct rt_fit *f, int i, const char *name,
				   struct rt_err *err)
{
	struct rt_learner *learner = &f->learner[i];
	struct rec_learner rec;
	enum rt_status status;

	RT_TRY(rec_read(&l->text, &rec_learner, &rec, err));
	learner->optim.step = rec.step;
	status = rec_get_rng(&learner->rng, &rec.rng, err);
	if (status == RT_OK)
		status = rec_get_terms(&f->terms[i], &rec.terms, 0, err);
	rt_params_release(&rec_learner, &rec);
	RT_TRY(status);
	return load_states(l, &learner->optim, graph_named(l, name), err);
}

static enum rt_status get_epoch(struct rt_epoch *e, const struct rec_epoch *rec, int n,
				struct rt_err *err)
{
	*e = (struct rt_epoch){.epoch = rec->epoch, .lr = rec->lr, .seconds = rec->seconds,
			       .agreement = rec->agreement};
	for (int i = 0; i < n; i++) {
		RT_TRY(rec_get_number(&e->score[i], &rec->learner[i], 0, err));
		RT_TRY(rec_get_number(&e->test_loss[i], &rec->learner[i], 1, err));
		RT_TRY(rec_get_terms(&e->terms[i], &rec->learner[i], 2, err));
	}
	return RT_OK;
}

static enum rt_status load_history(struct load *l, struct rt_fit *f, struct rt_err *err)
{
	struct rec_epoch rec;
	struct rt_epoch e;
	enum rt_status status = RT_OK;

	while (status == RT_OK && rec_is(&l->text, &rec_epoch)) {
		RT_TRY(rec_read(&l->text, &rec_epoch, &rec, err));
		status = get_epoch(&e, &rec, f->nlearners, err);
		rt_params_release(&rec_epoch, &rec);
		if (status != RT_OK)
			break;
		rt_fit_add_epoch(f, &e);
	}
	return status;
}

/* An epoch that is over has been closed, so that a run always stands before some batch. */
static enum rt_status set_position(struct rt_fit *f, const struct rec_run *rec, struct rt_err *err)
{
	if (rec->at >= f->data->npart[RT_PART_TRAIN])
		return rt_fail(err, RT_EFORMAT,
			       "sample %" PRId64 " of an epoch of %" PRId64 " is next", rec->at,
			       f->data->npart[RT_PART_TRAIN]);
	f->at.epoch = rec->epoch;
	f->at.at = f->seen = rec->at;
	f->seconds = isnan(rec->seconds) ? 0 : rec->seconds;
	return rec_get_rng(&f->at.rng, &rec->rng, err);
}

static enum rt_status fill_fit(struct load *l, struct rt_fit *f, const struct rec_run *rec,
			       struct rt_err *err)
{
	RT_TRY(set_position(f, rec, err));
	for (int i = 0; i < f->nlearners; i++)
		RT_TRY(load_learner(l, f, i, i ? rec->control : rec->student, err));
	return load_history(l, f, err);
}

static enum rt_status load_run(struct load *l, const struct rec_run *rec, struct rt_err *err)
{
	struct state *st = &l->state;
	struct rt_fit *fit;
	struct rt_run *r;

	if (rec->data >= l->ndata)
		return rt_fail(err, RT_EFORMAT, "data set %" PRId64 " of %d is its own", rec->data,
			       l->ndata);
	RT_TRY(make_fit(&fit, l, rec, l->data[rec->data], err));
	if (fill_fit(l, fit, rec, err) != RT_OK) {
		rt_fit_unref(fit);
		return err->status;
	}
	r = rt_run_new(rec->student, rec->teacher, rec->control, fit);
	r->name = rt_strdup(rec->name);
	r->teacher_score = rec->teacher_score;
	st->run = rt_realloc(st->run, (size_t)st->nruns + 1, sizeof(*st->run));
	st->run[st->nruns++] = r;
	return RT_OK;
}

enum rt_status load_runs(struct load *l, struct rt_err *err)
{
	struct rec_run rec;
	enum rt_status status = RT_OK;

	while (status == RT_OK && rec_is(&l->text, &rec_run)) {
		RT_TRY(rec_read(&l->text, &rec_run, &rec, err));
		status = load_run(l, &rec, err);
		if (status != RT_OK)
			rt_wrap(err, "%s", rec.name);
		rt_params_release(&rec_run, &rec);
	}
	return status;
}
