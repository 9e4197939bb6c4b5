/* records.c - the rows of a checkpoint's records, and their text. */
#include "config.h"

#include "session/records.h"
#include "base/mem.h"
#include "base/sys.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- rows --------------------------------------------------------------------------------- */

#define FIELD(record, kind, field, text)                                                           \
	{.name = #field, .summary = text, .type = kind, .offset = offsetof(struct record, field)}
#define NEEDED(record, kind, field, text)                                                          \
	{.name = #field, .summary = text, .type = kind, .offset = offsetof(struct record, field),  \
	 .flags = RT_OPT_REQUIRED}
#define COUNT(record, field, text)                                                                 \
	{.name = #field,                                                                           \
	 .summary = text,                                                                          \
	 .type = RT_INT,                                                                           \
	 .offset = offsetof(struct record, field),                                                 \
	 .max = 9e18,                                                                              \
	 .flags = RT_OPT_REQUIRED}
#define ROW(kind, text)                                                                            \
	{.name = #kind,                                                                            \
	 .summary = text,                                                                          \
	 .opts = kind##_opts,                                                                      \
	 .params_size = sizeof(struct rec_##kind)}

static const struct rt_opt checkpoint_opts[] = {
	COUNT(rec_checkpoint, version, "of the format"),
	{0},
};
const struct rt_row rec_checkpoint = ROW(checkpoint, "what the file is");

static const struct rt_opt session_opts[] = {
	NEEDED(rec_session, RT_INTS, rng, "the session's stream of random numbers"),
	COUNT(rec_session, draws, "seeds drawn so far"),
	NEEDED(rec_session, RT_INT, current, "place of the data set in use, or -1"),
	{0},
};
const struct rt_row rec_session = ROW(session, "what belongs to no object");

static const struct rt_opt data_opts[] = {
	NEEDED(rec_data, RT_STRING, name, "what it is called"),
	NEEDED(rec_data, RT_STRING, hash, "of samples, preprocessing and parts"),
	FIELD(rec_data, RT_STRING, source, "where it came from"),
	FIELD(rec_data, RT_STRING, recipe, "how to make it again"),
	NEEDED(rec_data, RT_BOOL, listed, "known to the session by its name"),
	{0},
};
const struct rt_row rec_data = ROW(data, "a data set");

static const struct rt_opt model_opts[] = {
	NEEDED(rec_model, RT_STRING, name, "what it is called"),
	NEEDED(rec_model, RT_STRING, file, "in the archive"),
	NEEDED(rec_model, RT_BOOL, listed, "known to the session by its name"),
	{0},
};
const struct rt_row rec_model = ROW(model, "a model");

static const struct rt_opt run_opts[] = {
	NEEDED(rec_run, RT_STRING, name, "what it is called"),
	NEEDED(rec_run, RT_STRING, student, "name of the model that learns"),
	FIELD(rec_run, RT_STRING, teacher, "name of its teacher"),
	FIELD(rec_run, RT_STRING, control, "name of its twin"),
	NEEDED(rec_run, RT_STRINGS, objectives, "what student and twin learn from"),
	COUNT(rec_run, data, "place of the data set"),
	FIELD(rec_run, RT_REAL, teacher_score, "of the teacher on the test part"),
	COUNT(rec_run, epoch, "epochs done"),
	COUNT(rec_run, at, "samples of the next epoch done"),
	NEEDED(rec_run, RT_INTS, rng, "stream of the batches"),
	FIELD(rec_run, RT_REAL, seconds, "spent on the epoch under way"),
	{0},
};
const struct rt_row rec_run = ROW(run, "a run, and where it stands");

static const struct rt_opt fit_opts[] = {
	{.name = "epochs", .summary = "length of the run", .type = RT_INT,
	 .offset = offsetof(struct rec_fit, fit.epochs), .max = 1e6, .flags = RT_OPT_REQUIRED},
	RT_FIT_OPTS(rec_fit, fit),
	{0},
};
const struct rt_row rec_fit = ROW(fit, "the options of the run");

static const struct rt_opt distill_opts[] = {
	COUNT(rec_distill, teacher, "place of the teacher among the models"),
	COUNT(rec_distill, width, "outputs of the student"),
	NEEDED(rec_distill, RT_STRING, method, "of distillation"),
	NEEDED(rec_distill, RT_REAL, temperature, "T"),
	NEEDED(rec_distill, RT_REAL, hard, "weight of the loss on the labels"),
	NEEDED(rec_distill, RT_REAL, soft, "weight of the loss on the teacher"),
	FIELD(rec_distill, RT_INTS, class_map, "student class of each teacher class"),
	NEEDED(rec_distill, RT_BOOL, cache, "the teacher's logits are kept"),
	{0},
};
const struct rt_row rec_distill = ROW(distill, "how the teacher teaches");

static const struct rt_opt learner_opts[] = {
	COUNT(rec_learner, step, "updates done"),
	NEEDED(rec_learner, RT_INTS, rng, "stream of dropout"),
	FIELD(rec_learner, RT_STRINGS, terms, "losses of the epoch under way"),
	{0},
};
const struct rt_row rec_learner = ROW(learner, "one of the models of a run");

static const struct rt_opt state_opts[] = {
	NEEDED(rec_state, RT_STRING, param, "name of the parameter"),
	COUNT(rec_state, slot, "which of the optimizer's arrays"),
	NEEDED(rec_state, RT_STRING, file, "in the archive"),
	{0},
};
const struct rt_row rec_state = ROW(state, "an array of the optimizer");

static const struct rt_opt epoch_opts[] = {
	COUNT(rec_epoch, epoch, "its number"),
	FIELD(rec_epoch, RT_REAL, lr, "learning rate"),
	FIELD(rec_epoch, RT_REAL, seconds, "time"),
	FIELD(rec_epoch, RT_REAL, agreement, "with the teacher, percent"),
	{.name = "student", .summary = "score, test loss, terms", .type = RT_STRINGS,
	 .offset = offsetof(struct rec_epoch, learner[0]), .flags = RT_OPT_REQUIRED},
	{.name = "control", .summary = "the same of the twin", .type = RT_STRINGS,
	 .offset = offsetof(struct rec_epoch, learner[1])},
	{0},
};
const struct rt_row rec_epoch = ROW(epoch, "what an epoch gave");

const struct rt_row rec_end = {.name = "end", .summary = "nothing follows"};

/* --- text --------------------------------------------------------------------------------- */

void rec_write(struct rt_str *out, const struct rt_row *row, const void *params)
{
	struct rt_str value = {0};

	rt_str_addf(out, "%s\n", row->name);
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		rt_str_clear(&value);
		rt_opt_text(o, params, &value);
		if (!value.len)
			continue;
		rt_str_addf(out, "\t%s ", o->name);
		rt_line_add(out, value.text);
		rt_str_addc(out, '\n');
	}
	rt_str_release(&value);
}

static void next_line(struct records *r)
{
	free(r->line);
	r->line = rt_line_take(&r->rest);
	r->number++;
}

void rec_begin(struct records *r, const char *text)
{
	*r = (struct records){.rest = text};
	next_line(r);
}

void rec_end_reading(struct records *r)
{
	free(r->line);
	*r = (struct records){0};
}

bool rec_is(const struct records *r, const struct rt_row *row)
{
	return r->line && strcmp(r->line, row->name) == 0;
}

/* "\tname value" */
static enum rt_status read_field(const struct records *r, const struct rt_row *row, void *params,
				 uint64_t *given, struct rt_err *err)
{
	char *name = r->line + 1, *value = strchr(name, ' ');
	const struct rt_opt *o;
	uint64_t bit;

	if (!value)
		return rt_fail(err, RT_EFORMAT, "\"%s\" has no value", name);
	*value++ = '\0';
	RT_TRY(rt_opt_get(&o, row, name, err));
	bit = (uint64_t)1 << (o - row->opts);
	if (*given & bit)
		return rt_fail(err, RT_EFORMAT, "\"%s\" is there twice", name);
	*given |= bit;
	return rt_opt_parse(o, params, value, err);
}

static enum rt_status read_fields(struct records *r, const struct rt_row *row, void *params,
				  struct rt_err *err)
{
	uint64_t given = 0;

	for (; r->line && *r->line == '\t'; next_line(r))
		if (read_field(r, row, params, &given, err) != RT_OK)
			return rt_wrap(err, RECORDS_FILE " line %d", r->number);
	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		if ((o->flags & RT_OPT_REQUIRED) && !(given >> (o - row->opts) & 1))
			return rt_fail(err, RT_EFORMAT,
				       RECORDS_FILE " line %d: the %s before has no %s", r->number,
				       row->name, o->name);
	return RT_OK;
}

enum rt_status rec_read(struct records *r, const struct rt_row *row, void *params,
			struct rt_err *err)
{
	if (!rec_is(r, row))
		return rt_fail(err, RT_EFORMAT,
			       RECORDS_FILE " line %d: \"%.40s\" where \"%s\" should be", r->number,
			       r->line ? r->line : "the end", row->name);
	next_line(r);
	rt_params_init(row, params);
	if (read_fields(r, row, params, err) == RT_OK)
		return RT_OK;
	rt_params_release(row, params);
	return err->status = RT_EFORMAT;
}

/* --- values ------------------------------------------------------------------------------- */

/* d->hash leaves the parts out, because a teacher's logits do not depend on them. */
char *rec_data_hash(char buf[REC_HASH], const struct rt_data *d)
{
	uint64_t h = d->hash;

	for (int p = 0; p < 2; p++)
		h = rt_hash(h, d->part[p], (size_t)d->npart[p] * sizeof(*d->part[p]));
	snprintf(buf, REC_HASH, "%016" PRIx64, h);
	return buf;
}

enum { RNG_WORDS = 7 };

void rec_put_rng(struct rt_ints *out, const struct rt_rng *rng)
{
	int64_t v[RNG_WORDS] = {(int64_t)rng->key, (int64_t)rng->counter};

	for (int i = 0; i < 4; i++)
		v[2 + i] = rng->block[i];
	v[6] = rng->left;
	rt_ints_set(out, RNG_WORDS, v);
}

enum rt_status rec_get_rng(struct rt_rng *out, const struct rt_ints *list, struct rt_err *err)
{
	bool good = list->n == RNG_WORDS && list->v[6] >= 0 && list->v[6] <= 4;

	for (int i = 2; good && i < 6; i++)
		good = list->v[i] >= 0 && list->v[i] <= UINT32_MAX;
	if (!good)
		return rt_fail(err, RT_EFORMAT, "a stream of random numbers is damaged");
	memset(out, 0, sizeof(*out));
	out->key = (uint64_t)list->v[0];
	out->counter = (uint64_t)list->v[1];
	for (int i = 0; i < 4; i++)
		out->block[i] = (uint32_t)list->v[2 + i];
	out->left = (int)list->v[6];
	return RT_OK;
}

void rec_put_number(struct rt_strings *out, double v)
{
	struct rt_str text = {0};

	rt_real_text(v, &text);
	rt_strings_add(out, rt_str_text(&text));
	rt_str_release(&text);
}

enum rt_status rec_get_number(double *out, const struct rt_strings *list, int at,
			      struct rt_err *err)
{
	if (at < list->n && strcmp(list->v[at], "nan") == 0)
		*out = NAN;
	else if (at >= list->n || !rt_parse_real(list->v[at], out))
		return rt_fail(err, RT_EFORMAT, "number %d of %d of a loss is damaged", at + 1,
			       list->n);
	return RT_OK;
}

void rec_put_terms(struct rt_strings *out, const struct rt_terms *t)
{
	for (int i = 0; i < t->n; i++) {
		rt_strings_add(out, t->term[i].name);
		rec_put_number(out, t->term[i].weight);
		rec_put_number(out, t->term[i].value);
	}
}

enum rt_status rec_get_terms(struct rt_terms *out, const struct rt_strings *list, int at,
			     struct rt_err *err)
{
	*out = (struct rt_terms){0};
	if (at > list->n || (list->n - at) % 3 || (list->n - at) / 3 > RT_MAX_TERMS)
		return rt_fail(err, RT_EFORMAT,
			       "a loss has %d words, and its terms take 3 each, at most %d",
			       list->n - at, 3 * RT_MAX_TERMS);
	for (; at < list->n; at += 3) {
		double weight, value;

		if (strlen(list->v[at]) >= RT_TERM_NAME)
			return rt_fail(err, RT_EFORMAT, "\"%.40s\" is no term of a loss",
				       list->v[at]);
		RT_TRY(rec_get_number(&weight, list, at + 1, err));
		RT_TRY(rec_get_number(&value, list, at + 2, err));
		rt_terms_add(out, list->v[at], weight, value);
	}
	return RT_OK;
}
