/* facts.c - measuring a model for those who only look. */
#include "config.h"

#include "session/facts.h"
#include "base/mem.h"
#include "train/metrics.h"
#include "train/predict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double latency_seconds = 0.01;

void rt_model_facts_unref(struct rt_model_facts *f)
{
	if (!f || --f->refs > 0)
		return;
	for (int i = 0; i < f->nlayers; i++) {
		free(f->layer[i].name);
		free(f->layer[i].output);
	}
	rt_model_facts_unref(f->before);
	free(f->layer);
	free(f->name);
	free(f->origin);
	free(f->logits);
	free(f->confusion);
	free(f);
}

static bool is_op(const struct rt_node *n, const char *name)
{
	return strcmp(n->op->row.name, name) == 0;
}

bool rt_is_conversion(const struct rt_node *n)
{
	return is_op(n, "QuantizeLinear") || is_op(n, "DequantizeLinear");
}

/* The node that makes value v a float again, or NULL. */
static const struct rt_node *dequantizer(const struct rt_graph *g, int v)
{
	int made = v >= 0 ? g->values[v].producer : -1;

	return made >= 0 && is_op(&g->nodes[made], "DequantizeLinear") ? &g->nodes[made] : NULL;
}

const struct rt_param *rt_layer_weights(const struct rt_graph *g, const struct rt_node *n)
{
	for (int k = 1; k < n->nin; k++) {
		const struct rt_node *from = dequantizer(g, n->in[k]);
		const struct rt_param *p = rt_graph_param(g, from ? from->in[0] : n->in[k]);

		if (p && p->data.shape.rank > 1)
			return p;
	}
	return NULL;
}

int rt_layer_bits(const struct rt_graph *g, const struct rt_node *n)
{
	const struct rt_param *w = rt_layer_weights(g, n);

	return w ? (int)(8 * rt_dtype(w->data.dtype)->size) : 0;
}

struct rt_node_cost rt_layer_cost(const struct rt_graph *g, const struct rt_node_cost *cost, int i)
{
	struct rt_node_cost c = cost[i];

	for (int k = 0; k < g->nodes[i].nin; k++) {
		const struct rt_node *from = dequantizer(g, g->nodes[i].in[k]);

		if (!from)
			continue;
		c.params += cost[from - g->nodes].params;
		c.nonzero += cost[from - g->nodes].nonzero;
	}
	return c;
}

char *rt_sample_shape_text(char *buf, size_t size, const struct rt_shape *s)
{
	bool batched = s->rank > 1 && (s->dim[0] == RT_BATCH || s->dim[0] == 1);
	struct rt_shape sample = {.rank = s->rank - batched};

	if (sample.rank > 0)
		memcpy(sample.dim, s->dim + batched, sizeof(int64_t) * (size_t)sample.rank);
	if (s->rank < 0)
		snprintf(buf, size, "?");
	else
		rt_shape_text(buf, size, &sample);
	return buf;
}

int64_t rt_dense_bytes(const struct rt_graph *g)
{
	int64_t bytes = 0;

	for (int i = 0; i < g->nparams; i++)
		bytes += 4 * rt_tensor_count(&g->params[i].data);
	return bytes;
}

static void count_weights(struct rt_layer_facts *l, const struct rt_param *p)
{
	int64_t n = rt_tensor_count(&p->data);
	float *w = rt_alloc((size_t)n, sizeof(*w));

	for (int64_t i = 0; i < n; i++)
		w[i] = (float)rt_tensor_get(&p->data, i);
	rt_spread_count(&l->weights, w, n);
	free(w);
}

static void add_layer(struct rt_model_facts *f, const struct rt_graph *g, int i,
		      const struct rt_node_cost *costs)
{
	const struct rt_node *n = &g->nodes[i];
	const struct rt_param *w = rt_layer_weights(g, n);
	struct rt_node_cost cost = rt_layer_cost(g, costs, i);
	struct rt_layer_facts *l = &f->layer[f->nlayers++];
	char output[96];

	rt_sample_shape_text(output, sizeof(output), &g->values[n->out[0]].shape);
	*l = (struct rt_layer_facts){.name = rt_strdup(n->name), .op = n->op->row.name,
				     .output = rt_strdup(output), .params = cost.params,
				     .nonzero = cost.nonzero, .macs = cost.macs,
				     .bits = rt_layer_bits(g, n)};
	if (w) {
		count_weights(l, w);
		f->bits = f->bits == -1 || f->bits == l->bits ? l->bits : 0;
	}
}

