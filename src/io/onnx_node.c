/* onnx_node.c - one node of a file to one node of the graph, in its form at opset 17. */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ADDED_INPUTS 4	/* inputs that version changes may add */

/* --- inputs -------------------------------------------------------------------------------- */

static enum rt_status read_inputs(struct onnx_load *l, struct onnx_build *b,
				  const Onnx__NodeProto *p, struct rt_err *err)
{
	for (size_t i = 0; i < p->n_input; i++) {
		if (!*p->input[i])
			continue;
		b->in[i] = onnx_value(l, p->input[i]);
		if (b->in[i] < 0)
			return rt_fail(
				err, RT_EFORMAT,
				"input \"%s\" is no initializer, input or output of a node before",
				p->input[i]);
	}
	b->nin = (int)p->n_input;
	return RT_OK;
}

/* 4-bit numbers are kept in wider ones, so only what does not compute in them may read them. */
static enum rt_status check_four_bit(const struct onnx_load *l, const Onnx__NodeProto *p,
				     struct rt_err *err)
{
	for (size_t i = 0; i < p->n_input; i++)
		if (onnx_names_get(&l->four_bit, p->input[i]) >= 0 &&
		    strcmp(p->op_type, "DequantizeLinear") != 0)
			return rt_fail(err, RT_EUNSUPPORTED,
				       "input \"%s\" has 4-bit numbers, which are read by "
				       "DequantizeLinear only", p->input[i]);
	return RT_OK;
}

/* An attribute of an older opset that is an input now: a constant of its own. */
static enum rt_status make_input(struct onnx_load *l, struct onnx_build *b,
				 const Onnx__NodeProto *p, const Onnx__AttributeProto *a, int input,
				 struct rt_err *err)
{
	struct rt_tensor data;
	char *name;

	if (input < b->nin && b->in[input] >= 0)
		return rt_fail(err, RT_EFORMAT, "attribute \"%s\" is given as an input too",
			       a->name);
	RT_TRY(onnx_attr_tensor(&data, a, l->source, err));
	name = rt_sprintf("%s.%s", onnx_label(p), a->name);
	b->in[input] = rt_graph_add_param(l->graph, name, &data, false);
	free(name);
	if (b->nin <= input)
		b->nin = input + 1;
	return RT_OK;
}

/* An input of a newer opset that is an attribute at 17: it has to be constant. */
static enum rt_status make_attr(struct onnx_load *l, struct onnx_build *b,
				const struct onnx_version *v, struct rt_err *err)
{
	const struct rt_opt *opt = rt_opt_find(&b->op->row, v->attr);
	const struct rt_param *param;
	int64_t n, *values;
	enum rt_status status;

	if (v->input >= b->nin || b->in[v->input] < 0)
		return RT_OK;
	param = rt_graph_param(l->graph, b->in[v->input]);
	if (!param || rt_dtype(param->data.dtype)->is_float || !opt ||
	    (opt->type == RT_INT && rt_tensor_count(&param->data) != 1))
		return rt_fail(err, RT_EUNSUPPORTED,
			       "input %d (%s) must be a constant of whole numbers", v->input,
			       v->attr);
	n = rt_tensor_count(&param->data);
	if (n > RT_MAX_RANK)
		return rt_fail(err, RT_EFORMAT, "input %d (%s) has %d values and more", v->input,
			       v->attr, RT_MAX_RANK);
	values = rt_alloc((size_t)n, sizeof(*values));
	for (int64_t i = 0; i < n; i++)
		values[i] = rt_tensor_get_int(&param->data, i);
	if (opt->type == RT_INT)
		*(int64_t *)((char *)b->attrs + opt->offset) = values[0];
	else
		rt_ints_set((struct rt_ints *)((char *)b->attrs + opt->offset), (int)n, values);
	free(values);
	b->in[v->input] = -1;
	status = rt_opt_check(opt, b->attrs, err);
	return status == RT_OK ? RT_OK : rt_wrap(err, "input %d (%s)", v->input, v->attr);
}

/* --- attributes ---------------------------------------------------------------------------- */

/* The number of a graph attribute, or -1. */
static int subgraph_of(const struct rt_op *op, const char *name)
{
	for (int i = 0; op->subgraphs && op->subgraphs[i]; i++)
		if (strcmp(op->subgraphs[i], name) == 0)
			return i;
	return -1;
}

