/* data.c - data sets: the program's own, IDX files, pictures, splits, statistics and batches. */
#include "config.h"

#include "io/idx.h"
#include "io/png.h"
#include "train/batch.h"
#include "temp.h"

/* Loads with options given as words: load(&d, &err, "x", path, 2, "-test", "0.5"). */
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

/* ---- the program's own ---- */

static void rows_are_complete(void **state)
{
	struct rt_err err;

	(void)state;
	assert_ok(rt_row_check(&rt_data_load_row, &err));
	for (int i = 0; i < rt_data_builtins.n; i++)
		assert_ok(rt_row_check(rt_data_builtins.rows[i], &err));
}

static void mnist_has_what_its_source_says(void **state)
{
	static const int64_t count[] = {1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978};
	struct rt_data_stats stats;
	struct rt_data *d;
	struct rt_err err;
	float x[784];
	const uint8_t *raw;
	int32_t first = 8000, label;
	char buf[16];

	(void)state;
	assert_ok(load(&d, &err, "mnist", NULL, 0));
	assert_string_equal(d->source, "embedded mnist");
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(1, 28, 28)));
	assert_int_equal(d->x.dtype, RT_U8);
	assert_int_equal(d->n, 10000);
	assert_int_equal(d->npart[RT_PART_TRAIN], 8000);
	assert_int_equal(d->npart[RT_PART_TEST], 2000);
	assert_int_equal(d->classes, 10);
	assert_string_equal(rt_data_class(d, 7, buf, sizeof(buf)), "7");
	rt_data_stats(&stats, d);
	for (int c = 0; c < 10; c++) {
		assert_int_equal(stats.count[0][c] + stats.count[1][c], count[c]);
		assert_true(llabs(stats.count[1][c] * 5 - count[c]) <= 5);
	}
	assert_int_equal(stats.all.n, 8000 * 784);
	assert_true(stats.all.min == 0 && stats.all.max == 255);
	assert_int_equal(stats.nfeatures, 1);
	rt_data_stats_release(&stats);
	/* The first sample of the test part, 0 .. 1. */
	assert_int_equal(d->part[RT_PART_TEST][0], 8000);
	raw = (const uint8_t *)rt_tensor_data(&d->x) + 8000 * 784;
	rt_data_fill_x(d, &first, 1, x);
	for (int i = 0; i < 784; i++)
		assert_close(x[i], raw[i] / 255.0, 1e-6);
	rt_data_fill_labels(d, &first, 1, &label);
	assert_int_equal(label, rt_data_label(d, 8000));
	rt_data_unref(d);
}

static void digits_are_pictures_from_0_to_16(void **state)
{
	struct rt_data_stats stats;
	struct rt_data *d;
	struct rt_err err;
	int32_t zero = 0;
	float x[64];

	(void)state;
	assert_ok(load(&d, &err, "digits", NULL, 0));
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(1, 8, 8)));
	assert_int_equal(d->n, 1797);
	assert_int_equal(d->classes, 10);
	assert_null(d->feature_name);
	rt_data_stats(&stats, d);
	for (int c = 0; c < 10; c++)
		assert_in_range(stats.count[0][c] + stats.count[1][c], 174, 183);
	rt_data_stats_release(&stats);
	/* First row of the file: 0,0,5,13,9,1,0,0 ... label 0 */
	rt_data_fill_x(d, &zero, 1, x);
	assert_true(x[2] == 5 / 16.0f && x[3] == 13 / 16.0f && x[5] == 1 / 16.0f);
	assert_int_equal(rt_data_label(d, 0), 0);
	assert_true(d->low == 0 && d->high == 16);
	rt_data_unref(d);
	/* A given option wins over the set's own. */
	assert_ok(load(&d, &err, "digits", NULL, 2, "-scale", "1"));
	rt_data_fill_x(d, &zero, 1, x);
	assert_true(x[2] == 5);
	rt_data_unref(d);
	assert_ok(load(&d, &err, "mine", "digits", 2, "-test", "0.5"));
	assert_string_equal(d->name, "mine");
	assert_int_equal(d->npart[RT_PART_TEST], 899);
	rt_data_unref(d);
}

