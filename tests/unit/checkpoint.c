/* checkpoint.c - training goes on from a checkpoint bit for bit. */
#include "config.h"

#include "desk.h"
#include "temp.h"

#include "graph/mask.h"
#include "session/checkpoint.h"

#include <pthread.h>
#include <stdatomic.h>

static struct rt_err err;

/* Saves under a name in the tests' folder; the path is for the caller to free. */
static char *save(struct rt_session *s, const char *name)
{
	char *path = temp_path(name);

	desk_save(s, path);
	return path;
}

static void mask_half(struct rt_session *s, const char *name)
{
	unsigned char *mask;
	struct rt_model *m;

	rt_session_begin(s, "prune");
	assert_ok(rt_session_edit_model(&m, s, name, &err));
	assert_ok(rt_param_mask(&mask, &m->graph->params[0], &err));
	for (int64_t i = 0; i < rt_tensor_count(&m->graph->params[0].data); i += 2)
		mask[i] = 0;
	assert_ok(rt_graph_apply_masks(m->graph, &err));
	rt_session_commit(s);
}

/* --- going on ----------------------------------------------------------------------------- */

static const struct scene {
	const char *net, *words[13];
	bool distill, control, cache, masked;
	int batches;	/* of the epoch under way; an epoch has 5 */
} scenes[] = {
	{"dense 3", {"-batch", "16"}},
	{DESK_STUDENT, {"-batch", "16", "-momentum", "0.5", "-nesterov", "yes"}, .batches = 3},
	{DESK_STUDENT,
	 {"-batch", "16", "-optimizer", "adam", "-schedule", "cosine", "-epochs", "7"},
	 .batches = 1},
	{DESK_STUDENT,
	 {"-batch", "16", "-optimizer", "adamw", "-warmup", "2.5", "-clip", "0.1"},
	 .masked = true},
	{"dense 8; bn; relu; dense 3",
	 {"-batch", "16", "-schedule", "step", "-milestones", "1 2.5 3"}},
	{DESK_STUDENT,
	 {"-batch", "16"},
	 .distill = true,
	 .control = true,
	 .cache = true,
	 .batches = 3},
	{DESK_STUDENT,
	 {"-batch", "16", "-optimizer", "adam", "-weight-decay", "0.1"},
	 .distill = true,
	 .control = true,
	 .masked = true,
	 .batches = 4},
	{"dense 8; tanh; dense 3", {"-batch", "7", "-lr", "0.01"}, .distill = true, .cache = true},
};

static struct rt_session *begin_scene(const struct scene *c)
{
	struct rt_distill_opts o = {.temperature = 2.5, .hard = 0.3, .soft = 0.7};
	struct rt_session *s = rt_session_new(21);
	int n = 0;

	while (c->words[n])
		n++;
	desk_data(s, desk_toy(), "toy");
	desk_model(s, "m", c->net, 3);
	if (c->masked)
		mask_half(s, "m");
	if (c->distill) {
		desk_model(s, "t", "dense 16; relu; dense 3", 4);
		desk_train(s, "t", 0, NULL);
		desk_epochs(s, 1);
		desk_distill(s, "t", "m", c->control ? "m.control" : NULL, o, c->cache, n,
			     c->words);
	} else {
		desk_train(s, "m", n, c->words);
	}
	desk_epochs(s, 2);
	if (c->batches)
		desk_batches(s, c->batches);
	return s;
}

/* The end of the epoch under way, and one more. */
static void go_on(struct rt_session *s)
{
	desk_epochs(s, 2);
}

