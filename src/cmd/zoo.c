/* zoo.c - zoo list, zoo show: the networks that come along, and what they cost. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "cmd/recipe.h"
#include "base/mem.h"
#include "io/layers.h"
#include "shell/shell.h"
#include "views/table.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A network of the zoo, counted without filling its weights. */
struct counted {
	struct rt_recipe recipe;
	char *text;
	struct rt_shape in, out;
	int64_t params, macs;
};

static enum rt_status count_graph(struct counted *c, const struct rt_graph *g, struct rt_err *err)
{
	struct rt_node_cost *cost = rt_alloc((size_t)g->nnodes, sizeof(*cost)), total;
	enum rt_status status = rt_graph_cost(g, cost, &total, err);

	free(cost);
	RT_TRY(status);
	c->in = g->values[g->inputs[0]].shape;
	c->out = g->values[g->outputs[0]].shape;
	c->params = total.params;
	c->macs = total.macs;
	return RT_OK;
}

/* Release with release() also after an error. */
static enum rt_status count(struct counted *c, const char *name, const char *set,
			    const struct rt_ints *input, struct rt_err *err)
{
	struct rt_shape sample = {0};
	struct rt_graph *g;
	enum rt_status status;

	*c = (struct counted){0};
	RT_TRY(rt_recipe_init(&c->recipe, name, err));
	if (set)
		RT_TRY(rt_recipe_set_all(&c->recipe, set, err));
	if (input->n && input->n < RT_MAX_RANK) {
		sample.rank = input->n;
		memcpy(sample.dim, input->v, (size_t)input->n * sizeof(int64_t));
		rt_recipe_set_sample(&c->recipe, &sample);
	} else if (input->n || !rt_recipe_sample(&sample, &c->recipe)) {
		return rt_fail(err, RT_EINVAL,
			       "the shape of a sample is not known   (try: -input {1 28 28})");
	}
	RT_TRY(rt_recipe_text(&c->text, &c->recipe, err));
	RT_TRY(rt_layers_build(&g, c->text, &sample, NULL, err));
	status = count_graph(c, g, err);
	rt_graph_free(g);
	return status;
}

static void release(struct counted *c)
{
	rt_recipe_release(&c->recipe);
	free(c->text);
}

static char *shape_text(char *buf, size_t size, const struct rt_shape *s)
{
	struct rt_shape sample = {.rank = s->rank - 1};

	memcpy(sample.dim, s->dim + 1, sizeof(int64_t) * (size_t)sample.rank);
	return rt_shape_text(buf, size, &sample);
}

static struct rt_val *counts(const struct counted *c)
{
	struct rt_val *v = rt_val_dict();
	char in[96], out[96];

	rt_val_put(v, "name", rt_val_string(c->recipe.zoo));
	rt_val_put(v, "summary", rt_val_string(c->recipe.summary));
	rt_val_put(v, "input", rt_val_string(shape_text(in, sizeof(in), &c->in)));
	rt_val_put(v, "output", rt_val_string(shape_text(out, sizeof(out), &c->out)));
	rt_val_put(v, "parameters", rt_val_int(c->params));
	rt_val_put(v, "macs", rt_val_int(c->macs));
	return v;
}

/* --- list --------------------------------------------------------------------------------- */

static enum rt_status list_row(struct rt_table *t, struct rt_val *list, const char *name,
			       struct rt_err *err)
{
	struct counted c;
	char in[96];
	enum rt_status status = count(&c, name, NULL, &(struct rt_ints){0}, err);

	if (status == RT_OK) {
		rt_table_text(t, name);
		rt_table_text(t, shape_text(in, sizeof(in), &c.in));
		rt_table_count(t, (double)c.params);
		rt_table_count(t, (double)c.macs);
		rt_table_text(t, c.recipe.summary);
		rt_val_add(list, counts(&c));
	} else {
		rt_wrap(err, "zoo model %s", name);
	}
	release(&c);
	return status;
}

