/* train.c - optimizers against PyTorch, models on data, and runs that can stop anywhere. */
#include "config.h"

#include "toys.h"

#include "base/sys.h"
#include "exec/plan.h"
#include "graph/mask.h"
#include "ops/ops.h"
#include "train/predict.h"

#include <math.h>

static struct rt_err err;

/* --- optimizers --------------------------------------------------------------------------- */

/* Weights after each of three updates by torch 2.13, from these weights and gradients, with
 * learning rates 0.1, 0.1 and 0.05. */
static const float W0[4] = {0.5f, -1.25f, 2, 1e-3f};
static const float G[3][4] = {
	{0.1f, -0.2f, 0.3f, 0}, {-0.4f, 0.05f, 0.2f, 1e-4f}, {0.25f, 0.5f, -0.1f, 2}};
static const double LR[3] = {0.1, 0.1, 0.05};

static const struct {
	const char *name, *options[9];
	float w[3][4];
} torch[] = {
	{"sgd", {"-momentum", "0", "-weight-decay", "0"},
	 {{0.49000001f, -1.23000002f, 1.97000003f, 0.00100000005f},
	  {0.530000031f, -1.23500001f, 1.95000005f, 0.000990000088f},
	  {0.517500043f, -1.25999999f, 1.95500004f, -0.0990099981f}}},
	{"sgd", {"-momentum", "0.9", "-weight-decay", "0.01"},
	 {{0.489499986f, -1.22874999f, 1.96800005f, 0.00099900004f},
	  {0.519560516f, -1.21339619f, 1.91723204f, 0.000987100997f},
	  {0.520327985f, -1.23088026f, 1.89842784f, -0.0990187451f}}},
	{"sgd", {"-momentum", "0.9", "-weight-decay", "0.01", "-nesterov", "yes"},
	 {{0.480049998f, -1.20962501f, 1.93920004f, 0.000998100033f},
	  {0.546632886f, -1.19961417f, 1.8715955f, 0.00097639364f},
	  {0.534541905f, -1.23976398f, 1.85876811f, -0.189029351f}}},
	{"adam", {"-lr", "0.1"},
	 {{0.400000006f, -1.14999998f, 1.89999998f, 0.00100000005f},
	  {0.45595035f, -1.10305321f, 1.80296481f, -0.0734031647f},
	  {0.457872123f, -1.1256758f, 1.77537024f, -0.105345279f}}},
	{"adam", {"-beta1", "0.8", "-beta2", "0.9", "-weight-decay", "0.01"},
	 {{0.400000006f, -1.14999998f, 1.89999998f, -0.0989001021f},
	  {0.458511472f, -1.1009351f, 1.80282688f, -0.0230166614f},
	  {0.458148688f, -1.12553322f, 1.77524161f, -0.0567385331f}}},
	{"adamw", {"-weight-decay", "0.05"},
	 {{0.397500008f, -1.14374995f, 1.88999999f, 0.000995000009f},
	  {0.451462865f, -1.09108448f, 1.78351486f, -0.0734131411f},
	  {0.452255994f, -1.11097932f, 1.75146151f, -0.105171725f}}},
};

static void optimizers_are_those_of_pytorch(void **state)
{
	(void)state;
	for (size_t c = 0; c < RT_COUNT(torch); c++) {
		const struct rt_row *row = rt_list_find(&rt_optimizers, torch[c].name);
		const struct rt_optimizer *kind = (const struct rt_optimizer *)row;
		float w[4], slots[RT_MAX_SLOTS][4] = {{0}},
			    *slot[RT_MAX_SLOTS] = {slots[0], slots[1]};
		void *params = rt_alloc(1, row->params_size);
		int n = 0;

		while (torch[c].options[n])
			n++;
		rt_params_init(row, params);
		assert_ok(rt_params_parse(row, params, n, torch[c].options, &err));
		memcpy(w, W0, sizeof(w));
		for (int k = 0; k < 3; k++) {
			kind->update(params, LR[k], k + 1, 4, w, G[k], slot);
			for (int i = 0; i < 4; i++)
				if (!(fabsf(w[i] - torch[c].w[k][i]) <= 3e-7f))
					fail_msg("%s (case %zu), step %d, weight %d: %.9g, wanted "
						 "%.9g",
						 row->name, c, k + 1, i, (double)w[i],
						 (double)torch[c].w[k][i]);
		}
		rt_params_release(row, params);
		free(params);
	}
}

