/* onnx_load.c - ONNX files to models. */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"
#include "graph/attr.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Elements of one sample; more than this is damage and would overflow in products. */
#define MAX_SAMPLE INT32_MAX

/* --- what the file is ---------------------------------------------------------------------- */

static enum rt_status check_header(const Onnx__ModelProto *p, int64_t *opset, struct rt_err *err)
{
	*opset = 0;
	if (!p->has_ir_version || !p->graph)
		return rt_fail(err, RT_EFORMAT, "is not an ONNX model, or truncated: it has no %s",
			       p->has_ir_version ? "graph" : "ir_version");
	if (p->ir_version < ONNX_IR_MIN || p->ir_version > ONNX_IR_MAX)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "IR version %" PRId64 ", retort reads %d to %d", p->ir_version,
			       ONNX_IR_MIN, ONNX_IR_MAX);
	for (size_t i = 0; i < p->n_opset_import; i++) {
		const Onnx__OperatorSetIdProto *o = p->opset_import[i];

		if (!o->domain || !*o->domain || strcmp(o->domain, "ai.onnx") == 0)
			*opset = o->version;
	}
	if (*opset == 0)
		return rt_fail(err, RT_EFORMAT, "truncated: it does not say its opset");
	if (*opset < ONNX_OPSET_MIN || *opset > ONNX_OPSET_MAX)
		return rt_fail(err, RT_EUNSUPPORTED, "opset %" PRId64 ", retort reads %d to %d",
			       *opset, ONNX_OPSET_MIN, ONNX_OPSET_MAX);
	if (p->graph->n_sparse_initializer)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "has sparse initializers, which retort does not read");
	return RT_OK;
}

/* Damaged files may lack any field; names are looked at everywhere. */
static enum rt_status check_names(const Onnx__GraphProto *g, struct rt_err *err)
{
	for (size_t i = 0; i < g->n_initializer; i++)
		if (!g->initializer[i]->name || !*g->initializer[i]->name)
			return rt_fail(err, RT_EFORMAT, "initializer %zu has no name", i);
	for (size_t i = 0; i < g->n_input; i++)
		if (!g->input[i]->name || !*g->input[i]->name)
			return rt_fail(err, RT_EFORMAT, "input %zu has no name", i);
	for (size_t i = 0; i < g->n_output; i++)
		if (!g->output[i]->name || !*g->output[i]->name)
			return rt_fail(err, RT_EFORMAT, "output %zu has no name", i);
	for (size_t i = 0; i < g->n_node; i++)
		if (!g->node[i]->op_type || !*g->node[i]->op_type || g->node[i]->n_output == 0)
			return rt_fail(err, RT_EFORMAT, "node %zu has no operator or no output", i);
	if (g->n_output == 0)
		return rt_fail(err, RT_EFORMAT, "the graph has no output");
	return RT_OK;
}

void onnx_note_uses(struct onnx_names *used, Onnx__NodeProto *const *node, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < node[i]->n_input; k++)
			onnx_names_put(used, node[i]->input[k], 0);
		for (size_t k = 0; k < node[i]->n_attribute; k++) {
			const Onnx__GraphProto *g = node[i]->attribute[k]->g;

			if (!g)
				continue;
			onnx_note_uses(used, g->node, g->n_node);
			for (size_t o = 0; o < g->n_output; o++)
				if (g->output[o]->name)
					onnx_names_put(used, g->output[o]->name, 0);
		}
	}
}

static void note_uses(struct onnx_load *l, const Onnx__GraphProto *g)
{
	onnx_note_uses(&l->used, g->node, g->n_node);
	for (size_t i = 0; i < g->n_output; i++)
		onnx_names_put(&l->used, g->output[i]->name, 0);
}