static enum rt_status add_costs(struct rt_model_facts *f, const struct rt_model *m,
				struct rt_err *err)
{
	const struct rt_graph *g = m->graph;
	struct rt_node_cost *cost = rt_alloc((size_t)g->nnodes, sizeof(*cost)), total;
	enum rt_status status = rt_graph_cost(g, cost, &total, err);

	f->bits = -1;
	f->layer = rt_alloc((size_t)g->nnodes, sizeof(*f->layer));
	for (int i = 0; i < g->nnodes && status == RT_OK; i++)
		if (!rt_is_conversion(&g->nodes[i]))
			add_layer(f, g, i, cost);
	free(cost);
	RT_TRY(status);
	if (f->bits == -1)
		f->bits = 0;
	f->params = total.params;
	f->nonzero = total.nonzero;
	f->macs = total.macs;
	f->dense_bytes = rt_dense_bytes(g);
	RT_TRY(rt_model_size(m, &f->bytes, err));
	return rt_latency(&f->latency, m->graph, latency_seconds, err);
}

static enum rt_status add_answers(struct rt_model_facts *f, const struct rt_model *m,
				  const struct rt_data *d, struct rt_err *err)
{
	struct rt_metrics metrics;
	struct rt_err misfit;
	const int32_t *index;

	f->score = NAN;
	if (!d || rt_graph_fits(m->graph, m->name, d, &misfit) != RT_OK)
		return RT_OK;
	RT_TRY(rt_layers_watch(f->layer, m->graph, d, err));
	index = rt_data_part(d, RT_PART_TEST, &f->n);
	f->width = rt_graph_width_on(m->graph, d);
	RT_TRY(rt_predict(&f->logits, m->graph, d, index, f->n, err));
	rt_metrics_eval(&metrics, d, index, f->n, f->logits);
	f->score = rt_metrics_score(&metrics);
	if (d->task == RT_CLASSIFY)
		f->confusion = rt_memdup(metrics.confusion,
					 (size_t)metrics.classes * (size_t)metrics.classes,
					 sizeof(int64_t));
	rt_metrics_release(&metrics);
	return RT_OK;
}

/* Whether f is `before` pruned, quantized or rebuilt, as opposed to trained: training gives numbers
 * to biases that began as 0, and a weight that happens to become 0 is no pruning. */
static bool was_compressed(const struct rt_model_facts *f, const struct rt_model_facts *before)
{
	return f->params != before->params || f->bits != before->bits || f->macs != before->macs ||
	       before->nonzero - f->nonzero > before->params / 100;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void remember(struct rt_model_facts *f, struct rt_model_facts *known)
{
	struct rt_model_facts *before;

	if (!known || !same_text(f->origin, known->origin))
		return;
	before = known->before;
	if (!before && was_compressed(f, known))
		before = known;
	if (!before || !was_compressed(f, before))
		return;
	before->refs++;
	f->before = before;
}

enum rt_status rt_model_facts_take(struct rt_model_facts **out, const struct rt_model *m,
				   const struct rt_data *d, struct rt_model_facts *known,
				   struct rt_err *err)
{
	uint64_t key = rt_graph_hash(m->graph) ^ (d ? d->hash : 0);
	struct rt_model_facts *f;
	enum rt_status status;

	*out = NULL;
	if (known && known->key == key && strcmp(known->name, m->name) == 0) {
		known->refs++;
		*out = known;
		return RT_OK;
	}
	f = rt_alloc(1, sizeof(*f));
	f->refs = 1;
	f->name = rt_strdup(m->name);
	f->origin = rt_strdup(m->origin);
	f->key = key;
	status = add_costs(f, m, err);
	if (status == RT_OK)
		status = add_answers(f, m, d, err);
	if (status != RT_OK) {
		rt_model_facts_unref(f);
		return status;
	}
	remember(f, known);
	*out = f;
	return RT_OK;
}
