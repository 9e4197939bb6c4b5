/* onnx_meta.c - what ONNX has no place for: classes, preprocessing, journal, masks, trainable
 * flags.
 *
 * All of it lies in metadata_props as text.  Lists have one entry a line, with a line feed in an
 * entry written \n and a backslash \\.  retort.version comes last, so that a file of ours that lost
 * its end is noticed even where the cut falls between two fields.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Which inputs of an operator are weights, as bits. */
static const struct weight_inputs {
	const char *op;
	unsigned inputs;
} weight_inputs[] = {
	{"Add", 1u << 0 | 1u << 1},
	{"BatchNormalization", 1u << 1 | 1u << 2},
	{"Conv", 1u << 1 | 1u << 2},
	{"ConvTranspose", 1u << 1 | 1u << 2},
	{"GRU", 1u << 1 | 1u << 2 | 1u << 3},
	{"Gather", 1u << 0},
	{"Gemm", 1u << 0 | 1u << 1 | 1u << 2},
	{"GroupNormalization", 1u << 1 | 1u << 2},
	{"InstanceNormalization", 1u << 1 | 1u << 2},
	{"LSTM", 1u << 1 | 1u << 2 | 1u << 3 | 1u << 7},
	{"LayerNormalization", 1u << 1 | 1u << 2},
	{"MatMul", 1u << 0 | 1u << 1},
	{"PRelu", 1u << 1},
	{"RNN", 1u << 1 | 1u << 2 | 1u << 3},
};

/* Operators through which weights reach the one that uses them. */
static const char *const passing[] = {
	"DequantizeLinear", "Identity", "QuantizeLinear", "Reshape", "Transpose",
};

static unsigned weights_of(const struct rt_node *n, const bool *weight)
{
	for (size_t i = 0; i < RT_COUNT(weight_inputs); i++)
		if (strcmp(weight_inputs[i].op, n->op->row.name) == 0)
			return weight_inputs[i].inputs;
	for (size_t i = 0; i < RT_COUNT(passing); i++)
		if (strcmp(passing[i], n->op->row.name) == 0)
			return n->nout > 0 && n->out[0] >= 0 && weight[n->out[0]];
	return 0;
}

void onnx_guess_trainable(const struct rt_graph *g, bool *trainable)
{
	bool *weight = rt_alloc((size_t)g->nvalues, sizeof(*weight));

	for (int i = g->nnodes - 1; i >= 0; i--) {
		const struct rt_node *n = &g->nodes[i];
		unsigned inputs = weights_of(n, weight);

		for (int k = 0; k < n->nin && k < 32; k++)
			if (n->in[k] >= 0 && (inputs >> k & 1))
				weight[n->in[k]] = true;
	}
	for (int i = 0; i < g->nparams; i++) {
		const struct rt_param *p = &g->params[i];

		/* scalars are factors and terms of formulas, not weights */
		trainable[i] = weight[p->value] && rt_dtype(p->data.dtype)->is_float &&
			       p->data.shape.rank > 0;
	}
	free(weight);
}

/* --- text ---------------------------------------------------------------------------------- */

static void add_line(struct rt_str *out, const char *text)
{
	if (out->text)
		rt_str_addc(out, '\n');
	else
		rt_str_add(out, "");
	rt_line_add(out, text);
}

/* --- writing ------------------------------------------------------------------------------- */

static void put(Onnx__ModelProto *proto, struct onnx_pool *pool, const char *key, const char *value)
{
	Onnx__StringStringEntryProto *e = onnx_alloc(pool, 1, sizeof(*e));

	onnx__string_string_entry_proto__init(e);
	e->key = onnx_text(pool, key);
	e->value = onnx_text(pool, value);
	proto->metadata_props[proto->n_metadata_props++] = e;
}

/* Puts the text when there is any, and clears it. */
static void put_str(Onnx__ModelProto *proto, struct onnx_pool *pool, const char *key,
		    struct rt_str *text)
{
	if (text->text)
		put(proto, pool, key, text->text);
	rt_str_release(text);
}

static void put_floats(Onnx__ModelProto *proto, struct onnx_pool *pool, const char *key, int64_t n,
		       const float *v)
{
	struct rt_str text = {0};

	for (int64_t i = 0; i < n; i++)
		rt_str_addf(&text, "%s%.9g", i ? " " : "", (double)v[i]);
	put_str(proto, pool, key, &text);
}

static void put_classes(Onnx__ModelProto *proto, struct onnx_pool *pool, const struct rt_model *m)
{
	struct rt_str text = {0};

	rt_str_addf(&text, "%d", m->classes);
	put_str(proto, pool, "retort.classes", &text);
	for (int i = 0; m->class_name && i < m->classes; i++)
		add_line(&text, m->class_name[i]);
	put_str(proto, pool, "retort.class_names", &text);
}

