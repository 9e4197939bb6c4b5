/* model_new.c - model new: from layers, from the zoo, or like another model but smaller. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/model.h"
#include "cmd/recipe.h"
#include "base/mem.h"
#include "io/layers.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct new_params {
	char *name, *layers, *zoo, *like, *data, *set;
	double width, depth;
	struct rt_ints input;
	int64_t seed;
};

static const struct rt_opt opts[] = {
	{.name = "name", .summary = "what to call it", .type = RT_STRING,
	 .offset = offsetof(struct new_params, name), .example = "student",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "layers", .summary = "the network in the layer language; help layer",
	 .type = RT_STRING, .offset = offsetof(struct new_params, layers),
	 .flags = RT_OPT_POSITIONAL},
	{.name = "zoo", .summary = "a network of the zoo; zoo list", .type = RT_STRING,
	 .offset = offsetof(struct new_params, zoo), .of = "zoo", .example = "lenet5"},
	{.name = "set", .summary = "parameters of the zoo network: name value ...",
	 .type = RT_STRING, .offset = offsetof(struct new_params, set), .example = "width 32"},
	{.name = "like", .summary = "the network of the zoo that this model came from",
	 .type = RT_STRING, .offset = offsetof(struct new_params, like), .of = "model",
	 .example = "teacher"},
	{.name = "width", .summary = "with -like: times as many channels, units and heads",
	 .type = RT_REAL, .offset = offsetof(struct new_params, width), .init = "1", .max = 100,
	 .flags = RT_OPT_ABOVE_MIN, .example = "0.5"},
	{.name = "depth", .summary = "with -like: times as many layers or blocks",
	 .type = RT_REAL, .offset = offsetof(struct new_params, depth), .init = "1", .max = 100,
	 .flags = RT_OPT_ABOVE_MIN, .example = "0.5"},
	{.name = "data", .summary = "data set whose samples it takes; default: the one in use",
	 .type = RT_STRING, .offset = offsetof(struct new_params, data), .of = "data"},
	{.name = "input", .summary = "shape of a sample, where no data set tells it",
	 .type = RT_INTS, .offset = offsetof(struct new_params, input), .min = 1, .max = 1e7,
	 .example = "3 32 32"},
	{.name = "seed", .summary = "of the weights; default: drawn from the session",
	 .type = RT_INT, .offset = offsetof(struct new_params, seed), .min = 0, .max = 9e15,
	 .example = "1"},
	{0},
};

/* What a model is made of. */
struct making {
	struct rt_shape sample;
	const struct rt_data *data;	/* that told the shape, or NULL */
	struct rt_recipe recipe;	/* with -zoo and -like */
	char *text, *origin;
};

static enum rt_status check_ways(const struct new_params *p, struct rt_err *err)
{
	if (!!p->zoo + !!p->layers + !!p->like != 1)
		return rt_fail(err, RT_EINVAL,
			       "give either layers, or -zoo NAME, or -like MODEL   (try: model "
			       "new %s {dense 30; relu; dense 10})",
			       p->name);
	if (!p->like && (p->width != 1 || p->depth != 1))
		return rt_fail(err, RT_EINVAL,
			       "-width and -depth are factors for -like   (with -zoo: -set "
			       "{width ...}; zoo show NAME tells the parameters)");
	if (p->layers && p->set)
		return rt_fail(err, RT_EINVAL,
			       "-set is for -zoo and -like; layers have no parameters");
	if (p->input.n > RT_MAX_RANK - 1)
		return rt_fail(err, RT_EINVAL, "-input has %d dimensions, at most %d are possible",
			       p->input.n, RT_MAX_RANK - 1);
	return RT_OK;
}

/* The shape of a sample: of -input, of the model it is like, of the data set, of the zoo. */
static enum rt_status find_sample(struct making *m, struct rt_ctx *ctx, const struct new_params *p,
				  const struct rt_model *like, struct rt_err *err)
{
	struct rt_data *d = NULL;

	if (p->input.n) {
		m->sample.rank = p->input.n;
		memcpy(m->sample.dim, p->input.v, (size_t)p->input.n * sizeof(int64_t));
	}
	if (p->input.n && !p->data)
		return RT_OK;
	if (like && !p->data) {
		const struct rt_value *in = rt_graph_input(like->graph);
		const struct rt_shape *s;

		if (!in)
			return rt_fail(err, RT_EINVAL, "model \"%s\" has no input to be like",
				       like->name);
		s = &in->shape;
		m->sample.rank = s->rank > 0 ? s->rank - 1 : 0;
		memcpy(m->sample.dim, s->dim + 1, (size_t)m->sample.rank * sizeof(int64_t));
		return RT_OK;
	}
	if (rt_session_get_data(&d, ctx->session, p->data, err) != RT_OK) {
		if (p->data || (p->zoo && rt_recipe_sample(&m->sample, &m->recipe)))
			return p->data ? err->status : RT_OK;
		return rt_fail(err, RT_EINVAL,
			       "the shape of a sample is not known; load data first (data "
			       "load mnist) or give -input {1 28 28}");
	}
	m->data = d;
	if (!p->input.n)
		m->sample = d->sample;
	return RT_OK;
}

