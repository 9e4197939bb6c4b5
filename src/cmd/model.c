/* model.c - model new, load, save, copy, list, drop. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "io/layers.h"
#include "shell/shell.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- new ---------------------------------------------------------------------------------- */

struct new_params {
	char *name, *layers, *zoo, *data;
	struct rt_strings set;
	struct rt_ints input;
	int64_t seed;
};

static const struct rt_opt new_opts[] = {
	{.name = "name", .summary = "what to call it", .type = RT_STRING,
	 .offset = offsetof(struct new_params, name), .example = "student",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "layers", .summary = "the network in the layer language; help layer", .type = RT_STRING,
	 .offset = offsetof(struct new_params, layers), .flags = RT_OPT_POSITIONAL},
	{.name = "zoo", .summary = "a network of the zoo; help zoo", .type = RT_STRING,
	 .offset = offsetof(struct new_params, zoo), .of = "zoo", .example = "lenet5"},
	{.name = "set", .summary = "parameters of the zoo network: name value ...", .type = RT_STRINGS,
	 .offset = offsetof(struct new_params, set), .example = "width 32"},
	{.name = "data", .summary = "data set whose samples it takes; default: the one in use",
	 .type = RT_STRING, .offset = offsetof(struct new_params, data), .of = "data"},
	{.name = "input", .summary = "shape of a sample, where no data set tells it", .type = RT_INTS,
	 .offset = offsetof(struct new_params, input), .min = 1, .max = 1e7, .example = "3 32 32"},
	{.name = "seed", .summary = "of the weights; default: drawn from the session", .type = RT_INT,
	 .offset = offsetof(struct new_params, seed), .min = 0, .max = 9e15, .example = "1"},
	{0},
};

/* The name becomes part of commands and file names. */
static enum rt_status check_name(const char *name, struct rt_err *err)
{
	for (const char *c = name; *c; c++)
		if (isspace((unsigned char)*c) || iscntrl((unsigned char)*c) || strchr("{}[]\"$;\\/", *c))
			return rt_fail(err, RT_EINVAL, "a model's name has no blanks, brackets or slashes, got \"%s\"",
				       name);
	if (!*name || *name == '-')
		return rt_fail(err, RT_EINVAL, "\"%s\" is no name for a model", name);
	return RT_OK;
}

static enum rt_status sample_shape(struct rt_shape *shape, const struct rt_data **data,
				   struct rt_ctx *ctx, const struct new_params *p, struct rt_err *err)
{
	struct rt_data *d = NULL;

	*data = NULL;
	if (p->input.n > RT_MAX_RANK - 1)
		return rt_fail(err, RT_EINVAL, "-input has %d dimensions, at most %d are possible", p->input.n,
			       RT_MAX_RANK - 1);
	if (!p->input.n || p->data) {
		if (rt_session_get_data(&d, ctx->session, p->data, err) != RT_OK)
			return p->data ? err->status
				       : rt_fail(err, RT_EINVAL, "the shape of a sample is not known; load data "
						 "first (data load mnist) or give -input {1 28 28}");
		*data = d;
		*shape = d->sample;
	}
	if (p->input.n) {
		shape->rank = p->input.n;
		memcpy(shape->dim, p->input.v, (size_t)p->input.n * sizeof(int64_t));
	}
	return RT_OK;
}

/* The zoo's networks have a parameter `classes`, which follows the data unless it is set. */
static enum rt_status zoo_text(char **out, const struct new_params *p, const struct rt_data *d,
			       struct rt_err *err)
{
	struct rt_strings set = {0};
	bool given = d == NULL;
	char number[32];
	enum rt_status status;

	for (int i = 0; i < p->set.n; i++) {
		rt_strings_add(&set, p->set.v[i]);
		given = given || (i % 2 == 0 && strcmp(p->set.v[i], "classes") == 0);
	}
	if (!given) {
		snprintf(number, sizeof(number), "%d", d->task == RT_CLASSIFY ? d->classes : d->outputs);
		rt_strings_add(&set, "classes");
		rt_strings_add(&set, number);
	}
	status = rt_zoo_text(out, p->zoo, set.n, (const char *const *)set.v, err);
	for (int i = 0; i < set.n; i++)
		free(set.v[i]);
	free(set.v);
	return status;
}

