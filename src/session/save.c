/* save.c - writes the session as an archive. */
#include "config.h"

#include "session/checkpoint.h"
#include "base/mem.h"
#include "io/npy.h"
#include "io/zip.h"
#include "session/impl.h"
#include "session/records.h"
#include "train/predict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct save {
	const struct rt_session *session;
	struct rt_zip_writer zip;
	struct rt_str text;
	struct rt_model **model; /* those with a name first, then teachers that only runs hold */
	struct rt_data **data;		/* in the same way */
	int nmodels, ndata, narrays;
};

/* --- members of the archive --------------------------------------------------------------- */

/* Sizes and places are 32-bit numbers in a ZIP file, the count of members a 16-bit one. */
static enum rt_status add_member(struct save *s, const char *name, const void *bytes, size_t len,
				 struct rt_err *err)
{
	enum { HEADERS = 512 };	/* enough for both headers of a member */
	size_t list = ((size_t)s->zip.n + 1) * HEADERS;
	char size[32];

	if (s->zip.n >= UINT16_MAX || len > UINT32_MAX || s->zip.at + len + list > UINT32_MAX)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "the session needs more than %s in %d parts; a "
			       "checkpoint holds 4 GB in 65,535",
			       rt_text_bytes(size, sizeof(size), (double)(s->zip.at + len)),
			       s->zip.n);
	rt_zip_add(&s->zip, name, bytes, len);
	return RT_OK;
}

static enum rt_status save_array(struct save *s, const char *name, const struct rt_tensor *t,
				 struct rt_err *err)
{
	struct rt_str bytes = {0};
	enum rt_status status = rt_npy_pack(&bytes, t, name, err);

	if (status == RT_OK)
		status = add_member(s, name, bytes.text, bytes.len, err);
	rt_str_release(&bytes);
	return status;
}

/* --- objects ------------------------------------------------------------------------------ */

static int place_of(const void *object, const void *list, int n)
{
	const void *const *item = list;

	for (int i = 0; i < n; i++)
		if (item[i] == object)
			return i;
	return -1;
}

/* Everything that is saved once, however many names and runs hold it. */
static void gather(struct save *s)
{
	const struct state *now = &s->session->now;

	s->model = rt_alloc((size_t)(now->nmodels + now->nruns), sizeof(void *));
	s->data = rt_alloc((size_t)(now->ndata + now->nruns), sizeof(void *));
	for (int i = 0; i < now->nmodels; i++)
		s->model[s->nmodels++] = now->model[i];
	for (int i = 0; i < now->ndata; i++)
		s->data[s->ndata++] = now->data[i];
	for (int i = 0; i < now->nruns; i++) {
		const struct rt_run *r = now->run[i];

		if (place_of(r->fit->data, s->data, s->ndata) < 0)
			s->data[s->ndata++] = r->fit->data;
		if (r->distill && place_of(r->distill->teacher, s->model, s->nmodels) < 0)
			s->model[s->nmodels++] = r->distill->teacher;
	}
}

static void save_data(struct save *s)
{
	for (int i = 0; i < s->ndata; i++) {
		struct rt_data *d = s->data[i];
		char hash[REC_HASH];
		struct rec_data rec = {.name = d->name, .hash = rec_data_hash(hash, d),
				       .source = d->source, .recipe = d->recipe,
				       .listed = i < s->session->now.ndata};

		rec_write(&s->text, &rec_data, &rec);
	}
}

static enum rt_status save_models(struct save *s, struct rt_err *err)
{
	enum rt_status status = RT_OK;

	for (int i = 0; i < s->nmodels && status == RT_OK; i++) {
		struct rec_model rec = {.name = s->model[i]->name,
					.file = rt_sprintf("models/%d.onnx", i),
					.listed = i < s->session->now.nmodels};
		unsigned char *bytes;
		size_t len;

		status = rt_model_pack(&bytes, &len, s->model[i], err);
		if (status == RT_OK) {
			status = add_member(s, rec.file, bytes, len, err);
			rec_write(&s->text, &rec_model, &rec);
			free(bytes);
		} else {
			rt_wrap(err, "model \"%s\"", rec.name);
		}
		free(rec.file);
	}
	return status;
}

/* --- runs --------------------------------------------------------------------------------- */

static const struct rt_graph *graph_named(const struct rt_session *s, const char *name)
{
	for (int i = 0; i < s->now.nmodels; i++)
		if (strcmp(s->now.model[i]->name, name) == 0)
			return s->now.model[i]->graph;
	return NULL;
}

/* Arrays that no longer fit the model would be forgotten at the next step, and so are not saved. */
static enum rt_status save_states(struct save *s, const struct rt_optim *o,
				  const struct rt_graph *g, struct rt_err *err)
{
	if (!g || !o->state || !rt_optim_fits(o, g))
		return RT_OK;
	for (int i = 0; i < o->nparams * o->kind->slots; i++) {
		struct rec_state rec = {.slot = i % o->kind->slots};
		enum rt_status status;

		if (!o->state[i].storage)
			continue;
		rec.param = g->values[g->params[i / o->kind->slots].value].name;
		rec.file = rt_sprintf("arrays/%d.npy", s->narrays++);
		status = save_array(s, rec.file, &o->state[i], err);
		rec_write(&s->text, &rec_state, &rec);
		free(rec.file);
		RT_TRY(status);
	}
	return RT_OK;
}

