/* err.c - filling and wrapping error lines. */
#include "config.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names come from files: no line ends, and nothing that a terminal would obey. */
static void clean(char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			*line = '?';
}

enum rt_status rt_fail(struct rt_err *err, enum rt_status status, const char *fmt, ...)
{
	/* Formatted aside first: an argument may be err->msg itself. */
	char line[sizeof(err->msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	clean(line);
	memcpy(err->msg, line, sizeof(line));
	err->status = status;
	return status;
}

enum rt_status rt_wrap(struct rt_err *err, const char *fmt, ...)
{
	char line[sizeof(err->msg)];
	va_list ap;
	size_t used, room, len;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	clean(line);
	used = n < 0 ? 0 : (size_t)n < sizeof(line) - 3 ? (size_t)n : sizeof(line) - 3;
	memcpy(line + used, ": ", 2);
	used += 2;
	room = sizeof(line) - 1 - used;
	len = strnlen(err->msg, room);
	memcpy(line + used, err->msg, len);
	line[used + len] = '\0';
	memcpy(err->msg, line, sizeof(line));
	return err->status;
}

void rt_die(const char *file, int line, const char *what)
{
	fprintf(stderr, "retort: %s:%d: broken promise: %s\n", file, line, what);
	abort();
}
