/* vt.c - drives a program on a terminal that libvterm draws: types, waits for what is seen.
 *
 *	vt ROWS COLUMNS PROGRAM ARGUMENT ... <<EOF
 *
 * reads from standard input one action a line, those of terminal.h and:
 *
 *	wait TEXT	until TEXT stands in one row of the screen; fails after the limit
 *	gone TEXT	until no row has TEXT
 *	row N TEXT	until row N (from 0; below 0: from the last one up) has TEXT
 *	cursor TEXT	until the cursor stands behind TEXT
 *	size ROWS COLS	changes the size of the terminal
 *	storm N		changes the size N times, ends with the size that was
 *	shown TEXT	fails unless TEXT is on the screen now
 *	keys N		types N letters one by one, waits for each to be seen, takes them back, and
 *			tells as `# ` line how long that took: half of them, 99 of 100, the slowest
 *	stop TEXT	Ctrl-C, then until TEXT; tells how long that took
 *	click ROW COL	a click there, told as terminals do that know mode 1006
 *	wheel ROW COL N	N turns of the wheel there, below 0: up
 *	idle MS		watches for so long; fails if the program used more than a tenth of it
 *
 * Exit code 0 when nothing failed, else 1 after a `# ` line that tells what, and the screen.
 */
#include "config.h"

#include "../terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

enum { MAX_ROW = 4096 };

static VTerm *vt;
static VTermScreen *screen;
static VTermPos cursor;
static int rows, columns;

/* What is seen in columns 0 .. end - 1 of a row, as UTF-8 without blanks at the end. */
static const char *row_text(int row, int end)
{
	static char text[MAX_ROW];
	size_t n = 0, last = 0;

	for (int x = 0; x < end && n + 32 < sizeof(text); x++) {
		VTermScreenCell cell;
		uint32_t c;

		vterm_screen_get_cell(screen, (VTermPos){.row = row, .col = x}, &cell);
		c = cell.chars[0] ? cell.chars[0] : ' ';
		if (c == (uint32_t)-1)
			continue;
		if (c < 0x80) {
			text[n++] = (char)c;
		} else if (c < 0x800) {
			text[n++] = (char)(0xc0 | c >> 6);
			text[n++] = (char)(0x80 | (c & 0x3f));
		} else {
			text[n++] = (char)(0xe0 | (c >> 12 & 0xf));
			text[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			text[n++] = (char)(0x80 | (c & 0x3f));
		}
		if (c != ' ' || end < columns)
			last = n;
	}
	text[last] = '\0';
	return text;
}

static void show(void)
{
	for (int y = 0; y < rows; y++)
		printf("# |%s\n", row_text(y, columns));
}

/* Repeats the character before ESC [ N b, which libvterm 0.1 does not know and curses likes. */
static void output(const char *bytes, size_t n)
{
	static char held[16], last = ' ';
	static size_t n_held;

	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];
		int count;

		if (n_held == 0 && c != '\033') {
			if (c >= ' ')
				last = c;
			vterm_input_write(vt, &c, 1);
			continue;
		}
		held[n_held++] = c;
		if ((n_held == 2 && c == '[') || n_held == 1 ||
		    (n_held > 2 && c >= '0' && c <= '9' && n_held < sizeof(held) - 1))
			continue;
		held[n_held] = '\0';
		count = c == 'b' && n_held > 2 ? atoi(held + 2) : 0;
		if (count == 0)
			vterm_input_write(vt, held, n_held);
		for (; count > 0; count--)
			vterm_input_write(vt, &last, 1);
		n_held = 0;
	}
}

/* What the terminal answers to questions of the program. */
static void answer(const char *bytes, size_t n, void *unused)
{
	(void)unused;
	type(bytes, n);
}

static int on_cursor(VTermPos at, VTermPos before, int visible, void *unused)
{
	(void)before;
	(void)visible;
	(void)unused;
	cursor = at;
	return 1;
}

static bool seen(const char *text)
{
	for (int y = 0; y < rows; y++)
		if (strstr(row_text(y, columns), text))
			return true;
	return false;
}

static bool behind_cursor(const char *text)
{
	const char *row = row_text(cursor.row, cursor.col);
	size_t n = strlen(row), m = strlen(text);

	return n >= m && strcmp(row + n - m, text) == 0;
}

static void wait_for(const char *text, bool wanted)
{
	int ms = limit();
	double end = now_ms() + ms;

	while (seen(text) != wanted)
		if (!watch((int)(end - now_ms())))
			fail("not within %d ms", ms);
}

static void run_wait(const char *text)
{
	wait_for(text, true);
}

static void run_gone(const char *text)
{
	wait_for(text, false);
}

static void run_shown(const char *text)
{
	if (!seen(text))
		fail("is not on the screen");
}

static void run_cursor(const char *text)
{
	int ms = limit();
	double end = now_ms() + ms;

	while (!behind_cursor(text))
		if (!watch((int)(end - now_ms())))
			fail("not within %d ms; it is behind \"%s\"", ms,
			     row_text(cursor.row, cursor.col));
}

