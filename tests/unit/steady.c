/* steady.c - the step loop in steady state takes no memory, repeats bit for bit, and loses no more
 * than the batch it is stopped in.
 *
 * The program is linked so that every call of malloc and its kin from retort's own objects comes
 * by here first.
 */
#include "config.h"

#include "toys.h"

#include "base/sys.h"
#include "distill/distill.h"

static struct rt_err err;
static int taken;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);

void *__wrap_malloc(size_t n)
{
	taken++;
	return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	taken++;
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	taken++;
	return __real_realloc(p, n);
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
	taken++;
	return __real_aligned_alloc(align, n);
}

/* Teacher and student: networks of each kind that the workloads of bench have. */
static const char *const pairs[][2] = {
	{"dense 40; relu; dense 3", "dense 20; relu; dense 3"},
	{"reshape 1 8 8; conv 20 5; relu; maxpool 2; flatten; dense 30; relu; dense 3",
	 "dense 20; relu; dense 3"},
	{"reshape 1 8 8; conv 16 3 -pad 1 -bias no; bn; relu; residual {conv 16 3 -pad 1 -bias no; "
	 "bn; relu; conv 16 3 -pad 1 -bias no; bn}; relu; gap; dense 3",
	 "reshape 1 8 8; conv 16 3 -pad 1 -bias no; bn; relu; residual {conv 24 3 -stride 2 -pad 1 "
	 "-bias no; bn; relu; conv 24 3 -pad 1 -bias no; bn} -shortcut conv; relu; gap; dense 3"},
	{"reshape 1 8 8; conv 16 3 -pad 1; relu; gap; dense 3",
	 "reshape 1 8 8; conv 16 1 -bias no; bn; relu6; dwconv 3 -pad 1 -bias no; bn; relu6; "
	 "conv 8 1 -bias no; bn; dropout 0.1; gap; dense 3"},
	{"reshape 8 8; position; residual {attention 2}; ln; residual {linear 16; gelu; linear 8}; "
	 "ln; select 0; dense 3",
	 "reshape 8 8; position; residual {attention 1}; ln; residual {linear 16; gelu; linear 8}; "
	 "ln; select 0; dense 3"},
	{"dense 3", "reshape 8 8; lstm 6; dense 3"},
};

struct session {
	struct rt_data *data;
	struct rt_fit_opts opts;
	struct rt_model *teacher;
	struct rt_graph *student;
	struct rt_fit *fit;
	struct rt_fit_job *job;
};

static void begin(struct session *s, int pair)
{
	static const char *const names[] = {"student"};
	const struct rt_objective *const objective[] = {&rt_objective_distill};
	const struct rt_distill_opts o = {.temperature = 4, .soft = 0.9, .hard = 0.1};
	struct rt_distill *distill;
	void *self[1];

	s->data = toy_classes(500, 52, 64, 3, 1);
	s->opts = TOY_OPTS("-epochs", "1", "-batch", "64");
	s->teacher = rt_model_new("teacher", toy_net(pairs[pair][0], s->data, 1), NULL);
	s->student = toy_net(pairs[pair][1], s->data, 2);
	assert_ok(rt_distill_new(&distill, (const void *)rt_methods.rows[0], &o, s->teacher, 3,
				 s->data, NULL, &err));
	self[0] = distill;
	assert_ok(rt_fit_new(&s->fit, s->data, &s->opts, 1, objective, self, &err));
	assert_ok(rt_fit_begin(&s->job, s->fit, &s->student, names, &err));
}

static void end(struct session *s)
{
	rt_fit_end(s->job);
	rt_fit_unref(s->fit);
	rt_graph_free(s->student);
	rt_model_unref(s->teacher);
	toy_opts_release(&s->opts);
	rt_data_unref(s->data);
}

