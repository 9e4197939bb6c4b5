/* options.c - rows: defaults, parsing, ranges, suggestions, usage, and rows that are wrong
 * themselves. */
#include "config.h"

#include "base/mem.h"
#include "base/row.h"
#include "unit.h"

#include <math.h>

struct params {
	char *teacher, *file;
	struct rt_strings rest;
	bool control;
	int64_t epochs, seed;
	double lr, temperature;
	int score;
	struct rt_ints map;
	struct rt_reals milestones;
	struct rt_strings names;
};

static const char *const scores[] = {"magnitude", "random", NULL};

#define AT(field) offsetof(struct params, field)
static const struct rt_opt opts[] = {
	{.name = "teacher",
	 .summary = "the model that knows",
	 .type = RT_STRING,
	 .offset = AT(teacher),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "file",
	 .summary = "a file",
	 .type = RT_STRING,
	 .offset = AT(file),
	 .flags = RT_OPT_POSITIONAL},
	{"control", "train a twin", RT_BOOL, AT(control), "no"},
	{"epochs", "how many", RT_INT, AT(epochs), "3", 0, 1000, .example = "5"},
	{"seed", "of everything", RT_INT, AT(seed), NULL},
	{"lr", "learning rate", RT_REAL, AT(lr), NULL, 0, 100, .flags = RT_OPT_ABOVE_MIN},
	{"temperature", "T", RT_REAL, AT(temperature), "4", 0, INFINITY, .flags = RT_OPT_ABOVE_MIN},
	{"score", "what goes first", RT_CHOICE, AT(score), "magnitude", .choices = scores},
	{"class-map", "student classes", RT_INTS, AT(map), NULL, -1, 9, .example = "0 1 1"},
	{"milestones", "epochs", RT_REALS, AT(milestones), "0.5 1", 0, INFINITY},
	{"names", "words", RT_STRINGS, AT(names), "NA ?", .of = "layer"},
	{0},
};
static const struct rt_row row = {"distill", "teach a student", opts, sizeof(struct params)};

static enum rt_status parse(struct params *p, struct rt_err *err, int n, const char *const *argv)
{
	enum rt_status status;

	rt_params_init(&row, p);
	status = rt_params_parse(&row, p, n, argv, err);
	if (status != RT_OK)
		rt_params_release(&row, p);
	return status;
}

#define WORDS(...)                                                                                 \
	(int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)), (const char *[])            \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

static void defaults_are_what_the_row_says(void **state)
{
	struct params p;

	(void)state;
	memset(&p, 0xA5, sizeof(p));
	rt_params_init(&row, &p);
	assert_null(p.teacher);
	assert_false(p.control);
	assert_int_equal(p.epochs, 3);
	assert_true(p.seed == RT_UNSET_INT);
	assert_true(isnan(p.lr));
	assert_true(p.temperature == 4);
	assert_int_equal(p.score, 0);
	assert_int_equal(p.map.n, 0);
	assert_int_equal(p.milestones.n, 2);
	assert_true(p.milestones.v[0] == 0.5);
	assert_int_equal(p.names.n, 2);
	assert_string_equal(p.names.v[1], "?");
	for (const struct rt_opt *o = opts; o->name; o++)
		assert_true(rt_opt_is_default(o, &p));
	rt_params_release(&row, &p);
	assert_null(p.names.v);
	rt_params_release(&row, &p);	/* harmless */
}

static void words_become_params(void **state)
{
	struct params p;
	struct rt_err err;

	(void)state;
	assert_ok(parse(&p, &err,
			WORDS("big", "-epochs", "7", "-control", "On", "-seed", "-5", "-lr", "1e-3",
			      "out.onnx", "-score", "RANDOM", "-class-map", "0, 1\t-1",
			      "-milestones", "", "-names", "a,b c")));
	assert_string_equal(p.teacher, "big");
	assert_string_equal(p.file, "out.onnx");
	assert_true(p.control);
	assert_int_equal(p.epochs, 7);
	assert_int_equal(p.seed, -5);
	assert_true(p.lr == 1e-3);
	assert_int_equal(p.score, 1);
	assert_int_equal(p.map.n, 3);
	assert_int_equal(p.map.v[2], -1);
	assert_int_equal(p.milestones.n, 0);
	assert_int_equal(p.names.n, 3);
	assert_string_equal(p.names.v[2], "c");
	assert_false(rt_opt_is_default(rt_opt_find(&row, "milestones"), &p));
	rt_params_release(&row, &p);
}

