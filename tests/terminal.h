/* terminal.h - a program on a terminal of its own, driven by actions read from standard input, one
 * a line: a word, and behind a blank a text that knows \n \r \t \e \b \\ and \xHH.  These are
 * known to every driver:
 *
 *	type TEXT	as if typed
 *	signal N	sends a signal to the program
 *	limit MS	how long everything waits from now on; 20000 at first
 *	within MS	as limit, for the next action only
 *	sane		fails unless the terminal echoes and edits lines by itself
 *	exit CODE	until the program has ended; fails unless with CODE
 *	killed N	until the program has ended; fails unless by signal N
 */
#ifndef RT_TESTS_TERMINAL_H
#define RT_TESTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct action {
	const char *name;	/* NULL ends a table */
	void (*run)(const char *text);
};

/* A driver: its own actions, what becomes of bytes that the program shows, and what is printed
 * behind a failure. */
struct driver {
	const struct action *actions;
	void (*output)(const char *bytes, size_t n);
	void (*show)(void);
};

/* Starts the program on a terminal of that size and runs the actions; 0 when none failed. */
int terminal_drive(const struct driver *d, int rows, int columns, char **program);

/* Prints `# action: reason` and what was shown, ends the program, exits with 1. */
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

double now_ms(void);

/* How long the action that runs may wait; `within` counts once. */
int limit(void);

/* Reads what the program shows for at most ms; false when that time has passed. */
bool watch(int ms);

/* Bytes to the program as if typed; a new size of the terminal; the program. */
void type(const char *bytes, size_t n);
void resize(int rows, int columns);
pid_t program(void);

#endif
