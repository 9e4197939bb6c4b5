/* signals.c - signal handlers, which only raise a flag or write one byte to a pipe. */
#include "config.h"

#include "base/err.h"
#include "base/sys.h"
#include "views/screen/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int wake[2] = {-1, -1};
/* Handlers run in any thread: what they read is atomic. */
static atomic_int busy, interrupts;
static char still_text[2][160];
static _Atomic(const char *) still = "";	/* what the second Ctrl-C says */
static struct termios sane;
static atomic_int has_sane;
static atomic_int screen = -1;			/* the terminal behind a full screen */
static _Atomic(const char *) farewell = "";

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};
static struct sigaction before[RT_COUNT(fatal)];

/* What a handler may do about a write that fails: nothing. */
static void put(int fd, const char *bytes, size_t n)
{
	if (write(fd, bytes, n) < 0)
		return;
}

static void leave_screen(void)
{
	const char *bytes = farewell;

	if (screen < 0)
		return;
	put(screen, bytes, strlen(bytes));
	if (has_sane)
		tcsetattr(screen, TCSANOW, &sane);
}

/* A thread that waits for the third Ctrl-C, because a handler cannot write files. */
static struct {
	int wake[2];
	void (*save)(void *closure, int fd);
	void *closure;
} rescue = {.wake = {-1, -1}};

static void *wait_for_rescue(void *unused)
{
	char byte;

	(void)unused;
	while (read(rescue.wake[0], &byte, 1) != 1)
		if (errno != EINTR)
			return NULL;
	leave_screen();
	rescue.save(rescue.closure, screen >= 0 ? screen : STDERR_FILENO);
	signal(SIGINT, SIG_DFL);
	kill(getpid(), SIGINT);
	return NULL;
}

void rt_signals_rescue(void (*save)(void *closure, int fd), void *closure)
{
	pthread_t thread;

	rescue.save = save;
	rescue.closure = closure;
	if (pipe2(rescue.wake, O_CLOEXEC) != 0)
		rescue.wake[0] = rescue.wake[1] = -1;
	else if (pthread_create(&thread, NULL, wait_for_rescue, NULL) == 0)
		pthread_detach(thread);
}

/* Into the buffer that nobody reads just now. */
static void say_later(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say_later(const char *fmt, ...)
{
	char *text = still_text[still == still_text[0]];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(still_text[0]), fmt, args);
	va_end(args);
	still = text;
}

static void on_interrupt(int sig)
{
	int saved = errno, nth = busy ? ++interrupts : 0;
	const char *text = still;
	char byte = (char)sig;

	rt_cancel_request();
	if (!busy || screen >= 0)
		put(wake[1], &byte, 1);
	if (nth == 0) {
		/* the prompt has it */
	} else if (nth == 2) {
		put(STDERR_FILENO, text, strlen(text));
	} else if (nth == 3 && rescue.wake[1] >= 0) {
		put(rescue.wake[1], &byte, 1);
	} else if (nth > 2) {
		leave_screen();
		signal(SIGINT, SIG_DFL);
		kill(getpid(), SIGINT);
	}
	errno = saved;
}

static void on_signal(int sig)
{
	int saved = errno;
	char byte = (char)sig;

	if (sig == SIGTERM || sig == SIGHUP)
		rt_cancel_request();
	put(wake[1], &byte, 1);
	errno = saved;
}

static void on_fatal(int sig)
{
	static const char paste_off[] = "\033[?2004l";

	leave_screen();
	if (has_sane && screen < 0) {
		if (!busy)
			put(STDOUT_FILENO, paste_off, sizeof(paste_off) - 1);
		tcsetattr(STDIN_FILENO, TCSANOW, &sane);
	}
	for (size_t i = 0; i < RT_COUNT(fatal); i++)
		if (fatal[i] == sig)
			sigaction(sig, &before[i], NULL);
	raise(sig);
}

static void catch(int sig, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(sig, &action, NULL);
}

void rt_signals_batch(void)
{
	struct sigaction inherited;

	/* a script put into the background by a shell does not hear Ctrl-C, and that stays so */
	if (sigaction(SIGINT, NULL, &inherited) == 0 && inherited.sa_handler == SIG_IGN)
		return;
	busy = 1;
	say_later("still stopping; Ctrl-C once more ends the program\n");
	catch(SIGINT, on_interrupt);
}

void rt_signals_prompt(void)
{
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC) != 0)
		wake[0] = wake[1] = -1;
	busy = 0;
	catch(SIGINT, on_interrupt);
	catch(SIGTERM, on_signal);
	catch(SIGHUP, on_signal);
	catch(SIGWINCH, on_signal);
	catch(SIGTSTP, on_signal);
	has_sane = tcgetattr(STDIN_FILENO, &sane) == 0;
	for (size_t i = 0; i < RT_COUNT(fatal); i++) {
		struct sigaction action = {.sa_handler = on_fatal};

		sigemptyset(&action.sa_mask);
		sigaction(fatal[i], &action, &before[i]);
	}
}

int rt_signals_fd(void)
{
	return wake[0];
}

int rt_signals_next(void)
{
	char byte;

	return read(wake[0], &byte, 1) == 1 ? byte : 0;
}

void rt_signals_busy_begin(const char *what)
{
	say_later("still running: %.60s; Ctrl-C once more ends the program\n", what);
	interrupts = 0;
	busy = 1;
	rt_cancel_clear();
	catch(SIGTSTP, SIG_DFL);
}

void rt_signals_busy_end(void)
{
	catch(SIGTSTP, on_signal);
	busy = 0;
}

void rt_signals_screen(int fd, const char *bytes)
{
	screen = -1;
	farewell = bytes;
	screen = fd;
}

void rt_signals_working(const char *what)
{
	if (what && !busy) {
		say_later("still running: %.60s; Ctrl-C once more ends the program\n", what);
		interrupts = 0;
	}
	busy = what != NULL;
}

void rt_signals_lend(bool lent)
{
	catch(SIGINT, lent ? SIG_IGN : on_interrupt);
}

void rt_signals_suspend(void)
{
	catch(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	catch(SIGTSTP, on_signal);
}