static void every_optimizer_and_schedule_is_complete_and_can_be_chosen(void **state)
{
	(void)state;
	for (int i = 0; i < rt_optimizers.n; i++) {
		assert_ok(rt_row_check(rt_optimizers.rows[i], &err));
		assert_non_null(rt_opt_find(rt_optimizers.rows[i], "lr"));
		assert_string_equal(rt_optimizer_choices[i], rt_optimizers.rows[i]->name);
	}
	assert_null(rt_optimizer_choices[rt_optimizers.n]);
	for (int i = 0; i < rt_schedules.n; i++) {
		assert_ok(rt_row_check(rt_schedules.rows[i], &err));
		assert_string_equal(rt_schedule_choices[i], rt_schedules.rows[i]->name);
	}
	assert_null(rt_schedule_choices[rt_schedules.n]);
}

/* --- models on data ----------------------------------------------------------------------- */

static float *predict(struct rt_graph *g, const struct rt_data *d, const int32_t *index, int64_t n)
{
	float *z;

	assert_ok(rt_predict(&z, g, d, index, n, &err));
	return z;
}

static void partial_batches_give_the_same_logits(void **state)
{
	struct rt_data *d = toy_classes(700, 1, 5, 3, 1);
	struct rt_graph *g = toy_net("dense 8; relu; dense 3", d, 2);
	int32_t odd[350], last = 699;
	float *all = predict(g, d, NULL, 700), *part, *one;

	(void)state;
	for (int i = 0; i < 350; i++)
		odd[i] = 2 * i + 1;
	part = predict(g, d, odd, 350);	/* 256 + 94 */
	one = predict(g, d, &last, 1);
	for (int i = 0; i < 350; i++)
		for (int c = 0; c < 3; c++)
			assert_close((double)part[3 * i + c], (double)all[3 * odd[i] + c], 1e-5);
	for (int c = 0; c < 3; c++)
		assert_close((double)one[c], (double)all[3 * 699 + c], 1e-5);
	free(all);
	free(part);
	free(one);
	rt_graph_free(g);
	rt_data_unref(d);
}

static void logits_are_what_goes_into_a_softmax(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_graph *plain = toy_net("dense 3", d, 2),
			*soft = toy_net("dense 3; softmax", d, 2);
	float *a = predict(plain, d, NULL, 20), *b = predict(soft, d, NULL, 20);

	(void)state;
	assert_int_equal(rt_graph_logits(plain), plain->outputs[0]);
	assert_int_not_equal(rt_graph_logits(soft), soft->outputs[0]);
	assert_int_equal(rt_graph_width(soft), 3);
	assert_memory_equal(a, b, 60 * sizeof(float));
	free(a);
	free(b);
	rt_graph_free(plain);
	rt_graph_free(soft);
	rt_data_unref(d);
}

