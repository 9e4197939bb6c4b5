/* damage.c - checkpoints that are cut off, turned over or make no sense: one line, and nothing
 * changes. */
#include "config.h"

#include "desk.h"
#include "temp.h"

#include "base/sys.h"
#include "io/zip.h"
#include "session/checkpoint.h"

static struct rt_err err;

static char *save(struct rt_session *s, const char *name)
{
	char *path = temp_path(name);

	desk_save(s, path);
	return path;
}

static bool one_line(const char *text)
{
	return *text && !strchr(text, '\n');
}

/* A file cut off at any byte: one line, and everything as it was. */
static void every_truncation_is_told_and_changes_nothing(void **state)
{
	struct rt_session *s = desk_distilling(), *twin = desk_distilling();
	char *path = save(s, "cut.ckpt");
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	(void)state;
	while (len-- > 0) {
		assert_int_equal(truncate(path, (off_t)len), 0);
		if (desk_load(s, path, &err) != RT_EFORMAT || !one_line(err.msg) ||
		    !strstr(err.msg, "cut.ckpt"))
			fail_msg("cut off at %zu: \"%s\"", len, err.msg);
	}
	desk_assert_same(s, twin);
	free(bytes);
	free(path);
	rt_session_free(s);
	rt_session_free(twin);
}

static void put_byte(FILE *f, size_t at, int byte)
{
	fseek(f, (long)at, SEEK_SET);
	fputc(byte, f);
	fflush(f);
}

/* A byte turned over: refused in one line, or in a place that does not matter. */
static void turned_bytes_do_no_harm(void **state)
{
	struct rt_session *s = desk_distilling();
	char *path = save(s, "turn.ckpt");
	size_t len, before = 0;
	unsigned char *bytes = slurp(path, &len);
	FILE *f = fopen(path, "r+b");
	int refused = 0, n = 0;

	(void)state;
	for (size_t i = 0; i < len; i += i < 200 || i > len - 3000 ? 1 : 61) {
		put_byte(f, i, bytes[i] ^ 0xff);
		if (i)
			put_byte(f, before, bytes[before]);
		before = i;
		n++;
		if (desk_load(s, path, &err) != RT_OK) {
			assert_true(one_line(err.msg));
			refused++;
		}
	}
	fclose(f);
	assert_true(refused > n / 2);
	free(bytes);
	free(path);
	rt_session_free(s);
}

/* Writes the archive again with the first `from` of checkpoint.txt turned into `to`. */
static void change_text(const char *path, const char *from, const char *to)
{
	struct rt_zip_writer w = {0};
	struct rt_zip z;
	struct rt_out out;
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	assert_ok(rt_zip_open(&z, bytes, len, path, &err));
	assert_ok(rt_out_begin(&out, path, &err));
	w.stream = out.stream;
	for (int i = 0; i < z.n; i++) {
		unsigned char *part;
		struct rt_str text = {0};
		const char *at;

		assert_ok(rt_zip_extract(&part, &z, i, &err));
		at = strcmp(z.entry[i].name, "checkpoint.txt") == 0 ? strstr((char *)part, from)
								    : NULL;
		if (at) {
			rt_str_addn(&text, (char *)part, (size_t)(at - (char *)part));
			rt_str_addf(&text, "%s%s", to, at + strlen(from));
			rt_zip_add(&w, z.entry[i].name, text.text, text.len);
		} else if (strcmp(z.entry[i].name, "checkpoint.txt") == 0) {
			fail_msg("no \"%s\" in checkpoint.txt", from);
		} else {
			rt_zip_add(&w, z.entry[i].name, part, z.entry[i].len);
		}
		rt_str_release(&text);
		free(part);
	}
	rt_zip_finish(&w);
	assert_ok(rt_out_commit(&out, &err));
	rt_zip_release(&z);
	free(bytes);
}

