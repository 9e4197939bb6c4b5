/* shell_fake.c - commands, topics and a session that only count what happens to them. */
#include "config.h"

#include "base/mem.h"
#include "base/sys.h"
#include "session/session.h"
#include "shell_fake.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rt_str fake_events;
int fake_runs;

/* --- the session: what of session/session.h the shell calls ---------------------------------- */

void rt_session_begin(struct rt_session *s, const char *command)
{
	(void)s;
	rt_str_addf(&fake_events, "begin(%s) ", command);
}

void rt_session_commit(struct rt_session *s)
{
	(void)s;
	rt_str_add(&fake_events, "commit ");
}

void rt_session_rollback(struct rt_session *s)
{
	(void)s;
	rt_str_add(&fake_events, "rollback ");
}

void rt_session_names(struct rt_session *s, const char *kind, struct rt_str *out)
{
	(void)s;
	if (strcmp(kind, "model") == 0)
		rt_str_add(out, "teacher\nstudent\ntutor\n");
	else if (strcmp(kind, "data") == 0)
		rt_str_add(out, "mnist\ndigits\n");
}

/* --- commands -------------------------------------------------------------------------------- */

struct params {
	char *a, *b;
	double temperature;
	bool control;
	int score;
	int64_t n;
	struct rt_strings words;
};

#define AT(field) .offset = offsetof(struct params, field)
enum { PLACE = RT_OPT_POSITIONAL, NEEDED = RT_OPT_POSITIONAL | RT_OPT_REQUIRED };

static const char *const scores[] = {"magnitude", "random", NULL};

static enum rt_status run_text(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct params *p = params;

	(void)ctx;
	(void)err;
	fake_runs++;
	rt_str_addf(&reply->text, "text %s\n", p->a ? p->a : "-");
	reply->value = rt_val_dict();
	rt_val_put(reply->value, "a", rt_val_string(p->a ? p->a : ""));
	rt_val_put(reply->value, "b", rt_val_string(p->b ? p->b : ""));
	return RT_OK;
}

static enum rt_status run_distill(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				  struct rt_err *err)
{
	const struct params *p = params;

	(void)ctx;
	fake_runs++;
	rt_str_add(&fake_events, "run ");
	if (strcmp(p->a, "bad") == 0)
		return rt_fail(err, RT_ENOTFOUND, "no model \"bad\"");
	reply->value = rt_val_real(p->temperature);
	return RT_OK;
}

static enum rt_status run_busy(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	(void)params;
	(void)reply;
	rt_ctx_progress(ctx, "busy", 1, 10, "steps", rt_now());
	while (!rt_cancelled())
		usleep(1000);
	return rt_fail(err, RT_ECANCELLED, "cancelled");
}

static enum rt_status run_early(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				struct rt_err *err)
{
	(void)params;
	(void)err;
	rt_str_add(&reply->text, "epoch 1\n");
	rt_ctx_flush(ctx, reply);
	rt_str_add(&reply->text, "epoch 2\n");
	rt_ctx_flush(ctx, reply);
	reply->value = rt_val_int(2);
	return RT_OK;
}

static enum rt_status run_table(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				struct rt_err *err)
{
	(void)ctx;
	(void)params;
	(void)err;
	reply->value = rt_val_list();
	for (int i = 1; i <= 2; i++) {
		struct rt_val *row = rt_val_dict();

		rt_val_put(row, "epoch", rt_val_int(i));
		rt_val_put(row, "loss", rt_val_real(0.5 / i));
		rt_val_put(row, "note", rt_val_string("a b"));
		rt_val_add(reply->value, row);
	}
	return RT_OK;
}

static enum rt_status run_help(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct params *p = params;

	return rt_help(ctx->shell, p->words.n, (const char *const *)p->words.v, &reply->text, err);
}

static enum rt_status run_log(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			      struct rt_err *err)
{
	const struct params *p = params;

	(void)reply;
	return rt_shell_log_start(ctx->shell, p->a, err);
}

static enum rt_status run_exit(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct params *p = params;

	(void)reply;
	(void)err;
	rt_shell_quit(ctx->shell, (int)p->n);
	return RT_OK;
}

#define NAME                                                                                       \
	{.name = "name", .summary = "what to call it", .type = RT_STRING, AT(a), .flags = NEEDED}
#define MODEL(what, at)                                                                            \
	{.name = what, .summary = "the model that is the " what, .type = RT_STRING, AT(at),       \
	 .of = "model", .flags = NEEDED}

static const struct rt_opt load_opts[] = {
	{.name = "name",
	 .summary = "what to call it",
	 .type = RT_STRING,
	 AT(a),
	 .of = "data",
	 .flags = NEEDED},
	{.name = "path",
	 .summary = "the file",
	 .type = RT_STRING,
	 AT(b),
	 .of = "file",
	 .flags = PLACE},
	{.name = "format",
	 .summary = "what the file is",
	 .type = RT_CHOICE,
	 AT(score),
	 .choices = scores},
	{0},
};