/* "conv 20 5; relu" for the table's caption: one line, without comments at the ends. */
static char *origin_text(const struct new_params *p)
{
	struct rt_str s = {0};

	if (p->zoo) {
		rt_str_addf(&s, "zoo %s", p->zoo);
		for (int i = 0; i < p->set.n; i++)
			rt_str_addf(&s, " %s", p->set.v[i]);
		return rt_str_take(&s);
	}
	rt_str_addc(&s, '{');
	for (const char *c = p->layers; *c; c++)
		rt_str_addc(&s, isspace((unsigned char)*c) ? ' ' : *c);
	rt_str_addc(&s, '}');
	return rt_str_take(&s);
}

/* "student   2 layers   23,860 parameters   23,820 MACs" */
static enum rt_status say_model(const struct rt_ctx *ctx, struct rt_reply *reply,
				const struct rt_model *m, struct rt_err *err)
{
	struct rt_node_cost *cost = rt_alloc((size_t)m->graph->nnodes, sizeof(*cost)), total;
	char params[32], macs[32], in[96], out[96];
	enum rt_status status = rt_graph_cost(m->graph, cost, &total, err);

	free(cost);
	if (status != RT_OK)
		return status;
	rt_say(ctx, reply, "%s   %s → %s   %s parameters   %s MACs   from %s", m->name,
	       rt_shape_text(in, sizeof(in), &m->graph->values[m->graph->inputs[0]].shape),
	       rt_shape_text(out, sizeof(out), &m->graph->values[m->graph->outputs[0]].shape),
	       rt_text_count(params, sizeof(params), total.params),
	       rt_text_count(macs, sizeof(macs), total.macs), m->origin ? m->origin : "?");
	reply->value = reply->value ? reply->value : rt_val_string(m->name);
	return RT_OK;
}

static enum rt_status run_new(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			      struct rt_err *err)
{
	const struct new_params *p = params;
	const struct rt_data *data;
	struct rt_shape shape;
	struct rt_graph *graph;
	struct rt_model *m;
	struct rt_rng rng;
	char *text = NULL, *origin;
	enum rt_status status;

	RT_TRY(check_name(p->name, err));
	if (!p->zoo == !p->layers)
		return rt_fail(err, RT_EINVAL, "give either layers or -zoo NAME   (try: model new %s {dense 30; "
			       "relu; dense 10})", p->name);
	RT_TRY(sample_shape(&shape, &data, ctx, p, err));
	if (p->zoo)
		RT_TRY(zoo_text(&text, p, data, err));
	rt_rng_seed(&rng, (uint64_t)(p->seed != RT_UNSET_INT ? p->seed
				     : rt_session_draw(ctx->session, "weights")));
	status = rt_layers_build(&graph, p->zoo ? text : p->layers, &shape, &rng, err);
	free(text);
	if (status != RT_OK && data)
		return rt_fail(err, status, "%s   (data set \"%s\")", err->msg, data->name);
	RT_TRY(status);
	origin = origin_text(p);
	m = rt_model_new(p->name, graph, origin);
	free(origin);
	rt_session_put_model(ctx->session, m);
	return say_model(ctx, reply, m, err);
}

const struct rt_cmd rt_cmd_model_new = {
	.row = {"model new", "make a model from layers or from the zoo, with fresh weights", new_opts,
		sizeof(struct new_params)},
	.help = "The layer language has one word a layer, separated by ; or new lines:\n"
		"  conv 16 3 -pad 1; bn; relu; maxpool 2; residual {conv 16 3 -pad 1}; dense 10\n"
		"help layer lists the layers, help zoo the networks that come along.  The shape\n"
		"of the input is that of the data set in use.",
	.examples = "data load mnist\nmodel new teacher -zoo lenet5\n"
		    "model new student {dense 30; relu; dense 10}\n"
		    "model new r -zoo resnet8 -set {width 8}",
	.see = "model show train distill",
	.flags = RT_CMD_CHANGES,
	.run = run_new,
};

/* --- load, save --------------------------------------------------------------------------- */

struct file_params {
	char *name, *file;
};