static void unknown_sets_are_suggested(void **state)
{
	struct rt_data *d;
	struct rt_err err;
	char *path = temp_text("there.csv", "a,b\n1,2\n");

	(void)state;
	assert_fails(load(&d, &err, "mnits", NULL, 0), RT_ENOTFOUND, "did you mean \"mnist\"?");
	assert_fails(load(&d, &err, path, NULL, 0), RT_EINVAL, "try: data load NAME");
	assert_fails(load(&d, &err, "x", "/nonexistent/x", 0), RT_ENOTFOUND, "/nonexistent/x");
	if (!rt_is_dir("/usr/share/datasets/fashion-mnist"))
		assert_fails(load(&d, &err, "fashion", NULL, 0), RT_ENOTFOUND,
			     "apt-get install dataset-fashion-mnist");
	free(path);
}

/* ---- IDX ---- */

/* An IDX file of u8: head numbers, then the count of elements that follow from a formula. */
static void write_idx(const char *name, enum rt_dtype dtype, struct rt_shape shape)
{
	char *path = temp_path(name);
	struct rt_tensor t;
	struct rt_err err;
	void *to;

	assert_ok(rt_tensor_new(&t, dtype, &shape, &err));
	assert_ok(rt_tensor_write(&to, &t, &err));
	for (int64_t i = 0; i < rt_tensor_count(&t); i++) {
		double v = (double)(shape.rank == 1 ? i % 3 : i % 251);

		rt_convert((char *)to + (size_t)i * rt_dtype(dtype)->size, dtype, &v, RT_F64, 1);
	}
	assert_ok(rt_idx_write(&t, path, &err));
	rt_tensor_release(&t);
	free(path);
}

static void idx_folders(void **state)
{
	char *dir = temp_path("idx"), *file = temp_path("idx/train-images-idx3-ubyte");
	struct rt_data *d;
	struct rt_err err;
	char buf[16];

	(void)state;
	write_idx("idx/train-images-idx3-ubyte", RT_U8, RT_SHAPE(30, 4, 5));
	write_idx("idx/train-labels-idx1-ubyte", RT_U8, RT_SHAPE(30));
	assert_ok(load(&d, &err, "x", dir, 0));
	assert_int_equal(d->npart[RT_PART_TEST], 6);
	rt_data_unref(d);
	assert_ok(load(&d, &err, "x", file, 4, "-test", "0.5", "-classes", "red green blue"));
	assert_int_equal(d->npart[RT_PART_TEST], 15);
	assert_string_equal(rt_data_class(d, 2, buf, sizeof(buf)), "blue");
	rt_data_unref(d);
	assert_fails(load(&d, &err, "x", file, 2, "-classes", "red green"), RT_EINVAL,
		     "-classes gives 2 names, but the labels of");

	write_idx("idx/t10k-images-idx3-ubyte", RT_U8, RT_SHAPE(9, 4, 5));
	write_idx("idx/t10k-labels-idx1-ubyte", RT_I32, RT_SHAPE(9));
	assert_ok(load(&d, &err, "x", dir, 0));
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(1, 4, 5)));
	assert_int_equal(d->npart[RT_PART_TRAIN], 30);
	assert_int_equal(d->npart[RT_PART_TEST], 9);
	assert_int_equal(rt_data_label(d, 30 + 4), 1);
	assert_int_equal(((const uint8_t *)rt_tensor_data(&d->x))[30 * 20 + 7], 7);
	rt_data_unref(d);

	write_idx("idx/t10k-images-idx3-ubyte", RT_U8, RT_SHAPE(9, 4, 4));
	assert_fails(load(&d, &err, "x", dir, 0), RT_EFORMAT, "holds Nx4x5 of u8");
	write_idx("idx/val-images-idx3-ubyte", RT_U8, RT_SHAPE(9, 4, 5));
	assert_fails(load(&d, &err, "x", dir, 0), RT_EFORMAT, "has the parts train, t10k, val");
	free(dir);
	free(file);
}

