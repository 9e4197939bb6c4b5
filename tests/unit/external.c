/* external.c - weights beside the model: read from its folder, and from nowhere else. */
#include "config.h"

#include "temp.h"

#include "io/model.h"

/* good/external.onnx: w, 24 bytes from byte 0 of external.bin, and b, 8 bytes from byte 24. */
static char *model_folder(void)
{
	static const char *const files[] = {"external.onnx", "external.bin"};
	static int number;
	char *folder = rt_sprintf("model%d", number++);

	for (size_t i = 0; i < RT_COUNT(files); i++) {
		char *from = rt_sprintf("data/onnx/good/%s", files[i]), *source = test_path(from);
		char *to = rt_sprintf("%s/%s", folder, files[i]);
		size_t len;
		unsigned char *bytes = slurp(source, &len);

		free(temp_bytes(to, bytes, len));
		free(bytes);
		free(source);
		free(from);
		free(to);
	}
	return folder;
}

/* Turns the n-th text `from` of a file into `to`, which is as long. */
static void change(const char *path, const char *from, int n, const char *to)
{
	size_t len, size = strlen(from), at = 0;
	unsigned char *bytes = slurp(path, &len);
	struct rt_err err;

	assert_int_equal(size, strlen(to));
	for (; at + size <= len; at++)
		if (memcmp(bytes + at, from, size) == 0 && n-- == 0)
			break;
	assert_true(at + size <= len);
	memcpy(bytes + at, to, size);
	assert_ok(rt_file_write(path, bytes, len, &err));
	free(bytes);
}

static char *in_folder(const char *folder, const char *name)
{
	char *both = rt_sprintf("%s/%s", folder, name), *path = temp_path(both);

	free(both);
	return path;
}

static void assert_refused(const char *folder, enum rt_status status, const char *words)
{
	char *path = in_folder(folder, "external.onnx");
	struct rt_model *m;
	struct rt_err err;

	assert_fails(rt_model_load(&m, path, &err), status, words);
	assert_null(strchr(err.msg, '\n'));
	free(path);
}

/* The 4-byte numbers of w and b, as they lie in the file. */
static void assert_loads(const char *folder, int b_at)
{
	char *path = in_folder(folder, "external.onnx");
	char *bin = test_path("data/onnx/good/external.bin");
	struct rt_model *m;
	struct rt_err err;
	size_t len;
	unsigned char *bytes = slurp(bin, &len);
	const struct rt_param *p;

	assert_ok(rt_model_load(&m, path, &err));
	p = rt_graph_param(m->graph, rt_graph_find_value(m->graph, "w"));
	assert_memory_equal(rt_tensor_data(&p->data), bytes, 24);
	p = rt_graph_param(m->graph, rt_graph_find_value(m->graph, "b"));
	assert_memory_equal(rt_tensor_data(&p->data), bytes + b_at, 8);
	rt_model_unref(m);
	free(bytes);
	free(bin);
	free(path);
}

static void parts_of_a_file_may_overlap(void **state)
{
	char *folder = model_folder(), *path = in_folder(folder, "external.onnx");

	(void)state;
	assert_loads(folder, 24);
	change(path, "24", 1, "16");
	assert_loads(folder, 16);
	free(path);
	free(folder);
}

static void parts_that_cannot_be_say_their_numbers(void **state)
{
	static const struct {
		const char *from;
		int n;
		const char *to;
		enum rt_status status;
		const char *words;
	} bad[] = {
		{"24", 1, "25", RT_EFORMAT,
		 "tensor \"b\": external data \"external.bin\": needs 8 bytes from byte 25, the "
		 "file has 32"},
		{"24", 1, "99", RT_EFORMAT, "needs 8 bytes from byte 99, the file has 32"},
		{"24", 1, "-8", RT_EFORMAT, "external data: offset is \"-8\""},
		{"24", 1, "2x", RT_EFORMAT, "external data: offset is \"2x\""},
		{"24", 0, "-1", RT_EFORMAT, "external data: length is \"-1\""},
		{"24", 0, "32", RT_EFORMAT, "external data has 32 bytes, its shape needs 24"},
		{"external.bin", 0, "nothing4.bin", RT_ENOTFOUND,
		 "external data \"nothing4.bin\": No such file"},
		{"external.bin", 0, "/etc/hostnam", RT_EUNSUPPORTED,
		 "\"/etc/hostnam\" lies outside the model's folder"},
		{"external.bin", 0, "../xxxxx.bin", RT_EUNSUPPORTED, "lies outside"},
		{"external.bin", 0, "sub/../y.bin", RT_EUNSUPPORTED, "lies outside"},
		{"external.bin", 0, "sub/more/...", RT_ENOTFOUND, "\"sub/more/...\""},
		{"external.bin", 0, "././././././", RT_EIO, "is not a file"},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		char *folder = model_folder(), *path = in_folder(folder, "external.onnx");

		change(path, bad[i].from, bad[i].n, bad[i].to);
		assert_refused(folder, bad[i].status, bad[i].words);
		free(path);
		free(folder);
	}
}

