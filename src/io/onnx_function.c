/* onnx_function.c - operators that opset 17 lacks, as functions of operators that it has.
 *
 * A function travels in the model file, so that any runtime can compute it; reading turns a call of
 * it back into the one operator.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <string.h>

/* out = op(a, b, c), or without inputs a constant: a number, or a list of one whole number. */
struct step {
	const char *op, *out, *a, *b, *c;
	float constant;
	const int64_t *whole;
	const char *attr, *ref;	/* this attribute is that of the function */
	bool along_0;		/* its attribute axis is 0 */
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

/* x tanh(ln(1 + e^x)): Misra, Mish, arXiv:1908.08681. */
static const struct step mish_steps[] = {
	{.op = "Softplus", .out = "soft", .a = "x"},
	{.op = "Tanh", .out = "gate", .a = "soft"},
	{.op = "Mul", .out = "y", .a = "x", .b = "gate"},
};

/* Every group of channels as the plane of an image, normalized, then scaled by as many numbers as
 * there are: one a group (opset 18) or one a channel (opset 21).  Wu, He, arXiv:1803.08494. */
static const int64_t nought = 0, one = 1, rest = -1;
static const struct step group_steps[] = {
	{.op = "Constant", .out = "keep", .whole = &nought},
	{.op = "Constant", .out = "rest", .whole = &rest},
	{.op = "Constant", .out = "behind", .whole = &one},
	{.op = "Constant", .out = "number", .attr = "value_int", .ref = "num_groups"},
	{.op = "Reshape", .out = "groups", .a = "number", .b = "rest"},
	{.op = "Concat", .out = "planes", .a = "keep", .b = "groups", .c = "rest", .along_0 = true},
	{.op = "Reshape", .out = "grouped", .a = "x", .b = "planes"},
	{.op = "Constant", .out = "one", .constant = 1.0f},
	{.op = "Constant", .out = "zero", .constant = 0.0f},
	{.op = "Expand", .out = "ones", .a = "one", .b = "groups"},
	{.op = "Expand", .out = "zeros", .a = "zero", .b = "groups"},
	{.op = "InstanceNormalization", .out = "normal", .a = "grouped", .b = "ones", .c = "zeros",
	 .attr = "epsilon", .ref = "epsilon"},
	{.op = "Shape", .out = "factors", .a = "scale"},
	{.op = "Concat", .out = "parts", .a = "keep", .b = "factors", .c = "rest", .along_0 = true},
	{.op = "Reshape", .out = "parted", .a = "normal", .b = "parts"},
	{.op = "Unsqueeze", .out = "factor", .a = "scale", .b = "behind"},
	{.op = "Unsqueeze", .out = "shift", .a = "bias", .b = "behind"},
	{.op = "Mul", .out = "scaled", .a = "parted", .b = "factor"},
	{.op = "Add", .out = "shifted", .a = "scaled", .b = "shift"},
	{.op = "Shape", .out = "shape", .a = "x"},
	{.op = "Reshape", .out = "y", .a = "shifted", .b = "shape"},
};

/* The one attribute a step may have, or NULL. */
static Onnx__AttributeProto *step_attribute(struct onnx_pool *pool, const struct step *s)
{
	Onnx__AttributeProto *a;

	if (s->ref) {
		bool whole = strncmp(s->attr, "value_int", 9) == 0;

		a = onnx_attr_new(pool, s->attr,
				  whole ? ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT
					: ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
		a->ref_attr_name = onnx_text(pool, s->ref);
	} else if (s->whole) {
		a = onnx_attr_new(pool, "value_ints", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
		a->n_ints = 1;
		a->ints = onnx_alloc(pool, 1, sizeof(*a->ints));
		a->ints[0] = *s->whole;
	} else if (s->along_0) {
		a = onnx_attr_new(pool, "axis", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
		a->has_i = true;
	} else if (!s->a) {
		a = onnx_attr_new(pool, "value_float",
				  ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
		a->has_f = true;
		a->f = s->constant;
	} else {
		return NULL;
	}
	return a;
}

static Onnx__NodeProto *step_node(struct onnx_pool *pool, const struct step *s)
{
	Onnx__NodeProto *n = onnx_alloc(pool, 1, sizeof(*n));
	const char *const input[] = {s->a, s->b, s->c};

	onnx__node_proto__init(n);
	n->op_type = onnx_text(pool, s->op);
	n->n_output = 1;
	n->output = onnx_alloc(pool, 1, sizeof(*n->output));
	n->output[0] = onnx_text(pool, s->out);
	n->input = onnx_alloc(pool, RT_COUNT(input), sizeof(*n->input));
	while (n->n_input < RT_COUNT(input) && input[n->n_input]) {
		n->input[n->n_input] = onnx_text(pool, input[n->n_input]);
		n->n_input++;
	}
	n->attribute = onnx_alloc(pool, 1, sizeof(*n->attribute));
	n->attribute[0] = step_attribute(pool, s);
	n->n_attribute = n->attribute[0] != NULL;
	return n;
}

/* Names, NULL-terminated, as a message has them. */
static size_t names(struct onnx_pool *pool, char ***out, const char *const *name)
{
	size_t n = 0;

	while (name && name[n])
		n++;
	*out = onnx_alloc(pool, n, sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = onnx_text(pool, name[i]);
	return n;
}

/* y = name(inputs) of n steps, with attributes; both lists end with NULL. */
static Onnx__FunctionProto *build_with(struct onnx_pool *pool, const char *name,
				       const char *const *inputs, const char *const *attributes,
				       const struct step *steps, size_t n)
{
	Onnx__FunctionProto *f = onnx_alloc(pool, 1, sizeof(*f));

	onnx__function_proto__init(f);
	f->name = onnx_text(pool, name);
	f->domain = onnx_text(pool, ONNX_OWN_DOMAIN);
	f->n_input = names(pool, &f->input, inputs);
	f->n_attribute = names(pool, &f->attribute, attributes);
	f->n_output = 1;
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

/* y = name(x) */
static Onnx__FunctionProto *build(struct onnx_pool *pool, const char *name,
				  const struct step *steps, size_t n)
{
	return build_with(pool, name, (const char *const[]){"x", NULL}, NULL, steps, n);
}

static Onnx__FunctionProto *build_gelu(struct onnx_pool *pool)
{
	return build(pool, "Gelu", gelu_steps, RT_COUNT(gelu_steps));
}

static Onnx__FunctionProto *build_gelu_tanh(struct onnx_pool *pool)
{
	return build(pool, "GeluTanh", gelu_tanh_steps, RT_COUNT(gelu_tanh_steps));
}

static Onnx__FunctionProto *build_mish(struct onnx_pool *pool)
{
	return build(pool, "Mish", mish_steps, RT_COUNT(mish_steps));
}

static Onnx__FunctionProto *build_group(struct onnx_pool *pool)
{
	return build_with(pool, "GroupNormalization",
			  (const char *const[]){"x", "scale", "bias", NULL},
			  (const char *const[]){"num_groups", "epsilon", NULL}, group_steps,
			  RT_COUNT(group_steps));
}

static const struct onnx_function functions[] = {
	{"GeluTanh", "Gelu", "approximate", "tanh", build_gelu_tanh},
	{"Gelu", "Gelu", NULL, NULL, build_gelu},
	{"GroupNormalization", "GroupNormalization", NULL, NULL, build_group},
	{"Mish", "Mish", NULL, NULL, build_mish},
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