/* Names of parameters whose flag is not what loading would guess. */
static void put_flags(Onnx__ModelProto *proto, struct onnx_pool *pool, const struct rt_graph *g)
{
	bool *guess = rt_alloc((size_t)g->nparams, sizeof(*guess));
	struct rt_str frozen = {0}, trainable = {0};

	onnx_guess_trainable(g, guess);
	for (int i = 0; i < g->nparams; i++)
		if (g->params[i].trainable != guess[i])
			add_line(guess[i] ? &frozen : &trainable,
				 g->values[g->params[i].value].name);
	put_str(proto, pool, "retort.frozen", &frozen);
	put_str(proto, pool, "retort.trainable", &trainable);
	free(guess);
}

/* True when every kept weight differs from zero, so that the zeros tell the mask. */
static bool zeros_tell(const struct rt_param *p)
{
	const uint8_t *mask = rt_tensor_data(&p->mask);

	for (int64_t i = 0; i < rt_tensor_count(&p->mask); i++)
		if (mask[i] && rt_tensor_get(&p->data, i) == 0)
			return false;
	return true;
}

/* Four weights a digit, the first in the highest bit. */
static void add_mask_digits(struct rt_str *out, const struct rt_tensor *mask)
{
	const uint8_t *v = rt_tensor_data(mask);
	int64_t n = rt_tensor_count(mask);

	for (int64_t i = 0; i < n; i += 4) {
		int digit = 0;

		for (int64_t k = i; k < i + 4; k++)
			digit = digit * 2 + (k < n && v[k]);
		rt_str_addc(out, "0123456789abcdef"[digit]);
	}
}

/* A line each: the name, and the mask on the next line, empty when the zeros tell it. */
static void put_masks(Onnx__ModelProto *proto, struct onnx_pool *pool, const struct rt_graph *g)
{
	struct rt_str text = {0};

	for (int i = 0; i < g->nparams; i++) {
		const struct rt_param *p = &g->params[i];

		if (!p->mask.storage)
			continue;
		add_line(&text, g->values[p->value].name);
		rt_str_addc(&text, '\n');
		if (!zeros_tell(p))
			add_mask_digits(&text, &p->mask);
	}
	put_str(proto, pool, "retort.masks", &text);
}

void onnx_meta_write(Onnx__ModelProto *proto, struct onnx_pool *pool, const struct rt_model *m)
{
	proto->metadata_props = onnx_alloc(pool, 10, sizeof(*proto->metadata_props));
	if (m->origin)
		put(proto, pool, "retort.origin", m->origin);
	put_classes(proto, pool, m);
	put_floats(proto, pool, "retort.shift", m->nscale, m->shift);
	put_floats(proto, pool, "retort.scale", m->nscale, m->scale);
	put_flags(proto, pool, m->graph);
	put_masks(proto, pool, m->graph);
	if (m->journal)
		put(proto, pool, "retort.journal", m->journal);
	put(proto, pool, "retort.version", PACKAGE_VERSION);
}

/* --- reading ------------------------------------------------------------------------------- */

static const char *property(const Onnx__ModelProto *proto, const char *key)
{
	for (size_t i = 0; i < proto->n_metadata_props; i++) {
		const Onnx__StringStringEntryProto *e = proto->metadata_props[i];

		if (e->key && e->value && strcmp(e->key, key) == 0)
			return e->value;
	}
	return NULL;
}

static enum rt_status read_classes(struct rt_model *m, const Onnx__ModelProto *proto,
				   struct rt_err *err)
{
	const char *count = property(proto, "retort.classes");
	const char *rest = property(proto, "retort.class_names");
	struct rt_strings names = {0};
	int64_t n;
	char *line;
	bool good;

	if (!count)
		return RT_OK;
	if (!rt_parse_int(count, &n) || n < 0 || n > INT32_MAX)
		return rt_fail(err, RT_EFORMAT, "retort.classes is \"%s\"", count);
	while ((line = rt_line_take(&rest))) {
		rt_strings_add(&names, line);
		free(line);
	}
	good = names.n == 0 || names.n == n;
	if (good)
		rt_model_set_classes(m, (int)n, (const char *const *)names.v);
	else
		rt_fail(err, RT_EFORMAT, "retort.class_names has %d names for %" PRId64 " classes",
			names.n, n);
	for (int i = 0; i < names.n; i++)
		free(names.v[i]);
	free(names.v);
	return good ? RT_OK : RT_EFORMAT;
}

/* Blank-separated numbers; n of them into a new array. */
static bool read_floats(float **out, int64_t *n, const char *text)
{
	int cap = 0, count = 0;
	char *copy = rt_strdup(text), *rest = copy, *word;
	double v;
	bool good = true;

	*out = NULL;
	while (good && (word = strtok_r(rest, " ", &rest))) {
		good = rt_parse_real(word, &v);
		RT_GROW(*out, count, cap);
		(*out)[count++] = (float)v;
	}
	free(copy);
	*n = count;
	return good;
}

