/* locate.c - from Tcl's errorInfo to the file and line where a script failed.
 *
 * errorInfo quotes, from the inside out, each command on the way: `while executing "inner"`, then
 * `invoked from within "outer"`, and between two of them often a note that says where the inner one
 * stands in the body of the outer one: `("foreach" body line 3)`, `(procedure "p" line 2)` or
 * `(file "x.tcl" line 7)`.  Going from the outside in, each command is found again in the source.
 * A procedure ends the walk: the line that called it is the one to look at.
 */
#include "config.h"

#include "base/mem.h"
#include "shell/state.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FRAMES = 64 };

struct frame {
	const char *command;	/* quoted; Tcl cuts it at 150 characters */
	size_t len;
	const char *note;	/* behind "    (", or NULL */
	size_t note_len;
	int line;		/* N of the note, 0 when it has none */
};

struct region {
	const char *text, *end;	/* source of the outer command; empty when it is not known */
};

static const char within[] = "\n    invoked from within\n\"";
static const char executing[] = "\n    while executing\n\"";

/* The quote that ends a command: what follows it is a note, the next command or nothing. */
static const char *closing_quote(const char *p)
{
	for (; (p = strchr(p, '"')); p++)
		if (!p[1] || strncmp(p + 1, "\n    (", 6) == 0 ||
		    strncmp(p + 1, within, sizeof(within) - 1) == 0)
			return p;
	return NULL;
}

/* The N of `... line N)`, 0 when there is none. */
static int note_line(const char *note, size_t len)
{
	static const char before[] = " line ";
	size_t at = len;
	int line = 0, scale = 1;

	if (at == 0 || note[--at] != ')')
		return 0;
	while (at > 0 && note[at - 1] >= '0' && note[at - 1] <= '9' && scale < 100000000) {
		line += (note[--at] - '0') * scale;
		scale *= 10;
	}
	if (at < sizeof(before) - 1 || strncmp(note + at - 6, before, 6) != 0)
		return 0;
	return line;
}

static int read_frames(const char *trace, struct frame *frames)
{
	const char *p = strstr(trace, executing), *q = strstr(trace, within);
	int n = 0;

	if (p && (!q || p < q))
		p += sizeof(executing) - 1;
	else
		p = q ? q + sizeof(within) - 1 : NULL;
	while (p && n < MAX_FRAMES) {
		struct frame *f = &frames[n++];

		*f = (struct frame){.command = p};
		q = closing_quote(p);
		f->len = q ? (size_t)(q - p) : strlen(p);
		if (f->len > 3 && strncmp(p + f->len - 3, "...", 3) == 0)
			f->len -= 3;
		if (q && strncmp(q + 1, "\n    (", 6) == 0) {
			f->note = q + 7;
			f->note_len = strcspn(f->note, "\n");
			f->line = note_line(f->note, f->note_len);
		}
		p = q ? strstr(q, within) : NULL;
		p = p ? p + sizeof(within) - 1 : NULL;
	}
	return n;
}

static const char *nth_line(const char *p, const char *end, int n)
{
	for (; n > 0 && p; n--) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p ? p + 1 : NULL;
	}
	return p;
}

/* Where the command of f begins in the line that starts at p, or NULL. */
static const char *in_line(const char *p, const char *end, const struct frame *f)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));
	const char *at = memmem(p, (size_t)(end - p), f->command, f->len);

	return at && (!newline || at < newline) ? at : NULL;
}

/* Where the command of f stands in the source of the one around it, or NULL.  A note counts lines
 * from the brace that opens the body, which may be any of those in the source. */
static const char *find(const struct region *r, const struct frame *f)
{
	if (f->len == 0 || r->text == r->end)
		return NULL;
	for (const char *p = r->text; f->line > 0 && p < r->end; p++) {
		const char *at;

		if (*p != '{' && *p != '"')
			continue;
		at = nth_line(p, r->end, f->line - 1);
		at = at ? in_line(at, r->end, f) : NULL;
		if (at)
			return at;
	}
	/* the command itself is not what is looked for in it */
	return memmem(r->text + 1, (size_t)(r->end - r->text - 1), f->command, f->len);
}

int rt_lines_between(const char *from, const char *to)
{
	int n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

static void enter_file(const struct frame *f, int *line, char **file)
{
	const char *name = f->note + 6, *quote = memchr(name, '"', f->note_len - 6);

	free(*file);
	*file = rt_sprintf("%.*s", (int)(quote ? quote - name : 0), name);
	*line = f->line;
}

void rt_locate(const char *trace, const char *text, size_t len, int *line, char **file)
{
	struct frame frames[MAX_FRAMES];
	struct region r = {text, text + len};
	int n = read_frames(trace, frames);

	/* the outermost is the command itself */
	for (int i = n - 2; i >= 0; i--) {
		struct frame *f = &frames[i];
		const char *at;

		if (f->note && strncmp(f->note, "procedure ", 10) == 0)
			return;
		if (f->note && f->line > 0 && strncmp(f->note, "file \"", 6) == 0) {
			enter_file(f, line, file);
			r.text = r.end = "";
			continue;
		}
		at = find(&r, f);
		if (at) {
			*line += rt_lines_between(r.text, at);
			r.text = at;
		} else if (f->line > 0) {
			*line += f->line - 1;
		}
	}
}

/* As above where text begins with arg; Tcl has made one blank of a line end after a backslash and
 * the blanks behind it. */
static const char *arg_here(const char *text, const char *arg, int nth)
{
	const char *at = nth == 1 ? text : NULL;

	for (; *arg; arg++) {
		if (text[0] == '\\' && text[1] == '\n' && *arg == ' ') {
			text += 2 + strspn(text + 2, " \t");
		} else if (*text == *arg) {
			text++;
			if (*arg == '\n' && --nth == 1)
				at = text;
		} else {
			return NULL;
		}
	}
	return *text == '}' ? at : NULL;
}

const char *rt_locate_arg(const char *text, const char *arg, int nth)
{
	const char *at = NULL;

	for (; !at && (text = strchr(text, '{')); text++)
		at = arg_here(text + 1, arg, nth);
	return at;
}