static void a_model_that_does_not_fit_is_told_with_both_numbers(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1), *wide = toy_classes(20, 5, 6, 3, 1);
	struct rt_data *numbers = toy_numbers(20, 5, 4, 2, 1);
	struct rt_graph *g = toy_net("dense 3", d, 1), *two;
	float *z;

	(void)state;
	assert_ok(rt_graph_fits(g, "m", d, &err));
	assert_fails(rt_graph_fits(g, "m", wide, &err), RT_ESHAPE,
		     "model \"m\" takes 4, data set \"toy\" has 6");
	assert_fails(rt_graph_takes(g, NULL, wide, &err), RT_ESHAPE, "the model takes 4");
	assert_fails(rt_graph_fits(g, "m", numbers, &err), RT_ESHAPE,
		     "model \"m\" has 3 outputs, data set \"toy\" has 2 targets");
	d->classes = 7;
	assert_fails(rt_graph_fits(g, "m", d, &err), RT_ESHAPE,
		     "3 outputs, data set \"toy\" has 7 classes");
	d->classes = 3;
	assert_ok(rt_graph_takes(g, "m", numbers, &err));
	assert_fails(rt_predict(&z, g, wide, NULL, 20, &err), RT_ESHAPE, "takes 4");
	g->values[g->inputs[0]].dtype = RT_I64;
	assert_fails(rt_graph_fits(g, "m", d, &err), RT_ESHAPE, "model \"m\" takes i64");
	rt_graph_free(g);
	two = toy_net("dense 3", d, 1);
	rt_graph_add_input(two, "more", RT_F32, &RT_SHAPE(RT_BATCH, 4));
	assert_fails(rt_graph_fits(two, "m", d, &err), RT_ESHAPE, "model \"m\" has 2 inputs");
	rt_graph_free(two);
	rt_data_unref(d);
	rt_data_unref(wide);
	rt_data_unref(numbers);
}

static void a_fixed_batch_runs_in_its_own_pieces(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_graph *open = toy_net("dense 3", d, 1), *fixed = toy_net("dense 3", d, 1);
	float *a = predict(open, d, NULL, 20), *b, *none;

	(void)state;
	fixed->values[fixed->inputs[0]].shape.dim[0] = 5;
	assert_ok(rt_graph_infer(fixed, &err));
	b = predict(fixed, d, NULL, 20);
	for (int i = 0; i < 60; i++)
		assert_close((double)a[i], (double)b[i], 1e-6);
	assert_fails(rt_predict(&none, fixed, d, NULL, 7, &err), RT_ESHAPE,
		     "batches of 5 only, and 7 samples do not divide");
	free(a);
	free(b);
	rt_graph_free(open);
	rt_graph_free(fixed);
	rt_data_unref(d);
}

static void predicting_stops_when_asked(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_graph *g = toy_net("dense 3", d, 1);
	double seconds;
	float *z;

	(void)state;
	rt_cancel_request();
	assert_fails(rt_predict(&z, g, d, NULL, 20, &err), RT_ECANCELLED, "stopped");
	rt_cancel_clear();
	assert_ok(rt_predict(&z, g, d, NULL, 20, &err));
	free(z);
	assert_ok(rt_latency(&seconds, g, 0.001, &err));
	assert_true(seconds > 0 && seconds < 1);
	rt_graph_free(g);
	rt_data_unref(d);
}

/* --- runs --------------------------------------------------------------------------------- */

static void training_learns_and_repeats_bit_for_bit(void **state)
{
	struct rt_data *d = toy_classes(300, 60, 6, 3, 1);
	struct rt_fit_opts o = TOY_OPTS("-batch", "32", "-seed", "5"),
			   other = TOY_OPTS("-batch", "32", "-seed", "6");
	struct rt_graph *a = toy_net("dense 16; relu; dropout 0.1; dense 3", d, 3),
			*b = rt_graph_clone(a);
	struct rt_graph *c = rt_graph_clone(a);
	struct rt_fit *fa = toy_fit(d, &o), *fb = toy_fit(d, &o), *fc = toy_fit(d, &other);

	(void)state;
	toy_epochs(fa, a, NULL, 8);
	toy_epochs(fb, b, NULL, 3);
	toy_batches(fb, b, NULL, 8 + 3);	/* of 8 batches an epoch, the last of 16 samples */
	assert_int_equal(fb->seen, 96);
	toy_batches(fb, b, NULL, 5);
	toy_epochs(fb, b, NULL, 3);
	assert_true(toy_same(a, b));
	assert_true(toy_same_fit(fa, fb));
	assert_int_equal(fa->nhistory, 8);
	assert_int_equal(fa->history[7].epoch, 8);
	assert_int_equal(fa->learner[0].optim.step, 64);
	assert_true(fa->history[7].terms[0].term[0].value <
		    fa->history[0].terms[0].term[0].value / 2);
	assert_true(fa->history[7].score[0] > 85);
	assert_true(isnan(fa->history[7].agreement));
	toy_epochs(fc, c, NULL, 8);
	assert_false(toy_same(a, c));
	rt_fit_unref(fa);
	rt_fit_unref(fb);
	rt_fit_unref(fc);
	rt_graph_free(a);
	rt_graph_free(b);
	rt_graph_free(c);
	rt_data_unref(d);
}

