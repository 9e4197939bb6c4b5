/* undo.c - snapshots of the state, going back and forward among them. */
#include "config.h"

#include "session/impl.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void rt_state_copy(struct state *to, const struct state *from)
{
	*to = *from;
	to->model = rt_memdup(from->model, (size_t)from->nmodels, sizeof(*to->model));
	to->data = rt_memdup(from->data, (size_t)from->ndata, sizeof(*to->data));
	to->run = rt_memdup(from->run, (size_t)from->nruns, sizeof(*to->run));
	for (int i = 0; i < to->nmodels; i++)
		rt_model_ref(to->model[i]);
	for (int i = 0; i < to->ndata; i++)
		rt_data_ref(to->data[i]);
	for (int i = 0; i < to->nruns; i++)
		to->run[i]->refs++;
}

void rt_state_release(struct state *s)
{
	for (int i = 0; i < s->nmodels; i++)
		rt_model_unref(s->model[i]);
	for (int i = 0; i < s->ndata; i++)
		rt_data_unref(s->data[i]);
	for (int i = 0; i < s->nruns; i++)
		rt_run_unref(s->run[i]);
	free(s->model);
	free(s->data);
	free(s->run);
	*s = (struct state){0};
}

static bool same_list(const void *a, const void *b, int na, int nb)
{
	return na == nb && (na == 0 || memcmp(a, b, (size_t)na * sizeof(void *)) == 0);
}

bool rt_state_same(const struct state *a, const struct state *b)
{
	return same_list(a->model, b->model, a->nmodels, b->nmodels) &&
	       same_list(a->data, b->data, a->ndata, b->ndata) &&
	       same_list(a->run, b->run, a->nruns, b->nruns) && a->current == b->current &&
	       a->rng.key == b->rng.key;
}

static void release_snapshot(struct snapshot *s)
{
	free(s->label);
	rt_state_release(&s->state);
	*s = (struct snapshot){0};
}

void rt_snapshots_clear(struct snapshots *list)
{
	for (int i = 0; i < list->n; i++)
		release_snapshot(&list->item[i]);
	list->n = 0;
}

/* --- memory ------------------------------------------------------------------------------- */

/* The storage of a tensor. */
struct held {
	uintptr_t id;
	int64_t bytes;
};

struct held_list {
	struct held *item;
	int n, cap;
};

static void hold(struct held_list *list, const struct rt_tensor *t)
{
	RT_GROW(list->item, list->n, list->cap);
	list->item[list->n++] = (struct held){(uintptr_t)rt_tensor_storage_id(t),
					      (int64_t)rt_tensor_bytes(t)};
}