int onnx_value(struct onnx_load *l, const char *name)
{
	struct rt_shape unknown = {.rank = RT_UNKNOWN_RANK};
	int v = onnx_names_get(&l->values, name), from;

	if (v >= 0 || !l->outer)
		return v;
	from = onnx_value(l->outer, name);
	if (from < 0)
		return -1;
	v = rt_graph_add_input(l->graph, name, l->outer->graph->values[from].dtype, &unknown);
	onnx_names_put(&l->values, name, v);
	RT_GROW(l->captures, l->ncaptures, l->captures_cap);
	l->captures[l->ncaptures++] = from;
	return v;
}

/* --- initializers and inputs --------------------------------------------------------------- */

static enum rt_status add_initializers(struct onnx_load *l, const Onnx__GraphProto *g,
				       struct rt_err *err)
{
	for (size_t i = 0; i < g->n_initializer; i++) {
		const Onnx__TensorProto *t = g->initializer[i];
		struct rt_tensor data;
		bool is_float;
		int value;

		if (onnx_names_get(&l->values, t->name) >= 0)
			return rt_fail(err, RT_EFORMAT, "initializer \"%s\" is there twice",
				       t->name);
		RT_TRY(onnx_tensor(&data, t, l->source, err));
		if (onnx_is_four_bit(t))
			onnx_names_put(&l->four_bit, t->name, 0);
		is_float = rt_dtype(data.dtype)->is_float;
		value = rt_graph_add_param(l->graph, t->name, &data, is_float);
		onnx_names_put(&l->values, t->name, value);
	}
	return RT_OK;
}

/* A size, RT_BATCH for an unknown one in front, RT_OPEN elsewhere. */
static enum rt_status read_dim(int64_t *out, const Onnx__TensorShapeProto__Dimension *d,
			       size_t place, struct rt_err *err)
{
	bool known = d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;

	*out = known ? d->dim_value : 0;
	if (*out > 0)
		return RT_OK;
	if (known && *out < -1)
		return rt_fail(err, RT_EFORMAT, "dimension %zu is %" PRId64, place, *out);
	*out = place > 0 ? RT_OPEN : RT_BATCH;
	return RT_OK;
}

/* A shape that the file leaves out is found while running. */
static enum rt_status read_input_shape(struct rt_shape *shape, const Onnx__TensorShapeProto *p,
				       struct rt_err *err)
{
	int64_t sample = 1;

	*shape = (struct rt_shape){.rank = RT_UNKNOWN_RANK};
	if (!p)
		return RT_OK;
	if (p->n_dim > RT_MAX_RANK)
		return rt_fail(err, RT_EUNSUPPORTED, "has %zu dimensions, retort takes at most %d",
			       p->n_dim, RT_MAX_RANK);
	shape->rank = (int)p->n_dim;
	for (int i = 0; i < shape->rank; i++) {
		RT_TRY(read_dim(&shape->dim[i], p->dim[i], (size_t)i, err));
		if (shape->dim[i] > 0 && (__builtin_mul_overflow(sample, shape->dim[i], &sample) ||
					  sample > MAX_SAMPLE))
			return rt_fail(err, RT_EUNSUPPORTED, "is larger than %d elements",
				       MAX_SAMPLE);
	}
	return RT_OK;
}

static enum rt_status read_input(struct onnx_load *l, const Onnx__ValueInfoProto *info,
				 struct rt_err *err)
{
	const Onnx__TypeProto__Tensor *tensor;
	struct rt_shape shape;
	enum rt_dtype dtype;