/* Two epochs, a checkpoint, another program, two more epochs = four epochs. */
static void a_run_goes_on_bit_for_bit(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(scenes); i++) {
		struct rt_session *straight = begin_scene(&scenes[i]),
				  *resumed = rt_session_new(99);
		char *path = save(straight, "run.ckpt"), *again;
		unsigned char *a, *b;
		size_t na, nb;

		desk_data(resumed, desk_toy(), "toy");
		assert_ok(desk_load(resumed, path, &err));
		again = save(resumed, "again.ckpt");	/* the same bytes once more */
		a = slurp(path, &na);
		b = slurp(again, &nb);
		assert_int_equal(na, nb);
		assert_memory_equal(a, b, na);
		go_on(straight);
		go_on(resumed);
		desk_assert_same(straight, resumed);
		assert_int_equal(desk_fit(resumed)->nhistory, 4);
		free(a);
		free(b);
		free(path);
		free(again);
		rt_session_free(straight);
		rt_session_free(resumed);
	}
}

static void loading_is_one_step_that_undo_takes_back(void **state)
{
	struct rt_session *s = desk_distilling(), *twin = desk_distilling();
	struct rt_session *other = rt_session_new(7);
	char *path = save(s, "undo.ckpt"), *history;

	(void)state;
	desk_data(other, desk_toy(), "toy");
	desk_model(other, "mine", "dense 3", 1);
	assert_ok(desk_load(other, path, &err));
	history = desk_history(other);
	assert_string_equal(history, "checkpoint load\nmodel new\ndata load\n");
	free(history);
	desk_get(other, "m.control");
	desk_undo(other, 1);
	desk_get(other, "mine");
	assert_int_equal(rt_session_get_run(&(struct rt_run *){NULL}, other, NULL, &err),
			 RT_ENOTFOUND);
	desk_redo(other, 1);
	desk_assert_same(other, s);

	/* back to it after going on, and the seeds with it */
	desk_epochs(s, 2);
	assert_ok(desk_load(s, path, &err));
	desk_undo(s, 1);
	assert_int_equal(desk_fit(s)->nhistory, 4);
	desk_redo(s, 1);
	rt_session_draw(twin, "probe");	/* other and s have drawn one */
	desk_epochs(s, 1);
	desk_epochs(twin, 1);
	assert_true(toy_same(desk_get(s, "m")->graph, desk_get(twin, "m")->graph));
	rt_session_free(s);
	rt_session_free(twin);
	rt_session_free(other);
	free(path);
}

/* The teacher of a run is what it was when the run began, and objects may have gone since. */
static void what_only_a_run_holds_is_kept(void **state)
{
	struct rt_distill_opts o = {.temperature = 4, .soft = 1};
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);
	struct rt_run *run;
	struct rt_model *m;
	int64_t map[3] = {1, -1, 0};
	int n;
	char *path;
	void *w;

	(void)state;
	o.class_map = (struct rt_ints){3, map};
	desk_data(s, desk_toy(), "toy");
	desk_model(s, "t", "dense 3", 4);
	desk_model(s, "m", "dense 3", 5);
	desk_distill(s, "t", "m", NULL, o, true, 0, NULL);
	desk_epochs(s, 1);
	rt_session_begin(s, "change the teacher");
	assert_ok(rt_session_edit_model(&m, s, "t", &err));
	assert_ok(rt_tensor_write(&w, &m->graph->params[0].data, &err));
	((float *)w)[0] = 7;
	rt_session_commit(s);
	desk_data(s, toy_classes(40, 10, 5, 3, 2), "next");
	rt_session_begin(s, "data drop");
	assert_ok(rt_session_drop_data(s, "toy", &err));
	rt_session_commit(s);
	path = save(s, "held.ckpt");

	desk_data(back, desk_toy(), "toy");
	desk_data(back, toy_classes(40, 10, 5, 3, 2), "next");
	assert_ok(desk_load(back, path, &err));
	desk_assert_same(s, back);
	rt_session_data(back, &n);
	assert_int_equal(n, 1);
	assert_ok(rt_session_get_run(&run, back, NULL, &err));
	assert_string_equal(run->fit->data->name, "toy");
	assert_true(rt_tensor_get(&desk_get(back, "t")->graph->params[0].data, 0) == 7);
	assert_true(rt_tensor_get(&run->distill->teacher->graph->params[0].data, 0) != 7);
	assert_int_equal(run->distill->opts.class_map.v[1], -1);
	assert_int_equal(run->distill->logits->width, 3);
	desk_epochs(s, 1);
	desk_epochs(back, 1);
	desk_assert_same(s, back);

	free(path);
	desk_drop_model(s, "m");	/* a run without its model is still a history */
	path = save(s, "held.ckpt");
	assert_ok(desk_load(back, path, &err));
	assert_int_equal(desk_fit(back)->nhistory, 2);
	assert_null(desk_fit(back)->learner[0].optim.state);
	free(path);
	rt_session_free(s);
	rt_session_free(back);
}

