/* vt.c - drives a program on a terminal that libvterm draws: types, waits for what is seen.
 *
 *	vt ROWS COLUMNS PROGRAM ARGUMENT ... <<EOF
 *
 * reads from standard input one action a line:
 *
 *	wait TEXT	until TEXT stands in one row of the screen; fails after the limit
 *	gone TEXT	until no row has TEXT
 *	row N TEXT	until row N (from 0; below 0: from the last one up) has TEXT
 *	type TEXT	as if typed
 *	cursor TEXT	until the cursor stands behind TEXT
 *	size ROWS COLS	changes the size of the terminal
 *	storm N		changes the size N times, ends with the size that was
 *	signal N	sends a signal to the program
 *	limit MS	how long everything waits from now on; 20000 at first
 *	within MS	as limit, for the next action only
 *	shown TEXT	fails unless TEXT is on the screen now
 *	keys N		types N letters one by one, waits for each to be seen, takes them back, and
 *			tells as `# ` line how long that took: half of them, 99 of 100, the slowest
 *	stop TEXT	Ctrl-C, then until TEXT; tells how long that took
 *	click ROW COL	a click there, told as terminals do that know mode 1006
 *	wheel ROW COL N	N turns of the wheel there, below 0: up
 *	idle MS		watches for so long; fails if the program used more than a tenth of it
 *	sane		fails unless the terminal echoes and edits lines by itself
 *	exit CODE	until the program has ended; fails unless with CODE
 *	killed N	until the program has ended; fails unless by signal N
 *
 * TEXT knows \n \r \t \e \b \\ and \xHH.  Exit code 0 when nothing failed, else 1 after a `# ` line
 * that tells what, and the screen.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { MAX_ROW = 4096 };

static VTerm *vt;
static VTermScreen *screen;
static VTermPos cursor;
static int rows, columns;
static int master, slave;
static pid_t child;
static int limit_ms = 20000, next_limit;
static char action[4096];

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

static void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

static void fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("# %s: ", action);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	for (int y = 0; y < rows; y++)
		printf("# |%s\n", row_text(y, columns));
	kill(child, SIGKILL);
	exit(1);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* In place; returns the length. */
