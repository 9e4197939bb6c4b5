/* weights.c - weights save, weights load: the numbers of a model without the model. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "io/weights.h"

#include <stddef.h>

struct weights_params {
	char *name, *file;
	struct rt_strings map;
	bool partial;
};

#define NAME_OPT                                                                                   \
	{.name = "name", .summary = "a model", .type = RT_STRING,                                  \
	 .offset = offsetof(struct weights_params, name), .of = "model",                           \
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED}
#define FILE_OPT(text)                                                                             \
	{.name = "file", .summary = text, .type = RT_STRING,                                       \
	 .offset = offsetof(struct weights_params, file), .of = "file",                            \
	 .example = "student.safetensors", .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED}
#define MAP_OPT                                                                                    \
	{.name = "map", .summary = "pairs: name in the file, name in the model; * fits anything",  \
	 .type = RT_STRINGS, .offset = offsetof(struct weights_params, map),                       \
	 .example = "fc.* dense1.*"}

static const struct rt_opt save_opts[] = {
	NAME_OPT,
	FILE_OPT("where to write; replaced only when all is written"),
	MAP_OPT,
	{0},
};

static enum rt_status run_save(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct weights_params *p = params;
	struct rt_tensors weights;
	struct rt_model *m;
	int64_t bytes = 0;
	char size[32];
	int n;
	enum rt_status status;

	RT_TRY(rt_session_get_model(&m, ctx->session, p->name, err));
	RT_TRY(rt_weights_take(&weights, m->graph, &p->map, err));
	status = rt_safetensors_write(p->file, &weights, err);
	n = weights.n;
	for (int i = 0; i < n; i++)
		bytes += (int64_t)rt_tensor_bytes(&weights.v[i].data);
	rt_tensors_release(&weights);
	RT_TRY(status);
	rt_say(ctx, reply, "%d weights of %s saved as %s   %s", n, m->name, p->file,
	       rt_text_bytes(size, sizeof(size), (double)bytes));
	reply->value = rt_val_int(n);
	return RT_OK;
}

const struct rt_cmd rt_cmd_weights_save = {
	.row = {"weights save", "write the weights of a model as a safetensors file", save_opts,
		sizeof(struct weights_params)},
	.help = "Everything that training may change, running statistics, and quantized weights\n"
		"with their scales, under the names of model show and the suffixes .weight,\n"
		".bias, .mean, .var.  -map gives them the names another program knows.",
	.examples = "model new m {dense 10} -input {1 8 8}\n"
		    "weights save m m.safetensors -map {fc.* dense1.*}",
	.see = "weights load model save",
	.run = run_save,
};

static const struct rt_opt load_opts[] = {
	NAME_OPT,
	FILE_OPT("a safetensors file"),
	MAP_OPT,
	{.name = "partial", .summary = "pass over names that only one of the two has",
	 .type = RT_BOOL, .offset = offsetof(struct weights_params, partial), .init = "no"},
	{0},
};

static enum rt_status run_load(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct weights_params *p = params;
	struct rt_tensors weights;
	struct rt_model *m;
	int taken;
	enum rt_status status;

	RT_TRY(rt_session_edit_model(&m, ctx->session, p->name, err));
	RT_TRY(rt_safetensors_read(&weights, p->file, err));
	status = rt_weights_give(m->graph, &weights, &p->map, p->partial, &taken, err);
	if (status == RT_OK) {
		rt_say(ctx, reply, "%s has %d of the %d arrays of %s", m->name, taken, weights.n,
		       p->file);
		reply->value = rt_val_int(taken);
	} else {
		rt_wrap(err, "%s", p->file);
	}
	rt_tensors_release(&weights);
	return status;
}

const struct rt_cmd rt_cmd_weights_load = {
	.row = {"weights load", "take the weights of a model from a safetensors file", load_opts,
		sizeof(struct weights_params)},
	.help = "Shapes must agree; float types are converted.  In -map, a ^T behind the\n"
		"model's name turns a matrix around: PyTorch keeps those of linear layers by\n"
		"output.",
	.examples = "model new m {dense 10} -input {1 8 8}\nweights save m m.safetensors\n"
		    "weights load m m.safetensors",
	.see = "weights save model load",
	.flags = RT_CMD_CHANGES,
	.run = run_load,
};
