/* checkpoint.c - training goes on from a checkpoint bit for bit, and damage changes nothing. */
#include "config.h"

#include "desk.h"
#include "temp.h"

#include "base/sys.h"
#include "graph/mask.h"
#include "io/zip.h"
#include "session/checkpoint.h"
#include "train/predict.h"

static struct rt_err err;

static enum rt_status load(struct rt_session *s, const char *path)
{
	enum rt_status status;

	rt_session_begin(s, "checkpoint load");
	status = rt_checkpoint_load(s, path, &err);
	if (status == RT_OK)
		rt_session_commit(s);
	else
		rt_session_rollback(s);
	return status;
}

static char *save(struct rt_session *s, const char *name)
{
	char *path = temp_path(name);
	int64_t bytes;
	size_t len;

	assert_ok(rt_checkpoint_save(s, path, &bytes, &err));
	free(slurp(path, &len));
	assert_int_equal(bytes, len);
	return path;
}

static struct rt_data *toy(void)
{
	return toy_classes(100, 20, 5, 3, 1);
}

static void mask_half(struct rt_session *s, const char *name)
{
	unsigned char *mask;
	struct rt_model *m;

	rt_session_begin(s, "prune");
	assert_ok(rt_session_edit_model(&m, s, name, &err));
	assert_ok(rt_param_mask(&mask, &m->graph->params[0], &err));
	for (int64_t i = 0; i < rt_tensor_count(&m->graph->params[0].data); i += 2)
		mask[i] = 0;
	assert_ok(rt_graph_apply_masks(m->graph, &err));
	rt_session_commit(s);
}

/* --- going on ----------------------------------------------------------------------------- */

#define DROPOUT "dense 8; relu; dropout 0.3; dense 3"

static const struct scene {
	const char *net, *words[13];
	bool distill, control, cache, masked;
	int batches;	/* of the epoch under way; an epoch has 5 */
} scenes[] = {
	{"dense 3", {"-batch", "16"}},
	{DROPOUT, {"-batch", "16", "-momentum", "0.5", "-nesterov", "yes"}, .batches = 3},
	{DROPOUT,
	 {"-batch", "16", "-optimizer", "adam", "-schedule", "cosine", "-epochs", "7"},
	 .batches = 1},
	{DROPOUT,
	 {"-batch", "16", "-optimizer", "adamw", "-warmup", "2.5", "-clip", "0.1"},
	 .masked = true},
	{"dense 8; bn; relu; dense 3",
	 {"-batch", "16", "-schedule", "step", "-milestones", "1 2.5 3"}},
	{DROPOUT, {"-batch", "16"}, .distill = true, .control = true, .cache = true, .batches = 3},
	{DROPOUT,
	 {"-batch", "16", "-optimizer", "adam", "-weight-decay", "0.1"},
	 .distill = true,
	 .control = true,
	 .masked = true,
	 .batches = 4},
	{"dense 8; tanh; dense 3", {"-batch", "7", "-lr", "0.01"}, .distill = true, .cache = true},
};

static struct rt_session *begin_scene(const struct scene *c)
{
	struct rt_distill_opts o = {.temperature = 2.5, .hard = 0.3, .soft = 0.7};
	struct rt_session *s = rt_session_new(21);
	int n = 0;

	while (c->words[n])
		n++;
	desk_data(s, toy(), "toy");
	desk_model(s, "m", c->net, 3);
	if (c->masked)
		mask_half(s, "m");
	if (c->distill) {
		desk_model(s, "t", "dense 16; relu; dense 3", 4);
		desk_train(s, "t", 0, NULL);
		desk_epochs(s, 1);
		desk_distill(s, "t", "m", c->control ? "m.control" : NULL, o, c->cache, n,
			     c->words);
	} else {
		desk_train(s, "m", n, c->words);
	}
	desk_epochs(s, 2);
	if (c->batches)
		desk_batches(s, c->batches);
	return s;
}

/* The end of the epoch under way, and one more. */
static void go_on(struct rt_session *s)
{
	desk_epochs(s, 2);
}

