/* session.c - named objects, and undo that brings back every bit. */
#include "config.h"

#include "desk.h"

static struct rt_err err;

#define NET "dense 8; relu; dropout 0.2; dense 3"

/* A set "toy", a model "m" and a run of it. */
static struct rt_session *new_desk(void)
{
	struct rt_session *s = rt_session_new(11);

	desk_data(s, toy_classes(100, 20, 5, 3, 1), "toy");
	desk_model(s, "m", NET, 3);
	desk_train(s, "m", WORDS("-batch", "16", "-optimizer", "adam"));
	return s;
}

static void assert_history(struct rt_session *s, const char *undo, const char *redo)
{
	struct rt_str u = {0}, r = {0};

	rt_session_history(s, &u, &r);
	assert_string_equal(rt_str_text(&u), undo);
	assert_string_equal(rt_str_text(&r), redo);
	rt_str_release(&u);
	rt_str_release(&r);
}

/* --- undo --------------------------------------------------------------------------------- */

static void undone_epochs_come_back_bit_for_bit(void **state)
{
	struct rt_session *s = new_desk();
	struct rt_graph *graph[5];
	struct rt_fit *fit[5];

	(void)state;
	for (int e = 0; e < 5; e++) {
		graph[e] = rt_graph_clone(desk_get(s, "m")->graph);
		fit[e] = rt_fit_clone(desk_fit(s));
		if (e == 2)
			desk_batches(s, 3);
		else
			desk_epochs(s, 1);
	}
	for (int round = 0; round < 2; round++) {
		for (int e = 4; e >= 0; e--) {
			desk_undo(s, 1);
			assert_true(toy_same(desk_get(s, "m")->graph, graph[e]));
			assert_true(toy_same_fit(desk_fit(s), fit[e]));
		}
		for (int e = 1; e < 5; e++) {
			desk_redo(s, 1);
			assert_true(toy_same(desk_get(s, "m")->graph, graph[e]));
			assert_true(toy_same_fit(desk_fit(s), fit[e]));
		}
		desk_redo(s, 1);
	}
	/* what follows an undo is what followed the first time: rng, order and moments went back
	 * too */
	desk_undo(s, 4);
	desk_epochs(s, 1);
	assert_true(toy_same(desk_get(s, "m")->graph, graph[2]));
	assert_true(toy_same_fit(desk_fit(s), fit[2]));
	desk_batches(s, 3);
	assert_true(toy_same_fit(desk_fit(s), fit[3]));
	desk_epochs(s, 1);	/* finishes the epoch */
	assert_true(toy_same(desk_get(s, "m")->graph, graph[4]));
	assert_true(toy_same_fit(desk_fit(s), fit[4]));
	for (int e = 0; e < 5; e++) {
		rt_graph_free(graph[e]);
		rt_fit_unref(fit[e]);
	}
	rt_session_free(s);
}

static void a_student_and_its_control_go_back_together(void **state)
{
	struct rt_session *s = new_desk();
	struct rt_distill_opts o = {.temperature = 4, .hard = 0.1, .soft = 0.9};
	struct rt_graph *student, *control;

	(void)state;
	desk_epochs(s, 2);
	desk_model(s, "s", "dense 3", 4);
	desk_distill(s, "m", "s", "s.control", o, true, WORDS("-batch", "16"));
	desk_epochs(s, 1);
	student = rt_graph_clone(desk_get(s, "s")->graph);
	control = rt_graph_clone(desk_get(s, "s.control")->graph);
	assert_false(toy_same(student, control));
	desk_epochs(s, 1);
	desk_undo(s, 1);
	assert_true(toy_same(desk_get(s, "s")->graph, student));
	assert_true(toy_same(desk_get(s, "s.control")->graph, control));
	desk_undo(s, 1);
	assert_true(toy_same(desk_get(s, "s")->graph, desk_get(s, "s.control")->graph));
	desk_undo(s, 1);	/* distill itself: no control, no run of it */
	assert_int_equal(rt_session_get_model(&(struct rt_model *){NULL}, s, "s.control", &err),
			 RT_ENOTFOUND);
	assert_null(desk_fit(s)->learner[0].self);
	rt_graph_free(student);
	rt_graph_free(control);
	rt_session_free(s);
}

