/* look.c - making a look at the session, and asking it. */
#include "config.h"

#include "session/look.h"
#include "session/impl.h"
#include "base/mem.h"
#include "base/sys.h"
#include "explain/explain.h"
#include "train/metrics.h"
#include "train/predict.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double default_temperature = 4;

struct rt_focus *rt_session_focus(struct rt_session *s)
{
	return &s->focus;
}

/* --- asking -------------------------------------------------------------------------------- */

int rt_look_find(const struct rt_look *l, const char *name)
{
	for (int i = 0; name && i < l->nmodels; i++)
		if (strcmp(l->model[i]->name, name) == 0)
			return i;
	return -1;
}

int rt_look_pair(const struct rt_look *l, int pair[2])
{
	int n = 0, at;

	if (l->has_run) {
		at = rt_look_find(l, l->run.teacher);
		if (at >= 0)
			pair[n++] = at;
		at = rt_look_find(l, l->run.student);
		if (at >= 0)
			pair[n++] = at;
	}
	if (n == 0 && l->nmodels > 0)
		pair[n++] = l->nmodels - 1;
	return n;
}

uint64_t rt_name_key(const char *name)
{
	return rt_hash(1, name, strlen(name)) | 1;
}

int rt_look_shown(const struct rt_look *l, const struct rt_focus *f)
{
	uint64_t key = atomic_load(&f->model);
	int pair[2], n = rt_look_pair(l, pair);

	for (int i = 0; key && i < l->nmodels; i++)
		if (rt_name_key(l->model[i]->name) == key)
			return i;
	return n ? pair[n - 1] : -1;
}

int64_t rt_look_place(const struct rt_look *l, const struct rt_focus *f)
{
	int64_t place = atomic_load(&f->place), n = l->data ? l->data->npart[RT_PART_TEST] : 0;

	return place < n ? place : n - 1;
}

double rt_look_temperature(const struct rt_look *l, const struct rt_focus *f)
{
	double T = atomic_load(&f->temperature);

	if (T > 0)
		return T;
	return l->has_run && !isnan(l->run.temperature) ? l->run.temperature : default_temperature;
}

const float *rt_look_logits(const struct rt_look *l, int i, int64_t place)
{
	const struct rt_model_facts *f = l->model[i];

	return f->logits && place >= 0 && place < f->n ? f->logits + place * f->width : NULL;
}

static bool is_sought(const struct rt_look *l, enum rt_seek how, const int pair[2], int n,
		      int64_t place)
{
	const float *z[2] = {NULL, NULL};
	int answer[2] = {-1, -1};

	for (int i = 0; i < n; i++) {
		z[i] = rt_look_logits(l, pair[i], place);
		if (!z[i])
			return false;
		answer[i] = rt_argmax(z[i], l->model[pair[i]]->width);
	}
	if (how == RT_SEEK_DISAGREE)
		return n == 2 && answer[0] != answer[1];
	return answer[n - 1] != rt_data_label(l->data, l->data->part[RT_PART_TEST][place]);
}

enum rt_status rt_look_seek(int64_t *place, const struct rt_look *l, enum rt_seek how, int64_t from,
			    struct rt_err *err)
{
	int64_t total = l->data ? l->data->npart[RT_PART_TEST] : 0;
	int pair[2], n = rt_look_pair(l, pair);

	if (total == 0)
		return rt_fail(err, RT_ENOTFOUND, "there is no data yet   (try: data load mnist)");
	*place = how == RT_SEEK_PREVIOUS ? (from + total - 1) % total : (from + 1) % total;
	if (how == RT_SEEK_NEXT || how == RT_SEEK_PREVIOUS)
		return RT_OK;
	if (l->data->task != RT_CLASSIFY || n < (how == RT_SEEK_DISAGREE ? 2 : 1))
		return rt_fail(err, RT_ENOTFOUND, how == RT_SEEK_DISAGREE
			       ? "teacher and student of one run are needed   (try: distill)"
			       : "a model that answers with classes is needed   (try: model new)");
	for (int64_t i = 0; i < total; i++, *place = (*place + 1) % total)
		if (is_sought(l, how, pair, n, *place))
			return RT_OK;
	return rt_fail(err, RT_ENOTFOUND, "among %" PRId64 " test samples %s", total,
		       how == RT_SEEK_WRONG ? "every answer is right" : "the models agree on all");
}

/* --- making -------------------------------------------------------------------------------- */

