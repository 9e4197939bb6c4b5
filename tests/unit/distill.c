/* distill.c - distillation: the loss of the paper, class maps, kept logits, and what must be the
 * same. */
#include "config.h"

#include "toys.h"

#include "base/sys.h"
#include "distill/distill.h"
#include "train/loss.h"
#include "train/predict.h"

#include <math.h>

static struct rt_err err;

static struct rt_model *model(const char *name, const char *text, const struct rt_data *d,
			      uint64_t seed)
{
	return rt_model_new(name, toy_net(text, d, seed), NULL);
}

static const struct rt_method *method(const char *name)
{
	const struct rt_row *row;

	assert_ok(rt_list_get(&row, &rt_methods, name, &err));
	return (const struct rt_method *)row;
}

/* A teacher of d for a student of so many outputs; map of n entries, or none. */
static struct rt_distill *teach(const char *name, struct rt_model *teacher, const struct rt_data *d,
				int64_t width, struct rt_distill_opts o,
				struct rt_logits_store *store)
{
	struct rt_distill *out;

	assert_ok(rt_distill_new(&out, method(name), &o, teacher, width, d, store, &err));
	return out;
}

/* A run of a student, with its control where two is true.  Takes the distill. */
static struct rt_fit *run(struct rt_data *d, const struct rt_fit_opts *o,
			  struct rt_distill *distill, bool two)
{
	const struct rt_objective *const objective[2] = {&rt_objective_distill, &rt_objective_hard};
	void *const self[2] = {distill, NULL};
	struct rt_fit *f;

	assert_ok(rt_fit_new(&f, d, o, two ? 2 : 1, objective, self, &err));
	return f;
}

/* --- the soft loss ------------------------------------------------------------------------ */

static const float Z[9] = {1, 2, -1, 0.5f, 0, -0.5f, 3, -3, 0};
static const float T[9] = {2, 1, 0, -1, 0, 1, 0, 0, 0};

/* torch 2.13: F.kl_div(log_softmax(z / 4), softmax(t / 4), reduction="batchmean") * 16. */
static void soft_targets_are_t_squared_kl(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_model *t = model("t", "dense 3", d, 1);
	struct rt_distill *s = teach("soft_targets", t, d, 3,
				     (struct rt_distill_opts){.temperature = 4, .soft = 1}, NULL);
	struct rt_batch b = {.data = d, .n = 3};
	float dz[9] = {0}, half[9] = {0};

	(void)state;
	assert_close(s->method->loss(s, &b, T, Z, 3, 1, dz), 1.357652126856844, 1e-9);
	assert_close((double)dz[0], -0.09769967571643719, 1e-6);
	assert_close((double)dz[7], -0.268975581581892, 1e-6);
	assert_close(s->method->loss(s, &b, T, Z, 3, 0.5, half), 1.357652126856844, 1e-9);
	for (int i = 0; i < 9; i++)
		assert_close((double)half[i], 0.5 * (double)dz[i], 1e-6);
	rt_distill_unref(s);
	rt_model_unref(t);
	rt_data_unref(d);
}

/* Why T squared: as T grows the gradient tends to (z - t) / (C N), both centred, whatever T is
 * (Hinton, Vinyals, Dean 2015, equation 4). */
static void the_gradient_does_not_shrink_with_temperature(void **state)
{
	(void)state;
	for (double temperature = 100; temperature < 1e4; temperature *= 10) {
		float dz[9] = {0};

		rt_soft_kl(Z, T, 3, 3, temperature, 1, dz);
		for (int n = 0; n < 3; n++) {
			double mean = 0;

			for (int c = 0; c < 3; c++)
				mean += ((double)Z[3 * n + c] - (double)T[3 * n + c]) / 3;
			for (int c = 0; c < 3; c++)
				assert_close((double)dz[3 * n + c],
					     ((double)Z[3 * n + c] - (double)T[3 * n + c] - mean) /
						     9,
					     2e-2);
		}
	}
}