/* Undo relies on this: the clone goes on as the original would have. */
static void a_clone_of_a_run_goes_its_own_way(void **state)
{
	struct rt_data *d = toy_classes(200, 40, 6, 3, 1);
	struct rt_fit_opts o =
		TOY_OPTS("-optimizer", "adam", "-schedule", "step", "-milestones", "1 2");
	struct rt_graph *a = toy_net("dense 8; relu; dropout 0.3; dense 3", d, 3), *b;
	struct rt_fit *fa = toy_fit(d, &o), *fb;

	(void)state;
	toy_epochs(fa, a, NULL, 1);
	toy_batches(fa, a, NULL, 1);
	fb = rt_fit_clone(fa);
	b = rt_graph_clone(a);
	assert_true(toy_same_fit(fa, fb));
	toy_epochs(fa, a, NULL, 2);
	assert_int_equal(fb->nhistory, 1);
	assert_int_equal(fb->learner[0].optim.step, 4);
	assert_false(toy_same(a, b));
	toy_epochs(fb, b, NULL, 2);
	assert_true(toy_same(a, b));
	assert_true(toy_same_fit(fa, fb));
	assert_close(fa->history[2].lr, 1e-5, 1e-12);
	rt_fit_unref(fa);
	toy_epochs(fb, b, NULL, 1);	/* what was shared outlives the first owner */
	rt_fit_unref(fb);
	toy_opts_release(&o);
	rt_graph_free(a);
	rt_graph_free(b);
	rt_data_unref(d);
}

static void a_regression_reaches_its_targets(void **state)
{
	struct rt_data *d = toy_numbers(300, 60, 5, 2, 4);
	struct rt_fit_opts o = TOY_OPTS("-lr", "0.05", "-schedule", "cosine", "-epochs", "20");
	struct rt_graph *g = toy_net("dense 2", d, 3);
	struct rt_fit *f = toy_fit(d, &o);

	(void)state;
	toy_epochs(f, g, NULL, 20);
	assert_true(f->history[0].score[0] > 1); /* RMSE in raw units; the deviation is about 4 */
	assert_true(f->history[19].score[0] < 0.2);
	rt_fit_unref(f);
	rt_graph_free(g);
	rt_data_unref(d);
}

static void masked_weights_stay_zero(void **state)
{
	static const char *const kind[] = {"sgd", "adam", "adamw"};
	struct rt_data *d = toy_classes(100, 20, 6, 3, 1);

	(void)state;
	for (size_t k = 0; k < RT_COUNT(kind); k++) {
		struct rt_fit_opts o = TOY_OPTS("-optimizer", kind[k], "-weight-decay", "0.01");
		struct rt_graph *g = toy_net("dense 8; relu; dense 3", d, 3);
		struct rt_fit *f = toy_fit(d, &o);
		unsigned char *mask;
		int64_t moved = 0;

		assert_ok(rt_param_mask(&mask, &g->params[0], &err));
		for (int i = 0; i < 48; i += 2)
			mask[i] = 0;
		assert_ok(rt_graph_apply_masks(g, &err));
		toy_epochs(f, g, NULL, 2);
		for (int i = 0; i < 48; i++) {
			if (i % 2 == 0)
				assert_true(rt_tensor_get(&g->params[0].data, i) == 0);
			else
				moved += rt_tensor_get(&g->params[0].data, i) != 0;
		}
		assert_int_equal(moved, 24);
		rt_fit_unref(f);
		rt_graph_free(g);
	}
	rt_data_unref(d);
}