/* What the network gives follows the data unless it was set. */
static void set_outputs(struct rt_recipe *r, const struct rt_data *d)
{
	const char *name = rt_recipe_has(r, "classes") ? "classes" : "outputs";
	char number[32];

	if (!d || !rt_recipe_has(r, name) || rt_recipe_given(r, name))
		return;
	snprintf(number, sizeof(number), "%d", d->task == RT_CLASSIFY ? d->classes : d->outputs);
	rt_recipe_set(r, name, number);
}

static enum rt_status from_zoo(struct making *m, struct rt_ctx *ctx, const struct new_params *p,
			       struct rt_err *err)
{
	struct rt_model *like = NULL;

	if (p->like) {
		RT_TRY(rt_session_get_model(&like, ctx->session, p->like, err));
		RT_TRY(rt_recipe_again(&m->recipe, like->origin, p->like, err));
	} else {
		RT_TRY(rt_recipe_init(&m->recipe, p->zoo, err));
	}
	if (p->set)
		RT_TRY(rt_recipe_set_all(&m->recipe, p->set, err));
	if (p->width != 1 || p->depth != 1)
		RT_TRY(rt_recipe_scale(&m->recipe, p->width, p->depth, err));
	RT_TRY(find_sample(m, ctx, p, like, err));
	set_outputs(&m->recipe, m->data);
	if (!p->set || !rt_recipe_given(&m->recipe, "input") || p->input.n)
		rt_recipe_set_sample(&m->recipe, &m->sample);
	else
		rt_recipe_sample(&m->sample, &m->recipe);
	RT_TRY(rt_recipe_text(&m->text, &m->recipe, err));
	m->origin = rt_recipe_origin(&m->recipe);
	return RT_OK;
}

/* "{conv 20 5; relu}" for the table's caption: one line. */
static enum rt_status from_layers(struct making *m, struct rt_ctx *ctx, const struct new_params *p,
				  struct rt_err *err)
{
	struct rt_str s = {0};

	RT_TRY(find_sample(m, ctx, p, NULL, err));
	m->text = rt_strdup(p->layers);
	rt_str_addc(&s, '{');
	for (const char *c = p->layers; *c; c++)
		rt_str_addc(&s, isspace((unsigned char)*c) ? ' ' : *c);
	rt_str_addc(&s, '}');
	m->origin = rt_str_take(&s);
	return RT_OK;
}

static enum rt_status make(struct rt_ctx *ctx, const struct new_params *p, const struct making *m,
			   struct rt_reply *reply, struct rt_err *err)
{
	struct rt_graph *graph;
	struct rt_model *model;
	struct rt_rng rng;
	enum rt_status status;

	rt_rng_seed(&rng, (uint64_t)(p->seed != RT_UNSET_INT ? p->seed
				     : rt_session_draw(ctx->session, "weights")));
	status = rt_layers_build(&graph, m->text, &m->sample, &rng, err);
	if (status != RT_OK && m->data)
		return rt_fail(err, status, "%s   (data set \"%s\")", err->msg, m->data->name);
	RT_TRY(status);
	model = rt_model_new(p->name, graph, m->origin);
	rt_session_put_model(ctx->session, model);
	return rt_say_model(ctx, reply, model, err);
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct new_params *p = params;
	struct making m = {0};
	enum rt_status status;

	RT_TRY(rt_model_name_check(p->name, err));
	RT_TRY(check_ways(p, err));
	status = p->layers ? from_layers(&m, ctx, p, err) : from_zoo(&m, ctx, p, err);
	if (status == RT_OK)
		status = make(ctx, p, &m, reply, err);
	rt_recipe_release(&m.recipe);
	free(m.text);
	free(m.origin);
	return status;
}

const struct rt_cmd rt_cmd_model_new = {
	.row = {"model new", "make a model from layers or from the zoo, with fresh weights", opts,
		sizeof(struct new_params)},
	.help = "The layer language has one word a layer, separated by ; or new lines:\n"
		"  conv 16 3 -pad 1; bn; relu; maxpool 2; residual {conv 16 3 -pad 1}; dense 10\n"
		"help layer lists the layers, zoo list the networks that come along.  The\n"
		"shape of the input is that of the data set in use.  -like makes a student of\n"
		"the same kind as a model of the zoo: -width and -depth multiply its channels\n"
		"and its layers.",
	.examples = "data load mnist\nmodel new teacher -zoo lenet5\n"
		    "model new student {dense 30; relu; dense 10}\n"
		    "model new small -like teacher -width 0.5\n"
		    "model new r -zoo resnet8 -set {width 8}",
	.see = "zoo list model show train distill",
	.flags = RT_CMD_CHANGES,
	.run = run,
};
