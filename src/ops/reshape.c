/* reshape.c - Reshape: the same elements under the shape in[1]; 0 keeps a dimension, one -1 is what
 * remains.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

#include <inttypes.h>

struct attrs {
	bool allowzero;
};

static const struct rt_opt opts[] = {
	{"allowzero", "a 0 in the shape is a dimension without elements instead of one to keep",
	 RT_BOOL, offsetof(struct attrs, allowzero), "no"},
	{0},
};

/* Puts the kept dimensions into want and a 1 where -1 stands; *unknown is its place or -1. */
static enum rt_status resolve(struct rt_known *want, int *unknown, const struct rt_call *c,
			      struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;

	*unknown = -1;
	for (int d = 0; d < want->n; d++) {
		if (want->v[d] == 0 && !RT_ATTRS(attrs, c)->allowzero) {
			if (d >= x->rank)
				return rt_fail(err, RT_ESHAPE,
					       "0 keeps dimension %d, but the input has only %d", d,
					       x->rank);
			want->v[d] = x->dim[d];
		} else if (want->v[d] == -1) {
			if (*unknown >= 0)
				return rt_fail(err, RT_ESHAPE, "dimensions %d and %d are both -1",
					       *unknown, d);
			*unknown = d;
			want->v[d] = 1;
		}
	}
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known want;
	struct rt_shape y;
	int64_t have = rt_shape_count(x), known;
	char buf[128];
	int unknown;

	RT_TRY(rt_known_list(&want, c, 1, "shape", err));
	RT_TRY(resolve(&want, &unknown, c, err));
	RT_TRY(rt_known_shape(&y, want.v, want.n, err));
	known = rt_shape_count(&y);
	if (unknown >= 0) {
		if (known == 0 || have % known != 0)
			return rt_fail(err, RT_ESHAPE,
				       "%s (%" PRId64
				       " elements) cannot be cut into parts of %" PRId64,
				       rt_shape_text(buf, sizeof(buf), x), have, known);
		y.dim[unknown] = have / known;
	}
	return rt_known_view(c, &y, err);
}

const struct rt_op rt_op_Reshape = {
	.row = {.name = "Reshape", .summary = "the same elements under another shape", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_VIEW,
	.infer = infer,
	.backward = rt_known_view_backward,
};
