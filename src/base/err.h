/* err.h - how a function says that it failed, and why.
 *
 * Anything that can fail returns enum rt_status and takes a struct rt_err last.  The message is one
 * line: what is wrong, where, the two numbers that disagree, what to try.  Callers add the noun
 * they know with rt_wrap(); a lower message is never lost.
 */
#ifndef RT_BASE_ERR_H
#define RT_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum rt_status {
	RT_OK = 0,
	RT_EINVAL,	/* an option or argument is not allowed */
	RT_ENOTFOUND,	/* no object, row or file of that name */
	RT_EEXISTS,	/* the name is taken */
	RT_EIO,		/* the operating system refused */
	RT_EFORMAT,	/* a file is damaged or not what it claims to be */
	RT_ESHAPE,	/* shapes or types do not fit together */
	RT_EUNSUPPORTED,/* understood, but retort cannot do it */
	RT_ENOMEM,	/* not enough memory for a tensor or file */
	RT_ENUMERIC,	/* not a number, or infinite, where a number is needed */
	RT_EUNKNOWN,	/* it depends on values that are known only while running */
	RT_ECANCELLED,	/* the user asked to stop */
};

struct rt_err {
	enum rt_status status;
	char msg[1024];
};

/* Fills *err with status and the formatted line; returns status. */
enum rt_status rt_fail(struct rt_err *err, enum rt_status status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "<formatted>: " in front of the message already in *err; returns its status. */
enum rt_status rt_wrap(struct rt_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Returns from the calling function when expr is not RT_OK; only where nothing needs releasing. */
#define RT_TRY(expr)                                                                               \
	do {                                                                                       \
		enum rt_status rt_try_status_ = (expr);                                            \
		if (rt_try_status_ != RT_OK)                                                       \
			return rt_try_status_;                                                     \
	} while (0)

/* Dies with file and line when a promise of the program itself is broken; on in every build.
 * Never used on input, files or commands. */
#define RT_ASSERT(cond)                                                                            \
	do {                                                                                       \
		if (!(cond))                                                                       \
			rt_die(__FILE__, __LINE__, #cond);                                         \
	} while (0)

/* Writes "file:line: broken promise: what" to stderr and aborts. */
void rt_die(const char *file, int line, const char *what) __attribute__((noreturn));

#define RT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
