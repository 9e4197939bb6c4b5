/* shell.h - the command language: commands as rows, dispatched, explained and completed.
 *
 * A shell belongs to one thread.  Replies go to stdout, errors and progress to stderr.
 */
#ifndef RT_SHELL_SHELL_H
#define RT_SHELL_SHELL_H

#include "base/err.h"
#include "base/row.h"
#include "base/str.h"
#include "shell/cmd.h"

#include <stddef.h>

struct rt_shell;
struct rt_layout;
struct rt_pane;
struct rt_lesson_page;

/* A shell for these commands (each row the head of a struct rt_cmd).  Everything is borrowed and
 * must live as long as the shell.  A row whose name Tcl itself owns is a broken promise. */
struct rt_shell *rt_shell_new(const struct rt_list *commands, struct rt_session *session,
			      const struct rt_terminal *term);
void rt_shell_free(struct rt_shell *sh);

/* Makes the rows of a list topics of help, apropos and completion, under the noun of the list. */
void rt_shell_add_list(struct rt_shell *sh, const struct rt_list *list);

/* Completion offers what add() appends beside the rows of the list `noun`; in any thread. */
void rt_shell_add_names(struct rt_shell *sh, const char *noun, void (*add)(struct rt_strings *out));

/* Replies to what is typed are offered to page first; false: they are printed.  NULL: none is. */
void rt_shell_pager_set(struct rt_shell *sh,
			bool (*page)(const struct rt_terminal *term, const char *text));

/* No greeting, no progress. */
void rt_shell_quiet(struct rt_shell *sh, bool quiet);

/* Sets Tcl's argv0, argv and argc. */
void rt_shell_args(struct rt_shell *sh, const char *name, int n, const char *const *args);

/* Run a file, a text that calls itself name, or standard input as a script.  The first error ends
 * it with one line `name:line: command: reason` on stderr; keep_going prints the line and goes on.
 * Return the exit code: 0, 1, 130 after Ctrl-C, or what `exit` was given. */
int rt_batch_file(struct rt_shell *sh, const char *path, bool keep_going);
int rt_batch_text(struct rt_shell *sh, const char *name, const char *text, bool keep_going);
int rt_batch_stdin(struct rt_shell *sh, bool keep_going);

/* Whether the first word behind the options is a command rather than a file, which comes first. */
bool rt_batch_is_command(const struct rt_shell *sh, const char *word);

/* Runs the command that these words are; returns as above. */
int rt_batch_command(struct rt_shell *sh, int n, const char *const *words);

/* Runs what was typed at the prompt: Tcl commands, `?name` or `!command of the system`; prints the
 * result or one line of error.  Unique prefixes of names are understood. */
enum rt_status rt_shell_line(struct rt_shell *sh, const char *text);

/* True when text is ready to be run; false while braces, quotes or a backslash are open. */
bool rt_shell_whole(const char *text);

/* Asks to leave with this exit code; what runs is unwound. */
void rt_shell_quit(struct rt_shell *sh, int code);

/* True once somebody asked; *code is set then. */
bool rt_shell_quitting(const struct rt_shell *sh, int *code);

/* Writes text to stdout, in order with what `puts` wrote, and into the transcript. */
void rt_shell_print(struct rt_shell *sh, const char *text);

/* Writes out everything buffered; false, after one line on stderr, when output was lost. */
bool rt_shell_flush(struct rt_shell *sh);

/* Starts a transcript at the end of path: commands as typed, what they replied as comments, so that
 * the file replays.  rt_shell_log_stop() closes it; RT_EINVAL when there is none. */
enum rt_status rt_shell_log_start(struct rt_shell *sh, const char *path, struct rt_err *err);
enum rt_status rt_shell_log_stop(struct rt_shell *sh, struct rt_err *err);

/* The path of the transcript, borrowed, or NULL. */
const char *rt_shell_log_path(const struct rt_shell *sh);

/* A file that a command wrote with -png or -gnuplot, as it was then. */
struct rt_picture_file {
	char *name;
	unsigned char *bytes;
	size_t len;
};

