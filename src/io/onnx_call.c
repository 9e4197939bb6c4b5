/* onnx_call.c - functions that a file defines: their nodes in the place of each call. */
#include "config.h"

#include "io/onnx.h"

#include <string.h>

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
		if (onnx_default_domain(f->opset_import[i]->domain))
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
			RT_TRY(onnx_name_output(l, v, p->output[i], err));
		else if (*p->output[i])
			onnx_names_put(&l->values, p->output[i], v);
	}
	return RT_OK;
}

/* The nodes of the function in the place of its call. */
enum rt_status onnx_add_call(struct onnx_load *l, const Onnx__FunctionProto *f,
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
			status = rt_fail(err, RT_EFORMAT, "node %zu has no operator or no output",
					 i);
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