/* Other kinds of samples and labels, as audio and video sets have them. */
static void idx_kinds_are_told_apart(void **state)
{
	char *dir = temp_path("kinds");
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	write_idx("kinds/train-logmel-idx3-ubyte", RT_U8, RT_SHAPE(12, 4, 5));
	write_idx("kinds/train-voice-idx1-ubyte", RT_U8, RT_SHAPE(12));
	assert_ok(load(&d, &err, "x", dir, 0));
	rt_data_unref(d);
	write_idx("kinds/train-language-idx1-ubyte", RT_U8, RT_SHAPE(12));
	assert_fails(
		load(&d, &err, "x", dir, 0), RT_ENOTFOUND,
		"which are the labels of part train?  There are language, voice   (try: -target)");
	assert_ok(load(&d, &err, "x", dir, 2, "-target", "voice"));
	rt_data_unref(d);
	assert_fails(load(&d, &err, "x", dir, 2, "-target", "accent"), RT_ENOTFOUND,
		     "no labels of part train (train-accent-idx...)");
	free(dir);
}

static void idx_mistakes_get_a_line(void **state)
{
	char *images = temp_path("bad/a-images-idx3-ubyte");
	char *labels = temp_path("bad/a-labels-idx1-ubyte");
	char *alone = temp_path("bad/b-images-idx3-ubyte"), *odd = temp_path("bad/odd");
	struct rt_data *d;
	struct rt_err err;
	unsigned char *bytes;
	size_t len;

	(void)state;
	write_idx("bad/a-images-idx3-ubyte", RT_U8, RT_SHAPE(30, 4, 5));
	write_idx("bad/a-labels-idx1-ubyte", RT_U8, RT_SHAPE(29));
	write_idx("bad/b-images-idx3-ubyte", RT_U8, RT_SHAPE(30, 4, 5));
	write_idx("bad/odd", RT_U8, RT_SHAPE(30, 4, 5));
	assert_fails(load(&d, &err, "x", images, 0), RT_EFORMAT, "holds 30 samples");
	assert_non_null(strstr(err.msg, "holds 29 labels"));
	assert_fails(load(&d, &err, "x", labels, 0), RT_EINVAL,
		     "no labels: the file of samples has");
	assert_fails(load(&d, &err, "x", alone, 0), RT_ENOTFOUND,
		     "b-labels-idx1-ubyte, plain and .gz");
	assert_fails(load(&d, &err, "x", odd, 0), RT_EINVAL, "no labels");
	write_idx("bad/a-labels-idx1-ubyte", RT_F32, RT_SHAPE(30));
	bytes = slurp(labels, &len);
	memcpy(bytes + 8 + 4 * 17, "\x3f\x00\x00\x00", 4);
	free(temp_bytes("bad/a-labels-idx1-ubyte", bytes, len));
	assert_fails(load(&d, &err, "x", images, 2, "-task", "classify"), RT_EFORMAT,
		     "label 17 is 0.5");
	memcpy(bytes + 8 + 4 * 17, "\x7f\xc0\x00\x00", 4);
	free(temp_bytes("bad/a-labels-idx1-ubyte", bytes, len));
	assert_fails(load(&d, &err, "x", images, 0), RT_ENUMERIC, "number 0 of sample 17 is nan");
	free(bytes);
	bytes = slurp(images, &len);
	free(temp_bytes("bad/a-images-idx3-ubyte", bytes, len - 1));
	assert_fails(load(&d, &err, "x", images, 0), RT_EFORMAT,
		     "cut off: the header says 30x4x5 (600 bytes), 599 bytes follow");
	free(bytes);
	free(images);
	free(labels);
	free(alone);
	free(odd);
}

static void idx_of_numbers_is_regressed_on(void **state)
{
	char *path = temp_path("reg/a-images-idx2-float");
	struct rt_data *d;
	struct rt_err err;
	float y[4];

	(void)state;
	write_idx("reg/a-images-idx2-float", RT_F32, RT_SHAPE(20, 3));
	write_idx("reg/a-labels-idx2-float", RT_F32, RT_SHAPE(20, 2));
	assert_ok(load(&d, &err, "x", path, 0));
	assert_int_equal(d->task, RT_REGRESS);
	assert_int_equal(d->outputs, 2);
	assert_int_equal(d->nscale, 3);
	rt_data_fill_targets(d, NULL, 2, y);
	for (int i = 0; i < 4; i++)
		assert_close((y[i] - d->y_shift) / d->y_scale, i, 1e-4);
	rt_data_unref(d);
	free(path);
}

/* ---- pictures ---- */

