/* random.h - what the generators of random numbers share. */
#ifndef RT_OPS_RANDOM_H
#define RT_OPS_RANDOM_H

#include "graph/op.h"

/* Attributes of all of them; each row lists those it has. */
struct rt_random_attrs {
	int64_t dtype;
	double seed;
	double low, high;	/* or mean and scale */
	struct rt_ints shape;
};

#define RT_RANDOM_OPT(field, kind, text)                                                           \
	.name = #field, .type = kind, .offset = offsetof(struct rt_random_attrs, field),           \
	.summary = text
#define RT_RANDOM_SEED {RT_RANDOM_OPT(seed, RT_REAL, "the same seed gives the same numbers")}
#define RT_RANDOM_DTYPE(given)                                                                     \
	{RT_RANDOM_OPT(dtype, RT_INT, "element type, as TensorProto numbers it"), .init = given,   \
	 .min = 1, .max = 16}
#define RT_RANDOM_SHAPE                                                                            \
	{RT_RANDOM_OPT(shape, RT_INTS, "of the result"), .max = 2147483647.0, .example = "2 3",    \
	 .flags = RT_OPT_REQUIRED}
#define RT_RANDOM_RANGE                                                                            \
	{RT_RANDOM_OPT(low, RT_REAL, "lower end"), .init = "0"},                                   \
	{RT_RANDOM_OPT(high, RT_REAL, "upper end"), .init = "1"}
#define RT_RANDOM_MOMENTS                                                                          \
	{.name = "mean", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, low),         \
	 .init = "0", .summary = "mean"},                                                          \
	{.name = "scale", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, high),       \
	 .init = "1", .summary = "standard deviation"}

/* out[0] of the type that dtype names, or else `like`, and of that shape. */
enum rt_status rt_random_infer(struct rt_call *c, const struct rt_shape *shape, enum rt_dtype like,
			       struct rt_err *err);

/* The same with the shape that the attribute gives, and like input 0. */
enum rt_status rt_random_infer_given(struct rt_call *c, struct rt_err *err);
enum rt_status rt_random_infer_like(struct rt_call *c, struct rt_err *err);

/* The stream of a call: that of the run, else of the seed. */
struct rt_rng rt_random_stream(const struct rt_call *c);

/* Fills out[0] with numbers equally likely in [low, high), or normal with mean low and deviation
 * high. */
void rt_random_uniform(const struct rt_call *c);
void rt_random_normal(const struct rt_call *c);

#endif
