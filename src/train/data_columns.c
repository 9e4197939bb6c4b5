/* data_columns.c - finds out what the columns of a table of text hold. */
#include "config.h"

#include "train/data_columns.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t\r\n"
/* A text column with more different values than this, and than half the rows, holds names or dates;
 * and no detected category has more than the second number. */
#define MANY_VALUES 50
#define MOST_VALUES 1000
/* One text among this many numbers is a mistake in a column of numbers. */
#define FEW_ODD 9

struct level {
	const char *text;
	int code;
};

bool cell_is_nan(const char *cell)
{
	cell += *cell == '-' || *cell == '+';
	return strncasecmp(cell, "nan", 3) == 0 && (!cell[3] || cell[3] == '(');
}

static bool is_number(const char *cell)
{
	double v;

	return rt_parse_real(cell, &v) || cell_is_nan(cell);
}

enum rt_status table_number(float *out, const struct table *t, int64_t row, int c,
			    struct rt_err *err)
{
	const char *cell = table_cell(t, row, c), *name = t->csv.name[c];
	int64_t line = t->csv.line[row];
	double v;

	if (cell_is_nan(cell))
		return rt_fail(err, RT_ENUMERIC,
			       "%s:%" PRId64
			       ": column \"%s\" holds %s, which is no number   (missing? leave the "
			       "cell empty or try: -missing %s)",
			       t->path, line, name, cell, cell);
	if (!rt_parse_real(cell, &v))
		return rt_fail(err, RT_EFORMAT,
			       "%s:%" PRId64 ": column \"%s\" holds \"%s\", not a number", t->path,
			       line, name, cell);
	if (!isfinite((float)v))
		return rt_fail(
			err, RT_ENUMERIC,
			"%s:%" PRId64
			": column \"%s\" holds %s; numbers must be finite and at most 3.4e38",
			t->path, line, name, cell);
	*out = (float)v;
	return RT_OK;
}

/* ---- levels ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_level_text(const void *a, const void *b)
{
	return strcmp(((const struct level *)a)->text, ((const struct level *)b)->text);
}

static int by_whole_number(const void *a, const void *b)
{
	int64_t x = 0, y = 0;

	rt_parse_int(*(const char *const *)a, &x);
	rt_parse_int(*(const char *const *)b, &y);
	return x != y ? (x > y) - (x < y) : by_text(a, b);
}

static bool all_whole(const struct levels *l)
{
	int64_t v;

	for (int i = 0; i < l->n; i++)
		if (!rt_parse_int(l->text[i], &v))
			return false;
	return true;
}

static void sort_for_finding(struct levels *l)
{
	l->sorted = rt_alloc((size_t)l->n, sizeof(*l->sorted));
	for (int i = 0; i < l->n; i++)
		l->sorted[i] = (struct level){l->text[i], i};
	qsort(l->sorted, (size_t)l->n, sizeof(*l->sorted), by_level_text);
}

void levels_of_cells(struct levels *out, const struct table *t, int c, bool by_value)
{
	int64_t n = 0, different = 0;

	*out = (struct levels){.text = rt_alloc((size_t)t->csv.nrows, sizeof(*out->text))};
	for (int64_t r = 0; r < t->csv.nrows; r++)
		if (table_cell(t, r, c))
			out->text[n++] = table_cell(t, r, c);
	qsort(out->text, (size_t)n, sizeof(*out->text), by_text);
	for (int64_t i = 0; i < n; i++)
		if (i == 0 || strcmp(out->text[i], out->text[different - 1]) != 0)
			out->text[different++] = out->text[i];
	out->n = (int)different;
	out->text = rt_realloc(out->text, (size_t)different, sizeof(*out->text));
	if (by_value && all_whole(out))
		qsort(out->text, (size_t)out->n, sizeof(*out->text), by_whole_number);
	sort_for_finding(out);
}

void levels_of_strings(struct levels *out, const struct rt_strings *strings)
{
	*out = (struct levels){.n = strings->n};
	out->text = rt_alloc((size_t)strings->n, sizeof(*out->text));
	for (int i = 0; i < strings->n; i++)
		out->text[i] = strings->v[i];
	sort_for_finding(out);
}

int levels_find(const struct levels *l, const char *text)
{
	struct level key = {text, 0}, *found;

	found = bsearch(&key, l->sorted, (size_t)l->n, sizeof(*l->sorted), by_level_text);
	return found ? found->code : -1;
}

void levels_release(struct levels *l)
{
	free(l->text);
	free(l->sorted);
	*l = (struct levels){0};
}

const char *levels_text(char *buf, size_t size, const struct levels *l)
{
	struct rt_strings strings = {l->n, (char **)l->text};

	return data_names_text(buf, size, &strings);
}

/* ---- columns ---- */