static size_t unescape(char *text)
{
	static const char names[] = "nrteb\\", codes[] = "\n\r\t\033\b\\";
	char *to = text;

	for (char *p = text; *p; p++) {
		const char *name;
		unsigned byte;

		if (*p != '\\') {
			*to++ = *p;
			continue;
		}
		p++;
		name = *p ? strchr(names, *p) : NULL;
		if (name) {
			*to++ = codes[name - names];
		} else if (*p == 'x' && sscanf(p + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			p += 2;
		} else {
			fail("unknown escape");
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

/* Repeats the character before ESC [ N b, which libvterm 0.1 does not know and curses likes. */
static void feed(const char *bytes, size_t n)
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
	if (write(master, bytes, n) < 0)
		return;
}

static int on_cursor(VTermPos at, VTermPos before, int visible, void *unused)
{
	(void)before;
	(void)visible;
	(void)unused;
	cursor = at;
	return 1;
}

/* Reads what the program shows for at most ms; false when that time has passed. */
static bool watch(int ms)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	if (ms <= 0 || poll(&p, 1, ms) <= 0)
		return false;
	n = read(master, bytes, sizeof(bytes));
	if (n > 0)
		feed(bytes, (size_t)n);
	else
		usleep(1000);
	return true;
}

static int limit(void)
{
	int ms = next_limit ? next_limit : limit_ms;

	next_limit = 0;
	return ms;
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

static void check_shown(const char *text)
{
	if (!seen(text))
		fail("is not on the screen");
}

static void wait_cursor(const char *text)
{
	int ms = limit();
	double end = now_ms() + ms;

	while (!behind_cursor(text))
		if (!watch((int)(end - now_ms())))
			fail("not within %d ms; it is behind \"%s\"", ms,
			     row_text(cursor.row, cursor.col));
}

static void wait_row(char *text)
{
	char *wanted = strchr(text, ' ');
	int ms = limit(), y = atoi(text);
	double end = now_ms() + ms;

	wanted = wanted ? wanted + 1 : text + strlen(text);
	y = y < 0 ? rows + y : y;
	while (!strstr(row_text(y, columns), wanted))
		if (!watch((int)(end - now_ms())))
			fail("not within %d ms", ms);
}

static void type(const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = write(master, text, n);

		if (done < 0)
			fail("%s", strerror(errno));
		text += done;
		n -= (size_t)done;
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void measure_keys(int n)
{
	double *ms = calloc((size_t)n, sizeof(*ms));

	for (int i = 0; i < n; i++) {
		char text[3] = {(char)('a' + i % 26), 0, 0};
		int column = cursor.col;
		double began = now_ms();

		type(text, 1);
		while (cursor.col == column || !behind_cursor(text))
			if (!watch((int)(began + limit_ms - now_ms())))
				fail("a letter was not seen within %d ms", limit_ms);
		ms[i] = now_ms() - began;
		column = cursor.col;
		type("\b", 1);
		while (cursor.col == column)
			if (!watch(limit_ms))
				fail("a letter was not taken back within %d ms", limit_ms);
		watch(5 + i % 7);
	}
	qsort(ms, (size_t)n, sizeof(*ms), by_size);
	printf("# %d keys: median %.2f ms, 99 of 100 within %.2f ms, slowest %.2f ms\n", n,
	       ms[n / 2], ms[n * 99 / 100], ms[n - 1]);
	free(ms);
}

static void measure_stop(const char *text)
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

static void set_size(int h, int w)
{
	struct winsize size = {.ws_row = (unsigned short)h, .ws_col = (unsigned short)w};

	rows = h;
	columns = w;
	vterm_set_size(vt, h, w);
	ioctl(master, TIOCSWINSZ, &size);
}

static void storm(int n)
{
	int h = rows, w = columns;

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

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
	f = fopen(path, "r");
	if (f && fgets(line, sizeof(line), f) && strrchr(line, ')'))
		sscanf(strrchr(line, ')') + 1,
		       " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys);
	if (f)
		fclose(f);
	return (long)(user + sys);
}

static void check_idle(int ms)
{
	long before = used_ticks();
	double end = now_ms() + ms, share;

	while (now_ms() < end)
		watch((int)(end - now_ms()));
	share = 1000.0 * (double)(used_ticks() - before) / (double)sysconf(_SC_CLK_TCK) / ms;
	if (share > 0.1)
		fail("the program was busy for %.0f %% of the time", 100 * share);
}

static void check_sane(void)
{
	struct termios t;

	if (tcgetattr(slave, &t) != 0 || (t.c_lflag & (ICANON | ECHO)) != (ICANON | ECHO))
		fail("the terminal does not echo or does not edit lines");
}

static void check_end(bool by_signal, int wanted)
{
	int ms = limit(), status;
	double end = now_ms() + ms;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (now_ms() > end)
			fail("the program has not ended within %d ms", ms);
		watch(10);
	}
	while (watch(1))
		;
	if (WIFSIGNALED(status) && !(by_signal && WTERMSIG(status) == wanted))
		fail("the program was ended by signal %d", WTERMSIG(status));
	if (WIFEXITED(status) && (by_signal || WEXITSTATUS(status) != wanted))
		fail("the program ended with %d", WEXITSTATUS(status));
}

static void act(char *line)
{
	char *text = strchr(line, ' ');
	size_t n;
	int h, w;

	snprintf(action, sizeof(action), "%s", line);
	if (text)
		*text++ = '\0';
	else
		text = line + strlen(line);
	n = unescape(text);
	if (strcmp(line, "wait") == 0 || strcmp(line, "gone") == 0)
		wait_for(text, *line == 'w');
	else if (strcmp(line, "row") == 0)
		wait_row(text);
	else if (strcmp(line, "cursor") == 0)
		wait_cursor(text);
	else if (strcmp(line, "type") == 0)
		type(text, n);
	else if (strcmp(line, "shown") == 0)
		check_shown(text);
	else if (strcmp(line, "keys") == 0)
		measure_keys(atoi(text));
	else if (strcmp(line, "stop") == 0)
		measure_stop(text);
	else if (strcmp(line, "click") == 0 || strcmp(line, "wheel") == 0)
		mouse(text, *line == 'w');
	else if (strcmp(line, "size") == 0 && sscanf(text, "%d %d", &h, &w) == 2)
		set_size(h, w);
	else if (strcmp(line, "storm") == 0)
		storm(atoi(text));
	else if (strcmp(line, "signal") == 0)
		kill(child, atoi(text));
	else if (strcmp(line, "limit") == 0)
		limit_ms = atoi(text);
	else if (strcmp(line, "within") == 0)
		next_limit = atoi(text);
	else if (strcmp(line, "idle") == 0)
		check_idle(atoi(text));
	else if (strcmp(line, "sane") == 0)
		check_sane();
	else if (strcmp(line, "exit") == 0)
		check_end(false, atoi(text));
	else if (strcmp(line, "killed") == 0)
		check_end(true, atoi(text));
	else
		fail("unknown action");
}

static void start(char **argv)
{
	static const VTermScreenCallbacks callbacks = {.movecursor = on_cursor};

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		fail("no terminal: %s", strerror(errno));
	vt = vterm_new(rows, columns);
	vterm_set_utf8(vt, 1);
	vterm_output_set_callback(vt, answer, NULL);
	screen = vterm_obtain_screen(vt);
	vterm_screen_set_callbacks(screen, &callbacks, NULL);
	vterm_screen_enable_altscreen(screen, 1);
	vterm_screen_reset(screen, 1);
	set_size(rows, columns);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		fail("no terminal: %s", strerror(errno));
	child = fork();
	if (child > 0)
		return;
	/* a shell that starts this in the background has Ctrl-C ignored */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	char line[4096];

	if (argc < 4) {
		printf("# usage: vt ROWS COLUMNS PROGRAM ARGUMENT ... < actions\n");
		return 1;
	}
	rows = atoi(argv[1]);
	columns = atoi(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	start(argv + 3);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			act(line);
	}
	kill(child, SIGKILL);
	vterm_free(vt);
	return 0;
}