/* Two epochs, a checkpoint, another program, two more epochs = four epochs. */
static void a_run_goes_on_bit_for_bit(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(scenes); i++) {
		struct rt_session *straight = begin_scene(&scenes[i]),
				  *resumed = rt_session_new(99);
		char *path = save(straight, "run.ckpt"), *again;
		unsigned char *a, *b;
		size_t na, nb;

		desk_data(resumed, toy(), "toy");
		assert_ok(load(resumed, path));
		again = save(resumed, "again.ckpt");	/* the same bytes once more */
		a = slurp(path, &na);
		b = slurp(again, &nb);
		assert_int_equal(na, nb);
		assert_memory_equal(a, b, na);
		go_on(straight);
		go_on(resumed);
		desk_assert_same(straight, resumed);
		assert_int_equal(desk_fit(resumed)->nhistory, 4);
		free(a);
		free(b);
		free(path);
		free(again);
		rt_session_free(straight);
		rt_session_free(resumed);
	}
}

static void loading_is_one_step_that_undo_takes_back(void **state)
{
	struct rt_session *s = begin_scene(&scenes[5]), *twin = begin_scene(&scenes[5]);
	struct rt_session *other = rt_session_new(7);
	char *path = save(s, "undo.ckpt"), *history;

	(void)state;
	desk_data(other, toy(), "toy");
	desk_model(other, "mine", "dense 3", 1);
	assert_ok(load(other, path));
	history = desk_history(other);
	assert_string_equal(history, "checkpoint load\nmodel new\ndata load\n");
	free(history);
	desk_get(other, "m.control");
	desk_undo(other, 1);
	desk_get(other, "mine");
	assert_int_equal(rt_session_get_run(&(struct rt_run *){NULL}, other, NULL, &err),
			 RT_ENOTFOUND);
	desk_redo(other, 1);
	desk_assert_same(other, s);

	/* back to it after going on, and the seeds with it */
	desk_epochs(s, 2);
	assert_ok(load(s, path));
	desk_undo(s, 1);
	assert_int_equal(desk_fit(s)->nhistory, 4);
	desk_redo(s, 1);
	rt_session_draw(twin, "probe");	/* other and s have drawn one */
	desk_epochs(s, 1);
	desk_epochs(twin, 1);
	assert_true(toy_same(desk_get(s, "m")->graph, desk_get(twin, "m")->graph));
	rt_session_free(s);
	rt_session_free(twin);
	rt_session_free(other);
	free(path);
}

/* The teacher of a run is what it was when the run began, and objects may have gone since. */
static void what_only_a_run_holds_is_kept(void **state)
{
	struct rt_distill_opts o = {.temperature = 4, .soft = 1};
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);
	struct rt_run *run;
	struct rt_model *m;
	int64_t map[3] = {1, -1, 0};
	int n;
	char *path;
	void *w;

	(void)state;
	o.class_map = (struct rt_ints){3, map};
	desk_data(s, toy(), "toy");
	desk_model(s, "t", "dense 3", 4);
	desk_model(s, "m", "dense 3", 5);
	desk_distill(s, "t", "m", NULL, o, true, 0, NULL);
	desk_epochs(s, 1);
	rt_session_begin(s, "change the teacher");
	assert_ok(rt_session_edit_model(&m, s, "t", &err));
	assert_ok(rt_tensor_write(&w, &m->graph->params[0].data, &err));
	((float *)w)[0] = 7;
	rt_session_commit(s);
	desk_data(s, toy_classes(40, 10, 5, 3, 2), "next");
	rt_session_begin(s, "data drop");
	assert_ok(rt_session_drop_data(s, "toy", &err));
	rt_session_commit(s);
	path = save(s, "held.ckpt");

	desk_data(back, toy(), "toy");
	desk_data(back, toy_classes(40, 10, 5, 3, 2), "next");
	assert_ok(load(back, path));
	desk_assert_same(s, back);
	rt_session_data(back, &n);
	assert_int_equal(n, 1);
	assert_ok(rt_session_get_run(&run, back, NULL, &err));
	assert_string_equal(run->fit->data->name, "toy");
	assert_true(rt_tensor_get(&desk_get(back, "t")->graph->params[0].data, 0) == 7);
	assert_true(rt_tensor_get(&run->distill->teacher->graph->params[0].data, 0) != 7);
	assert_int_equal(run->distill->opts.class_map.v[1], -1);
	assert_int_equal(run->distill->logits->width, 3);
	desk_epochs(s, 1);
	desk_epochs(back, 1);
	desk_assert_same(s, back);

	free(path);
	desk_drop_model(s, "m");	/* a run without its model is still a history */
	path = save(s, "held.ckpt");
	assert_ok(load(back, path));
	assert_int_equal(desk_fit(back)->nhistory, 2);
	assert_null(desk_fit(back)->learner[0].optim.state);
	free(path);
	rt_session_free(s);
	rt_session_free(back);
}

