/* model_graph.c - model graph: a picture of how the layers hang together, for Graphviz. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/file.h"
#include "views/dot.h"

#include <stddef.h>
#include <stdlib.h>

struct graph_params {
	char *name, *dot;
	bool nodes;
};

static const struct rt_opt opts[] = {
	{.name = "name", .summary = "a model", .type = RT_STRING,
	 .offset = offsetof(struct graph_params, name), .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "dot", .summary = "file to write; default: show the text", .type = RT_STRING,
	 .offset = offsetof(struct graph_params, dot), .of = "file", .example = "teacher.dot"},
	{"nodes", "a box for every node of the graph", RT_BOOL,
	 offsetof(struct graph_params, nodes), "no"},
	{0},
};

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct graph_params *p = params;
	struct rt_str text = {0};
	struct rt_model *m;
	enum rt_status status;

	RT_TRY(rt_session_get_model(&m, ctx->session, p->name, err));
	status = rt_dot_draw(&text, m->graph, m->name, p->nodes, err);
	if (status == RT_OK && p->dot) {
		status = rt_file_write(p->dot, text.text, text.len, err);
		if (status == RT_OK)
			rt_say(ctx, reply, "%s drawn as %s   (dot -Tpdf %s -o %s.pdf)", m->name,
			       p->dot, p->dot, m->name);
		reply->value = rt_val_string(p->dot);
	} else if (status == RT_OK) {
		rt_str_add(&reply->text, text.text);
		reply->value = rt_val_string(text.text);
	}
	rt_str_release(&text);
	return status;
}

const struct rt_cmd rt_cmd_model_graph = {
	.row = {"model graph", "how the layers hang together, as a file for Graphviz", opts,
		sizeof(struct graph_params)},
	.help = "A box for every line of model show with the shape of its output and the number\n"
		"of its parameters, coloured where it has any, and an arrow for everything that\n"
		"flows between them; -nodes draws every node.  Graphviz's program dot makes a\n"
		"picture of it.",
	.examples = "model new m {residual {conv 1 3 -pad 1}; dense 10} -input {1 8 8}\n"
		    "model graph m -dot m.dot",
	.see = "model show",
	.run = run,
};
