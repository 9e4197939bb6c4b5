/* formats.c - gzip, IDX and NumPy files: what they hold is read, what they lack is said. */
#include "config.h"

#include "io/gz.h"
#include "io/idx.h"
#include "io/npy.h"
#include "io/zip.h"
#include "temp.h"

/* ---- gzip ---- */

/* A small gzip file of the program's own data. */
static unsigned char *labels_gz(size_t *len)
{
	char *path = test_path("../examples/data/mnist/t2k-labels-idx1-ubyte.gz");
	unsigned char *bytes = slurp(path, len);

	free(path);
	return bytes;
}

static void gzip_unpacks(void **state)
{
	struct rt_err err;
	size_t packed, len, twice;
	unsigned char *gz = labels_gz(&packed), *two = malloc(2 * packed + 4), *one, *both;

	(void)state;
	assert_ok(rt_gz_unpack(&one, &len, gz, packed, 1 << 20, "x.gz", &err));
	assert_int_equal(len, 2008);
	assert_int_equal(one[len], 0);
	memcpy(two, gz, packed);
	memcpy(two + packed, gz, packed);
	memset(two + 2 * packed, 0, 4);
	assert_ok(rt_gz_unpack(&both, &twice, two, 2 * packed + 4, 1 << 20, "x.gz", &err));
	assert_int_equal(twice, 2 * len);
	assert_memory_equal(both, one, len);
	assert_memory_equal(both + len, one, len);
	free(both);
	free(one);
	two[2 * packed + 1] = 'x';
	assert_fails(rt_gz_unpack(&one, &len, two, 2 * packed + 4, 1 << 20, "x.gz", &err),
		     RT_EFORMAT, "but the file has");
	free(two);
	free(gz);
}

static void gzip_cut_off_or_damaged_is_refused(void **state)
{
	struct rt_err err;
	size_t packed, len;
	unsigned char *gz = labels_gz(&packed), *out;

	(void)state;
	for (size_t n = 2; n < packed; n++) {
		unsigned char *cut = rt_memdup(gz, n, 1);

		assert_fails(rt_gz_unpack(&out, &len, cut, n, 1 << 20, "x.gz", &err), RT_EFORMAT,
			     "x.gz: cut off");
		assert_null(out);
		free(cut);
	}
	gz[packed / 2] ^= 0xff;
	assert_fails(rt_gz_unpack(&out, &len, gz, packed, 1 << 20, "x.gz", &err), RT_EFORMAT,
		     "x.gz: damaged gzip data");
	gz[packed / 2] ^= 0xff;
	assert_fails(rt_gz_unpack(&out, &len, gz, packed, 1000, "x.gz", &err), RT_EFORMAT,
		     "unpacks to more than 1000 bytes");
	free(gz);
}

static void files_are_read_plain_or_packed(void **state)
{
	struct rt_err err;
	size_t packed, len;
	unsigned char *gz = labels_gz(&packed), *out;
	char *plain = temp_text("plain", "hello"), *zipped = temp_bytes("no-suffix", gz, packed);

	(void)state;
	assert_ok(rt_gz_read(&out, &len, plain, &err));
	assert_int_equal(len, 5);
	assert_string_equal((char *)out, "hello");
	free(out);
	assert_ok(rt_gz_read(&out, &len, zipped, &err));
	assert_int_equal(len, 2008);
	free(out);
	assert_fails(rt_gz_read(&out, &len, temp_dir, &err), RT_EIO, "not a file");
	assert_fails(rt_gz_read(&out, &len, "/dev/zero", &err), RT_EIO, "not a file");
	assert_fails(rt_gz_read(&out, &len, "/nonexistent", &err), RT_ENOTFOUND, "/nonexistent");
	free(plain);
	free(zipped);
	free(gz);
}

/* ---- IDX ---- */

