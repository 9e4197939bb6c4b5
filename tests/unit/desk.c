/* desk.c - a session worked with as the commands do it. */
#include "config.h"

#include "desk.h"

#include "base/file.h"
#include "session/checkpoint.h"
#include "train/predict.h"

static struct rt_err err;

struct rt_data *desk_toy(void)
{
	return toy_classes(100, 20, 5, 3, 1);
}

struct rt_session *desk_distilling(void)
{
	struct rt_distill_opts o = {.temperature = 2.5, .hard = 0.3, .soft = 0.7};
	struct rt_session *s = rt_session_new(21);

	desk_data(s, desk_toy(), "toy");
	desk_model(s, "m", DESK_STUDENT, 3);
	desk_model(s, "t", "dense 16; relu; dense 3", 4);
	desk_train(s, "t", 0, NULL);
	desk_epochs(s, 1);
	desk_distill(s, "t", "m", "m.control", o, true, WORDS("-batch", "16"));
	desk_epochs(s, 2);
	desk_batches(s, 3);
	return s;
}

void desk_data(struct rt_session *s, struct rt_data *d, const char *name)
{
	free(d->name);
	d->name = rt_strdup(name);
	rt_session_begin(s, "data load");
	rt_session_put_data(s, d);
	rt_session_commit(s);
}

void desk_model(struct rt_session *s, const char *name, const char *layers, uint64_t seed)
{
	struct rt_data *d;

	assert_ok(rt_session_get_data(&d, s, NULL, &err));
	rt_session_begin(s, "model new");
	rt_session_put_model(s, rt_model_new(name, toy_net(layers, d, seed), layers));
	rt_session_commit(s);
}

void desk_drop_model(struct rt_session *s, const char *name)
{
	rt_session_begin(s, "model drop");
	assert_ok(rt_session_drop_model(s, name, &err));
	rt_session_commit(s);
}

static struct rt_fit_opts options(struct rt_session *s, int n, const char *const *words)
{
	struct rt_fit_opts o = toy_opts(n, words);

	o.seed = rt_session_draw(s, "run");
	return o;
}

void desk_train(struct rt_session *s, const char *model, int n, const char *const *words)
{
	struct rt_fit_opts o;
	struct rt_data *d;

	assert_ok(rt_session_get_data(&d, s, NULL, &err));
	rt_session_begin(s, "train");
	o = options(s, n, words);
	rt_session_put_run(s, rt_run_new(model, NULL, NULL, toy_fit(d, &o)));
	rt_session_commit(s);
	toy_opts_release(&o);
}

void desk_distill(struct rt_session *s, const char *teacher, const char *student,
		  const char *control, struct rt_distill_opts o, bool cache, int n,
		  const char *const *words)
{
	const struct rt_objective *const objective[2] = {&rt_objective_distill, &rt_objective_hard};
	const struct rt_row *method;
	void *self[2] = {NULL, NULL};
	struct rt_distill *distill;
	struct rt_fit_opts fit_opts;
	struct rt_data *d;
	struct rt_fit *f;
	struct rt_run *r;

	assert_ok(rt_session_get_data(&d, s, NULL, &err));
	assert_ok(rt_list_get(&method, &rt_methods, "soft_targets", &err));
	rt_session_begin(s, "distill");
	fit_opts = options(s, n, words);
	assert_ok(rt_distill_new(&distill, (const struct rt_method *)method, &o,
				 desk_get(s, teacher), rt_graph_width(desk_get(s, student)->graph),
				 d, cache ? rt_session_logits(s) : NULL, &err));
	self[0] = distill;
	assert_ok(rt_fit_new(&f, d, &fit_opts, control ? 2 : 1, objective, self, &err));
	if (control)
		rt_session_put_model(s, rt_model_clone(desk_get(s, student), control));
	r = rt_run_new(student, teacher, control, f);
	r->teacher_score = 51.25;
	rt_session_put_run(s, r);
	rt_session_commit(s);
	toy_opts_release(&fit_opts);
}

/* The run and its models, ours to change. */
static struct rt_fit *edit(struct rt_session *s, struct rt_graph **graph)
{
	struct rt_model *m;
	struct rt_run *r;

	graph[1] = NULL;
	assert_ok(rt_session_edit_run(&r, s, NULL, &err));
	for (int i = 0; i < r->fit->nlearners; i++) {
		assert_ok(rt_session_edit_model(&m, s, i ? r->control : r->student, &err));
		graph[i] = m->graph;
	}
	return r->fit;
}

