/* onnx_save.c - models to ONNX files: IR 8, opset 17, the same bytes for the same model. */
#include "config.h"

#include "io/onnx.h"
#include "base/file.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct save {
	struct onnx_pool pool;
	const struct rt_model *model;
	struct rt_graph *graph;		/* a clone, with shapes inferred */
	struct rt_tensor *masked;	/* weights that had to be zeroed under their mask */
	int nmasked;
	Onnx__ModelProto *proto;
};

Onnx__OperatorSetIdProto *onnx_opset(struct onnx_pool *pool, const char *domain, int64_t version)
{
	Onnx__OperatorSetIdProto *p = onnx_alloc(pool, 1, sizeof(*p));

	onnx__operator_set_id_proto__init(p);
	p->domain = onnx_text(pool, domain);
	p->has_version = true;
	p->version = version;
	return p;
}

/* A dimension: a number, "batch", or "batch_3" for three times the batch. */
static Onnx__TensorShapeProto__Dimension *dimension(struct onnx_pool *pool, int64_t dim)
{
	Onnx__TensorShapeProto__Dimension *d = onnx_alloc(pool, 1, sizeof(*d));
	char text[40];

	onnx__tensor_shape_proto__dimension__init(d);
	if (dim == RT_OPEN)
		return d;
	if (dim >= 0) {
		d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
		d->dim_value = dim;
		return d;
	}
	snprintf(text, sizeof(text), dim == RT_BATCH ? "batch" : "batch_%" PRId64, -dim);
	d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
	d->dim_param = onnx_text(pool, text);
	return d;
}

static Onnx__ValueInfoProto *value_info(struct onnx_pool *pool, const struct rt_value *v)
{
	Onnx__ValueInfoProto *info = onnx_alloc(pool, 1, sizeof(*info));
	Onnx__TypeProto *type = onnx_alloc(pool, 1, sizeof(*type));
	Onnx__TypeProto__Tensor *tensor = onnx_alloc(pool, 1, sizeof(*tensor));
	Onnx__TensorShapeProto *shape = onnx_alloc(pool, 1, sizeof(*shape));

	onnx__value_info_proto__init(info);
	onnx__type_proto__init(type);
	onnx__type_proto__tensor__init(tensor);
	onnx__tensor_shape_proto__init(shape);
	info->name = onnx_text(pool, v->name);
	info->type = type;
	type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	type->tensor_type = tensor;
	tensor->has_elem_type = true;
	tensor->elem_type = rt_dtype(v->dtype)->onnx;
	if (v->shape.rank == RT_UNKNOWN_RANK)
		return info;
	tensor->shape = shape;
	shape->n_dim = (size_t)v->shape.rank;
	shape->dim = onnx_alloc(pool, shape->n_dim, sizeof(*shape->dim));
	for (int i = 0; i < v->shape.rank; i++)
		shape->dim[i] = dimension(pool, v->shape.dim[i]);
	return info;
}

static char **names_of(struct save *s, const struct rt_graph *g, const int *values, int n)
{
	char **names = onnx_alloc(&s->pool, (size_t)n, sizeof(*names));

	for (int i = 0; i < n; i++)
		names[i] =
			onnx_text(&s->pool, values[i] < 0 ? "" : g->values[values[i]].name);
	return names;
}

/* The function is added once, with the import of its domain. */
static void add_function(struct save *s, const struct onnx_function *f)
{
	Onnx__ModelProto *m = s->proto;

	for (size_t i = 0; i < m->n_functions; i++)
		if (strcmp(m->functions[i]->name, f->name) == 0)
			return;
	m->functions[m->n_functions++] = f->build(&s->pool);
	if (m->n_opset_import == 1)
		m->opset_import[m->n_opset_import++] = onnx_opset(&s->pool, ONNX_OWN_DOMAIN, 1);
}

static enum rt_status add_subgraphs(struct save *s, const struct rt_graph *from, Onnx__NodeProto *p,
				    const struct rt_node *n, struct rt_err *err);

static bool is_read(const struct rt_graph *g, int value)
{
	for (int i = 0; i < g->noutputs; i++)
		if (g->outputs[i] == value)
			return true;
	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nin; k++)
			if (g->nodes[i].in[k] == value)
				return true;
	return false;
}

/* Outputs of node n without those at the end that it may lack and nobody reads, which loading drops
 * too. */