static enum rt_status run_list(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_strings names = {0};
	struct rt_table t = {0};
	struct rt_canvas canvas;
	enum rt_status status = rt_zoo_names(&names, err);

	(void)params;
	reply->value = rt_val_list();
	rt_table_column(&t, "network", RT_LEFT, 0);
	rt_table_column(&t, "input", RT_RIGHT, 1);
	rt_table_column(&t, "parameters", RT_RIGHT, 0);
	rt_table_column(&t, "MACs", RT_RIGHT, 0);
	rt_table_column(&t, "", RT_LEFT, 2);
	for (int i = 0; i < names.n; i++) {
		if (status == RT_OK)
			status = list_row(&t, reply->value, names.v[i], err);
		free(names.v[i]);
	}
	free(names.v);
	if (status == RT_OK) {
		rt_canvas_init(&canvas, &style);
		rt_table_draw(&canvas, &t);
		rt_canvas_finish(&canvas, &reply->text);
	}
	rt_table_release(&t);
	return status;
}

const struct rt_cmd rt_cmd_zoo_list = {
	.row = {"zoo list", "list the networks that come along, with what they cost", NULL, 0},
	.help = "Parameters and multiply-accumulates of every network with its own input and\n"
		"classes; zoo show tells the parameters that can be set.  The files are in the\n"
		"folder zoo among the program's own files; those of a folder in RETORT_DATA are\n"
		"found too.",
	.examples = "zoo list",
	.see = "zoo show model new",
	.run = run_list,
};

/* --- show --------------------------------------------------------------------------------- */

struct show_params {
	char *name, *set;
	struct rt_ints input;
};

static const struct rt_opt show_opts[] = {
	{.name = "name", .summary = "a network of the zoo", .type = RT_STRING,
	 .offset = offsetof(struct show_params, name), .of = "zoo", .example = "resnet20",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "set", .summary = "its parameters: name value ...", .type = RT_STRING,
	 .offset = offsetof(struct show_params, set), .example = "width 32"},
	{.name = "input", .summary = "shape of a sample; default: its own", .type = RT_INTS,
	 .offset = offsetof(struct show_params, input), .min = 1, .max = 1e7,
	 .example = "3 32 32"},
	{0},
};

static void say_counted(const struct rt_ctx *ctx, struct rt_reply *reply, const struct counted *c)
{
	const struct rt_strings *all = &c->recipe.all;
	char in[96], out[96], params[32], macs[32];

	rt_say(ctx, reply, "%s   %s", c->recipe.zoo, c->recipe.summary);
	rt_say(ctx, reply, "%s → %s   %s parameters   %s MACs", shape_text(in, sizeof(in), &c->in),
	       shape_text(out, sizeof(out), &c->out),
	       rt_text_count(params, sizeof(params), c->params),
	       rt_text_count(macs, sizeof(macs), c->macs));
	for (int i = 0; i + 1 < all->n; i += 2)
		rt_say(ctx, reply,
		       strchr(all->v[i + 1], ' ') || !*all->v[i + 1] ? "  %s {%s}" : "  %s %s",
		       all->v[i], all->v[i + 1]);
	rt_str_addc(&reply->text, '\n');
	for (const char *line = c->text; line;) {
		const char *end = strchr(line, '\n');
		size_t n = end ? (size_t)(end - line) : strlen(line);

		while (n > 0 && *line == '\t') {
			line++;
			n--;
		}
		if (n > 0)
			rt_str_addf(&reply->text, "  %.*s\n", (int)n, line);
		line = end ? end + 1 : NULL;
	}
}

static enum rt_status run_show(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct show_params *p = params;
	struct counted c;
	enum rt_status status = count(&c, p->name, p->set, &p->input, err);

	if (status == RT_OK) {
		say_counted(ctx, reply, &c);
		reply->value = counts(&c);
		rt_val_put(reply->value, "layers", rt_val_string(c.text));
	}
	release(&c);
	return status;
}

const struct rt_cmd rt_cmd_zoo_show = {
	.row = {"zoo show", "a network of the zoo: parameters, costs, and its layers", show_opts,
		sizeof(struct show_params)},
	.help = "The layers are those that model new -zoo builds; copy them to change them.",
	.examples = "zoo show resnet20\nzoo show mobilenet_v2 -set {width 0.5} -input {3 32 32}",
	.see = "zoo list model new",
	.run = run_show,
};
