/* constant.c - what follows from constants alone is computed once, when the plan is made: the
 * weights behind DequantizeLinear, say. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"
#include "graph/call.h"

/* Parameters that training does not change hold for the life of a plan; the others are not known
 * yet. */
static void show_fixed_params(struct rt_plan *p)
{
	for (int i = 0; i < p->graph->nparams; i++) {
		const struct rt_param *param = &p->graph->params[i];

		p->value[param->value].data =
			param->trainable ? NULL : (void *)(uintptr_t)rt_tensor_data(&param->data);
	}
}

static bool folds(const struct rt_node *n, const struct rt_call *c)
{
	return n->op->forward && n->nin > 0 && !(n->op->flags & (RT_OP_RANDOM | RT_OP_VIEW)) &&
	       rt_call_is_known(c, n->op);
}

static enum rt_status fold(struct rt_plan *p, const struct rt_node *n, struct rt_err *err)
{
	struct rt_call c;
	enum rt_status status = RT_OK;
	char size[32];

	rt_call_begin(&c, n, p->value);
	if (folds(n, &c)) {
		for (int i = 0; i < n->nout && status == RT_OK; i++) {
			int v = n->out[i];

			if (v < 0)
				continue;
			if (!rt_fits(rt_call_out_bytes(&c, i))) {
				status = rt_fail(err, RT_ENOMEM,
						 "%s: not enough memory for its result (%s)",
						 n->name,
						 rt_text_bytes(size, sizeof(size),
							       (double)rt_call_out_bytes(&c, i)));
				break;
			}
			c.out[i] = p->value[v];
			p->constant[v] = rt_alloc(1, rt_call_out_bytes(&c, i));
			p->value[v].data = c.out[i].data = p->constant[v];
		}
		if (status == RT_OK)
			status = rt_call_forward(&c, n->op, err);
	}
	rt_call_end(&c);
	return status;
}

enum rt_status rt_plan_constants(struct rt_plan *p, struct rt_err *err)
{
	if (p->purpose == RT_TRAIN)
		return RT_OK;
	show_fixed_params(p);
	for (int i = 0; i < p->lowered->nnodes; i++)
		if (!plan_is_known(p, &p->lowered->nodes[i]))
			RT_TRY(fold(p, &p->lowered->nodes[i], err));
	return RT_OK;
}
