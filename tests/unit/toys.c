/* toys.c - data sets and nets small enough to train in a moment. */
#include "config.h"

#include "toys.h"

#include "io/layers.h"
#include "train/data_make.h"

/* --- data --------------------------------------------------------------------------------- */

static struct rt_data *new_set(int64_t n, int64_t ntest, int features)
{
	struct rt_data *d = data_new();
	struct rt_err err;

	d->name = rt_strdup("toy");
	d->source = rt_strdup("memory");
	d->sample = RT_SHAPE(features);
	d->n = n;
	assert_ok(rt_tensor_new(&d->x, RT_F32, &RT_SHAPE(n, features), &err));
	data_part_range(d, RT_PART_TRAIN, 0, n - ntest);
	data_part_range(d, RT_PART_TEST, n - ntest, n);
	return d;
}

/* Random samples, and for each of them `width` linear functions of it (n x width). */
static float *draw(struct rt_data *d, int width, uint64_t seed)
{
	int features = (int)d->sample.dim[0];
	float *x, *y = rt_alloc((size_t)(d->n * width), sizeof(*y)), *w;
	struct rt_rng rng;
	struct rt_err err;
	void *to;

	assert_ok(rt_tensor_write(&to, &d->x, &err));
	x = to;
	w = rt_alloc((size_t)(features * width), sizeof(*w));
	rt_rng_seed(&rng, seed);
	for (int i = 0; i < features * width; i++)
		w[i] = (float)rt_rng_normal(&rng);
	for (int64_t i = 0; i < d->n * features; i++)
		x[i] = (float)(2 * rt_rng_uniform(&rng) - 1);
	for (int64_t i = 0; i < d->n; i++)
		for (int o = 0; o < width; o++)
			for (int f = 0; f < features; f++)
				y[i * width + o] += x[i * features + f] * w[f * width + o];
	free(w);
	return y;
}

struct rt_data *toy_classes(int64_t n, int64_t ntest, int features, int classes, uint64_t seed)
{
	struct rt_data *d = new_set(n, ntest, features);
	float *y = draw(d, classes, seed);
	struct rt_err err;
	void *label;

	d->classes = classes;
	assert_ok(rt_tensor_new(&d->y, RT_I32, &RT_SHAPE(n), &err));
	assert_ok(rt_tensor_write(&label, &d->y, &err));
	for (int64_t i = 0; i < n; i++)
		((int32_t *)label)[i] = rt_argmax(y + i * classes, classes);
	free(y);
	data_fit(d, 1);
	return d;
}

struct rt_data *toy_numbers(int64_t n, int64_t ntest, int features, int outputs, uint64_t seed)
{
	struct rt_data *d = new_set(n, ntest, features);
	float *y = draw(d, outputs, seed);
	struct rt_err err;
	void *target;

	d->task = RT_REGRESS;
	d->outputs = outputs;
	assert_ok(rt_tensor_new(&d->y, RT_F32, &RT_SHAPE(n, outputs), &err));
	assert_ok(rt_tensor_write(&target, &d->y, &err));
	for (int64_t i = 0; i < n * outputs; i++)
		((float *)target)[i] = 10 + 3 * y[i];
	free(y);
	data_fit(d, 1);
	return d;
}

struct rt_data *toy_labels(int n, const int32_t *label, int classes)
{
	struct rt_data *d = new_set(n, n - 1, 1);
	struct rt_err err;
	void *to;

	d->classes = classes;
	assert_ok(rt_tensor_new(&d->y, RT_I32, &RT_SHAPE(n), &err));
	assert_ok(rt_tensor_write(&to, &d->y, &err));
	memcpy(to, label, (size_t)n * sizeof(*label));
	data_fit(d, 1);
	return d;
}

struct rt_data *toy_targets(int n, const float *target)
{
	struct rt_data *d = new_set(n, n - 1, 1);
	struct rt_err err;
	void *to;

	d->task = RT_REGRESS;
	d->outputs = 1;
	assert_ok(rt_tensor_new(&d->y, RT_F32, &RT_SHAPE(n, 1), &err));
	assert_ok(rt_tensor_write(&to, &d->y, &err));
	memcpy(to, target, (size_t)n * sizeof(*target));
	data_fit(d, 1);
	return d;
}

/* --- nets --------------------------------------------------------------------------------- */

struct rt_graph *toy_net(const char *text, const struct rt_data *d, uint64_t seed)
{
	struct rt_graph *g = NULL;
	struct rt_rng rng;
	struct rt_err err;

	rt_rng_seed(&rng, seed);
	assert_ok(rt_layers_build(&g, text, &d->sample, &rng, &err));
	return g;
}

bool toy_same(const struct rt_graph *a, const struct rt_graph *b)
{
	if (a->nparams != b->nparams)
		return false;
	for (int i = 0; i < a->nparams; i++)
		if (!rt_tensor_equal(&a->params[i].data, &b->params[i].data) ||
		    !rt_tensor_equal(&a->params[i].mask, &b->params[i].mask))
			return false;
	return true;
}

/* --- runs --------------------------------------------------------------------------------- */

struct toy_params {
	struct rt_fit_opts fit;
};