	if (!info->type || info->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
		return rt_fail(err, RT_EUNSUPPORTED, "is not a tensor");
	tensor = info->type->tensor_type;
	RT_TRY(onnx_dtype(&dtype, tensor->elem_type, err));
	RT_TRY(read_input_shape(&shape, tensor->shape, err));
	if (!onnx_names_put(&l->values, info->name,
			    rt_graph_add_input(l->graph, info->name, dtype, &shape)))
		return rt_fail(err, RT_EFORMAT, "is there twice");
	return RT_OK;
}

/* Up to IR 3 initializers were listed among the inputs, as defaults: they stay parameters. */
static bool is_initializer(const struct onnx_load *l, const char *name)
{
	return rt_graph_param(l->graph, onnx_names_get(&l->values, name)) != NULL;
}

static enum rt_status add_inputs(struct onnx_load *l, const Onnx__GraphProto *g, struct rt_err *err)
{
	for (size_t i = 0; i < g->n_input; i++)
		if (!is_initializer(l, g->input[i]->name) &&
		    read_input(l, g->input[i], err) != RT_OK)
			return rt_wrap(err, "input \"%s\"", g->input[i]->name);
	return RT_OK;
}

/* The declared type and number of dimensions stand for values of which nothing else is known; sizes
 * are not relied on. */
static void declare(struct rt_value *v, const Onnx__ValueInfoProto *info)
{
	const Onnx__TypeProto__Tensor *t;

	if (!info->type || info->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
		return;
	t = info->type->tensor_type;
	onnx_dtype(&v->dtype, t->elem_type, &(struct rt_err){0});
	if (!t->shape || t->shape->n_dim > RT_MAX_RANK)
		return;
	v->shape = (struct rt_shape){.rank = (int)t->shape->n_dim};
	for (int d = 0; d < v->shape.rank; d++)
		v->shape.dim[d] = RT_OPEN;
}

static enum rt_status add_outputs(struct onnx_load *l, const Onnx__GraphProto *g,
				  struct rt_err *err)
{
	for (size_t i = 0; i < g->n_output; i++) {
		int v = onnx_value(l, g->output[i]->name);

		if (v < 0)
			return rt_fail(err, RT_EFORMAT, "output \"%s\" is made by no node",
				       g->output[i]->name);
		if (l->graph->values[v].producer >= 0)
			declare(&l->graph->values[v], g->output[i]);
		rt_graph_add_output(l->graph, v);
	}
	return RT_OK;
}

/* Which parameters training may change; whether there is any. */
static bool guess_trainable(struct rt_graph *g)
{
	bool any = false;
	bool *guess = rt_alloc((size_t)g->nparams, sizeof(*guess));

	onnx_guess_trainable(g, guess);
	for (int i = 0; i < g->nparams; i++) {
		g->params[i].trainable &= guess[i];
		any = any || g->params[i].trainable;
	}
	free(guess);
	return any;
}

/* --- element types -------------------------------------------------------------------------- */

static bool is_other_float(enum rt_dtype type)
{
	return rt_dtype(type)->is_float && type != RT_F32;
}

/* Attributes that name an element type, as TensorProto numbers it. */
static void widen_attrs(struct rt_node *n)
{
	static const char *const names[] = {"to", "dtype", "value_type"};
	enum rt_dtype type;

	for (size_t i = 0; i < RT_COUNT(names); i++) {
		int64_t code = rt_attr_int(n, names[i], 0);

		if (code && rt_opt_find(&n->op->row, names[i]) &&
		    onnx_dtype(&type, (int)code, &(struct rt_err){0}) == RT_OK &&
		    is_other_float(type))
			rt_attr_set_int(n, names[i], rt_dtype(RT_F32)->onnx);
	}
}

/* A model with weights computes in f32, in which it can be trained: f16, bf16 and f64 become f32
 * everywhere in it.  A model without weights keeps the types of its file. */
static enum rt_status widen(struct rt_graph *g, struct rt_err *err)
{
	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nsubs; k++)
			RT_TRY(widen(g->nodes[i].subs[k].graph, err));
	for (int i = 0; i < g->nparams; i++)
		RT_TRY(onnx_tensor_widen(&g->params[i].data, err));
	/* also what is only declared, as inside of nodes */
	for (int i = 0; i < g->nvalues; i++)
		if (is_other_float(g->values[i].dtype))
			g->values[i].dtype = RT_F32;
	for (int i = 0; i < g->nnodes; i++)
		widen_attrs(&g->nodes[i]);
	return RT_OK;
}

/* --- the batch ----------------------------------------------------------------------------- */

/* The size in front of every input where it is a number and the same; 0 otherwise. */
static int64_t fixed_batch(const struct rt_graph *g)
{
	int64_t n = 0;

	for (int i = 0; i < g->ninputs; i++) {
		const struct rt_shape *s = &g->values[g->inputs[i]].shape;

		if (s->rank < 2)
			continue;
		if (s->dim[0] < 0 || (n && s->dim[0] != n))
			return 0;
		n = s->dim[0];
	}
	return n;
}

static void set_batch(struct rt_graph *g, int64_t n)
{
	for (int i = 0; i < g->ninputs; i++)
		if (g->values[g->inputs[i]].shape.rank >= 2)
			g->values[g->inputs[i]].shape.dim[0] = n;
}

static bool outputs_follow_batch(const struct rt_graph *g)
{
	for (int i = 0; i < g->noutputs; i++) {
		const struct rt_shape *s = &g->values[g->outputs[i]].shape;

		if (s->rank <= 0 || s->dim[0] != RT_BATCH)
			return false;
	}
	return true;
}

/* Exporters write the size of the example they were given.  Where the graph works at other sizes,
 * and its outputs grow with them, that number is the batch. */
static enum rt_status infer(struct rt_graph *g, struct rt_err *err)
{
	int64_t n = fixed_batch(g);

