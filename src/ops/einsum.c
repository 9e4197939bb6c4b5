/* einsum.c - Einsum: sums of products over axes named by letters, "ij,jk->ik".
 *
 * "..." stands for leading axes that broadcast; without "->" the result has the letters that occur
 * once, in alphabetical order.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/einsum.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

struct einsum {
	char *equation;
};

static const struct rt_opt opts[] = {
	{.name = "equation", .type = RT_STRING, .offset = offsetof(struct einsum, equation),
	 .example = "ij,jk->ik", .flags = RT_OPT_REQUIRED,
	 .summary = "axes of the inputs, and those of the result"},
	{0},
};

/* Axes have the ids 'A' .. 'z' by their letters, and 0, 1 .. for those of "...", from the last. */
#define IDS 128
#define MOST_LABELS 64

/* One side of the equation between commas: ids in order. */
struct labels {
	int n;
	unsigned char id[MOST_LABELS];
	int dots;	/* where "..." stands, -1 = nowhere; its axes are not in id */
};

struct parse {
	struct labels in[RT_EINSUM_OPERANDS], out;
	int64_t size[IDS];
	int broadcast;	/* axes that "..." stands for at most */
};

static enum rt_status bad(const char *equation, struct rt_err *err)
{
	return rt_fail(err, RT_EINVAL, "equation \"%s\" cannot be read; as \"ij,jk->ik\"",
		       equation);
}

/* Reads labels up to a comma, an arrow or the end. */
static bool read_labels(struct labels *l, const char **p)
{
	*l = (struct labels){.dots = -1};
	for (; **p && **p != ',' && **p != '-'; (*p)++) {
		if (**p == ' ')
			continue;
		if (strncmp(*p, "...", 3) == 0 && l->dots < 0) {
			l->dots = l->n;
			*p += 2;
		} else if (isalpha((unsigned char)**p) && l->n < MOST_LABELS) {
			l->id[l->n++] = (unsigned char)**p;
		} else {
			return false;
		}
	}
	return true;
}

/* Letters that occur once, behind the axes of "...". */
static void implicit_output(struct parse *p, int n)
{
	int uses[IDS] = {0};

	p->out = (struct labels){.dots = 0};
	for (int k = 0; k < n; k++)
		for (int i = 0; i < p->in[k].n; i++)
			uses[p->in[k].id[i]]++;
	for (int id = 'A'; id < IDS; id++)
		if (uses[id] == 1)
			p->out.id[p->out.n++] = (unsigned char)id;
}

static enum rt_status read_equation(struct parse *p, const char *equation, int n,
				    struct rt_err *err)
{
	const char *at = equation;

	for (int k = 0; k < n; k++) {
		if (!read_labels(&p->in[k], &at))
			return bad(equation, err);
		if (k + 1 < n && *at++ != ',')
			return rt_fail(err, RT_EINVAL,
				       "equation \"%s\" has %d operands for %d inputs", equation,
				       k + 1, n);
	}
	if (*at == '\0') {
		implicit_output(p, n);
		return RT_OK;
	}
	if (strncmp(at, "->", 2) != 0)
		return bad(equation, err);
	at += 2;
	return read_labels(&p->out, &at) && *at == '\0' ? RT_OK : bad(equation, err);
}

/* The id of dimension d of an operand. */
static int id_of(const struct labels *l, int rank, int d)
{
	int covered = rank - l->n;

	if (l->dots < 0 || d < l->dots)
		return l->id[d];
	return d < l->dots + covered ? l->dots + covered - 1 - d : l->id[d - covered];
}

/* Sizes of all axes; 1 broadcasts where "..." stands. */
static enum rt_status measure(struct parse *p, const struct rt_call *c, struct rt_err *err)
{
	for (int k = 0; k < c->nin; k++) {
		const struct rt_shape *s = &c->in[k].shape;
		int covered = s->rank - p->in[k].n;

		if (covered < 0 || (covered > 0 && p->in[k].dots < 0))
			return rt_fail(err, RT_ESHAPE, "input %d has %d dimensions, its labels %d",
				       k, s->rank, p->in[k].n);
		p->broadcast = covered > p->broadcast ? covered : p->broadcast;
		for (int d = 0; d < s->rank; d++) {
			int id = id_of(&p->in[k], s->rank, d);

			if (p->size[id] && p->size[id] != s->dim[d] &&
			    (id >= 'A' || (p->size[id] != 1 && s->dim[d] != 1)))
				return rt_fail(err, RT_ESHAPE,
					       "input %d: dimension %d is %" PRId64
					       ", elsewhere it "
					       "is %" PRId64,
					       k, d, s->dim[d], p->size[id]);
			if (p->size[id] <= 1)
				p->size[id] = s->dim[d];
		}
	}
	return RT_OK;
}

