/* onnx_node.c - one node of a file to one node of the graph, in its form at opset 17. */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ADDED_INPUTS 4	/* inputs that version changes may add */

/* A node under construction. */
struct build {
	const struct rt_op *op;
	void *attrs;
	int nin, *in;
	struct inside {
		struct rt_graph *graph;
		int ncaptures, *captures;
	} *inside;		/* by op->subgraphs */
	int ninside;
	int64_t aligned;	/* where the second input's shape begins in the first one's; -1 = end */
};

static bool default_domain(const char *domain)
{
	return !domain || !*domain || strcmp(domain, "ai.onnx") == 0;
}

static bool has_function(const Onnx__ModelProto *proto, const char *name)
{
	for (size_t i = 0; i < proto->n_functions; i++) {
		const Onnx__FunctionProto *f = proto->functions[i];

		if (f->name && f->domain && strcmp(f->name, name) == 0 &&
		    strcmp(f->domain, ONNX_OWN_DOMAIN) == 0)
			return true;
	}
	return false;
}

/* Operators that opset 17 has under another name. */
static const char *present_name(const char *type)
{
	if (strcmp(type, "Upsample") == 0)
		return "Resize";
	return strcmp(type, "Scatter") == 0 ? "ScatterElements" : type;
}

/* The function of our own that a node calls, or NULL. */
static const struct onnx_function *function_of(const Onnx__ModelProto *proto,
					       const Onnx__NodeProto *p)
{
	if (!p->op_type || !p->domain || strcmp(p->domain, ONNX_OWN_DOMAIN) != 0)
		return NULL;
	return has_function(proto, p->op_type) ? onnx_function_named(p->op_type) : NULL;
}

static const struct rt_op *op_of(const Onnx__ModelProto *proto, const Onnx__NodeProto *p)
{
	const struct onnx_function *f = function_of(proto, p);
	const struct rt_op *op = NULL;

	if (f)
		op = rt_op_find(f->op);
	else if (p->op_type && default_domain(p->domain))
		op = rt_op_find(present_name(p->op_type));
	return op && !(op->flags & RT_OP_INTERNAL) ? op : NULL;
}

static bool is_constant(const Onnx__NodeProto *p)
{
	return p->op_type && strcmp(p->op_type, "Constant") == 0 && default_domain(p->domain);
}

/* What to call a node in an error: its name, or that of its first output. */
static const char *label(const Onnx__NodeProto *p)
{
	if (p->name && *p->name)
		return p->name;
	return p->n_output ? p->output[0] : "";
}

/* "Foo", or "domain.Foo" outside ONNX; the caller frees. */
static char *operator_name(const Onnx__NodeProto *p)
{
	const char *type = p->op_type ? p->op_type : "";

	return default_domain(p->domain) ? rt_strdup(type) : rt_sprintf("%s.%s", p->domain, type);
}

/* A call of a function that retort wrote, in a file that does not hold it. */
static bool lost_function(const Onnx__NodeProto *p)
{
	return p->op_type && p->domain && strcmp(p->domain, ONNX_OWN_DOMAIN) == 0 &&
	       onnx_function_named(p->op_type);
}

/* The function of the file that a node calls, when it is none of our own; or NULL. */
static const Onnx__FunctionProto *called(const Onnx__ModelProto *proto, const Onnx__NodeProto *p)
{
	for (size_t i = 0; i < proto->n_functions && !default_domain(p->domain); i++) {
		const Onnx__FunctionProto *f = proto->functions[i];

		if (f->name && f->domain && p->op_type && strcmp(f->name, p->op_type) == 0 &&
		    strcmp(f->domain, p->domain) == 0 && !function_of(proto, p))
			return f;
	}
	return NULL;
}

/* What is missing in a file. */
struct missing {
	const Onnx__ModelProto *proto;
	const Onnx__NodeProto *first;
	struct onnx_names seen, functions;
	struct rt_str more;
};

static void look(struct missing *m, Onnx__NodeProto *const *node, size_t n, int depth);

static void look_inside(struct missing *m, const Onnx__NodeProto *p, int depth)
{
	const Onnx__FunctionProto *f = called(m->proto, p);

	for (size_t i = 0; i < p->n_attribute; i++)
		if (p->attribute[i]->g)
			look(m, p->attribute[i]->g->node, p->attribute[i]->g->n_node, depth + 1);
	if (f && onnx_names_put(&m->functions, f->name, 0))
		look(m, f->node, f->n_node, depth + 1);
}

