/* want.c - checks that many shape rules make. */
#include "config.h"

#include "ops/want.h"

#include <inttypes.h>

enum rt_status rt_want_f32(const struct rt_call *c, int i, const char *what, struct rt_err *err)
{
	if (i >= c->nin || !c->in[i].present || c->in[i].dtype == RT_F32)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s is %s, f32 is wanted", what,
		       rt_dtype(c->in[i].dtype)->row.name);
}

enum rt_status rt_want_type(const struct rt_call *c, int i, const char *what, unsigned types,
			    struct rt_err *err)
{
	struct rt_str list = {0};
	unsigned left = types;
	enum rt_status status;

	if (i >= c->nin || !c->in[i].present || (types >> c->in[i].dtype & 1))
		return RT_OK;
	for (int t = 0; t < RT_DTYPES; t++) {
		if (!(types >> t & 1))
			continue;
		left &= ~RT_TYPE_BIT(t);
		rt_str_addf(&list, "%s%s", !list.len ? "" : left ? ", " : " or ",
			    rt_dtype((enum rt_dtype)t)->row.name);
	}
	status = rt_fail(err, RT_ESHAPE, "%s %s; %s is wanted", what,
			 rt_dtype(c->in[i].dtype)->row.name, rt_str_text(&list));
	rt_str_release(&list);
	return status;
}

enum rt_status rt_want_same_type(const struct rt_call *c, int i, struct rt_err *err)
{
	if (c->in[0].dtype == c->in[i].dtype)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "the inputs are %s and %s; they must be of one type",
		       rt_dtype(c->in[0].dtype)->row.name, rt_dtype(c->in[i].dtype)->row.name);
}

enum rt_status rt_want_rank(const struct rt_call *c, int i, const char *what, int rank,
			    struct rt_err *err)
{
	char buf[128];

	if (c->in[i].shape.rank == rank)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s is %s; %d dimension%s wanted", what,
		       rt_shape_text(buf, sizeof(buf), &c->in[i].shape), rank,
		       rank == 1 ? " is" : "s are");
}

enum rt_status rt_want_one(const struct rt_call *c, int i, const char *what, struct rt_err *err)
{
	if (i >= c->nin || !c->in[i].present || rt_shape_count(&c->in[i].shape) == 1)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s has %" PRId64 " values, 1 is wanted", what,
		       rt_shape_count(&c->in[i].shape));
}

enum rt_status rt_want_elements(const struct rt_call *c, int i, const char *what,
				struct rt_err *err)
{
	const struct rt_shape *s = &c->in[i].shape;
	char buf[128];

	for (int d = 0; d < s->rank; d++)
		if (s->dim[d] < 1)
			return rt_fail(err, RT_ESHAPE, "%s %s has no elements", what,
				       rt_shape_text(buf, sizeof(buf), s));
	return RT_OK;
}

enum rt_status rt_want_axis(int *axis, int64_t given, const struct rt_shape *x, struct rt_err *err)
{
	char buf[128];

	if (given < -x->rank || given >= x->rank)
		return rt_fail(err, RT_ESHAPE,
			       "axis %" PRId64 " of an input with %d dimensions (%s)", given,
			       x->rank, rt_shape_text(buf, sizeof(buf), x));
	*axis = (int)(given < 0 ? given + x->rank : given);
	return RT_OK;
}

enum rt_status rt_want_product(int64_t M, int64_t N, int64_t K, struct rt_err *err)
{
	int64_t most = M > N ? M : N;

	most = most > K ? most : K;
	if (most <= INT32_MAX)
		return RT_OK;
	return rt_fail(err, RT_EUNSUPPORTED,
		       "a matrix product with a side of %" PRId64 "; at most %d is possible", most,
		       INT32_MAX);
}
