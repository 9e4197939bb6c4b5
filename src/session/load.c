/* load.c - reads an archive into a new state, which takes the session's place when whole. */
#include "config.h"

#include "session/checkpoint.h"
#include "base/mem.h"
#include "session/load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- members of the archive --------------------------------------------------------------- */

enum rt_status load_extract(unsigned char **out, size_t *len, const struct load *l,
			    const char *name, struct rt_err *err)
{
	for (int i = 0; i < l->zip.n; i++) {
		if (strcmp(l->zip.entry[i].name, name) != 0)
			continue;
		*len = l->zip.entry[i].len;
		return rt_zip_extract(out, &l->zip, i, err);
	}
	return rt_fail(err, RT_EFORMAT, "no part \"%s\"; it is no checkpoint, or damaged", name);
}

/* --- data sets ---------------------------------------------------------------------------- */

static bool is_set(const struct rt_data *d, const struct rec_data *rec)
{
	char hash[REC_HASH];

	return strcmp(d->name, rec->name) == 0 && strcmp(rec_data_hash(hash, d), rec->hash) == 0;
}

/* A set that the session has already, borrowed, or NULL. */
static struct rt_data *find_set(const struct load *l, const struct rec_data *rec)
{
	const struct state *now = &l->session->now;

	for (int i = 0; i < now->ndata; i++)
		if (is_set(now->data[i], rec))
			return now->data[i];
	for (int i = 0; i < now->nruns; i++)
		if (is_set(now->run[i]->fit->data, rec))
			return now->run[i]->fit->data;
	return NULL;
}

static enum rt_status another_set(const struct load *l, const struct rec_data *rec,
				  struct rt_err *err)
{
	char hash[REC_HASH];

	for (int i = 0; i < l->session->now.ndata; i++) {
		const struct rt_data *d = l->session->now.data[i];

		if (strcmp(d->name, rec->name) == 0)
			return rt_fail(err, RT_EFORMAT,
				       "data set \"%s\" (hash %s) is not the one of the "
				       "checkpoint (hash %s)",
				       d->name, rec_data_hash(hash, d), rec->hash);
	}
	return rt_fail(err, RT_ENOTFOUND,
		       "data set \"%s\" (hash %s) did not come from a file and is not "
		       "loaded; load it first",
		       rec->name, rec->hash);
}

static enum rt_status make_set(struct rt_data **out, const struct load *l,
			       const struct rec_data *rec, struct rt_err *err)
{
	char hash[REC_HASH];

	if (!rec->recipe)
		return another_set(l, rec, err);
	if (rt_data_again(out, rec->name, rec->recipe, err) != RT_OK)
		return rt_wrap(err, "data set \"%s\"", rec->name);
	if (is_set(*out, rec))
		return RT_OK;
	rt_fail(err, RT_EFORMAT,
		"data set \"%s\" from %s has changed: hash %s, the checkpoint's is %s", rec->name,
		(*out)->source, rec_data_hash(hash, *out), rec->hash);
	rt_data_unref(*out);
	return err->status;
}

static enum rt_status load_set(struct load *l, const struct rec_data *rec, struct rt_err *err)
{
	struct state *st = &l->state;
	struct rt_data *d = find_set(l, rec);

	if (d)
		rt_data_ref(d);
	else
		RT_TRY(make_set(&d, l, rec, err));
	RT_GROW(l->data, l->ndata, l->data_cap);
	l->data[l->ndata++] = d;
	if (rec->listed) {
		st->data = rt_realloc(st->data, (size_t)st->ndata + 1, sizeof(*st->data));
		st->data[st->ndata++] = rt_data_ref(d);
	}
	return RT_OK;
}

static enum rt_status load_data(struct load *l, struct rt_err *err)
{
	struct rec_data rec;
	enum rt_status status = RT_OK;

	while (status == RT_OK && rec_is(&l->text, &rec_data)) {
		RT_TRY(rec_read(&l->text, &rec_data, &rec, err));
		status = load_set(l, &rec, err);
		rt_params_release(&rec_data, &rec);
	}
	if (status == RT_OK && (l->current < -1 || l->current >= l->state.ndata))
		status = rt_fail(err, RT_EFORMAT, "data set %" PRId64 " of %d is in use",
				 l->current, l->state.ndata);
	if (status == RT_OK && l->current >= 0)
		l->state.current = l->state.data[l->current];
	return status;
}