static void idx_types_and_ranks(void **state)
{
	static const struct {
		unsigned char bytes[24];
		size_t len;
		enum rt_dtype dtype;
		double first, last;
	} good[] = {
		{{0, 0, 8, 1, 0, 0, 0, 2, 7, 255}, 10, RT_U8, 7, 255},
		{{0, 0, 9, 1, 0, 0, 0, 2, 7, 255}, 10, RT_I8, 7, -1},
		{{0, 0, 11, 1, 0, 0, 0, 2, 1, 2, 255, 254}, 12, RT_I16, 258, -2},
		{{0, 0, 12, 1, 0, 0, 0, 2, 0, 1, 0, 0, 255, 255, 255, 255}, 16, RT_I32, 65536, -1},
		{{0, 0, 13, 1, 0, 0, 0, 2, 63, 128, 0, 0, 192, 0, 0, 0}, 16, RT_F32, 1, -2},
		{{0, 0, 14, 1, 0, 0, 0, 1, 63, 240, 0, 0, 0, 0, 0, 0}, 16, RT_F64, 1, 1},
	};
	static const unsigned char cube[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0,
					     0, 1, 0, 0, 0, 2, 1, 2, 3, 4};
	struct rt_tensor t;
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		assert_ok(rt_idx_parse(&t, good[i].bytes, good[i].len, "x", &err));
		assert_int_equal(t.dtype, good[i].dtype);
		assert_true(rt_tensor_get(&t, 0) == good[i].first);
		assert_true(rt_tensor_get(&t, rt_tensor_count(&t) - 1) == good[i].last);
		rt_tensor_release(&t);
	}
	assert_ok(rt_idx_parse(&t, cube, sizeof(cube), "x", &err));
	assert_true(rt_shape_equal(&t.shape, &RT_SHAPE(2, 1, 2)));
	rt_tensor_release(&t);
}

static void idx_damage_gets_one_line_with_both_numbers(void **state)
{
	static const struct {
		unsigned char bytes[24];
		size_t len;
		const char *line;
	} bad[] = {
		{{0, 0, 8}, 3, "x: cut off: 3 bytes, an IDX file begins with 4"},
		{{1, 0, 8, 1}, 4, "x: not an IDX file: begins with 01 00 08"},
		{{0, 0, 10, 1}, 4, "x: not an IDX file"},
		{{0, 0, 8, 0}, 4, "x: an IDX array of 0 dimensions; 1 to 8"},
		{{0, 0, 8, 9}, 4, "x: an IDX array of 9 dimensions; 1 to 8"},
		{{0, 0, 8, 2, 0, 0, 0, 1}, 8, "x: cut off: 8 bytes, the IDX header has 12"},
		{{0, 0, 8, 1, 0, 0, 0, 0}, 8, "x: dimension 1 of 1 is 0"},
		{{0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 9, 9, 9},
		 15,
		 "x: cut off: the header says 2x2 (4 bytes), 3 bytes follow"},
		{{0, 0, 8, 1, 0, 0, 0, 1, 9, 9},
		 10,
		 "x: too long: the header says 1 (1 bytes), 2 bytes"},
		{{0, 0, 14, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1},
		 17,
		 "x: cut off: the header says 4294967295x4294967295x4294967295"},
	};
	struct rt_tensor t;
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++)
		assert_fails(rt_idx_parse(&t, bad[i].bytes, bad[i].len, "x", &err), RT_EFORMAT,
			     bad[i].line);
}

static void idx_written_reads_the_same(void **state)
{
	static const enum rt_dtype types[] = {RT_U8, RT_I8, RT_I16, RT_I32, RT_F32, RT_F64};
	char *path = temp_path("array.idx");
	struct rt_tensor t, back;
	struct rt_err err;
	void *to;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(types); i++) {
		const double v[6] = {0, 1, 2, 100, 7, 5};

		assert_ok(rt_tensor_new(&t, types[i], &RT_SHAPE(3, 2), &err));
		assert_ok(rt_tensor_write(&to, &t, &err));
		rt_convert(to, types[i], v, RT_F64, 6);
		assert_ok(rt_idx_write(&t, path, &err));
		assert_ok(rt_idx_read(&back, path, &err));
		assert_true(rt_tensor_equal(&t, &back));
		rt_tensor_release(&t);
		rt_tensor_release(&back);
	}
	assert_ok(rt_tensor_new(&t, RT_I64, &RT_SHAPE(1), &err));
	assert_fails(rt_idx_write(&t, path, &err), RT_EUNSUPPORTED, "no i64 arrays");
	rt_tensor_release(&t);
	free(path);
}

