/* tables.c - data sets of tables: kinds of columns, missing cells, targets, and what is fitted. */
#include "config.h"

#include "train/data.h"
#include "temp.h"

#include <math.h>
#include <zlib.h>

static enum rt_status load(struct rt_data **d, struct rt_err *err, const char *name,
			   const char *path, int n, ...)
{
	struct rt_data_load opts;
	const char *argv[16];
	enum rt_status status;
	va_list ap;

	va_start(ap, n);
	for (int i = 0; i < n; i++)
		argv[i] = va_arg(ap, const char *);
	va_end(ap);
	*d = NULL;
	rt_params_init(&rt_data_load_row, &opts);
	status = rt_params_parse(&rt_data_load_row, &opts, n, argv, err);
	if (status == RT_OK)
		status = rt_data_load(d, name, path, &opts, err);
	rt_params_release(&rt_data_load_row, &opts);
	return status;
}

static float raw(const struct rt_data *d, int64_t row, int feature)
{
	return ((const float *)rt_tensor_data(&d->x))[row * d->sample.dim[0] + feature];
}

/* ---- the program's own ---- */

static void breast_cancer_is_read_and_standardized(void **state)
{
	struct rt_data *d;
	struct rt_err err;
	float *x;

	(void)state;
	assert_ok(load(&d, &err, "breast-cancer", NULL, 0));
	assert_int_equal(d->n, 569);
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(30)));
	assert_string_equal(d->feature_name[0], "radius_mean");
	assert_string_equal(d->feature_name[29], "fractal_dimension_worst");
	assert_string_equal(d->target_name, "diagnosis");
	assert_string_equal(d->class_name[0], "benign");
	assert_string_equal(d->class_name[1], "malignant");
	assert_true(raw(d, 0, 0) == 17.99f && raw(d, 0, 29) == 0.1189f);
	assert_int_equal(rt_data_label(d, 0), 1);
	/* Over the training part, and only over it, every feature has mean 0 and deviation 1. */
	x = malloc(sizeof(*x) * 569 * 30);
	for (int part = 0; part < 2; part++) {
		int64_t n = d->npart[part];
		double off = 0;

		rt_data_fill_x(d, d->part[part], n, x);
		for (int f = 0; f < 30; f++) {
			double mean = 0, square = 0;

			for (int64_t i = 0; i < n; i++)
				mean += x[i * 30 + f] / (double)n;
			for (int64_t i = 0; i < n; i++)
				square +=
					(x[i * 30 + f] - mean) * (x[i * 30 + f] - mean) / (double)n;
			off = fmax(off, fmax(fabs(mean), fabs(square - 1)));
		}
		assert_true(part == RT_PART_TRAIN ? off < 1e-4 : off > 0.05);
	}
	free(x);
	rt_data_unref(d);
}

static void credit_follows_its_schema(void **state)
{
	char *path = test_path("../examples/data/credit/german_credit.csv");
	struct rt_data *d;
	struct rt_err err;
	float x[63];
	int ones = 0;

	(void)state;
	assert_ok(load(&d, &err, "credit", NULL, 0));
	assert_int_equal(d->n, 1000);
	/* 7 numbers and 13 lists of 56 values, two of which nobody has. */
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(63)));
	assert_string_equal(d->feature_name[0], "checking_status=<0");
	assert_string_equal(d->feature_name[4], "duration");
	assert_string_equal(d->class_name[0], "good");
	assert_string_equal(d->class_name[1], "bad");
	assert_int_equal(d->column[0], 0);
	assert_int_equal(d->column[3], 0);
	assert_int_equal(d->column[4], 1);
	/* One-hot features are not scaled. */
	rt_data_fill_x(d, NULL, 1, x);
	for (int f = 0; f < 63; f++)
		if (d->shift[f] == 0 && d->scale[f] == 1)
			ones += x[f] == 1;
	assert_int_equal(ones, 13);
	assert_close(x[4], (6 - d->shift[4]) * d->scale[4], 1e-6);
	rt_data_unref(d);
	assert_ok(load(&d, &err, "detected", path, 0));
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(61)));
	assert_string_equal(d->class_name[0], "bad");
	rt_data_unref(d);
	free(path);
}