static enum rt_status read_inside(struct onnx_load *l, struct onnx_build *b, int which,
				  const Onnx__AttributeProto *a, struct rt_err *err)
{
	struct onnx_inside *in = &b->inside[which];

	if (!a->g)
		return rt_fail(err, RT_EFORMAT, "attribute \"%s\" has no graph", a->name);
	if (onnx_read_subgraph(l, a->g, &in->graph, &in->captures, &in->ncaptures, err) == RT_OK)
		return RT_OK;
	return rt_wrap(err, "%s", a->name);
}

static enum rt_status read_attribute(struct onnx_load *l, struct onnx_build *b,
				     const Onnx__NodeProto *p, const Onnx__AttributeProto *a,
				     struct rt_err *err)
{
	const char *type = b->op->row.name;
	const struct onnx_version *v;
	const struct rt_opt *opt = rt_opt_find(&b->op->row, a->name);
	int inside = subgraph_of(b->op, a->name);

	if (inside >= 0)
		return read_inside(l, b, inside, a, err);
	if (onnx_version_find(type, l->opset, ONNX_FORM, a->name))
		return RT_OK;
	v = onnx_version_find(type, l->opset, ONNX_TO_INPUT, a->name);
	if (v)
		return make_input(l, b, p, a, v->input, err);
	if (opt)
		return onnx_attr_read(opt, b->attrs, a, l->source, err);
	if (onnx_version_find(type, l->opset, ONNX_ALIGNED, a->name)) {
		b->aligned = a->i;
		return RT_OK;
	}
	v = onnx_version_find(type, l->opset, ONNX_NEUTRAL, a->name);
	if (v && onnx_attr_is_neutral(a, v->neutral))
		return RT_OK;
	return rt_fail(err, RT_EUNSUPPORTED, v ? "attribute \"%s\" must be at its default"
			       : "attribute \"%s\" unknown", a->name);
}

static bool given_before(const Onnx__NodeProto *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(p->attribute[k]->name, p->attribute[i]->name) == 0)
			return true;
	return false;
}

static bool has_attribute(const Onnx__NodeProto *p, const char *name)
{
	for (size_t i = 0; i < p->n_attribute; i++)
		if (strcmp(p->attribute[i]->name, name) == 0)
			return true;
	return false;
}

/* What the file's opset means where an attribute is left out. */
static enum rt_status other_defaults(const struct onnx_load *l, struct onnx_build *b,
				   const Onnx__NodeProto *p, struct rt_err *err)
{
	const struct onnx_version *v =
		onnx_version_find(b->op->row.name, l->opset, ONNX_FLATTENED, NULL);
	const struct rt_opt *opt = v ? rt_opt_find(&b->op->row, v->attr) : NULL;

	if (opt && !has_attribute(p, v->attr))
		*(int64_t *)((char *)b->attrs + opt->offset) = v->neutral;
	v = onnx_version_find(b->op->row.name, l->opset, ONNX_DEFAULT, NULL);
	opt = v ? rt_opt_find(&b->op->row, v->attr) : NULL;
	if (opt)
		*(int64_t *)((char *)b->attrs + opt->offset) = v->neutral;
	for (opt = b->op->row.opts; opt && opt->name; opt++)
		if ((opt->flags & RT_OPT_REQUIRED) && rt_opt_is_default(opt, b->attrs))
			return rt_fail(err, RT_EFORMAT, "attribute \"%s\" is missing", opt->name);
	return RT_OK;
}

static enum rt_status read_attributes(struct onnx_load *l, struct onnx_build *b,
				      const Onnx__NodeProto *p, struct rt_err *err)
{
	const struct onnx_function *f = onnx_function_of(l->proto, p);
	const struct onnx_version *v;

	for (size_t i = 0; i < p->n_attribute; i++) {
		if (!p->attribute[i]->name || given_before(p, i))
			return rt_fail(err, RT_EFORMAT, "attribute %zu has no name of its own", i);
		RT_TRY(read_attribute(l, b, p, p->attribute[i], err));
	}
	if (f && f->attr)
		RT_TRY(rt_opt_parse(rt_opt_find(&b->op->row, f->attr), b->attrs, f->value, err));
	RT_TRY(other_defaults(l, b, p, err));
	v = onnx_version_find(b->op->row.name, l->opset, ONNX_TO_ATTR, NULL);
	return v ? make_attr(l, b, v, err) : RT_OK;
}

