/* unit.h - cmocka with the headers it needs, and what every test program uses. */
#ifndef RT_TESTS_UNIT_H
#define RT_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

/* Memory and time are not what they are in a plain build. */
#if defined(__SANITIZE_ADDRESS__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#ifndef UNDER_SANITIZER
#define UNDER_SANITIZER 0
#endif

/* Runs expr and fails with its message unless it returns RT_OK; needs `struct rt_err err` in
 * scope. */
#define assert_ok(expr)                                                                            \
	do {                                                                                       \
		if ((expr) != RT_OK)                                                               \
			fail_msg("%s: %s", #expr, err.msg);                                        \
	} while (0)

/* Runs expr and fails unless it returns status with a message that contains text. */
#define assert_fails(expr, wanted, text)                                                           \
	do {                                                                                       \
		enum rt_status got_ = (expr);                                                      \
		if (got_ != (wanted) || !strstr(err.msg, text))                                    \
			fail_msg("%s: status %d, \"%s\"; wanted %d with \"%s\"", #expr, got_,      \
				 err.msg, wanted, text);                                           \
	} while (0)

/* Ends a case that this machine or build cannot run; cmocka's own skip() counts as a failure with
 * TAP readers, because it prints "not ok". */
#define left_out(why)                                                                              \
	do {                                                                                       \
		printf("# left out: %s\n", why);                                                   \
		return;                                                                            \
	} while (0)

/* |a - b| <= tol * max(1, |b|). */
#define assert_close(a, b, tol)                                                                    \
	do {                                                                                       \
		double a_ = (a), b_ = (b), m_ = b_ < 0 ? -b_ : b_;                                 \
		if (!(a_ - b_ <= (tol) * (m_ > 1 ? m_ : 1) &&                                      \
		      b_ - a_ <= (tol) * (m_ > 1 ? m_ : 1)))                                       \
			fail_msg("%s = %.9g, wanted %.9g", #a, a_, b_);                            \
	} while (0)

/* A file of the tests' folder; the caller frees. */
static inline char *test_path(const char *relative)
{
	const char *dir = getenv("RT_TESTS");
	size_t n;
	char *path;

	if (!dir)
		dir = "tests";
	n = strlen(dir) + strlen(relative) + 2;
	path = malloc(n);
	snprintf(path, n, "%s/%s", dir, relative);
	return path;
}

/* Filters cases by `-t PATTERN` on the command line; call first in main. */
static inline void unit_args(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-t") == 0)
		cmocka_set_test_filter(argv[2]);
}

#endif