static void a_change_forgets_what_could_be_redone(void **state)
{
	struct rt_session *s = new_desk();

	(void)state;
	desk_epochs(s, 2);
	assert_history(s, "epoch 2\nepoch 1\ntrain\nmodel new\ndata load\n", "");
	desk_undo(s, 2);
	assert_history(s, "train\nmodel new\ndata load\n", "epoch 1\nepoch 2\n");
	rt_session_begin(s, "nothing");	/* a command that changes nothing is no step */
	rt_session_commit(s);
	assert_history(s, "train\nmodel new\ndata load\n", "epoch 1\nepoch 2\n");
	desk_model(s, "n", NET, 5);
	assert_history(s, "model new\ntrain\nmodel new\ndata load\n", "");
	rt_session_free(s);
}

static void asking_for_too_many_steps_changes_nothing(void **state)
{
	struct rt_session *s = rt_session_new(1);
	struct rt_str what = {0};

	(void)state;
	assert_fails(rt_session_undo(s, 1, &what, &err), RT_EINVAL, "there is nothing to undo");
	assert_fails(rt_session_redo(s, 1, &what, &err), RT_EINVAL, "there is nothing to redo");
	rt_session_free(s);
	s = new_desk();
	assert_fails(rt_session_undo(s, 4, &what, &err), RT_EINVAL,
		     "only 3 steps can be undone, not 4");
	desk_undo(s, 1);
	assert_fails(rt_session_redo(s, 2, &what, &err), RT_EINVAL,
		     "only 1 step can be redone, not 2");
	assert_string_equal(rt_str_text(&what), "");
	assert_ok(rt_session_undo(s, 2, &what, &err));
	assert_string_equal(rt_str_text(&what), "model new\ndata load\n");
	rt_str_release(&what);
	rt_session_free(s);
}

/* --- changes ------------------------------------------------------------------------------ */

static void a_rollback_restores_every_bit_and_seed(void **state)
{
	struct rt_session *s = new_desk(), *twin = new_desk();
	struct rt_run *run;
	struct rt_model *m;
	int before, after;
	void *w;

	(void)state;
	desk_epochs(s, 1);
	desk_epochs(twin, 1);
	rt_session_models(s, &before);
	rt_session_begin(s, "a command that fails");
	rt_session_draw(s, "weights");
	rt_session_draw(s, "weights");
	assert_ok(rt_session_edit_model(&m, s, "m", &err));
	assert_ok(rt_tensor_write(&w, &m->graph->params[0].data, &err));
	((float *)w)[0] = 99;
	assert_ok(rt_session_edit_run(&run, s, NULL, &err));
	run->fit->at.epoch = 77;
	rt_session_put_model(s, rt_model_clone(m, "new"));
	assert_ok(rt_session_drop_model(s, "m", &err));
	assert_ok(rt_session_drop_data(s, "toy", &err));
	rt_session_rollback(s);
	rt_session_models(s, &after);
	assert_int_equal(before, after);
	desk_assert_same(s, twin);
	rt_session_free(s);
	rt_session_free(twin);
}

static void marks_cut_a_change_into_steps(void **state)
{
	struct rt_session *s = new_desk();
	struct rt_graph *first;
	struct rt_model *m;
	void *w;

	(void)state;
	first = rt_graph_clone(desk_get(s, "m")->graph);
	rt_session_begin(s, "train m -epochs 3");
	for (int i = 0; i < 3; i++) {
		char label[32];

		assert_ok(rt_session_edit_model(&m, s, "m", &err));
		assert_ok(rt_tensor_write(&w, &m->graph->params[0].data, &err));
		((float *)w)[0] = (float)i;
		snprintf(label, sizeof(label), "part %d", i + 1);
		rt_session_mark(s, label);
		rt_session_mark(s, "nothing new");
	}
	assert_ok(rt_session_edit_model(&m, s, "m", &err));
	assert_ok(rt_tensor_write(&w, &m->graph->params[0].data, &err));
	((float *)w)[0] = 3;
	rt_session_rollback(s);	/* of what came after the last mark */
	assert_true(rt_tensor_get(&desk_get(s, "m")->graph->params[0].data, 0) == 2);
	assert_history(s, "part 3\npart 2\npart 1\ntrain\nmodel new\ndata load\n", "");
	desk_undo(s, 2);
	assert_true(rt_tensor_get(&desk_get(s, "m")->graph->params[0].data, 0) == 0);
	desk_undo(s, 1);
	assert_true(toy_same(desk_get(s, "m")->graph, first));
	rt_graph_free(first);
	rt_session_free(s);
}