static void logit_regression_is_the_mean_square(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_model *t = model("t", "dense 3", d, 1);
	struct rt_distill *s = teach("logit_regression", t, d, 3,
				     (struct rt_distill_opts){.temperature = 1, .soft = 1}, NULL);
	struct rt_batch b = {.data = d, .n = 3};
	float dz[9] = {0};

	(void)state;
	assert_close(s->method->loss(s, &b, T, Z, 3, 1, dz), 2.8333333333333335, 1e-12);
	assert_close((double)dz[0], -2. / 9, 1e-6);
	rt_distill_unref(s);
	rt_model_unref(t);
	rt_data_unref(d);
}

static void every_method_is_complete_and_has_the_slope_it_says(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_model *t = model("t", "dense 3", d, 1);

	(void)state;
	for (int m = 0; m < rt_methods.n; m++) {
		struct rt_distill_opts o = {.temperature = 3, .soft = 1};
		struct rt_distill *s = teach(rt_methods.rows[m]->name, t, d, 3, o, NULL);
		struct rt_batch b = {.data = d, .n = 3};
		float z[9], dz[9] = {0};

		assert_ok(rt_row_check(rt_methods.rows[m], &err));
		s->method->loss(s, &b, T, Z, 3, 0.5, dz);
		memcpy(z, Z, sizeof(z));
		for (int i = 0; i < 9; i++) {
			const float h = 0.0078125f;
			double up, down;

			z[i] = Z[i] + h;
			up = s->method->loss(s, &b, T, z, 3, 0, NULL);
			z[i] = Z[i] - h;
			down = s->method->loss(s, &b, T, z, 3, 0, NULL);
			z[i] = Z[i];
			assert_close((double)dz[i], 0.5 * (up - down) / (2 * (double)h), 1e-5);
		}
		rt_distill_unref(s);
	}
	rt_model_unref(t);
	rt_data_unref(d);
}

/* --- class maps --------------------------------------------------------------------------- */

static void assert_soft_label(const struct rt_ints map, int64_t width, double temperature,
			      const double *want)
{
	static const float p[3] = {-1.2039728f, -0.91629073f, -1.2039728f}; /* log of .3 .4 .3 */
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_model *t = model("t", "dense 3", d, 1);
	struct rt_distill_opts o = {.temperature = temperature, .soft = 1, .class_map = map};
	struct rt_distill *s = teach("soft_targets", t, d, width, o, NULL);
	float q[3];

	rt_soft_labels(q, s, p, temperature);
	for (int64_t c = 0; c < width; c++)
		assert_close((double)q[c], want[c], 1e-6);
	rt_distill_unref(s);
	rt_model_unref(t);
	rt_data_unref(d);
}

static void three_classes_become_two(void **state)
{
	int64_t merged[3] = {0, 1, 1}, one_out[3] = {0, -1, 1}, all_out[3] = {-1, -1, -1},
		turned[3] = {1, 0, 2};

	(void)state;
	assert_soft_label((struct rt_ints){0}, 3, 1, (double[]){0.3, 0.4, 0.3});
	assert_soft_label((struct rt_ints){3, merged}, 2, 1, (double[]){0.3, 0.7});
	assert_soft_label((struct rt_ints){3, one_out}, 2, 1, (double[]){0.5, 0.5});
	assert_soft_label((struct rt_ints){3, turned}, 3, 1, (double[]){0.4, 0.3, 0.3});
	assert_soft_label((struct rt_ints){3, all_out}, 2, 1,
			  (double[]){0.5, 0.5}); /* knows nothing */
	/* softened first, then summed: sqrt(.3), sqrt(.4), sqrt(.3) */
	assert_soft_label((struct rt_ints){3, merged}, 2, 2,
			  (double[]){0.3169873, 1 - 0.3169873});
}