static void write_png(const char *name, int w, int h, int channels, uint8_t value)
{
	char *path = temp_path(name);
	struct rt_image img;
	struct rt_err err;

	rt_image_init(&img, w, h, channels);
	memset(img.pixel, value, (size_t)w * (size_t)h * (size_t)channels);
	if (channels == 3)
		img.pixel[1] = (uint8_t)(value + 50);
	assert_ok(rt_png_write(&img, path, NULL, &err));
	rt_image_release(&img);
	free(path);
}

static void folders_of_pictures(void **state)
{
	char *dir = temp_path("pets");
	struct rt_data *d;
	struct rt_err err;
	const uint8_t *x;

	(void)state;
	for (int i = 0; i < 4; i++) {
		char name[64];

		snprintf(name, sizeof(name), "pets/dog/%d.png", i);
		write_png(name, 6, 4, 1, (uint8_t)(100 + i));
		snprintf(name, sizeof(name), "pets/cat/%d.PNG", i);
		write_png(name, 6, 4, 1, (uint8_t)(10 + i));
	}
	free(temp_text("pets/README", "no class"));
	free(temp_text("pets/cat/note.txt", "no picture"));
	assert_ok(load(&d, &err, "pets", dir, 0));
	assert_int_equal(d->n, 8);
	assert_int_equal(d->classes, 2);
	assert_string_equal(d->class_name[0], "cat");
	assert_string_equal(d->class_name[1], "dog");
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(1, 4, 6)));
	x = rt_tensor_data(&d->x);
	assert_int_equal(x[0], 10);
	assert_int_equal(x[7 * 24], 103);
	assert_int_equal(rt_data_label(d, 7), 1);
	assert_int_equal(d->npart[RT_PART_TEST], 2);
	assert_null(d->note);
	rt_data_unref(d);

	/* One picture in colour makes all RGB, planes behind each other; another size is
	 * resized. */
	write_png("pets/dog/9.png", 12, 8, 3, 200);
	assert_ok(load(&d, &err, "pets", dir, 0));
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(3, 4, 6)));
	x = rt_tensor_data(&d->x);
	assert_int_equal(x[8 * 72], 200);
	assert_int_equal(x[8 * 72 + 24], 213);	/* 250 and three times 200 */
	assert_string_equal(d->note, "1 of 9 pictures resized to 4x6");
	rt_data_unref(d);
	assert_ok(load(&d, &err, "pets", dir, 4, "-channels", "grey", "-size", "2 3"));
	assert_true(rt_shape_equal(&d->sample, &RT_SHAPE(1, 2, 3)));
	rt_data_unref(d);
	assert_fails(load(&d, &err, "pets", dir, 2, "-size", "2"), RT_EINVAL,
		     "-size needs 2 numbers");
	free(temp_text("pets/dog/8.png", "not a picture"));
	assert_fails(load(&d, &err, "pets", dir, 0), RT_EFORMAT, "pets/dog/8.png: not a PNG file");
	free(dir);
}

static void folders_with_parts_and_without_pictures(void **state)
{
	char *dir = temp_path("parts"), *empty = temp_path("empty"), *one = temp_path("one");
	char *picture = temp_path("parts/train/a/1.png");
	struct rt_data *d;
	struct rt_err err;

	(void)state;
	write_png("parts/train/a/1.png", 2, 2, 1, 1);
	write_png("parts/train/b/1.png", 2, 2, 1, 2);
	write_png("parts/val/b/1.png", 2, 2, 1, 3);
	assert_ok(load(&d, &err, "x", dir, 0));
	assert_int_equal(d->npart[RT_PART_TRAIN], 2);
	assert_int_equal(d->npart[RT_PART_TEST], 1);
	assert_int_equal(rt_data_label(d, 2), 1);
	rt_data_unref(d);
	write_png("parts/val/c/1.png", 2, 2, 1, 3);
	assert_fails(load(&d, &err, "x", dir, 0), RT_EFORMAT,
		     "val/c: no class of the training part (a, b)");
	assert_fails(load(&d, &err, "x", picture, 0), RT_EFORMAT, "one picture is no data set");
	mkdir(empty, 0777);
	assert_fails(load(&d, &err, "x", empty, 0), RT_EFORMAT, "neither IDX files");
	write_png("one/a/1.png", 2, 2, 1, 1);
	assert_fails(load(&d, &err, "x", one, 0), RT_EFORMAT, "one class only, \"a\"");
	free(temp_text("one/b/x.txt", ""));
	assert_fails(load(&d, &err, "x", one, 0), RT_EFORMAT, "one/b: no PNG file in this folder");
	free(picture);
	free(dir);
	free(empty);
	free(one);
}

