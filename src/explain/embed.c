/* embed.c - a question about numbers of words as one about the vectors that stand for them.
 *
 * Numbers of words have no gradient, their vectors have.  The words of the one sample become a
 * constant, for the masks that are made of them, and what the embedding gives becomes the input;
 * a word is worth the sum over its vector (Captum's LayerIntegratedGradients on an embedding).
 */
#include "config.h"

#include "explain/embed.h"
#include "base/mem.h"
#include "explain/probe.h"
#include "graph/attr.h"

#include <stdlib.h>
#include <string.h>

/* Whether v holds the numbers of the input: itself, or another type or name of it. */
static bool holds_input(const struct rt_graph *g, int v)
{
	while (v != g->inputs[0] && g->values[v].producer >= 0) {
		const struct rt_node *n = &g->nodes[g->values[v].producer];

		if (strcmp(n->op->row.name, "Cast") != 0 &&
		    strcmp(n->op->row.name, "Identity") != 0)
			return false;
		v = n->in[0];
	}
	return v == g->inputs[0];
}

static bool is_embedding(const struct rt_graph *g, const struct rt_node *n)
{
	const struct rt_param *table;

	if (strcmp(n->op->row.name, "Gather") != 0 || rt_attr_int(n, "axis", 0) != 0 ||
	    !holds_input(g, n->in[1]))
		return false;
	table = rt_graph_param(g, n->in[0]);
	return table && table->data.dtype == RT_F32 && table->data.shape.rank == 2;
}

static enum rt_status find_embedding(int *node, const struct rt_graph *g, struct rt_err *err)
{
	*node = -1;
	for (int i = 0; i < g->nnodes; i++) {
		if (!is_embedding(g, &g->nodes[i]))
			continue;
		if (*node >= 0)
			return rt_fail(err, RT_EUNSUPPORTED,
				       "two embeddings read the input, \"%s\" and \"%s\", and a "
				       "gradient needs one   (try: occlusion, or -layer)",
				       g->nodes[*node].name, g->nodes[i].name);
		*node = i;
	}
	if (*node < 0)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "the model takes %s numbers, only f32 has a gradient, and no "
			       "embedding reads them   (try: occlusion, or -layer)",
			       rt_dtype(g->values[g->inputs[0]].dtype)->row.name);
	return RT_OK;
}

/* The rows of the table (V,D) that the sample's numbers pick; negative ones count from the end. */
static enum rt_status pick_rows(struct rt_embedded *e, const struct rt_tensor *table,
				const struct rt_question *q, struct rt_err *err)
{
	int64_t V = table->shape.dim[0], D = table->shape.dim[1], T = rt_shape_count(&q->shape);

	e->x = rt_alloc((size_t)(T * D), sizeof(*e->x));
	for (int64_t t = 0; t < T; t++) {
		float v = q->x[t] < 0 ? q->x[t] + (float)V : q->x[t];

		if (!(v >= 0 && v < (float)V))
			return rt_fail(err, RT_EINVAL,
				       "word %g at place %d is none of the embedding's %d",
				       (double)q->x[t], (int)t, (int)V);
		memcpy(e->x + t * D, (const float *)rt_tensor_data(table) + (int64_t)v * D,
		       (size_t)D * sizeof(float));
	}
	return RT_OK;
}

/* The words as a constant in the place of the input. */
static enum rt_status fix_words(struct rt_graph *g, const struct rt_shape *shape,
				const struct rt_question *q, struct rt_err *err)
{
	int words = g->inputs[0];
	enum rt_dtype dtype = g->values[words].dtype;
	struct rt_tensor t;
	void *to;

	RT_TRY(rt_tensor_new(&t, dtype, shape, err));
	RT_TRY(rt_tensor_write(&to, &t, err));
	rt_convert(to, dtype, q->x, RT_F32, rt_tensor_count(&t));
	rt_graph_replace(g, words, rt_graph_add_param(g, g->values[words].name, &t, false));
	return RT_OK;
}

enum rt_status rt_embed(struct rt_embedded *e, const struct rt_question *q, struct rt_err *err)
{
	const struct rt_graph *of = q->graph;
	struct rt_shape shape = of->values[of->inputs[0]].shape;
	struct rt_graph *g;
	int node, vectors;

	*e = (struct rt_embedded){.q = *q};
	RT_TRY(find_embedding(&node, of, err));
	shape.dim[0] = 1;
	if (rt_shape_count(&shape) != rt_shape_count(&q->shape) || shape.rank == RT_MAX_RANK)
		return rt_fail(err, RT_ESHAPE, "the sample does not fit the model");
	RT_TRY(pick_rows(e, &rt_graph_param(of, of->nodes[node].in[0])->data, q, err));
	e->name = rt_strdup(of->nodes[node].name);
	e->graph = g = rt_graph_clone(of);
	RT_TRY(fix_words(g, &shape, q, err));
	e->dim = rt_graph_param(of, of->nodes[node].in[0])->data.shape.dim[1];
	shape.dim[shape.rank++] = e->dim;
	vectors = rt_graph_add_input(g, "vectors", RT_F32, &shape);
	rt_graph_replace(g, g->nodes[node].out[0], vectors);
	g->inputs[0] = vectors;
	g->ninputs = 1;
	rt_graph_compact(g);
	RT_TRY(rt_graph_infer(g, err));
	e->q.graph = g;
	e->q.x = e->x;
	e->q.data = NULL;
	e->q.shape = q->shape;
	e->q.shape.dim[e->q.shape.rank++] = e->dim;
	return RT_OK;
}

void rt_embed_release(struct rt_embedded *e)
{
	rt_graph_free(e->graph);
	free(e->x);
	free(e->name);
	*e = (struct rt_embedded){0};
}

void rt_embed_sum(struct rt_attribution *out, const struct rt_embedded *e,
		  const struct rt_shape *shape)
{
	int64_t n = rt_shape_count(shape);

	if (!out->map || !rt_shape_equal(&out->shape, &e->q.shape))
		return;
	for (int64_t t = 0; t < n; t++) {
		float sum = 0;

		for (int64_t d = 0; d < e->dim; d++)
			sum += out->map[t * e->dim + d];
		out->map[t] = sum;
	}
	out->shape = *shape;
	rt_attribution_note(out, "summed over the vectors of %s", e->name);
}