static void bike_rentals_are_regressed_on(void **state)
{
	struct rt_data_stats stats;
	struct rt_data *d;
	struct rt_err err;
	float y[731];
	double mean = 0, square = 0;

	(void)state;
	assert_ok(load(&d, &err, "bike-rentals", NULL, 0));
	assert_int_equal(d->task, RT_REGRESS);
	assert_int_equal(d->n, 731);
	assert_int_equal(d->outputs, 1);
	assert_int_equal(d->classes, 0);
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(8)));
	for (int f = 0; f < 8; f++) {
		assert_string_not_equal(d->feature_name[f], "date");
		assert_string_not_equal(d->feature_name[f], "casual");
		assert_string_not_equal(d->feature_name[f], "registered");
	}
	assert_true(rt_data_target(d, 0, 0) == 985);
	rt_data_fill_targets(d, d->part[0], d->npart[0], y);
	for (int64_t i = 0; i < d->npart[0]; i++)
		mean += y[i] / (double)d->npart[0];
	for (int64_t i = 0; i < d->npart[0]; i++)
		square += (y[i] - mean) * (y[i] - mean) / (double)d->npart[0];
	assert_close(mean, 0, 1e-4);
	assert_close(square, 1, 1e-4);
	assert_close((y[0] - d->y_shift) / d->y_scale, rt_data_target(d, d->part[0][0], 0), 1e-4);
	rt_data_stats(&stats, d);
	assert_null(stats.count[0]);
	assert_int_equal(stats.target[0].n, d->npart[0]);
	assert_close(stats.target[0].mean, -d->y_shift / d->y_scale, 1e-4);
	assert_int_equal(stats.nfeatures, 8);
	rt_data_stats_release(&stats);
	rt_data_unref(d);
}

/* ---- kinds of columns ---- */

static void categories_become_one_hot(void **state)
{
	char *path = temp_text("kinds.csv", "size,colour,label\n"
					    " 1 ,red,no\n2,blue,yes\n3, red ,no\n4,green,yes\n");
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	assert_ok(load(&d, &err, "x", path, 2, "-test", "0.5"));
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(4)));
	assert_string_equal(d->feature_name[0], "size");
	assert_string_equal(d->feature_name[1], "colour=blue");
	assert_string_equal(d->feature_name[2], "colour=green");
	assert_string_equal(d->feature_name[3], "colour=red");
	assert_true(raw(d, 2, 0) == 3 && raw(d, 2, 3) == 1 && raw(d, 2, 1) == 0);
	assert_int_equal(rt_data_label(d, 1), 1);
	assert_null(d->note);
	assert_null(d->fill);
	rt_data_unref(d);
	free(path);
}

static void gzipped_tables_are_read(void **state)
{
	char *path = temp_path("packed.csv.gz");
	gzFile gz = gzopen(path, "wb");
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	gzputs(gz, "a,label\n1,x\n2,y\n3,x\n4,y\n");
	gzclose(gz);
	assert_ok(load(&d, &err, "x", path, 0));
	assert_int_equal(d->n, 4);
	rt_data_unref(d);
	free(path);
}

static void missing_cells_are_filled_from_the_training_part(void **state)
{
	/* age: 10 ... 80 without two; job: two missing. */
	char *path =
		temp_text("missing.csv", "age,job,label\n10,cook,a\nNA,cook,b\n30,,a\n40,smith,b\n"
					 "?,smith,a\n60,cook,b\n70,?,a\n80,smith,b\n");
	struct rt_data *d, *other;
	struct rt_err err;
	float x[8 * 4];

	(void)state;
	assert_ok(load(&d, &err, "x", path, 2, "-test", "0.25"));
	assert_string_equal(d->feature_name[1], "job=cook");
	assert_string_equal(d->feature_name[3], "job=missing");
	assert_true(raw(d, 2, 3) == 1 && raw(d, 6, 3) == 1 && raw(d, 0, 3) == 0);
	assert_int_equal(d->missing, 4);
	assert_string_equal(d->note, "4 missing cells: age 2 as the mean of the training part, "
				     "job 2 as a category \"missing\"");
	for (int pass = 0; pass < 2; pass++) {
		double sum = 0;
		int n = 0;

		for (int64_t i = 0; i < d->npart[0]; i++) {
			float v = raw(d, d->part[0][i], 0);

			if (!isnan(v)) {
				sum += v;
				n++;
			}
		}
		assert_close(d->fill[0], sum / n, 1e-6);
		rt_data_fill_x(d, NULL, 8, x);
		assert_close(x[1 * 4], 0, 1e-6);	/* the mean, standardized */
		assert_close(x[4 * 4], 0, 1e-6);
		/* Another split is filled with another mean. */
		assert_ok(rt_data_split(&other, d, 0.5, 4, &err));
		rt_data_unref(d);
		d = other;
	}
	rt_data_unref(d);
	assert_ok(load(&d, &err, "x", path, 2, "-standardize", "no"));
	rt_data_fill_x(d, NULL, 8, x);
	assert_true(x[0] == 10 && x[4] == d->fill[0]);
	rt_data_unref(d);
	free(path);
}