static void an_empty_session_is_a_session(void **state)
{
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);
	char *path = save(s, "empty.ckpt");

	(void)state;
	assert_ok(load(back, path));
	assert_int_equal(rt_session_draw(s, "x"), rt_session_draw(back, "x"));
	desk_undo(back, 1);
	assert_int_not_equal(rt_session_draw(s, "x"), rt_session_draw(back, "x"));
	free(path);
	rt_session_free(s);
	rt_session_free(back);
}

/* --- data sets ---------------------------------------------------------------------------- */

static struct rt_data *load_words(const char *name, const char *path, int n,
				  const char *const *words)
{
	struct rt_data_load opts;
	struct rt_data *d;

	rt_params_init(&rt_data_load_row, &opts);
	assert_ok(rt_params_parse(&rt_data_load_row, &opts, n, words, &err));
	assert_ok(rt_data_load(&d, name, path, &opts, &err));
	rt_params_release(&rt_data_load_row, &opts);
	return d;
}

static const char table[] = "a,b,kind\n1,2,x\n2,3,y\n3,4,x\n4,5,y\n5,6,x\n6,7,y\n7,8,x\n8,9,y\n";

/* The program's own sets and files are loaded again as they were, options and split included. */
static void data_sets_are_made_again(void **state)
{
	char *csv = temp_text("table.csv", table), *path;
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);
	struct rt_data *d, *cut, *other;

	(void)state;
	d = load_words(
		"cells", csv,
		WORDS("-test", "0.5", "-seed", "7", "-classes", "y x", "-standardize", "no"));
	assert_non_null(strstr(d->recipe, "-classes y x\n"));
	desk_data(s, d, "cells");
	d = load_words("mine", "digits", WORDS("-seed", "4"));
	assert_non_null(strstr(d->recipe, "builtin digits\n-seed 4\n"));
	assert_ok(rt_data_split(&cut, d, 0.25, 9, &err));
	assert_ok(
		rt_data_split(&other, cut, 0.5, 3, &err)); /* takes the place of the first split */
	assert_non_null(strstr(other->recipe, "-seed 4\nsplit 0.5 3\n"));
	assert_null(strstr(other->recipe, "0.25"));
	rt_data_unref(cut);
	rt_data_unref(d);
	desk_data(s, other, "mine");
	path = save(s, "data.ckpt");

	assert_ok(load(back, path));
	desk_assert_same(s, back);
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "mine" : "cells";

		assert_ok(rt_session_get_data(&d, s, name, &err));
		assert_ok(rt_session_get_data(&other, back, name, &err));
		assert_string_equal(d->source, other->source);
		assert_string_equal(d->recipe, other->recipe);
		assert_int_equal(d->npart[1], other->npart[1]);
		assert_memory_equal(d->part[1], other->part[1],
				    (size_t)d->npart[1] * sizeof(int32_t));
	}
	assert_ok(rt_session_get_data(&d, back, NULL, &err));
	assert_string_equal(d->name, "mine");

	/* the parts count: another split of the same samples is another set */
	assert_ok(rt_data_split(&cut, d, 0.5, 4, &err));
	desk_data(back, cut, "mine");
	assert_ok(load(back, path));
	assert_ok(rt_session_get_data(&other, back, "mine", &err));
	assert_ptr_not_equal(other, cut);
	free(path);
	free(csv);
	rt_session_free(s);
	rt_session_free(back);
}