static void a_mapped_teacher_teaches(void **state)
{
	struct rt_data *three = toy_classes(300, 60, 5, 3, 1), *two = toy_classes(300, 60, 5, 3, 1);
	struct rt_model *t = model("t", "dense 3", three, 1), *s = model("s", "dense 2", two, 2);
	struct rt_fit_opts o = TOY_OPTS("-batch", "16", "-weight-decay", "0");
	struct rt_fit *ft = toy_fit(three, &o), *fs;
	int64_t map[3] = {0, 1, 1};
	struct rt_logits_store store = {0};
	struct rt_distill_opts d = {.temperature = 2, .soft = 1, .class_map = {3, map}};
	double agreement;
	const int32_t *index;
	int64_t n;
	void *label;
	float *z;

	(void)state;
	two->classes = 2;
	assert_ok(rt_tensor_write(&label, &two->y, &err));
	for (int i = 0; i < 300; i++)
		((int32_t *)label)[i] = ((int32_t *)label)[i] > 0;
	toy_epochs(ft, t->graph, NULL, 10);
	assert_true(ft->history[9].score[0] > 90);
	fs = run(two, &o, teach("soft_targets", t, two, 2, d, &store), false);
	toy_epochs(fs, s->graph, NULL, 10);
	assert_true(fs->history[9].score[0] > 85);	/* it never saw a label */
	index = rt_data_part(two, RT_PART_TEST, &n);
	assert_ok(rt_predict(&z, s->graph, two, index, n, &err));
	assert_ok(rt_distill_agreement(&agreement, fs->learner[0].self, two, index, n, z, &err));
	assert_true(agreement > 85 && agreement <= 100);
	free(z);
	rt_fit_unref(ft);
	rt_fit_unref(fs);
	rt_logits_store_release(&store);
	rt_model_unref(t);
	rt_model_unref(s);
	rt_data_unref(three);
	rt_data_unref(two);
}

/* --- what must be the same ---------------------------------------------------------------- */

#define STUDENT "dense 8; relu; dropout 0.2; dense 3"

static void without_the_teacher_it_is_plain_training(void **state)
{
	struct rt_data *d = toy_classes(200, 40, 5, 3, 1);
	struct rt_model *t = model("t", "dense 16; relu; dense 3", d, 1);
	struct rt_graph *taught = toy_net(STUDENT, d, 2), *alone = rt_graph_clone(taught);
	struct rt_fit_opts o = TOY_OPTS("-batch", "50", "-optimizer", "adam");
	struct rt_distill_opts zero = {.temperature = 4, .hard = 1, .soft = 0};
	struct rt_fit *a = run(d, &o, teach("soft_targets", t, d, 3, zero, NULL), false),
		      *b = toy_fit(d, &o);

	(void)state;
	toy_epochs(a, taught, NULL, 3);
	toy_epochs(b, alone, NULL, 3);
	assert_true(toy_same(taught, alone));
	assert_true(toy_same_fit(a, b));
	rt_fit_unref(a);
	rt_fit_unref(b);
	rt_graph_free(taught);
	rt_graph_free(alone);
	rt_model_unref(t);
	rt_data_unref(d);
}

static void a_control_differs_by_the_teacher_only(void **state)
{
	struct rt_data *d = toy_classes(200, 40, 5, 3, 1);
	struct rt_model *t = model("t", "dense 16; relu; dense 3", d, 1);
	struct rt_graph *start = toy_net(STUDENT, d, 2);
	struct rt_fit_opts o = TOY_OPTS("-batch", "50");

	(void)state;
	for (int soft = 0; soft < 2; soft++) {
		struct rt_distill_opts w = {.temperature = 4, .hard = 1, .soft = soft};
		struct rt_fit *f = run(d, &o, teach("soft_targets", t, d, 3, w, NULL), true);
		struct rt_graph *student = rt_graph_clone(start), *control = rt_graph_clone(start);

		toy_epochs(f, student, control, 3);
		assert_int_equal(toy_same(student, control), soft == 0);
		assert_int_equal(f->history[2].terms[0].n, soft + 1);
		assert_int_equal(f->history[2].terms[1].n, 1);
		if (soft == 0)
			assert_true(f->history[2].score[0] == f->history[2].score[1] &&
				    f->history[2].test_loss[0] == f->history[2].test_loss[1]);
		rt_fit_unref(f);
		rt_graph_free(student);
		rt_graph_free(control);
	}
	rt_graph_free(start);
	rt_model_unref(t);
	rt_data_unref(d);
}