static void run_row(const char *text)
{
	const char *wanted = strchr(text, ' ');
	int ms = limit(), y = atoi(text);
	double end = now_ms() + ms;

	wanted = wanted ? wanted + 1 : text + strlen(text);
	y = y < 0 ? rows + y : y;
	while (!strstr(row_text(y, columns), wanted))
		if (!watch((int)(end - now_ms())))
			fail("not within %d ms", ms);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void run_keys(const char *count)
{
	const int n = atoi(count), most = limit();
	double *ms = calloc((size_t)n, sizeof(*ms));

	for (int i = 0; i < n; i++) {
		char text[3] = {(char)('a' + i % 26), 0, 0};
		int column = cursor.col;
		double began = now_ms();

		type(text, 1);
		while (cursor.col == column || !behind_cursor(text))
			if (!watch((int)(began + most - now_ms())))
				fail("a letter was not seen within %d ms", most);
		ms[i] = now_ms() - began;
		column = cursor.col;
		type("\b", 1);
		while (cursor.col == column)
			if (!watch(most))
				fail("a letter was not taken back within %d ms", most);
		watch(5 + i % 7);
	}
	qsort(ms, (size_t)n, sizeof(*ms), by_size);
	printf("# %d keys: median %.2f ms, 99 of 100 within %.2f ms, slowest %.2f ms\n", n,
	       ms[n / 2], ms[n * 99 / 100], ms[n - 1]);
	free(ms);
}

static void run_stop(const char *text)
{
	double began = now_ms();

	type("\003", 1);
	wait_for(text, true);
	printf("# stopped after %.1f ms\n", now_ms() - began);
}

/* Buttons of xterm: 0 the left one, 64 and 65 the wheel. */
static void mouse(const char *text, bool wheel)
{
	int row = 0, column = 0, n = 1;
	char bytes[64];

	sscanf(text, "%d %d %d", &row, &column, &n);
	row = row < 0 ? rows + row : row;
	for (int i = 0; i < abs(n); i++) {
		int button = !wheel ? 0 : n < 0 ? 64 : 65;

		snprintf(bytes, sizeof(bytes), "\033[<%d;%d;%dM", button, column + 1, row + 1);
		type(bytes, strlen(bytes));
		if (wheel)
			continue;
		snprintf(bytes, sizeof(bytes), "\033[<%d;%d;%dm", button, column + 1, row + 1);
		type(bytes, strlen(bytes));
	}
}

static void run_click(const char *text)
{
	mouse(text, false);
}

static void run_wheel(const char *text)
{
	mouse(text, true);
}

static void set_size(int h, int w)
{
	rows = h;
	columns = w;
	vterm_set_size(vt, h, w);
	resize(h, w);
}

static void run_size(const char *text)
{
	int h, w;

	if (sscanf(text, "%d %d", &h, &w) != 2)
		fail("rows and columns wanted");
	set_size(h, w);
}

static void run_storm(const char *text)
{
	const int n = atoi(text), h = rows, w = columns;

	for (int i = 0; i < n; i++) {
		set_size(3 + i * 7 % 60, 10 + i * 13 % 190);
		watch(2);
	}
	set_size(h, w);
}

/* Ticks of processor time that the program has used. */
static long used_ticks(void)
{
	char path[64], line[1024] = "";
	unsigned long user = 0, sys = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)program());
	f = fopen(path, "r");
	if (f && fgets(line, sizeof(line), f) && strrchr(line, ')'))
		sscanf(strrchr(line, ')') + 1,
		       " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys);
	if (f)
		fclose(f);
	return (long)(user + sys);
}

static void run_idle(const char *text)
{
	const int ms = atoi(text);
	long before = used_ticks();
	double end = now_ms() + ms, share;

	while (now_ms() < end)
		watch((int)(end - now_ms()));
	share = 1000.0 * (double)(used_ticks() - before) / (double)sysconf(_SC_CLK_TCK) / ms;
	if (share > 0.1)
		fail("the program was busy for %.0f %% of the time", 100 * share);
}

int main(int argc, char **argv)
{
	static const VTermScreenCallbacks callbacks = {.movecursor = on_cursor};
	static const struct action actions[] = {
		{"wait", run_wait},	{"gone", run_gone},   {"row", run_row},
		{"cursor", run_cursor}, {"shown", run_shown}, {"keys", run_keys},
		{"stop", run_stop},	{"click", run_click}, {"wheel", run_wheel},
		{"size", run_size},	{"storm", run_storm}, {"idle", run_idle},
		{NULL, NULL},
	};
	static const struct driver driver = {actions, output, show};
	int code;

	if (argc < 4) {
		printf("# usage: vt ROWS COLUMNS PROGRAM ARGUMENT ... < actions\n");
		return 1;
	}
	rows = atoi(argv[1]);
	columns = atoi(argv[2]);
	vt = vterm_new(rows, columns);
	vterm_set_utf8(vt, 1);
	vterm_output_set_callback(vt, answer, NULL);
	screen = vterm_obtain_screen(vt);
	vterm_screen_set_callbacks(screen, &callbacks, NULL);
	vterm_screen_enable_altscreen(screen, 1);
	vterm_screen_reset(screen, 1);
	code = terminal_drive(&driver, rows, columns, argv + 3);
	vterm_free(vt);
	return code;
}
