/* data_columns.h - the columns of a table of text: which are numbers, which values the others
 * have. */
#ifndef RT_TRAIN_DATA_COLUMNS_H
#define RT_TRAIN_DATA_COLUMNS_H

#include "io/csv.h"
#include "train/data_make.h"
#include "train/data_schema.h"

/* The different texts of a column in their order; code i is text[i]. */
struct levels {
	int n;
	const char **text;	/* borrowed from the table, the schema or the options */
	struct level *sorted;	/* [n] for finding */
};

enum column_kind { COLUMN_NUMBER, COLUMN_CATEGORY, COLUMN_IGNORED, COLUMN_TARGET, COLUMN_TEXT };

struct column {
	const char *name;	/* borrowed from the table */
	enum column_kind kind;
	struct levels levels;	/* COLUMN_CATEGORY, and a target that is a class */
	int64_t missing;	/* cells */
	int64_t odd;		/* the first row that holds no number, or -1 */
	int64_t odds;		/* cells that are neither missing nor numbers */
	int first, width;	/* its features */
};

struct table {
	struct rt_csv csv;	/* cells without blanks at their ends; NULL = missing */
	const char *path;
	const struct rt_data_load *opts;
	struct schema schema;
	struct column *column;	/* [csv.ncols] */
	int target;		/* column */
	int text;		/* column of opts->text, or -1 */
	int features;
};

/* The cell of row r in column c, NULL when it is missing. */
static inline char *table_cell(const struct table *t, int64_t r, int c)
{
	return t->csv.cell[r * t->csv.ncols + c];
}

/* True for "nan" in any spelling that programs write. */
bool cell_is_nan(const char *cell);

/* A finite number that fits single precision.  Errors: RT_ENUMERIC (NaN, infinite, too large),
 * RT_EFORMAT (no number), with file, line and column. */
enum rt_status table_number(float *out, const struct table *t, int64_t row, int c,
			    struct rt_err *err);

/* Where a schema does not say what a column is: a few texts among numbers are a mistake, and
 * texts that hardly repeat are names or dates.  Error: RT_EFORMAT, RT_EINVAL. */
enum rt_status table_check_texts(const struct table *t, int c, int different, struct rt_err *err);

/* Reads text (taken) and the schema, finds the target, and decides on the kind of every column. */
enum rt_status table_open(struct table *t, const char *path, char *text, size_t len,
			  const struct rt_data_load *opts, struct rt_err *err);
void table_release(struct table *t);

/* The different texts of a column: sorted by value where all are whole numbers and by_value is
 * set, by bytes otherwise. */
void levels_of_cells(struct levels *out, const struct table *t, int c, bool by_value);
void levels_of_strings(struct levels *out, const struct rt_strings *strings);
int levels_find(const struct levels *l, const char *text);	/* code, or -1 */
void levels_release(struct levels *l);

/* Joins the texts for a message: "a, b, c"; at most eight, then "...".  Returns buf. */
const char *levels_text(char *buf, size_t size, const struct levels *l);

#endif
