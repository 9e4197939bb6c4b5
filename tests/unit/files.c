/* files.c - whole files in and out: nothing half-written, and what cannot be is said. */
#include "config.h"

#include "temp.h"

static void assert_holds(const char *path, const char *text)
{
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	assert_int_equal(len, strlen(text));
	assert_memory_equal(bytes, text, len);
	assert_int_equal(bytes[len], 0);
	free(bytes);
}

static int files_in(const char *dir)
{
	char *command = rt_sprintf("ls -A '%s' | wc -l", dir);
	FILE *f = popen(command, "r");
	int n = -1;

	assert_int_equal(fscanf(f, "%d", &n), 1);
	pclose(f);
	free(command);
	return n;
}

static void a_file_appears_only_when_it_is_whole(void **state)
{
	char *path = temp_path("whole/file"), *dir = temp_path("whole");
	struct rt_out out;
	struct rt_err err;

	(void)state;
	assert_ok(rt_file_write(path, "old", 3, &err));
	assert_ok(rt_out_begin(&out, path, &err));
	fputs("new and longer", out.stream);
	fflush(out.stream);
	assert_holds(path, "old");
	rt_out_abort(&out);
	assert_holds(path, "old");
	assert_int_equal(files_in(dir), 1);
	rt_out_abort(&out);	/* harmless */

	assert_ok(rt_out_begin(&out, path, &err));
	fputs("new", out.stream);
	assert_ok(rt_out_commit(&out, &err));
	assert_holds(path, "new");
	assert_int_equal(files_in(dir), 1);
	rt_out_abort(&out);
	assert_holds(path, "new");
	free(path);
	free(dir);
}

/* A stream whose writes fail stands for a full disk. */
static void a_failed_write_leaves_the_old_file(void **state)
{
	char *path = temp_path("full/file"), *dir = temp_path("full");
	struct rt_out out;
	struct rt_err err;

	(void)state;
	assert_ok(rt_file_write(path, "old", 3, &err));
	assert_ok(rt_out_begin(&out, path, &err));
	fclose(out.stream);
	out.stream = fopen("/dev/full", "w");
	assert_non_null(out.stream);
	fputs("new", out.stream);
	assert_fails(rt_out_commit(&out, &err), RT_EIO, "cannot write: No space left on device");
	assert_holds(path, "old");
	assert_int_equal(files_in(dir), 1);
	free(path);
	free(dir);
}

static void files_that_cannot_be_say_why(void **state)
{
	char *dir = temp_path("adir/x"), *missing = temp_path("nothing");
	unsigned char *bytes;
	struct rt_out out;
	struct rt_err err;
	size_t len;

	(void)state;
	*strrchr(dir, '/') = '\0';
	assert_true(rt_is_dir(dir));
	assert_false(rt_is_dir(missing));
	assert_fails(rt_file_read(&bytes, &len, dir, &err), RT_EIO, "is a folder");
	assert_fails(rt_file_read(&bytes, &len, missing, &err), RT_ENOTFOUND, "No such file");
	assert_fails(rt_out_begin(&out, dir, &err), RT_EIO, "is a folder");
	assert_fails(rt_file_write("/nonexistent/x", "", 0, &err), RT_EIO,
		     "/nonexistent/x: cannot write");
	free(dir);
	free(missing);
}

static void large_files_and_pipes_are_read_whole(void **state)
{
	enum { N = 300000 };
	char *bytes = rt_alloc(N, 1), *path;
	unsigned char *back;
	struct rt_err err;
	size_t len;

	(void)state;
	for (int i = 0; i < N; i++)
		bytes[i] = (char)(i * 31);
	path = temp_bytes("large", bytes, N);
	back = slurp(path, &len);
	assert_int_equal(len, N);
	assert_memory_equal(back, bytes, N);
	free(back);
	assert_ok(rt_file_read(&back, &len, "/proc/self/status", &err)); /* its size is told as 0 */
	assert_true(len > 100);
	free(back);
	free(bytes);
	free(path);
}

static void home_is_searched_in_order(void **state)
{
	char *first = temp_path("home1/data/both"), *second = temp_path("home2/data/both"), *found;
	char *only = temp_path("home2/data/second"),
	     *list = rt_sprintf("%s/home1:%s/home2", temp_dir, temp_dir);
	const char *old = getenv("RETORT_DATA");
	char *kept = rt_strdup(old), *dirs[16];
	struct rt_err err;
	int n;

	(void)state;
	assert_ok(rt_file_write(first, "1", 1, &err));
	assert_ok(rt_file_write(second, "2", 1, &err));
	assert_ok(rt_file_write(only, "3", 1, &err));
	setenv("RETORT_DATA", list, 1);
	found = rt_home_find("data/both");
	assert_string_equal(found, first);
	free(found);
	found = rt_home_find("data/second");
	assert_string_equal(found, only);
	free(found);
	assert_null(rt_home_find("data/nowhere"));
	n = rt_home_dirs(dirs);
	assert_in_range(n, 3, 16);
	assert_non_null(strstr(dirs[0], "/home1"));
	assert_non_null(strstr(dirs[1], "/home2"));
	for (int i = 0; i < n; i++)
		free(dirs[i]);
	if (kept)
		setenv("RETORT_DATA", kept, 1);
	else
		unsetenv("RETORT_DATA");
	free(kept);
	free(first);
	free(second);
	free(only);
	free(list);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_appears_only_when_it_is_whole),
		cmocka_unit_test(a_failed_write_leaves_the_old_file),
		cmocka_unit_test(files_that_cannot_be_say_why),
		cmocka_unit_test(large_files_and_pipes_are_read_whole),
		cmocka_unit_test(home_is_searched_in_order),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