/* ---- splits ---- */

static void splits_are_stratified_and_seeded(void **state)
{
	struct rt_data *d, *a, *b, *c;
	struct rt_data_stats all, sa;
	struct rt_err err;

	(void)state;
	assert_ok(load(&d, &err, "breast-cancer", NULL, 0));
	assert_int_equal(d->npart[RT_PART_TEST], 114);	/* a fifth of 569 */
	assert_ok(rt_data_split(&a, d, 0.3, 7, &err));
	assert_ok(rt_data_split(&b, d, 0.3, 7, &err));
	assert_ok(rt_data_split(&c, d, 0.3, 8, &err));
	assert_int_equal(a->npart[RT_PART_TEST], 171);
	assert_memory_equal(a->part[1], b->part[1], 171 * sizeof(int32_t));
	assert_true(a->hash == b->hash);
	assert_int_equal(memcmp(a->shift, b->shift, 30 * sizeof(float)), 0);
	assert_int_not_equal(memcmp(a->part[1], c->part[1], 171 * sizeof(int32_t)), 0);
	assert_int_not_equal(memcmp(a->shift, c->shift, 30 * sizeof(float)), 0);
	/* The samples themselves are not copied. */
	assert_ptr_equal(rt_tensor_storage_id(&a->x), rt_tensor_storage_id(&d->x));
	rt_data_stats(&all, d);
	rt_data_stats(&sa, a);
	for (int k = 0; k < 2; k++) {
		double share = 0.3 * (double)(all.count[0][k] + all.count[1][k]);

		assert_true(sa.count[1][k] - share < 1 && share - sa.count[1][k] < 1);
	}
	rt_data_stats_release(&all);
	rt_data_stats_release(&sa);
	rt_data_unref(b);
	assert_fails(rt_data_split(&b, d, 0, 7, &err), RT_EINVAL, "above 0 and below 1, got 0");
	assert_null(b);
	rt_data_unref(a);
	rt_data_unref(c);
	rt_data_unref(d);
}

/* Every sample is in exactly one part, and every class of two or more in both. */
static void parts_divide_the_samples(void **state)
{
	struct rt_data *d, *s;
	struct rt_data_stats stats;
	struct rt_err err;
	bool seen[1797] = {0};

	(void)state;
	assert_ok(load(&d, &err, "digits", NULL, 0));
	assert_ok(rt_data_split(&s, d, 0.001, 1, &err));
	rt_data_stats(&stats, s);
	for (int c = 0; c < 10; c++)
		assert_int_equal(stats.count[1][c], 1);
	rt_data_stats_release(&stats);
	rt_data_unref(s);
	assert_ok(rt_data_split(&s, d, 0.999, 1, &err));
	rt_data_stats(&stats, s);
	for (int c = 0; c < 10; c++)
		assert_int_equal(stats.count[0][c], 1);
	rt_data_stats_release(&stats);
	rt_data_unref(s);
	for (int p = 0; p < 2; p++) {
		for (int64_t i = 0; i < d->npart[p]; i++) {
			assert_false(seen[d->part[p][i]]);
			seen[d->part[p][i]] = true;
		}
	}
	assert_int_equal(d->npart[0] + d->npart[1], 1797);
	rt_data_unref(d);
}

/* ---- batches ---- */

