/* data_table.c - makes a data set of a table: numbers, one-hot categories, a class or number to
 * learn. */
#include "config.h"

#include "base/mem.h"
#include "train/data_columns.h"
#include "train/vocabulary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A target of up to this many whole numbers, each met twice on average, is a class. */
#define FEW_VALUES 20

/* Writes the features of one cell to x, which is zero. */
static enum rt_status fill_cell(float *x, const struct table *t, int64_t row, int c,
				struct rt_err *err)
{
	const struct column *col = &t->column[c];
	const char *cell = table_cell(t, row, c);
	char list[256];
	int code;

	if (col->kind == COLUMN_NUMBER) {
		if (cell)
			return table_number(x + col->first, t, row, c, err);
		x[col->first] = NAN;
		return RT_OK;
	}
	code = levels_find(&col->levels, cell ? cell : "missing");
	if (!cell && code < 0)
		code = col->levels.n;
	if (code < 0)
		return rt_fail(err, RT_EFORMAT,
			       "%s:%" PRId64
			       ": column \"%s\" holds \"%s\", which %s does not list (%s)",
			       t->path, t->csv.line[row], col->name, cell, t->opts->schema,
			       levels_text(list, sizeof(list), &col->levels));
	x[col->first + code] = 1;
	return RT_OK;
}

static enum rt_status fill_features(struct rt_data *d, const struct table *t, struct rt_err *err)
{
	void *bytes;
	float *x;

	RT_TRY(rt_tensor_new(&d->x, RT_F32, &RT_SHAPE(t->csv.nrows, t->features), err));
	RT_TRY(rt_tensor_write(&bytes, &d->x, err));
	x = bytes;
	for (int64_t r = 0; r < t->csv.nrows; r++, x += t->features)
		for (int c = 0; c < t->csv.ncols; c++)
			if (t->column[c].width)
				RT_TRY(fill_cell(x, t, r, c, err));
	return RT_OK;
}

/* "age", "job=skilled", "job=missing" */
static void name_features(struct rt_data *d, const struct table *t)
{
	d->feature_name = rt_alloc((size_t)t->features, sizeof(*d->feature_name));
	d->column = rt_alloc((size_t)t->features, sizeof(*d->column));
	for (int c = 0; c < t->csv.ncols; c++) {
		const struct column *col = &t->column[c];

		for (int k = 0; k < col->width; k++) {
			d->column[col->first + k] = c;
			d->feature_name[col->first + k] =
				col->kind == COLUMN_NUMBER
					? rt_strdup(col->name)
					: rt_sprintf("%s=%s", col->name,
						     k < col->levels.n ? col->levels.text[k]
								       : "missing");
		}
	}
}

/* "3 missing cells: age 2 count as the mean of the training part; job 1 as a category of their
 * own" / */
static void note_missing(struct rt_data *d, const struct table *t)
{
	static const char *const what[] = {
		[COLUMN_NUMBER] = "as the mean of the training part",
		[COLUMN_CATEGORY] = "as a category \"missing\"",
	};
	struct rt_str text = {0};

	for (int kind = COLUMN_NUMBER; kind <= COLUMN_CATEGORY; kind++) {
		int64_t columns = 0;

		for (int c = 0; c < t->csv.ncols; c++) {
			const struct column *col = &t->column[c];

			if ((int)col->kind != kind || !col->missing)
				continue;
			d->missing += col->missing;
			if (columns++ < 5)
				rt_str_addf(&text, "%s%s %" PRId64, text.len ? ", " : "", col->name,
					    col->missing);
		}
		if (columns > 5)
			rt_str_addf(&text, " and %" PRId64 " more columns", columns - 5);
		if (columns)
			rt_str_addf(&text, " %s", what[kind]);
	}
	if (d->missing)
		data_note(d, "%" PRId64 " missing cell%s: %s", d->missing,
			  d->missing == 1 ? "" : "s", rt_str_text(&text));
	rt_str_release(&text);
}

/* ---- the target ---- */