static void every_spelling_of_yes_and_no_is_known(void **state)
{
	static const char *const yes[] = {"yes", "true", "on", "1", "YES"};
	static const char *const no[] = {"no", "false", "off", "0", "Off"};
	struct params p;
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(yes); i++) {
		assert_ok(parse(&p, &err, WORDS("t", "-control", yes[i])));
		assert_true(p.control);
		rt_params_release(&row, &p);
		assert_ok(parse(&p, &err, WORDS("t", "-control", no[i])));
		assert_false(p.control);
		rt_params_release(&row, &p);
	}
	assert_fails(parse(&p, &err, WORDS("t", "-control", "maybe")), RT_EINVAL,
		     "-control must be yes or no, got \"maybe\"   (try: -control no)");
}

static void values_out_of_range_are_told_with_the_range(void **state)
{
	struct params p;
	struct rt_err err;

	(void)state;
	assert_fails(parse(&p, &err, WORDS("t", "-epochs", "1001")), RT_EINVAL,
		     "-epochs must be a whole number from 0 to 1000, got 1001   (try: -epochs 5)");
	assert_fails(parse(&p, &err, WORDS("t", "-epochs", "-1")), RT_EINVAL, "got -1");
	assert_fails(parse(&p, &err, WORDS("t", "-epochs", "2.5")), RT_EINVAL, "got 2.5");
	assert_fails(parse(&p, &err, WORDS("t", "-epochs", "many")), RT_EINVAL, "got \"many\"");
	assert_fails(parse(&p, &err, WORDS("t", "-temperature", "0")), RT_EINVAL,
		     "-temperature must be above 0, got 0   (try: -temperature 4)");
	assert_fails(parse(&p, &err, WORDS("t", "-lr", "0")), RT_EINVAL,
		     "above 0 and at most 100, got 0");
	assert_fails(parse(&p, &err, WORDS("t", "-lr", "nan")), RT_EINVAL, "got \"nan\"");
	assert_fails(parse(&p, &err, WORDS("t", "-class-map", "0 10")), RT_EINVAL,
		     "-class-map must be a whole number from -1 to 9, got \"0 10\"   (try: "
		     "-class-map 0 1 1)");
	assert_fails(parse(&p, &err, WORDS("t", "-milestones", "1 -2")), RT_EINVAL, "at least 0");
	assert_fails(parse(&p, &err, WORDS("t", "-seed", "9223372036854775808")), RT_EINVAL,
		     "a whole number");
	assert_ok(parse(&p, &err, WORDS("t", "-epochs", "1000", "-temperature", "inf")));
	rt_params_release(&row, &p);
}

static void unknown_names_get_a_suggestion(void **state)
{
	struct params p;
	struct rt_err err;

	(void)state;
	assert_fails(parse(&p, &err, WORDS("t", "-temprature", "4")), RT_EINVAL,
		     "distill has no option -temprature; did you mean -temperature?");
	assert_fails(parse(&p, &err, WORDS("t", "-zzzzzz", "4")), RT_EINVAL,
		     "(options: -control -epochs -seed -lr -temperature");
	assert_fails(parse(&p, &err, WORDS("t", "-score", "magnitud")), RT_EINVAL,
		     "-score must be one of: magnitude random, got \"magnitud\"   (did you mean "
		     "magnitude?)");
	assert_fails(parse(&p, &err, WORDS("t", "-score", "")), RT_EINVAL,
		     "(try: -score magnitude)");
}

