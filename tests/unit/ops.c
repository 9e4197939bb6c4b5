/* ops.c - what every operator row promises, checked on the samples of tests/ops. */
#include "config.h"

#include "tests/unit/unit.h"
#include "tests/ops/trial.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <math.h>

static const char *only; /* RT_OP in the environment: the one operator to look at */

/* Calls visit on every sample and fails the case when anything complained. */
static void each_sample(void (*visit)(const struct op_sample *s))
{
	complaints = 0;
	for (int f = 0; op_samples[f]; f++)
		for (int i = 0; i < op_samples[f]->n; i++)
			if (!only || strcmp(only, op_samples[f]->v[i].op) == 0)
				visit(&op_samples[f]->v[i]);
	if (complaints)
		fail_msg("%d complaints", complaints);
}

static void *copy_bytes(const struct guarded *g)
{
	return rt_memdup(g->data, g->size, 1);
}

static bool same_bytes(const struct guarded *g, const void *copy)
{
	return g->size == 0 || memcmp(g->data, copy, g->size) == 0;
}

static void rows_are_complete(void **state)
{
	struct rt_err err;

	(void)state;
	for (int i = 0; i < rt_ops.n; i++) {
		const struct rt_op *op = (const struct rt_op *)rt_ops.rows[i];

		assert_ok(rt_row_check(rt_ops.rows[i], &err));
		if (i > 0 && strcmp(rt_ops.rows[i - 1]->name, op->row.name) >= 0)
			fail_msg("%s is not in alphabetical order", op->row.name);
		assert_ptr_equal(rt_op_find(op->row.name), op);
		assert_non_null(op->infer);
		if (!(op->flags & (RT_OP_VIEW | RT_OP_CONTROL)) && !op->forward)
			fail_msg("%s has no forward", op->row.name);
		if (op->min_out < 1 || (op->max_out >= 0 && op->max_out < op->min_out) ||
		    op->min_in < 0 ||
		    (op->max_in >= 0 && op->max_in < op->min_in))
			fail_msg("%s: number of inputs or outputs", op->row.name);
	}
	assert_null(rt_op_find("NoSuchOperator"));
}

static void every_row_has_a_sample(void **state)
{
	int missing = 0;

	(void)state;
	for (int i = 0; i < rt_ops.n; i++) {
		bool found = false;

		for (int f = 0; op_samples[f]; f++)
			for (int k = 0; k < op_samples[f]->n; k++)
				found |= strcmp(op_samples[f]->v[k].op, rt_ops.rows[i]->name) == 0;
		if (!found) {
			missing++;
			fprintf(stderr, "%s has no sample\n", rt_ops.rows[i]->name);
		}
	}
	assert_int_equal(missing, 0);
}

static void visit_refusal(const struct op_sample *s)
{
	struct trial t;
	struct rt_err err = {0};

	if (!s->fails)
		return;
	if (trial_prepare(&t, s, RT_INFER)) {
		if (t.op->infer(&t.call, &err) == RT_OK)
			complain(s, "infer accepted what it should refuse");
		else if (!strstr(err.msg, s->fails))
			complain(s, "\"%s\" does not contain \"%s\"", err.msg, s->fails);
	}
	trial_release(&t);
}

static void infer_refuses_what_does_not_fit(void **state)
{
	(void)state;
	each_sample(visit_refusal);
}

/* Shapes follow from shapes: knowing all values changes nothing, and no value is needed that the
 * sample does not offer (trial_init already ran infer so). */
