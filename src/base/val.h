/* val.h - the value a command returns: numbers, strings, lists and dictionaries.
 *
 * Built by the commands, turned into Tcl objects, JSON or CSV by the shell.
 */
#ifndef RT_BASE_VAL_H
#define RT_BASE_VAL_H

#include "base/str.h"

enum rt_val_kind {
	RT_VAL_NONE,
	RT_VAL_BOOL,
	RT_VAL_INT,
	RT_VAL_REAL,
	RT_VAL_STRING,
	RT_VAL_LIST,
	RT_VAL_DICT
};

struct rt_val {
	enum rt_val_kind kind;
	int64_t i;		/* RT_VAL_BOOL, RT_VAL_INT */
	double r;		/* RT_VAL_REAL */
	char *s;		/* RT_VAL_STRING */
	int n, cap;		/* RT_VAL_LIST, RT_VAL_DICT */
	char **key;		/* RT_VAL_DICT */
	struct rt_val **item;
};

/* New values belong to the caller until they are put into a list or dictionary, which then owns
 * them. */
struct rt_val *rt_val_bool(bool v);
struct rt_val *rt_val_int(int64_t v);
struct rt_val *rt_val_real(double v);
struct rt_val *rt_val_string(const char *text);
struct rt_val *rt_val_list(void);
struct rt_val *rt_val_dict(void);
struct rt_val *rt_val_reals(int64_t n, const float *v);	/* a list */

/* Appends item to list, or puts it under key (a new key: keys are not looked up first). */
void rt_val_add(struct rt_val *list, struct rt_val *item);
void rt_val_put(struct rt_val *dict, const char *key, struct rt_val *item);

/* The item under key, borrowed, or NULL. */
struct rt_val *rt_val_find(const struct rt_val *dict, const char *key);

void rt_val_free(struct rt_val *v);

/* Appends v as JSON (numbers with the digits needed to read the same double back; NaN and
 * infinities become null). */
void rt_val_json(const struct rt_val *v, struct rt_str *out);

/* Appends v as CSV: a list of dictionaries becomes a header and one row each; a dictionary becomes
 * "key,value" rows, nested keys joined with '.'; a plain list one value a row. */
void rt_val_csv(const struct rt_val *v, struct rt_str *out);

#endif
