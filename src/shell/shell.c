/* shell.c - the shell: runs a command between begin and commit, prints what it replies. */
#include "config.h"

#include "shell/shell.h"

#include "base/mem.h"
#include "base/sys.h"
#include "session/session.h"
#include "shell/state.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Names of Tcl that we replace on purpose. */
static const char *const replaced[] = {"exit", "history", "unknown"};

static const size_t most_heard = (size_t)1 << 20;

enum format { FORMAT_NONE = -1, FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

static const char *const formats[] = {"text", "json", "csv", NULL};

static const struct rt_opt format_opt[] = {
	{.name = "format", .summary = "what the command returns: text as printed, JSON or CSV",
	 .type = RT_CHOICE, .choices = formats, .example = "json"},
	{0},
};

/* --- printing ------------------------------------------------------------------------------ */

void rt_shell_lost(struct rt_shell *sh, int reason)
{
	if (reason == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	if (!sh->lost)
		sh->lost = reason;
}

bool rt_shell_flush(struct rt_shell *sh)
{
	int reason = rt_interp_flush();

	if (fflush(stdout) != 0)
		reason = errno;
	if (reason)
		rt_shell_lost(sh, reason);
	if (!sh->lost)
		return true;
	fprintf(stderr, "cannot write to standard output: %s\n", strerror(sh->lost));
	sh->lost = 0;
	return false;
}

void rt_shell_print(struct rt_shell *sh, const char *text)
{
	int reason;

	if (!*text || sh->mute)
		return;
	rt_progress_clear(sh);
	reason = rt_interp_flush();
	errno = 0;
	if (sh->page_text && sh->interactive && sh->page_text(sh->term, text)) {
		rt_str_add(&sh->log.reply, text);
		return;
	}
	fputs(text, stdout);
	if (text[strlen(text) - 1] != '\n')
		fputc('\n', stdout);
	if (fflush(stdout) != 0 || ferror(stdout))
		reason = errno ? errno : EIO;
	clearerr(stdout);
	if (reason)
		rt_shell_lost(sh, reason);
	rt_str_add(&sh->log.reply, text);
}

/* What scripts write with puts belongs into transcript and report, too; not without end. */
static void on_puts(void *closure, const char *text, bool newline)
{
	struct rt_shell *sh = closure;

	if (sh->mute || sh->log.reply.len > most_heard)
		return;
	rt_str_add(&sh->log.reply, text);
	if (newline)
		rt_str_addc(&sh->log.reply, '\n');
}

/* --- one command --------------------------------------------------------------------------- */

/* Takes `-format F` out of the words; values of other options are skipped over. */
static enum rt_status take_format(enum format *format, const struct rt_row *row, int *n,
				  const char **words, struct rt_err *err)
{
	struct { int f; } params = {FORMAT_NONE};
	int kept = 0;

	*format = FORMAT_NONE;
	if (rt_opt_find(row, "format"))
		return RT_OK;
	for (int i = 0; i < *n; i++) {
		const struct rt_opt *o = words[i][0] == '-' ? rt_opt_find(row, words[i] + 1) : NULL;

		if (strcmp(words[i], "-format") == 0) {
			if (i + 1 == *n)
				return rt_fail(err, RT_EINVAL,
					       "-format needs a value   (try: -format json)");
			RT_TRY(rt_opt_parse(format_opt, &params, words[++i], err));
			*format = (enum format)params.f;
			continue;
		}
		words[kept++] = words[i];
		if (o && !(o->flags & RT_OPT_POSITIONAL) && i + 1 < *n)
			words[kept++] = words[++i];
	}
	*n = kept;
	return RT_OK;
}

/* Turns a reply into text in the format asked for, as the value of the call. */
static void convert(struct rt_reply *reply, enum format format)
{
	struct rt_str out = {0};
	struct rt_val *value = reply->value;

	if (format == FORMAT_TEXT) {
		rt_str_add(&out, rt_str_text(&reply->text));
		if (out.len == 0)
			rt_interp_text(value, &out);
	} else {
		if (!value)
			value = rt_val_string(rt_str_text(&reply->text));
		if (format == FORMAT_JSON)
			rt_val_json(value, &out);
		else
			rt_val_csv(value, &out);
	}
	rt_val_free(value);
	reply->value = rt_val_string(rt_str_text(&out));
	rt_str_release(&out);
	rt_str_clear(&reply->text);
}

static void print_reply(struct rt_shell *sh, const struct rt_reply *reply)
{
	struct rt_str value = {0};

	if (reply->text.len > 0) {
		rt_shell_print(sh, rt_str_text(&reply->text));
		return;
	}
	rt_interp_text(reply->value, &value);
	rt_shell_print(sh, rt_str_text(&value));
	rt_str_release(&value);
}

static enum rt_status run_parsed(struct rt_shell *sh, const struct rt_cmd *cmd, const void *params,
				 struct rt_ctx *ctx, struct rt_reply *reply, struct rt_err *err)
{
	bool changes = cmd->flags & RT_CMD_CHANGES;
	enum rt_status status;

	if (rt_cancelled())
		return rt_fail(err, RT_ECANCELLED, "cancelled");
	if (changes)
		rt_session_begin(sh->session, ctx->line);
	status = cmd->run(ctx, params, reply, err);
	rt_progress_clear(sh);
	if (changes && status == RT_OK)
		rt_session_commit(sh->session);
	else if (changes)
		rt_session_rollback(sh->session);
	return status;
}

/* Pictures that a command was asked for belong into a report. */
static void take_pictures(struct rt_shell *sh, const struct rt_row *row, const void *params)
{
	static const char *const names[] = {"png", "gnuplot"};

	for (size_t i = 0; i < RT_COUNT(names); i++) {
		const struct rt_opt *o = row->opts ? rt_opt_find(row, names[i]) : NULL;
		const char *path = NULL;

		if (o && o->type == RT_STRING)
			memcpy(&path, (const char *)params + o->offset, sizeof(path));
		if (path)
			rt_record_picture(sh, path);
	}
}

static enum rt_status run(struct rt_shell *sh, const struct rt_cmd *cmd,
			  const struct rt_tcl_call *call, int used, struct rt_reply *reply,
			  struct rt_err *err)
{
	int n = call->n - used;
	const char **words = rt_alloc((size_t)n, sizeof(*words));
	void *params = rt_alloc(1, cmd->row.params_size);
	struct rt_ctx ctx = {.session = sh->session,
			     .term = sh->term,
			     .shell = sh,
			     .line = call->line,
			     .direct = call->direct};
	enum format format;
	enum rt_status status;

	for (int i = 0; i < n; i++)
		words[i] = call->argv[used + i];
	rt_params_init(&cmd->row, params);
	status = take_format(&format, &cmd->row, &n, words, err);
	if (status == RT_OK)
		status = rt_params_parse_kinds(&cmd->row, params, cmd->kinds, ctx.chosen, n, words,
					       err);
	if (format != FORMAT_NONE)
		ctx.direct = false;
	if (status == RT_OK)
		status = run_parsed(sh, cmd, params, &ctx, reply, err);
	if (status == RT_OK)
		take_pictures(sh, &cmd->row, params);
	if (status == RT_OK && format != FORMAT_NONE)
		convert(reply, format);
	rt_chosen_release(ctx.chosen, rt_kinds_count(cmd->kinds));
	rt_params_release(&cmd->row, params);
	free(params);
	free(words);
	return status;
}

/* A noun alone tells what can be done with it. */
static void list_verbs(struct rt_shell *sh, const char *noun, struct rt_reply *reply)
{
	const struct rt_cmd *verbs[RT_MAX_NAMES];
	int n = rt_noun_verbs(sh, noun, verbs), at = 0;

	reply->value = rt_val_list();
	for (int i = 0; i < n; i++)
		at = (int)strlen(verbs[i]->row.name) > at ? (int)strlen(verbs[i]->row.name) : at;
	for (int i = 0; i < n; i++) {
		rt_val_add(reply->value, rt_val_string(rt_cmd_verb(verbs[i])));
		rt_text_row(&reply->text, verbs[i]->row.name, verbs[i]->row.summary, at + 2,
			    sh->term->width);
	}
}

static void remember(struct rt_shell *sh, const char *name, const struct rt_tcl_call *call,
		     const struct rt_err *err)
{
	const char *longest = "";

	for (int i = 1; i < call->n; i++)
		longest = strlen(call->argv[i]) > strlen(longest) ? call->argv[i] : longest;
	rt_str_clear(&sh->blame);
	rt_str_clear(&sh->reason);
	rt_str_clear(&sh->blamed);
	rt_str_add(&sh->blame, name);
	rt_str_add(&sh->reason, err->msg);
	rt_str_add(&sh->blamed, longest);
}

static enum rt_status on_noun(void *closure, const struct rt_tcl_call *call, struct rt_val **out,
			      struct rt_err *err)
{
	struct rt_noun *noun = closure;
	struct rt_shell *sh = noun->shell;
	struct rt_reply reply = {0};
	const struct rt_cmd *cmd = NULL;
	const char *words[2] = {noun->name, call->n > 1 ? call->argv[1] : NULL};
	int used;
	enum rt_status status;

	sh->flushed = false;
	status = rt_cmd_resolve(&cmd, &used, sh, call->n > 1 ? 2 : 1, words,
				sh->interactive && call->direct, err);
	if (status == RT_OK && cmd)
		status = run(sh, cmd, call, used, &reply, err);
	else if (status == RT_OK)
		list_verbs(sh, noun->name, &reply);
	if (status != RT_OK)
		remember(sh, cmd ? cmd->row.name : noun->name, call, err);
	else if (call->direct && (reply.text.len > 0 || !sh->flushed))
		print_reply(sh, &reply);
	if (status == RT_OK && sh->quitting) {
		status = rt_fail(err, RT_ECANCELLED, "leaving");
	} else if (status == RT_OK) {
		*out = reply.value;
		reply.value = NULL;
	}
	rt_val_free(reply.value);
	rt_str_release(&reply.text);
	return status;
}

/* --- Tcl's own names ----------------------------------------------------------------------- */

static enum rt_status on_unknown(void *closure, const struct rt_tcl_call *call, struct rt_val **out,
				 struct rt_err *err)
{
	struct rt_shell *sh = closure;
	const char *name = call->n > 1 ? call->argv[1] : "";

	(void)out;
	rt_cmd_unknown(sh, name, err);
	remember(sh, name, call, err);
	return err->status;
}

/* `source FILE` standing alone prints what its commands reply, as if they had been typed. */
static enum rt_status on_source(void *closure, const struct rt_tcl_call *call, struct rt_val **out,
				struct rt_err *err)
{
	struct rt_shell *sh = closure;
	const char **words;
	char *text;
	bool interactive = sh->interactive;
	enum rt_status status;

	if (call->direct && call->n == 2) {
		RT_TRY(rt_script_read(&text, call->argv[1], err));
		sh->interactive = false;
		status = rt_script_run(sh, call->argv[1], text, 1, false, err);
		sh->interactive = interactive;
		free(text);
		return status;
	}
	words = rt_memdup(call->argv, (size_t)call->n, sizeof(*words));
	words[0] = "::tcl::source";
	status = rt_interp_call(sh->interp, call->n, words, out, err);
	free(words);
	return status;
}

static bool is_replaced(const char *name)
{
	for (size_t i = 0; i < RT_COUNT(replaced); i++)
		if (strcmp(replaced[i], name) == 0)
			return true;
	return false;
}

/* --- the shell ----------------------------------------------------------------------------- */

static const char *expand(void *closure, const char *name)
{
	struct rt_shell *sh = closure;

	return sh->interactive && *name ? rt_noun_expand(sh, name) : NULL;
}

static void add_nouns(struct rt_shell *sh)
{
	sh->nouns = rt_alloc((size_t)sh->commands->n, sizeof(*sh->nouns));
	for (int i = 0; i < sh->commands->n; i++) {
		char *name = rt_strdup(sh->commands->rows[i]->name);

		name[strcspn(name, " ")] = '\0';
		if (rt_noun_find(sh, name)) {
			free(name);
			continue;
		}
		sh->nouns[sh->n_nouns++] = (struct rt_noun){sh, name};
	}
	RT_ASSERT(sh->n_nouns <= RT_MAX_NAMES);
	for (int i = 0; i < sh->n_nouns; i++) {
		const char *name = sh->nouns[i].name;

		RT_ASSERT(is_replaced(name) || !rt_interp_knows(sh->interp, name));
		rt_interp_define(sh->interp, name, on_noun, &sh->nouns[i]);
	}
}

struct rt_shell *rt_shell_new(const struct rt_list *commands, struct rt_session *session,
			      const struct rt_terminal *term)
{
	struct rt_shell *sh = rt_alloc(1, sizeof(*sh));

	pthread_mutex_init(&sh->names.lock, NULL);
	sh->interp = rt_interp_new(false);
	sh->commands = commands;
	sh->session = session;
	sh->term = term;
	rt_interp_rename(sh->interp, "source", "::tcl::source");
	add_nouns(sh);
	rt_interp_define(sh->interp, "unknown", on_unknown, sh);
	rt_interp_define(sh->interp, "source", on_source, sh);
	rt_interp_resolver(sh->interp, expand, sh);
	rt_interp_listen(sh->interp, on_puts, sh);
	return sh;
}

void rt_shell_free(struct rt_shell *sh)
{
	struct rt_err err;

	if (!sh)
		return;
	rt_shell_log_stop(sh, &err);
	rt_tutorial_free(sh);
	rt_lesson_page_release(&sh->page);
	rt_record_free(&sh->record);
	rt_interp_free(sh->interp);
	for (int i = 0; i < sh->n_nouns; i++)
		free(sh->nouns[i].name);
	free(sh->nouns);
	rt_str_release(&sh->blame);
	rt_str_release(&sh->reason);
	rt_str_release(&sh->blamed);
	rt_str_release(&sh->log.reply);
	rt_names_release(&sh->names);
	pthread_mutex_destroy(&sh->names.lock);
	free(sh);
}

void rt_shell_add_list(struct rt_shell *sh, const struct rt_list *list)
{
	RT_ASSERT(sh->n_lists < RT_MAX_LISTS);
	sh->lists[sh->n_lists++] = list;
}

void rt_shell_add_names(struct rt_shell *sh, const char *noun, void (*add)(struct rt_strings *out))
{
	RT_ASSERT(sh->n_more < RT_MAX_LISTS);
	sh->more[sh->n_more].kind = noun;
	sh->more[sh->n_more++].add = add;
}

void rt_shell_pager_set(struct rt_shell *sh,
			bool (*page)(const struct rt_terminal *term, const char *text))
{
	sh->page_text = page;
}

void rt_shell_progress_to(struct rt_shell *sh, rt_progress_fn fn, void *closure)
{
	sh->on_progress = fn;
	sh->progress_closure = closure;
}

void rt_shell_screen_set(struct rt_shell *sh, const struct rt_screen *screen)
{
	sh->screen = screen;
}

const struct rt_screen *rt_shell_screen(const struct rt_shell *sh)
{
	return sh->screen;
}

void rt_shell_quiet(struct rt_shell *sh, bool quiet)
{
	sh->quiet = quiet;
}

void rt_shell_args(struct rt_shell *sh, const char *name, int n, const char *const *args)
{
	char count[16];

	snprintf(count, sizeof(count), "%d", n);
	rt_interp_set(sh->interp, "argv0", name);
	rt_interp_set(sh->interp, "argc", count);
	rt_interp_set_list(sh->interp, "argv", n, args);
}

void rt_shell_quit(struct rt_shell *sh, int code)
{
	sh->quitting = true;
	sh->exit_code = code;
}

bool rt_shell_quitting(const struct rt_shell *sh, int *code)
{
	if (sh->quitting)
		*code = sh->exit_code;
	return sh->quitting;
}