/* With plain SGD a step is lr times the gradient, whose norm is at most the limit. */
static void clipping_limits_the_norm_of_all_gradients(void **state)
{
	struct rt_data *d = toy_classes(65, 1, 6, 3, 1);
	struct rt_graph *free_run = toy_net("dense 8; relu; dense 3", d, 3),
			*clipped = rt_graph_clone(free_run);
	struct rt_graph *start = rt_graph_clone(free_run);
	struct rt_fit_opts o = TOY_OPTS("-momentum", "0", "-weight-decay", "0", "-lr", "2");
	struct rt_fit_opts limited =
		TOY_OPTS("-momentum", "0", "-weight-decay", "0", "-lr", "2", "-clip", "0.01");
	struct rt_fit *fa = toy_fit(d, &o), *fb = toy_fit(d, &limited);
	double a = 0, b = 0, dot = 0;

	(void)state;
	toy_batches(fa, free_run, NULL, 1);
	toy_batches(fb, clipped, NULL, 1);
	for (int i = 0; i < start->nparams; i++) {
		for (int64_t k = 0; k < rt_tensor_count(&start->params[i].data); k++) {
			double w = rt_tensor_get(&start->params[i].data, k);
			double u = rt_tensor_get(&free_run->params[i].data, k) - w;
			double v = rt_tensor_get(&clipped->params[i].data, k) - w;

			a += u * u;
			b += v * v;
			dot += u * v;
		}
	}
	assert_true(sqrt(a) / 2 > 0.1);
	assert_close(sqrt(b) / 2, 0.01, 1e-4);
	assert_close(dot / sqrt(a * b), 1, 1e-4);	/* the same direction */
	rt_fit_unref(fa);
	rt_fit_unref(fb);
	rt_graph_free(free_run);
	rt_graph_free(clipped);
	rt_graph_free(start);
	rt_data_unref(d);
}

/* Without it the corrections of Adam, made for moments that began at zero, would be skipped. */
static void the_optimizer_starts_anew_when_shapes_change(void **state)
{
	struct rt_data *d = toy_classes(100, 36, 6, 3, 1);
	struct rt_fit_opts o = TOY_OPTS("-optimizer", "adam");
	struct rt_graph *wide = toy_net("dense 8; relu; dense 3", d, 3),
			*narrow = toy_net("dense 4; relu; dense 3", d, 4);
	struct rt_graph *twin = rt_graph_clone(narrow);
	struct rt_fit *f = toy_fit(d, &o), *fresh = toy_fit(d, &o);

	(void)state;
	toy_epochs(f, wide, NULL, 3);
	assert_int_equal(f->learner[0].optim.step, 3);
	assert_true(rt_optim_fits(&f->learner[0].optim, wide));
	assert_false(rt_optim_fits(&f->learner[0].optim, narrow));
	toy_epochs(f, narrow, NULL, 1);
	assert_int_equal(f->learner[0].optim.step, 1);
	fresh->at = (struct rt_batches_state){.rng = f->at.rng, .epoch = 3};
	toy_epochs(fresh, twin, NULL, 1);
	assert_true(toy_same(narrow, twin));
	rt_fit_unref(f);
	rt_fit_unref(fresh);
	rt_graph_free(wide);
	rt_graph_free(narrow);
	rt_graph_free(twin);
	rt_data_unref(d);
}