static bool means_missing(const char *cell, const struct rt_strings *texts)
{
	if (!*cell)
		return true;
	for (int i = 0; i < texts->n; i++)
		if (strcmp(cell, texts->v[i]) == 0)
			return true;
	return false;
}

/* Cuts blanks off the cells and turns missing ones into NULL; counts per column. */
static void clean_cells(struct table *t)
{
	for (int64_t i = 0; i < t->csv.nrows * t->csv.ncols; i++) {
		struct column *col = &t->column[i % t->csv.ncols];
		char *cell = t->csv.cell[i] + strspn(t->csv.cell[i], BLANK);
		size_t n = strlen(cell);

		while (n > 0 && strchr(BLANK, cell[n - 1]))
			cell[--n] = '\0';
		t->csv.cell[i] = cell;
		if (means_missing(cell, &t->opts->missing)) {
			t->csv.cell[i] = NULL;
			col->missing++;
		} else if (!is_number(cell)) {
			if (col->odds++ == 0)
				col->odd = i / t->csv.ncols;
		}
	}
}

static enum rt_status no_column(const struct table *t, const char *option, const char *name,
				struct rt_err *err)
{
	const char *near = rt_nearest(name, (const char *const *)t->csv.name, t->csv.ncols);
	struct rt_strings names = {t->csv.ncols, t->csv.name};
	char list[256];

	return rt_fail(err, RT_EINVAL, "-%s: %s has no column \"%s\"%s%s%s   (one of: %s)", option,
		       t->path, name, near ? "; did you mean \"" : "", near ? near : "",
		       near ? "\"?" : "", data_names_text(list, sizeof(list), &names));
}

static enum rt_status find_target(struct table *t, struct rt_err *err)
{
	static const char *const usual[] = {"label", "class", "target"};

	t->target = t->opts->target ? rt_csv_find(&t->csv, t->opts->target) : -1;
	if (t->opts->target && t->target < 0)
		return no_column(t, "target", t->opts->target, err);
	for (size_t i = 0; i < RT_COUNT(usual) && t->target < 0; i++)
		for (int c = 0; c < t->csv.ncols && t->target < 0; c++)
			if (strcasecmp(t->csv.name[c], usual[i]) == 0)
				t->target = c;
	if (t->target < 0)
		t->target = t->csv.ncols - 1;
	t->column[t->target].kind = COLUMN_TARGET;
	return RT_OK;
}

static enum rt_status set_ignored(struct table *t, struct rt_err *err)
{
	for (int i = 0; i < t->opts->ignore.n; i++) {
		int c = rt_csv_find(&t->csv, t->opts->ignore.v[i]);

		if (c < 0)
			return no_column(t, "ignore", t->opts->ignore.v[i], err);
		if (c == t->target)
			return rt_fail(err, RT_EINVAL,
				       "-ignore: column \"%s\" of %s is the target   (try: "
				       "-target)",
				       t->csv.name[c], t->path);
		t->column[c].kind = COLUMN_IGNORED;
	}
	return RT_OK;
}

/* Of a text the other columns are no part. */
static enum rt_status set_text(struct table *t, struct rt_err *err)
{
	t->text = rt_csv_find(&t->csv, t->opts->text);
	if (t->text < 0)
		return no_column(t, "text", t->opts->text, err);
	if (t->text == t->target)
		return rt_fail(err, RT_EINVAL,
			       "-text: column \"%s\" of %s is the target   (try: -target)",
			       t->opts->text, t->path);
	for (int c = 0; c < t->csv.ncols; c++)
		if (c != t->target)
			t->column[c].kind = c == t->text ? COLUMN_TEXT : COLUMN_IGNORED;
	t->features = (int)t->opts->length;
	return RT_OK;
}

static enum rt_status check_schema(const struct table *t, struct rt_err *err)
{
	for (int i = 0; i < t->schema.n; i++)
		if (rt_csv_find(&t->csv, t->schema.column[i].name) < 0)
			return rt_fail(err, RT_EFORMAT, "%s:%d: %s has no column \"%s\"",
				       t->opts->schema, t->schema.column[i].line, t->path,
				       t->schema.column[i].name);
	return RT_OK;
}