static void visit_shapes(const struct op_sample *s)
{
	struct trial t;
	struct rt_arg before[SAMPLE_MAX_OUT];
	struct rt_err err = {0};
	char got[128], wanted[128];

	if (trial_init(&t, s, RT_INFER)) {
		memcpy(before, t.out, sizeof(before));
		if (s->has_shape && !rt_shape_equal(&t.out[0].shape, &s->shape))
			complain(s, "shape %s, wanted %s",
				 rt_shape_text(got, sizeof(got), &t.out[0].shape),
				 rt_shape_text(wanted, sizeof(wanted), &s->shape));
		if ((t.op->infer(&t.call, &err) != RT_OK) != s->refuses_known)
			complain(s, "infer with all values known: %s",
				 s->refuses_known ? "accepted" : err.msg);
		for (int i = 0; i < t.call.nout; i++)
			if (!rt_shape_equal(&t.out[i].shape, &before[i].shape) ||
			    t.out[i].dtype != before[i].dtype)
				complain(s, "output %d changes with the values known", i);
		if ((t.op->flags & RT_OP_VIEW) &&
		    (trial_count(&t.out[0]) != trial_count(&t.in[0]) ||
		     t.out[0].dtype != t.in[0].dtype))
			complain(s, "a view must keep type and number of elements");
	}
	trial_release(&t);
}

static void infer_gives_shapes(void **state)
{
	(void)state;
	each_sample(visit_shapes);
}

static void compare(const struct op_sample *s, const char *what, int i, double got, double wanted,
		    int64_t k)
{
	double tol = (s->expect_tol > 0 ? s->expect_tol : 1e-6) * fmax(1, fabs(wanted));

	if (got == wanted || (isnan(got) && isnan(wanted)) || fabs(got - wanted) <= tol)
		return;
	complain(s, "%s %d element %lld is %.9g, %s says %.9g", what, i, (long long)k, got,
		 s->source ? s->source : "?", wanted);
}

static void visit_answers(const struct op_sample *s)
{
	struct trial t;

	if (trial_init(&t, s, s->purpose)) {
		trial_forward(&t);
		for (int i = 0; i < t.call.nout; i++) {
			const struct op_expect *e = &s->expect[i];

			if (e->value && !s->source)
				complain(s, "where do the expected numbers come from?");
			if (e->value && e->n != trial_count(&t.out[i]))
				complain(s, "output %d has %lld elements, %d expected", i,
					 (long long)trial_count(&t.out[i]), e->n);
			else
				for (int k = 0; k < e->n; k++)
					compare(s, "output", i, trial_value(&t.out[i], k),
						e->value[k], k);
			for (int64_t k = 0; !e->value && k < trial_count(&t.out[i]); k++)
				if (!isfinite(trial_value(&t.out[i], k))) {
					complain(s, "output %d element %lld is not finite", i,
						 (long long)k);
					break;
				}
		}
	}
	trial_release(&t);
}

static void forward_gives_known_answers(void **state)
{
	(void)state;
	each_sample(visit_answers);
}

static void visit_gradient_answers(const struct op_sample *s)
{
	struct trial t;

	if (s->seed.value && trial_init(&t, s, s->purpose)) {
		float *seed = t.out_grad[0].data;
		unsigned want = 0;

		if (s->seed.n != trial_count(&t.out[0])) {
			complain(s, "%d seeds for %lld outputs", s->seed.n,
				 (long long)trial_count(&t.out[0]));
			trial_release(&t);
			return;
		}
		for (int k = 0; k < s->seed.n; k++)
			seed[k] = (float)s->seed.value[k];
		t.out[0].grad = seed;
		for (int i = 0; i < t.call.nin; i++)
			want |= (s->expect_grad[i].value ? 1u : 0u) << i;
		trial_forward(&t);
		trial_backward(&t, want, 0);
		for (int i = 0; i < t.call.nin; i++)
			for (int k = 0; k < s->expect_grad[i].n; k++)
				compare(s, "gradient of input", i, ((float *)t.in_grad[i].data)[k],
					s->expect_grad[i].value[k], k);
	}
	if (s->seed.value)
		trial_release(&t);
}

static void backward_gives_known_answers(void **state)
{
	(void)state;
	each_sample(visit_gradient_answers);
}

