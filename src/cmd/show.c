/* show.c - show machine, show terminal, show history: what retort runs on and where it stands. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/sys.h"
#include "shell/shell.h"
#include "tensor/blas.h"

#include <stddef.h>

static enum rt_status run_machine(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				  struct rt_err *err)
{
	char cpu[256], features[256], held[256], memory[32];

	(void)params;
	(void)err;
	rt_cpu_name(cpu, sizeof(cpu));
	rt_cpu_features(features, sizeof(features));
	rt_say(ctx, reply, "CPU           %s", cpu);
	rt_say(ctx, reply, "cores         %d", rt_cores());
	rt_say(ctx, reply, "threads       %d", rt_threads());
	rt_say(ctx, reply, "instructions  %s", *features ? features : "baseline");
	rt_say(ctx, reply, "kernels       retort %s   OpenBLAS %s", rt_isa_name(rt_isa()),
	       rt_blas_kernels());
	rt_say(ctx, reply, "peak memory   %s",
	       rt_text_bytes(memory, sizeof(memory), (double)rt_peak_memory()));
	if (rt_blas_held_back(held, sizeof(held)))
		rt_say(ctx, reply, "warning: %s", held);
	reply->value = rt_val_dict();
	rt_val_put(reply->value, "cpu", rt_val_string(cpu));
	rt_val_put(reply->value, "cores", rt_val_int(rt_cores()));
	rt_val_put(reply->value, "threads", rt_val_int(rt_threads()));
	rt_val_put(reply->value, "instructions", rt_val_string(features));
	rt_val_put(reply->value, "kernels", rt_val_string(rt_isa_name(rt_isa())));
	rt_val_put(reply->value, "blas", rt_val_string(rt_blas_kernels()));
	rt_val_put(reply->value, "warning", rt_val_string(held));
	return RT_OK;
}

const struct rt_cmd rt_cmd_show_machine = {
	.row = {"show machine", "cores, instruction sets, threads, and the kernels in use", NULL,
		0},
	.help = "Warns where the environment holds the kernels below what the CPU can do.",
	.examples = "show machine",
	.see = "show terminal",
	.run = run_machine,
};

static enum rt_status run_terminal(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				   struct rt_err *err)
{
	const struct rt_terminal *t = ctx->term;
	const struct rt_screen *screen = rt_shell_screen(ctx->shell);
	struct rt_screen_now now = {0};
	const char *why = "";

	(void)params;
	(void)err;
	if (screen)
		screen->now(screen->self, &now);
	else
		why = t->plain ? t->plain : "";
	rt_say(ctx, reply, "%d columns x %d lines   %d colours   %s", t->width, t->height,
	       t->colors, t->unicode ? "Unicode" : "ASCII only");
	if (now.on)
		rt_say(ctx, reply, "workbench shown   mouse %s",
		       !now.has_mouse ? "not told by the terminal"
				      : now.mouse ? "on; Shift and drag selects text" : "off");
	else if (screen)
		rt_say(ctx, reply, "workbench put away; tui on brings it back");
	else
		rt_say(ctx, reply, "plain prompt: %s", *why ? why : "no screen was asked for");
	reply->value = rt_val_dict();
	rt_val_put(reply->value, "width", rt_val_int(t->width));
	rt_val_put(reply->value, "height", rt_val_int(t->height));
	rt_val_put(reply->value, "colors", rt_val_int(t->colors));
	rt_val_put(reply->value, "unicode", rt_val_bool(t->unicode));
	rt_val_put(reply->value, "screen", rt_val_bool(now.on));
	rt_val_put(reply->value, "why", rt_val_string(why));
	return RT_OK;
}

const struct rt_cmd rt_cmd_show_terminal = {
	.row = {"show terminal", "size, colours, characters; why the screen is used or not", NULL,
		0},
	.help = "Output to a pipe is 80 columns wide and has no colours.",
	.examples = "show terminal",
	.see = "show machine",
	.run = run_terminal,
};

static enum rt_status run_history(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				  struct rt_err *err)
{
	struct rt_str undo = {0}, redo = {0};

	(void)params;
	(void)err;
	rt_session_history(ctx->session, &undo, &redo);
	rt_say(ctx, reply, "can be undone, newest first:\n%s",
	       undo.len ? rt_str_text(&undo) : "nothing\n");
	if (redo.len)
		rt_say(ctx, reply, "can be redone:\n%s", rt_str_text(&redo));
	rt_str_release(&undo);
	rt_str_release(&redo);
	return RT_OK;
}

const struct rt_cmd rt_cmd_show_history = {
	.row = {"show history", "the steps that undo and redo would take", NULL, 0},
	.help = "One line a step.  The oldest are let go when the history holds too much\n"
		"memory.",
	.examples = "data load digits\nshow history",
	.see = "undo redo",
	.run = run_history,
};
