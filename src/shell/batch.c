/* batch.c - scripts: files, -e texts and standard input; errors are file:line: command: reason. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "io/layers.h"
#include "shell/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum rt_status rt_script_read(char **out, const char *path, struct rt_err *err)
{
	unsigned char *bytes;
	size_t len, kept = 0;
	char *text;

	RT_TRY(rt_file_read(&bytes, &len, path, err));
	text = (char *)bytes;
	if (memchr(text, '\0', len)) {
		free(text);
		return rt_fail(err, RT_EFORMAT, "%s is not a script: it contains zero bytes", path);
	}
	for (size_t i = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; i < len; i++)
		if (text[i] != '\r' || text[i + 1] != '\n')
			text[kept++] = text[i];
	text[kept] = '\0';
	*out = text;
	return RT_OK;
}

/* The line of a script where line nth of the text that failed stands, 0 if that is not found; the
 * text nearest behind the command at *line is meant, or else the first. */
static int layers_line(const struct rt_script *s, const char *arg, int nth, int line)
{
	const char *start = s->text + s->from, *from = start, *at;

	for (int i = s->from_line; i < line && strchr(from, '\n'); i++)
		from = strchr(from, '\n') + 1;
	at = rt_locate_arg(from, arg, nth);
	at = at ? at : rt_locate_arg(s->text, arg, nth);
	if (!at)
		return 0;
	return s->from_line + rt_lines_between(start, at) - rt_lines_between(at, start);
}

/* A reason that tells a line of the layers tells the line of the file instead, where that can be
 * found: in the script s, or in another file that was read. */
static void name_layer(const struct rt_shell *sh, const struct rt_script *s, bool other,
		       const char *file, int *line, char *reason)
{
	struct rt_script read = {.from_line = 1};
	struct rt_err ignored;
	char *text = NULL;
	int nth = 0, skip = 0, found = 0;

	if (sscanf(reason, RT_LAYERS_LINE "%n", &nth, &skip) != 1 || !skip)
		return;
	if (other && rt_script_read(&text, file, &ignored) == RT_OK)
		read.text = text;
	if (!other || text)
		found = layers_line(other ? &read : s, rt_str_text(&sh->blamed), nth, *line);
	free(text);
	if (!found)
		return;
	*line = found;
	skip += (int)strspn(reason + skip, ",: ");
	memmove(reason, reason + skip, strlen(reason + skip) + 1);
}

/* "name:line: command: reason"; the command is the one of ours that failed inside, if one did. */
static void describe(struct rt_shell *sh, const char *name, const struct rt_script *s,
		     struct rt_err *err)
{
	const char *text = s->text + s->from;
	char *file = rt_strdup(name), *command = NULL, *reason = rt_strdup(err->msg);
	int line = s->from_line, word = (int)strcspn(text, " \t\n;");

	rt_locate(rt_interp_trace(sh->interp), text, s->len, &line, &file);
	if (strcmp(reason, rt_str_text(&sh->reason)) == 0)
		command = rt_strdup(rt_str_text(&sh->blame));
	if (command)
		name_layer(sh, s, strcmp(file, name) != 0, file, &line, reason);
	else
		command = rt_sprintf("%.*s", word < 40 ? word : 40, text);
	reason[strcspn(reason, "\n")] = '\0';
	rt_fail(err, err->status, "%s:%d: %s: %s", file, line, command, reason);
	free(file);
	free(command);
	free(reason);
}

enum rt_status rt_script_run(struct rt_shell *sh, const char *name, const char *text, int line,
			     bool keep_going, struct rt_err *err)
{
	struct rt_script s = {.text = text, .line = line};
	struct rt_err last = {0};

	while (!s.done) {
		enum rt_status status;

		rt_str_clear(&sh->reason);
		status = rt_interp_step(sh->interp, &s, err);
		if (status == RT_ECANCELLED)
			return status;
		if (status != RT_OK && rt_interp_broken_pipe(sh->interp))
			rt_shell_lost(sh, EPIPE);
		if (status != RT_OK)
			describe(sh, name, &s, err);
		rt_record_command(sh, text + s.from, s.len, status != RT_OK ? err->msg : NULL);
		rt_log_command(sh, text + s.from, s.len, status != RT_OK);
		rt_tutorial_after(sh, text + s.from, s.len, status != RT_OK);
		if (status != RT_OK && !keep_going)
			return status;
		if (status != RT_OK) {
			rt_shell_flush(sh);
			fprintf(stderr, "%s\n", err->msg);
			last = *err;
		}
	}
	*err = last;
	return last.status;
}

/* The exit code of a script, after the last line of it was told. */
static int finish(struct rt_shell *sh, enum rt_status status, bool told, const struct rt_err *err)
{
	int code = status == RT_OK ? 0 : 1;

	rt_progress_clear(sh);
	if (!rt_shell_flush(sh))
		code = 1;
	if (rt_shell_quitting(sh, &code))
		return code;
	if (status == RT_ECANCELLED)
		return 130;
	if (status != RT_OK && !told)
		fprintf(stderr, "%s\n", err->msg);
	return code;
}

int rt_batch_text(struct rt_shell *sh, const char *name, const char *text, bool keep_going)
{
	struct rt_err err = {0};
	enum rt_status status = rt_script_run(sh, name, text, 1, keep_going, &err);

	return finish(sh, status, keep_going, &err);
}

/* What [info script] tells; scripts find their data with it. */
static void set_script_name(struct rt_shell *sh, const char *path)
{
	const char *const words[] = {"::info", "script", path};
	struct rt_val *none = NULL;
	struct rt_err err;

	rt_interp_call(sh->interp, 3, words, &none, &err);
	rt_val_free(none);
}

int rt_batch_file(struct rt_shell *sh, const char *path, bool keep_going)
{
	struct rt_err err = {0};
	char *text;
	int code;

	if (rt_script_read(&text, path, &err) != RT_OK)
		return finish(sh, err.status, false, &err);
	set_script_name(sh, path);
	code = rt_batch_text(sh, path, text, keep_going);
	set_script_name(sh, "");
	free(text);
	return code;
}

bool rt_batch_is_command(const struct rt_shell *sh, const char *word)
{
	return access(word, F_OK) != 0 && rt_interp_knows(sh->interp, word);
}

int rt_batch_command(struct rt_shell *sh, int n, const char *const *words)
{
	struct rt_val *list = rt_val_list();
	struct rt_str text = {0};
	int code;

	for (int i = 0; i < n; i++)
		rt_val_add(list, rt_val_string(words[i]));
	rt_interp_text(list, &text);
	code = rt_batch_text(sh, "retort", text.text, false);
	rt_str_release(&text);
	rt_val_free(list);
	return code;
}

int rt_batch_stdin(struct rt_shell *sh, bool keep_going)
{
	struct rt_str text = {0};
	struct rt_err err = {0}, last = {0};
	int line = 1, lines = 0, code;
	bool more = true;

	/* Each command runs as soon as it is whole: `gets stdin` reads on behind it. */
	while (more && (last.status == RT_OK || keep_going) && err.status != RT_ECANCELLED) {
		more = rt_interp_gets(&text);
		lines += more;
		if (text.len == 0 || (more && !rt_shell_whole(text.text)))
			continue;
		if (rt_script_run(sh, "stdin", text.text, line, keep_going, &err) != RT_OK)
			last = err;
		line += lines;
		lines = 0;
		rt_str_clear(&text);
	}
	rt_str_release(&text);
	code = finish(sh, last.status, keep_going && last.status != RT_ECANCELLED, &last);
	return code;
}