static void constant_features_are_zero(void **state)
{
	char *path = temp_text("constant.csv", "a,b,label\n0.1,1,x\n0.1,2,y\n0.1,3,x\n0.1,4,y\n");
	struct rt_data *d;
	struct rt_err err;
	float x[8];

	(void)state;
	assert_ok(load(&d, &err, "x", path, 0));
	rt_data_fill_x(d, NULL, 4, x);
	for (int i = 0; i < 4; i++)
		assert_close(x[2 * i], 0, 1e-6);
	rt_data_unref(d);
	free(path);
}

static void a_schema_decides(void **state)
{
	char *path = temp_text("said.csv",
			       "zip,sex,label\n10115,m,1\n10117,f,2\n10115,f,3\n10117,m,1\n");
	char *schema = temp_text("said.txt", "# what is known\n\nzip: categorical\n"
					     "sex: { f, m, 'not said' }\nlabel: {3, 2, 1, 0}\n");
	static const struct {
		const char *text, *line;
	} bad[] = {
		{"zip categorical\n", "bad.txt:1: no colon"},
		{"\nzip: real\n",
		 "bad.txt:2: column \"zip\" is \"real\"; it can be numeric, categorical or"},
		{"sex: {f, m\n", "bad.txt:1: the list of values is not closed"},
		{"sex: {'f' m}\n", "bad.txt:1: values are separated by commas"},
		{"zip: numeric\nzip: numeric\n",
		 "bad.txt:2: column \"zip\" is described in line 1 already"},
		{"age: numeric\n", "bad.txt:1:"},
		{"sex: {f}\n", "said.csv:2: column \"sex\" holds \"m\", which"},
		{"sex: numeric\n", "said.csv:2: column \"sex\" holds \"m\", not a number"},
		{"label: {1, 2}\n",
		 "said.csv:4: target \"label\" holds \"3\", none of the classes 1, 2"},
	};
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	assert_ok(load(&d, &err, "x", path, 2, "-schema", schema));
	assert_int_equal(d->sample.dim[0], 5);
	assert_string_equal(d->feature_name[0], "zip=10115");
	assert_string_equal(d->feature_name[4], "sex=not said");
	assert_int_equal(d->classes, 4);
	assert_string_equal(d->class_name[0], "3");
	assert_int_equal(rt_data_label(d, 0), 2);
	rt_data_unref(d);
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		char *file = temp_text("bad.txt", bad[i].text);

		assert_fails(load(&d, &err, "x", path, 2, "-schema", file), RT_EFORMAT,
			     bad[i].line);
		free(file);
	}
	free(path);
	free(schema);
}

/* ---- targets ---- */

/* Loads a column of these target cells and tells the task, classes and the name of class 0. */
static void target_is(const char *cells, enum rt_task task, int classes, const char *first)
{
	struct rt_str text = {0};
	struct rt_data *d;
	struct rt_err err;
	char *path, *copy = rt_strdup(cells), *rest = copy, *cell;
	int n = 0;

	rt_str_add(&text, "feature,out\n");
	while ((cell = strsep(&rest, " ")))
		rt_str_addf(&text, "%d,%s\n", n++, cell);
	path = temp_text("target.csv", rt_str_text(&text));
	assert_ok(load(&d, &err, "x", path, 0));
	assert_int_equal(d->task, task);
	assert_int_equal(d->classes, classes);
	if (first)
		assert_string_equal(d->class_name[0], first);
	rt_data_unref(d);
	free(path);
	free(copy);
	rt_str_release(&text);
}

static void targets_are_told_apart(void **state)
{
	(void)state;
	target_is("b a b c", RT_CLASSIFY, 3, "a");
	target_is("10 9 10 9 8 8", RT_CLASSIFY, 3, "8");
	target_is("1.0 2.0 2.0 10.0 1.0 10.0", RT_CLASSIFY, 3, "1");
	target_is("0 1 1", RT_CLASSIFY, 2, "0");
	target_is("0 1 2", RT_REGRESS, 0, NULL);
	target_is("0.5 1 1 0.5 2 2", RT_REGRESS, 0, NULL);
	target_is("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 "
		  "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", RT_REGRESS, 0, NULL);
}

