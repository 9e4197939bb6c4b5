/* terminal.c - what drivers of programs on terminals have in common. */
#include "config.h"

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const struct driver *driver;
static int master, slave;
static pid_t child;
static int limit_ms = 20000, next_limit;
static char current[4096];	/* the action that runs */

void fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("# %s: ", current);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	driver->show();
	kill(child, SIGKILL);
	exit(1);
}

double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int limit(void)
{
	int ms = next_limit ? next_limit : limit_ms;

	next_limit = 0;
	return ms;
}

bool watch(int ms)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	if (ms <= 0 || poll(&p, 1, ms) <= 0)
		return false;
	n = read(master, bytes, sizeof(bytes));
	if (n > 0)
		driver->output(bytes, (size_t)n);
	else
		usleep(1000);
	return true;
}

void type(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(master, bytes, n);

		if (done < 0)
			fail("%s", strerror(errno));
		bytes += done;
		n -= (size_t)done;
	}
}

void resize(int rows, int columns)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	ioctl(master, TIOCSWINSZ, &size);
}

pid_t program(void)
{
	return child;
}

/* --- the actions of all drivers ------------------------------------------------------------- */

static void run_type(const char *text)
{
	type(text, strlen(text));
}

static void run_signal(const char *text)
{
	kill(child, atoi(text));
}

static void run_limit(const char *text)
{
	limit_ms = atoi(text);
}

static void run_within(const char *text)
{
	next_limit = atoi(text);
}

static void run_sane(const char *text)
{
	struct termios t;

	(void)text;
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

static void run_exit(const char *text)
{
	check_end(false, atoi(text));
}

static void run_killed(const char *text)
{
	check_end(true, atoi(text));
}

static const struct action common[] = {
	{"type", run_type},	{"signal", run_signal}, {"limit", run_limit},
	{"within", run_within}, {"sane", run_sane},	{"exit", run_exit},
	{"killed", run_killed}, {NULL, NULL},
};

/* In place. */
static void unescape(char *text)
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
}

static const struct action *find(const struct action *table, const char *name)
{
	while (table->name && strcmp(table->name, name) != 0)
		table++;
	return table->name ? table : NULL;
}

static void act(char *line)
{
	char *text = strchr(line, ' ');
	const struct action *a;

	snprintf(current, sizeof(current), "%s", line);
	if (text)
		*text++ = '\0';
	else
		text = line + strlen(line);
	a = find(driver->actions, line);
	a = a ? a : find(common, line);
	if (!a)
		fail("unknown action");
	unescape(text);
	a->run(text);
}

/* --- the program ---------------------------------------------------------------------------- */

static void start(int rows, int columns, char **argv)
{
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		fail("no terminal: %s", strerror(errno));
	resize(rows, columns);
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

int terminal_drive(const struct driver *d, int rows, int columns, char **program_words)
{
	char line[4096];

	driver = d;
	signal(SIGPIPE, SIG_IGN);
	start(rows, columns, program_words);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			act(line);
	}
	kill(child, SIGKILL);
	return 0;
}