/* A command at top level and what came of it. */
struct rt_record {
	char *command, *reply;	/* the reply as it was printed */
	char *error;		/* NULL: it succeeded */
	struct rt_picture_file *picture;
	int n;
};

/* What was done so far, oldest first; borrowed until the next command.  *dropped commands before
 * them are no longer kept. */
const struct rt_record *rt_shell_records(const struct rt_shell *sh, int *n, int64_t *dropped);

/* Runs one command of n words, printing nothing; *text is its result, which the caller frees.
 * Errors: the command's. */
enum rt_status rt_shell_ask(struct rt_shell *sh, int n, const char *const *words, char **text,
			    struct rt_err *err);

/* Lessons.  begin (name NULL: the one left last) shows the step at which it was left, after running
 * what comes before it when this session has not; next, back, hint, skip and stop are about the
 * lesson under way; play runs all of one.  What they show is appended to out.  Errors: RT_ENOTFOUND
 * with a suggestion, RT_EIO, RT_EFORMAT (the file; a check that does not hold), RT_EINVAL (none is
 * under way, the step is not done), those of the commands that are run. */
enum rt_status rt_tutorial_begin(struct rt_shell *sh, const char *name, bool restart,
				 struct rt_str *out, struct rt_err *err);
enum rt_status rt_tutorial_next(struct rt_shell *sh, struct rt_str *out, struct rt_err *err);
enum rt_status rt_tutorial_back(struct rt_shell *sh, struct rt_str *out, struct rt_err *err);
enum rt_status rt_tutorial_hint(struct rt_shell *sh, struct rt_str *out, struct rt_err *err);
enum rt_status rt_tutorial_skip(struct rt_shell *sh, struct rt_str *out, struct rt_err *err);
enum rt_status rt_tutorial_stop(struct rt_shell *sh, struct rt_str *out, struct rt_err *err);
enum rt_status rt_tutorial_play(struct rt_shell *sh, const char *name, struct rt_err *err);

/* The step of the lesson under way as a page; its parts are the caller's, to be released.  False
 * when there is none.  In any thread. */
bool rt_tutorial_page(struct rt_shell *sh, struct rt_lesson_page *page);
void rt_lesson_page_release(struct rt_lesson_page *page);

/* Appends a line for each lesson, and its name to list. */
enum rt_status rt_tutorial_list(struct rt_shell *sh, struct rt_str *out, struct rt_val *list,
				struct rt_err *err);

/* Appends the page about a command, a noun, a list ("optimizer", "optimizers") or one of its rows
 * ("optimizer sgd", "sgd"); without words the overview.  Error: RT_ENOTFOUND with a suggestion. */
enum rt_status rt_help(struct rt_shell *sh, int n, const char *const *words, struct rt_str *out,
		       struct rt_err *err);

/* Appends a line for everything that mentions word; returns how many. */
int rt_apropos(struct rt_shell *sh, const char *word, struct rt_str *out);

/* Progress is told to fn in the shell's thread instead of stderr; label NULL: the work has ended.
 */
typedef void (*rt_progress_fn)(void *closure, const char *label, double done, double total,
			       const char *unit, double started);
void rt_shell_progress_to(struct rt_shell *sh, rt_progress_fn fn, void *closure);

/* A full screen at this moment. */
struct rt_screen_now {
	bool on;			/* it is shown; else a plain prompt */
	bool mouse, has_mouse;
	const struct rt_layout *layout;
	const struct rt_pane *pane;	/* of the layout focus */
};

/* What commands can ask of a full screen; called in the shell's thread. */
struct rt_screen {
	void *self;
	enum rt_status (*show)(void *self, bool on, struct rt_err *err);
	/* pane (may be NULL) is that of the layout focus. */
	void (*lay_out)(void *self, const struct rt_layout *layout, const struct rt_pane *pane);
	/* Writes the screen as text, with colours where it has them, or as a PNG file. */
	enum rt_status (*save)(void *self, const char *path, bool png, struct rt_err *err);
	/* Gives the terminal to a program of the system, or takes it back; fds (borrowed) are the
	 * terminal.  True when the full screen was, or will be, there. */
	bool (*lend)(void *self, bool lent, int fds[3]);
	/* Whose the mouse is: ours, or the terminal's to select text. */
	void (*mouse)(void *self, bool ours);
	void (*now)(void *self, struct rt_screen_now *now);
};

