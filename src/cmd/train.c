/* train.c - train: fit a model to the labels or targets of a data set. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "cmd/steps.h"
#include "base/mem.h"
#include "train/predict.h"

#include <stddef.h>

struct train_params {
	char *model, *data;
	struct rt_fit_opts fit;
};

static const struct rt_opt opts[] = {
	{.name = "model", .summary = "the model to train", .type = RT_STRING,
	 .offset = offsetof(struct train_params, model), .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{"epochs", "epochs to train now; step goes on from there", RT_INT,
	 offsetof(struct train_params, fit.epochs), "1", 0, 1e6},
	RT_DATA_OPT(struct train_params, data),
	RT_FIT_OPTS(train_params, fit),
	{0},
};

/* Integers do not learn: of a quantized model only what stayed real follows the gradient. */
static void warn_quantized(const struct rt_ctx *ctx, struct rt_reply *reply,
			   const struct rt_model *m)
{
	int64_t weights = 0, trainable = 0;
	char t[32], w[32];

	for (int i = 0; i < m->graph->nparams; i++) {
		const struct rt_param *p = &m->graph->params[i];

		trainable += p->trainable ? rt_tensor_count(&p->data) : 0;
		weights += p->data.dtype == RT_I8 && p->data.shape.rank >= 2
				   ? rt_tensor_count(&p->data)
				   : 0;
	}
	if (weights)
		rt_say(ctx, reply,
		       "warning: %s is quantized; %s integer weights stay as they are, %s "
		       "parameters learn   (undo quantize to train all)",
		       m->name, rt_text_count(w, sizeof(w), weights),
		       rt_text_count(t, sizeof(t), trainable));
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct train_params *p = params;
	const struct rt_objective *objective = &rt_objective_hard;
	struct rt_fit_opts fit_opts = p->fit;
	void *self = NULL;
	struct rt_model *model;
	struct rt_data *data;
	struct rt_fit *fit;
	struct rt_run *r;

	RT_TRY(rt_session_get_model(&model, ctx->session, p->model, err));
	RT_TRY(rt_session_get_data(&data, ctx->session, p->data, err));
	RT_TRY(rt_graph_fits(model->graph, model->name, data, err));
	if (fit_opts.seed == RT_UNSET_INT)
		fit_opts.seed = rt_session_draw(ctx->session, "train");
	RT_TRY(rt_fit_new(&fit, data, &fit_opts, 1, &objective, &self, err));
	r = rt_run_new(model->name, NULL, NULL, fit);
	rt_session_put_run(ctx->session, r);
	RT_TRY(rt_session_edit_model(&model, ctx->session, p->model, err));
	rt_model_describe(model, data);
	warn_quantized(ctx, reply, model);
	if (p->fit.epochs == 0) {
		rt_say(ctx, reply, "%s is ready to train on %s; step runs an epoch", p->model,
		       data->name);
		return RT_OK;
	}
	return rt_run_epochs(ctx, NULL, p->fit.epochs, reply, err);
}

const struct rt_cmd rt_cmd_train = {
	.row = {"train", "train a model on the labels of a data set", opts,
		sizeof(struct train_params)},
	.help = "Trains on the training part and reports on the test part after every epoch.\n"
		"Each epoch is one undo step.  Ctrl-C stops after the mini-batch under way and\n"
		"keeps what has been learned.  step goes on where train stopped.  Options of\n"
		"optimizers and schedules: help optimizer, help schedule.",
	.examples = "data load digits\nmodel new m {dense 32; relu; dense 10}\ntrain m -epochs 2\n"
		    "train m -optimizer adam -lr 0.002 -schedule cosine",
	.see = "step distill evaluate undo",
	.flags = RT_CMD_CHANGES | RT_CMD_LONG,
	.run = run,
};
