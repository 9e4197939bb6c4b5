/* nll.c - what the two losses of ONNX share. */
#include "config.h"

#include "ops/nll.h"
#include "ops/want.h"

static const char *const reductions[] = {
	[RT_REDUCE_MEAN] = "mean", [RT_REDUCE_SUM] = "sum", [RT_REDUCE_NONE] = "none", NULL};

const struct rt_opt rt_nll_opts[] = {
	{.name = "ignore_index",
	 .type = RT_INT,
	 .offset = offsetof(struct rt_nll_attrs, ignore_index),
	 .summary = "the label that counts nothing"},
	{.name = "reduction",
	 .type = RT_CHOICE,
	 .offset = offsetof(struct rt_nll_attrs, reduction),
	 .init = "mean",
	 .choices = reductions,
	 .summary = "what becomes of the losses"},
	{0},
};

struct rt_nll rt_nll_of(const struct rt_call *c)
{
	const struct rt_nll_attrs *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape;

	return (struct rt_nll){
		.N = x->dim[0], .C = x->dim[1], .B = rt_shape_span(x, 2, x->rank),
		.reduction = (enum rt_reduction)a->reduction, .ignore = a->ignore_index,
		.labels = c->in[1].data, .label_type = c->in[1].dtype,
		.weight = c->nin > 2 && c->in[2].present ? c->in[2].data : NULL};
}

enum rt_status rt_nll_infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape, *t = &c->in[1].shape;
	struct rt_shape labels = {.rank = x->rank - 1};
	char a[128], b[128];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_f32(c, 2, "weight", err));
	if (x->rank < 2)
		return rt_fail(err, RT_ESHAPE, "input is %s; batch x classes is wanted",
			       rt_shape_text(a, sizeof(a), x));
	if (c->in[1].dtype != RT_I32 && c->in[1].dtype != RT_I64)
		return rt_fail(err, RT_ESHAPE, "labels are %s; i32 or i64 is wanted",
			       rt_dtype(c->in[1].dtype)->row.name);
	labels.dim[0] = x->dim[0];
	for (int d = 2; d < x->rank; d++)
		labels.dim[d - 1] = x->dim[d];
	if (!rt_shape_equal(&labels, t))
		return rt_fail(err, RT_ESHAPE, "labels are %s, the input wants %s",
			       rt_shape_text(a, sizeof(a), t),
			       rt_shape_text(b, sizeof(b), &labels));
	if (c->nin > 2 && c->in[2].present &&
	    (c->in[2].shape.rank != 1 || c->in[2].shape.dim[0] != x->dim[1]))
		return rt_fail(err, RT_ESHAPE, "weight is %s for the classes of %s",
			       rt_shape_text(a, sizeof(a), &c->in[2].shape),
			       rt_shape_text(b, sizeof(b), x));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = (struct rt_shape){0};
	if (RT_ATTRS(rt_nll_attrs, c)->reduction == RT_REDUCE_NONE)
		c->out[0].shape = labels;
	return RT_OK;
}