enum rt_status table_check_texts(const struct table *t, int c, int different, struct rt_err *err)
{
	const struct column *col = &t->column[c];
	int64_t numbers = t->csv.nrows - col->missing - col->odds;
	int64_t row = col->odd < 0 ? 0 : col->odd;
	const char *cell = table_cell(t, row, c);
	bool target = c == t->target;

	if (col->odds && numbers >= FEW_ODD * col->odds)
		return rt_fail(err, RT_EFORMAT,
			       "%s:%" PRId64 ": column \"%s\" holds \"%s\", but %" PRId64
			       " other cells are numbers   (try: %s %s)",
			       t->path, t->csv.line[row], col->name, cell, numbers,
			       target ? "-task" : "-missing", target ? "classify" : cell);
	if (different <= MANY_VALUES ||
	    (different <= MOST_VALUES && different <= t->csv.nrows / 2))
		return RT_OK;
	return rt_fail(err, RT_EINVAL,
		       "%s:%" PRId64 ": column \"%s\" holds \"%s\", and %d different texts "
		       "in %" PRId64 " rows are no %s   (try: %s %s%s%s)",
		       t->path, t->csv.line[row], col->name, cell, different, t->csv.nrows,
		       target ? "classes" : "categories", target ? "-target" : "-ignore",
		       target ? "COLUMN" : col->name, target ? "" : ", or -text ",
		       target ? "" : col->name);
}

static enum rt_status decide_column(struct table *t, int c, struct rt_err *err)
{
	const struct schema_column *said = schema_find(&t->schema, t->csv.name[c]);
	struct column *col = &t->column[c];

	if (col->missing == t->csv.nrows)
		return rt_fail(err, RT_EFORMAT,
			       "%s: every cell of column \"%s\" is missing   (try: -ignore %s)",
			       t->path, col->name, col->name);
	col->kind = (said ? said->number : col->odd < 0) ? COLUMN_NUMBER : COLUMN_CATEGORY;
	if (col->kind == COLUMN_NUMBER)
		return RT_OK;
	if (said && said->values.n) {
		levels_of_strings(&col->levels, &said->values);
		return RT_OK;
	}
	levels_of_cells(&col->levels, t, c, false);
	return said ? RT_OK : table_check_texts(t, c, col->levels.n, err);
}

static enum rt_status decide_columns(struct table *t, struct rt_err *err)
{
	for (int c = 0; c < t->csv.ncols; c++) {
		struct column *col = &t->column[c];

		col->first = t->features;
		if (col->kind == COLUMN_IGNORED || col->kind == COLUMN_TARGET)
			continue;
		RT_TRY(decide_column(t, c, err));
		col->width = 1;
		if (col->kind == COLUMN_CATEGORY)
			col->width = col->levels.n +
				     (col->missing && levels_find(&col->levels, "missing") < 0);
		t->features += col->width;
	}
	if (t->features == 0)
		return rt_fail(err, RT_EFORMAT,
			       "%s: %d columns, and no feature among them besides the target "
			       "\"%s\"",
			       t->path, t->csv.ncols, t->csv.name[t->target]);
	return RT_OK;
}

enum rt_status table_open(struct table *t, const char *path, char *text, size_t len,
			  const struct rt_data_load *opts, struct rt_err *err)
{
	static const enum rt_csv_header header[] = {
		[RT_AUTO] = RT_CSV_HEADER_AUTO,
		[RT_YES] = RT_CSV_HEADER_YES,
		[RT_NO] = RT_CSV_HEADER_NO,
	};

	*t = (struct table){.path = path, .opts = opts, .text = -1};
	RT_TRY(rt_csv_parse(&t->csv, text, len, path, 0, header[opts->header], err));
	t->column = rt_alloc((size_t)t->csv.ncols, sizeof(*t->column));
	for (int c = 0; c < t->csv.ncols; c++) {
		t->column[c].name = t->csv.name[c];
		t->column[c].odd = -1;
	}
	clean_cells(t);
	if (opts->schema)
		RT_TRY(schema_load(&t->schema, opts->schema, err));
	RT_TRY(check_schema(t, err));
	RT_TRY(find_target(t, err));
	RT_TRY(set_ignored(t, err));
	return t->opts->text ? set_text(t, err) : decide_columns(t, err);
}

void table_release(struct table *t)
{
	for (int c = 0; t->column && c < t->csv.ncols; c++)
		levels_release(&t->column[c].levels);
	free(t->column);
	schema_release(&t->schema);
	rt_csv_release(&t->csv);
	*t = (struct table){0};
}