/* The first step plans and takes what it needs; six more are left of 448 samples. */
static void steps_take_no_memory(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(pairs); i++) {
		struct session s;
		bool done;
		int before;

		begin(&s, (int)i);
		assert_ok(rt_fit_batch(s.job, &done, &err));
		before = taken;
		assert_true(before > 0);
		for (int k = 0; k < 6; k++)
			assert_ok(rt_fit_batch(s.job, &done, &err));
		assert_true(done);
		if (taken != before)
			fail_msg("\"%s\" teaching \"%s\": %d times in 6 steps", pairs[i][0],
				 pairs[i][1], taken - before);
		end(&s);
	}
}

static void same_seed_same_bits(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(pairs); i++) {
		struct session a, b;
		bool done;

		begin(&a, (int)i);
		begin(&b, (int)i);
		for (int k = 0; k < 4; k++) {
			assert_ok(rt_fit_batch(a.job, &done, &err));
			assert_ok(rt_fit_batch(b.job, &done, &err));
		}
		assert_true(toy_same(a.student, b.student));
		end(&a);
		end(&b);
	}
}

/* The hard loss, during which somebody asks to stop: the n-th time. */
static int losses, stop_at;

static enum rt_status stopping_eval(void *work, void *self, const struct rt_batch *b,
				    struct rt_plan *plan, int logits, struct rt_terms *terms,
				    struct rt_err *e)
{
	if (++losses == stop_at)
		rt_cancel_request();
	return rt_objective_hard.eval(work, self, b, plan, logits, terms, e);
}

/* Student and control with running statistics and dropout, stopped between forward and backward of
 * either in the third batch: both are as the second batch left them, and go on from there. */
static void a_stopped_batch_is_taken_back(void **state)
{
	static const char *const names[] = {"student", "control"};
	const struct rt_objective stopping = {.name = "stopping", .eval = stopping_eval};
	const struct rt_objective *const objective[] = {&stopping, &stopping};
	void *const self[] = {NULL, NULL};
	struct rt_data *d = toy_classes(200, 40, 64, 3, 1);
	struct rt_fit_opts o = TOY_OPTS("-epochs", "1", "-batch", "32");

	(void)state;
	for (int at = 5; at <= 6; at++) {
		struct rt_graph *g[2], *twin[2];
		struct rt_fit *f, *other;
		struct rt_fit_job *job;
		bool done;

		losses = 0;
		stop_at = at;
		for (int i = 0; i < 2; i++) {
			g[i] = toy_net(pairs[3][1], d, 2 + (uint64_t)i);
			twin[i] = rt_graph_clone(g[i]);
		}
		assert_ok(rt_fit_new(&f, d, &o, 2, objective, self, &err));
		other = rt_fit_clone(f);
		assert_ok(rt_fit_begin(&job, f, g, names, &err));
		assert_ok(rt_fit_batch(job, &done, &err));
		assert_ok(rt_fit_batch(job, &done, &err));
		assert_fails(rt_fit_batch(job, &done, &err), RT_ECANCELLED, "stopped");
		rt_cancel_clear();
		assert_int_equal(rt_fit_seen(job), 64);
		toy_batches(other, twin[0], twin[1], 2);
		assert_true(toy_same(g[0], twin[0]) && toy_same(g[1], twin[1]));
		assert_true(toy_same_fit(f, other));
		toy_batches(other, twin[0], twin[1], 2);
		for (int i = 0; i < 2; i++)
			assert_ok(rt_fit_batch(job, &done, &err));
		assert_true(toy_same(g[0], twin[0]) && toy_same(g[1], twin[1]));
		assert_true(toy_same_fit(f, other));
		rt_fit_end(job);
		rt_fit_unref(f);
		rt_fit_unref(other);
		for (int i = 0; i < 2; i++) {
			rt_graph_free(g[i]);
			rt_graph_free(twin[i]);
		}
	}
	toy_opts_release(&o);
	rt_data_unref(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_take_no_memory),
		cmocka_unit_test(same_seed_same_bits),
		cmocka_unit_test(a_stopped_batch_is_taken_back),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