static void options_choose_the_target(void **state)
{
	char *path = temp_text("opts.csv", "a,Class,b\n1,5,7\n2,6,8\n3,5,9\n4,6,7\n");
	char *bare = temp_text("bare.csv", "1,2,x\n3,4,y\n5,6,x\n7,8,y\n");
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	assert_ok(load(&d, &err, "x", path, 0));
	assert_string_equal(d->target_name, "Class");
	rt_data_unref(d);
	assert_ok(load(&d, &err, "x", path, 2, "-task", "regress"));
	assert_int_equal(d->task, RT_REGRESS);
	rt_data_unref(d);
	assert_ok(load(&d, &err, "x", path, 4, "-target", "b", "-ignore", "a"));
	assert_string_equal(d->target_name, "b");
	assert_int_equal(d->sample.dim[0], 1);
	assert_string_equal(d->feature_name[0], "Class");
	rt_data_unref(d);
	assert_ok(load(&d, &err, "x", path, 2, "-classes", "6 5"));
	assert_int_equal(rt_data_label(d, 0), 1);
	rt_data_unref(d);
	assert_ok(load(&d, &err, "x", bare, 2, "-header", "no"));
	assert_int_equal(d->n, 4);
	assert_string_equal(d->target_name, "c3");
	rt_data_unref(d);
	assert_ok(load(&d, &err, "x", path, 4, "-target", "b", "-shape", "1 1 2"));
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(1, 1, 2)));
	assert_int_equal(d->nscale, 1);
	rt_data_unref(d);
	free(path);
	free(bare);
}

/* ---- error lines ---- */

static void mistakes_get_a_line(void **state)
{
	static const struct {
		const char *text, *option, *value;
		enum rt_status status;
		const char *line;
	} bad[] = {
		{"a,b,label\n1,2,x\n1,x\n", "-seed", "1", RT_EFORMAT,
		 "bad.csv:3: 2 fields, the header has 3"},
		{"a,label\n1,x\nNaN,y\n3,x\n", "-seed", "1", RT_ENUMERIC,
		 "bad.csv:3: column \"a\" holds NaN"},
		{"a,label\n1,x\n-inf,y\n", "-seed", "1", RT_ENUMERIC,
		 "bad.csv:3: column \"a\" holds -inf"},
		{"a,label\n1,x\n1e39,y\n", "-seed", "1", RT_ENUMERIC,
		 "bad.csv:3: column \"a\" holds 1e39"},
		{"a,y\n1,0.5\n2,nan\n3,1.5\n", "-seed", "1", RT_ENUMERIC,
		 "bad.csv:3: column \"y\" holds nan"},
		{"a,y\n1,0.5\n2,\n3,1.5\n", "-seed", "1", RT_EFORMAT,
		 "bad.csv:3: the target \"y\" is missing"},
		{"a,y\n1,b\n2,c\n", "-task", "regress", RT_EFORMAT,
		 "bad.csv:2: column \"y\" holds \"b\", not a number"},
		{"a,y\n1,b\n2,b\n", "-seed", "1", RT_EFORMAT,
		 "target \"y\" has one class only, \"b\""},
		{"a,y\n1,b\n2,c\n", "-classes", "b d", RT_EFORMAT,
		 "bad.csv:3: target \"y\" holds \"c\", none of the classes b, d"},
		{"a,b,y\n1,NA,b\n2,?,c\n", "-seed", "1", RT_EFORMAT,
		 "every cell of column \"b\" is missing   (try: -ignore b)"},
		{"age,y\n1,b\n2,c\n", "-target", "z", RT_EINVAL, "has no column \"z\""},
		{"age,y\n1,b\n2,c\n", "-ignore", "agee", RT_EINVAL,
		 "has no column \"agee\"; did you mean \"age\"?   (one of: age, y)"},
		{"age,y\n1,b\n2,c\n", "-ignore", "y", RT_EINVAL, "is the target   (try: -target)"},
		{"age,y\n1,b\n2,c\n", "-ignore", "age", RT_EFORMAT, "no feature among them"},
		{"y\n1\n2\n", "-seed", "1", RT_EFORMAT, "no feature among them"},
		{"a,b,y\n1,2,b\n2,2,c\n", "-shape", "1 8 8", RT_EINVAL,
		 "-shape 1x8x8 has 64 numbers, a row of"},
		{"a,b,y\n1,2,b\n2,2,c\n", "-shape", "1 2", RT_EINVAL, "-shape needs 3 numbers"},
		{"a,y\n1,b\n", "-classes", "b c", RT_EINVAL, "each part needs one at least"},
		{"a,y\n1,b\n2,c\n", "-schema", "/nonexistent", RT_ENOTFOUND, "/nonexistent"},
		{"a,y\n1,b\n2,c\n", "-test", "1.5", RT_EINVAL, "-test"},
		{"a,y\n1,b\n2,c\n", "-standardise", "no", RT_EINVAL, "did you mean"},
	};
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		char *path = temp_text("bad.csv", bad[i].text);

		assert_fails(load(&d, &err, "x", path, 2, bad[i].option, bad[i].value),
			     bad[i].status, bad[i].line);
		assert_null(d);
		assert_null(strchr(err.msg, '\n'));
		free(path);
	}
}

