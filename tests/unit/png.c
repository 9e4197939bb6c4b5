/* png.c - PNG: every kind is read, damaged ones are refused, written ones read the same. */
#include "config.h"

#include "io/png.h"
#include "temp.h"

#include <dirent.h>
#include <zlib.h>

/* Runs take on every .png of tests/data/png and returns how many there were. */
static int each_sample(void (*take)(const char *path, const char *name))
{
	char *dir = test_path("data/png");
	DIR *d = opendir(dir);
	struct dirent *entry;
	int n = 0;

	assert_non_null(d);
	while ((entry = readdir(d))) {
		size_t len = strlen(entry->d_name);
		char *path;

		if (len < 4 || strcmp(entry->d_name + len - 4, ".png") != 0)
			continue;
		path = rt_sprintf("%s/%s", dir, entry->d_name);
		take(path, entry->d_name);
		free(path);
		n++;
	}
	closedir(d);
	free(dir);
	return n;
}

/* The 7 x 5 x 3 bytes of the PPM that belongs to a PNG. */
static unsigned char *reference(const char *path, const unsigned char **pixel)
{
	static const char head[] = "P6 7 5 255\n";
	const char *adam7 = strstr(path, "_adam7");
	char *ppm =
		rt_sprintf("%.*s.ppm", (int)(adam7 ? adam7 - path : (int)strlen(path) - 4), path);
	unsigned char *bytes;
	size_t len;

	bytes = slurp(ppm, &len);
	assert_int_equal(len, strlen(head) + (size_t)7 * 5 * 3);
	assert_memory_equal(bytes, head, strlen(head));
	*pixel = bytes + strlen(head);
	free(ppm);
	return bytes;
}

static void check_pixels(const char *path, const char *name)
{
	struct rt_image img, info;
	struct rt_err err;
	const unsigned char *want;
	unsigned char *bytes = reference(path, &want);
	/* Transparency of 16 bits is rounded to 8 before it is laid over white. */
	int tolerance = strstr(name, "a16") ? 1 : 0;

	assert_ok(rt_png_read(&img, path, 3, &err));
	assert_int_equal(img.w, 7);
	assert_int_equal(img.h, 5);
	assert_int_equal(img.channels, 3);
	for (int i = 0; i < 7 * 5 * 3; i++)
		if (abs(img.pixel[i] - want[i]) > tolerance)
			fail_msg("%s: byte %d is %d, wanted %d", name, i, img.pixel[i], want[i]);
	rt_image_release(&img);

	assert_ok(rt_png_info(&info, path, &err));
	assert_ok(rt_png_read(&img, path, 0, &err));
	assert_int_equal(img.channels, strncmp(name, "grey", 4) == 0 ? 1 : 3);
	assert_int_equal(info.channels, img.channels);
	assert_int_equal(info.w, 7);
	assert_int_equal(info.h, 5);
	rt_image_release(&img);
	free(bytes);
}

static void every_kind_shows_its_pixels(void **state)
{
	(void)state;
	assert_int_equal(each_sample(check_pixels), 46);
}

static void check_cuts(const char *path, const char *name)
{
	struct rt_image img;
	struct rt_err err;
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	for (size_t n = 0; n < len; n++) {
		unsigned char *cut = rt_memdup(bytes, n, 1);

		if (rt_png_parse(&img, cut, n, name, 0, &err) != RT_EFORMAT)
			fail_msg("%s cut to %zu of %zu bytes was read", name, n, len);
		assert_non_null(strstr(err.msg, name));
		free(cut);
	}
	free(bytes);
}

static void a_cut_off_file_is_refused_at_every_length(void **state)
{
	struct rt_image img;
	struct rt_err err;
	char *path = test_path("data/png/rgb8.png");
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	(void)state;
	each_sample(check_cuts);
	assert_fails(rt_png_parse(&img, bytes, 60, "x.png", 0, &err), RT_EFORMAT,
		     "x.png: cut off: a PNG that goes on after its 60 bytes");
	assert_fails(rt_png_parse(&img, bytes, 5, "x.png", 0, &err), RT_EFORMAT, "not a PNG file");
	free(bytes);
	free(path);
}

/* Any damaged byte is noticed or harmless, never more. */
static void check_damage(const char *path, const char *name)
{
	struct rt_image img;
	struct rt_err err;
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	for (size_t i = 0; i < len; i++) {
		bytes[i] ^= 0xff;
		if (rt_png_parse(&img, bytes, len, name, 0, &err) == RT_OK)
			rt_image_release(&img);
		bytes[i] ^= 0xff;
	}
	free(bytes);
}

static void damage_is_survived(void **state)
{
	struct rt_image img;
	struct rt_err err;
	char *path = test_path("data/png/grey8.png");
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	(void)state;
	each_sample(check_damage);
	bytes[len - 25] ^= 1;	/* inside of IDAT: its check sum does not fit */
	assert_fails(rt_png_parse(&img, bytes, len, "x.png", 0, &err), RT_EFORMAT,
		     "x.png: damaged PNG at byte");
	free(bytes);
	free(path);
}

static void put32(unsigned char *p, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		p[i] = (unsigned char)v;
}

