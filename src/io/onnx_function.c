/* onnx_function.c - operators that opset 17 lacks, as functions of operators that it has.
 *
 * A function travels in the model file, so that any runtime can compute it; reading turns a call of
 * it back into the one operator.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <string.h>

/* out = op(a, b), or a scalar constant. */
struct step {
	const char *op, *out, *a, *b;
	float constant;
};

/* x/2 (1 + erf(x / sqrt 2)): Hendrycks, Gimpel, Gaussian Error Linear Units, arXiv:1606.08415. */
static const struct step gelu_steps[] = {
	{.op = "Constant", .out = "root", .constant = 0.70710678118654752f},
	{.op = "Constant", .out = "one", .constant = 1.0f},
	{.op = "Constant", .out = "half", .constant = 0.5f},
	{.op = "Mul", .out = "scaled", .a = "x", .b = "root"},
	{.op = "Erf", .out = "erf", .a = "scaled"},
	{.op = "Add", .out = "raised", .a = "erf", .b = "one"},
	{.op = "Mul", .out = "gated", .a = "x", .b = "raised"},
	{.op = "Mul", .out = "y", .a = "gated", .b = "half"},
};

/* x/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), the same paper, section 2. */
static const struct step gelu_tanh_steps[] = {
	{.op = "Constant", .out = "root", .constant = 0.79788456080286536f},
	{.op = "Constant", .out = "cubic", .constant = 0.044715f},
	{.op = "Constant", .out = "one", .constant = 1.0f},
	{.op = "Constant", .out = "half", .constant = 0.5f},
	{.op = "Mul", .out = "square", .a = "x", .b = "x"},
	{.op = "Mul", .out = "cube", .a = "square", .b = "x"},
	{.op = "Mul", .out = "bent", .a = "cube", .b = "cubic"},
	{.op = "Add", .out = "sum", .a = "x", .b = "bent"},
	{.op = "Mul", .out = "scaled", .a = "sum", .b = "root"},
	{.op = "Tanh", .out = "tanh", .a = "scaled"},
	{.op = "Add", .out = "raised", .a = "tanh", .b = "one"},
	{.op = "Mul", .out = "gated", .a = "x", .b = "raised"},
	{.op = "Mul", .out = "y", .a = "gated", .b = "half"},
};

static Onnx__NodeProto *step_node(struct onnx_pool *pool, const struct step *s)
{
	Onnx__NodeProto *n = onnx_alloc(pool, 1, sizeof(*n));

	onnx__node_proto__init(n);
	n->op_type = onnx_text(pool, s->op);
	n->n_output = 1;
	n->output = onnx_alloc(pool, 1, sizeof(*n->output));
	n->output[0] = onnx_text(pool, s->out);
	n->input = onnx_alloc(pool, 2, sizeof(*n->input));
	if (s->a)
		n->input[n->n_input++] = onnx_text(pool, s->a);
	if (s->b)
		n->input[n->n_input++] = onnx_text(pool, s->b);
	if (n->n_input == 0) {
		n->n_attribute = 1;
		n->attribute = onnx_alloc(pool, 1, sizeof(*n->attribute));
		n->attribute[0] = onnx_attr_new(pool, "value_float",
						ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
		n->attribute[0]->has_f = true;
		n->attribute[0]->f = s->constant;
	}
	return n;
}

/* y = name(x) of n steps. */
static Onnx__FunctionProto *build(struct onnx_pool *pool, const char *name,
				  const struct step *steps, size_t n)
{
	Onnx__FunctionProto *f = onnx_alloc(pool, 1, sizeof(*f));

	onnx__function_proto__init(f);
	f->name = onnx_text(pool, name);
	f->domain = onnx_text(pool, ONNX_OWN_DOMAIN);
	f->n_input = f->n_output = 1;
	f->input = onnx_alloc(pool, 1, sizeof(*f->input));
	f->input[0] = onnx_text(pool, "x");
	f->output = onnx_alloc(pool, 1, sizeof(*f->output));
	f->output[0] = onnx_text(pool, "y");
	f->n_node = n;
	f->node = onnx_alloc(pool, n, sizeof(*f->node));
	for (size_t i = 0; i < n; i++)
		f->node[i] = step_node(pool, &steps[i]);
	f->n_opset_import = 1;
	f->opset_import = onnx_alloc(pool, 1, sizeof(*f->opset_import));
	f->opset_import[0] = onnx_opset(pool, "", ONNX_OPSET_SAVED);
	return f;
}

static Onnx__FunctionProto *build_gelu(struct onnx_pool *pool)
{
	return build(pool, "Gelu", gelu_steps, RT_COUNT(gelu_steps));
}

static Onnx__FunctionProto *build_gelu_tanh(struct onnx_pool *pool)
{
	return build(pool, "GeluTanh", gelu_tanh_steps, RT_COUNT(gelu_tanh_steps));
}

static const struct onnx_function functions[] = {
	{"GeluTanh", "Gelu", "approximate", "tanh", build_gelu_tanh},
	{"Gelu", "Gelu", NULL, NULL, build_gelu},
};

const struct onnx_function *onnx_function_named(const char *name)
{
	for (size_t i = 0; i < RT_COUNT(functions); i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	return NULL;
}

static bool has_value(const struct rt_row *row, const void *params, const struct onnx_function *f)
{
	const struct rt_opt *o = f->attr ? rt_opt_find(row, f->attr) : NULL;
	struct rt_str text = {0};
	bool same;

	if (!f->attr)
		return true;
	if (!o)
		return false;
	rt_opt_text(o, params, &text);
	same = strcmp(rt_str_text(&text), f->value) == 0;
	rt_str_release(&text);
	return same;
}

const struct onnx_function *onnx_function_for(const struct rt_op *op, const void *params)
{
	for (size_t i = 0; i < RT_COUNT(functions); i++)
		if (strcmp(functions[i].op, op->row.name) == 0 &&
		    has_value(&op->row, params, &functions[i]))
			return &functions[i];
	return NULL;
}
