/* grad_cam.c - class activation map: a layer's channels weighed by their mean gradient.
 *
 *	w_k = mean over i, j of df/dA_kij,   map = ReLU(sum over k of w_k A_k)
 *
 * A is K x H x W (or K x W) at one convolutional layer; the map is enlarged to the input.
 */
#include "config.h"

#include "explain/probe.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct grad_cam {
	char *layer;
	bool relu;
};

static const struct rt_opt opts[] = {
	{"layer", "layer to look at; default: the last convolution, after its activation",
	 RT_STRING, offsetof(struct grad_cam, layer), .of = "layer", .example = "relu2"},
	{"relu", "show only what speaks for the output", RT_BOOL, offsetof(struct grad_cam, relu),
	 "yes"},
	{0},
};

struct cam {
	struct rt_attribution *out;
	int64_t K, places;	/* channels, H x W */
	bool relu;
};

static void take(void *ctx, int64_t i, const struct rt_probed *r)
{
	struct cam *c = ctx;
	double *sum = rt_alloc((size_t)c->places, sizeof(*sum));

	(void)i;
	c->out->f_x = r->f;
	for (int64_t k = 0; k < c->K; k++) {
		const float *A = r->layer + k * c->places, *dA = r->dlayer + k * c->places;
		double weight = 0;

		for (int64_t p = 0; p < c->places; p++)
			weight += dA[p];
		weight /= (double)c->places;
		for (int64_t p = 0; p < c->places; p++)
			sum[p] += weight * A[p];
	}
	for (int64_t p = 0; p < c->places; p++)
		c->out->layer_map[p] = c->relu && sum[p] < 0 ? 0 : (float)sum[p];
	free(sum);
}

static enum rt_status choose_layer(int *layer, const struct rt_question *q, const char *name,
				   struct rt_err *err)
{
	const struct rt_graph *g = q->graph;
	struct rt_target t;
	char text[128];
	int rank;

	RT_TRY(rt_target_find(&t, q, err));
	if (!name)
		return rt_layer_last_conv(layer, g, &t, err);
	RT_TRY(rt_layer_find(layer, g, name, &t, err));
	rank = g->values[*layer].shape.rank;
	if (rank != 3 && rank != 4)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "layer \"%s\" is %s; a class activation map needs the N x channels "
			       "x rows x columns of a convolution",
			       name, rt_shape_text(text, sizeof(text), &g->values[*layer].shape));
	return RT_OK;
}

/* Rows and columns of the picture: the sample's own; where the model reshapes the sample, or
 * convolves along one axis only, those that its first convolution sees. */
static struct rt_shape picture(const struct rt_question *q, int rank)
{
	const struct rt_graph *g = q->graph;
	int64_t h, w;

	rt_picture_size(&q->shape, &h, &w);
	for (int i = 0; i < g->nnodes && (q->shape.rank < 2 || rank == 3); i++) {
		const struct rt_shape *s = &g->values[g->nodes[i].in[0]].shape;

		if (strcmp(g->nodes[i].op->row.name, "Conv") || s->rank < 3)
			continue;
		h = s->rank == 4 ? s->dim[2] : 1;
		w = s->dim[s->rank - 1];
		break;
	}
	return RT_SHAPE(h, w);
}

static void finish(struct rt_attribution *out, const struct rt_probe *p)
{
	struct rt_shape to = picture(p->q, rt_plan_value(p->plan, p->layer)->shape.rank);
	const struct rt_shape *from = &out->layer_shape;

	out->map = rt_map_resize(out->layer_map, from->dim[0], from->dim[1], to.dim[0], to.dim[1]);
	out->shape = to;
	rt_attribution_note(out, "%s", p->target.note);
	rt_attribution_note(out,
			    "layer %s %" PRId64 "x%" PRId64 ", bilinear",
			    out->layer, from->dim[0], from->dim[1]);
}

static enum rt_status run(struct rt_attribution *out, const struct rt_question *q,
			  const void *params, struct rt_err *err)
{
	const struct grad_cam *o = params;
	struct cam c = {.out = out, .relu = o->relu};
	struct rt_variations v = {.n = 1, .take = take, .ctx = &c};
	struct rt_probe p = {0};
	const struct rt_shape *s;
	int layer;
	enum rt_status status;

	RT_TRY(choose_layer(&layer, q, o->layer, err));
	status = rt_probe_open(&p, q, 1, false, layer, err);
	if (status == RT_OK) {
		s = &rt_plan_value(p.plan, layer)->shape;
		out->layer_shape = RT_SHAPE(s->rank == 4 ? s->dim[2] : 1, s->dim[s->rank - 1]);
		c.K = s->dim[1];
		c.places = rt_shape_count(&out->layer_shape);
		out->layer = rt_strdup(q->graph->values[layer].name);
		out->layer_map = rt_alloc((size_t)c.places, sizeof(float));
		status = rt_probe_run(&p, &v, err);
	}
	if (status == RT_OK)
		finish(out, &p);
	rt_probe_close(&p);
	return status;
}

const struct rt_explainer rt_explainer_grad_cam = {
	.row = {"grad_cam", "where the last convolution saw what speaks for the output", opts,
		sizeof(struct grad_cam)},
	.source = "Selvaraju et al.: Grad-CAM, ICCV 2017, equations 1 and 2",
	.run = run,
};