/* The same bits whatever the buffers held before, and without gradients the same as with. */
static void visit_determinism(const struct op_sample *s)
{
	void *explain[SAMPLE_MAX_OUT] = {0};

	for (int purpose = RT_INFER; purpose <= RT_TRAIN; purpose++) {
		struct trial t;
		void *first[SAMPLE_MAX_OUT] = {0};

		if (trial_init(&t, s, purpose)) {
			trial_forward(&t);
			for (int i = 0; i < t.call.nout; i++)
				first[i] = copy_bytes(&t.out_data[i]);
			t.filler = 0;
			trial_forward(&t);
			for (int i = 0; i < t.call.nout; i++) {
				if (!same_bytes(&t.out_data[i], first[i]))
					complain(s, "output %d differs from run to run", i);
				if (purpose == RT_EXPLAIN &&
				    !same_bytes(&t.out_data[i], explain[i]))
					complain(s, "output %d: explain differs from infer", i);
			}
		}
		for (int i = 0; i < SAMPLE_MAX_OUT; i++) {
			if (purpose == RT_INFER)
				explain[i] = first[i];
			else
				free(first[i]);
		}
		trial_release(&t);
	}
	for (int i = 0; i < SAMPLE_MAX_OUT; i++)
		free(explain[i]);
}

static void forward_is_deterministic(void **state)
{
	(void)state;
	each_sample(visit_determinism);
}

static void visit_inplace(const struct op_sample *s)
{
	struct trial t;

	if (trial_init(&t, s, RT_INFER) && (t.op->flags & RT_OP_INPLACE) &&
	    rt_shape_equal(&t.in[0].shape, &t.out[0].shape) && t.in[0].dtype == t.out[0].dtype) {
		void *wanted;

		trial_forward(&t);
		wanted = copy_bytes(&t.out_data[0]);
		t.out[0].data = t.in[0].data;
		trial_forward(&t);
		if (!same_bytes(&t.in_data[0], wanted))
			complain(s, "forward in place gives another result");
		free(wanted);
	}
	trial_release(&t);
}

static void forward_works_in_place(void **state)
{
	(void)state;
	each_sample(visit_inplace);
}

/* sum over outputs o of grad_o . (out_o with input element k at plus - the same at minus). */
static double loss_difference(struct trial *t, int i, int64_t k, double plus, double minus)
{
	struct guarded *in = &t->original[i];
	size_t size = rt_dtype(t->in[i].dtype)->size;
	char *place = (char *)in->data + (size_t)k * size, keep[8];
	double *high[SAMPLE_MAX_OUT] = {0}, sum = 0;

	memcpy(keep, place, size);
	rt_convert(place, t->in[i].dtype, &plus, RT_F64, 1);
	trial_forward(t);
	for (int o = 0; o < t->call.nout; o++) {
		high[o] = rt_alloc((size_t)trial_count(&t->out[o]) + 1, sizeof(double));
		rt_convert(high[o], RT_F64, t->out[o].data, t->out[o].dtype,
			   trial_count(&t->out[o]));
	}
	rt_convert(place, t->in[i].dtype, &minus, RT_F64, 1);
	trial_forward(t);
	for (int o = 0; o < t->call.nout; o++) {
		for (int64_t j = 0; t->out[o].grad && j < trial_count(&t->out[o]); j++)
			sum += t->out[o].grad[j] * (high[o][j] - trial_value(&t->out[o], j));
		free(high[o]);
	}
	memcpy(place, keep, size);
	return sum;
}

static double central_difference(struct trial *t, int i, int64_t k)
{
	struct rt_arg a = {.dtype = t->in[i].dtype, .data = t->original[i].data};
	double x = trial_value(&a, k), eps = t->sample->eps > 0 ? t->sample->eps : 1e-2;
	double plus = (float)(x + eps), minus = (float)(x - eps);

	return loss_difference(t, i, k, plus, minus) / (plus - minus);
}