/* --- models ------------------------------------------------------------------------------- */

static enum rt_status load_model(struct load *l, const struct rec_model *rec, struct rt_err *err)
{
	struct state *st = &l->state;
	struct rt_model *m;
	unsigned char *bytes;
	enum rt_status status;
	size_t len = 0;

	RT_TRY(load_extract(&bytes, &len, l, rec->file, err));
	status = rt_model_unpack(&m, bytes, len, rec->file, err);
	free(bytes);
	RT_TRY(status);
	free(m->name);
	m->name = rt_strdup(rec->name);
	RT_GROW(l->model, l->nmodels, l->model_cap);
	l->model[l->nmodels++] = m;
	if (rec->listed) {
		st->model = rt_realloc(st->model, (size_t)st->nmodels + 1, sizeof(*st->model));
		st->model[st->nmodels++] = rt_model_ref(m);
	}
	return RT_OK;
}

static enum rt_status load_models(struct load *l, struct rt_err *err)
{
	struct rec_model rec;
	enum rt_status status = RT_OK;

	while (status == RT_OK && rec_is(&l->text, &rec_model)) {
		RT_TRY(rec_read(&l->text, &rec_model, &rec, err));
		status = load_model(l, &rec, err);
		rt_params_release(&rec_model, &rec);
	}
	return status;
}

/* --- the whole ---------------------------------------------------------------------------- */

static enum rt_status load_session(struct load *l, struct rt_err *err)
{
	struct rec_checkpoint first;
	struct rec_session rec;
	enum rt_status status;

	RT_TRY(rec_read(&l->text, &rec_checkpoint, &first, err));
	if (first.version != RECORDS_VERSION)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "a checkpoint of version %" PRId64 "; this program reads "
			       "version %d",
			       first.version, RECORDS_VERSION);
	RT_TRY(rec_read(&l->text, &rec_session, &rec, err));
	l->state.draws = (uint64_t)rec.draws;
	l->current = rec.current;
	status = rec_get_rng(&l->state.rng, &rec.rng, err);
	rt_params_release(&rec_session, &rec);
	return status;
}

static enum rt_status load_records(struct load *l, struct rt_err *err)
{
	RT_TRY(load_session(l, err));
	RT_TRY(load_data(l, err));
	RT_TRY(load_models(l, err));
	RT_TRY(load_runs(l, err));
	return rec_read(&l->text, &rec_end, NULL, err);
}

static enum rt_status load_all(struct load *l, const unsigned char *bytes, size_t len,
			       const char *path, struct rt_err *err)
{
	unsigned char *text;
	enum rt_status status;
	size_t text_len;

	RT_TRY(rt_zip_open(&l->zip, bytes, len, path, err));
	if (load_extract(&text, &text_len, l, RECORDS_FILE, err) != RT_OK)
		return rt_wrap(err, "%s", path);
	rec_begin(&l->text, (const char *)text);
	status = load_records(l, err);
	if (status != RT_OK)
		rt_wrap(err, "%s", path);
	rec_end_reading(&l->text);
	free(text);
	return status;
}

/* The new state takes the place of the old one.  How the models were made is in their journals
 * already, so that this command is not added. */
static void take_over(struct load *l)
{
	struct rt_session *s = l->session;

	rt_state_release(&s->now);
	s->now = l->state;
	l->state = (struct state){0};
	for (int i = 0; i < s->now.nmodels; i++)
		rt_strings_add(&s->logged, s->now.model[i]->name);
}

enum rt_status rt_checkpoint_load(struct rt_session *session, const char *path, struct rt_err *err)
{
	struct load l = {.session = session};
	unsigned char *bytes;
	enum rt_status status;
	size_t len;

	RT_ASSERT(session->open);
	RT_TRY(rt_file_read(&bytes, &len, path, err));
	status = load_all(&l, bytes, len, path, err);
	if (status == RT_OK)
		take_over(&l);
	rt_state_release(&l.state);
	for (int i = 0; i < l.nmodels; i++)
		rt_model_unref(l.model[i]);
	for (int i = 0; i < l.ndata; i++)
		rt_data_unref(l.data[i]);
	free(l.model);
	free(l.data);
	rt_zip_release(&l.zip);
	free(bytes);
	return status;
}