static int by_id(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Everything that a state holds, in order of storage, which may come more than once. */
static struct held_list held_by(const struct state *s)
{
	struct held_list list = {0};

	for (int i = 0; i < s->nmodels; i++)
		for (int k = 0; k < s->model[i]->graph->nparams; k++)
			hold(&list, &s->model[i]->graph->params[k].data);
	for (int i = 0; i < s->nruns; i++) {
		for (int l = 0; l < s->run[i]->fit->nlearners; l++) {
			const struct rt_optim *o = &s->run[i]->fit->learner[l].optim;

			for (int k = 0; o->state && k < o->nparams * o->kind->slots; k++)
				hold(&list, &o->state[k]);
		}
	}
	for (int i = 0; i < s->ndata; i++)
		hold(&list, &s->data[i]->x);
	if (list.n > 0)
		qsort(list.item, (size_t)list.n, sizeof(*list.item), by_id);
	return list;
}

/* Bytes that a state holds and the one behind it does not. */
static int64_t bytes_apart(const struct state *s, const struct state *next)
{
	struct held_list own = held_by(s), other = held_by(next);
	int64_t bytes = 0;

	for (int i = 0, k = 0; i < own.n; i++) {
		if (i > 0 && own.item[i].id == own.item[i - 1].id)
			continue;
		while (k < other.n && other.item[k].id < own.item[i].id)
			k++;
		if (k == other.n || other.item[k].id != own.item[i].id)
			bytes += own.item[i].bytes;
	}
	free(own.item);
	free(other.item);
	return bytes;
}

void rt_history_trim(struct rt_session *s)
{
	int64_t bytes = 0;
	int first = s->undo.n;

	while (first > 0) {
		bytes += s->undo.item[first - 1].bytes;
		if (bytes > s->undo_budget)
			break;
		first--;
	}
	for (int i = 0; i < first; i++)
		release_snapshot(&s->undo.item[i]);
	memmove(s->undo.item, s->undo.item + first,
		(size_t)(s->undo.n - first) * sizeof(*s->undo.item));
	s->undo.n -= first;
}

/* next: the state that takes its place. */
static void push(struct snapshots *list, struct snapshot s, const struct state *next)
{
	s.bytes = bytes_apart(&s.state, next);
	RT_GROW(list->item, list->n, list->cap);
	list->item[list->n++] = s;
}

/* --- changes ------------------------------------------------------------------------------ */

void rt_session_begin(struct rt_session *s, const char *command)
{
	RT_ASSERT(!s->open);
	pthread_mutex_lock(&s->turning);
	s->open = true;
	s->command = rt_strdup(command);
	s->before.label = rt_strdup(command);
	rt_state_copy(&s->before.state, &s->now);
	pthread_mutex_unlock(&s->turning);
}

static bool is_logged(const struct rt_session *s, const char *name)
{
	for (int i = 0; i < s->logged.n; i++)
		if (strcmp(s->logged.v[i], name) == 0)
			return true;
	return false;
}

void rt_session_told(struct rt_session *s, const char *name)
{
	rt_strings_add(&s->logged, name);
}

/* Writes the command into the journal of every model it has made or changed. */
static void log_command(struct rt_session *s)
{
	for (int i = 0; i < s->now.nmodels; i++) {
		struct rt_model *m = s->now.model[i];
		bool old = false;

		for (int k = 0; k < s->before.state.nmodels; k++)
			old = old || s->before.state.model[k] == m;
		if (old || is_logged(s, m->name))
			continue;
		rt_model_log(m, s->command);
		rt_strings_add(&s->logged, m->name);
	}
}

static void mark(struct rt_session *s, const char *label)
{
	if (rt_state_same(&s->before.state, &s->now))
		return;
	log_command(s);
	free(s->before.label);
	s->before.label = rt_strdup(label);
	push(&s->undo, s->before, &s->now);
	rt_snapshots_clear(&s->redo);
	s->before.label = rt_strdup(s->command);
	rt_state_copy(&s->before.state, &s->now);
	rt_history_trim(s);
}

void rt_session_mark(struct rt_session *s, const char *label)
{
	RT_ASSERT(s->open);
	pthread_mutex_lock(&s->turning);
	mark(s, label);
	pthread_mutex_unlock(&s->turning);
}

static void close_change(struct rt_session *s)
{
	free(s->command);
	s->command = NULL;
	for (int i = 0; i < s->logged.n; i++)
		free(s->logged.v[i]);
	free(s->logged.v);
	s->logged = (struct rt_strings){0};
	s->open = false;
}

void rt_session_commit(struct rt_session *s)
{
	char *label = rt_strdup(s->before.label);

	RT_ASSERT(s->open);
	pthread_mutex_lock(&s->turning);
	mark(s, label);
	free(label);
	release_snapshot(&s->before);
	close_change(s);
	pthread_mutex_unlock(&s->turning);
}

void rt_session_rollback(struct rt_session *s)
{
	RT_ASSERT(s->open);
	pthread_mutex_lock(&s->turning);
	rt_state_release(&s->now);
	s->now = s->before.state;
	free(s->before.label);
	s->before = (struct snapshot){0};
	close_change(s);
	pthread_mutex_unlock(&s->turning);
}

/* Moves the newest snapshot of from into the present, and the present to the end of to. */
static void travel(struct rt_session *s, struct snapshots *from, struct snapshots *to,
		   struct rt_str *what)
{
	struct snapshot target = from->item[--from->n];

	rt_str_addf(what, "%s\n", target.label);
	push(to, (struct snapshot){.label = target.label, .state = s->now}, &target.state);
	s->now = target.state;
}

static enum rt_status too_far(int have, int64_t n, const char *verb, const char *done,
			      struct rt_err *err)
{
	if (have == 0)
		return rt_fail(err, RT_EINVAL, "there is nothing to %s", verb);
	return rt_fail(err, RT_EINVAL, "only %d step%s can be %s, not %" PRId64, have,
		       have == 1 ? "" : "s", done, n);
}

enum rt_status rt_session_undo(struct rt_session *s, int64_t n, struct rt_str *what,
			       struct rt_err *err)
{
	RT_ASSERT(!s->open);
	if (n > s->undo.n)
		return too_far(s->undo.n, n, "undo", "undone", err);
	pthread_mutex_lock(&s->turning);
	while (n-- > 0)
		travel(s, &s->undo, &s->redo, what);
	pthread_mutex_unlock(&s->turning);
	return RT_OK;
}

enum rt_status rt_session_redo(struct rt_session *s, int64_t n, struct rt_str *what,
			       struct rt_err *err)
{
	RT_ASSERT(!s->open);
	if (n > s->redo.n)
		return too_far(s->redo.n, n, "redo", "redone", err);
	pthread_mutex_lock(&s->turning);
	while (n-- > 0)
		travel(s, &s->redo, &s->undo, what);
	pthread_mutex_unlock(&s->turning);
	return RT_OK;
}

void rt_session_history(const struct rt_session *s, struct rt_str *undo, struct rt_str *redo)
{
	for (int i = s->undo.n - 1; i >= 0; i--)
		rt_str_addf(undo, "%s\n", s->undo.item[i].label);
	for (int i = s->redo.n - 1; i >= 0; i--)
		rt_str_addf(redo, "%s\n", s->redo.item[i].label);
}