static void a_text_that_makes_no_sense_is_told_with_its_line(void **state)
{
	static const struct {
		const char *from, *to, *message;
	} bad[] = {
		{"version 1", "version 2",
		 "a checkpoint of version 2; this program reads version 1"},
		{"version 1", "verse 1", "checkpoint.txt line 2: checkpoint has no option -verse"},
		{"\tversion 1\n", "", "line 2: the checkpoint before has no version"},
		{"\tversion 1\n", "\tversion 1\n\tversion 1\n",
		 "line 3: \"version\" is there twice"},
		{"\tversion 1\n", "\tversion\n", "line 2: \"version\" has no value"},
		{"session\n", "sessions\n", "line 3: \"sessions\" where \"session\" should be"},
		{"draws ", "draws x", "draws must be"},
		{"current 0", "current 7", "data set 7 of 1 is in use"},
		{"current 0", "current -2", "data set -2 of 1 is in use"},
		{" 0 0 0 0 0 0\n", " 0 0 0 0 0 5\n", "a stream of random numbers is damaged"},
		{" 0 0 0 0 0 0\n", " 0 -1 0 0 0 0\n", "a stream of random numbers is damaged"},
		{"models/0.onnx", "models/9.onnx", "no part \"models/9.onnx\""},
		{"models/0.onnx", "arrays/0.npy", "arrays/0.npy: "},
		{"models/0.onnx", "checkpoint.txt", "checkpoint.txt: damaged or truncated at byte"},
		{"arrays/0.npy", "arrays/1.npy", "its parameter f32 of 16x5"},
		{"arrays/0.npy", "models/0.onnx", "models/0.onnx: not an npy file"},
		{"slot 0", "slot 5", "array 5 of \"dense1.weight\" belongs to no parameter"},
		{"param dense1.weight", "param dense1.wait",
		 "array 0 of \"dense1.wait\" belongs to no parameter"},
		{"param dense1.bias", "param dense1.weight",
		 "array 0 of \"dense1.weight\" is there twice"},
		{"data 0\n", "data 3\n", "run1: data set 3 of 1 is its own"},
		{"at 48\n", "at 80\n", "run2: sample 80 of an epoch of 80 is next"},
		{"at 48\n", "at -1\n", "at must be"},
		{"batch 16", "batch 0", "-batch must be"},
		{"optimizer sgd", "optimizer sdg", "(did you mean sgd?)"},
		{"optimizer sgd", "optimizer adam",
		 "1 of the 2 arrays that adam keeps for \"dense1.weight\""},
		{"objectives hard", "objectives easy", "learner 1 cannot learn \"easy\""},
		{"objectives hard", "objectives distill", "learner 1 cannot learn \"distill\""},
		{"objectives hard", "objectives hard hard",
		 "2 learners, no teacher and no control"},
		{"objectives distill hard", "objectives hard distill",
		 "learner 1 cannot learn \"hard\""},
		{"objectives distill hard", "objectives distill",
		 "1 learners, a teacher and a control"},
		{"\tteacher t\n", "", "2 learners, no teacher and a control"},
		{"\tcontrol m.control\n", "", "2 learners, a teacher and no control"},
		{"\tteacher 1\n", "\tteacher 8\n", "model 8 of 3 is its teacher"},
		{"method soft_targets", "method soft", "no method \"soft\""},
		{"temperature 2.5", "temperature 0",
		 "temperature 0, hard 0.3 and soft 0.7 cannot be"},
		{"hard 0.3\n", "hard -1\n", "hard -1"},
		{"width 3", "width 2", "teacher \"t\" has 3 classes, the student 2"},
		{"terms hard", "terms hard hard", "a loss has 4 words"},
		{"terms hard 1 ", "terms hard one ", "number 2 of 3 of a loss is damaged"},
		{"terms hard", "terms a_name_that_is_too_long",
		 "\"a_name_that_is_too_long\" is no term"},
		{"\tlr 0.05", "\tlr fast", "lr must be a number"},
		{"epoch\n\tepoch 1\n", "epoch\n\tepoch 1\n\tepoch 1\n", "\"epoch\" is there twice"},
		{"\nlearner\n", "\nepoch\n", "\"epoch\" where \"learner\" should be"},
		{"\nend\n", "\n", "\"\" where \"end\" should be"},
	};
	struct rt_session *s = desk_distilling(), *twin = desk_distilling();

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		char *path = save(s, "text.ckpt");

		change_text(path, bad[i].from, bad[i].to);
		if (desk_load(s, path, &err) == RT_OK)
			fail_msg("\"%s\" for \"%s\" is accepted", bad[i].to, bad[i].from);
		if (!strstr(err.msg, bad[i].message) || !one_line(err.msg) ||
		    !strstr(err.msg, "text.ckpt: "))
			fail_msg("\"%s\" for \"%s\": %s", bad[i].to, bad[i].from, err.msg);
		free(path);
	}
	desk_assert_same(s, twin);
	rt_session_free(s);
	rt_session_free(twin);
}