static void data_that_have_changed_are_refused(void **state)
{
	char *csv = temp_text("change.csv", table), *path, *moved;
	struct rt_session *s = rt_session_new(3), *back = rt_session_new(4);

	(void)state;
	desk_data(s, load_words("cells", csv, 0, NULL), "cells");
	path = save(s, "change.ckpt");
	free(temp_text("change.csv",
		       "a,b,kind\n1,2,x\n2,3,y\n3,4,x\n4,5,y\n5,6,x\n6,7,y\n7,8,x\n8,10,y\n"));
	desk_model(s, "m", "dense 2", 1);
	assert_fails(load(back, path), RT_EFORMAT, "data set \"cells\" from ");
	assert_non_null(strstr(err.msg, "has changed: hash "));
	assert_non_null(strstr(err.msg, "the checkpoint's is "));
	assert_int_equal(unlink(csv), 0);
	assert_fails(load(back, path), RT_ENOTFOUND, "data set \"cells\": ");
	assert_non_null(strstr(err.msg, "No such file"));
	assert_ok(load(s, path));	/* it is loaded here, so the file is not needed */
	rt_session_free(s);
	free(path);

	/* from memory: must be there, with the same samples */
	s = rt_session_new(3);
	desk_data(s, toy(), "toy");
	path = save(s, "memory.ckpt");
	assert_fails(load(back, path), RT_ENOTFOUND, "did not come from a file and is not loaded");
	desk_data(back, toy_classes(100, 20, 5, 3, 2), "toy");
	assert_fails(load(back, path), RT_EFORMAT, "data set \"toy\" (hash ");
	assert_non_null(strstr(err.msg, ") is not the one of the checkpoint (hash "));
	desk_data(back, toy(), "toy");
	assert_ok(load(back, path));
	moved = temp_path("no/such");
	*strrchr(moved, '/') = '\0';
	rmdir(moved);
	strcat(moved, "/x");
	assert_fails(rt_checkpoint_save(s, moved, NULL, &err), RT_EIO, "cannot write");
	assert_fails(load(back, moved), RT_ENOTFOUND, "No such file");
	free(moved);
	free(path);
	free(csv);
	rt_session_free(s);
	rt_session_free(back);
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

/* --- damage ------------------------------------------------------------------------------- */

static bool one_line(const char *text)
{
	return *text && !strchr(text, '\n');
}

/* A file cut off at any byte: one line, and everything as it was. */
static void every_truncation_is_told_and_changes_nothing(void **state)
{
	struct rt_session *s = begin_scene(&scenes[6]), *twin = begin_scene(&scenes[6]);
	char *path = save(s, "cut.ckpt");
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	(void)state;
	while (len-- > 0) {
		assert_int_equal(truncate(path, (off_t)len), 0);
		if (load(s, path) != RT_EFORMAT || !one_line(err.msg) ||
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
	struct rt_session *s = begin_scene(&scenes[5]);
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
		if (load(s, path) != RT_OK) {
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
	struct rt_session *s = begin_scene(&scenes[5]), *twin = begin_scene(&scenes[5]);

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		char *path = save(s, "text.ckpt");

		change_text(path, bad[i].from, bad[i].to);
		if (load(s, path) == RT_OK)
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
	assert_fails(load(s, text), RT_EFORMAT, "plain.ckpt: not a ZIP archive");
	assert_fails(load(s, empty), RT_EFORMAT, "none.ckpt: not a ZIP archive");
	assert_fails(load(s, temp_dir), RT_EIO, "is a folder");
	assert_ok(rt_out_begin(&out, zip, &err));
	w.stream = out.stream;
	rt_zip_add(&w, "weights.npy", "x", 1);
	rt_zip_finish(&w);
	assert_ok(rt_out_commit(&out, &err));
	assert_fails(load(s, zip), RT_EFORMAT, "no part \"checkpoint.txt\"; it is no checkpoint");
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
	struct rt_session *s = begin_scene(&scenes[5]), *other = rt_session_new(1);
	char *path = save(s, "stop.ckpt");
	int n;

	(void)state;
	desk_data(other, toy(), "toy");
	rt_cancel_request();
	assert_fails(load(other, path), RT_ECANCELLED, "stopped");
	rt_cancel_clear();
	rt_session_models(other, &n);
	assert_int_equal(n, 0);
	assert_ok(load(other, path));
	free(path);
	rt_session_free(s);
	rt_session_free(other);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_goes_on_bit_for_bit),
		cmocka_unit_test(loading_is_one_step_that_undo_takes_back),
		cmocka_unit_test(what_only_a_run_holds_is_kept),
		cmocka_unit_test(an_empty_session_is_a_session),
		cmocka_unit_test(data_sets_are_made_again),
		cmocka_unit_test(data_that_have_changed_are_refused),
		cmocka_unit_test(recipes_that_are_damaged_are_told),
		cmocka_unit_test(every_truncation_is_told_and_changes_nothing),
		cmocka_unit_test(turned_bytes_do_no_harm),
		cmocka_unit_test(a_text_that_makes_no_sense_is_told_with_its_line),
		cmocka_unit_test(files_that_are_no_checkpoint_are_told),
		cmocka_unit_test(loading_stops_when_asked),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