	if (n) {
		set_batch(g, RT_BATCH);
		if (rt_graph_infer(g, err) == RT_OK && outputs_follow_batch(g))
			return RT_OK;
		set_batch(g, n);
	}
	return rt_graph_infer(g, err);
}

/* --- the whole ----------------------------------------------------------------------------- */

/* Everything of a graph but its own inputs, which come first. */
static enum rt_status read_body(struct onnx_load *l, const Onnx__GraphProto *g, struct rt_err *err)
{
	note_uses(l, g);
	for (size_t i = 0; i < g->n_node; i++)
		RT_TRY(onnx_add_node(l, g->node[i], err));
	return add_outputs(l, g, err);
}

/* What comes in is what the node around gives it: shapes declared inside are not relied on. */
static enum rt_status add_formal_inputs(struct onnx_load *l, const Onnx__GraphProto *g,
					struct rt_err *err)
{
	struct rt_shape unknown = {.rank = RT_UNKNOWN_RANK};

	for (size_t i = 0; i < g->n_input; i++) {
		int v = rt_graph_add_input(l->graph, g->input[i]->name, RT_F32, &unknown);

		declare(&l->graph->values[v], g->input[i]);
		if (!onnx_names_put(&l->values, g->input[i]->name, v))
			return rt_fail(err, RT_EFORMAT, "input \"%s\" is there twice",
				       g->input[i]->name);
	}
	return RT_OK;
}

static enum rt_status read_inside(struct onnx_load *l, const Onnx__GraphProto *g,
				  struct rt_err *err)
{
	RT_TRY(check_names(g, err));
	RT_TRY(add_formal_inputs(l, g, err));
	RT_TRY(add_initializers(l, g, err));
	RT_TRY(read_body(l, g, err));
	for (int i = 0; i < l->graph->nparams; i++)
		l->graph->params[i].trainable = false;
	RT_TRY(rt_graph_infer(l->graph, err));
	RT_TRY(onnx_check_aligned(l, err));
	return onnx_unflatten(l, err);
}

static void load_end(struct onnx_load *l)
{
	rt_graph_free(l->graph);
	onnx_names_release(&l->values);
	onnx_names_release(&l->used);
	onnx_names_release(&l->four_bit);
	free(l->flattened);
	free(l->aligned);
}

enum rt_status onnx_read_subgraph(struct onnx_load *l, const Onnx__GraphProto *p,
				  struct rt_graph **out, int **captures, int *ncaptures,
				  struct rt_err *err)
{
	struct onnx_load in = {.proto = l->proto, .outer = l, .depth = l->depth + 1,
			       .source = l->source, .opset = l->opset, .graph = rt_graph_new()};
	enum rt_status status;