static enum rt_status read_scale(struct rt_model *m, const Onnx__ModelProto *proto,
				 struct rt_err *err)
{
	const char *shift_text = property(proto, "retort.shift");
	const char *scale_text = property(proto, "retort.scale");
	float *shift = NULL, *scale = NULL;
	int64_t nshift = 0, nscale = 0;
	bool good;

	if (!shift_text && !scale_text)
		return RT_OK;
	good = shift_text && scale_text && read_floats(&shift, &nshift, shift_text) &&
	       read_floats(&scale, &nscale, scale_text) && nshift == nscale;
	if (good)
		rt_model_set_scale(m, nscale, shift, scale);
	free(shift);
	free(scale);
	if (good)
		return RT_OK;
	return rt_fail(err, RT_EFORMAT,
		       "retort.shift and retort.scale do not fit: %" PRId64 " and %" PRId64
		       " numbers",
		       nshift, nscale);
}

static enum rt_status find_param(struct rt_param **out, struct rt_model *m, const char *key,
				 const char *name, struct rt_err *err)
{
	int v = rt_graph_find_value(m->graph, name);

	*out = rt_graph_param(m->graph, v);
	if (*out)
		return RT_OK;
	return rt_fail(err, RT_EFORMAT, "%s names \"%s\", which is no parameter", key, name);
}

static enum rt_status read_flags(struct rt_model *m, const Onnx__ModelProto *proto, const char *key,
				 bool trainable, struct rt_err *err)
{
	const char *rest = property(proto, key);
	enum rt_status status = RT_OK;
	struct rt_param *p;
	char *line;

	while (status == RT_OK && (line = rt_line_take(&rest))) {
		status = find_param(&p, m, key, line, err);
		if (status == RT_OK && trainable && p->data.dtype != RT_F32)
			status = rt_fail(err, RT_EFORMAT, "%s names \"%s\", which is not f32", key,
					 line);
		if (status == RT_OK)
			p->trainable = trainable;
		free(line);
	}
	return status;
}

static int digit_value(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static enum rt_status read_mask(struct rt_param *p, const char *digits, struct rt_err *err)
{
	int64_t n = rt_tensor_count(&p->data);
	size_t want = (size_t)(n + 3) / 4;
	void *bytes;
	uint8_t *mask;

	if (*digits && strlen(digits) != want)
		return rt_fail(err, RT_EFORMAT, "retort.masks has %zu digits where %zu are needed",
			       strlen(digits), want);
	rt_tensor_release(&p->mask);
	RT_TRY(rt_tensor_new(&p->mask, RT_U8, &p->data.shape, err));
	RT_TRY(rt_tensor_write(&bytes, &p->mask, err));
	mask = bytes;
	for (int64_t i = 0; i < n; i++) {
		int digit = *digits ? digit_value(digits[i / 4]) : 0;

		if (digit < 0)
			return rt_fail(err, RT_EFORMAT, "retort.masks has a digit that is none");
		mask[i] = *digits ? digit >> (3 - i % 4) & 1 : rt_tensor_get(&p->data, i) != 0;
	}
	return RT_OK;
}

static enum rt_status read_masks(struct rt_model *m, const Onnx__ModelProto *proto,
				 struct rt_err *err)
{
	const char *rest = property(proto, "retort.masks");
	enum rt_status status = RT_OK;
	struct rt_param *p;
	char *name, *digits;

	while (status == RT_OK && (name = rt_line_take(&rest))) {
		digits = rt_line_take(&rest);
		status = find_param(&p, m, "retort.masks", name, err);
		if (status == RT_OK)
			status = read_mask(p, digits ? digits : "", err);
		free(name);
		free(digits);
	}
	return status;
}

enum rt_status onnx_meta_read(struct rt_model *m, const Onnx__ModelProto *proto, struct rt_err *err)
{
	const char *origin = property(proto, "retort.origin");

	if (proto->producer_name && strcmp(proto->producer_name, PACKAGE_NAME) == 0 &&
	    !property(proto, "retort.version"))
		return rt_fail(err, RT_EFORMAT,
			       "truncated: retort wrote it, but retort.version is missing");
	if (origin) {
		free(m->origin);
		m->origin = rt_strdup(origin);
	}
	free(m->journal);
	m->journal = rt_strdup(property(proto, "retort.journal"));
	RT_TRY(read_classes(m, proto, err));
	RT_TRY(read_scale(m, proto, err));
	RT_TRY(read_flags(m, proto, "retort.frozen", false, err));
	RT_TRY(read_flags(m, proto, "retort.trainable", true, err));
	return read_masks(m, proto, err);
}
