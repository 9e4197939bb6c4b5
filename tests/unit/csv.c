/* csv.c - tables of text: quoting, line ends, headers, and the lines that damaged ones get. */
#include "config.h"

#include "base/str.h"
#include "io/csv.h"
#include "temp.h"

static enum rt_status parse_n(struct rt_csv *csv, const char *text, size_t len,
			      enum rt_csv_header header, struct rt_err *err)
{
	char *copy = malloc(len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return rt_csv_parse(csv, copy, len, "t.csv", 0, header, err);
}

static enum rt_status parse(struct rt_csv *csv, const char *text, struct rt_err *err)
{
	return parse_n(csv, text, strlen(text), RT_CSV_HEADER_AUTO, err);
}

/* Compares names and cells with "a|b|c;d|e|f". */
static void expect(struct rt_csv *csv, const char *names, const char *cells)
{
	struct rt_str got = {0};

	for (int c = 0; c < csv->ncols; c++)
		rt_str_addf(&got, "%s%s", c ? "|" : "", csv->name[c]);
	assert_string_equal(rt_str_text(&got), names);
	rt_str_clear(&got);
	for (int64_t i = 0; i < csv->nrows * csv->ncols; i++)
		rt_str_addf(&got, "%s%s", i == 0 ? "" : i % csv->ncols ? "|" : ";", csv->cell[i]);
	assert_string_equal(rt_str_text(&got), cells);
	rt_str_release(&got);
	rt_csv_release(csv);
}

static void reads(const char *text, const char *names, const char *cells)
{
	struct rt_csv csv;
	struct rt_err err;

	assert_ok(parse(&csv, text, &err));
	expect(&csv, names, cells);
}

static void plain_rows(void **state)
{
	(void)state;
	reads("a,b\n1,2\n3,4\n", "a|b", "1|2;3|4");
	reads("a,b\n1,2\n3,4", "a|b", "1|2;3|4");
	reads("a,b\r\n1,2\r\n3,\r\n", "a|b", "1|2;3|");
	reads("a,b\r1,2\r,4\r", "a|b", "1|2;|4");
	reads("\n\na,b\n\n1,2\n\r\n3,4\n\n\n", "a|b", "1|2;3|4");
	reads("\xef\xbb\xbf" "a,b\n1,2\n", "a|b", "1|2");
	reads("a,b\n1,2\n3,", "a|b", "1|2;3|");
}

static void quoted_cells(void **state)
{
	(void)state;
	reads("a,b\n\"x, y\",\"say \"\"no\"\"\"\n", "a|b", "x, y|say \"no\"");
	reads("a,b\n\"two\nlines\",\"\"\n\"\",\"z\"", "a|b", "two\nlines|;|z");
	reads("\"a\",\"b,c\"\r\n\"1\",2\r\n", "a|b,c", "1|2");
	reads("a,b\n5\" pipe,it\"s\n", "a|b", "5\" pipe|it\"s");
}

static void separators(void **state)
{
	(void)state;
	reads("a\tb\n1,5\t2\n", "a|b", "1,5|2");
	reads("a;b\n1,5;2\n", "a|b", "1,5|2");
	reads("\"a,b,c\";d\n1;2\n", "a,b,c|d", "1|2");
	reads("one\n1\n2\n", "one", "1;2");
}

static void headers(void **state)
{
	struct rt_csv csv;
	struct rt_err err;

	(void)state;
	reads("1,2\n3,4\n", "c1|c2", "1|2;3|4");
	reads("x,2\ny,4\n", "c1|c2", "x|2;y|4");
	reads("label,2001\n3,4\n", "label|2001", "3|4");
	reads("NA,2\n3,4\n", "c1|c2", "NA|2;3|4");
	reads("1,2\n", "c1|c2", "1|2");
	reads(",b\n3,4\n", "c1|b", "3|4");
	assert_ok(parse_n(&csv, "1,2\n3,4\n", 8, RT_CSV_HEADER_YES, &err));
	expect(&csv, "1|2", "3|4");
	assert_ok(parse_n(&csv, "a,b\n3,4\n", 8, RT_CSV_HEADER_NO, &err));
	expect(&csv, "c1|c2", "a|b;3|4");
}

static void lines_are_counted_through_quoted_line_ends(void **state)
{
	struct rt_csv csv;
	struct rt_err err;

	(void)state;
	assert_ok(parse(&csv, "a,b\n\"1\n2\r\n3\",x\n\n5,6\r\n7,8\n", &err));
	assert_int_equal(csv.nrows, 3);
	assert_int_equal(csv.line[0], 2);
	assert_int_equal(csv.line[1], 6);
	assert_int_equal(csv.line[2], 7);
	assert_int_equal(rt_csv_find(&csv, "b"), 1);
	assert_int_equal(rt_csv_find(&csv, "c"), -1);
	rt_csv_release(&csv);
}

static void damaged_tables_get_a_line(void **state)
{
	static const struct {
		const char *text, *line;
	} bad[] = {
		{"", "t.csv: empty"},
		{"\n\n", "t.csv: empty"},
		{"a,b\n", "t.csv: a header of 2 columns and no row"},
		{"a,b\n1,2\n1,2,3\n", "t.csv:3: 3 fields, the header has 2"},
		{"a,b\n1\n", "t.csv:2: 1 field, the header has 2"},
		{"1,2\n1\n", "t.csv:2: 1 field, the first row has 2"},
		{"a,b\n1,2\n\"x,2\n3,4\n", "t.csv:3: the quote opened here is never closed"},
		{"a,b\n\"1\"x,2\n", "t.csv:2: text after a closing quote"},
		{"a,b,a\n1,2,3\n", "t.csv: two columns are named \"a\""},
		{"\xff\xfe" "a", "t.csv: is UTF-16"},
	};
	struct rt_csv csv;
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++)
		assert_fails(parse(&csv, bad[i].text, &err), RT_EFORMAT, bad[i].line);
	assert_fails(parse_n(&csv, "a,b\n1,\0002\n", 9, RT_CSV_HEADER_AUTO, &err), RT_EFORMAT,
		     "t.csv:2: a zero byte (byte 6 of 9)");
}