static void missing_and_surplus_words_are_told(void **state)
{
	struct params p;
	struct rt_err err;

	(void)state;
	assert_fails(rt_params_parse(&row, memset(&p, 0, sizeof(p)), 0, NULL, &err), RT_EINVAL,
		     "distill needs teacher, the model that knows   (usage: distill TEACHER ");
	assert_fails(parse(&p, &err, WORDS("t", "-epochs")), RT_EINVAL,
		     "-epochs needs a value   (try: -epochs 5)");
	assert_fails(parse(&p, &err, WORDS("t", "-lr")), RT_EINVAL, "-lr needs a value");
	assert_fails(parse(&p, &err, WORDS("t", "f", "x")), RT_EINVAL,
		     "distill does not know what to do with \"x\"");
	assert_fails(parse(&p, &err, WORDS("t", "-epochs", "1", "-epochs", "2")), RT_EINVAL,
		     "-epochs is given twice");
	assert_fails(parse(&p, &err, WORDS("t", "-file", "x")), RT_EINVAL,
		     "distill takes file without a dash");
	assert_ok(parse(&p, &err, WORDS("-", "-.5")));	/* values, not options */
	assert_string_equal(p.teacher, "-");
	assert_string_equal(p.file, "-.5");
	rt_params_release(&row, &p);
}

static void the_rest_goes_into_a_list(void **state)
{
	static const struct rt_opt rest_opts[] = {
		{.name = "first", .summary = "one word", .type = RT_STRING, .offset = AT(teacher),
		 .flags = RT_OPT_POSITIONAL},
		{.name = "more", .summary = "all others", .type = RT_STRINGS, .offset = AT(rest),
		 .flags = RT_OPT_POSITIONAL | RT_OPT_REST},
		{"control", "a flag", RT_BOOL, AT(control), "no"},
		{0},
	};
	const struct rt_row r = {"help", "explains", rest_opts, sizeof(struct params)};
	struct rt_str usage = {0};
	struct params p;
	struct rt_err err;

	(void)state;
	rt_params_init(&r, &p);
	assert_ok(rt_params_parse(&r, &p, WORDS("a", "b c", "-control", "yes", "d,e"), &err));
	assert_int_equal(p.rest.n, 2);
	assert_string_equal(p.rest.v[0], "b c");	/* a word is not split */
	assert_string_equal(p.rest.v[1], "d,e");
	rt_params_release(&r, &p);
	rt_row_usage(&r, &usage);
	assert_string_equal(usage.text, "help ?FIRST? ?MORE ...? ?-control yes|no?");
	rt_str_release(&usage);
}

static void usage_is_one_line_of_all_options(void **state)
{
	struct rt_str usage = {0};

	(void)state;
	rt_row_usage(&row, &usage);
	assert_string_equal(
		usage.text,
		"distill TEACHER ?FILE? ?-control yes|no? ?-epochs N? ?-seed N? ?-lr X? "
		"?-temperature X? ?-score magnitude|random? ?-class-map {N ...}? "
		"?-milestones {X ...}? ?-names {LAYER ...}?");
	rt_str_release(&usage);
}

/* What is printed reads back as the same params. */
static void text_and_parsing_are_inverse(void **state)
{
	struct params p, q;
	struct rt_err err;

	(void)state;
	assert_ok(parse(&p, &err,
			WORDS("a b", "-epochs", "12", "-lr", "0.1", "-temperature", "1e-30",
			      "-control", "yes", "-score", "random", "-class-map", "0 -1 9",
			      "-milestones", "0.1 1e300", "-names", "x y")));
	rt_params_init(&row, &q);
	for (const struct rt_opt *o = opts; o->name; o++) {
		struct rt_str text = {0};

		rt_opt_text(o, &p, &text);
		if (text.len)
			assert_ok(rt_opt_parse(o, &q, text.text, &err));
		assert_ok(rt_opt_check(o, &q, &err));
		rt_str_release(&text);
	}
	assert_true(rt_params_equal(&row, &p, &q));
	rt_params_release(&row, &q);
	rt_params_copy(&row, &q, &p);
	assert_true(rt_params_equal(&row, &p, &q));
	assert_ptr_not_equal(p.names.v[0], q.names.v[0]);
	q.map.v[1] = 5;
	assert_false(rt_params_equal(&row, &p, &q));
	rt_params_release(&row, &p);
	rt_params_release(&row, &q);
}