void desk_epochs(struct rt_session *s, int n)
{
	struct rt_graph *graph[2];

	for (int i = 0; i < n; i++) {
		struct rt_fit *f;
		char label[32];

		rt_session_begin(s, "step");
		f = edit(s, graph);
		toy_epochs(f, graph[0], graph[1], 1);
		snprintf(label, sizeof(label), "epoch %d", (int)f->at.epoch);
		rt_session_mark(s, label);
		rt_session_commit(s);
	}
}

void desk_batches(struct rt_session *s, int n)
{
	struct rt_graph *graph[2];
	struct rt_fit *f;

	rt_session_begin(s, "step -batches");
	f = edit(s, graph);
	toy_batches(f, graph[0], graph[1], n);
	rt_session_commit(s);
}

struct rt_model *desk_get(struct rt_session *s, const char *model)
{
	struct rt_model *m;

	assert_ok(rt_session_get_model(&m, s, model, &err));
	return m;
}

struct rt_fit *desk_fit(struct rt_session *s)
{
	struct rt_run *r;

	assert_ok(rt_session_get_run(&r, s, NULL, &err));
	return r->fit;
}

void desk_undo(struct rt_session *s, int n)
{
	struct rt_str what = {0};

	assert_ok(rt_session_undo(s, n, &what, &err));
	rt_str_release(&what);
}

void desk_redo(struct rt_session *s, int n)
{
	struct rt_str what = {0};

	assert_ok(rt_session_redo(s, n, &what, &err));
	rt_str_release(&what);
}

void desk_save(struct rt_session *s, const char *path)
{
	unsigned char *bytes;
	int64_t told;
	size_t len;

	assert_ok(rt_checkpoint_save(s, path, &told, &err));
	assert_ok(rt_file_read(&bytes, &len, path, &err));
	assert_int_equal(told, len);
	free(bytes);
}

enum rt_status desk_load(struct rt_session *s, const char *path, struct rt_err *error)
{
	enum rt_status status;

	rt_session_begin(s, "checkpoint load");
	status = rt_checkpoint_load(s, path, error);
	if (status == RT_OK)
		rt_session_commit(s);
	else
		rt_session_rollback(s);
	return status;
}

char *desk_history(struct rt_session *s)
{
	struct rt_str undo = {0}, redo = {0};

	rt_session_history(s, &undo, &redo);
	rt_str_release(&redo);
	return rt_str_take(&undo);
}

static void assert_same_text(const char *a, const char *b)
{
	assert_string_equal(a ? a : "(none)", b ? b : "(none)");
}

static void assert_same_run(const struct rt_run *a, const struct rt_run *b)
{
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->student, b->student);
	assert_same_text(a->teacher, b->teacher);
	assert_same_text(a->control, b->control);
	assert_true(a->teacher_score == b->teacher_score ||
		    (isnan(a->teacher_score) && isnan(b->teacher_score)));
	assert_int_equal(a->distill != NULL, b->distill != NULL);
	if (a->distill)
		assert_true(toy_same(a->distill->teacher->graph, b->distill->teacher->graph));
	assert_true(toy_same_fit(a->fit, b->fit));
}

void desk_assert_same(struct rt_session *a, struct rt_session *b)
{
	struct rt_model *const *ma, *const *mb;
	struct rt_data *const *da, *const *db;
	struct rt_run *const *ra, *const *rb;
	int na, nb;

	ma = rt_session_models(a, &na);
	mb = rt_session_models(b, &nb);
	assert_int_equal(na, nb);
	for (int i = 0; i < na; i++) {
		assert_string_equal(ma[i]->name, mb[i]->name);
		assert_same_text(ma[i]->journal, mb[i]->journal);
		assert_same_text(ma[i]->origin, mb[i]->origin);
		assert_true(toy_same(ma[i]->graph, mb[i]->graph));
	}
	da = rt_session_data(a, &na);
	db = rt_session_data(b, &nb);
	assert_int_equal(na, nb);
	for (int i = 0; i < na; i++) {
		assert_string_equal(da[i]->name, db[i]->name);
		assert_int_equal(da[i]->hash, db[i]->hash);
	}
	ra = rt_session_runs(a, &na);
	rb = rt_session_runs(b, &nb);
	assert_int_equal(na, nb);
	for (int i = 0; i < na; i++)
		assert_same_run(ra[i], rb[i]);
	assert_int_equal(rt_session_draw(a, "probe"), rt_session_draw(b, "probe"));
}