static void check_gradient(struct trial *t, unsigned want, float before)
{
	double tol = t->sample->tol > 0 ? t->sample->tol : 2e-3;

	for (int i = 0; i < t->call.nin; i++) {
		const float *grad = t->in_grad[i].data;

		for (int64_t k = 0; (want >> i & 1) && k < trial_count(&t->in[i]); k++) {
			double got = (double)grad[k] - before, wanted = central_difference(t, i, k);

			if (fabs(got - wanted) <= tol * fmax(1, fabs(wanted)))
				continue;
			complain(t->sample, "gradient of input %d element %lld is %.6g, "
				 "differences say %.6g%s", i, (long long)k, got, wanted,
				 t->call.purpose == RT_TRAIN ? " (training)" : "");
			break;
		}
	}
}

static void visit_gradient(const struct op_sample *s)
{
	for (int purpose = RT_EXPLAIN; purpose <= RT_TRAIN; purpose++) {
		struct trial t;

		if (trial_init(&t, s, purpose) && !s->no_differences) {
			unsigned want = trial_differentiable(&t);

			trial_seed(&t);
			for (int o = 0; want && o < t.call.nout; o++) {
				float *all[SAMPLE_MAX_OUT];

				for (int k = 0; k < t.call.nout; k++) {
					all[k] = t.out[k].grad;
					t.out[k].grad = o == k || o == 0 ? all[k] : NULL;
				}
				trial_forward(&t);
				trial_backward(&t, want, 0.75f);
				check_gradient(&t, want, 0.75f);
				for (int k = 0; k < t.call.nout; k++)
					t.out[k].grad = all[k];
			}
		}
		trial_release(&t);
	}
}

/* With all outputs seeded, then each but the first alone. */
static void backward_agrees_with_differences(void **state)
{
	(void)state;
	each_sample(visit_gradient);
}

/* Asking for one gradient only gives the same bits as asking for all. */
static void visit_alone(const struct op_sample *s)
{
	struct trial t;

	if (trial_init(&t, s, RT_TRAIN)) {
		unsigned want = trial_differentiable(&t);
		void *together[SAMPLE_MAX_IN] = {0};

		trial_seed(&t);
		trial_forward(&t);
		if (want)
			trial_backward(&t, want, -0.5f);
		for (int i = 0; i < t.call.nin; i++)
			if (want >> i & 1)
				together[i] = copy_bytes(&t.in_grad[i]);
		for (int i = 0; i < t.call.nin; i++) {
			if (!(want >> i & 1))
				continue;
			trial_backward(&t, 1u << i, -0.5f);
			if (!same_bytes(&t.in_grad[i], together[i]))
				complain(s, "gradient of input %d alone differs", i);
			free(together[i]);
		}
	}
	trial_release(&t);
}

static void gradients_can_be_asked_for_alone(void **state)
{
	(void)state;
	each_sample(visit_alone);
}

static bool reads(unsigned mask, int i)
{
	return mask >> (i < 31 ? i : 31) & 1;
}

static void poison(const struct rt_arg *a, struct guarded *g)
{
	memset(g->data, rt_dtype(a->dtype)->is_float ? 0xFF : 0, g->size);
}

/* What backward says it does not read may hold anything: floats become NaN, integers 0. */
static void visit_masks(const struct op_sample *s)
{
	for (int purpose = RT_EXPLAIN; purpose <= RT_TRAIN; purpose++) {
		struct trial t;

		if (trial_init(&t, s, purpose)) {
			unsigned want = trial_differentiable(&t);
			void *wanted[SAMPLE_MAX_IN] = {0};

			trial_seed(&t);
			trial_forward(&t);
			if (want)
				trial_backward(&t, want, 0);
			for (int i = 0; i < t.call.nin; i++)
				wanted[i] = copy_bytes(&t.in_grad[i]);
			for (int i = 0; i < t.call.nin; i++)
				if (t.in[i].present && !reads(t.op->bwd_in, i))
					poison(&t.in[i], &t.in_data[i]);
			for (int i = 0; i < t.call.nout; i++)
				if (!reads(t.op->bwd_out, i))
					poison(&t.out[i], &t.out_data[i]);
			t.filler = 0x7F;
			if (want)
				trial_backward(&t, want, 0);
			for (int i = 0; i < t.call.nin; i++) {
				if (!same_bytes(&t.in_grad[i], wanted[i]))
					complain(s, "backward reads what its row does not name "
						 "(gradient of input %d changes)", i);
				free(wanted[i]);
			}
		}
		trial_release(&t);
	}
}

