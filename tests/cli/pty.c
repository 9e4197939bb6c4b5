/* pty.c - drives a program on a terminal of its own: types, waits for text, looks at how it ends.
 *
 *	pty PROGRAM ARGUMENT ... <<EOF
 *
 * reads from standard input one action a line, those of terminal.h and:
 *
 *	wait TEXT	until TEXT appears behind what was waited for last; fails after the limit.
 *			Escape sequences, carriage returns and bells are left out
 *	never TEXT	fails if TEXT was shown at any time so far, byte for byte
 *	size ROWS COLS	changes the size of the terminal
 *
 * "\x20" ends a text with a blank.  Exit code 0 when nothing failed, else 1 after a `# ` line that
 * tells what, and what was shown.
 */
#include "config.h"

#include "../terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SHOWN = 1 << 22 };

static char *shown, *clean; /* everything so far; the same without what only moves and colours */
static size_t n_shown, n_clean, seen;	/* seen: the end, in clean, of what was waited for last */
static int escape; /* 0, or inside an escape sequence: ESC, or the character behind it */

static void show(void)
{
	printf("# shown: ");
	for (size_t i = seen; i < n_clean; i++) {
		unsigned char c = (unsigned char)clean[i];

		if (c == '\n')
			printf("\n#   ");
		else if (c < ' ' || c == 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	printf("\n");
}

/* ESC [ ... letter, ESC ] ... BEL, ESC ( character, ESC character */
static void filter(char c)
{
	if (escape == '\033') {
		escape = strchr("[](", c) ? c : 0;
	} else if (escape == '[') {
		escape = c >= '@' && c <= '~' ? 0 : '[';
	} else if (escape == ']') {
		escape = c == '\a' ? 0 : ']';
	} else if (escape) {
		escape = 0;
	} else if (c == '\033') {
		escape = c;
	} else if (c != '\r' && c != '\a') {
		clean[n_clean++] = c;
	}
}

static void output(const char *bytes, size_t n)
{
	if (n > MAX_SHOWN - n_shown)
		fail("more than %d bytes were shown", MAX_SHOWN);
	memcpy(shown + n_shown, bytes, n);
	n_shown += n;
	for (size_t i = 0; i < n; i++)
		filter(bytes[i]);
}

static void run_wait(const char *text)
{
	size_t n = strlen(text);
	int ms = limit();
	double end = now_ms() + ms;

	for (;;) {
		char *at = memmem(clean + seen, n_clean - seen, text, n);

		if (at) {
			seen = (size_t)(at - clean) + n;
			return;
		}
		if (!watch((int)(end - now_ms())))
			fail("did not appear within %d ms", ms);
	}
}

static void run_never(const char *text)
{
	if (memmem(shown, n_shown, text, strlen(text)))
		fail("was shown");
}

static void run_size(const char *text)
{
	int rows, columns;

	if (sscanf(text, "%d %d", &rows, &columns) != 2)
		fail("rows and columns wanted");
	resize(rows, columns);
}

int main(int argc, char **argv)
{
	static const struct action actions[] = {
		{"wait", run_wait}, {"never", run_never}, {"size", run_size}, {NULL, NULL}};
	static const struct driver driver = {actions, output, show};
	int code;

	if (argc < 2) {
		printf("# usage: pty PROGRAM ARGUMENT ... < actions\n");
		return 1;
	}
	shown = malloc(MAX_SHOWN);
	clean = malloc(MAX_SHOWN);
	code = terminal_drive(&driver, 24, 80, argv + 1);
	free(shown);
	free(clean);
	return code;
}