static void add_models(struct rt_look *l, struct rt_session *s, const struct rt_look *last)
{
	struct rt_model *const *models;
	int n, at;

	models = rt_session_models(s, &n);
	l->model = rt_alloc((size_t)n, sizeof(struct rt_model_facts *));
	for (int i = 0; i < n; i++) {
		struct rt_model_facts *f, *known = NULL;
		struct rt_err err;

		at = last ? rt_look_find(last, models[i]->name) : -1;
		if (at >= 0)
			known = last->model[at];
		if (rt_model_facts_take(&f, models[i], l->data, known, &err) == RT_OK) {
			l->model[l->nmodels++] = f;
		} else if (known) {
			known->refs++;
			l->model[l->nmodels++] = known;
		}
	}
}

static void keep_models(struct rt_look *l, const struct rt_look *last)
{
	l->model = rt_memdup(last->model, (size_t)last->nmodels, sizeof(struct rt_model_facts *));
	l->nmodels = last->nmodels;
	for (int i = 0; i < l->nmodels; i++)
		l->model[i]->refs++;
}

static void add_data(struct rt_look *l, struct rt_session *s)
{
	struct rt_data *const *sets;
	struct rt_err err;
	int n;

	sets = rt_session_data(s, &n);
	if (rt_session_get_data(&l->data, s, NULL, &err) == RT_OK)
		rt_data_ref(l->data);
	else
		l->data = NULL;
	l->set = rt_alloc((size_t)n, sizeof(*l->set));
	for (int i = 0; i < n; i++)
		l->set[l->ndata++] = (struct rt_look_data){
			.name = rt_strdup(sets[i]->name), .train = sets[i]->npart[RT_PART_TRAIN],
			.test = sets[i]->npart[RT_PART_TEST], .current = sets[i] == l->data};
}

static void add_run(struct rt_look *l, struct rt_session *s)
{
	struct rt_run *const *runs, *r;
	int n;

	runs = rt_session_runs(s, &n);
	if (n == 0)
		return;
	r = runs[n - 1];
	l->has_run = true;
	l->run =
		(struct rt_look_run){.name = rt_strdup(r->name),
				     .student = rt_strdup(r->student),
				     .teacher = rt_strdup(r->teacher),
				     .control = rt_strdup(r->control),
				     .teacher_score = r->teacher_score,
				     .temperature = NAN,
				     .hard = 1,
				     .epochs = r->fit->opts.epochs,
				     .nhistory = r->fit->nhistory,
				     .seen = r->fit->seen,
				     .history = rt_memdup(r->fit->history, (size_t)r->fit->nhistory,
							  sizeof(struct rt_epoch)),
				     .now = r->fit->terms[0]};
	if (r->distill) {
		l->run.temperature = r->distill->opts.temperature;
		l->run.hard = r->distill->opts.hard;
		l->run.soft = r->distill->opts.soft;
	}
}

static bool has_convolution(const struct rt_graph *g)
{
	for (int i = 0; i < g->nnodes; i++)
		if (strcmp(g->nodes[i].op->row.name, "Conv") == 0)
			return true;
	return false;
}

/* One method for both models, so that they can be compared: Grad-CAM where both have
 * convolutions. */
static const struct rt_explainer *choose_method(struct rt_model *const *m, int n)
{
	for (int i = 0; i < n; i++)
		if (!has_convolution(m[i]->graph))
			return rt_explainer_find("gradient");
	return rt_explainer_find("grad_cam");
}

/* The models of the pair as they are now; fewer where one is gone or does not fit the data. */
static int fitting_pair(struct rt_model **m, int *index, const struct rt_look *l,
			struct rt_session *s)
{
	int pair[2], n = rt_look_pair(l, pair), kept = 0;
	struct rt_err err;

	for (int i = 0; i < n; i++)
		if (rt_session_get_model(&m[kept], s, l->model[pair[i]]->name, &err) == RT_OK &&
		    rt_graph_fits(m[kept]->graph, m[kept]->name, l->data, &err) == RT_OK)
			index[kept++] = pair[i];
	return kept;
}

static bool add_map(struct rt_look_maps *maps, const struct rt_explainer *method,
		    const struct rt_question *q, int model)
{
	struct rt_attribution a = {0};
	struct rt_err err;
	int64_t h, w;
	float *plane;

	if (rt_explain(&a, method, q, NULL, &err) != RT_OK)
		return false;
	plane = rt_attribution_plane(&a, &h, &w);
	rt_attribution_release(&a);
	if (maps->n && (h != maps->h || w != maps->w)) {
		free(plane);
		return false;
	}
	maps->h = h;
	maps->w = w;
	maps->model[maps->n] = model;
	maps->map[maps->n++] = plane;
	return true;
}