/* Logits kept from batches of 256 are those of batches of any other size. */
static void kept_logits_are_those_of_every_batch(void **state)
{
	struct rt_data *d = toy_classes(700, 100, 5, 3, 1);
	struct rt_model *t = model("t", "dense 16; relu; dense 3; softmax", d, 1);
	struct rt_graph *a = toy_net(STUDENT, d, 2), *b = rt_graph_clone(a);
	struct rt_fit_opts o = TOY_OPTS("-batch", "37");
	struct rt_distill_opts w = {.temperature = 4, .hard = 0.1, .soft = 0.9};
	struct rt_logits_store store = {0};
	struct rt_distill *kept = teach("soft_targets", t, d, 3, w, &store);
	struct rt_distill *fresh = teach("soft_targets", t, d, 3, w, NULL);
	struct rt_fit *fa = run(d, &o, kept, false), *fb = run(d, &o, fresh, false);

	(void)state;
	assert_non_null(kept->logits);
	assert_null(fresh->logits);
	assert_int_equal(kept->logits->n, 700);
	toy_epochs(fa, a, NULL, 2);
	toy_epochs(fb, b, NULL, 2);
	assert_true(toy_same(a, b));
	assert_true(toy_same_fit(fa, fb));
	rt_fit_unref(fa);
	rt_fit_unref(fb);
	rt_logits_store_release(&store);
	rt_graph_free(a);
	rt_graph_free(b);
	rt_model_unref(t);
	rt_data_unref(d);
}

/* --- kept logits -------------------------------------------------------------------------- */

static struct rt_logits *get(struct rt_logits_store *store, const struct rt_model *m,
			     const struct rt_data *d)
{
	struct rt_logits *l;

	assert_ok(rt_logits_get(&l, store, m, d, &err));
	return l;
}

static void logits_are_computed_once_for_a_teacher_and_its_data(void **state)
{
	struct rt_data *d = toy_classes(50, 10, 5, 3, 1), *other = toy_classes(50, 10, 5, 3, 2);
	struct rt_model *t = model("t", "dense 3", d, 1), *twin = rt_model_clone(t, "twin");
	struct rt_logits_store store = {0};
	struct rt_logits *first = get(&store, t, d), *again = get(&store, twin, d), *third;
	float *z;
	void *w;

	(void)state;
	assert_ptr_equal(first, again);	/* the name of the model does not matter */
	assert_ok(rt_predict(&z, t->graph, d, NULL, 50, &err));
	assert_memory_equal(first->z, z, 150 * sizeof(float));
	free(z);
	rt_logits_unref(again);
	third = get(&store, t, other);
	assert_ptr_not_equal(first, third);
	rt_logits_unref(third);
	assert_int_not_equal(rt_logits_key(t->graph, d), rt_logits_key(t->graph, other));
	assert_ok(rt_tensor_write(&w, &twin->graph->params[1].data, &err));
	((float *)w)[0] += 1;
	assert_int_not_equal(rt_logits_key(t->graph, d), rt_logits_key(twin->graph, d));
	third = get(&store, twin, d);
	assert_ptr_not_equal(first, third);
	rt_logits_unref(third);

	for (int i = 0; i < RT_LOGITS_KEPT; i++) {	/* the oldest make room */
		((float *)w)[0] += 1;
		rt_logits_unref(get(&store, twin, d));
	}
	again = get(&store, t, d);
	assert_ptr_not_equal(first, again);
	assert_memory_equal(first->z, again->z, 150 * sizeof(float));	/* still ours */
	rt_logits_unref(again);
	rt_logits_unref(first);
	rt_logits_store_release(&store);
	rt_model_unref(t);
	rt_model_unref(twin);
	rt_data_unref(d);
	rt_data_unref(other);
}