static void look(struct missing *m, Onnx__NodeProto *const *node, size_t n, int depth)
{
	char *name;

	for (size_t i = 0; i < n && depth <= ONNX_MAX_DEPTH; i++) {
		const Onnx__NodeProto *p = node[i];

		look_inside(m, p, depth);
		if (is_constant(p) || op_of(m->proto, p) || called(m->proto, p) ||
		    !onnx_names_put(&m->seen, p->op_type ? p->op_type : "", 0))
			continue;
		name = operator_name(p);
		if (!m->first)
			m->first = p;
		else
			rt_str_addf(&m->more, "%s%s", m->more.len ? ", " : "   (nor ", name);
		free(name);
	}
}

enum rt_status onnx_check_operators(const Onnx__ModelProto *proto, struct rt_err *err)
{
	struct missing m = {.proto = proto};
	enum rt_status status = RT_OK;
	char *name;

	look(&m, proto->graph->node, proto->graph->n_node, 0);
	if (m.first) {
		name = operator_name(m.first);
		status = rt_fail(err, RT_EUNSUPPORTED, "node \"%s\" (%s): %s %s%s%s", label(m.first),
				 name, lost_function(m.first) ? "the file lacks the function"
							      : "retort has no operator",
				 name, rt_str_text(&m.more), m.more.len ? ")" : "");
		free(name);
	}
	onnx_names_release(&m.seen);
	onnx_names_release(&m.functions);
	rt_str_release(&m.more);
	return status;
}

/* --- inputs -------------------------------------------------------------------------------- */

static enum rt_status read_inputs(struct onnx_load *l, struct build *b, const Onnx__NodeProto *p,
				  struct rt_err *err)
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

/* An attribute of an older opset that is an input now: a constant of its own. */
static enum rt_status make_input(struct onnx_load *l, struct build *b, const Onnx__NodeProto *p,
				 const Onnx__AttributeProto *a, int input, struct rt_err *err)
{
	struct rt_tensor data;
	char *name;

	if (input < b->nin && b->in[input] >= 0)
		return rt_fail(err, RT_EFORMAT, "attribute \"%s\" is given as an input too",
			       a->name);
	RT_TRY(onnx_attr_tensor(&data, a, l->folder, err));
	name = rt_sprintf("%s.%s", label(p), a->name);
	b->in[input] = rt_graph_add_param(l->graph, name, &data, false);
	free(name);
	if (b->nin <= input)
		b->nin = input + 1;
	return RT_OK;
}

/* An input of a newer opset that is an attribute at 17: it has to be constant. */
static enum rt_status make_attr(struct onnx_load *l, struct build *b, const struct onnx_version *v,
				struct rt_err *err)
{
	const struct rt_opt *opt = rt_opt_find(&b->op->row, v->attr);
	const struct rt_param *param;
	int64_t n, *values;
	enum rt_status status;