static void an_empty_session_is_a_session(void **state)
{
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);
	char *path = save(s, "empty.ckpt");

	(void)state;
	assert_ok(desk_load(back, path, &err));
	assert_int_equal(rt_session_draw(s, "x"), rt_session_draw(back, "x"));
	desk_undo(back, 1);
	assert_int_not_equal(rt_session_draw(s, "x"), rt_session_draw(back, "x"));
	free(path);
	rt_session_free(s);
	rt_session_free(back);
}

/* --- data sets ---------------------------------------------------------------------------- */

static struct rt_data *load_words(const char *name, const char *path, int n,
				  const char *const *words)
{
	struct rt_data_load opts;
	struct rt_data *d;

	rt_params_init(&rt_data_load_row, &opts);
	assert_ok(rt_params_parse(&rt_data_load_row, &opts, n, words, &err));
	assert_ok(rt_data_load(&d, name, path, &opts, &err));
	rt_params_release(&rt_data_load_row, &opts);
	return d;
}

static const char table[] = "a,b,kind\n1,2,x\n2,3,y\n3,4,x\n4,5,y\n5,6,x\n6,7,y\n7,8,x\n8,9,y\n";

/* The program's own sets and files are loaded again as they were, options and split included. */
static void data_sets_are_made_again(void **state)
{
	char *csv = temp_text("table.csv", table), *path;
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);
	struct rt_data *d, *cut, *other;

	(void)state;
	d = load_words(
		"cells", csv,
		WORDS("-test", "0.5", "-seed", "7", "-classes", "y x", "-standardize", "no"));
	assert_non_null(strstr(d->recipe, "-classes y x\n"));
	desk_data(s, d, "cells");
	d = load_words("mine", "digits", WORDS("-seed", "4"));
	assert_non_null(strstr(d->recipe, "builtin digits\n-seed 4\n"));
	assert_ok(rt_data_split(&cut, d, 0.25, 9, &err));
	assert_ok(
		rt_data_split(&other, cut, 0.5, 3, &err)); /* takes the place of the first split */
	assert_non_null(strstr(other->recipe, "-seed 4\nsplit 0.5 3\n"));
	assert_null(strstr(other->recipe, "0.25"));
	rt_data_unref(cut);
	rt_data_unref(d);
	desk_data(s, other, "mine");
	path = save(s, "data.ckpt");

	assert_ok(desk_load(back, path, &err));
	desk_assert_same(s, back);
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "mine" : "cells";

		assert_ok(rt_session_get_data(&d, s, name, &err));
		assert_ok(rt_session_get_data(&other, back, name, &err));
		assert_string_equal(d->source, other->source);
		assert_string_equal(d->recipe, other->recipe);
		assert_int_equal(d->npart[1], other->npart[1]);
		assert_memory_equal(d->part[1], other->part[1],
				    (size_t)d->npart[1] * sizeof(int32_t));
	}
	assert_ok(rt_session_get_data(&d, back, NULL, &err));
	assert_string_equal(d->name, "mine");

	/* the parts count: another split of the same samples is another set */
	assert_ok(rt_data_split(&cut, d, 0.5, 4, &err));
	desk_data(back, cut, "mine");
	assert_ok(desk_load(back, path, &err));
	assert_ok(rt_session_get_data(&other, back, "mine", &err));
	assert_ptr_not_equal(other, cut);
	free(path);
	free(csv);
	rt_session_free(s);
	rt_session_free(back);
}