static const struct rt_opt toy_rows[] = {
	{"epochs", "length of the run", RT_INT, offsetof(struct toy_params, fit.epochs), "10", 0,
	 1e6},
	RT_FIT_OPTS(toy_params, fit),
	{0},
};
static const struct rt_row toy_row = {"toy", "a run", toy_rows, sizeof(struct toy_params)};

struct rt_fit_opts toy_opts(int n, const char *const *words)
{
	struct toy_params p;
	struct rt_err err;

	rt_params_init(&toy_row, &p);
	assert_ok(rt_params_parse(&toy_row, &p, n, words, &err));
	if (p.fit.seed == RT_UNSET_INT)
		p.fit.seed = 1;
	return p.fit;
}

void toy_opts_release(struct rt_fit_opts *o)
{
	free(o->milestones.v);
	o->milestones = (struct rt_reals){0};
}

struct rt_fit *toy_fit(struct rt_data *d, const struct rt_fit_opts *o)
{
	const struct rt_objective *objective = &rt_objective_hard;
	void *self = NULL;
	struct rt_fit *f;
	struct rt_err err;

	assert_ok(rt_fit_new(&f, d, o, 1, &objective, &self, &err));
	return f;
}

static struct rt_fit_job *begin(struct rt_fit *f, struct rt_graph *a, struct rt_graph *b)
{
	struct rt_graph *graphs[RT_MAX_LEARNERS] = {a, b};
	const char *names[RT_MAX_LEARNERS] = {"a", "b"};
	struct rt_fit_job *job;
	struct rt_err err;

	assert_ok(rt_fit_begin(&job, f, graphs, names, &err));
	return job;
}

void toy_epochs(struct rt_fit *f, struct rt_graph *a, struct rt_graph *b, int n)
{
	struct rt_fit_job *job = begin(f, a, b);
	struct rt_err err;

	for (int i = 0; i < n; i++) {
		for (bool done = false; !done;)
			assert_ok(rt_fit_batch(job, &done, &err));
		assert_ok(rt_fit_close_epoch(job, NULL, &err));
	}
	rt_fit_end(job);
}

void toy_batches(struct rt_fit *f, struct rt_graph *a, struct rt_graph *b, int n)
{
	struct rt_fit_job *job = begin(f, a, b);
	struct rt_err err;
	bool done;

	for (int i = 0; i < n; i++) {
		assert_ok(rt_fit_batch(job, &done, &err));
		if (done)
			assert_ok(rt_fit_close_epoch(job, NULL, &err));
	}
	rt_fit_end(job);
}

static bool same_number(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static bool same_terms(const struct rt_terms *a, const struct rt_terms *b)
{
	if (a->n != b->n)
		return false;
	for (int i = 0; i < a->n; i++)
		if (strcmp(a->term[i].name, b->term[i].name) != 0 ||
		    !same_number(a->term[i].weight, b->term[i].weight) ||
		    !same_number(a->term[i].value, b->term[i].value))
			return false;
	return true;
}

static bool same_epoch(const struct rt_epoch *a, const struct rt_epoch *b, int learners)
{
	if (a->epoch != b->epoch || !same_number(a->lr, b->lr))
		return false;
	if (!same_number(a->agreement, b->agreement) &&
	    !(isnan(a->agreement) && isnan(b->agreement)))
		return false;
	for (int i = 0; i < learners; i++)
		if (!same_number(a->score[i], b->score[i]) ||
		    !same_number(a->test_loss[i], b->test_loss[i]) ||
		    !same_terms(&a->terms[i], &b->terms[i]))
			return false;
	return true;
}

static bool same_rng(const struct rt_rng *a, const struct rt_rng *b)
{
	return a->key == b->key && a->counter == b->counter && a->left == b->left &&
	       memcmp(a->block, b->block, sizeof(a->block)) == 0;
}

static bool same_optim(const struct rt_optim *a, const struct rt_optim *b)
{
	if (a->kind != b->kind || a->step != b->step || a->nparams != b->nparams ||
	    !a->state != !b->state || !rt_params_equal(&a->kind->row, a->params, b->params))
		return false;
	for (int i = 0; a->state && i < a->nparams * a->kind->slots; i++)
		if (!rt_tensor_equal(&a->state[i], &b->state[i]))
			return false;
	return true;
}

bool toy_same_fit(const struct rt_fit *a, const struct rt_fit *b)
{
	if (a->nlearners != b->nlearners || a->nhistory != b->nhistory || a->seen != b->seen ||
	    a->at.epoch != b->at.epoch || a->at.at != b->at.at || !same_rng(&a->at.rng, &b->at.rng))
		return false;
	for (int i = 0; i < a->nlearners; i++)
		if (!same_rng(&a->learner[i].rng, &b->learner[i].rng) ||
		    !same_terms(&a->terms[i], &b->terms[i]) ||
		    !same_optim(&a->learner[i].optim, &b->learner[i].optim))
			return false;
	for (int i = 0; i < a->nhistory; i++)
		if (!same_epoch(&a->history[i], &b->history[i], a->nlearners))
			return false;
	return true;
}