static void stored_values_are_checked_too(void **state)
{
	struct params p;
	struct rt_err err;

	(void)state;
	rt_params_init(&row, &p);
	p.epochs = 1001;
	assert_fails(rt_opt_check(rt_opt_find(&row, "epochs"), &p, &err), RT_EINVAL, "got 1001");
	p.epochs = RT_UNSET_INT;
	assert_ok(rt_opt_check(rt_opt_find(&row, "epochs"), &p, &err));
	p.lr = -1;
	assert_fails(rt_opt_check(rt_opt_find(&row, "lr"), &p, &err), RT_EINVAL, "above 0");
	p.score = 2;
	assert_fails(rt_opt_check(rt_opt_find(&row, "score"), &p, &err), RT_EINVAL, "one of");
	rt_ints_set(&p.map, 1, (int64_t[]){-2});
	assert_fails(rt_opt_check(rt_opt_find(&row, "class-map"), &p, &err), RT_EINVAL,
		     "from -1 to 9");
	rt_params_release(&row, &p);
}

/* A value that is refused leaves what was there. */
static void a_refused_value_changes_nothing(void **state)
{
	struct params p, before;
	struct rt_err err;

	(void)state;
	assert_ok(parse(&p, &err, WORDS("t", "-class-map", "1 2", "-epochs", "9")));
	rt_params_copy(&row, &before, &p);
	for (const struct rt_opt *o = opts; o->name; o++)
		if (o->type != RT_STRING && o->type != RT_STRINGS)
			assert_fails(rt_opt_parse(o, &p, "1 x", &err), RT_EINVAL, o->name);
	assert_true(rt_params_equal(&row, &p, &before));
	rt_params_release(&row, &p);
	rt_params_release(&row, &before);
}

/* --- lists of rows ------------------------------------------------------------------------ */

static void rows_are_found_by_name(void **state)
{
	static const struct rt_row sgd = {"sgd", "one", NULL, 0}, adam = {"adam", "two", NULL, 0};
	static const struct rt_row *const rows[] = {&sgd, &adam};
	const struct rt_list list = {"optimizer", rows, 2};
	const struct rt_row *found;
	struct rt_err err;

	(void)state;
	assert_ptr_equal(rt_list_find(&list, "adam"), &adam);
	assert_null(rt_list_find(&list, "Adam"));
	assert_ok(rt_list_get(&found, &list, "sgd", &err));
	assert_fails(rt_list_get(&found, &list, "sdg", &err), RT_ENOTFOUND,
		     "no optimizer \"sdg\"; did you mean \"sgd\"?");
	assert_fails(rt_list_get(&found, &list, "lbfgs", &err), RT_ENOTFOUND,
		     "no optimizer \"lbfgs\"   (one of: sgd adam)");
	assert_null(found);
}

static void the_nearest_name_is_near(void **state)
{
	static const char *const names[] = {"run", "rum", "student", "teacher"};

	(void)state;
	assert_string_equal(rt_nearest("studnt", names, 4), "student");
	assert_string_equal(rt_nearest("stundet", names, 4), "student");
	assert_string_equal(rt_nearest("rn", names, 4), "run");
	assert_null(
		rt_nearest("ab", names, 4)); /* two changes of two letters are no typing error */
	assert_null(rt_nearest("professor", names, 4));
	assert_null(rt_nearest("x", names, 0));
}

/* --- rows that are wrong ------------------------------------------------------------------ */

