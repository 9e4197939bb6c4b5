/* strides.c - what transposes, reshapes and picks do to strides.
 *
 * An axis is kept as the loops it consists of, so that joining axes that do not lie behind each
 * other, and cutting them again elsewhere, needs no copy in between.
 */
#include "config.h"

#include "exec/strides.h"
#include "graph/attr.h"
#include "ops/ops.h"

#define FACTORS (RT_MAX_RANK * STRIDES_FACTORS)
#define FAR 16 /* nodes gone back through at most */

void strides_dense(struct strides *s, int v, const struct rt_shape *shape)
{
	int64_t step = 1;

	*s = (struct strides){.base = v, .scale = 1, .rank = shape->rank};
	for (int d = shape->rank - 1; d >= 0; d--) {
		const int64_t n = shape->dim[d];

		s->axis[d] = (struct axis){n != 1, {{n, step}}};
		step *= n;
	}
}

/* --- reshape ------------------------------------------------------------------------------ */

static bool add_factor(struct axis *a, int64_t size, int64_t step)
{
	struct factor *last = a->n > 0 ? &a->loop[a->n - 1] : NULL;

	if (last && last->step == size * step) {
		last->size *= size;
		last->step = step;
		return true;
	}
	if (a->n == STRIDES_FACTORS)
		return false;
	a->loop[a->n++] = (struct factor){size, step};
	return true;
}

static bool reshape(struct strides *s, const struct rt_shape *to)
{
	struct factor flat[FACTORS];
	struct strides r = {.base = s->base, .offset = s->offset, .scale = s->scale,
			    .rank = to->rank};
	int n = 0, at = 0;

	for (int d = 0; d < s->rank; d++)
		for (int i = 0; i < s->axis[d].n; i++)
			flat[n++] = s->axis[d].loop[i];
	for (int d = 0; d < to->rank; d++) {
		int64_t left = to->dim[d];

		while (left > 1 && at < n) {
			struct factor *f = &flat[at];
			const int64_t taken = f->size <= left ? f->size : left;

			if (taken < 1 || left % taken || f->size % taken)
				return false;
			f->size /= taken;
			if (!add_factor(&r.axis[d], taken, f->step * f->size))
				return false;
			at += f->size == 1;
			left /= taken;
		}
	}
	*s = r;
	return true;
}

/* --- other nodes ---------------------------------------------------------------------------- */

static bool turn(struct strides *s, const struct rt_node *n)
{
	const struct rt_ints perm = rt_attr_ints(n, "perm");
	const struct strides old = *s;

	for (int d = 0; d < s->rank; d++) {
		int64_t from = perm.n ? perm.v[d] : s->rank - 1 - d;

		s->axis[d] = old.axis[from < 0 ? from + s->rank : from];
	}
	return true;
}

/* The input that a node goes on from. */
static int source(const struct rt_plan *p, const struct rt_node *n)
{
	double number;

	return n->op == &rt_op_Mul && fuse_number(p, n->in[0], &number) ? n->in[1] : n->in[0];
}

/* Gather of one known place along an axis. */
static bool pick(struct strides *s, const struct rt_plan *p, const struct rt_node *n)
{
	const struct rt_shape *x = &p->value[n->in[0]].shape;
	const int axis = (int)(rt_attr_int(n, "axis", 0) +
			       (rt_attr_int(n, "axis", 0) < 0 ? x->rank : 0));
	double at;

	if (!fuse_number(p, n->in[1], &at))
		return false;
	at += at < 0 ? (double)x->dim[axis] : 0;
	if (at < 0 || at >= (double)x->dim[axis])
		return false;
	for (int64_t i = s->axis[axis].n - 1, left = (int64_t)at; i >= 0; i--) {
		const struct factor *f = &s->axis[axis].loop[i];

		s->offset += left % f->size * f->step;
		left /= f->size;
	}
	s->axis[axis].n = 0;
	return reshape(s, &p->value[n->out[0]].shape);
}

/* A product with, or a quotient by, a known number. */
static bool scale(struct strides *s, const struct rt_plan *p, const struct rt_node *n)
{
	double factor;

	if (!fuse_scales(p, n, source(p, n), &factor))
		return false;
	s->scale *= factor;
	return true;
}

static bool is_silent(const struct rt_plan *p, const struct rt_node *n)
{
	return n->op == &rt_op_Dropout && p->purpose == RT_INFER;
}

bool strides_follow(struct strides *s, const struct rt_plan *p, const struct rt_node *n)
{
	if (n->nout != 1)
		return false;
	if (n->op->flags & RT_OP_VIEW)
		return reshape(s, &p->value[n->out[0]].shape);
	if (n->op == &rt_op_Transpose)
		return turn(s, n);
	return is_silent(p, n);
}

/* --- values --------------------------------------------------------------------------------- */

static bool goes_back(struct strides *s, const struct rt_plan *p, const struct rt_node *n)
{
	if (n->op == &rt_op_Gather)
		return pick(s, p, n);
	if (n->op == &rt_op_Mul || n->op == &rt_op_Div)
		return scale(s, p, n);
	return strides_follow(s, p, n);
}

static bool is_left(const struct rt_plan *p, const int *made, int v)
{
	const struct rt_node *n = made[v] >= 0 ? &p->lowered->nodes[made[v]] : NULL;

	return !n || p->pinned[v] || p->keep_grad[v] || p->known[v] || n->nin < 1 ||
	       n->in[0] < 0 || p->value[source(p, n)].dtype != RT_F32;
}

void strides_of(struct strides *s, const struct rt_plan *p, const int *made, int v)
{
	int path[FAR], n = 0;

	while (n < FAR && !is_left(p, made, v)) {
		path[n++] = v;
		v = source(p, &p->lowered->nodes[made[v]]);
	}
	strides_dense(s, v, &p->value[v].shape);
	while (n-- > 0)
		if (!goes_back(s, p, &p->lowered->nodes[made[path[n]]]))
			strides_dense(s, path[n], &p->value[path[n]].shape);
}

/* --- turning round -------------------------------------------------------------------------- */

bool strides_invert(struct strides *to, const struct strides *s, const struct rt_shape *from)
{
	int64_t next = 1, step = 1, own[FACTORS];
	struct factor flat[FACTORS];
	int n = 0;

	/* loops of the result, with the steps they came from, and their own */
	for (int d = s->rank - 1; d >= 0; d--)
		for (int i = s->axis[d].n - 1; i >= 0; i--) {
			flat[n] = s->axis[d].loop[i];
			own[n++] = next;
			next *= s->axis[d].loop[i].size;
		}
	*to = (struct strides){.base = s->base, .scale = 1, .rank = from->rank};
	for (int d = from->rank - 1; d >= 0; d--) {
		struct axis back = {0};

		/* innermost first: the loop that steps by what lies within it */
		for (int64_t left = from->dim[d]; left > 1;) {
			int64_t taken;
			int i = 0;

			while (i < n && flat[i].step != step)
				i++;
			if (i == n || back.n == STRIDES_FACTORS)
				return false;
			taken = flat[i].size <= left ? flat[i].size : left;
			if (left % taken || flat[i].size % taken)
				return false;
			back.loop[back.n++] = (struct factor){taken, own[i]};
			flat[i].size /= taken;
			flat[i].step = flat[i].size > 1 ? flat[i].step * taken : -1;
			own[i] *= taken;
			step *= taken;
			left /= taken;
		}
		for (int i = 0; i < back.n; i++)
			to->axis[d].loop[i] = back.loop[back.n - 1 - i];
		to->axis[d].n = back.n;
	}
	return true;
}
