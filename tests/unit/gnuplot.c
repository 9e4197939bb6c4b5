/* gnuplot.c - charts through gnuplot: every format, kept scripts, quoting, and how it may fail. */
#include "config.h"

#include "temp.h"
#include "views_samples.h"

#include "base/sys.h"
#include "io/png.h"
#include "views/gnuplot.h"

/* Pixels of exactly this colour. */
static int count(const struct rt_image *img, int32_t rgb)
{
	int n = 0;

	for (size_t i = 0; i < (size_t)img->w * (size_t)img->h; i++) {
		const uint8_t *p = img->pixel + 3 * i;

		n += (p[0] << 16 | p[1] << 8 | p[2]) == rgb;
	}
	return n;
}

static bool have_gnuplot(void)
{
	return system("gnuplot --version >/dev/null 2>&1") == 0;
}

/* A program named gnuplot in a folder of ours that comes first in PATH; body NULL: no gnuplot at
 * all. Returns the old PATH for restore_path. */
static char *fake_gnuplot(const char *body)
{
	char *old = rt_strdup(getenv("PATH")), *file, *path;

	if (body) {
		file = temp_text("bin/gnuplot", body);
		assert_int_equal(chmod(file, 0700), 0);
		path = rt_sprintf("%s/bin:%s", temp_dir, old);
		free(file);
	} else {
		path = rt_sprintf("%s/none", temp_dir);
	}
	setenv("PATH", path, 1);
	free(path);
	return old;
}

static void restore_path(char *old)
{
	setenv("PATH", old, 1);
	free(old);
}

static void gnuplot_draws_what_its_suffix_says(void **state)
{
	static const struct {
		const char *name, *magic;
	} row[] = {{"c.png", "\x89PNG"}, {"c.svg", "<?xml"}, {"c.pdf", "%PDF"}};
	struct rt_image img;
	struct rt_err err;

	(void)state;
	if (!have_gnuplot())
		left_out("gnuplot is not installed");
	for (size_t i = 0; i < RT_COUNT(row); i++) {
		char *path = temp_path(row[i].name);
		struct rt_gnuplot g = {.path = path};
		unsigned char *bytes;
		size_t len;

		assert_ok(rt_curves_gnuplot(&sample_curves, &g, &err));
		assert_ok(rt_file_read(&bytes, &len, path, &err));
		assert_memory_equal(bytes, row[i].magic, strlen(row[i].magic));
		free(bytes);
		if (i == 0) {
			assert_ok(rt_png_read(&img, path, 3, &err));
			assert_true(count(&img, rt_role_paper(RT_STUDENT)) > 200);
			rt_image_release(&img);
		}
		free(path);
	}
}

static void kept_scripts_draw_the_picture_again(void **state)
{
	char *path = temp_path("kept/it's.png"), *command;
	struct rt_gnuplot g = {.path = path, .keep = true};
	unsigned char *first, *again;
	size_t n, m;
	struct rt_err err;

	(void)state;
	if (!have_gnuplot())
		left_out("gnuplot is not installed");
	assert_ok(rt_confusion_gnuplot(&sample_confusion, &g, &err));
	assert_ok(rt_file_read(&first, &n, path, &err));
	assert_int_equal(unlink(path), 0);
	command = rt_sprintf("cd %s/kept && gnuplot -d \"it's.gp\"", temp_dir);
	assert_int_equal(system(command), 0);
	assert_ok(rt_file_read(&again, &m, path, &err));
	assert_int_equal(n, m);
	assert_memory_equal(first, again, n);
	free(first);
	free(again);
	free(command);
	free(path);
}

static void text_runs_nothing_in_gnuplot(void **state)
{
	char *path = temp_path("quiet.svg"), *mark = temp_path("mark");
	char *evil = rt_sprintf("it's `touch %s` \"q\" @x $y \\n {/Bold z}\nsystem('touch %s')\001",
				mark, mark);
	const char *const label[1] = {evil};
	const double x[1] = {1}, y[1] = {2};
	const struct rt_series s = {evil, RT_OTHER, 1, x, y, label, false};
	const struct rt_curves v = {.title = evil,
				    .xlabel = evil,
				    .ylabel = evil,
				    .nseries = 1,
				    .series = &s,
				    .points = true,
				    .command = evil};
	struct rt_gnuplot g = {.path = path, .keep = true};
	struct rt_err err;

	(void)state;
	if (!have_gnuplot())
		left_out("gnuplot is not installed");
	assert_ok(rt_curves_gnuplot(&v, &g, &err));
	assert_int_not_equal(access(mark, F_OK), 0);
	free(evil);
	free(path);
	free(mark);
}

static void a_failing_gnuplot_is_reported(void **state)
{
	static const struct {
		const char *body, *message;
		enum rt_status status;
	} row[] = {
		{NULL, "gnuplot is not installed", RT_ENOTFOUND},
		{"#!/bin/sh\necho first >&2\necho no such terminal >&2\nexit 3\n",
		 "exit status 3: no such terminal", RT_EIO},
		{"#!/bin/sh\ncat >/dev/null\n", "it drew nothing", RT_EIO},
		{"#!/bin/sh\nkill -9 $$\n", "died of signal 9", RT_EIO},
		{"#!/bin/sh\nsleep 30\n", "took too long and was stopped", RT_EIO},
		{"#!/bin/sh\nexec 1>&- 2>&-\nsleep 30\n", "took too long and was stopped", RT_EIO},
	};
	char *path = temp_path("none.png");
	struct rt_gnuplot g = {.path = path, .timeout = 0.3};
	double begun = rt_now();
	struct rt_err err;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(row); i++) {
		char *old = fake_gnuplot(row[i].body);

		g.timeout = i < 4 ? 20 : 0.3;
		assert_fails(rt_curves_gnuplot(&sample_curves, &g, &err), row[i].status,
			     row[i].message);
		restore_path(old);
		assert_int_not_equal(access(path, F_OK), 0);
	}
	assert_true(rt_now() - begun < 15);
	rt_cancel_request();
	g.timeout = 20;
	{
		char *old = fake_gnuplot("#!/bin/sh\nsleep 30\n");

		assert_fails(rt_curves_gnuplot(&sample_curves, &g, &err), RT_ECANCELLED, "stopped");
		restore_path(old);
	}
	rt_cancel_clear();
	g.path = "picture.gif";
	assert_fails(rt_curves_gnuplot(&sample_curves, &g, &err), RT_EINVAL, ".png, .svg and .pdf");
	free(path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gnuplot_draws_what_its_suffix_says),
		cmocka_unit_test(kept_scripts_draw_the_picture_again),
		cmocka_unit_test(text_runs_nothing_in_gnuplot),
		cmocka_unit_test(a_failing_gnuplot_is_reported),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests_name("gnuplot", tests, temp_begin, temp_end);
}
