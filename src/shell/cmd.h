/* cmd.h - what a command is: a row, a handler, and the reply it gives.
 *
 * A command is one const row in the file of its noun in src/cmd.  Its options, positional arguments
 * included, are parsed and checked before the handler runs; help, completion, the manual and the
 * bash completion come from the row.
 */
#ifndef RT_SHELL_CMD_H
#define RT_SHELL_CMD_H

#include "base/row.h"
#include "base/val.h"

struct rt_session;

/* How text output should look; filled once by the program, read by commands and views. */
struct rt_terminal {
	int width, height;	/* cells; 80x24 when not a terminal */
	int colors;		/* 0 (none), 8, 256, 1<<24 */
	bool unicode;		/* false: plain ASCII */
	bool live;		/* stderr is a terminal: progress lines may be redrawn */
	const char *plain;	/* why there is no full screen; NULL: there is one */
};

/* What a command gives back: a value for scripts, text for people. */
struct rt_reply {
	struct rt_val *value;	/* owned by the shell after the call; NULL = empty string */
	struct rt_str text;	/* printed when the command stands alone; may be empty */
};

#define RT_MAX_KINDS 3

/* The surroundings of a call. */
struct rt_ctx {
	struct rt_session *session;
	const struct rt_terminal *term;
	void *shell; /* struct rt_shell, for the commands that are about the shell itself */
	/* What the options of rt_cmd.kinds name, in their order. */
	struct rt_chosen chosen[RT_MAX_KINDS];
	const char *line;	/* the command as typed, for captions; borrowed */
	/* True when the command stands alone at the top level of prompt or script: text added to
	 * the reply may be sent early with rt_ctx_flush(). */
	bool direct;
};

enum rt_cmd_flags {
	RT_CMD_CHANGES = 1, /* changes the session: runs inside rt_session_begin/commit */
	RT_CMD_LONG = 2, /* may run for more than a moment: shows progress, heeds rt_cancelled() */
};

struct rt_cmd {
	struct rt_row row; /* name "distill" or "model show"; options and positional arguments */
	const char *help;	/* a paragraph or more, plain text, lines of at most 78 columns */
	const char *examples;	/* one command a line, each runs in `make check` */
	const char *see;	/* blank-separated names of related commands */
	unsigned flags;
	const struct rt_kind *kinds;	/* options that name rows with options of their own; at most
					   RT_MAX_KINDS; may be NULL */
	enum rt_status (*run)(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			      struct rt_err *err);
};

/* Sends reply->text to stdout now (and clears it) when the command is direct; else does nothing. */
void rt_ctx_flush(struct rt_ctx *ctx, struct rt_reply *reply);

/* Shows progress on stderr: on a terminal one line that is redrawn at most ten times a second,
 * otherwise one line for every tenth.  done/total in `unit` ("samples"); label "epoch 3/10". */
void rt_ctx_progress(struct rt_ctx *ctx, const char *label, double done, double total,
		     const char *unit, double started);

/* Clears the progress line. */
void rt_ctx_progress_end(struct rt_ctx *ctx);

#endif
