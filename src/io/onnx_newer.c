/* onnx_newer.c - what opsets 18 to 21 say in ways that opset 17 lacks: brought to its forms where
 * it has one, and refused by name where a model is saved and it has none.
 *
 * Axes that a node names beside its pads or sizes become pads and scales of all axes; weights that
 * are scaled by blocks become the numbers they stand for.  From the operators' own pages,
 * https://onnx.ai/onnx/operators/.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- constants and axes -------------------------------------------------------------------- */

/* The constant of input i; NULL when it is left out or computed. */
static const struct rt_tensor *constant(const struct onnx_load *l, const struct onnx_build *b,
					int i)
{
	const struct rt_param *p =
		i < b->nin && b->in[i] >= 0 ? rt_graph_param(l->graph, b->in[i]) : NULL;

	return p ? &p->data : NULL;
}

static const Onnx__AttributeProto *attribute(const Onnx__NodeProto *p, const char *name)
{
	for (size_t i = 0; i < p->n_attribute; i++)
		if (p->attribute[i]->name && strcmp(p->attribute[i]->name, name) == 0)
			return p->attribute[i];
	return NULL;
}

/* Input i becomes a constant of this node's own; takes data. */
static void set_input(struct onnx_load *l, struct onnx_build *b, const Onnx__NodeProto *p, int i,
		      const char *what, struct rt_tensor *data)
{
	char *name = rt_sprintf("%s.%s", onnx_label(p), what);

	b->in[i] = rt_graph_add_param(l->graph, name, data, false);
	free(name);
	if (b->nin <= i)
		b->nin = i + 1;
}

struct axes {
	struct rt_shape x;	/* of input 0 */
	int n, axis[RT_MAX_RANK];
};

static enum rt_status add_axis(struct axes *a, int64_t axis, struct rt_err *err)
{
	int64_t from_start = axis < 0 ? axis + a->x.rank : axis;

	if (from_start < 0 || from_start >= a->x.rank)
		return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " of an input with %d dimensions",
			       axis, a->x.rank);
	for (int i = 0; i < a->n; i++)
		if (a->axis[i] == from_start)
			return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " is named twice", axis);
	a->axis[a->n++] = (int)from_start;
	return RT_OK;
}

/* The axes that are named, of an input whose number of dimensions has to be known. */
static enum rt_status read_axes(struct axes *a, struct onnx_load *l, const struct onnx_build *b,
				const int64_t *named, int64_t n, struct rt_err *err)
{
	*a = (struct axes){0};
	RT_TRY(rt_graph_infer(l->graph, err));
	a->x = b->nin > 0 && b->in[0] >= 0 ? l->graph->values[b->in[0]].shape
					   : (struct rt_shape){.rank = RT_UNKNOWN_RANK};
	if (a->x.rank < 0)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "axes of an input whose number of dimensions only a run can tell");
	for (int64_t i = 0; i < n; i++)
		RT_TRY(add_axis(a, named[i], err));
	for (int d = 0; !named && d < a->x.rank; d++)
		RT_TRY(add_axis(a, d, err));
	return RT_OK;
}

/* A constant of `each` numbers an axis. */
static enum rt_status check_constant(const struct rt_tensor *t, const char *what, int64_t wanted,
				     struct rt_err *err)
{
	if (!t)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "%s must be a constant of the model where axes are named", what);
	if (rt_tensor_count(t) == wanted)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s has %" PRId64 " numbers, %" PRId64 " are wanted", what,
		       rt_tensor_count(t), wanted);
}

/* --- Pad: the axes of its pads ------------------------------------------------------------- */

static enum rt_status new_pad(struct onnx_load *l, struct onnx_build *b, const Onnx__NodeProto *p,
			      struct rt_err *err)
{
	const struct rt_tensor *named = constant(l, b, 3), *pads = constant(l, b, 1);
	int64_t list[RT_MAX_RANK], *full;
	struct rt_tensor t;
	struct axes a;
	void *to;

