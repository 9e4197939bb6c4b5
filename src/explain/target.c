/* target.c - the number that is explained: logit or probability, and where in the graph it
 * stands. */
#include "config.h"

#include "explain/probe.h"
#include "train/predict.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const rt_of_names[] = {"logit", "probability", NULL};

int64_t rt_value_count(const struct rt_graph *g, int v)
{
	const struct rt_shape *s = &g->values[v].shape;
	int64_t n = 1;

	for (int i = 0; i < s->rank; i++)
		n *= s->dim[i] < 0 ? -s->dim[i] : s->dim[i];
	return n;
}

int64_t rt_fixed_batch(const struct rt_question *q)
{
	const struct rt_graph *g = q->graph;
	const struct rt_shape *in = &g->values[g->inputs[0]].shape;

	if (in->rank && in->dim[0] > 1 &&
	    rt_value_count(g, g->inputs[0]) == rt_shape_count(&q->shape) * in->dim[0])
		return in->dim[0];
	return 1;
}

bool rt_value_leads_to(const struct rt_graph *g, int from, int to)
{
	bool *reached = rt_alloc((size_t)g->nvalues, sizeof(bool)), found;

	reached[from] = true;
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];
		bool any = false;

		for (int k = 0; k < n->nin; k++)
			any = any || (n->in[k] >= 0 && reached[n->in[k]]);
		for (int k = 0; any && k < n->nout; k++)
			if (n->out[k] >= 0)
				reached[n->out[k]] = true;
	}
	found = reached[to];
	free(reached);
	return found;
}

static bool is_op(const struct rt_node *n, const char *name)
{
	return strcmp(n->op->row.name, name) == 0;
}

/* The node that turns logits into probabilities at the end of the model, or NULL.  What only
 * renames or reshapes behind it does not matter: a sample keeps its numbers in their order. */
static const struct rt_node *last_link(const struct rt_graph *g)
{
	int v = g->outputs[0];

	while (g->values[v].producer >= 0) {
		const struct rt_node *n = &g->nodes[g->values[v].producer];

		if (is_op(n, "Softmax") || is_op(n, "LogSoftmax") || is_op(n, "Sigmoid"))
			return n;
		if (!(n->op->flags & RT_OP_VIEW) && !is_op(n, "Dropout"))
			return NULL;
		v = n->in[0];
	}
	return NULL;
}

/* Probability of a model that ends in logits: only a list of classes has one. */
static enum rt_status own_softmax(struct rt_target *t, const struct rt_graph *g, struct rt_err *err)
{
	const struct rt_shape *s = &g->values[t->value].shape;
	char text[128];

	if (s->rank != 2 || s->dim[1] < 2)
		return rt_fail(
			err, RT_EUNSUPPORTED,
			"the model's output %s is no list of two or more classes and ends in no "
			"Softmax or Sigmoid, so it has no probability   (try: -of logit)",
			rt_shape_text(text, sizeof(text), s));
	t->link = RT_LINK_SOFTMAX;
	return RT_OK;
}

enum rt_status rt_target_find(struct rt_target *t, const struct rt_question *q, struct rt_err *err)
{
	const struct rt_graph *g = q->graph;
	const struct rt_node *link;

	if (g->ninputs != 1 || g->noutputs < 1)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "the model has %d inputs and %d outputs; explanations "
			       "need one input and an output",
			       g->ninputs, g->noutputs);
	link = last_link(g);
	*t = (struct rt_target){.value = g->outputs[0]};
	if (q->of == RT_OF_LOGIT && link)
		t->value = link->in[0];
	if (g->values[t->value].dtype != RT_F32)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "the output \"%s\" holds %s numbers; only f32 can be explained",
			       g->values[t->value].name,
			       rt_dtype(g->values[t->value].dtype)->row.name);
	if (q->of == RT_OF_PROBABILITY && link)
		t->link = is_op(link, "LogSoftmax") ? RT_LINK_EXP : RT_LINK_PLAIN;
	else if (q->of == RT_OF_PROBABILITY)
		RT_TRY(own_softmax(t, g, err));
	RT_TRY(rt_graph_has_width(g, err));
	t->n = rt_value_count(g, t->value) / rt_fixed_batch(q);
	if (q->output < 0 || q->output >= t->n)
		return rt_fail(err, RT_EINVAL,
			       "no output %" PRId64 ": the model has outputs 0 to %" PRId64,
			       q->output, t->n - 1);
	if (q->of == RT_OF_LOGIT && link)
		snprintf(t->note, sizeof(t->note), "output %" PRId64 " before %s", q->output,
			 link->name);
	else
		snprintf(t->note, sizeof(t->note), "%s %" PRId64,
			 q->of == RT_OF_LOGIT ? "output" : "probability", q->output);
	return RT_OK;
}
