/* data_schema.h - what is said beforehand about the columns of a table. */
#ifndef RT_TRAIN_DATA_SCHEMA_H
#define RT_TRAIN_DATA_SCHEMA_H

#include "base/row.h"

struct schema_column {
	char *name;
	bool number;		/* else a category */
	struct rt_strings values; /* of a category, in order; none = as detected */
	int line;
};

struct schema {
	int n, cap;
	struct schema_column *column;
};

/* Reads lines "column: numeric", "column: categorical" and "column: {a, 'b c'}"; empty lines and
 * lines that begin with # are skipped.  The caller releases.  Errors: RT_ENOTFOUND, RT_EIO,
 * RT_EFORMAT with file and line. */
enum rt_status schema_load(struct schema *out, const char *path, struct rt_err *err);
void schema_release(struct schema *s);

/* The column of that name, borrowed, or NULL. */
const struct schema_column *schema_find(const struct schema *s, const char *name);

#endif