/* The screen, borrowed; NULL where there is none. */
void rt_shell_screen_set(struct rt_shell *sh, const struct rt_screen *screen);
const struct rt_screen *rt_shell_screen(const struct rt_shell *sh);

/* From the first call on rt_complete() may run in another thread: it sees the names of models,
 * variables and so on as they were at the last call.  In the shell's thread. */
void rt_shell_publish_names(struct rt_shell *sh);

/* What may stand at the cursor. */
struct rt_candidates {
	struct rt_strings word;	/* sorted, each replacing line[start .. cursor) */
	size_t start;
};

/* The candidates for a half-typed line, cursor at a byte offset; the caller releases them. */
void rt_complete(struct rt_shell *sh, const char *line, size_t cursor, struct rt_candidates *out);
void rt_candidates_release(struct rt_candidates *c);

/* The text of a model of the zoo in the layer language, with n parameters set (name, value, name,
 * value ...; a leading '-' is dropped); the caller frees *out.  Errors: RT_ENOTFOUND with a
 * suggestion, RT_EINVAL for a parameter it does not have, and whatever its file fails with. */
enum rt_status rt_zoo_text(char **out, const char *name, int n, const char *const *params,
			   struct rt_err *err);

/* Appends the parameters of a model of the zoo with their defaults (name, value, name, value ...);
 * *summary (may be NULL) is for the caller to free.  Error: RT_ENOTFOUND with a suggestion. */
enum rt_status rt_zoo_params(struct rt_strings *out, char **summary, const char *name,
			     struct rt_err *err);

/* Appends all parameters for a smaller (or larger) model of the same kind: width multiplies
 * channels, units and heads, depth layers and blocks (1 = as it is); a depth that the model does
 * not accept becomes the nearest it does.  Errors: RT_EINVAL (it has no width, or no depth), those
 * of rt_zoo_text(). */
enum rt_status rt_zoo_scaled(struct rt_strings *out, const char *name, int n,
			     const char *const *params, double width, double depth,
			     struct rt_err *err);

/* Splits a list as Tcl writes it ("width 32 hidden {64 32}"); appended to out.  Error: RT_EINVAL.
 */
enum rt_status rt_zoo_split(struct rt_strings *out, const char *list, struct rt_err *err);

/* Appends the names of the zoo; with summaries and parameters a help page. */
enum rt_status rt_zoo_names(struct rt_strings *out, struct rt_err *err);
enum rt_status rt_zoo_help(struct rt_str *out, struct rt_err *err);

/* The program's own options, as a row; see shell/options.c. */
struct rt_options {
	struct rt_strings commands;
	bool keep_going, quiet, no_rc, ascii, plain, version, help;
	int man;		/* -1, or the page asked for */
	bool bash_completion;
	int64_t threads, memory, seed;
	int color;		/* 0 auto, 1 always, 2 never */
};
extern const struct rt_row rt_program;

/* Parses argv[1 ..] up to the first word that is no option; *next is its index.  Initializes o,
 * which the caller releases with rt_params_release().  Error: RT_EINVAL. */
enum rt_status rt_options_parse(struct rt_options *o, int argc, char **argv, int *next,
				struct rt_err *err);

/* Appends what --help prints, the manual pages retort(1) and retort-commands(7), and the completion
 * for bash, all from the rows. */
void rt_program_usage(struct rt_str *out);
void rt_man_program(struct rt_shell *sh, struct rt_str *out);
void rt_man_commands(struct rt_shell *sh, struct rt_str *out);
void rt_bash_completion(struct rt_shell *sh, struct rt_str *out);

#endif