/* Whatever the text, parsing ends with a table or an error. */
static void any_text_is_survived(void **state)
{
	static const char letters[] = "a1,\"\n\r;\t";
	struct rt_csv csv;
	struct rt_err err;

	(void)state;
	for (uint32_t seed = 0; seed < 8u * 8 * 8 * 8 * 8 * 8; seed += 7) {
		char text[7] = {0};

		for (int i = 0; i < 6; i++)
			text[i] = letters[seed >> (3 * i) & 7];
		if (parse(&csv, text, &err) == RT_OK)
			rt_csv_release(&csv);
		else
			assert_non_null(strstr(err.msg, "t.csv"));
	}
}

static void files_are_read(void **state)
{
	struct rt_csv csv;
	struct rt_err err;
	char *path = temp_text("t.tsv", "a\tb\n1\t2\n");

	(void)state;
	assert_ok(rt_csv_read(&csv, path, 0, RT_CSV_HEADER_AUTO, &err));
	expect(&csv, "a|b", "1|2");
	assert_ok(rt_csv_read(&csv, path, ',', RT_CSV_HEADER_AUTO, &err));
	expect(&csv, "a\tb", "1\t2");
	assert_fails(rt_csv_read(&csv, "/nonexistent.csv", 0, RT_CSV_HEADER_AUTO, &err),
		     RT_ENOTFOUND, "/nonexistent.csv");
	free(path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_rows),
		cmocka_unit_test(quoted_cells),
		cmocka_unit_test(separators),
		cmocka_unit_test(headers),
		cmocka_unit_test(lines_are_counted_through_quoted_line_ends),
		cmocka_unit_test(damaged_tables_get_a_line),
		cmocka_unit_test(any_text_is_survived),
		cmocka_unit_test(files_are_read),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