static void incomplete_rows_are_found(void **state)
{
	static const struct {
		struct rt_opt opt;
		const char *message;
	} bad[] = {
		{{.name = "a", .type = RT_INT, .offset = AT(epochs)}, "has no summary"},
		{{.name = "a", .summary = "", .type = RT_INT, .offset = AT(epochs)},
		 "has no summary"},
		{{"a", "x", RT_INT, sizeof(struct params), NULL}, "lies outside its params"},
		{{"a", "x", RT_STRINGS, sizeof(struct params) - 8, NULL},
		 "lies outside its params"},
		{{"a", "x", RT_CHOICE, AT(score), NULL}, "choices and a type that disagree"},
		{{"a", "x", RT_INT, AT(epochs), NULL, .choices = scores},
		 "choices and a type that disagree"},
		{{"a", "x", RT_INT, AT(epochs), "12", 0, 5}, "default of a"},
		{{"a", "x", RT_INT, AT(epochs), "two"}, "default of a"},
		{{"a", "x", RT_REAL, AT(lr), NULL, 0, 1, .example = "7"}, "example of a"},
		{{"a", "x", RT_STRING, AT(file), .flags = RT_OPT_POSITIONAL | RT_OPT_REST},
		 "which only positional strings can"},
		{{"a", "x", RT_STRINGS, AT(rest), .flags = RT_OPT_REST},
		 "which only positional strings"},
		{{"a", "x", RT_INT, AT(epochs), "1", .flags = RT_OPT_REQUIRED},
		 "required and has a default"},
	};
	static const struct rt_opt twice[] = {{"lr", "x", RT_REAL, AT(lr), NULL},
					      {"lr", "y", RT_REAL, AT(temperature), NULL},
					      {0}};
	char long_summary[200];
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		const struct rt_opt one[] = {bad[i].opt, {0}};
		const struct rt_row r = {"bad", "a bad row", one, sizeof(struct params)};

		assert_fails(rt_row_check(&r, &err), RT_EINVAL, bad[i].message);
	}
	memset(long_summary, 'x', sizeof(long_summary) - 1);
	long_summary[sizeof(long_summary) - 1] = '\0';
	assert_fails(rt_row_check(&(struct rt_row){"", "x", NULL, 0}, &err), RT_EINVAL, "no name");
	assert_fails(rt_row_check(&(struct rt_row){NULL, "x", NULL, 0}, &err), RT_EINVAL,
		     "no name");
	assert_fails(rt_row_check(&(struct rt_row){"a", NULL, NULL, 0}, &err), RT_EINVAL,
		     "summary");
	assert_fails(rt_row_check(&(struct rt_row){"a", long_summary, NULL, 0}, &err), RT_EINVAL,
		     "summary");
	assert_fails(rt_row_check(&(struct rt_row){"a", "x", NULL, 8}, &err), RT_EINVAL,
		     "disagree");
	assert_fails(rt_row_check(&(struct rt_row){"a", "x", opts, 0}, &err), RT_EINVAL,
		     "disagree");
	assert_fails(rt_row_check(&(struct rt_row){"a", "x", twice, sizeof(struct params)}, &err),
		     RT_EINVAL, "option lr of a: is there twice");
	assert_ok(rt_row_check(&row, &err));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_what_the_row_says),
		cmocka_unit_test(words_become_params),
		cmocka_unit_test(every_spelling_of_yes_and_no_is_known),
		cmocka_unit_test(values_out_of_range_are_told_with_the_range),
		cmocka_unit_test(unknown_names_get_a_suggestion),
		cmocka_unit_test(missing_and_surplus_words_are_told),
		cmocka_unit_test(the_rest_goes_into_a_list),
		cmocka_unit_test(usage_is_one_line_of_all_options),
		cmocka_unit_test(text_and_parsing_are_inverse),
		cmocka_unit_test(stored_values_are_checked_too),
		cmocka_unit_test(a_refused_value_changes_nothing),
		cmocka_unit_test(rows_are_found_by_name),
		cmocka_unit_test(the_nearest_name_is_near),
		cmocka_unit_test(incomplete_rows_are_found),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