static void data_that_have_changed_are_refused(void **state)
{
	char *csv = temp_text("change.csv", table), *path, *moved;
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);

	(void)state;
	desk_data(s, load_words("cells", csv, 0, NULL), "cells");
	path = save(s, "change.ckpt");
	free(temp_text("change.csv",
		       "a,b,kind\n1,2,x\n2,3,y\n3,4,x\n4,5,y\n5,6,x\n6,7,y\n7,8,x\n8,10,y\n"));
	desk_model(s, "m", "dense 2", 1);
	assert_fails(desk_load(back, path, &err), RT_EFORMAT, "data set \"cells\" from ");
	assert_non_null(strstr(err.msg, "has changed: hash "));
	assert_non_null(strstr(err.msg, "the checkpoint's is "));
	assert_int_equal(unlink(csv), 0);
	assert_fails(desk_load(back, path, &err), RT_ENOTFOUND, "data set \"cells\": ");
	assert_non_null(strstr(err.msg, "No such file"));
	assert_ok(desk_load(s, path, &err));	/* it is loaded here, so the file is not needed */
	rt_session_free(s);
	free(path);

	/* from memory: must be there, with the same samples */
	s = rt_session_new(3);
	desk_data(s, desk_toy(), "toy");
	path = save(s, "memory.ckpt");
	assert_fails(desk_load(back, path, &err), RT_ENOTFOUND,
		     "did not come from a file and is not loaded");
	desk_data(back, toy_classes(100, 20, 5, 3, 2), "toy");
	assert_fails(desk_load(back, path, &err), RT_EFORMAT, "data set \"toy\" (hash ");
	assert_non_null(strstr(err.msg, ") is not the one of the checkpoint (hash "));
	desk_data(back, desk_toy(), "toy");
	assert_ok(desk_load(back, path, &err));
	moved = temp_path("no/such");
	*strrchr(moved, '/') = '\0';
	rmdir(moved);
	strcat(moved, "/x");
	assert_fails(rt_checkpoint_save(s, moved, NULL, &err), RT_EIO, "cannot write");
	assert_fails(desk_load(back, moved, &err), RT_ENOTFOUND, "No such file");
	free(moved);
	free(path);
	free(csv);
	rt_session_free(s);
	rt_session_free(back);
}

/* --- from another thread ------------------------------------------------------------------- */

struct rescuer {
	struct rt_session *session;
	const char *path;
	atomic_int saved;
	enum rt_status status;
};

static void *rescue(void *closure)
{
	struct rescuer *r = closure;
	struct rt_err e;

	for (int i = 0; i < 8 && r->status == RT_OK; i++) {
		r->status = rt_checkpoint_rescue(r->session, r->path, &e);
		r->saved++;
	}
	return NULL;
}

/* While the session goes on, back and forth, each file holds one of its states whole: the last one
 * loads, and goes on.  (Thread sanitizer looks at this test.) */
static void a_session_at_work_is_saved_whole(void **state)
{
	struct rt_session *s = desk_distilling(), *other = rt_session_new(2);
	char *path = temp_path("rescued.ckpt");
	struct rescuer r = {.session = s, .path = path};
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, rescue, &r), 0);
	while (r.saved < 8) {
		desk_batches(s, 1);
		desk_undo(s, 1);
		desk_redo(s, 1);
		desk_undo(s, 1);
	}
	pthread_join(thread, NULL);
	assert_int_equal(r.status, RT_OK);
	desk_data(other, desk_toy(), "toy");
	assert_ok(desk_load(other, path, &err));
	desk_epochs(other, 1);
	rt_session_free(s);
	rt_session_free(other);
	free(path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_goes_on_bit_for_bit),
		cmocka_unit_test(loading_is_one_step_that_undo_takes_back),
		cmocka_unit_test(what_only_a_run_holds_is_kept),
		cmocka_unit_test(an_empty_session_is_a_session),
		cmocka_unit_test(data_sets_are_made_again),
		cmocka_unit_test(data_that_have_changed_are_refused),
		cmocka_unit_test(a_session_at_work_is_saved_whole),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