static void two_learners_see_the_same_batches(void **state)
{
	static const struct rt_objective *const objective[2] = {&rt_objective_hard,
								&rt_objective_hard};
	struct rt_data *d = toy_classes(200, 40, 6, 3, 1);
	struct rt_fit_opts o = TOY_OPTS("-batch", "50");
	struct rt_graph *a = toy_net("dense 8; relu; dropout 0.5; dense 3", d, 3),
			*b = rt_graph_clone(a);
	void *const self[2] = {NULL, NULL};
	struct rt_fit *f;

	(void)state;
	assert_ok(rt_fit_new(&f, d, &o, 2, objective, self, &err));
	toy_epochs(f, a, b, 3);
	assert_true(toy_same(a, b));
	assert_true(f->history[2].score[0] == f->history[2].score[1]);
	rt_fit_unref(f);
	rt_graph_free(a);
	rt_graph_free(b);
	rt_data_unref(d);
}

static enum rt_status new_fit(struct rt_data *d, struct rt_fit_opts o)
{
	const struct rt_objective *objective = &rt_objective_hard;
	void *self = NULL;
	struct rt_fit *f;
	enum rt_status status = rt_fit_new(&f, d, &o, 1, &objective, &self, &err);

	toy_opts_release(&o);
	if (status == RT_OK)
		rt_fit_unref(f);
	return status;
}

static void options_that_are_somebody_elses_are_refused(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);

	(void)state;
	assert_fails(new_fit(d, TOY_OPTS("-optimizer", "adam", "-momentum", "0.5")), RT_EINVAL,
		     "adam has no option -momentum");
	assert_fails(new_fit(d, TOY_OPTS("-optimizer", "adamw", "-nesterov", "yes")), RT_EINVAL,
		     "adamw has no option -nesterov");
	assert_fails(new_fit(d, TOY_OPTS("-beta1", "0.5")), RT_EINVAL, "sgd has no option -beta1");
	assert_fails(new_fit(d, TOY_OPTS("-milestones", "3")), RT_EINVAL,
		     "schedule constant has no option -milestones");
	assert_fails(new_fit(d, TOY_OPTS("-gamma", "0.5", "-schedule", "cosine")), RT_EINVAL,
		     "has no option -gamma");
	assert_ok(new_fit(d, TOY_OPTS("-schedule", "step", "-gamma", "0.5", "-milestones", "3 5")));
	rt_data_unref(d);
}

static enum rt_status try_batches(struct rt_fit *f, struct rt_graph *g, int n)
{
	const char *name = "student";
	struct rt_fit_job *job;
	enum rt_status status = rt_fit_begin(&job, f, &g, &name, &err);
	bool done;

	if (status != RT_OK)
		return status;
	while (n-- > 0 && status == RT_OK)
		status = rt_fit_batch(job, &done, &err);
	rt_fit_end(job);
	return status;
}

static void what_is_no_longer_a_number_stops_the_run(void **state)
{
	struct rt_data *d = toy_classes(200, 40, 6, 3, 1), *wide = toy_classes(20, 5, 7, 3, 1);
	struct rt_fit_opts o =
		TOY_OPTS("-lr", "100", "-momentum", "1", "-batch", "16", "-weight-decay", "10");
	struct rt_graph *g = toy_net("dense 30; relu; dense 30; relu; dense 3", d, 3);
	struct rt_fit *f = toy_fit(d, &o), *other = toy_fit(wide, &o);

	(void)state;
	assert_fails(try_batches(other, g, 1), RT_ESHAPE,
		     "model \"student\" takes 6, data set \"toy\" has 7");
	assert_fails(try_batches(f, g, 100000), RT_ENUMERIC, "\"student\"");
	assert_non_null(strstr(err.msg, "epoch 1"));
	rt_fit_unref(f);
	rt_fit_unref(other);
	rt_graph_free(g);
	rt_data_unref(d);
	rt_data_unref(wide);
}

