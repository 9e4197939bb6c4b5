/* layers_define.c - block: groups of layers with a name and parameters, used like layers. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct layer_def *layer_def_find(const struct rt_layer_ctx *ctx, const char *name)
{
	for (int i = 0; i < ctx->ndef; i++)
		if (strcmp(ctx->def[i].name, name) == 0)
			return &ctx->def[i];
	return NULL;
}

static void release_strings(struct rt_strings *s)
{
	for (int i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
}

void layer_defs_release(struct rt_layer_ctx *ctx)
{
	for (int i = 0; i < ctx->ndef; i++) {
		free(ctx->def[i].name);
		free(ctx->def[i].body);
		free(ctx->def[i].needed);
		release_strings(&ctx->def[i].params);
	}
	free(ctx->def);
}

static bool is_name(const char *text)
{
	if (!isalpha((unsigned char)*text))
		return false;
	while (isalnum((unsigned char)*text) || *text == '_')
		text++;
	return *text == '\0';
}

/* --- the definition ------------------------------------------------------------------------- */

struct block {
	char *name;	/* unused: a definition is no layer */
	char *word, *params, *layers;
};

static const struct rt_opt block_opts[] = {
	{.name = "word", .type = RT_STRING, .offset = offsetof(struct block, word),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "unit",
	 .summary = "the name it is used by"},
	{.name = "params", .type = RT_STRING, .offset = offsetof(struct block, params),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "{channels {stride 1}}",
	 .summary = "its parameters in braces, {name default} where there is one"},
	{.name = "layers", .type = RT_STRING, .offset = offsetof(struct block, layers),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "{conv $channels 3; relu}",
	 .summary = "the layers in braces; $name stands for a parameter"},
	{0},
};

/* One parameter: "channels", or the words "stride 1" of a block. */
static enum rt_status add_param(struct layer_def *def, const struct layer_word *w,
				struct rt_err *err)
{
	struct layer_text t = {0};
	const struct layer_stmt *s;
	enum rt_status status = RT_OK;
	bool pair;

	if (!w->block && is_name(w->text)) {
		def->needed[def->params.n / 2] = true;
		rt_strings_add(&def->params, w->text);
		rt_strings_add(&def->params, "");
		return RT_OK;
	}
	if (w->block)
		RT_TRY(layer_text_parse(&t, w->text, w->line, err));
	s = t.stmt;
	pair = t.n == 1 && s->n == 2 && !s->word[0].block && is_name(s->word[0].text);
	if (pair) {
		rt_strings_add(&def->params, s->word[0].text);
		rt_strings_add(&def->params, s->word[1].text);
	} else {
		status = rt_fail(err, RT_EINVAL,
				 "a parameter is a name, or {name default}, got \"%s\"", w->text);
	}
	layer_text_release(&t);
	return status;
}

static enum rt_status add_params(struct layer_def *def, const struct layer_word *w,
				 struct rt_err *err)
{
	struct layer_text t;
	enum rt_status status = RT_OK;

	RT_TRY(layer_text_parse(&t, w->text, w->line, err));
	if (t.n > 1)
		status = rt_fail(err, RT_EINVAL, "the parameters are separated by blanks");
	def->needed = rt_alloc(t.n ? (size_t)t.stmt[0].n : 1, sizeof(bool));
	for (int i = 0; t.n == 1 && i < t.stmt[0].n && status == RT_OK; i++)
		status = add_param(def, &t.stmt[0].word[i], err);
	layer_text_release(&t);
	return status;
}

static enum rt_status build_block(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				  const void *params, struct rt_err *err)
{
	const struct block *p = params;
	const struct layer_word *w = ctx->stmt->word;
	struct layer_def *def;

	(void)layer;
	if (ctx->stmt->n != 4 || !w[2].block || !w[3].block)
		return rt_fail(err, RT_EINVAL, "parameters and layers must be in braces   "
			       "(try: block unit {channels} {conv $channels 3; relu})");
	if (!is_name(p->word))
		return rt_fail(err, RT_EINVAL, "\"%s\" is no name for a block", p->word);
	if (rt_list_find(&rt_layers, p->word) || layer_def_find(ctx, p->word))
		return rt_fail(err, RT_EEXISTS, "the name \"%s\" is taken", p->word);
	RT_GROW(ctx->def, ctx->ndef, ctx->def_cap);
	def = &ctx->def[ctx->ndef++];
	*def = (struct layer_def){.name = rt_strdup(p->word), .body = rt_strdup(p->layers),
				  .line = w[3].line};
	return add_params(def, &w[2], err);
}

const struct rt_layer layer_block = {
	.row = {"block", "defines a group of layers that is used by its name, with parameters",
		block_opts, sizeof(struct block),
		"model new m {block unit {channels {stride 1}} \\\n"
		"\t{conv $channels 3 -stride $stride -pad 1; bn; relu}\n"
		"\tunit 16; unit 32 2; unit 32 -stride 2; gap; dense 10} -input {3 32 32}"},
	.build = build_block,
};

/* --- its use -------------------------------------------------------------------------------- */

struct binding {
	const struct layer_def *def;
	const struct layer_word **value;	/* [params.n / 2]; NULL = the default */
};