static const struct rt_opt new_opts[] = {
	NAME,
	{.name = "layers", .summary = "the layers", .type = RT_STRING, AT(b), .flags = PLACE},
	{.name = "zoo", .summary = "a ready-made model", .type = RT_STRING, AT(b), .of = "zoo"},
	{0},
};

static const struct rt_opt show_opts[] = {MODEL("shown", a), {0}};

static const struct rt_opt distill_opts[] = {
	MODEL("teacher", a),
	MODEL("student", b),
	{.name = "temperature",
	 .summary = "softens both outputs",
	 .type = RT_REAL,
	 AT(temperature),
	 .init = "4",
	 .min = 0,
	 .max = 1000,
	 .example = "4",
	 .flags = RT_OPT_ABOVE_MIN},
	{.name = "control",
	 .summary = "train a twin without the teacher",
	 .type = RT_BOOL,
	 AT(control),
	 .init = "no"},
	{.name = "score",
	 .summary = "which weights go first",
	 .type = RT_CHOICE,
	 AT(score),
	 .choices = scores},
	{.name = "models", .summary = "more models", .type = RT_STRINGS, AT(words), .of = "model"},
	{0},
};

static const struct rt_opt words_opts[] = {
	{.name = "topic",
	 .summary = "what to explain",
	 .type = RT_STRINGS,
	 AT(words),
	 .of = "topic",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REST},
	{0},
};

static const struct rt_opt file_opts[] = {
	{.name = "file",
	 .summary = "where to",
	 .type = RT_STRING,
	 AT(a),
	 .of = "file",
	 .flags = NEEDED},
	{0},
};

static const struct rt_opt code_opts[] = {
	{.name = "code", .summary = "the exit code", .type = RT_INT, AT(n), .init = "0", .min = 0,
	 .max = 255, .flags = PLACE},
	{0},
};

#define CMD(id, name_, summary_, opts_, run_, ...)                                                 \
	static const struct rt_cmd id = {.row = {name_, summary_, opts_, sizeof(struct params)},   \
					 .run = run_, __VA_ARGS__}

CMD(data_load, "data load", "read a data set", load_opts, run_text, .help = "Reads.");
CMD(data_show, "data show", "draw samples", show_opts, run_text, .help = "Draws.");
CMD(model_new, "model new", "make a model", new_opts, run_text, .help = "Makes.");
CMD(model_show, "model show", "the table of layers", show_opts, run_text, .help = "Shows.");
CMD(distill, "distill", "train a student against a teacher", distill_opts, run_distill,
    .help = "The student learns from the softened outputs of the teacher.",
    .examples = "distill teacher student -temperature 4\ndistill teacher student",
    .see = "model new early table", .flags = RT_CMD_CHANGES | RT_CMD_LONG);
CMD(busy, "busy", "run until cancelled", NULL, run_busy, .flags = RT_CMD_CHANGES | RT_CMD_LONG);
CMD(early, "early", "print before the end", NULL, run_early);
CMD(table, "table", "return a table", NULL, run_table);
CMD(help, "help", "explain something", words_opts, run_help);
CMD(log_to, "log", "write a transcript", file_opts, run_log);
CMD(leave, "exit", "leave", code_opts, run_exit);

static const struct rt_row *const rows[] = {
	&data_load.row, &data_show.row, &model_new.row, &model_show.row, &distill.row, &busy.row,
	&early.row, &table.row, &help.row, &log_to.row, &leave.row,
};
const struct rt_list fake_commands = {"command", rows, RT_COUNT(rows)};

static const struct rt_opt sgd_opts[] = {
	{.name = "momentum", .summary = "how much of the last step is kept", .type = RT_REAL,
	 AT(temperature), .init = "0.9", .min = 0, .max = 1},
	{0},
};
static const struct rt_row sgd = {"sgd", "stochastic gradient descent", sgd_opts,
				  sizeof(struct params)};
static const struct rt_row adam = {"adam", "adaptive moments", NULL, 0};
static const struct rt_row *const optimizers[] = {&sgd, &adam};
const struct rt_list fake_optimizers = {"optimizer", optimizers, RT_COUNT(optimizers)};

static const struct rt_row *const scores_rows[] = {&adam};
const struct rt_list fake_scores = {"pruning score", scores_rows, RT_COUNT(scores_rows)};

/* --- capture --------------------------------------------------------------------------------- */

static FILE *files[2];
static int saved[2];

void capture_begin(void)
{
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 2; i++) {
		files[i] = tmpfile();
		saved[i] = dup(i + 1);
		dup2(fileno(files[i]), i + 1);
	}
}

static char *contents(FILE *f)
{
	long n = (fseek(f, 0, SEEK_END), ftell(f));
	char *text = rt_alloc((size_t)n + 1, 1);

	rewind(f);
	text[fread(text, 1, (size_t)n, f)] = '\0';
	fclose(f);
	return text;
}

void capture_end(char **out, char **err)
{
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 2; i++) {
		dup2(saved[i], i + 1);
		close(saved[i]);
	}
	*out = contents(files[0]);
	*err = contents(files[1]);
}