static void add_maps(struct rt_look *l, struct rt_session *s)
{
	struct rt_look_maps *maps = &l->maps;
	struct rt_model *m[RT_LOOK_MAPS];
	int index[RT_LOOK_MAPS], n;
	int32_t number;
	float *x;
	struct rt_question q;
	struct rt_err err;
	const struct rt_explainer *method;

	maps->place = rt_look_place(l, &s->focus);
	if (maps->place < 0 || (n = fitting_pair(m, index, l, s)) == 0)
		return;
	number = l->data->part[RT_PART_TEST][maps->place];
	x = rt_alloc((size_t)rt_shape_count(&l->data->sample), sizeof(float));
	rt_data_fill_x(l->data, &number, 1, x);
	q = (struct rt_question){.graph = m[0]->graph, .x = x, .shape = l->data->sample, .seed = 1,
				 .data = l->data};
	method = choose_method(m, n);
	maps->method = method->row.name;
	if (rt_explain_top(&maps->output, &q, &err) == RT_OK) {
		q.output = maps->output;
		for (int i = 0; i < n; i++) {
			q.graph = m[i]->graph;
			add_map(maps, method, &q, index[i]);
		}
	}
	free(x);
}

static void keep_maps(struct rt_look *l, const struct rt_look *last)
{
	size_t n = (size_t)(last->maps.h * last->maps.w);

	l->maps = last->maps;
	for (int i = 0; i < l->maps.n; i++)
		l->maps.map[i] = rt_memdup(last->maps.map[i], n, sizeof(float));
}

static void add_undo(struct rt_look *l, struct rt_session *s)
{
	if (s->undo.n > 0)
		l->undo = rt_strdup(s->undo.item[s->undo.n - 1].label);
}

static struct rt_look *new_look(struct rt_session *s, const struct rt_look *last,
				enum rt_look_depth depth)
{
	struct rt_look *l = rt_alloc(1, sizeof(*l));

	l->number = last ? last->number + 1 : 1;
	add_data(l, s);
	add_run(l, s);
	add_undo(l, s);
	if (depth == RT_LOOK_ALL || !last)
		add_models(l, s, last);
	else
		keep_models(l, last);
	if (depth == RT_LOOK_RUN && last)
		keep_maps(l, last);
	else
		add_maps(l, s);
	return l;
}

static void free_look(struct rt_look *l)
{
	for (int i = 0; i < l->nmodels; i++)
		rt_model_facts_unref(l->model[i]);
	for (int i = 0; i < l->ndata; i++)
		free(l->set[i].name);
	for (int i = 0; i < l->maps.n; i++)
		free(l->maps.map[i]);
	free(l->model);
	free(l->set);
	rt_data_unref(l->data);
	free(l->run.name);
	free(l->run.student);
	free(l->run.teacher);
	free(l->run.control);
	free(l->run.history);
	free(l->undo);
	free(l);
}

/* --- handing out --------------------------------------------------------------------------- */

/* Looks are freed by the thread of the session alone, because they count references to its objects:
 * those that somebody still holds wait for the next time. */
static void drop_unheld(struct rt_looks *looks)
{
	int kept = 0;

	for (int i = 0; i < looks->nold; i++)
		if (looks->old[i]->held)
			looks->old[kept++] = looks->old[i];
		else
			free_look(looks->old[i]);
	looks->nold = kept;
}

const struct rt_look *rt_session_look(struct rt_session *s, enum rt_look_depth depth,
				      const struct rt_look_job *job)
{
	struct rt_looks *looks = &s->looks;
	struct rt_look *fresh = new_look(s, looks->last, depth);

	if (job)
		fresh->job = *job;
	pthread_mutex_lock(&looks->lock);
	RT_GROW(looks->old, looks->nold, looks->cap);
	if (looks->last)
		looks->old[looks->nold++] = looks->last;
	looks->last = fresh;
	drop_unheld(looks);
	pthread_mutex_unlock(&looks->lock);
	return fresh;
}

struct rt_look *rt_session_look_hold(struct rt_session *s)
{
	struct rt_look *l;

	pthread_mutex_lock(&s->looks.lock);
	l = s->looks.last;
	if (l)
		l->held++;
	pthread_mutex_unlock(&s->looks.lock);
	return l;
}

void rt_session_look_release(struct rt_session *s, struct rt_look *look)
{
	pthread_mutex_lock(&s->looks.lock);
	if (look)
		look->held--;
	pthread_mutex_unlock(&s->looks.lock);
}

void rt_looks_init(struct rt_looks *looks)
{
	pthread_mutex_init(&looks->lock, NULL);
}

void rt_looks_release(struct rt_looks *looks)
{
	for (int i = 0; i < looks->nold; i++)
		free_look(looks->old[i]);
	if (looks->last)
		free_look(looks->last);
	free(looks->old);
	pthread_mutex_destroy(&looks->lock);
}