	if (in.depth > ONNX_MAX_DEPTH)
		status = rt_fail(err, RT_EFORMAT, "graphs lie too deep in each other");
	else
		status = read_inside(&in, p, err);
	*captures = in.captures;
	*ncaptures = in.ncaptures;
	if (status == RT_OK) {
		*out = in.graph;
		in.graph = NULL;
	}
	load_end(&in);
	return status;
}

static enum rt_status read_graph(struct onnx_load *l, struct rt_err *err)
{
	const Onnx__GraphProto *g = l->proto->graph;

	RT_TRY(check_names(g, err));
	RT_TRY(onnx_check_operators(l->proto, err));
	RT_TRY(add_initializers(l, g, err));
	RT_TRY(add_inputs(l, g, err));
	RT_TRY(read_body(l, g, err));
	return guess_trainable(l->graph) ? widen(l->graph, err) : RT_OK;
}

/* The name to know a model by: that of its graph, else its file's without folder and ending. */
static char *model_name(const Onnx__ModelProto *p, const char *path)
{
	const char *base = strrchr(path, '/');
	char *name, *dot;

	/* exporters that have no name to give write "main_graph" or "torch_jit" */
	if (p->producer_name && strcmp(p->producer_name, PACKAGE_NAME) == 0 && p->graph->name &&
	    *p->graph->name)
		return rt_strdup(p->graph->name);
	name = rt_strdup(base ? base + 1 : path);
	dot = strrchr(name, '.');
	if (dot && dot != name)
		*dot = '\0';
	return name;
}

static enum rt_status read_model(struct rt_model **out, struct onnx_load *l, const char *path,
				 const char *origin, struct rt_err *err)
{
	struct rt_model *m;
	char *name;

	RT_TRY(check_header(l->proto, &l->opset, err));
	RT_TRY(read_graph(l, err));
	RT_TRY(infer(l->graph, err));
	RT_TRY(onnx_check_aligned(l, err));
	RT_TRY(onnx_unflatten(l, err));
	rt_graph_compact(l->graph);
	RT_TRY(rt_graph_check(l->graph, err));

	name = model_name(l->proto, path);
	m = rt_model_new(name, l->graph, origin);
	l->graph = NULL;
	free(name);
	if (onnx_meta_read(m, l->proto, err) != RT_OK) {
		rt_model_unref(m);
		return err->status;
	}
	*out = m;
	return RT_OK;
}

/* Takes the source.  origin: where the model is from when the file does not say; may be NULL. */
static enum rt_status load(struct rt_model **out, struct onnx_source *source, const char *origin,
			   struct rt_err *err)
{
	struct onnx_load l = {.source = source};
	ProtobufCMessage *message;
	enum rt_status status = onnx_parse(&message, &onnx__model_proto__descriptor, source, err);

	if (status == RT_OK) {
		l.proto = (const Onnx__ModelProto *)message;
		l.graph = rt_graph_new();
		status = read_model(out, &l, source->name, origin, err);
		if (status != RT_OK)
			rt_wrap(err, "%s", source->name);
		load_end(&l);
		protobuf_c_message_free_unpacked(message, NULL);
	}
	onnx_source_close(source);
	return status;
}

enum rt_status rt_model_load(struct rt_model **out, const char *path, struct rt_err *err)
{
	struct onnx_source source;

	RT_TRY(onnx_source_open(&source, path, err));
	return load(out, &source, path, err);
}

enum rt_status rt_model_unpack(struct rt_model **out, const void *bytes, size_t len,
			       const char *name, struct rt_err *err)
{
	struct onnx_source source;

	onnx_source_memory(&source, bytes, len, name);
	return load(out, &source, NULL, err);
}
