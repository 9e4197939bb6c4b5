/* data_split.c - draws the training and the test part by seed, class by class. */
#include "config.h"

#include "base/mem.h"
#include "train/data_make.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* The samples of one class, or of all where there are none. */
struct stratum {
	int32_t *sample; /* borrowed from one array of all samples */
	int64_t n, test; /* how many, how many of them are tested on */
	double left;	 /* of its share, by which the rest is given out */
};

static int by_what_is_left(const void *a, const void *b)
{
	const struct stratum *x = *(struct stratum *const *)a, *y = *(struct stratum *const *)b;

	if (x->left != y->left)
		return x->left < y->left ? 1 : -1;
	return (x > y) - (x < y);
}

/* Shares out round(fraction * n) test samples by largest remainder; a stratum of two or more keeps
 * at least one in each part, and a single sample is trained on. */
static void share_out(struct stratum *s, int ns, int64_t n, double fraction)
{
	struct stratum **order = rt_alloc((size_t)ns, sizeof(struct stratum *));
	int64_t rest = llround(fraction * (double)n);

	for (int i = 0; i < ns; i++) {
		double share = fraction * (double)s[i].n;

		s[i].test = (int64_t)share;
		if (s[i].test < 1)
			s[i].test = 1;
		if (s[i].test > s[i].n - 1)
			s[i].test = s[i].n - 1;
		if (s[i].test < 0)
			s[i].test = 0;
		s[i].left = share - (double)s[i].test;
		rest -= s[i].test;
		order[i] = &s[i];
	}
	qsort(order, (size_t)ns, sizeof(*order), by_what_is_left);
	for (int i = 0; i < ns && rest > 0; i++) {
		if (order[i]->test + 1 < order[i]->n) {
			order[i]->test++;
			rest--;
		}
	}
	free(order);
}

/* Groups the sample numbers by class (one group for regression) into all, which has room for n. */
static struct stratum *make_strata(const struct rt_data *d, int32_t *all, int *ns)
{
	struct stratum *s;

	*ns = d->task == RT_CLASSIFY ? d->classes : 1;
	s = rt_alloc((size_t)*ns, sizeof(*s));
	for (int64_t i = 0; i < d->n; i++)
		s[d->task == RT_CLASSIFY ? rt_data_label(d, i) : 0].n++;
	for (int c = 0; c < *ns; c++) {
		s[c].sample = all;
		all += s[c].n;
		s[c].n = 0;
	}
	for (int64_t i = 0; i < d->n; i++) {
		struct stratum *to = &s[d->task == RT_CLASSIFY ? rt_data_label(d, i) : 0];

		to->sample[to->n++] = (int32_t)i;
	}
	return s;
}

/* Both parts in rising order of sample numbers. */
static void set_parts(struct rt_data *d, const struct stratum *s, int ns)
{
	bool *test = rt_alloc((size_t)d->n, sizeof(*test));

	for (int p = 0; p < 2; p++) {
		free(d->part[p]);
		d->npart[p] = 0;
		d->part[p] = rt_alloc((size_t)d->n, sizeof(*d->part[p]));
	}
	for (int c = 0; c < ns; c++)
		for (int64_t i = 0; i < s[c].test; i++)
			test[s[c].sample[i]] = true;
	for (int64_t i = 0; i < d->n; i++)
		d->part[test[i]][d->npart[test[i]]++] = (int32_t)i;
	for (int p = 0; p < 2; p++)
		d->part[p] = rt_realloc(d->part[p], (size_t)d->npart[p], sizeof(*d->part[p]));
	free(test);
}

enum rt_status data_draw_parts(struct rt_data *d, double test_fraction, uint64_t seed,
			       struct rt_err *err)
{
	int32_t *all = rt_alloc((size_t)d->n, sizeof(*all));
	struct rt_rng root;
	struct stratum *s;
	int64_t tested = 0;
	int ns;

	s = make_strata(d, all, &ns);
	share_out(s, ns, d->n, test_fraction);
	rt_rng_seed(&root, seed);
	for (int c = 0; c < ns; c++) {
		struct rt_rng rng = rt_rng_split(&root, "split", (uint64_t)c);

		rt_rng_shuffle(&rng, s[c].sample, s[c].n);
		tested += s[c].test;
	}
	if (tested > 0 && tested < d->n)
		set_parts(d, s, ns);
	free(s);
	free(all);
	if (tested == 0 || tested == d->n)
		return rt_fail(err, RT_EINVAL,
			       "a test part of %g of %" PRId64 " samples would have %" PRId64
			       "; each part needs one at least",
			       test_fraction, d->n, tested);
	return RT_OK;
}

enum rt_status rt_data_split(struct rt_data **out, const struct rt_data *d, double test_fraction,
			     uint64_t seed, struct rt_err *err)
{
	struct rt_data *made;

	*out = NULL;
	if (!(test_fraction > 0 && test_fraction < 1))
		return rt_fail(err, RT_EINVAL,
			       "the test part must be above 0 and below 1, got %g   (try: 0.2)",
			       test_fraction);
	made = data_clone(d);
	if (data_draw_parts(made, test_fraction, seed, err) != RT_OK) {
		rt_data_unref(made);
		return err->status;
	}
	data_fit(made, d->scale[0]);
	free(made->recipe);
	made->recipe = data_recipe_split(d->recipe, test_fraction, seed);
	*out = made;
	return RT_OK;
}