	if (v->input >= b->nin || b->in[v->input] < 0)
		return RT_OK;
	param = rt_graph_param(l->graph, b->in[v->input]);
	if (!param || rt_dtype(param->data.dtype)->is_float || !opt || opt->type != RT_INTS)
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

static enum rt_status read_inside(struct onnx_load *l, struct build *b, int which,
				  const Onnx__AttributeProto *a, struct rt_err *err)
{
	struct inside *in = &b->inside[which];

	if (!a->g)
		return rt_fail(err, RT_EFORMAT, "attribute \"%s\" has no graph", a->name);
	if (onnx_read_subgraph(l, a->g, &in->graph, &in->captures, &in->ncaptures, err) == RT_OK)
		return RT_OK;
	return rt_wrap(err, "%s", a->name);
}

static enum rt_status read_attribute(struct onnx_load *l, struct build *b, const Onnx__NodeProto *p,
				     const Onnx__AttributeProto *a, struct rt_err *err)
{
	const char *type = b->op->row.name;
	const struct onnx_version *v;
	const struct rt_opt *opt = rt_opt_find(&b->op->row, a->name);
	int inside = subgraph_of(b->op, a->name);

	if (inside >= 0)
		return read_inside(l, b, inside, a, err);
	v = onnx_version_find(type, l->opset, ONNX_TO_INPUT, a->name);
	if (v)
		return make_input(l, b, p, a, v->input, err);
	if (opt)
		return onnx_attr_read(opt, b->attrs, a, err);
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
static enum rt_status old_defaults(const struct onnx_load *l, struct build *b,
				   const Onnx__NodeProto *p, struct rt_err *err)
{
	const struct onnx_version *v =
		onnx_version_find(b->op->row.name, l->opset, ONNX_FLATTENED, NULL);
	const struct rt_opt *opt = v ? rt_opt_find(&b->op->row, v->attr) : NULL;

	if (opt && !has_attribute(p, v->attr))
		*(int64_t *)((char *)b->attrs + opt->offset) = v->neutral;
	for (opt = b->op->row.opts; opt && opt->name; opt++)
		if ((opt->flags & RT_OPT_REQUIRED) && rt_opt_is_default(opt, b->attrs))
			return rt_fail(err, RT_EFORMAT, "attribute \"%s\" is missing", opt->name);
	return RT_OK;
}

static enum rt_status read_attributes(struct onnx_load *l, struct build *b,
				      const Onnx__NodeProto *p, struct rt_err *err)
{
	const struct onnx_function *f = function_of(l->proto, p);
	const struct onnx_version *v;

	for (size_t i = 0; i < p->n_attribute; i++) {
		if (!p->attribute[i]->name || given_before(p, i))
			return rt_fail(err, RT_EFORMAT, "attribute %zu has no name of its own", i);
		RT_TRY(read_attribute(l, b, p, p->attribute[i], err));
	}
	if (f && f->attr)
		RT_TRY(rt_opt_parse(rt_opt_find(&b->op->row, f->attr), b->attrs, f->value, err));
	v = onnx_version_find(b->op->row.name, l->opset, ONNX_TO_ATTR, NULL);
	if (v)
		RT_TRY(make_attr(l, b, v, err));
	return old_defaults(l, b, p, err);
}

/* Up to opset 10 Resize, then Upsample, had inputs X and scales, and places as asymmetric says. */
static enum rt_status old_resize(const struct onnx_load *l, struct build *b, struct rt_err *err)
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
static enum rt_status old_p_relu(struct onnx_load *l, struct build *b, struct rt_err *err)
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

static enum rt_status check_inputs(struct build *b, struct rt_err *err)
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
static enum rt_status count_outputs(const struct onnx_load *l, const struct build *b,
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

static enum rt_status name_output(struct onnx_load *l, int value, const char *name,
				  struct rt_err *err)
{
	if (!*name)
		return RT_OK;
	if (!onnx_names_put(&l->values, name, value))
		return rt_fail(err, RT_EFORMAT, "output \"%s\" exists already", name);
	rt_graph_rename_value(l->graph, value, name);
	return RT_OK;
}

static enum rt_status add_built(struct onnx_load *l, struct build *b, const Onnx__NodeProto *p,
				struct rt_err *err)
{
	int nout = 0, node;

	if (strcmp(b->op->row.name, "Scan") == 0 && l->opset < 9)
		return rt_fail(err, RT_EUNSUPPORTED, "Scan of opset 8, which had a batch, is not read");
	RT_TRY(read_inputs(l, b, p, err));
	RT_TRY(read_attributes(l, b, p, err));
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
		RT_TRY(name_output(l, l->graph->nodes[node].out[i], p->output[i], err));
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
	struct build b = {.op = op_of(l->proto, p), .aligned = -1};
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
	RT_TRY(onnx_attr_tensor(&data, p->attribute[0], l->folder, err));
	value = rt_graph_add_param(l->graph, p->output[0], &data, false);
	return name_output(l, value, p->output[0], err);
}

/* --- functions of the file ----------------------------------------------------------------- */

/* A node of a function whose attributes that refer to the function's are those of the call. */
static Onnx__NodeProto *with_attributes(struct onnx_pool *pool, const Onnx__NodeProto *p,
					const Onnx__NodeProto *call)
{
	Onnx__NodeProto *copy = onnx_alloc(pool, 1, sizeof(*copy));

	*copy = *p;
	copy->n_attribute = 0;
	copy->attribute = onnx_alloc(pool, p->n_attribute, sizeof(*copy->attribute));
	for (size_t i = 0; i < p->n_attribute; i++) {
		Onnx__AttributeProto *a = p->attribute[i], *given;

		if (!a->ref_attr_name || !*a->ref_attr_name) {
			copy->attribute[copy->n_attribute++] = a;
			continue;
		}
		for (size_t k = 0; k < call->n_attribute; k++) {
			if (!call->attribute[k]->name ||
			    strcmp(call->attribute[k]->name, a->ref_attr_name) != 0)
				continue;
			given = onnx_alloc(pool, 1, sizeof(*given));
			*given = *call->attribute[k];
			given->name = a->name;
			copy->attribute[copy->n_attribute++] = given;
		}
	}
	return copy;
}

static enum rt_status bind_inputs(struct onnx_load *in, struct onnx_load *l,
				  const Onnx__FunctionProto *f, const Onnx__NodeProto *p,
				  struct rt_err *err)
{
	for (size_t i = 0; i < f->n_input && i < p->n_input; i++) {
		int v = onnx_value(l, p->input[i]);

		if (*p->input[i] && v < 0)
			return rt_fail(err, RT_EFORMAT, "input \"%s\" is made by no node before",
				       p->input[i]);
		if (v >= 0)
			onnx_names_put(&in->values, f->input[i], v);
	}
	for (size_t i = 0; i < f->n_opset_import; i++)
		if (default_domain(f->opset_import[i]->domain))
			in->opset = f->opset_import[i]->version;
	onnx_note_uses(&in->used, f->node, f->n_node);
	for (size_t i = 0; i < f->n_output; i++)
		onnx_names_put(&in->used, f->output[i], 0);
	return RT_OK;
}

static enum rt_status bind_outputs(struct onnx_load *in, struct onnx_load *l,
				   const Onnx__FunctionProto *f, const Onnx__NodeProto *p,
				   struct rt_err *err)
{
	for (size_t i = 0; i < f->n_output && i < p->n_output; i++) {
		int v = onnx_names_get(&in->values, f->output[i]);

		if (v < 0)
			return rt_fail(err, RT_EFORMAT, "output \"%s\" is made by no node",
				       f->output[i]);
		if (l->graph->values[v].producer >= 0)
			RT_TRY(name_output(l, v, p->output[i], err));
		else if (*p->output[i])
			onnx_names_put(&l->values, p->output[i], v);
	}
	return RT_OK;
}

/* The nodes of the function in the place of its call. */
static enum rt_status add_call(struct onnx_load *l, const Onnx__FunctionProto *f,
			       const Onnx__NodeProto *p, struct rt_err *err)
{
	struct onnx_load in = *l;
	struct onnx_pool pool = {0};
	enum rt_status status;

	if (++in.depth > ONNX_MAX_DEPTH)
		return rt_fail(err, RT_EFORMAT, "functions lie too deep in each other");
	in.values = in.used = (struct onnx_names){0};
	in.outer = NULL;
	status = bind_inputs(&in, l, f, p, err);
	for (size_t i = 0; i < f->n_node && status == RT_OK; i++) {
		if (!f->node[i]->op_type || f->node[i]->n_output == 0)
			status = rt_fail(err, RT_EFORMAT, "node %zu has no operator or no output", i);
		else
			status = onnx_add_node(&in, with_attributes(&pool, f->node[i], p), err);
	}
	l->flattened = in.flattened;
	l->nflattened = in.nflattened;
	l->flattened_cap = in.flattened_cap;
	l->aligned = in.aligned;
	l->naligned = in.naligned;
	l->aligned_cap = in.aligned_cap;
	if (status == RT_OK)
		status = bind_outputs(&in, l, f, p, err);
	onnx_names_release(&in.values);
	onnx_names_release(&in.used);
	onnx_pool_release(&pool);
	return status;
}

enum rt_status onnx_add_node(struct onnx_load *l, const Onnx__NodeProto *p, struct rt_err *err)
{
	const Onnx__FunctionProto *f = called(l->proto, p);
	enum rt_status status;

	if (f)
		status = add_call(l, f, p, err);
	else
		status = is_constant(p) ? add_constant(l, p, err) : add_op(l, p, err);

	return status == RT_OK ? RT_OK : rt_wrap(err, "node \"%s\" (%s)", label(p), p->op_type);
}