static int find_param(const struct layer_def *def, const char *name, size_t len)
{
	for (int i = 0; i < def->params.n; i += 2)
		if (strlen(def->params.v[i]) == len && strncmp(def->params.v[i], name, len) == 0)
			return i / 2;
	return -1;
}

/* Fails with what the definition has: `block unit has no parameter "x"   (it has: channels)`. */
static enum rt_status no_param(const struct layer_def *def, const char *name, size_t len,
			       struct rt_err *err)
{
	struct rt_str all = {0};

	for (int i = 0; i < def->params.n; i += 2)
		rt_str_addf(&all, " %s", def->params.v[i]);
	rt_fail(err, RT_EINVAL, "block %s has no parameter \"%.*s\"   (it has:%s)", def->name,
		(int)len, name, all.len ? rt_str_text(&all) : " none");
	rt_str_release(&all);
	return RT_EINVAL;
}

/* "unit CHANNELS ?STRIDE?". */
static void add_usage(struct rt_str *out, const struct layer_def *def)
{
	rt_str_add(out, def->name);
	for (int i = 0; i < def->params.n; i += 2) {
		const char *mark = def->needed[i / 2] ? "" : "?";

		rt_str_addf(out, " %s", mark);
		for (const char *c = def->params.v[i]; *c; c++)
			rt_str_addc(out, (char)toupper((unsigned char)*c));
		rt_str_add(out, mark);
	}
}

/* Puts the usage behind what err says. */
static enum rt_status misused(const struct layer_def *def, struct rt_err *err)
{
	struct rt_str usage = {0};

	add_usage(&usage, def);
	rt_fail(err, RT_EINVAL, "%s   (usage: %s)", err->msg, rt_str_text(&usage));
	rt_str_release(&usage);
	return RT_EINVAL;
}

/* -name value pairs and values by place, in any order. */
static enum rt_status bind(struct binding *b, const struct layer_stmt *s, struct rt_err *err)
{
	const struct layer_def *def = b->def;
	int count = def->params.n / 2, place = 0, k;

	for (int i = 1; i < s->n; i++) {
		const struct layer_word *w = &s->word[i];
		bool named = !w->block && w->text[0] == '-' && isalpha((unsigned char)w->text[1]);

		k = named ? find_param(def, w->text + 1, strlen(w->text + 1)) : place++;
		if (named && k < 0)
			return no_param(def, w->text + 1, strlen(w->text + 1), err);
		if (named && ++i == s->n)
			return rt_fail(err, RT_EINVAL, "%s needs a value", w->text);
		if (k >= count) {
			rt_fail(err, RT_EINVAL, "block %s takes %d parameter%s, got \"%s\"",
				def->name, count, count == 1 ? "" : "s", w->text);
			return misused(def, err);
		}
		b->value[k] = &s->word[i];
	}
	for (k = 0; k < count; k++)
		if (!b->value[k] && def->needed[k]) {
			rt_fail(err, RT_EINVAL, "block %s needs %s", def->name,
				def->params.v[2 * k]);
			return misused(def, err);
		}
	return RT_OK;
}

/* Layers are put in as they are where a statement starts; elsewhere what would be several words
 * stays one in braces. */
static void add_value(struct rt_str *out, const char *value)
{
	size_t end = out->len;

	while (end > 0 && strchr(" \t", out->text[end - 1]))
		end--;
	if (end == 0 || strchr("{;\n", out->text[end - 1]) || (*value && !strpbrk(value, " \t\n;")))
		rt_str_add(out, value);
	else
		rt_str_addf(out, "{%s}", value);
}

static enum rt_status substitute(struct rt_str *out, const struct binding *b, struct rt_err *err)
{
	for (const char *c = b->def->body; *c;) {
		bool braced = c[0] == '$' && c[1] == '{';
		const char *name = c + 1 + braced, *end = name;
		int k;

		if (*c != '$') {
			rt_str_addc(out, *c++);
			continue;
		}
		while (isalnum((unsigned char)*end) || *end == '_')
			end++;
		k = find_param(b->def, name, (size_t)(end - name));
		if (k < 0 || (braced && *end != '}'))
			return no_param(b->def, name, (size_t)(end - name), err);
		add_value(out, b->value[k] ? b->value[k]->text : b->def->params.v[2 * k + 1]);
		c = end + braced;
	}
	return RT_OK;
}

enum rt_status layer_def_build(struct rt_layer_ctx *ctx, struct layer_def *def, struct rt_err *err)
{
	struct binding b = {.def = def};
	struct rt_str text = {0};
	const char *outer = ctx->inside;
	char *name = rt_strdup(def->name);
	int number = ctx->number, line = def->line;
	enum rt_status status;

	b.value = rt_alloc((size_t)def->params.n / 2 + 1, sizeof(struct layer_word *));
	status = bind(&b, ctx->stmt, err);
	if (status == RT_OK)
		status = substitute(&text, &b, err);
	free(b.value);
	if (status == RT_OK) {
		/* as in repeat, a name given inside is numbered when the block is used again */
		ctx->repeats++;
		ctx->inside = name;
		ctx->number = 0;
		status = layer_text_build(ctx, rt_str_text(&text), line, err);
		ctx->inside = outer;
		ctx->number = number;
		ctx->repeats--;
	}
	rt_str_release(&text);
	free(name);
	return status;
}