static void backward_reads_only_what_it_names(void **state)
{
	(void)state;
	each_sample(visit_masks);
}

static bool same_numbers(const float *a, const float *b, int64_t n)
{
	for (int64_t k = 0; k < n; k++)
		if (!(a[k] == b[k]))
			return false;
	return true;
}

/* Gradients said to be fresh are written over whatever was there, and those said to be passed on
 * are the output's. */
static void visit_fresh(const struct op_sample *s)
{
	struct trial t;

	if (trial_init(&t, s, RT_TRAIN) && t.call.nout == 1) {
		unsigned want = trial_differentiable(&t);
		void *added[SAMPLE_MAX_IN] = {0};

		trial_seed(&t);
		trial_forward(&t);
		if (want)
			trial_backward(&t, want, 0);
		for (int i = 0; i < t.call.nin; i++) {
			int64_t n = trial_count(&t.in[i]);

			added[i] = copy_bytes(&t.in_grad[i]);
			if ((want & t.op->bwd_pass) >> i & 1 && n == trial_count(&t.out[0]) &&
			    !same_numbers(added[i], t.out_grad[0].data, n))
				complain(s, "gradient of input %d is not the output's", i);
		}
		t.call.fresh = want & t.op->bwd_sets;
		if (t.call.fresh)
			trial_backward(&t, t.call.fresh, NAN);
		for (int i = 0; i < t.call.nin; i++) {
			if (t.call.fresh >> i & 1 && !same_numbers(t.in_grad[i].data, added[i],
								    trial_count(&t.in[i])))
				complain(s, "fresh gradient of input %d is not written", i);
			free(added[i]);
		}
	}
	trial_release(&t);
}

/* Where a row says so, the gradient of an input may be written over that of the output. */
static void visit_place(const struct op_sample *s)
{
	struct trial t;

	if (trial_init(&t, s, RT_TRAIN) && t.call.nout == 1) {
		const unsigned want = trial_differentiable(&t) & t.op->bwd_place;

		for (int i = 0; i < t.call.nin; i++) {
			const int64_t n = trial_count(&t.in[i]);
			void *added;

			if (!(want >> i & 1) || n != trial_count(&t.out[0]))
				continue;
			trial_seed(&t);
			trial_forward(&t);
			trial_backward(&t, 1u << i, 0);
			added = copy_bytes(&t.in_grad[i]);
			t.in[i].grad = t.out[0].grad;
			t.call.fresh = 1u << i;
			t.op->backward(&t.call);
			if (!(t.op->bwd_sets >> i & 1) ||
			    !same_numbers(t.out_grad[0].data, added, n))
				complain(s, "gradient of input %d cannot replace the output's", i);
			t.call.fresh = 0;
			t.in[i].grad = NULL;
			free(added);
		}
	}
	trial_release(&t);
}

static void gradients_are_written_in_place(void **state)
{
	(void)state;
	each_sample(visit_place);
}

static void fresh_gradients_are_written(void **state)
{
	(void)state;
	each_sample(visit_fresh);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(every_row_has_a_sample),
		cmocka_unit_test(infer_refuses_what_does_not_fit),
		cmocka_unit_test(infer_gives_shapes),
		cmocka_unit_test(forward_gives_known_answers),
		cmocka_unit_test(backward_gives_known_answers),
		cmocka_unit_test(forward_is_deterministic),
		cmocka_unit_test(forward_works_in_place),
		cmocka_unit_test(backward_agrees_with_differences),
		cmocka_unit_test(gradients_can_be_asked_for_alone),
		cmocka_unit_test(backward_reads_only_what_it_names),
		cmocka_unit_test(fresh_gradients_are_written),
		cmocka_unit_test(gradients_are_written_in_place),
	};

	unit_args(argc, argv);
	only = getenv("RT_OP");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