	if (b->nin < 4 || b->in[3] < 0)
		return RT_OK;
	if (!named || rt_tensor_count(named) > RT_MAX_RANK)
		return rt_fail(err, RT_EUNSUPPORTED, "input 3 (axes) must be a constant of at most "
			       "%d numbers", RT_MAX_RANK);
	for (int64_t i = 0; i < rt_tensor_count(named); i++)
		list[i] = rt_tensor_get_int(named, i);
	RT_TRY(read_axes(&a, l, b, list, rt_tensor_count(named), err));
	RT_TRY(check_constant(pads, "input 1 (pads)", 2 * (int64_t)a.n, err));
	RT_TRY(rt_tensor_new(&t, RT_I64, &RT_SHAPE(2 * a.x.rank), err));
	RT_TRY(rt_tensor_write(&to, &t, err));
	full = to;
	for (int i = 0; i < a.n; i++) {
		full[a.axis[i]] = rt_tensor_get_int(pads, i);
		full[a.x.rank + a.axis[i]] = rt_tensor_get_int(pads, a.n + i);
	}
	set_input(l, b, p, 1, "pads", &t);
	b->in[3] = -1;
	return RT_OK;
}

/* --- Resize: the axes of its scales and sizes, and keeping the aspect ---------------------- */

enum { IN_ROI = 1, IN_SCALES, IN_SIZES };
enum policy { STRETCH, NOT_LARGER, NOT_SMALLER };

static enum rt_status read_policy(enum policy *out, const Onnx__NodeProto *p, struct rt_err *err)
{
	static const char *const names[] = {"stretch", "not_larger", "not_smaller"};
	const Onnx__AttributeProto *a = attribute(p, "keep_aspect_ratio_policy");

	*out = STRETCH;
	for (size_t i = 0; a && i < RT_COUNT(names); i++)
		if (a->s.len == strlen(names[i]) &&
		    memcmp(a->s.data, names[i], a->s.len) == 0) {
			*out = (enum policy)i;
			return RT_OK;
		}
	return a ? rt_fail(err, RT_EUNSUPPORTED,
			   "attribute \"keep_aspect_ratio_policy\" is none of stretch, "
			   "not_larger, not_smaller")
		 : RT_OK;
}

/* The scale with which `size` elements come out of `from`: floor(from scale) = size in f32 too. */
static float scale_for(int64_t size, int64_t from)
{
	float scale = (float)((double)size / (double)from);

	while (floor((double)scale * (double)from) < (double)size)
		scale = nextafterf(scale, INFINITY);
	return scale;
}

static enum rt_status scales_of_sizes(float *scale, const struct axes *a,
				      const struct rt_tensor *sizes, enum policy policy,
				      struct rt_err *err)
{
	double all = policy == NOT_LARGER ? INFINITY : 0;

	for (int i = 0; i < a->n; i++) {
		int64_t from = a->x.dim[a->axis[i]], size = rt_tensor_get_int(sizes, i);
		double ratio = (double)size / (double)from;

		if (from <= 0)
			return rt_fail(err, RT_EUNSUPPORTED,
				       "sizes of axis %d, whose size only a run can tell",
				       a->axis[i]);
		if (size < 1 || size > INT32_MAX)
			return rt_fail(err, RT_ESHAPE,
				       "dimension %d of %" PRId64 " cannot become %" PRId64,
				       a->axis[i], from, size);
		all = policy == NOT_LARGER ? fmin(all, ratio) : fmax(all, ratio);
		scale[a->axis[i]] = scale_for(size, from);
	}
	for (int i = 0; policy != STRETCH && i < a->n; i++) {
		int64_t from = a->x.dim[a->axis[i]];
		int64_t size = (int64_t)floor(all * (double)from + 0.5);

		scale[a->axis[i]] = scale_for(size > 0 ? size : 1, from);
	}
	return RT_OK;
}