/* A typing error in a column of numbers does not silently make it a category. */
static void a_text_among_numbers_is_a_mistake(void **state)
{
	struct rt_str text = {0};
	struct rt_data *d;
	struct rt_err err;
	char *path;

	(void)state;
	rt_str_add(&text, "a,b,y\n");
	for (int i = 0; i < 20; i++)
		rt_str_addf(&text, "%d,%d%s,%d.5%s\n", i, i, i == 7 ? "l" : "", i,
			    i == 9 ? "x" : "");
	path = temp_text("typo.csv", rt_str_text(&text));
	assert_fails(load(&d, &err, "x", path, 2, "-target", "a"), RT_EFORMAT,
		     "typo.csv:9: column \"b\" holds \"7l\", but 19 other cells are numbers   "
		     "(try: -missing 7l)");
	assert_fails(load(&d, &err, "x", path, 2, "-missing", "7l"), RT_EFORMAT,
		     "typo.csv:11: column \"y\" holds \"9.5x\", but 19 other cells are numbers   "
		     "(try: -task classify)");
	rt_str_release(&text);
	free(path);
}

/* NaN is an error unless it is declared to mean "missing". */
static void nan_can_be_declared_missing(void **state)
{
	char *path = temp_text("nan.csv", "a,label\n1,x\nNaN,y\n3,x\n4,y\n");
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	assert_ok(load(&d, &err, "x", path, 2, "-missing", "NaN"));
	assert_string_equal(d->note, "1 missing cell: a 1 as the mean of the training part");
	rt_data_unref(d);
	free(path);
}

static void names_and_dates_are_no_categories(void **state)
{
	struct rt_str text = {0};
	struct rt_data *d;
	struct rt_err err;
	char *path;

	(void)state;
	rt_str_add(&text, "date,a,label\n");
	for (int i = 0; i < 60; i++)
		rt_str_addf(&text, "2011-01-%02d,%d,%s\n", i, i, i % 2 ? "x" : "y");
	path = temp_text("dates.csv", rt_str_text(&text));
	assert_fails(
		load(&d, &err, "x", path, 0), RT_EINVAL,
		"dates.csv:2: column \"date\" holds \"2011-01-00\", and 60 different texts in 60 "
		"rows are no categories   (try: -ignore date, or -text date)");
	assert_fails(load(&d, &err, "x", path, 2, "-target", "date"), RT_EINVAL,
		     "60 different texts in 60 rows are no classes   (try: -target COLUMN)");
	assert_ok(load(&d, &err, "x", path, 2, "-ignore", "date"));
	rt_data_unref(d);
	rt_str_release(&text);
	free(path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breast_cancer_is_read_and_standardized),
		cmocka_unit_test(credit_follows_its_schema),
		cmocka_unit_test(bike_rentals_are_regressed_on),
		cmocka_unit_test(categories_become_one_hot),
		cmocka_unit_test(gzipped_tables_are_read),
		cmocka_unit_test(missing_cells_are_filled_from_the_training_part),
		cmocka_unit_test(constant_features_are_zero),
		cmocka_unit_test(a_schema_decides),
		cmocka_unit_test(targets_are_told_apart),
		cmocka_unit_test(options_choose_the_target),
		cmocka_unit_test(mistakes_get_a_line),
		cmocka_unit_test(a_text_among_numbers_is_a_mistake),
		cmocka_unit_test(nan_can_be_declared_missing),
		cmocka_unit_test(names_and_dates_are_no_categories),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
