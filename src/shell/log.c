/* log.c - the transcript: commands as typed, replies as comments, so that the file replays. */
#include "config.h"

#include "base/mem.h"
#include "shell/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum rt_status rt_shell_log_start(struct rt_shell *sh, const char *path, struct rt_err *err)
{
	time_t now = time(NULL);
	struct tm local;
	char date[64];
	FILE *stream;

	stream = fopen(path, "a");
	if (!stream)
		return rt_fail(err, RT_EIO, "cannot write %s: %s", path, strerror(errno));
	if (sh->log.stream)
		rt_shell_log_stop(sh, err);
	localtime_r(&now, &local);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M", &local);
	fprintf(stream, "# retort %s, %s\n", PACKAGE_VERSION, date);
	fflush(stream);
	sh->log.stream = stream;
	sh->log.path = rt_strdup(path);
	sh->log.skip = true;
	return RT_OK;
}

enum rt_status rt_shell_log_stop(struct rt_shell *sh, struct rt_err *err)
{
	struct rt_log *log = &sh->log;
	enum rt_status status = RT_OK;

	if (!log->stream)
		return rt_fail(err, RT_EINVAL,
			       "no transcript is being written   (try: log session.tcl)");
	if (ferror(log->stream) | fclose(log->stream))
		status = rt_fail(err, RT_EIO, "%s: the transcript could not be written", log->path);
	log->stream = NULL;
	free(log->path);
	log->path = NULL;
	return status;
}

const char *rt_shell_log_path(const struct rt_shell *sh)
{
	return sh->log.path;
}

static void write_comment(FILE *stream, const char *text, size_t len)
{
	while (len > 0) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline ? (size_t)(newline - text) : len;

		/* a backslash at the end would continue the comment */
		fprintf(stream, "# %.*s%s\n", (int)n, text, n && text[n - 1] == '\\' ? " " : "");
		len -= n + (newline != NULL);
		text += n + (newline != NULL);
	}
}

void rt_log_command(struct rt_shell *sh, const char *text, size_t len, bool failed)
{
	struct rt_log *log = &sh->log;

	if (log->stream && !log->skip && len > 0) {
		if (failed)
			write_comment(log->stream, text, len);
		else
			fprintf(log->stream, "%.*s\n", (int)len, text);
		write_comment(log->stream, rt_str_text(&log->reply), log->reply.len);
		fflush(log->stream);
	}
	rt_str_clear(&log->reply);
	log->skip = false;
}