/* Up to opset 10 Resize, then Upsample, had inputs X and scales, and places as asymmetric says. */
static enum rt_status old_resize(const struct onnx_load *l, struct onnx_build *b,
				 struct rt_err *err)
{
	const struct rt_row *row = &b->op->row;

	if (strcmp(row->name, "Resize") != 0 || l->opset > 10)
		return RT_OK;
	b->in[2] = b->in[1];
	b->in[1] = -1;
	b->nin = 3;
	RT_TRY(rt_opt_parse(rt_opt_find(row, "coordinate_transformation_mode"), b->attrs,
			    "asymmetric", err));
	return rt_opt_parse(rt_opt_find(row, "nearest_mode"), b->attrs, "floor", err);
}

/* Before opset 7 the slopes of PRelu belonged to channels, which come second. */
static enum rt_status old_p_relu(struct onnx_load *l, struct onnx_build *b, struct rt_err *err)
{
	struct rt_param *slope;
	int rank;

	if (strcmp(b->op->row.name, "PRelu") != 0 || l->opset >= 7 || b->nin < 2)
		return RT_OK;
	slope = rt_graph_param(l->graph, b->in[1]);
	RT_TRY(rt_graph_infer(l->graph, err));
	rank = l->graph->values[b->in[0]].shape.rank;
	if (!slope || slope->data.shape.rank != 1 || slope->data.shape.dim[0] == 1)
		return RT_OK;
	if (rank < 2)
		return rt_fail(err, RT_EUNSUPPORTED, "slopes of channels for an unknown shape");
	for (int d = 1; d < rank - 1; d++)
		slope->data.shape.dim[d] = 1;
	slope->data.shape.rank = rank - 1;
	l->graph->values[b->in[1]].shape = slope->data.shape;
	return RT_OK;
}

/* --- the node ------------------------------------------------------------------------------ */

static enum rt_status check_inputs(struct onnx_build *b, struct rt_err *err)
{
	const struct rt_op *op = b->op;

	while (b->nin > 0 && b->in[b->nin - 1] < 0)
		b->nin--;
	if (op->max_in >= 0 && b->nin > op->max_in)
		return rt_fail(err, RT_EUNSUPPORTED, "has %d inputs, retort's takes at most %d",
			       b->nin, op->max_in);
	for (int i = 0; i < op->min_in; i++)
		if (i >= b->nin || b->in[i] < 0)
			return rt_fail(err, RT_EFORMAT, "input %d is missing", i);
	return RT_OK;
}

/* Unread outputs at the end are dropped; those that the operator lacks must not be read. */
static enum rt_status count_outputs(const struct onnx_load *l, const struct onnx_build *b,
				    const Onnx__NodeProto *p, int *nout, struct rt_err *err)
{
	size_t n = p->n_output;

	while (n > (size_t)b->op->min_out && !(b->op->flags & RT_OP_ALL_OUTPUTS) &&
	       (!*p->output[n - 1] || onnx_names_get(&l->used, p->output[n - 1]) < 0))
		n--;
	if (b->op->max_out >= 0 && n > (size_t)b->op->max_out)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "output %zu \"%s\" is used, retort computes at most %d", n - 1,
			       p->output[n - 1], b->op->max_out);
	if (n < (size_t)b->op->min_out)
		return rt_fail(err, RT_EFORMAT, "has %zu outputs, needs %d", n, b->op->min_out);
	*nout = (int)n;
	return RT_OK;
}

enum rt_status onnx_name_output(struct onnx_load *l, int value, const char *name,
				  struct rt_err *err)
{
	if (!*name)
		return RT_OK;
	if (!onnx_names_put(&l->values, name, value))
		return rt_fail(err, RT_EFORMAT, "output \"%s\" exists already", name);
	rt_graph_rename_value(l->graph, value, name);
	return RT_OK;
}

static enum rt_status add_built(struct onnx_load *l, struct onnx_build *b, const Onnx__NodeProto *p,
				struct rt_err *err)
{
	int nout = 0, node;