static enum rt_status save_learner(struct save *s, const struct rt_run *r, int i,
				   struct rt_err *err)
{
	const struct rt_learner *l = &r->fit->learner[i];
	struct rec_learner rec = {.step = l->optim.step};

	rec_put_rng(&rec.rng, &l->rng);
	rec_put_terms(&rec.terms, &r->fit->terms[i]);
	rec_write(&s->text, &rec_learner, &rec);
	rt_params_release(&rec_learner, &rec);
	return save_states(s, &l->optim, graph_named(s->session, i ? r->control : r->student), err);
}

static void save_epoch(struct save *s, const struct rt_fit *f, const struct rt_epoch *e)
{
	struct rec_epoch rec = {.epoch = e->epoch, .lr = e->lr, .seconds = e->seconds,
				.agreement = e->agreement};

	for (int i = 0; i < f->nlearners; i++) {
		rec_put_number(&rec.learner[i], e->score[i]);
		rec_put_number(&rec.learner[i], e->test_loss[i]);
		rec_put_terms(&rec.learner[i], &e->terms[i]);
	}
	rec_write(&s->text, &rec_epoch, &rec);
	rt_params_release(&rec_epoch, &rec);
}

static void save_distill(struct save *s, const struct rt_distill *d)
{
	struct rec_distill rec = {
		.teacher = place_of(d->teacher, s->model, s->nmodels), .width = d->width,
		.method = rt_strdup(d->method->row.name), .temperature = d->opts.temperature,
		.hard = d->opts.hard, .soft = d->opts.soft, .cache = d->logits != NULL,
	};

	rt_ints_set(&rec.class_map, d->opts.class_map.n, d->opts.class_map.v);
	rec_write(&s->text, &rec_distill, &rec);
	rt_params_release(&rec_distill, &rec);
}

static void save_position(struct save *s, const struct rt_run *r)
{
	const struct rt_fit *f = r->fit;
	struct rec_run rec = {
		.name = rt_strdup(r->name), .student = rt_strdup(r->student),
		.teacher = rt_strdup(r->teacher), .control = rt_strdup(r->control),
		.data = place_of(f->data, s->data, s->ndata), .teacher_score = r->teacher_score,
		.epoch = f->at.epoch, .at = f->at.at, .seconds = f->seconds,
	};

	for (int i = 0; i < f->nlearners; i++)
		rt_strings_add(&rec.objectives, f->learner[i].objective->name);
	rec_put_rng(&rec.rng, &f->at.rng);
	rec_write(&s->text, &rec_run, &rec);
	rt_params_release(&rec_run, &rec);
}

static enum rt_status save_run(struct save *s, const struct rt_run *r, struct rt_err *err)
{
	struct rec_fit fit = {.fit = r->fit->opts};

	save_position(s, r);
	rec_write(&s->text, &rec_fit, &fit);
	if (r->distill)
		save_distill(s, r->distill);
	for (int i = 0; i < r->fit->nlearners; i++)
		RT_TRY(save_learner(s, r, i, err));
	for (int i = 0; i < r->fit->nhistory; i++)
		save_epoch(s, r->fit, &r->fit->history[i]);
	return RT_OK;
}

/* --- the whole ---------------------------------------------------------------------------- */

static void save_session(struct save *s)
{
	const struct state *now = &s->session->now;
	struct rec_checkpoint first = {RECORDS_VERSION};
	struct rec_session rec = {.draws = (int64_t)now->draws,
				  .current = place_of(now->current, now->data, now->ndata)};

	rec_put_rng(&rec.rng, &now->rng);
	rec_write(&s->text, &rec_checkpoint, &first);
	rec_write(&s->text, &rec_session, &rec);
	rt_params_release(&rec_session, &rec);
}

static enum rt_status save_all(struct save *s, struct rt_err *err)
{
	gather(s);
	save_session(s);
	save_data(s);
	RT_TRY(save_models(s, err));
	for (int i = 0; i < s->session->now.nruns; i++)
		RT_TRY(save_run(s, s->session->now.run[i], err));
	rec_write(&s->text, &rec_end, NULL);
	return add_member(s, RECORDS_FILE, s->text.text, s->text.len, err);
}

enum rt_status rt_checkpoint_save(const struct rt_session *session, const char *path,
				  int64_t *bytes, struct rt_err *err)
{
	struct save s = {.session = session};
	struct rt_out out;
	enum rt_status status;

	RT_TRY(rt_out_begin(&out, path, err));
	s.zip.stream = out.stream;
	status = save_all(&s, err);
	rt_zip_finish(&s.zip);
	if (status == RT_OK && bytes)
		*bytes = ftell(out.stream);
	if (status == RT_OK)
		status = rt_out_commit(&out, err);
	else
		rt_out_abort(&out);
	rt_str_release(&s.text);
	free(s.model);
	free(s.data);
	return status;
}

/* A snapshot is not written to: while the lock keeps it from being released, the session's own
 * thread may go on with the change. */
enum rt_status rt_checkpoint_rescue(struct rt_session *s, const char *path, struct rt_err *err)
{
	struct rt_session before = {0};
	enum rt_status status;

	pthread_mutex_lock(&s->turning);
	before.now = s->open ? s->before.state : s->now;
	if (before.now.nmodels == 0)
		status = rt_fail(err, RT_ENOTFOUND, "there is no model");
	else
		status = rt_checkpoint_save(&before, path, NULL, err);
	pthread_mutex_unlock(&s->turning);
	return status;
}