/* The region of all axes; what is not named stays whole. */
static enum rt_status full_region(struct onnx_load *l, struct onnx_build *b,
				  const Onnx__NodeProto *p, const struct axes *a,
				  struct rt_err *err)
{
	const struct rt_tensor *roi = constant(l, b, IN_ROI);
	struct rt_tensor t;
	void *to;
	float *full;

	if (b->in[IN_ROI] < 0 || (roi && rt_tensor_count(roi) == 0))
		return RT_OK;
	RT_TRY(check_constant(roi, "input 1 (roi)", 2 * (int64_t)a->n, err));
	RT_TRY(rt_tensor_new(&t, RT_F32, &RT_SHAPE(2 * a->x.rank), err));
	RT_TRY(rt_tensor_write(&to, &t, err));
	full = to;
	for (int d = 0; d < a->x.rank; d++)
		full[a->x.rank + d] = 1;
	for (int i = 0; i < a->n; i++) {
		full[a->axis[i]] = (float)rt_tensor_get(roi, i);
		full[a->x.rank + a->axis[i]] = (float)rt_tensor_get(roi, a->n + i);
	}
	set_input(l, b, p, IN_ROI, "roi", &t);
	return RT_OK;
}

static enum rt_status new_scales(struct onnx_load *l, struct onnx_build *b,
				 const struct axes *a, enum policy policy, struct rt_tensor *out,
				 struct rt_err *err)
{
	const struct rt_tensor *scales = constant(l, b, IN_SCALES),
			       *sizes = constant(l, b, IN_SIZES);
	bool by_size = b->nin > IN_SIZES && b->in[IN_SIZES] >= 0;
	float scale[RT_MAX_RANK];
	void *to;

	for (int d = 0; d < RT_MAX_RANK; d++)
		scale[d] = 1;
	RT_TRY(check_constant(by_size ? sizes : scales,
			      by_size ? "input 3 (sizes)" : "input 2 (scales)", a->n, err));
	if (by_size)
		RT_TRY(scales_of_sizes(scale, a, sizes, policy, err));
	for (int i = 0; !by_size && i < a->n; i++)
		scale[a->axis[i]] = (float)rt_tensor_get(scales, i);
	RT_TRY(rt_tensor_new(out, RT_F32, &RT_SHAPE(a->x.rank), err));
	RT_TRY(rt_tensor_write(&to, out, err));
	memcpy(to, scale, (size_t)a->x.rank * sizeof(*scale));
	return RT_OK;
}

static enum rt_status new_resize(struct onnx_load *l, struct onnx_build *b,
				 const Onnx__NodeProto *p, struct rt_err *err)
{
	const Onnx__AttributeProto *named = attribute(p, "axes");
	enum policy policy;
	struct rt_tensor t;
	struct axes a;

	RT_TRY(read_policy(&policy, p, err));
	if ((!named && policy == STRETCH) || b->nin <= IN_SCALES)
		return RT_OK;
	if (named && named->n_ints > RT_MAX_RANK)
		return rt_fail(err, RT_EFORMAT, "attribute \"axes\" has %zu values", named->n_ints);
	RT_TRY(read_axes(&a, l, b, named ? named->ints : NULL,
			 named ? (int64_t)named->n_ints : 0, err));
	RT_TRY(new_scales(l, b, &a, policy, &t, err));
	set_input(l, b, p, IN_SCALES, "scales", &t);
	if (b->nin > IN_SIZES)
		b->in[IN_SIZES] = -1;
	return full_region(l, b, p, &a, err);
}

/* --- GridSample: other names of its modes -------------------------------------------------- */

