/* onnx_operator.c - which operator or function a node of a file means, and what is missing. */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <stdlib.h>
#include <string.h>

bool onnx_default_domain(const char *domain)
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
const struct onnx_function *onnx_function_of(const Onnx__ModelProto *proto,
					       const Onnx__NodeProto *p)
{
	if (!p->op_type || !p->domain || strcmp(p->domain, ONNX_OWN_DOMAIN) != 0)
		return NULL;
	return has_function(proto, p->op_type) ? onnx_function_named(p->op_type) : NULL;
}

const struct rt_op *onnx_op_of(const Onnx__ModelProto *proto, const Onnx__NodeProto *p)
{
	const struct onnx_function *f = onnx_function_of(proto, p);
	const struct rt_op *op = NULL;

	if (f)
		op = rt_op_find(f->op);
	else if (p->op_type && onnx_default_domain(p->domain))
		op = rt_op_find(present_name(p->op_type));
	return op && !(op->flags & RT_OP_INTERNAL) ? op : NULL;
}

bool onnx_is_constant(const Onnx__NodeProto *p)
{
	return p->op_type && strcmp(p->op_type, "Constant") == 0 && onnx_default_domain(p->domain);
}

/* What to call a node in an error: its name, or that of its first output. */
const char *onnx_label(const Onnx__NodeProto *p)
{
	if (p->name && *p->name)
		return p->name;
	return p->n_output ? p->output[0] : "";
}

/* "Foo", or "domain.Foo" outside ONNX; the caller frees. */
static char *operator_name(const Onnx__NodeProto *p)
{
	const char *type = p->op_type ? p->op_type : "";

	return onnx_default_domain(p->domain) ? rt_strdup(type)
					      : rt_sprintf("%s.%s", p->domain, type);
}

/* A call of a function that retort wrote, in a file that does not hold it. */
static bool lost_function(const Onnx__NodeProto *p)
{
	return p->op_type && p->domain && strcmp(p->domain, ONNX_OWN_DOMAIN) == 0 &&
	       onnx_function_named(p->op_type);
}

/* The function of the file that a node calls, when it is none of our own; or NULL. */
const Onnx__FunctionProto *onnx_called(const Onnx__ModelProto *proto, const Onnx__NodeProto *p)
{
	for (size_t i = 0; i < proto->n_functions && !onnx_default_domain(p->domain); i++) {
		const Onnx__FunctionProto *f = proto->functions[i];

		if (f->name && f->domain && p->op_type && strcmp(f->name, p->op_type) == 0 &&
		    strcmp(f->domain, p->domain) == 0 && !onnx_function_of(proto, p))
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
	const Onnx__FunctionProto *f = onnx_called(m->proto, p);

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
		if (onnx_is_constant(p) || onnx_op_of(m->proto, p) || onnx_called(m->proto, p) ||
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
		status = rt_fail(err, RT_EUNSUPPORTED, "node \"%s\" (%s): %s %s%s%s",
				 onnx_label(m.first), name,
				 lost_function(m.first) ? "the file lacks the function"
							: "retort has no operator",
				 name, rt_str_text(&m.more), m.more.len ? ")" : "");
		free(name);
	}
	onnx_names_release(&m.seen);
	onnx_names_release(&m.functions);
	rt_str_release(&m.more);
	return status;
}