/* ---- NumPy ---- */

static void read_npy(struct rt_tensor *t, const char *name)
{
	char *full = rt_sprintf("data/npy/%s", name), *path = test_path(full);
	struct rt_err err;

	assert_ok(rt_npy_read(t, path, &err));
	free(path);
	free(full);
}

static void npy_of_numpy_is_read(void **state)
{
	static const struct {
		const char *file;
		enum rt_dtype dtype;
		struct rt_shape shape;
		double v[6];
	} good[] = {
		{"f4.npy", RT_F32, {2, {2, 3}}, {-0.5, -0.25, 0, 0.25, 0.5, 0.75}},
		{"f8_scalar.npy", RT_F64, {0, {0}}, {0.1}},
		{"f2.npy", RT_F16, {1, {3}}, {0.5, -2, 65504}},
		{"i8_big.npy", RT_I64, {1, {3}}, {1, -2, 1099511627776}},
		{"u1.npy", RT_U8, {3, {3, 1, 2}}, {0, 255, 7, 8, 9, 10}},
		{"bool.npy", RT_BOOL8, {2, {2, 2}}, {1, 0, 0, 1}},
		{"version2.npy", RT_I32, {2, {2, 3}}, {0, 1, 2, 3, 4, 5}},
	};
	struct rt_tensor t;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(good); i++) {
		read_npy(&t, good[i].file);
		assert_int_equal(t.dtype, good[i].dtype);
		assert_true(rt_shape_equal(&t.shape, &good[i].shape));
		for (int64_t k = 0; k < rt_tensor_count(&t); k++)
			assert_true(rt_tensor_get(&t, k) == good[i].v[k]);
		rt_tensor_release(&t);
	}
	read_npy(&t, "empty.npy");
	assert_true(rt_shape_equal(&t.shape, &RT_SHAPE(0, 3)));
	rt_tensor_release(&t);
}

static void fails_npy(const char *name, enum rt_status status, const char *line)
{
	char *full = rt_sprintf("data/npy/%s", name), *path = test_path(full);
	struct rt_tensor t;
	struct rt_err err;

	assert_fails(rt_npy_read(&t, path, &err), status, line);
	free(path);
	free(full);
}

static void npy_that_cannot_be_read_says_why(void **state)
{
	char *path = test_path("data/npy/f4.npy");
	struct rt_tensor t;
	struct rt_err err;
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	(void)state;
	fails_npy("fortran.npy", RT_EUNSUPPORTED, "Fortran order");
	fails_npy("complex.npy", RT_EUNSUPPORTED, "element type \"<c16\" cannot be read");
	fails_npy("make.py", RT_EFORMAT, "not an npy file");
	for (size_t n = 0; n < len; n++) {
		unsigned char *cut = rt_memdup(bytes, n, 1);

		assert_int_equal(rt_npy_parse(&t, cut, n, "x", &err), RT_EFORMAT);
		free(cut);
	}
	assert_fails(rt_npy_parse(&t, bytes, len - 1, "x", &err), RT_EFORMAT,
		     "x: cut off: the header says 2x3 (24 bytes), 23 bytes follow");
	/* Every byte of the header damaged in turn: an error or an array, nothing else. */
	for (size_t i = 0; i < 128; i++) {
		bytes[i] ^= 0x15;
		if (rt_npy_parse(&t, bytes, len, "x", &err) == RT_OK)
			rt_tensor_release(&t);
		bytes[i] ^= 0x15;
	}
	free(bytes);
	free(path);
}