static enum rt_status new_grid_sample(const struct onnx_load *l, struct onnx_build *b,
				      const Onnx__NodeProto *p, struct rt_err *err)
{
	static const char *const names[][2] = {
		{"linear", "bilinear"}, {"cubic", "bicubic"}, {"nearest", "nearest"}};
	const Onnx__AttributeProto *a = attribute(p, "mode");

	if (l->opset < 20 || !a)
		return RT_OK;
	for (size_t i = 0; i < RT_COUNT(names); i++)
		if (a->s.len == strlen(names[i][0]) &&
		    memcmp(a->s.data, names[i][0], a->s.len) == 0)
			return rt_opt_parse(rt_opt_find(&b->op->row, "mode"), b->attrs,
					    names[i][1], err);
	return rt_fail(err, RT_EFORMAT,
		       "attribute \"mode\" is none of linear, nearest and cubic");
}

enum rt_status onnx_newer_form(struct onnx_load *l, struct onnx_build *b, const Onnx__NodeProto *p,
			       struct rt_err *err)
{
	const char *name = b->op->row.name;

	if (l->opset < 18)
		return RT_OK;
	if (strcmp(name, "Pad") == 0)
		return new_pad(l, b, p, err);
	if (strcmp(name, "Resize") == 0)
		return new_resize(l, b, p, err);
	if (strcmp(name, "GridSample") == 0)
		return new_grid_sample(l, b, p, err);
	return RT_OK;
}

/* --- DequantizeLinear by blocks ------------------------------------------------------------ */

bool onnx_is_blocked(const Onnx__NodeProto *p)
{
	const Onnx__AttributeProto *a = attribute(p, "block_size");

	return p->op_type && strcmp(p->op_type, "DequantizeLinear") == 0 &&
	       onnx_default_domain(p->domain) && a && a->i != 0;
}

/* A parameter that the node reads, by its input. */
static const struct rt_tensor *read_param(struct onnx_load *l, const Onnx__NodeProto *p, size_t i)
{
	const struct rt_param *param =
		i < p->n_input ? rt_graph_param(l->graph, onnx_value(l, p->input[i])) : NULL;

	return param ? &param->data : NULL;
}

/* x = (q - zero) scale, with one scale and zero for `block` elements in a row along the axis. */
static enum rt_status dequantize(struct rt_tensor *out, const struct rt_tensor *q,
				 const struct rt_tensor *scale, const struct rt_tensor *zero,
				 int64_t axis, int64_t block, struct rt_err *err)
{
	const struct rt_shape *s = &q->shape;
	struct rt_shape wanted = *s;
	int64_t B, D, blocks;
	char a[128], b[128];
	void *to;
	float *x;

	axis += axis < 0 ? s->rank : 0;
	if (axis < 0 || axis >= s->rank || block < 1)
		return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " of %d, blocks of %" PRId64, axis,
			       s->rank, block);
	D = s->dim[axis];
	blocks = wanted.dim[axis] = D / block + (D % block != 0);
	if (!rt_shape_equal(&scale->shape, &wanted) ||
	    (zero && !rt_shape_equal(&zero->shape, &wanted)))
		return rt_fail(err, RT_ESHAPE, "%s is %s, blocks of %" PRId64 " need %s",
			       rt_shape_equal(&scale->shape, &wanted) ? "zero point" : "scale",
			       rt_shape_text(a, sizeof(a), rt_shape_equal(&scale->shape, &wanted)
							   ? &zero->shape : &scale->shape),
			       block, rt_shape_text(b, sizeof(b), &wanted));
	B = rt_shape_span(s, (int)axis + 1, s->rank);
	RT_TRY(rt_tensor_new(out, RT_F32, s, err));
	RT_TRY(rt_tensor_write(&to, out, err));
	x = to;
	for (int64_t i = 0; i < rt_tensor_count(q); i++) {
		int64_t at = (i / B / D * blocks + i / B % D / block) * B + i % B;
		double from = zero ? rt_tensor_get(zero, at) : 0;

		x[i] = (float)((rt_tensor_get(q, i) - from) * rt_tensor_get(scale, at));
	}
	return RT_OK;
}