static int outputs_read(const struct rt_graph *g, const struct rt_node *n)
{
	int count = n->nout;

	while (count > n->op->min_out && !(n->op->flags & RT_OP_ALL_OUTPUTS) &&
	       (n->out[count - 1] < 0 || !is_read(g, n->out[count - 1])))
		count--;
	return count;
}

/* Node n of graph `from` to g. */
static enum rt_status add_node(struct save *s, Onnx__GraphProto *g, const struct rt_graph *from,
			       const struct rt_node *n, struct rt_err *err)
{
	const struct onnx_function *f = onnx_function_for(n->op, n->attrs);
	Onnx__NodeProto *p = onnx_alloc(&s->pool, 1, sizeof(*p));

	if (!f && (n->op->domain || (n->op->flags & RT_OP_INTERNAL)))
		return rt_fail(err, RT_EUNSUPPORTED, "node \"%s\" (%s): ONNX has no such operator",
			       n->name, n->op->row.name);
	RT_TRY(onnx_check_saved(from, n, err));
	onnx__node_proto__init(p);
	p->name = onnx_text(&s->pool, n->name);
	p->op_type = onnx_text(&s->pool, f ? f->name : n->op->row.name);
	p->n_input = (size_t)(n->nin - rt_node_captures(n));
	p->input = names_of(s, from, n->in, n->nin);
	p->n_output = (size_t)outputs_read(from, n);
	p->output = names_of(s, from, n->out, (int)p->n_output);
	if (f) {
		p->domain = onnx_text(&s->pool, ONNX_OWN_DOMAIN);
		add_function(s, f);
	}
	if (!f || !f->attr) /* others are told by the function's name */
		onnx_attrs_write(p, &s->pool, &n->op->row, n->attrs);
	g->node[g->n_node++] = p;
	return add_subgraphs(s, from, p, n, err);
}

/* Whether value is one of the first n captures, which have their names. */
static bool is_capture(const int *v, int n, int value)
{
	for (int i = 0; i < n; i++)
		if (v[i] == value)
			return true;
	return false;
}

/* Inside a node captured values have their outer names; other values make way for them. */
static void name_captures(struct rt_graph *in, int ncaptures, const struct rt_graph *from,
			  const int *captured)
{
	const int *v = in->inputs + in->ninputs - ncaptures;

	for (int i = 0; i < ncaptures; i++)
		rt_graph_rename_value(in, v[i], "captured");
	for (int i = 0; i < ncaptures; i++) {
		const char *name = from->values[captured[i]].name;
		int other = rt_graph_find_value(in, name);
		char *away;

		for (int k = 0; k < i; k++)
			if (captured[k] == captured[i])
				rt_graph_replace(in, v[i], v[k]);
		if (other >= 0 && !is_capture(v, i, other)) {
			away = rt_sprintf("%s.inner", name);
			rt_graph_rename_value(in, other, away);
			free(away);
		}
		rt_graph_rename_value(in, v[i], name);
	}
}

static enum rt_status inner_graph(struct save *s, Onnx__GraphProto **out, const char *name,
				  const struct rt_graph *g, int ncaptures, struct rt_err *err)
{
	Onnx__GraphProto *p = onnx_alloc(&s->pool, 1, sizeof(*p));

	onnx__graph_proto__init(p);
	p->name = onnx_text(&s->pool, name);
	p->input = onnx_alloc(&s->pool, (size_t)g->ninputs, sizeof(*p->input));
	for (int i = 0; i < g->ninputs - ncaptures; i++)
		p->input[p->n_input++] = value_info(&s->pool, &g->values[g->inputs[i]]);
	p->output = onnx_alloc(&s->pool, (size_t)g->noutputs, sizeof(*p->output));
	for (int i = 0; i < g->noutputs; i++)
		p->output[p->n_output++] = value_info(&s->pool, &g->values[g->outputs[i]]);
	p->initializer = onnx_alloc(&s->pool, (size_t)g->nparams, sizeof(*p->initializer));
	for (int i = 0; i < g->nparams; i++)
		p->initializer[p->n_initializer++] = onnx_tensor_proto(
			&s->pool, g->values[g->params[i].value].name, &g->params[i].data);
	p->node = onnx_alloc(&s->pool, (size_t)g->nnodes, sizeof(*p->node));
	*out = p;
	for (int i = 0; i < g->nnodes; i++)
		RT_TRY(add_node(s, p, g, &g->nodes[i], err));
	return RT_OK;
}