static void files_that_are_no_checkpoint_are_told(void **state)
{
	struct rt_session *s = rt_session_new(1);
	char *text = temp_text("plain.ckpt", "data load mnist\n"),
	     *empty = temp_text("none.ckpt", "");
	char *zip = temp_path("zip.ckpt"), *cut;
	struct rt_zip_writer w = {0};
	struct rt_out out;

	(void)state;
	assert_fails(desk_load(s, text, &err), RT_EFORMAT, "plain.ckpt: not a ZIP archive");
	assert_fails(desk_load(s, empty, &err), RT_EFORMAT, "none.ckpt: not a ZIP archive");
	assert_fails(desk_load(s, temp_dir, &err), RT_EIO, "is a folder");
	assert_ok(rt_out_begin(&out, zip, &err));
	w.stream = out.stream;
	rt_zip_add(&w, "weights.npy", "x", 1);
	rt_zip_finish(&w);
	assert_ok(rt_out_commit(&out, &err));
	assert_fails(desk_load(s, zip, &err), RT_EFORMAT,
		     "no part \"checkpoint.txt\"; it is no checkpoint");
	cut = desk_history(s);
	assert_string_equal(cut, "");
	free(cut);
	free(text);
	free(empty);
	free(zip);
	rt_session_free(s);
}

/* Ctrl-C while the teacher runs to fill its logits again. */
static void loading_stops_when_asked(void **state)
{
	struct rt_session *s = desk_distilling(), *other = rt_session_new(1);
	char *path = save(s, "stop.ckpt");
	int n;

	(void)state;
	desk_data(other, desk_toy(), "toy");
	rt_cancel_request();
	assert_fails(desk_load(other, path, &err), RT_ECANCELLED, "stopped");
	rt_cancel_clear();
	rt_session_models(other, &n);
	assert_int_equal(n, 0);
	assert_ok(desk_load(other, path, &err));
	free(path);
	rt_session_free(s);
	rt_session_free(other);
}

static void recipes_that_are_damaged_are_told(void **state)
{
	static const struct {
		const char *recipe, *message;
	} bad[] = {
		{"", "the recipe of data set \"d\": it is empty"},
		{"mnist", "begins with \"mnist\""},
		{"builtin digits\nrotate 90\n", "no step of it is called \"rotate\""},
		{"builtin digits\n-tset 0.5\n", "did you mean -test?"},
		{"builtin digits\n-test 2\n", "-test must be"},
		{"builtin digits\nsplit half 3\n", "a split is a fraction and a seed"},
		{"builtin digits\nsplit 0.5\n", "a split is a fraction and a seed"},
		{"builtin digits\nsplit 1.5 3\n", "above 0 and below 1"},
		{"builtin digit\n", "no data set \"digit\"; did you mean \"digits\"?"},
		{"path /no/such/file\n", "No such file"},
	};
	struct rt_data *d;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		assert_int_not_equal(rt_data_again(&d, "d", bad[i].recipe, &err), RT_OK);
		assert_null(d);
		if (!strstr(err.msg, bad[i].message))
			fail_msg("%s: \"%s\"", bad[i].recipe, err.msg);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_truncation_is_told_and_changes_nothing),
		cmocka_unit_test(turned_bytes_do_no_harm),
		cmocka_unit_test(a_text_that_makes_no_sense_is_told_with_its_line),
		cmocka_unit_test(files_that_are_no_checkpoint_are_told),
		cmocka_unit_test(loading_stops_when_asked),
		cmocka_unit_test(recipes_that_are_damaged_are_told),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
