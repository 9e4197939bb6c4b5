/* grad_times_input.c - x * df/dx: what each input contributes to a linear model, exactly; to
 * others, to first order. */
#include "config.h"

#include "explain/gradient.h"

struct grad_times_input {
	char *layer;
};

static const struct rt_opt opts[] = {
	RT_GRADIENT_LAYER_OPT(struct grad_times_input, layer),
	{0},
};

static enum rt_status run(struct rt_attribution *out, const struct rt_question *q,
			  const void *params, struct rt_err *err)
{
	const struct grad_times_input *g = params;

	return rt_gradient_run(out, q, g->layer, true, err);
}

const struct rt_explainer rt_explainer_grad_times_input = {
	.row = {"grad_times_input", "the gradient times the input", opts,
		sizeof(struct grad_times_input)},
	.source = "Shrikumar et al.: Not just a black box, 2016",
	.of_input = true,
	.run = run,
};