static void npy_written_is_what_numpy_writes(void **state)
{
	static const char *const names[] = {"f4.npy", "f8_scalar.npy", "f2.npy", "u1.npy",
					    "bool.npy"};
	struct rt_tensor t;
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(names); i++) {
		char *full = rt_sprintf("data/npy/%s", names[i]), *theirs = test_path(full);
		char *ours = temp_path("ours.npy");
		unsigned char *a, *b;
		size_t na, nb;

		read_npy(&t, names[i]);
		assert_ok(rt_npy_write(&t, ours, &err));
		a = slurp(theirs, &na);
		b = slurp(ours, &nb);
		assert_int_equal(na, nb);
		assert_memory_equal(a, b, na);
		free(a);
		free(b);
		rt_tensor_release(&t);
		free(ours);
		free(theirs);
		free(full);
	}
	assert_ok(rt_tensor_new(&t, RT_BF16, &RT_SHAPE(2), &err));
	assert_fails(rt_npy_write(&t, "x.npy", &err), RT_EUNSUPPORTED, "no bf16 arrays");
	rt_tensor_release(&t);
}

static void npz_in_and_out(void **state)
{
	char *stored = test_path("data/npy/stored.npz"), *packed = test_path("data/npy/packed.npz");
	char *ours = temp_path("ours.npz");
	struct rt_npz a, b;
	struct rt_err err;

	(void)state;
	assert_ok(rt_npz_read(&a, packed, &err));
	assert_int_equal(a.n, 2);
	assert_true(rt_shape_equal(&rt_npz_find(&a, "weight")->shape, &RT_SHAPE(50, 40)));
	assert_int_equal(rt_tensor_get_int(rt_npz_find(&a, "label"), 0), 3);
	assert_null(rt_npz_find(&a, "bias"));
	rt_npz_release(&a);

	assert_ok(rt_npz_read(&a, stored, &err));
	assert_ok(rt_npz_write(ours, 2, (const char *const[]){a.name[0], a.name[1]},
			       (const struct rt_tensor *const[]){&a.tensor[0], &a.tensor[1]},
			       &err));
	assert_ok(rt_npz_read(&b, ours, &err));
	assert_int_equal(b.n, 2);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(a.name[i], b.name[i]);
		assert_true(rt_tensor_equal(&a.tensor[i], &b.tensor[i]));
	}
	rt_npz_release(&a);
	rt_npz_release(&b);
	free(stored);
	free(packed);
	free(ours);
}

/* Opens and extracts whatever an archive lists; true when all of it came out. */
static bool unzip(const unsigned char *bytes, size_t len, struct rt_err *err)
{
	struct rt_zip z;
	bool ok = rt_zip_open(&z, bytes, len, "x.npz", err) == RT_OK;

	for (int i = 0; i < z.n; i++) {
		unsigned char *out = NULL;

		ok = rt_zip_extract(&out, &z, i, err) == RT_OK && ok;
		free(out);
	}
	rt_zip_release(&z);
	return ok;
}

static void a_damaged_archive_is_refused(void **state)
{
	static const char *const names[] = {"data/npy/stored.npz", "data/npy/packed.npz"};
	struct rt_err err;

	(void)state;
	for (size_t f = 0; f < RT_COUNT(names); f++) {
		char *path = test_path(names[f]);
		size_t len;
		unsigned char *bytes = slurp(path, &len);

		assert_true(unzip(bytes, len, &err));
		for (size_t n = 0; n < len; n++) {
			unsigned char *cut = rt_memdup(bytes, n, 1);

			assert_false(unzip(cut, n, &err));
			assert_non_null(strstr(err.msg, "x.npz"));
			free(cut);
		}
		for (size_t i = 0; i < len; i++) {
			bytes[i] ^= 0xff;
			unzip(bytes, len, &err);
			bytes[i] ^= 0xff;
		}
		free(bytes);
		free(path);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gzip_unpacks),
		cmocka_unit_test(gzip_cut_off_or_damaged_is_refused),
		cmocka_unit_test(files_are_read_plain_or_packed),
		cmocka_unit_test(idx_types_and_ranks),
		cmocka_unit_test(idx_damage_gets_one_line_with_both_numbers),
		cmocka_unit_test(idx_written_reads_the_same),
		cmocka_unit_test(npy_of_numpy_is_read),
		cmocka_unit_test(npy_that_cannot_be_read_says_why),
		cmocka_unit_test(npy_written_is_what_numpy_writes),
		cmocka_unit_test(npz_in_and_out),
		cmocka_unit_test(a_damaged_archive_is_refused),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