/* "3.0" is class 3. */
static void shorten_whole_numbers(const struct table *t)
{
	for (int64_t r = 0; r < t->csv.nrows; r++) {
		char *cell = table_cell(t, r, t->target), *point = cell ? strchr(cell, '.') : NULL;

		if (point && point[strspn(point, ".0")] == '\0')
			*point = '\0';
	}
}

static bool target_is_class(const struct table *t, const struct schema_column *said)
{
	const struct column *col = &t->column[t->target];
	struct levels l;
	bool few;
	int64_t v;

	if (t->opts->task != RT_TASK_AUTO)
		return t->opts->task == RT_TASK_CLASSIFY;
	if (said || t->opts->classes.n)
		return t->opts->classes.n || !said->number;
	if (col->odd >= 0)
		return true;
	shorten_whole_numbers(t);
	levels_of_cells(&l, t, t->target, true);
	few = l.n <= 2 || (l.n <= FEW_VALUES && 2 * l.n <= t->csv.nrows);
	for (int i = 0; i < l.n && few; i++)
		few = rt_parse_int(l.text[i], &v);
	levels_release(&l);
	return few;
}

static enum rt_status fill_classes(struct rt_data *d, struct table *t,
				   const struct schema_column *said, struct rt_err *err)
{
	struct levels *l = &t->column[t->target].levels;
	char list[256];
	void *bytes;

	if (t->column[t->target].odd < 0)
		shorten_whole_numbers(t);
	if (t->opts->classes.n)
		levels_of_strings(l, &t->opts->classes);
	else if (said && said->values.n)
		levels_of_strings(l, &said->values);
	else
		levels_of_cells(l, t, t->target, true);
	if (t->opts->task == RT_TASK_AUTO && !t->opts->classes.n && !said)
		RT_TRY(table_check_texts(t, t->target, l->n, err));
	if (l->n < 2)
		return rt_fail(err, RT_EFORMAT,
			       "%s: target \"%s\" has one class only, \"%s\"; two are needed",
			       t->path, d->target_name, l->text[0]);
	RT_TRY(rt_tensor_new(&d->y, RT_I32, &RT_SHAPE(t->csv.nrows), err));
	RT_TRY(rt_tensor_write(&bytes, &d->y, err));
	for (int64_t r = 0; r < t->csv.nrows; r++) {
		const char *cell = table_cell(t, r, t->target);
		int code = levels_find(l, cell);

		if (code < 0)
			return rt_fail(err, RT_EFORMAT,
				       "%s:%" PRId64
				       ": target \"%s\" holds \"%s\", none of the classes %s",
				       t->path, t->csv.line[r], d->target_name, cell,
				       levels_text(list, sizeof(list), l));
		((int32_t *)bytes)[r] = code;
	}
	d->classes = l->n;
	d->class_name = rt_alloc((size_t)l->n, sizeof(*d->class_name));
	for (int i = 0; i < l->n; i++)
		d->class_name[i] = rt_strdup(l->text[i]);
	return RT_OK;
}

static enum rt_status fill_target(struct rt_data *d, struct table *t, struct rt_err *err)
{
	const struct schema_column *said = schema_find(&t->schema, t->csv.name[t->target]);
	void *bytes;

	d->target_name = rt_strdup(t->csv.name[t->target]);
	for (int64_t r = 0; r < t->csv.nrows; r++)
		if (!table_cell(t, r, t->target))
			return rt_fail(err, RT_EFORMAT,
				       "%s:%" PRId64 ": the target \"%s\" is missing", t->path,
				       t->csv.line[r], d->target_name);
	if (target_is_class(t, said)) {
		d->task = RT_CLASSIFY;
		return fill_classes(d, t, said, err);
	}
	d->task = RT_REGRESS;
	d->outputs = 1;
	RT_TRY(rt_tensor_new(&d->y, RT_F32, &RT_SHAPE(t->csv.nrows, 1), err));
	RT_TRY(rt_tensor_write(&bytes, &d->y, err));
	for (int64_t r = 0; r < t->csv.nrows; r++)
		RT_TRY(table_number((float *)bytes + r, t, r, t->target, err));
	return RT_OK;
}