static enum rt_status add_subgraphs(struct save *s, const struct rt_graph *from,
				    Onnx__NodeProto *p, const struct rt_node *n, struct rt_err *err)
{
	const int *captured;
	Onnx__AttributeProto **all;

	if (!n->nsubs)
		return RT_OK;
	captured = n->in + n->nin - rt_node_captures(n);
	all = onnx_alloc(&s->pool, p->n_attribute + (size_t)n->nsubs, sizeof(*all));
	for (size_t i = 0; i < p->n_attribute; i++)
		all[i] = p->attribute[i];
	p->attribute = all;
	for (int k = 0; k < n->nsubs; k++) {
		const char *name = n->op->subgraphs[k];
		Onnx__AttributeProto *a = onnx_attr_new(
			&s->pool, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH);
		struct rt_graph *in = rt_graph_clone(n->subs[k].graph);
		enum rt_status status;

		name_captures(in, n->subs[k].ncaptures, from, captured);
		captured += n->subs[k].ncaptures;
		status = inner_graph(s, &a->g, name, in, n->subs[k].ncaptures, err);
		rt_graph_free(in);
		if (status != RT_OK)
			return status;
		all[p->n_attribute++] = a;
	}
	return RT_OK;
}

/* Copies size bytes an element where mask is not 0; says whether anything else was there. */
static bool apply_mask(unsigned char *to, const unsigned char *from, const uint8_t *mask, int64_t n,
		       size_t size)
{
	static const unsigned char zero[16];
	bool changed = false;

	for (int64_t i = 0; i < n; i++) {
		if (mask[i])
			memcpy(to + (size_t)i * size, from + (size_t)i * size, size);
		else
			changed |= memcmp(from + (size_t)i * size, zero, size) != 0;
	}
	return changed;
}

/* The weights as they count: zero under the mask.  Usually they are already. */
static enum rt_status weights(struct save *s, const struct rt_param *p, struct rt_tensor *out,
			      struct rt_err *err)
{
	void *to;

	*out = p->data;
	if (!p->mask.storage)
		return RT_OK;
	RT_TRY(rt_tensor_new(out, p->data.dtype, &p->data.shape, err));
	RT_TRY(rt_tensor_write(&to, out, err));
	if (apply_mask(to, rt_tensor_data(&p->data), rt_tensor_data(&p->mask),
		       rt_tensor_count(&p->data), rt_dtype(p->data.dtype)->size)) {
		s->masked[s->nmasked++] = *out;
		return RT_OK;
	}
	rt_tensor_release(out);
	*out = p->data;
	return RT_OK;
}

static enum rt_status add_params(struct save *s, struct rt_err *err)
{
	Onnx__GraphProto *g = s->proto->graph;

	for (int i = 0; i < s->graph->nparams; i++) {
		const struct rt_param *p = &s->graph->params[i];
		struct rt_tensor data;

		RT_TRY(weights(s, p, &data, err));
		g->initializer[g->n_initializer++] =
			onnx_tensor_proto(&s->pool, s->graph->values[p->value].name, &data);
	}
	return RT_OK;
}

static void add_values(struct save *s)
{
	Onnx__GraphProto *g = s->proto->graph;
	const struct rt_graph *from = s->graph;

	g->input = onnx_alloc(&s->pool, (size_t)from->ninputs, sizeof(*g->input));
	for (int i = 0; i < from->ninputs; i++)
		g->input[g->n_input++] = value_info(&s->pool, &from->values[from->inputs[i]]);
	g->output = onnx_alloc(&s->pool, (size_t)from->noutputs, sizeof(*g->output));
	for (int i = 0; i < from->noutputs; i++)
		g->output[g->n_output++] = value_info(&s->pool, &from->values[from->outputs[i]]);
}