static void assert_link(const char *target, const char *at)
{
	if (symlink(target, at) != 0)
		fail_msg("no link %s", at);
}

static void links_out_of_the_folder_are_refused(void **state)
{
	char *folder = model_folder(), *bin = in_folder(folder, "external.bin");
	char *inside = in_folder(folder, "inside.bin"), *outside = temp_path("outside.bin");
	struct rt_err err;

	(void)state;
	assert_int_equal(rename(bin, inside), 0);
	assert_link("inside.bin", bin);
	assert_loads(folder, 24);	/* a link within the folder */

	assert_int_equal(rename(inside, outside), 0);
	assert_int_equal(unlink(bin), 0);
	assert_link("../outside.bin", bin);
	assert_refused(folder, RT_EUNSUPPORTED, "external data \"external.bin\" is a link to");
	assert_refused(folder, RT_EUNSUPPORTED, "outside.bin, outside the model's folder");
	assert_int_equal(unlink(bin), 0);
	assert_link(outside, bin);
	assert_refused(folder, RT_EUNSUPPORTED, "is a link to");
	assert_ok(rt_file_write(inside, "", 0, &err));
	free(outside);
	free(inside);
	free(bin);
	free(folder);
}

/* model/sub leads to the folder above: each part of the path has to stay inside. */
static void folders_that_are_links_are_followed(void **state)
{
	char *folder = model_folder(), *path = in_folder(folder, "external.onnx");
	char *sub = in_folder(folder, "sub"), *above = temp_path("file.bin");
	struct rt_err err;

	(void)state;
	assert_ok(rt_file_write(above, "0123456789012345678901234567890", 32, &err));
	change(path, "external.bin", 0, "sub/file.bin");
	assert_link("..", sub);
	assert_refused(folder, RT_EUNSUPPORTED, "external data \"sub/file.bin\" is a link to");
	free(above);
	free(sub);
	free(path);
	free(folder);
}

/* A folder whose name begins as the model's does is another one. */
static void a_folder_of_a_longer_name_is_outside(void **state)
{
	char *folder = model_folder(), *bin = in_folder(folder, "external.bin");
	char *longer = rt_sprintf("%s-more/x.bin", folder), *other = temp_path(longer);
	struct rt_err err;

	(void)state;
	assert_ok(rt_file_write(other, "0123456789012345678901234567890", 32, &err));
	assert_int_equal(unlink(bin), 0);
	assert_link(other, bin);
	assert_refused(folder, RT_EUNSUPPORTED, "outside the model's folder");
	free(other);
	free(longer);
	free(bin);
	free(folder);
}

/* Opening it must not wait for a writer. */
static void a_pipe_is_not_a_file(void **state)
{
	char *folder = model_folder(), *bin = in_folder(folder, "external.bin");

	(void)state;
	assert_int_equal(unlink(bin), 0);
	assert_int_equal(mkfifo(bin, 0600), 0);
	assert_refused(folder, RT_EIO, "external data \"external.bin\" is not a file");
	free(bin);
	free(folder);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_a_file_may_overlap),
		cmocka_unit_test(parts_that_cannot_be_say_their_numbers),
		cmocka_unit_test(links_out_of_the_folder_are_refused),
		cmocka_unit_test(folders_that_are_links_are_followed),
		cmocka_unit_test(a_folder_of_a_longer_name_is_outside),
		cmocka_unit_test(a_pipe_is_not_a_file),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
