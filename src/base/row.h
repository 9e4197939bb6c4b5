/* row.h - the one mechanism for everything the user can name.
 *
 * An op, a file format, a loss, a method, a command, a view ... is one const row in the file that
 * implements it, starting with struct rt_row.  Its options describe a plain params struct;
 * defaults, parsing, validation, help, completion, ONNX attributes and the manual are derived from
 * them.
 */
#ifndef RT_BASE_ROW_H
#define RT_BASE_ROW_H

#include "base/err.h"
#include "base/str.h"

#include <math.h>
#include <stdint.h>

/* The C type of the field at rt_opt.offset stands behind each. */
enum rt_type {
	RT_BOOL,	/* bool; yes/no, true/false, on/off, 1/0 */
	RT_INT,		/* int64_t */
	RT_REAL,	/* double */
	RT_STRING,	/* char *, owned by the params */
	RT_CHOICE,	/* int, an index into choices */
	RT_INTS,	/* struct rt_ints, owned */
	RT_REALS,	/* struct rt_reals, owned */
	RT_STRINGS,	/* struct rt_strings, owned */
};

struct rt_ints {
	int n;
	int64_t *v;
};
struct rt_reals {
	int n;
	double *v;
};
struct rt_strings {
	int n;
	char **v;
};

/* What an option holds when it has no default and was not given. */
#define RT_UNSET_INT INT64_MIN
#define RT_UNSET_REAL NAN
#define RT_UNSET_CHOICE (-1)

enum rt_opt_flags {
	RT_OPT_REQUIRED = 1,	/* must be given */
	RT_OPT_POSITIONAL = 2,	/* given by place, not by -name; in the order of the rows */
	RT_OPT_REST = 4,	/* RT_STRINGS: takes every remaining positional argument */
	RT_OPT_ABOVE_MIN = 8,	/* min itself is not allowed */
};

struct rt_opt {
	const char *name;	/* as typed, without the dash */
	const char *summary;	/* one line, no full stop */
	enum rt_type type;
	size_t offset;		/* of the field in the params struct */
	const char *init;	/* default, as the user would type it; NULL = unset */
	double min, max;	/* allowed range of each number, inclusive; both 0 = any */
	const char *const *choices; /* RT_CHOICE: NULL-terminated */
	const char *of;		/* what a string names, for completion: "model", "data", "file",
				   "layer", "command" or a list of rows such as "optimizer" */
	const char *example;	/* a good value, shown in error lines; may be NULL */
	unsigned flags;
};

struct rt_row {
	const char *name;	/* as the user types it */
	const char *summary;	/* one line, no full stop */
	const struct rt_opt *opts; /* ends with a NULL name; may be NULL */
	size_t params_size;	/* of the params struct; 0 when opts is NULL */
	const char *examples;	/* lines that `make check` runs; may be NULL */
};

/* Every row of one kind.  rows[i] may be the head of a larger struct. */
struct rt_list {
	const char *noun;	/* "operator", "optimizer", "command" ... */
	const struct rt_row *const *rows;
	int n;
	const char *help;	/* how the rows are used together, lines of text; may be NULL */
	const char *examples;	/* as those of a row */
};

/* The row of that name, borrowed, or NULL. */
const struct rt_row *rt_list_find(const struct rt_list *list, const char *name);

/* The same, but an unknown name fails with RT_ENOTFOUND:
 * `no optimizer "sdg"; did you mean "sgd"?  (one of: adam adamw sgd)`. */
enum rt_status rt_list_get(const struct rt_row **out, const struct rt_list *list, const char *name,
			   struct rt_err *err);

/* The nearest of n names within edit distance 2 (1 for names of up to 3 letters), or NULL. */
const char *rt_nearest(const char *name, const char *const *names, int n);

/* Sets every field of params (params_size bytes, uninitialized) to its default.  The defaults of a
 * row are checked by the tests, so this cannot fail. */
void rt_params_init(const struct rt_row *row, void *params);

/* Frees what the fields own and leaves the bytes zero. */
void rt_params_release(const struct rt_row *row, void *params);

/* Copies every field of from, deeply, to the uninitialized to. */
void rt_params_copy(const struct rt_row *row, void *to, const void *from);

/* True when every field is equal (NaN equals NaN). */
bool rt_params_equal(const struct rt_row *row, const void *a, const void *b);

/* The option of that name, borrowed, or NULL. */
const struct rt_opt *rt_opt_find(const struct rt_row *row, const char *name);

/* Like rt_opt_find(), but an unknown name fails with RT_EINVAL and a suggestion. */
enum rt_status rt_opt_get(const struct rt_opt **out, const struct rt_row *row, const char *name,
			  struct rt_err *err);

/* Parses text and stores it in the field of opt; fails with RT_EINVAL naming the option, what it
 * got, what is allowed and an example.  Lists are separated by blanks or commas. */
enum rt_status rt_opt_parse(const struct rt_opt *opt, void *params, const char *text,
			    struct rt_err *err);

/* Checks a value already stored by other means (ONNX attributes) against range and length. */
enum rt_status rt_opt_check(const struct rt_opt *opt, const void *params, struct rt_err *err);

/* Appends the value of the field as rt_opt_parse() would read it; nothing when it is unset. */
void rt_opt_text(const struct rt_opt *opt, const void *params, struct rt_str *out);

/* True when the field holds its default. */
bool rt_opt_is_default(const struct rt_opt *opt, const void *params);

/* Parses argv (n words: positional arguments and -name value pairs, `-name=value` not accepted)
 * into initialized params.  All words are checked before anything is used; required options are
 * demanded; "-5" is a value, not an option.  Errors: RT_EINVAL, one line, with the row's name where
 * it helps. */
enum rt_status rt_params_parse(const struct rt_row *row, void *params, int n,
			       const char *const *argv, struct rt_err *err);

/* The row that an option of a call names brings its own options to the call: after
 * `explain grad_cam`, those of grad_cam are understood, too. */
struct rt_kind {
	const char *option; /* of the call's row: RT_STRING or RT_CHOICE; NULL ends an array */
	const struct rt_list *list;	/* where the name is looked up */
};

/* A row that was named, with its params; both NULL when nothing was. */
struct rt_chosen {
	const struct rt_row *row;
	void *params;		/* owned */
};

/* Like rt_params_parse(); what row does not know is looked up in the rows that kinds (may be NULL)
 * choose.  chosen[i] answers kinds[i], is released by the caller and is {0} after errors. */
enum rt_status rt_params_parse_kinds(const struct rt_row *row, void *params,
				     const struct rt_kind *kinds, struct rt_chosen *chosen, int n,
				     const char *const *argv, struct rt_err *err);
void rt_chosen_release(struct rt_chosen *chosen, int n);

/* How many kinds there are before the NULL; 0 for NULL. */
int rt_kinds_count(const struct rt_kind *kinds);

/* Appends one line: name, positional arguments, ?-option TYPE? ... */
void rt_row_usage(const struct rt_row *row, struct rt_str *out);

/* Checks a row itself: name, summary, every default parses, choices end, flags make sense.
 * For the tests of each list. */
enum rt_status rt_row_check(const struct rt_row *row, struct rt_err *err);

/* Frees and replaces the contents of list fields. */
void rt_ints_set(struct rt_ints *list, int n, const int64_t *v);
void rt_reals_set(struct rt_reals *list, int n, const double *v);
void rt_strings_add(struct rt_strings *list, const char *text);

#endif