/* Weights of 4 kB that are new in every step, and room for about four of them. */
static void the_oldest_steps_go_when_memory_is_short(void **state)
{
	struct rt_session *s = rt_session_new(1);
	struct rt_model *m;
	char *history;
	void *w;

	(void)state;
	desk_data(s, toy_classes(20, 5, 100, 3, 1), "toy");
	desk_model(s, "m", "dense 10", 3);
	rt_session_undo_budget(s, 4 * 4200);
	for (int i = 0; i < 10; i++) {
		char label[32];

		snprintf(label, sizeof(label), "step %d", i);
		rt_session_begin(s, label);
		assert_ok(rt_session_edit_model(&m, s, "m", &err));
		assert_ok(rt_tensor_write(&w, &m->graph->params[0].data, &err));
		((float *)w)[0] = (float)i;
		rt_session_commit(s);
	}
	history = desk_history(s);
	assert_string_equal(history, "step 9\nstep 8\nstep 7\nstep 6\n");
	free(history);
	desk_undo(s, 4);
	assert_true(rt_tensor_get(&desk_get(s, "m")->graph->params[0].data, 0) == 5);
	desk_redo(s, 4);
	rt_session_undo_budget(s, 0);
	history = desk_history(s);
	assert_string_equal(history, "");
	free(history);
	rt_session_free(s);
}

static void seeds_follow_from_the_session_and_go_back(void **state)
{
	struct rt_session *a = rt_session_new(5), *b = rt_session_new(5), *c = rt_session_new(6);
	int64_t first = rt_session_draw(a, "weights"), second;

	(void)state;
	assert_int_equal(rt_session_draw(b, "weights"), first);
	assert_int_not_equal(rt_session_draw(c, "weights"), first);
	assert_int_not_equal(rt_session_draw(a, "weights"), first);
	assert_true(first >= 0);
	rt_session_begin(b, "model new");
	second = rt_session_draw(b, "weights");
	rt_session_rollback(b);
	assert_int_equal(rt_session_draw(b, "weights"), second);
	rt_session_free(a);
	rt_session_free(b);
	rt_session_free(c);
}

/* --- objects ------------------------------------------------------------------------------ */

static void what_the_history_holds_is_cloned_before_it_is_changed(void **state)
{
	struct rt_session *s = new_desk();
	struct rt_model *before = desk_get(s, "m"), *m, *again;
	struct rt_run *old, *run;

	(void)state;
	assert_ok(rt_session_get_run(&old, s, NULL, &err));
	rt_session_begin(s, "edit");
	assert_ok(rt_session_edit_model(&m, s, "m", &err));
	assert_ptr_not_equal(m, before);
	assert_ok(rt_session_edit_model(&again, s, "m", &err));
	assert_ptr_equal(m, again);	/* once a change */
	assert_ok(rt_session_edit_run(&run, s, "run1", &err));
	assert_ptr_not_equal(run, old);
	assert_string_equal(run->name, "run1");
	rt_session_commit(s);
	assert_ptr_equal(desk_get(s, "m"), m);
	desk_undo(s, 1);
	assert_ptr_equal(desk_get(s, "m"), before);
	rt_session_free(s);
}

static void dropped_objects_come_back(void **state)
{
	struct rt_session *s = new_desk();
	struct rt_model *m = desk_get(s, "m"), *none;
	struct rt_data *first, *second, *d;

	(void)state;
	assert_ok(rt_session_get_data(&first, s, NULL, &err));
	desk_data(s, toy_classes(30, 5, 5, 3, 2), "second");
	assert_ok(rt_session_get_data(&second, s, NULL, &err));
	assert_string_equal(second->name, "second");	/* the latest is in use */
	rt_session_begin(s, "drop");
	assert_ok(rt_session_drop_model(s, "m", &err));
	assert_ok(rt_session_drop_data(s, "second", &err));
	rt_session_commit(s);
	assert_fails(rt_session_get_model(&none, s, "m", &err), RT_ENOTFOUND,
		     "no model \"m\"   (try: model new NAME -zoo lenet5)");
	assert_ok(rt_session_get_data(&d, s, NULL, &err));
	assert_ptr_equal(d, first);
	assert_int_equal(desk_fit(s)->data->n, 100);	/* the run keeps its data */
	desk_undo(s, 1);
	assert_ptr_equal(desk_get(s, "m"), m);
	assert_ok(rt_session_get_data(&d, s, NULL, &err));
	assert_ptr_equal(d, second);
	rt_session_begin(s, "drop all");
	assert_ok(rt_session_drop_data(s, "toy", &err));
	assert_ok(rt_session_drop_data(s, "second", &err));
	rt_session_commit(s);
	assert_fails(rt_session_get_data(&d, s, NULL, &err), RT_ENOTFOUND, "no data set is loaded");
	rt_session_free(s);
}