static Onnx__ModelProto *new_proto(struct save *s)
{
	Onnx__ModelProto *p = onnx_alloc(&s->pool, 1, sizeof(*p));
	const char *name = s->model->name && *s->model->name ? s->model->name : PACKAGE_NAME;
	size_t nnodes = (size_t)s->graph->nnodes;

	onnx__model_proto__init(p);
	p->has_ir_version = true;
	p->ir_version = ONNX_IR_SAVED;
	p->producer_name = onnx_text(&s->pool, PACKAGE_NAME);
	p->producer_version = onnx_text(&s->pool, PACKAGE_VERSION);
	p->opset_import = onnx_alloc(&s->pool, 2, sizeof(*p->opset_import));
	p->opset_import[p->n_opset_import++] = onnx_opset(&s->pool, "", ONNX_OPSET_SAVED);
	/* one of each kind at most */
	p->functions = onnx_alloc(&s->pool, nnodes + 16, sizeof(*p->functions));
	p->graph = onnx_alloc(&s->pool, 1, sizeof(*p->graph));
	onnx__graph_proto__init(p->graph);
	p->graph->name = onnx_text(&s->pool, name);
	p->graph->node = onnx_alloc(&s->pool, nnodes, sizeof(*p->graph->node));
	p->graph->initializer = onnx_alloc(&s->pool, (size_t)s->graph->nparams,
					   sizeof(*p->graph->initializer));
	return p;
}

static void save_end(struct save *s)
{
	for (int i = 0; i < s->nmasked; i++)
		rt_tensor_release(&s->masked[i]);
	free(s->masked);
	rt_graph_free(s->graph);
	onnx_pool_release(&s->pool);
}

/* Builds the message; on failure nothing is left to end. */
static enum rt_status save_begin(struct save *s, const struct rt_model *m, struct rt_err *err)
{
	enum rt_status status;

	*s = (struct save){.model = m, .graph = rt_graph_clone(m->graph)};
	s->masked = rt_alloc((size_t)s->graph->nparams, sizeof(*s->masked));
	s->proto = new_proto(s);
	status = rt_graph_infer(s->graph, err);
	for (int i = 0; i < s->graph->nnodes && status == RT_OK; i++)
		status = add_node(s, s->proto->graph, s->graph, &s->graph->nodes[i], err);
	if (status == RT_OK)
		status = add_params(s, err);
	if (status == RT_OK) {
		add_values(s);
		onnx_meta_write(s->proto, &s->pool, m);
	} else {
		save_end(s);
	}
	return status;
}

static enum rt_status packed_size(const struct save *s, size_t *size, struct rt_err *err)
{
	char text[32];

	*size = onnx__model_proto__get_packed_size(s->proto);
	if (*size <= INT32_MAX)
		return RT_OK;
	return rt_fail(err, RT_EUNSUPPORTED, "the model needs %s, an ONNX file holds at most 2 GB",
		       rt_text_bytes(text, sizeof(text), (double)*size));
}

enum rt_status rt_model_size(const struct rt_model *m, int64_t *bytes, struct rt_err *err)
{
	struct save s;
	size_t size;
	enum rt_status status;

	RT_TRY(save_begin(&s, m, err));
	status = packed_size(&s, &size, err);
	if (status == RT_OK)
		*bytes = (int64_t)size;
	save_end(&s);
	return status;
}

/* protobuf-c packs into this, piece by piece; a failed write is noticed at the commit. */
struct stream_buffer {
	ProtobufCBuffer base;
	FILE *stream;
};

static void append(ProtobufCBuffer *buffer, size_t len, const uint8_t *data)
{
	if (len)
		fwrite(data, 1, len, ((struct stream_buffer *)buffer)->stream);
}

enum rt_status rt_model_save(const struct rt_model *m, const char *path, struct rt_err *err)
{
	struct save s;
	struct rt_out out = {0};
	size_t size;
	enum rt_status status;

	if (save_begin(&s, m, err) != RT_OK)
		return rt_wrap(err, "%s", path);
	status = packed_size(&s, &size, err);
	if (status == RT_OK)
		status = rt_out_begin(&out, path, err);
	if (status == RT_OK) {
		struct stream_buffer buffer = {{append}, out.stream};

		onnx__model_proto__pack_to_buffer(s.proto, &buffer.base);
		status = rt_out_commit(&out, err);
	}
	save_end(&s);
	return status;
}

enum rt_status rt_model_pack(unsigned char **bytes, size_t *len, const struct rt_model *m,
			     struct rt_err *err)
{
	struct save s;
	enum rt_status status;

	RT_TRY(save_begin(&s, m, err));
	status = packed_size(&s, len, err);
	if (status == RT_OK && !(*bytes = malloc(*len ? *len : 1)))
		status = rt_fail(err, RT_ENOMEM,
				 "not enough memory for the %zu bytes of model \"%s\"", *len,
				 m->name);
	if (status == RT_OK)
		onnx__model_proto__pack(s.proto, *bytes);
	save_end(&s);
	return status;
}