static void batches_cover_every_sample_once(void **state)
{
	struct rt_batches b;
	struct rt_data *d;
	struct rt_err err;
	struct rt_rng rng;
	const int32_t *index;
	int32_t first[2];
	int64_t n;

	(void)state;
	assert_ok(load(&d, &err, "digits", NULL, 0));
	rt_rng_seed(&rng, 3);
	assert_ok(rt_batches_init(&b, d, RT_PART_TRAIN, 100, true, &rng, &err));
	assert_int_equal(b.n, 1438);
	assert_int_equal(rt_batches_count(&b), 15);
	for (int epoch = 0; epoch < 2; epoch++) {
		int seen[1797] = {0}, batches = 0;

		assert_int_equal(b.state.epoch, epoch);
		while ((n = rt_batches_next(&b, &index))) {
			assert_int_equal(n, batches < 14 ? 100 : 38);
			if (batches++ == 0)
				first[epoch] = index[0] * 1797 + index[1];
			for (int64_t i = 0; i < n; i++)
				seen[index[i]]++;
		}
		assert_int_equal(batches, 15);
		for (int64_t i = 0; i < d->npart[0]; i++)
			assert_int_equal(seen[d->part[0][i]], 1);
		for (int64_t i = 0; i < d->npart[1]; i++)
			assert_int_equal(seen[d->part[1][i]], 0);
	}
	assert_int_not_equal(first[0], first[1]);
	rt_batches_release(&b);

	assert_ok(rt_batches_init(&b, d, RT_PART_ALL, 2000, false, &rng, &err));
	n = rt_batches_next(&b, &index);
	assert_int_equal(n, 1797);
	for (int64_t i = 0; i < n; i++)
		assert_int_equal(index[i], i);
	rt_batches_release(&b);
	assert_fails(rt_batches_init(&b, d, RT_PART_ALL, 0, false, &rng, &err), RT_EINVAL, "got 0");
	rt_data_unref(d);
}

static void a_checkpoint_goes_on_with_the_same_batches(void **state)
{
	struct rt_batches a, b;
	struct rt_batches_state saved;
	struct rt_data *d;
	struct rt_err err;
	struct rt_rng rng;
	const int32_t *ia, *ib;

	(void)state;
	assert_ok(load(&d, &err, "digits", NULL, 0));
	rt_rng_seed(&rng, 3);
	assert_ok(rt_batches_init(&a, d, RT_PART_TRAIN, 64, true, &rng, &err));
	for (int i = 0; i < 30; i++)
		rt_batches_next(&a, &ia);
	saved = a.state;
	rt_rng_seed(&rng, 99);
	assert_ok(rt_batches_init(&b, d, RT_PART_TRAIN, 64, true, &rng, &err));
	assert_ok(rt_batches_resume(&b, &saved, &err));
	for (int i = 0; i < 40; i++) {
		int64_t n = rt_batches_next(&a, &ia);

		assert_int_equal(rt_batches_next(&b, &ib), n);
		assert_memory_equal(ia, ib, (size_t)n * sizeof(*ia));
	}
	assert_int_equal(a.state.epoch, b.state.epoch);
	saved.at = d->npart[0] + 1;
	assert_fails(rt_batches_resume(&b, &saved, &err), RT_EINVAL, "outside of 1438 samples");
	rt_batches_release(&a);
	rt_batches_release(&b);
	rt_data_unref(d);
}

static void a_batch_holds_its_samples(void **state)
{
	struct rt_batches b;
	struct rt_data *d;
	struct rt_err err;
	struct rt_rng rng;
	const int32_t *index;
	float x[5 * 64], one[64];
	int32_t y[5];

	(void)state;
	assert_ok(load(&d, &err, "digits", NULL, 0));
	rt_rng_seed(&rng, 3);
	assert_ok(rt_batches_init(&b, d, RT_PART_TRAIN, 5, true, &rng, &err));
	assert_int_equal(rt_batches_next(&b, &index), 5);
	rt_batches_fill(&b, index, 5, x, y);
	for (int i = 0; i < 5; i++) {
		rt_data_fill_x(d, &index[i], 1, one);
		assert_memory_equal(one, x + (ptrdiff_t)i * 64, sizeof(one));
		assert_int_equal(y[i], rt_data_label(d, index[i]));
	}
	rt_batches_release(&b);
	rt_data_unref(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(mnist_has_what_its_source_says),
		cmocka_unit_test(digits_are_pictures_from_0_to_16),
		cmocka_unit_test(unknown_sets_are_suggested),
		cmocka_unit_test(idx_folders),
		cmocka_unit_test(idx_kinds_are_told_apart),
		cmocka_unit_test(idx_mistakes_get_a_line),
		cmocka_unit_test(idx_of_numbers_is_regressed_on),
		cmocka_unit_test(folders_of_pictures),
		cmocka_unit_test(folders_with_parts_and_without_pictures),
		cmocka_unit_test(splits_are_stratified_and_seeded),
		cmocka_unit_test(parts_divide_the_samples),
		cmocka_unit_test(batches_cover_every_sample_once),
		cmocka_unit_test(a_checkpoint_goes_on_with_the_same_batches),
		cmocka_unit_test(a_batch_holds_its_samples),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