/* Appends axis id; its number. */
static int add_axis(struct rt_einsum *e, int8_t *axis, const struct parse *p, int id)
{
	if (axis[id] < 0 && e->axes < RT_EINSUM_AXES) {
		e->size[e->axes] = p->size[id];
		axis[id] = (int8_t)e->axes++;
	}
	return axis[id];
}

/* Axes of the result first. */
static enum rt_status number_axes(struct rt_einsum *e, int8_t *axis, const struct parse *p,
				  const struct rt_call *c, struct rt_err *err)
{
	int rank = p->out.n + (p->out.dots >= 0 ? p->broadcast : 0);

	memset(axis, -1, IDS);
	for (int d = 0; d < rank; d++) {
		int id = id_of(&p->out, rank, d);

		if (id >= 'A' && p->size[id] == 0)
			return rt_fail(err, RT_EINVAL, "the result's \"%c\" is in no input", id);
		if (axis[id] >= 0)
			return rt_fail(err, RT_EINVAL, "the result has \"%c\" twice", id);
		add_axis(e, axis, p, id);
	}
	e->out_axes = e->axes;
	for (int k = 0; k < c->nin; k++)
		for (int d = 0; d < c->in[k].shape.rank; d++)
			if (add_axis(e, axis, p, id_of(&p->in[k], c->in[k].shape.rank, d)) < 0)
				return rt_fail(err, RT_EUNSUPPORTED, "more than %d axes",
					       RT_EINSUM_AXES);
	return rank <= RT_MAX_RANK
		       ? RT_OK
		       : rt_fail(err, RT_EUNSUPPORTED, "a result of %d dimensions", rank);
}

static enum rt_status understand(struct rt_einsum *e, const struct rt_call *c, struct rt_err *err)
{
	struct parse p = {0};
	int8_t axis[IDS];

	if (c->nin > RT_EINSUM_OPERANDS)
		return rt_fail(err, RT_EUNSUPPORTED, "%d inputs, at most %d are possible", c->nin,
			       RT_EINSUM_OPERANDS);
	if (!RT_ATTRS(einsum, c)->equation)
		return bad("", err);
	for (int k = 0; k < c->nin; k++)
		RT_TRY(rt_want_elements(c, k, "input", err));
	RT_TRY(read_equation(&p, RT_ATTRS(einsum, c)->equation, c->nin, err));
	RT_TRY(measure(&p, c, err));
	*e = (struct rt_einsum){.operands = c->nin};
	RT_TRY(number_axes(e, axis, &p, c, err));
	for (int k = 0; k < c->nin; k++) {
		const struct rt_shape *s = &c->in[k].shape;
		int64_t run = 1;

		for (int d = s->rank - 1; d >= 0; d--) {
			int id = id_of(&p.in[k], s->rank, d);

			if (id >= 'A' || s->dim[d] != 1)
				e->step[k][axis[id]] += run;
			run *= s->dim[d];
		}
	}
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_einsum e;

	for (int k = 0; k < c->nin; k++)
		RT_TRY(rt_want_f32(c, k, "input", err));
	RT_TRY(understand(&e, c, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = (struct rt_shape){.rank = e.out_axes};
	for (int d = 0; d < e.out_axes; d++)
		c->out[0].shape.dim[d] = e.size[d];
	return RT_OK;
}

static struct rt_einsum known(const struct rt_call *c)
{
	struct rt_einsum e;
	struct rt_err err;

	RT_ASSERT(understand(&e, c, &err) == RT_OK);
	return e;
}

static void operands(const struct rt_call *c, const float *x[RT_EINSUM_OPERANDS])
{
	for (int k = 0; k < c->nin; k++)
		x[k] = c->in[k].data;
}

static void forward(const struct rt_call *c)
{
	struct rt_einsum e = known(c);
	const float *x[RT_EINSUM_OPERANDS];

	operands(c, x);
	rt_einsum(&e, c->out[0].data, x);
}

static void backward(const struct rt_call *c)
{
	struct rt_einsum e = known(c);
	const float *x[RT_EINSUM_OPERANDS];

	operands(c, x);
	for (int k = 0; k < c->nin; k++)
		if (c->in[k].grad && c->out[0].grad)
			rt_einsum_backward(&e, k, c->in[k].grad, c->out[0].grad, x);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	struct rt_einsum e = known(c);

	cost->macs = c->nin > 1 ? 1 : 0;
	for (int a = 0; a < e.axes; a++)
		cost->macs *= e.size[a];
}

const struct rt_op rt_op_Einsum = {
	.row = {.name = "Einsum", .summary = "sums of products over axes named by letters",
		.opts = opts, .params_size = sizeof(struct einsum)},
	.min_in = 1, .max_in = -1, .min_out = 1, .max_out = 1,
	.bwd_in = 0xffffffffu,
	.infer = infer,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
