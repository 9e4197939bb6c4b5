/* nets.h - small nets with random numbers in every parameter, and their outputs. */
#ifndef RT_TESTS_UNIT_NETS_H
#define RT_TESTS_UNIT_NETS_H

#include "unit.h"

#include "compress/prune.h"
#include "compress/quantize.h"
#include "exec/plan.h"
#include "io/layers.h"
#include "train/data.h"

/* The stream of a seed. */
struct rt_rng seeded(uint64_t seed);

/* A net of the layer language whose biases, scales and running statistics are random, too. */
struct rt_graph *net(const char *text, const struct rt_shape *sample, uint64_t seed);

/* Outputs of the first output for n random samples drawn by seed, without fusion; freed by the
 * caller. */
float *outputs(struct rt_graph *g, int64_t n, uint64_t seed, int64_t *count);

/* Largest |a - b| over the outputs of both, divided by the largest |a|. */
double distance(struct rt_graph *a, struct rt_graph *b);

/* Largest difference of value v after two runs, by its largest number in b. */
double plans_differ(const struct rt_plan *a, const struct rt_plan *b, int v);

/* The parameter of that name; fails without one. */
struct rt_param *param(const struct rt_graph *g, const char *name);
const float *weights(const struct rt_graph *g, const char *name);

/* Gives a parameter the values v[0 .. n). */
void set_values(struct rt_graph *g, const char *name, int n, const float *v);

/* The same tensors and masks, bit for bit. */
bool same_bits(const struct rt_graph *a, const struct rt_graph *b);

/* n samples of the shape, uniform in -1 .. 1, two classes, all in the training part. */
struct rt_data *noise(const struct rt_shape *sample, int64_t n, uint64_t seed);

/* Default options; the caller releases with rt_params_release(). */
struct rt_prune prune_opts(double amount);
void use_score(struct rt_prune *o, const char *score);
struct rt_quantize_opts quantize_opts(void);

#endif
