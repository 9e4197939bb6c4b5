/* model.c - model load, save, copy, list, drop. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/model.h"
#include "base/mem.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rt_status rt_model_name_check(const char *name, struct rt_err *err)
{
	for (const char *c = name; *c; c++)
		if (isspace((unsigned char)*c) || iscntrl((unsigned char)*c) ||
		    strchr("{}[]\"$;\\/", *c))
			return rt_fail(
				err, RT_EINVAL,
				"a model's name has no blanks, brackets or slashes, got \"%s\"",
				name);
	if (!*name || *name == '-')
		return rt_fail(err, RT_EINVAL, "\"%s\" is no name for a model", name);
	return RT_OK;
}

enum rt_status rt_say_model(const struct rt_ctx *ctx, struct rt_reply *reply,
			    const struct rt_model *m, struct rt_err *err)
{
	struct rt_node_cost *cost = rt_alloc((size_t)m->graph->nnodes, sizeof(*cost)), total;
	const struct rt_value *input = rt_graph_input(m->graph);
	char params[32], macs[32], in[96] = "no input", out[96];
	enum rt_status status = rt_graph_cost(m->graph, cost, &total, err);

	free(cost);
	if (status != RT_OK)
		return status;
	if (input)
		rt_shape_text(in, sizeof(in), &input->shape);
	rt_say(ctx, reply, "%s   %s → %s   %s parameters   %s MACs   from %s", m->name, in,
	       rt_shape_text(out, sizeof(out), &m->graph->values[m->graph->outputs[0]].shape),
	       rt_text_count(params, sizeof(params), total.params),
	       rt_text_count(macs, sizeof(macs), total.macs), m->origin ? m->origin : "?");
	reply->value = reply->value ? reply->value : rt_val_string(m->name);
	return RT_OK;
}

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

	RT_TRY(rt_model_name_check(p->name, err));
	RT_TRY(rt_model_load(&m, p->file, err));
	free(m->name);
	m->name = rt_strdup(p->name);
	rt_session_put_model(ctx->session, m);
	if (m->journal) /* where the file lay is no part of how the model was made */
		rt_session_told(ctx->session, m->name);
	return rt_say_model(ctx, reply, m, err);
}

const struct rt_cmd rt_cmd_model_load = {
	.row = {"model load", "read a model from an ONNX file", load_opts,
		sizeof(struct file_params)},
	.help = "Opsets 7 to 21.  What cannot be read is named: node, operator, attribute.",
	.examples = "model load m model.onnx",
	.see = "model save model show",
	.flags = RT_CMD_CHANGES,
	.run = run_load,
};

static const struct rt_opt save_opts[] = {
	{.name = "name",
	 .summary = "a model",
	 .type = RT_STRING,
	 .offset = offsetof(struct file_params, name),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "file",
	 .summary = "where to write; replaced only when all is written",
	 .type = RT_STRING,
	 .offset = offsetof(struct file_params, file),
	 .of = "file",
	 .example = "student.onnx",
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
	.row = {"model save", "write a model as an ONNX file", save_opts,
		sizeof(struct file_params)},
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
	{.name = "from",
	 .summary = "a model",
	 .type = RT_STRING,
	 .offset = offsetof(struct copy_params, from),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "to",
	 .summary = "name of the copy",
	 .type = RT_STRING,
	 .offset = offsetof(struct copy_params, to),
	 .example = "twin",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_copy(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct copy_params *p = params;
	struct rt_model *m;

	RT_TRY(rt_model_name_check(p->to, err));
	RT_TRY(rt_session_get_model(&m, ctx->session, p->from, err));
	m = rt_model_clone(m, p->to);
	rt_session_put_model(ctx->session, m);
	return rt_say_model(ctx, reply, m, err);
}

const struct rt_cmd rt_cmd_model_copy = {
	.row = {"model copy", "copy a model under another name", copy_opts,
		sizeof(struct copy_params)},
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
		RT_TRY(rt_say_model(ctx, reply, models[i], err));
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
	{.name = "name",
	 .summary = "a model",
	 .type = RT_STRING,
	 .offset = offsetof(struct drop_params, name),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
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
