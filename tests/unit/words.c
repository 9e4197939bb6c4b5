/* words.c - data sets of text: words, vocabularies, padding, and models that take their numbers. */
#include "config.h"

#include "train/data.h"
#include "train/predict.h"
#include "train/vocabulary.h"
#include "temp.h"

static enum rt_status load(struct rt_data **d, struct rt_err *err, const char *path, int n,
			   const char *const *argv)
{
	struct rt_data_load opts;
	enum rt_status status;

	*d = NULL;
	rt_params_init(&rt_data_load_row, &opts);
	status = rt_params_parse(&rt_data_load_row, &opts, n, argv, err);
	if (status == RT_OK)
		status = rt_data_load(d, "t", path, &opts, err);
	rt_params_release(&rt_data_load_row, &opts);
	return status;
}
#define LOAD(path, ...)                                                                            \
	load(&d, &err, path, (int)RT_COUNT(((const char *const[]){__VA_ARGS__})),                  \
	     (const char *const[]){__VA_ARGS__})

static void check_row(const struct rt_data *d, int64_t i, const char *wanted)
{
	struct rt_str text = {0};
	char buf[32];

	for (int64_t j = 0; j < d->sample.dim[0]; j++)
		rt_str_addf(&text, "%s%s", j ? " " : "", rt_data_text(d, i, j, buf, sizeof(buf)));
	assert_string_equal(rt_str_text(&text), wanted);
	rt_str_release(&text);
}

static void words_are_cut_out(void **state)
{
	char text[] = "Don't -- STOP'' 2nd caf\xc3\xa9.";
	static const char *const wanted[] = {"don't", "stop", "2nd", "caf\xc3\xa9"};
	const char *at = text;
	struct rt_word w;

	(void)state;
	rt_words_fold(text);
	for (size_t i = 0; i < RT_COUNT(wanted); i++) {
		w = rt_words_next(&at);
		assert_int_equal(w.n, strlen(wanted[i]));
		assert_memory_equal(w.at, wanted[i], w.n);
	}
	assert_int_equal(rt_words_next(&at).n, 0);
}

static const char table[] = "label\ttext\n"
			    "x\tThe cat sat.\n"
			    "y\t\"The dog\" ran -- and ran and ran\n"
			    "x\t...\n"
			    "y\tthe dog\n";

static void frequent_words_get_numbers(void **state)
{
	char *train = temp_text("both/train.tsv", table);
	char *test = temp_text("both/test.tsv", "label\ttext\ny\ta Zebra ran\n");
	char *path = temp_path("both");
	struct rt_data *d;
	struct rt_err err;
	int64_t x[4];
	float f[4];

	(void)state;
	assert_ok(LOAD(path, "-text", "text", "-length", "4", "-words", "5"));
	assert_int_equal(d->npart[RT_PART_TRAIN], 4);
	assert_int_equal(d->npart[RT_PART_TEST], 1);
	assert_int_equal(d->words, 5);
	/* three times the and ran, twice dog before and */
	assert_string_equal(d->word[2], "ran");
	assert_string_equal(d->word[3], "the");
	assert_string_equal(d->word[4], "and");
	check_row(d, 0, "the <unknown> <unknown> <pad>");
	check_row(d, 1, "the <unknown> ran and");
	check_row(d, 2, "<unknown> <pad> <pad> <pad>");
	check_row(d, 4, "<unknown> <unknown> ran <pad>");
	assert_non_null(strstr(d->note, "1 of 5 texts cut to 4 words"));
	assert_non_null(strstr(d->note, "1 texts without a word"));
	rt_data_fill_as(d, (int32_t[]){4}, 1, RT_I64, x);
	rt_data_fill_as(d, (int32_t[]){4}, 1, RT_F32, f);
	for (int j = 0; j < 4; j++) {
		static const int64_t wanted[4] = {1, 1, 2, 0};

		assert_int_equal(x[j], wanted[j]);
		assert_true(f[j] == (float)wanted[j]);
	}
	rt_data_unref(d);
	free(train);
	free(test);
	free(path);
}

static void vocabularies_are_read(void **state)
{
	char *path = temp_text("t.tsv", table);
	char *words = temp_text("w.txt", "[PAD]\n?\ndog\r\nthe\n");
	char *twice = temp_text("twice.txt", "-\n?\na\nb\na\n"), *few = temp_text("few.txt", "a\n");
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	assert_ok(LOAD(path, "-text", "text", "-length", "3", "-vocabulary", words));
	assert_int_equal(d->words, 4);
	check_row(d, 3, "the dog [PAD]");
	rt_data_unref(d);
	assert_fails(LOAD(path, "-text", "text", "-vocabulary", twice), RT_EFORMAT,
		     "twice.txt:5: the word \"a\" was there before");
	assert_fails(LOAD(path, "-text", "text", "-vocabulary", few), RT_EFORMAT,
		     "few.txt: 1 lines; a vocabulary has a word a line");
	assert_fails(LOAD(path, "-text", "body"), RT_EINVAL, "has no column \"body\"");
	assert_fails(LOAD(path, "-text", "label"), RT_EINVAL, "is the target");
	assert_fails(LOAD(path, "-text", "text", "-standardize", "yes"), RT_EINVAL,
		     "names, not amounts");
	free(path);
	free(words);
	free(twice);
	free(few);
}

static void columns_of_numbers_are_words(void **state)
{
	char *good = temp_text("ids.csv", "a,b,label\n3,0,x\n7,1,y\n2,2,x\n1,1,y\n");
	char *bad = temp_text("half.csv", "a,b,label\n3,0,x\n7,1.5,y\n2,2,x\n1,1,y\n");
	struct rt_graph *g = NULL;
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	assert_ok(LOAD(good, "-tokens", "yes"));
	assert_true(rt_data_is_text(d));
	check_row(d, 1, "7 1");
	g = rt_graph_new();
	rt_graph_add_input(g, "x", RT_I64, &RT_SHAPE(RT_BATCH, 2));
	assert_ok(rt_graph_takes(g, "m", d, &err));
	rt_data_unref(d);
	assert_ok(LOAD(good, "-test", "0.5"));
	assert_fails(rt_graph_takes(g, "m", d, &err), RT_ESHAPE,
		     "model \"m\" takes i64, data set \"t\" gives f32   (try: data load with");
	rt_data_unref(d);
	assert_fails(LOAD(bad, "-tokens", "yes"), RT_EFORMAT,
		     "number 2 of row 2 is 1.5; words have whole numbers from 0");
	rt_graph_free(g);
	free(good);
	free(bad);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_cut_out),
		cmocka_unit_test(frequent_words_get_numbers),
		cmocka_unit_test(vocabularies_are_read),
		cmocka_unit_test(columns_of_numbers_are_words),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
