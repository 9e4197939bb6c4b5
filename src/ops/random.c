/* random.c - what the generators of random numbers share. */
#include "config.h"

#include "ops/random.h"
#include "ops/known.h"

#include <inttypes.h>
#include <string.h>

enum rt_status rt_random_infer(struct rt_call *c, const struct rt_shape *shape, enum rt_dtype like,
			       struct rt_err *err)
{
	int64_t type = RT_ATTRS(rt_random_attrs, c)->dtype;

	c->out[0].dtype = like;
	if (type != RT_UNSET_INT && !rt_known_type(&c->out[0].dtype, type))
		return rt_fail(err, RT_EUNSUPPORTED, "element type %" PRId64 " of TensorProto",
			       type);
	return rt_known_shape(&c->out[0].shape, shape->dim, shape->rank, err);
}

enum rt_status rt_random_infer_given(struct rt_call *c, struct rt_err *err)
{
	const struct rt_ints *given = &RT_ATTRS(rt_random_attrs, c)->shape;
	struct rt_shape shape;

	RT_TRY(rt_known_shape(&shape, given->v, given->n, err));
	return rt_random_infer(c, &shape, RT_F32, err);
}

enum rt_status rt_random_infer_like(struct rt_call *c, struct rt_err *err)
{
	return rt_random_infer(c, &c->in[0].shape, c->in[0].dtype, err);
}

struct rt_rng rt_random_stream(const struct rt_call *c)
{
	double seed = RT_ATTRS(rt_random_attrs, c)->seed;
	uint64_t key = 0;
	struct rt_rng rng;

	if (isnan(seed) && c->rng)
		key = (uint64_t)rt_rng_u32(c->rng) << 32 | rt_rng_u32(c->rng);
	else if (!isnan(seed))
		memcpy(&key, &seed, sizeof(key));
	rt_rng_seed(&rng, key);
	return rng;
}

static void fill(const struct rt_call *c, double (*draw)(struct rt_rng *rng), double scale)
{
	size_t size = rt_dtype(c->out[0].dtype)->size;
	struct rt_rng rng = rt_random_stream(c);

	for (int64_t i = 0; i < rt_shape_count(&c->out[0].shape); i++) {
		double v = RT_ATTRS(rt_random_attrs, c)->low + scale * draw(&rng);

		rt_convert((char *)c->out[0].data + (size_t)i * size, c->out[0].dtype, &v, RT_F64,
			   1);
	}
}

void rt_random_uniform(const struct rt_call *c)
{
	const struct rt_random_attrs *a = c->attrs;

	fill(c, rt_rng_uniform, a->high - a->low);
}

void rt_random_normal(const struct rt_call *c)
{
	fill(c, rt_rng_normal, RT_ATTRS(rt_random_attrs, c)->high);
}
