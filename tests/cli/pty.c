/* pty.c - drives a program on a terminal of its own: types, waits for text, looks at how it ends.
 *
 *	pty PROGRAM ARGUMENT ... <<EOF
 *
 * reads from standard input one action a line:
 *
 *	wait TEXT	until TEXT appears behind what was waited for last; fails after the limit.
 *			Escape sequences, carriage returns and bells are left out
 *	type TEXT	as if typed
 *	never TEXT	fails if TEXT was shown at any time so far, byte for byte
 *	limit MS	how long `wait` and `exit` wait from now on; 20000 at first
 *	size ROWS COLS	changes the size of the terminal
 *	signal N	sends a signal to the program
 *	sane		fails unless the terminal echoes and edits lines by itself
 *	exit CODE	until the program has ended; fails unless with CODE
 *	killed N	until the program has ended; fails unless by signal N
 *
 * TEXT knows \n \r \t \e \b \\ and \xHH; "\x20" ends a text with a blank.  Exit code 0 when nothing
 * failed, else 1 after a `# ` line that tells what, and what was shown.
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

enum { MAX_SHOWN = 1 << 22 };

static char *shown, *clean; /* everything so far; the same without what only moves and colours */
static size_t n_shown, n_clean, seen;	/* seen: the end, in clean, of what was waited for last */
static int escape; /* 0, or inside an escape sequence: ESC, or the character behind it */
static int master, slave;
static pid_t child;
static int limit_ms = 20000;
static char action[4096];

static void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

static void fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("# %s: ", action);
	vprintf(fmt, args);
	va_end(args);
	printf("\n# shown: ");
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

/* Reads what the program shows for at most ms; false when that time has passed. */
static bool watch(int ms)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	ssize_t n;

	if (ms <= 0 || poll(&p, 1, ms) <= 0)
		return false;
	n = read(master, shown + n_shown, MAX_SHOWN - n_shown);
	for (ssize_t i = 0; i < n; i++)
		filter(shown[n_shown++]);
	return true;
}

static void wait_for(const char *text, size_t n)
{
	double end = now_ms() + limit_ms;

	for (;;) {
		char *at = memmem(clean + seen, n_clean - seen, text, n);

		if (at) {
			seen = (size_t)(at - clean) + n;
			return;
		}
		if (!watch((int)(end - now_ms())))
			fail("did not appear within %d ms", limit_ms);
	}
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

static void set_size(const char *text)
{
	struct winsize size = {0};

	if (sscanf(text, "%hu %hu", &size.ws_row, &size.ws_col) != 2)
		fail("rows and columns wanted");
	ioctl(master, TIOCSWINSZ, &size);
}

static void check_sane(void)
{
	struct termios t;

	if (tcgetattr(slave, &t) != 0 || (t.c_lflag & (ICANON | ECHO)) != (ICANON | ECHO))
		fail("the terminal does not echo or does not edit lines");
}

static void check_end(bool by_signal, int wanted)
{
	double end = now_ms() + limit_ms;
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (now_ms() > end)
			fail("the program has not ended within %d ms", limit_ms);
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

	snprintf(action, sizeof(action), "%s", line);
	if (text)
		*text++ = '\0';
	else
		text = line + strlen(line);
	n = unescape(text);
	if (strcmp(line, "wait") == 0)
		wait_for(text, n);
	else if (strcmp(line, "type") == 0)
		type(text, n);
	else if (strcmp(line, "never") == 0 && memmem(shown, n_shown, text, n))
		fail("was shown");
	else if (strcmp(line, "limit") == 0)
		limit_ms = atoi(text);
	else if (strcmp(line, "size") == 0)
		set_size(text);
	else if (strcmp(line, "signal") == 0)
		kill(child, atoi(text));
	else if (strcmp(line, "sane") == 0)
		check_sane();
	else if (strcmp(line, "exit") == 0)
		check_end(false, atoi(text));
	else if (strcmp(line, "killed") == 0)
		check_end(true, atoi(text));
	else if (strcmp(line, "never") != 0)
		fail("unknown action");
}

static void start(char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		fail("no terminal: %s", strerror(errno));
	ioctl(master, TIOCSWINSZ, &size);
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

	if (argc < 2)
		fail("usage: pty PROGRAM ARGUMENT ... < actions");
	shown = malloc(MAX_SHOWN);
	clean = malloc(MAX_SHOWN);
	signal(SIGPIPE, SIG_IGN);
	start(argv + 1);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			act(line);
	}
	kill(child, SIGKILL);
	free(shown);
	free(clean);
	return 0;
}