static const struct rt_opt load_opts[] = {
	{.name = "name", .summary = "what to call it", .type = RT_STRING,
	 .offset = offsetof(struct file_params, name), .example = "teacher",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "file", .summary = "an ONNX file", .type = RT_STRING,
	 .offset = offsetof(struct file_params, file), .of = "file", .example = "teacher.onnx",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_load(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct file_params *p = params;
	struct rt_model *m;

	RT_TRY(check_name(p->name, err));
	RT_TRY(rt_model_load(&m, p->file, err));
	free(m->name);
	m->name = rt_strdup(p->name);
	rt_session_put_model(ctx->session, m);
	return say_model(ctx, reply, m, err);
}

const struct rt_cmd rt_cmd_model_load = {
	.row = {"model load", "read a model from an ONNX file", load_opts, sizeof(struct file_params)},
	.help = "Opsets 7 to 21.  What cannot be read is named: node, operator, attribute.",
	.examples = "model load m model.onnx",
	.see = "model save model show",
	.flags = RT_CMD_CHANGES,
	.run = run_load,
};

static const struct rt_opt save_opts[] = {
	{.name = "name", .summary = "a model", .type = RT_STRING,
	 .offset = offsetof(struct file_params, name), .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "file", .summary = "where to write; replaced only when all is written", .type = RT_STRING,
	 .offset = offsetof(struct file_params, file), .of = "file", .example = "student.onnx",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_save(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct file_params *p = params;
	struct rt_model *m;
	int64_t bytes;
	char size[32];

	RT_TRY(rt_session_get_model(&m, ctx->session, p->name, err));
	RT_TRY(rt_model_save(m, p->file, err));
	RT_TRY(rt_model_size(m, &bytes, err));
	rt_say(ctx, reply, "%s saved as %s   %s", m->name, p->file,
	       rt_text_bytes(size, sizeof(size), (double)bytes));
	reply->value = rt_val_int(bytes);
	return RT_OK;
}

const struct rt_cmd rt_cmd_model_save = {
	.row = {"model save", "write a model as an ONNX file", save_opts, sizeof(struct file_params)},
	.help = "Opset 17, with class names, preprocessing and the commands that made the model\n"
		"as metadata.  Pruned models are smaller files only where channels were\n"
		"removed; quantized ones carry int8 weights with QuantizeLinear and\n"
		"DequantizeLinear.",
	.examples = "model new m {dense 10} -input {1 8 8}\nmodel save m m.onnx",
	.see = "model load prune quantize",
	.run = run_save,
};

/* --- copy, list, drop --------------------------------------------------------------------- */

struct copy_params {
	char *from, *to;
};

static const struct rt_opt copy_opts[] = {
	{.name = "from", .summary = "a model", .type = RT_STRING, .offset = offsetof(struct copy_params, from),
	 .of = "model", .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "to", .summary = "name of the copy", .type = RT_STRING,
	 .offset = offsetof(struct copy_params, to), .example = "twin",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_copy(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct copy_params *p = params;
	struct rt_model *m;

	RT_TRY(check_name(p->to, err));
	RT_TRY(rt_session_get_model(&m, ctx->session, p->from, err));
	m = rt_model_clone(m, p->to);
	rt_session_put_model(ctx->session, m);
	return say_model(ctx, reply, m, err);
}

const struct rt_cmd rt_cmd_model_copy = {
	.row = {"model copy", "copy a model under another name", copy_opts, sizeof(struct copy_params)},
	.help = "The copy shares its weights until one of the two changes.",
	.examples = "model new m {dense 10} -input {1 8 8}\nmodel copy m twin",
	.see = "model new",
	.flags = RT_CMD_CHANGES,
	.run = run_copy,
};

static enum rt_status run_list(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	struct rt_model *const *models;
	int n;

	(void)params;
	models = rt_session_models(ctx->session, &n);
	reply->value = rt_val_list();
	for (int i = 0; i < n; i++) {
		RT_TRY(say_model(ctx, reply, models[i], err));
		rt_val_add(reply->value, rt_val_string(models[i]->name));
	}
	if (!n)
		rt_say(ctx, reply, "there is no model yet   (try: model new NAME -zoo lenet5)");
	return RT_OK;
}

const struct rt_cmd rt_cmd_model_list = {
	.row = {"model list", "list the models", NULL, 0},
	.help = "Name, input and output shape (N is the batch), parameters,\n"
		"multiply-accumulates of one sample, and where each comes from.",
	.examples = "model list",
	.see = "model show",
	.run = run_list,
};

struct drop_params {
	char *name;
};

static const struct rt_opt drop_opts[] = {
	{.name = "name", .summary = "a model", .type = RT_STRING, .offset = offsetof(struct drop_params, name),
	 .of = "model", .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_drop(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	(void)reply;
	return rt_session_drop_model(ctx->session, ((const struct drop_params *)params)->name, err);
}

const struct rt_cmd rt_cmd_model_drop = {
	.row = {"model drop", "forget a model", drop_opts, sizeof(struct drop_params)},
	.help = "undo brings it back.",
	.examples = "model new m {dense 10} -input {1 8 8}\nmodel drop m",
	.see = "model list undo",
	.flags = RT_CMD_CHANGES,
	.run = run_drop,
};