enum rt_status onnx_add_blocked(struct onnx_load *l, const Onnx__NodeProto *p, struct rt_err *err)
{
	const struct rt_tensor *q = read_param(l, p, 0), *scale = read_param(l, p, 1);
	const struct rt_tensor *zero = read_param(l, p, 2);
	const Onnx__AttributeProto *axis = attribute(p, "axis");
	bool has_zero = p->n_input > 2 && *p->input[2];
	struct rt_tensor data = {0};

	if (!q || !scale || has_zero != (zero != NULL) || p->n_output != 1)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "attribute \"block_size\": blocks are read for weights, with "
			       "constant scales and zero points, only");
	RT_TRY(dequantize(&data, q, scale, zero, axis ? axis->i : 1,
			  attribute(p, "block_size")->i, err));
	return onnx_name_output(l, rt_graph_add_param(l->graph, p->output[0], &data, true),
				p->output[0], err);
}

/* --- saving -------------------------------------------------------------------------------- */

/* What later opsets brought, and retort has too: operators, and values of an attribute, NULL for
 * all but its default. */
static const struct later {
	const char *op, *attr, *value;
	int opset;
} later[] = {
	{"AffineGrid", NULL, NULL, 20},
	{"BitwiseAnd", NULL, NULL, 18},
	{"BitwiseNot", NULL, NULL, 18},
	{"BitwiseOr", NULL, NULL, 18},
	{"BitwiseXor", NULL, NULL, 18},
	{"CenterCropPad", NULL, NULL, 18},
	{"Col2Im", NULL, NULL, 18},
	{"DeformConv", NULL, NULL, 19},
	{"LpPool", "ceil_mode", NULL, 18},
	{"LpPool", "dilations", NULL, 18},
	{"Resize", "antialias", NULL, 18},
	{"Resize", "coordinate_transformation_mode", "half_pixel_symmetric", 19},
	{"ScatterElements", "reduction", "max", 18},
	{"ScatterElements", "reduction", "min", 18},
	{"ScatterND", "reduction", "max", 18},
	{"ScatterND", "reduction", "min", 18},
};

static bool says(const struct rt_node *n, const struct later *w)
{
	const struct rt_opt *o = rt_opt_find(&n->op->row, w->attr);
	struct rt_str text = {0};
	bool same;

	if (!w->value)
		return !rt_opt_is_default(o, n->attrs);
	rt_opt_text(o, n->attrs, &text);
	same = strcmp(rt_str_text(&text), w->value) == 0;
	rt_str_release(&text);
	return same;
}

/* Quantized numbers of 16 bits. */
static enum rt_status check_width(const struct rt_graph *g, const struct rt_node *n,
				  struct rt_err *err)
{
	bool to = strcmp(n->op->row.name, "QuantizeLinear") == 0;
	const struct rt_value *v;

	if (!to && strcmp(n->op->row.name, "DequantizeLinear") != 0)
		return RT_OK;
	v = &g->values[to ? n->out[0] : n->in[0]];
	if (rt_dtype(v->dtype)->size != 2)
		return RT_OK;
	return rt_fail(err, RT_EUNSUPPORTED,
		       "node \"%s\" (%s): %s numbers are of opset 21, retort writes %d", n->name,
		       n->op->row.name, rt_dtype(v->dtype)->row.name, ONNX_OPSET_SAVED);
}

enum rt_status onnx_check_saved(const struct rt_graph *g, const struct rt_node *n,
				struct rt_err *err)
{
	for (size_t i = 0; i < RT_COUNT(later); i++) {
		const struct later *w = &later[i];

		if (strcmp(w->op, n->op->row.name) == 0 && (!w->attr || says(n, w)))
			return rt_fail(err, RT_EUNSUPPORTED,
				       "node \"%s\" (%s): %s%s%s is of opset %d, retort writes %d",
				       n->name, w->op, w->attr ? w->attr : "the operator",
				       w->value ? " " : "", w->value ? w->value : "", w->opset,
				       ONNX_OPSET_SAVED);
	}
	return check_width(g, n, err);
}