static void logits_of_other_data_are_refused(void **state)
{
	struct rt_data *d = toy_classes(50, 10, 5, 3, 1), *other = toy_classes(50, 10, 5, 3, 2);
	struct rt_model *t = model("t", "dense 3", d, 1);
	struct rt_graph *g = toy_net("dense 3", d, 2), *wider = toy_net("dense 4", d, 2);
	struct rt_fit_opts o = TOY_OPTS("-batch", "50");
	struct rt_logits_store store = {0};
	struct rt_distill_opts w = {.temperature = 4, .soft = 1};
	struct rt_fit *f = run(other, &o, teach("soft_targets", t, d, 3, w, &store), false);
	const char *name = "s";
	struct rt_fit_job *job;

	(void)state;
	assert_fails(rt_fit_begin(&job, f, &g, &name, &err), RT_EINVAL,
		     "the kept logits of teacher \"t\" belong to other data");
	rt_fit_unref(f);
	f = run(d, &o, teach("soft_targets", t, d, 3, w, &store), false);
	d->classes = 4;
	assert_fails(rt_fit_begin(&job, f, &wider, &name, &err), RT_ESHAPE,
		     "the student has 4 classes now, 3 when distillation began");
	d->classes = 3;
	rt_fit_unref(f);
	rt_logits_store_release(&store);
	rt_graph_free(g);
	rt_graph_free(wider);
	rt_model_unref(t);
	rt_data_unref(d);
	rt_data_unref(other);
}

/* The teacher of a run is the one it was set up with, whatever happens to the model afterwards. */
static void a_teacher_is_frozen(void **state)
{
	struct rt_data *d = toy_classes(50, 10, 5, 3, 1);
	struct rt_model *t = model("t", "dense 3", d, 1), *copy = rt_model_clone(t, NULL);
	struct rt_distill_opts w = {.temperature = 4, .soft = 1};
	struct rt_distill *s = teach("soft_targets", t, d, 3, w, NULL);
	struct rt_graph *a = toy_net("dense 3", d, 2), *b = rt_graph_clone(a);
	struct rt_fit_opts o = TOY_OPTS("-batch", "20");
	struct rt_fit *fa = run(d, &o, s, false), *fb = rt_fit_clone(fa);

	(void)state;
	rt_model_unref(t);	/* the run has its own reference */
	toy_epochs(fa, a, NULL, 1);
	assert_true(
		toy_same(((struct rt_distill *)fb->learner[0].self)->teacher->graph, copy->graph));
	toy_epochs(fb, b, NULL, 1);
	assert_true(toy_same(a, b));
	rt_fit_unref(fa);
	rt_fit_unref(fb);
	rt_graph_free(a);
	rt_graph_free(b);
	rt_model_unref(copy);
	rt_data_unref(d);
}

/* --- regression and error lines ----------------------------------------------------------- */

static void a_regression_is_distilled_by_its_outputs(void **state)
{
	struct rt_data *d = toy_numbers(300, 60, 5, 1, 4);
	struct rt_model *t = model("t", "dense 1", d, 1);
	struct rt_graph *g = toy_net("dense 1", d, 2);
	struct rt_fit_opts o = TOY_OPTS("-batch", "16", "-lr", "0.02");
	struct rt_distill_opts w = {.temperature = 1, .soft = 1};
	struct rt_fit *ft = toy_fit(d, &o), *f;
	struct rt_logits_store store = {0};

	(void)state;
	toy_epochs(ft, t->graph, NULL, 10);
	f = run(d, &o, teach("logit_regression", t, d, 1, w, &store), false);
	toy_epochs(f, g, NULL, 10);
	assert_true(f->history[9].terms[0].term[0].value < 0.01);
	assert_close(f->history[9].score[0], ft->history[9].score[0], 0.1);
	assert_string_equal(f->history[9].terms[0].term[0].name, "soft");
	rt_fit_unref(ft);
	rt_fit_unref(f);
	rt_logits_store_release(&store);
	rt_graph_free(g);
	rt_model_unref(t);
	rt_data_unref(d);
}