/* One gradient that is infinite: no weight moves, and no moment. */
static void a_gradient_that_is_infinite_changes_nothing(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_graph *g = toy_net("dense 3", d, 1), *before = rt_graph_clone(g);
	struct rt_plan_opts po = {.batch = 1, .purpose = RT_TRAIN, .param_grads = true};
	const struct rt_row *row = rt_list_find(&rt_optimizers, "adam");
	void *params = rt_alloc(1, row->params_size);
	struct rt_optim o;
	struct rt_plan *plan;

	(void)state;
	rt_params_init(row, params);
	rt_optim_init(&o, (const struct rt_optimizer *)row, params);
	assert_true(rt_optim_lr(&o) == 0.001);
	assert_ok(rt_plan_new(&plan, g, &po, &err));
	rt_plan_zero_param_grads(plan);
	rt_plan_param_grad(plan, 0)[2] = INFINITY;
	assert_fails(rt_optim_step(&o, g, plan, 0.1, 0, &err), RT_ENUMERIC, "no longer finite");
	assert_int_equal(o.step, 0);
	assert_true(toy_same(g, before));
	rt_plan_param_grad(plan, 0)[2] = 1;
	assert_ok(rt_optim_step(&o, g, plan, 0.1, 0, &err));
	assert_false(toy_same(g, before));
	rt_plan_free(plan);
	rt_optim_release(&o);
	rt_optim_release(&o);	/* harmless */
	rt_graph_free(g);
	rt_graph_free(before);
	rt_data_unref(d);
}

/* Twenty epochs of each past, told apart by their learning rates. */
static void clones_go_on_from_what_they_have_in_common(void **state)
{
	struct rt_data *d = toy_classes(20, 5, 4, 3, 1);
	struct rt_fit_opts o = TOY_OPTS("-lr", "0.1");
	struct rt_fit *f = toy_fit(d, &o), *clone;
	struct rt_epoch e = {0};

	(void)state;
	for (e.epoch = 1; e.epoch <= 20; e.epoch++)
		rt_fit_add_epoch(f, &e);
	clone = rt_fit_clone(f);
	assert_ptr_equal(clone->history, f->history);
	for (; e.epoch <= 40; e.epoch++) {
		e.lr = 1;
		rt_fit_add_epoch(f, &e);
		e.lr = 2;
		rt_fit_add_epoch(clone, &e);
	}
	assert_int_equal(f->nhistory, 40);
	assert_int_equal(clone->nhistory, 40);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(f->history[i].epoch, i + 1);
		assert_int_equal(clone->history[i].epoch, i + 1);
		assert_true(f->history[i].lr == (i < 20 ? 0 : 1));
		assert_true(clone->history[i].lr == (i < 20 ? 0 : 2));
	}
	rt_fit_unref(clone);
	rt_fit_unref(f);
	toy_opts_release(&o);
	rt_data_unref(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(optimizers_are_those_of_pytorch),
		cmocka_unit_test(every_optimizer_and_schedule_is_complete_and_can_be_chosen),
		cmocka_unit_test(partial_batches_give_the_same_logits),
		cmocka_unit_test(logits_are_what_goes_into_a_softmax),
		cmocka_unit_test(a_model_that_does_not_fit_is_told_with_both_numbers),
		cmocka_unit_test(a_fixed_batch_runs_in_its_own_pieces),
		cmocka_unit_test(predicting_stops_when_asked),
		cmocka_unit_test(training_learns_and_repeats_bit_for_bit),
		cmocka_unit_test(a_clone_of_a_run_goes_its_own_way),
		cmocka_unit_test(a_regression_reaches_its_targets),
		cmocka_unit_test(masked_weights_stay_zero),
		cmocka_unit_test(clipping_limits_the_norm_of_all_gradients),
		cmocka_unit_test(the_optimizer_starts_anew_when_shapes_change),
		cmocka_unit_test(two_learners_see_the_same_batches),
		cmocka_unit_test(clones_go_on_from_what_they_have_in_common),
		cmocka_unit_test(options_that_are_somebody_elses_are_refused),
		cmocka_unit_test(what_is_no_longer_a_number_stops_the_run),
		cmocka_unit_test(a_gradient_that_is_infinite_changes_nothing),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