	if (strcmp(b->op->row.name, "Scan") == 0 && l->opset < 9)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "Scan of opset 8, which had a batch, is not read");
	RT_TRY(read_inputs(l, b, p, err));
	RT_TRY(check_four_bit(l, p, err));
	RT_TRY(read_attributes(l, b, p, err));
	RT_TRY(onnx_newer_form(l, b, p, err));
	RT_TRY(old_resize(l, b, err));
	RT_TRY(old_p_relu(l, b, err));
	RT_TRY(check_inputs(b, err));
	RT_TRY(count_outputs(l, b, p, &nout, err));
	node = rt_graph_add_node(l->graph, b->op, p->name, b->attrs, b->nin, b->in, nout);
	for (int i = 0; i < b->ninside; i++) {
		if (!b->inside[i].graph)
			return rt_fail(err, RT_EFORMAT, "attribute \"%s\" is missing",
				       b->op->subgraphs[i]);
		rt_graph_add_sub(l->graph, node, b->inside[i].graph, b->inside[i].ncaptures,
				 b->inside[i].captures);
		b->inside[i].graph = NULL;
	}
	for (int i = 0; i < nout; i++)
		RT_TRY(onnx_name_output(l, l->graph->nodes[node].out[i], p->output[i], err));
	if (onnx_version_find(b->op->row.name, l->opset, ONNX_FLATTENED, NULL)) {
		RT_GROW(l->flattened, l->nflattened, l->flattened_cap);
		l->flattened[l->nflattened++] = node;
	}
	if (b->aligned >= 0) {
		RT_GROW(l->aligned, l->naligned, l->aligned_cap);
		l->aligned[l->naligned++] = (struct onnx_aligned){node, b->aligned};
	}
	return RT_OK;
}

static enum rt_status add_op(struct onnx_load *l, const Onnx__NodeProto *p, struct rt_err *err)
{
	struct onnx_build b = {.op = onnx_op_of(l->proto, p), .aligned = -1};
	size_t room = p->n_input + MAX_ADDED_INPUTS;
	enum rt_status status;

	b.attrs = rt_alloc(1, b.op->row.params_size);
	rt_params_init(&b.op->row, b.attrs);
	b.in = rt_alloc(room, sizeof(*b.in));
	for (size_t i = 0; i < room; i++)
		b.in[i] = -1;
	while (b.op->subgraphs && b.op->subgraphs[b.ninside])
		b.ninside++;
	b.inside = rt_alloc((size_t)b.ninside + 1, sizeof(*b.inside));
	status = add_built(l, &b, p, err);
	for (int i = 0; i < b.ninside; i++) {
		rt_graph_free(b.inside[i].graph);
		free(b.inside[i].captures);
	}
	free(b.inside);
	rt_params_release(&b.op->row, b.attrs);
	free(b.attrs);
	free(b.in);
	return status;
}

/* The forms of Constant: value, value_float(s), value_int(s); texts and sparse ones are refused. */
static enum rt_status add_constant(struct onnx_load *l, const Onnx__NodeProto *p,
				   struct rt_err *err)
{
	struct rt_tensor data;
	int value;

	if (p->n_attribute != 1 || p->n_output != 1 || !*p->output[0])
		return rt_fail(err, RT_EFORMAT,
			       "needs one attribute and one output, has %zu and %zu",
			       p->n_attribute, p->n_output);
	if (!p->attribute[0]->name || strncmp(p->attribute[0]->name, "value", 5) != 0)
		return rt_fail(err, RT_EUNSUPPORTED, "attribute \"%s\" unknown",
			       p->attribute[0]->name ? p->attribute[0]->name : "");
	RT_TRY(onnx_attr_tensor(&data, p->attribute[0], l->source, err));
	if (p->attribute[0]->t && onnx_is_four_bit(p->attribute[0]->t))
		onnx_names_put(&l->four_bit, p->output[0], 0);
	value = rt_graph_add_param(l->graph, p->output[0], &data, false);
	return onnx_name_output(l, value, p->output[0], err);
}

enum rt_status onnx_add_node(struct onnx_load *l, const Onnx__NodeProto *p, struct rt_err *err)
{
	const Onnx__FunctionProto *f = onnx_called(l->proto, p);
	enum rt_status status;

	if (f)
		status = onnx_add_call(l, f, p, err);
	else if (onnx_is_blocked(p))
		status = onnx_add_blocked(l, p, err);
	else
		status = onnx_is_constant(p) ? add_constant(l, p, err) : add_op(l, p, err);

	return status == RT_OK ? RT_OK
			       : rt_wrap(err, "node \"%s\" (%s)", onnx_label(p), p->op_type);
}