/* Rows are vectors, or pictures of the shape asked for. */
static enum rt_status set_shape(struct rt_data *d, const struct table *t, struct rt_err *err)
{
	const struct rt_ints *want = &t->opts->shape;
	struct rt_shape shape = {.rank = want->n};
	char text[96];

	d->sample = RT_SHAPE(t->features);
	if (want->n == 0)
		return RT_OK;
	for (int i = 0; i < want->n && i < 3; i++)
		shape.dim[i] = want->v[i];
	if (want->n != 3)
		return rt_fail(err, RT_EINVAL,
			       "-shape needs 3 numbers, channels height width, got %d", want->n);
	if (rt_shape_count(&shape) != t->features)
		return rt_fail(err, RT_EINVAL,
			       "-shape %s has %" PRId64 " numbers, a row of %s has %d features",
			       rt_shape_text(text, sizeof(text), &shape), rt_shape_count(&shape),
			       t->path, t->features);
	d->sample = shape;
	d->x.shape = RT_SHAPE(t->csv.nrows, shape.dim[0], shape.dim[1], shape.dim[2]);
	return RT_OK;
}

/* The rows that begin in the first train_lines lines are for training. */
static enum rt_status set_parts(struct rt_data *d, const struct table *t, int64_t train_lines,
				struct rt_err *err)
{
	int64_t n = 0;

	while (n < t->csv.nrows && t->csv.line[n] <= train_lines)
		n++;
	if (n == 0 || n == t->csv.nrows)
		return rt_fail(err, RT_EFORMAT, "%s: %" PRId64 " rows for training, %" PRId64
			       " for testing; each needs one", t->path, n, t->csv.nrows - n);
	data_part_range(d, RT_PART_TRAIN, 0, n);
	data_part_range(d, RT_PART_TEST, n, t->csv.nrows);
	return RT_OK;
}

/* The words of the training part tell the vocabulary, so the parts come first. */
static enum rt_status fill_text(struct rt_data *d, const struct table *t, struct rt_err *err)
{
	const char **text = rt_alloc((size_t)t->csv.nrows, sizeof(*text));
	enum rt_status status = RT_OK;

	for (int64_t r = 0; r < t->csv.nrows; r++) {
		text[r] = table_cell(t, r, t->text);
		if (text[r])
			rt_words_fold(table_cell(t, r, t->text));
	}
	if (d->npart[RT_PART_TEST] == 0)
		status = data_draw_parts(d, t->opts->test, (uint64_t)t->opts->seed, err);
	if (status == RT_OK)
		status = data_fill_words(d, text, t->opts, err);
	free(text);
	return status;
}

static enum rt_status fill(struct rt_data *d, struct table *t, int64_t train_lines,
			   struct rt_err *err)
{
	struct rt_summary all;

	d->n = t->csv.nrows;
	RT_TRY(fill_target(d, t, err));
	if (train_lines)
		RT_TRY(set_parts(d, t, train_lines, err));
	if (t->text >= 0)
		return fill_text(d, t, err);
	RT_TRY(fill_features(d, t, err));
	RT_TRY(set_shape(d, t, err));
	if (t->opts->tokens)
		return data_words_of_numbers(d, t->path, t->opts, err);
	note_missing(d, t);
	if (d->sample.rank == 1) {
		name_features(d, t);
		return RT_OK;
	}
	data_summarize(&all, 1, t->features, d, RT_PART_ALL);
	d->low = 0;
	d->high = isnan(t->opts->scale) ? (float)all.max : (float)(1 / t->opts->scale);
	return RT_OK;
}

enum rt_status data_from_table(struct rt_data *d, const char *path, char *text, size_t len,
			       int64_t train_lines, const struct rt_data_load *opts,
			       struct rt_err *err)
{
	struct table t;
	enum rt_status status = table_open(&t, path, text, len, opts, err);

	if (status == RT_OK)
		status = fill(d, &t, train_lines, err);
	table_release(&t);
	return status;
}