static void a_name_is_given_to_the_newest(void **state)
{
	struct rt_session *s = new_desk();
	struct rt_model *old = desk_get(s, "m");
	int n;

	(void)state;
	desk_model(s, "m", "dense 3", 9);
	rt_session_models(s, &n);
	assert_int_equal(n, 1);
	assert_ptr_not_equal(desk_get(s, "m"), old);
	desk_data(s, toy_classes(30, 5, 5, 3, 2), "toy");
	rt_session_data(s, &n);
	assert_int_equal(n, 1);
	desk_undo(s, 2);
	assert_ptr_equal(desk_get(s, "m"), old);
	rt_session_free(s);
}

static void unknown_names_get_a_suggestion(void **state)
{
	struct rt_session *s = rt_session_new(1);
	struct rt_model *m;
	struct rt_data *d;
	struct rt_run *r;

	(void)state;
	assert_fails(rt_session_get_run(&r, s, NULL, &err), RT_ENOTFOUND,
		     "no run yet   (try: train MODEL");
	assert_fails(rt_session_get_data(&d, s, "mnst", &err), RT_ENOTFOUND,
		     "no data set \"mnst\"   (try: data load mnist)");
	rt_session_free(s);
	s = new_desk();
	desk_model(s, "student", "dense 3", 1);
	assert_fails(rt_session_get_model(&m, s, "studnt", &err), RT_ENOTFOUND,
		     "no model \"studnt\"; did you mean \"student\"?");
	assert_fails(rt_session_get_model(&m, s, "professor", &err), RT_ENOTFOUND,
		     "no model \"professor\"   (there is: m student)");
	assert_fails(rt_session_get_data(&d, s, "tpy", &err), RT_ENOTFOUND,
		     "did you mean \"toy\"?");
	assert_fails(rt_session_get_run(&r, s, "run2", &err), RT_ENOTFOUND,
		     "did you mean \"run1\"?");
	assert_fails(rt_session_get_run(&r, s, "seventh", &err), RT_ENOTFOUND, "(there is: run1)");
	assert_fails(rt_session_drop_model(s, "studnt", &err), RT_ENOTFOUND, "did you mean");
	assert_fails(rt_session_drop_data(s, "x", &err), RT_ENOTFOUND, "no data set \"x\"");
	rt_session_free(s);
}

static void names_are_listed_for_completion(void **state)
{
	static const struct {
		const char *kind, *names;
	} list[] = {{"model", "m\n"}, {"data", "toy\n"}, {"run", "run1\nrun2\n"}, {"nobody", ""}};
	struct rt_session *s = new_desk();
	struct rt_str names = {0};

	(void)state;
	desk_train(s, "m", 0, NULL);
	for (size_t i = 0; i < RT_COUNT(list); i++) {
		rt_str_clear(&names);
		rt_session_names(s, list[i].kind, &names);
		assert_string_equal(rt_str_text(&names), list[i].names);
	}
	rt_session_names(s, "layer", &names);
	assert_non_null(strstr(names.text, "dense1\n"));
	assert_non_null(strstr(names.text, "dropout1\n"));
	rt_str_release(&names);
	rt_session_free(s);
}

static void a_model_knows_the_commands_that_made_it(void **state)
{
	struct rt_session *s = new_desk();

	(void)state;
	assert_string_equal(desk_get(s, "m")->journal, "model new");
	desk_epochs(s, 2);
	desk_model(s, "other", "dense 3", 1);
	assert_string_equal(desk_get(s, "m")->journal, "model new\nstep\nstep");
	assert_string_equal(desk_get(s, "other")->journal, "model new");
	desk_undo(s, 2);
	assert_string_equal(desk_get(s, "m")->journal, "model new\nstep");
	rt_session_free(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(undone_epochs_come_back_bit_for_bit),
		cmocka_unit_test(a_student_and_its_control_go_back_together),
		cmocka_unit_test(a_change_forgets_what_could_be_redone),
		cmocka_unit_test(asking_for_too_many_steps_changes_nothing),
		cmocka_unit_test(a_rollback_restores_every_bit_and_seed),
		cmocka_unit_test(marks_cut_a_change_into_steps),
		cmocka_unit_test(the_oldest_steps_go_when_memory_is_short),
		cmocka_unit_test(seeds_follow_from_the_session_and_go_back),
		cmocka_unit_test(what_the_history_holds_is_cloned_before_it_is_changed),
		cmocka_unit_test(dropped_objects_come_back),
		cmocka_unit_test(a_name_is_given_to_the_newest),
		cmocka_unit_test(unknown_names_get_a_suggestion),
		cmocka_unit_test(names_are_listed_for_completion),
		cmocka_unit_test(a_model_knows_the_commands_that_made_it),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