/* Sizes that the file cannot hold are refused before memory is taken for them. */
static void claimed_sizes_are_checked(void **state)
{
	struct rt_image img;
	struct rt_err err;
	char *path = test_path("data/png/grey8.png");
	size_t len;
	unsigned char *bytes = slurp(path, &len);

	(void)state;
	put32(bytes + 16, 10000);
	put32(bytes + 20, 9000);
	put32(bytes + 29, (uint32_t)crc32(0, bytes + 12, 17));
	assert_fails(rt_png_parse(&img, bytes, len, "x.png", 0, &err), RT_EFORMAT,
		     "claims 10000 x 9000 pixels");
	put32(bytes + 16, 0x7fffffff);
	put32(bytes + 20, 0x7fffffff);
	put32(bytes + 29, (uint32_t)crc32(0, bytes + 12, 17));
	assert_fails(rt_png_parse(&img, bytes, len, "x.png", 0, &err), RT_ENOMEM,
		     "2147483647 x 2147483647 pixels are more than 268435456");
	free(bytes);
	free(path);
}

static void fill(struct rt_image *img)
{
	for (int i = 0; i < img->w * img->h * img->channels; i++)
		img->pixel[i] = (uint8_t)(i * 37 + i / 7);
}

static void check_written(int channels, const char *comment)
{
	struct rt_image img, back;
	struct rt_err err;
	char *path = temp_path("written.png");
	unsigned char *first, *second;
	size_t n1, n2;

	rt_image_init(&img, 13, 9, channels);
	fill(&img);
	assert_ok(rt_png_write(&img, path, comment, &err));
	first = slurp(path, &n1);
	assert_ok(rt_png_read(&back, path, 0, &err));
	assert_int_equal(back.channels, channels);
	assert_memory_equal(back.pixel, img.pixel, (size_t)13 * 9 * (size_t)channels);
	assert_ok(rt_png_write(&back, path, comment, &err));
	second = slurp(path, &n2);
	assert_int_equal(n1, n2);
	assert_memory_equal(first, second, n1);
	if (comment)
		assert_non_null(memmem(first, n1, comment, strlen(comment)));
	assert_non_null(memmem(first, n1, "Software\0retort", 15));
	free(first);
	free(second);
	rt_image_release(&img);
	rt_image_release(&back);
	free(path);
}

static void what_is_written_reads_the_same(void **state)
{
	(void)state;
	check_written(1, NULL);
	check_written(3, "explain grad_cam -sample 17");
	check_written(3, "Schüler − Lehrer");
}

static void writing_says_why_it_cannot(void **state)
{
	struct rt_image img;
	struct rt_err err;

	(void)state;
	rt_image_init(&img, 2, 2, 1);
	assert_fails(rt_png_write(&img, "/nonexistent/x.png", NULL, &err), RT_EIO,
		     "/nonexistent/x.png");
	img.channels = 2;
	assert_fails(rt_png_write(&img, "x.png", NULL, &err), RT_EINVAL, "2 channels");
	rt_image_release(&img);
	assert_fails(rt_png_read(&img, "/nonexistent/x.png", 0, &err), RT_ENOTFOUND, "x.png");
}

static void resizing_keeps_means_and_ramps(void **state)
{
	struct rt_image img, out;

	(void)state;
	rt_image_init(&img, 6, 4, 3);
	fill(&img);
	rt_image_resize(&out, &img, 6, 4);
	assert_memory_equal(out.pixel, img.pixel, 6 * 4 * 3);
	rt_image_release(&out);
	rt_image_resize(&out, &img, 3, 2);
	for (int y = 0; y < 2; y++) {
		for (int i = 0; i < 9; i++) {
			int x = i / 3, c = i % 3, sum = 0;

			for (int k = 0; k < 4; k++)
				sum += img.pixel[((2 * y + k / 2) * 6 + 2 * x + k % 2) * 3 + c];
			assert_int_equal(out.pixel[(y * 3 + x) * 3 + c], (sum + 2) / 4);
		}
	}
	rt_image_release(&out);
	rt_image_release(&img);

	/* 2 -> 4: centres at -1/4, 1/4, 3/4, 5/4 of the old distance, the outer ones held. */
	rt_image_init(&img, 2, 1, 1);
	img.pixel[1] = 200;
	rt_image_resize(&out, &img, 4, 3);
	for (int y = 0; y < 3; y++)
		assert_memory_equal(out.pixel + 4 * y, "\x00\x32\x96\xc8", 4);
	rt_image_release(&out);
	rt_image_release(&img);

	/* 5 -> 3: each cell covers 5/3. */
	rt_image_init(&img, 5, 1, 1);
	memcpy(img.pixel, "\x1e\x3c\x5a\x78\x96", 5);
	rt_image_resize(&out, &img, 3, 1);
	assert_int_equal(out.pixel[0], 42);	/* (30 + 60 * 2/3) * 3/5 */
	assert_int_equal(out.pixel[1], 90);
	assert_int_equal(out.pixel[2], 138);
	rt_image_release(&out);
	rt_image_release(&img);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_shows_its_pixels),
		cmocka_unit_test(a_cut_off_file_is_refused_at_every_length),
		cmocka_unit_test(damage_is_survived),
		cmocka_unit_test(claimed_sizes_are_checked),
		cmocka_unit_test(what_is_written_reads_the_same),
		cmocka_unit_test(writing_says_why_it_cannot),
		cmocka_unit_test(resizing_keeps_means_and_ramps),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
