/* toys.h - data sets and nets small enough to train in a moment. */
#ifndef RT_TESTS_UNIT_TOYS_H
#define RT_TESTS_UNIT_TOYS_H

#include "unit.h"

#include "base/mem.h"
#include "train/fit.h"

/* n samples of so many features in -1 .. 1, of which the last ntest are the test part.  The class
 * is the largest of random linear functions; the targets are such functions with mean 10 or so. */
struct rt_data *toy_classes(int64_t n, int64_t ntest, int features, int classes, uint64_t seed);
struct rt_data *toy_numbers(int64_t n, int64_t ntest, int features, int outputs, uint64_t seed);

/* One feature, given labels or raw targets; all of it the test part but for sample 0. */
struct rt_data *toy_labels(int n, const int32_t *label, int classes);
struct rt_data *toy_targets(int n, const float *target);

/* A net of the layer language for samples of d; the weights follow from seed. */
struct rt_graph *toy_net(const char *text, const struct rt_data *d, uint64_t seed);

/* Every parameter and mask the same, bit for bit. */
bool toy_same(const struct rt_graph *a, const struct rt_graph *b);

/* Options from words; the caller releases with toy_opts_release(). */
struct rt_fit_opts toy_opts(int n, const char *const *words);
void toy_opts_release(struct rt_fit_opts *o);
#define TOY_OPTS(...)                                                                              \
	toy_opts((int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),                    \
		 (const char *[]){__VA_ARGS__})

/* A run of one learner on the labels. */
struct rt_fit *toy_fit(struct rt_data *d, const struct rt_fit_opts *o);

/* Moves a run on by whole epochs, or by mini-batches. */
void toy_epochs(struct rt_fit *f, struct rt_graph *a, struct rt_graph *b, int n);
void toy_batches(struct rt_fit *f, struct rt_graph *a, struct rt_graph *b, int n);

/* Everything but times the same, bit for bit. */
bool toy_same_fit(const struct rt_fit *a, const struct rt_fit *b);

#endif
