/* call.c - one node invoked on arguments that are there. */
#include "config.h"

#include "graph/call.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

#define ALIGN 64

/* Elements of a value.  More are damage; up to here the sizes of work space do not overflow. */
#define MOST (INT64_C(1) << 40)

void rt_call_begin(struct rt_call *c, const struct rt_node *n, const struct rt_arg *value)
{
	struct rt_arg *args = rt_alloc((size_t)(n->nin + n->nout) + 1, sizeof(*args));

	*c = (struct rt_call){.attrs = n->attrs, .nin = n->nin, .nout = n->nout, .in = args,
			      .out = args + n->nin, .purpose = RT_INFER};
	for (int i = 0; i < n->nin; i++)
		if (n->in[i] >= 0)
			c->in[i] = value[n->in[i]];
	for (int i = 0; i < n->nout; i++)
		c->out[i].present = n->out[i] >= 0;
}

void rt_call_end(struct rt_call *c)
{
	free(c->in);
	*c = (struct rt_call){0};
}

enum rt_status rt_call_fits(const struct rt_shape *s, struct rt_err *err)
{
	int64_t n = 1;
	char text[192];

	for (int d = 0; d < s->rank; d++)
		if (s->dim[d] < 0 ||
		    (s->dim[d] > 0 && (__builtin_mul_overflow(n, s->dim[d], &n) || n > MOST)))
			return rt_fail(err, RT_ESHAPE,
				       "%s cannot be: more than %" PRId64 " elements",
				       rt_shape_text(text, sizeof(text), s), MOST);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, const struct rt_op *op, struct rt_err *err)
{
	RT_TRY(op->infer(c, err));
	for (int i = 0; i < c->nout; i++)
		if (c->out[i].present)
			RT_TRY(rt_call_fits(&c->out[i].shape, err));
	return RT_OK;
}

enum rt_status rt_call_infer(struct rt_call *c, const struct rt_node *n, struct rt_err *err)
{
	if (infer(c, n->op, err) == RT_OK)
		return RT_OK;
	return rt_wrap(err, "%s (%s)", n->name, n->op->row.name);
}

enum rt_dtype rt_call_other_float(const struct rt_call *c)
{
	for (int i = 0; i < c->nin; i++)
		if (c->in[i].present && c->in[i].dtype != RT_F32 &&
		    rt_dtype(c->in[i].dtype)->is_float)
			return c->in[i].dtype;
	return RT_F32;
}

bool rt_call_is_known(const struct rt_call *c, const struct rt_op *op)
{
	if (op->flags & RT_OP_OF_SHAPES)
		return true;
	for (int i = 0; i < c->nin; i++)
		if (c->in[i].present && !c->in[i].data)
			return false;
	return true;
}

size_t rt_call_out_bytes(const struct rt_call *c, int i)
{
	return (size_t)rt_shape_count(&c->out[i].shape) * rt_dtype(c->out[i].dtype)->size;
}

static void *scratch(size_t bytes)
{
	return rt_fits(bytes) ? aligned_alloc(ALIGN, (bytes / ALIGN + 1) * ALIGN) : NULL;
}

enum rt_status rt_call_forward(struct rt_call *c, const struct rt_op *op, struct rt_err *err)
{
	size_t work = op->work_size ? op->work_size(c) : 0;
	size_t saved = op->saved_size ? op->saved_size(c) : 0;
	enum rt_status status = RT_OK;
	char size[32];

	c->work = scratch(work);
	c->saved = scratch(saved);
	if (c->work && c->saved)
		op->forward(c);
	else
		status = rt_fail(err, RT_ENOMEM, "not enough memory for the work space (%s)",
				 rt_text_bytes(size, sizeof(size), (double)work + (double)saved));
	free(c->work);
	free(c->saved);
	c->work = c->saved = NULL;
	return status;
}