static enum rt_status try(const char *name, struct rt_distill_opts o, struct rt_model *t,
			  int64_t width, const struct rt_data *d)
{
	struct rt_distill *s;
	enum rt_status status = rt_distill_new(&s, method(name), &o, t, width, d, NULL, &err);

	if (status == RT_OK)
		rt_distill_unref(s);
	return status;
}

static void set_ups_that_cannot_work_are_told(void **state)
{
	struct rt_data *d = toy_classes(50, 10, 5, 3, 1), *wide = toy_classes(50, 10, 6, 3, 1);
	struct rt_data *numbers = toy_numbers(50, 10, 5, 1, 1);
	struct rt_model *t = model("big", "dense 3", d, 1);
	int64_t too_short[2] = {0, 1}, too_far[3] = {0, 1, 2}, too_low[3] = {0, -2, 1};
	struct rt_distill_opts ok = {.temperature = 4, .hard = 0.1, .soft = 0.9}, o;
	struct rt_logits_store store = {0};
	struct rt_distill *s;

	(void)state;
	assert_ok(try("soft_targets", ok, t, 3, d));
	assert_fails(try("soft_targets", (struct rt_distill_opts){.temperature = 4}, t, 3, d),
		     RT_EINVAL, "-hard and -soft are both 0");
	assert_fails(try("soft_targets", ok, t, 2, d), RT_ESHAPE,
		     "teacher \"big\" has 3 classes, the student 2; say which goes to which with "
		     "-class-map");
	o = ok;
	o.class_map = (struct rt_ints){2, too_short};
	assert_fails(try("soft_targets", o, t, 2, d), RT_EINVAL,
		     "-class-map has 2 entries, teacher \"big\" has 3 classes");
	o.class_map = (struct rt_ints){3, too_far};
	assert_fails(try("soft_targets", o, t, 2, d), RT_EINVAL,
		     "-class-map sends teacher class 2 to 2; student classes are 0 to 1");
	o.class_map = (struct rt_ints){3, too_low};
	assert_fails(try("soft_targets", o, t, 2, d), RT_EINVAL, "sends teacher class 1 to -2");
	assert_fails(try("logit_regression", o, t, 2, d), RT_EINVAL, "takes no -class-map");
	assert_fails(try("soft_targets", ok, t, 1, numbers), RT_EINVAL,
		     "needs classes, data set \"toy\" is a regression   (try: -method "
		     "logit_regression)");
	assert_fails(try("soft_targets", ok, t, 3, wide), RT_ESHAPE,
		     "model \"big\" takes 5, data set \"toy\" has 6");
	rt_cancel_request();
	assert_fails(rt_distill_new(&s, method("soft_targets"), &ok, t, 3, d, &store, &err),
		     RT_ECANCELLED, "stopped");
	rt_cancel_clear();
	rt_logits_store_release(&store);
	rt_model_unref(t);
	rt_data_unref(d);
	rt_data_unref(wide);
	rt_data_unref(numbers);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(soft_targets_are_t_squared_kl),
		cmocka_unit_test(the_gradient_does_not_shrink_with_temperature),
		cmocka_unit_test(logit_regression_is_the_mean_square),
		cmocka_unit_test(every_method_is_complete_and_has_the_slope_it_says),
		cmocka_unit_test(three_classes_become_two),
		cmocka_unit_test(a_mapped_teacher_teaches),
		cmocka_unit_test(without_the_teacher_it_is_plain_training),
		cmocka_unit_test(a_control_differs_by_the_teacher_only),
		cmocka_unit_test(kept_logits_are_those_of_every_batch),
		cmocka_unit_test(logits_are_computed_once_for_a_teacher_and_its_data),
		cmocka_unit_test(logits_of_other_data_are_refused),
		cmocka_unit_test(a_teacher_is_frozen),
		cmocka_unit_test(a_regression_is_distilled_by_its_outputs),
		cmocka_unit_test(set_ups_that_cannot_work_are_told),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
