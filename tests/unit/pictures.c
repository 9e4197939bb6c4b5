/* pictures.c - pictures as PNG: drawing, type, sizes, known pixels, what is refused. */
#include "config.h"

#include "temp.h"
#include "views_samples.h"

#include "io/png.h"
#include "views/page.h"

#include <math.h>

/* Drawing ----------------------------------------------------------------------------------- */

static int32_t pixel(const struct rt_image *img, int x, int y)
{
	const uint8_t *p = img->pixel + 3 * ((size_t)y * (size_t)img->w + (size_t)x);

	return p[0] << 16 | p[1] << 8 | p[2];
}

static struct rt_image white(int w, int h)
{
	struct rt_image img;

	rt_image_init(&img, w, h, 3);
	memset(img.pixel, 0xff, (size_t)(3 * w * h));
	return img;
}

/* Pixels of exactly this colour. */
static int count(const struct rt_image *img, int32_t rgb)
{
	int n = 0;

	for (int y = 0; y < img->h; y++)
		for (int x = 0; x < img->w; x++)
			n += pixel(img, x, y) == rgb;
	return n;
}

/* Ink in a column or row, in pixels of full black on white. */
static double ink(const struct rt_image *img, int x0, int y0, int x1, int y1)
{
	double sum = 0;

	for (int y = y0; y < y1; y++)
		for (int x = x0; x < x1; x++)
			sum += 1 - (pixel(img, x, y) & 0xff) / 255.0;
	return sum;
}

static void everything_is_clipped(void **state)
{
	struct rt_image img = white(10, 8), small = white(3, 3);

	(void)state;
	rt_raster_fill(&img, -5, -5, 7, 7, 0);
	rt_raster_fill(&img, 8, 6, 100, 100, 0);
	rt_raster_fill(&img, 20, 20, 5, 5, 0);
	assert_int_equal(count(&img, 0), 4 + 4);
	rt_raster_bar(&img, -3, -3, 100, 100, 0xff0000);
	assert_int_equal(count(&img, 0xff0000), 80);
	rt_raster_line(&img, -1e9, 3, 1e9, 4, 2, 0);
	rt_raster_line(&img, NAN, 3, INFINITY, 4, 2, 0);
	rt_raster_disc(&img, -2, -2, 5, 0);
	rt_raster_disc(&img, NAN, 1e300, 5, 0);
	rt_raster_text(&img, -4, 3, RT_TITLE, RT_LEFT, 0, "Ãg");
	rt_raster_text_up(&img, 5, 300, 400, 0, "Ãg");
	rt_raster_image(&img, 8, 7, &small, 4);
	rt_raster_frame(&img, -1, -1, 40, 40, 0);
	rt_image_release(&img);
	rt_image_release(&small);
}

static void bars_cover_parts_of_pixels(void **state)
{
	struct rt_image img = white(8, 4);

	(void)state;
	rt_raster_bar(&img, 1.25, 1, 4.5, 2, 0x000000);
	assert_close(ink(&img, 0, 0, 8, 4), 9, 0.02);
	assert_int_equal(pixel(&img, 3, 1), 0x000000);
	assert_int_equal(pixel(&img, 1, 1), 0x404040); /* three quarters */
	assert_int_equal(pixel(&img, 5, 2), 0x404040);
	rt_image_release(&img);
}

static void lines_have_their_width_and_no_double_joints(void **state)
{
	struct rt_image img = white(60, 40), bent = white(60, 40);
	static const double path[] = {10, 20, 30, 20, 30.5, 20, 50, 20};

	(void)state;
	rt_raster_line(&img, 10, 20, 50, 20, 3, 0);
	assert_close(ink(&img, 29, 0, 30, 40), 3, 0.03);
	rt_raster_path(&bent, path, 4, 3, 0, 0);
	assert_memory_equal(img.pixel, bent.pixel, 60 * 40 * 3);
	rt_image_release(&bent);
	bent = white(60, 40);
	rt_raster_path(&bent, path, 4, 1, 5, 0); /* dashes of 5 walk across the joints */
	assert_true(ink(&bent, 11, 0, 14, 40) > 2.5);
	assert_true(ink(&bent, 16, 0, 19, 40) < 0.1);
	assert_true(ink(&bent, 31, 0, 34, 40) > 2.5);
	assert_true(ink(&bent, 36, 0, 39, 40) < 0.1);
	rt_image_release(&img);
	rt_image_release(&bent);
}

static void small_images_grow_by_repetition(void **state)
{
	struct rt_image img = white(9, 9), grey;

	(void)state;
	rt_image_init(&grey, 2, 2, 1);
	grey.pixel[1] = 0x80;
	grey.pixel[2] = 0x40;
	rt_raster_image(&img, 1, 2, &grey, 3);
	assert_int_equal(pixel(&img, 1, 2), 0x000000);
	assert_int_equal(pixel(&img, 4, 4), 0x808080);
	assert_int_equal(pixel(&img, 3, 7), 0x404040);
	assert_int_equal(pixel(&img, 0, 2), 0xffffff);
	assert_int_equal(count(&img, 0x808080), 9);
	rt_image_release(&img);
	rt_image_release(&grey);
}

static void type_is_measured_as_it_is_drawn(void **state)
{
	static const char *const text[] = {"teacher", "91.2 %", "28×28 − α σ τ → ≤ … é", "WWW",
					   "iii"};

	(void)state;
	for (int size = 0; size < RT_TYPE_SIZES; size++)
		for (size_t i = 0; i < RT_COUNT(text); i++) {
			struct rt_image img = white(600, 60);
			int w = rt_font_width((enum rt_type_size)size, text[i]);

			rt_raster_text(&img, 20, 30, (enum rt_type_size)size, RT_LEFT, 0, text[i]);
			assert_true(ink(&img, 0, 0, 18, 60) == 0);
			assert_true(ink(&img, 20 + w + 1, 0, 600, 60) == 0);
			assert_true(ink(&img, 20 + w - w / 6 - 3, 0, 20 + w + 1, 60) > 0);
			assert_true(ink(&img, 0, 0, 600,
					30 - rt_font_up((enum rt_type_size)size)) == 0);
			assert_true(ink(&img, 0, 30 + rt_font_down((enum rt_type_size)size), 600,
					60) == 0);
			rt_image_release(&img);
		}
	assert_true(rt_font_width(RT_LABEL, "WWW") > rt_font_width(RT_LABEL, "iii"));
	assert_int_equal(rt_font_width(RT_LABEL, "0123456789"), 10 * rt_font_width(RT_LABEL, "7"));
	assert_int_equal(rt_font_width(RT_LABEL, "e\xcc\x81"), rt_font_width(RT_LABEL, "e"));
	/* What the font lacks is a box, not nothing. */
	assert_true(rt_font_width(RT_LABEL, "漢") > 0);
}

static void long_labels_are_cut_to_their_room(void **state)
{
	struct rt_image img = white(300, 40);

	(void)state;
	rt_raster_text_fit(&img, 10, 30, 100, RT_LABEL, RT_RIGHT, 0, "a name that is far too long");
	assert_true(ink(&img, 0, 0, 9, 40) == 0);
	assert_true(ink(&img, 111, 0, 300, 40) == 0);
	assert_true(ink(&img, 90, 0, 111, 40) > 0);
	rt_raster_text_fit(&img, 200, 30, 3, RT_LABEL, RT_LEFT, 0, "no room");
	assert_true(ink(&img, 190, 0, 300, 40) == 0);
	rt_image_release(&img);
}

/* Pictures ---------------------------------------------------------------------------------- */

/* Reads a picture back: it is RGB, white at its edges, not empty. */
static struct rt_image written(const char *path)
{
	struct rt_image img;
	struct rt_err err;

	assert_ok(rt_png_read(&img, path, 3, &err));
	assert_true(img.w >= 400 && img.w < 3000 && img.h >= 150 && img.h < 3000);
	for (int x = 0; x < img.w; x++) {
		assert_int_equal(pixel(&img, x, 0), RT_PAPER);
		assert_int_equal(pixel(&img, x, img.h - 1), RT_PAPER);
	}
	for (int y = 0; y < img.h; y++) {
		assert_int_equal(pixel(&img, 0, y), RT_PAPER);
		assert_int_equal(pixel(&img, img.w - 1, y), RT_PAPER);
	}
	assert_true(count(&img, RT_PAPER) < img.w * img.h - 2000);
	return img;
}

/* Longest run of one colour in any row. */
static int longest_run(const struct rt_image *img, int32_t rgb)
{
	int longest = 0;

	for (int y = 0; y < img->h; y++)
		for (int x = 0, run = 0; x < img->w; x++) {
			run = pixel(img, x, y) == rgb ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
	return longest;
}

static void bars_are_as_long_as_probabilities(void **state)
{
	char *path = temp_path("bars.png");
	struct rt_bars b = sample_bars;
	struct rt_image img;
	struct rt_err err;

	(void)state;
	assert_ok(rt_bars_png(&b, path, &err));
	img = written(path);
	/* The longest bars: 91.2 % (teacher) and 55.0 % (student) of the same length. */
	assert_close((double)longest_run(&img, rt_role_paper(RT_STUDENT)) /
			     longest_run(&img, rt_role_paper(RT_TEACHER)),
		     0.55 / 0.912, 0.01);
	rt_image_release(&img);
	assert_ok(rt_bars_png(&sample_bars_names, path, &err));
	img = written(path);
	assert_true(count(&img, rt_role_paper(RT_CONTROL)) > 100);
	rt_image_release(&img);
	b.nmodel = 0;
	assert_fails(rt_bars_png(&b, path, &err), RT_EINVAL,
		     "at least 1 class and 1 model, got 10 and 0");
	free(path);
}

static void heatmaps_are_enlarged_and_symmetric(void **state)
{
	char *path = temp_path("heat.png");
	struct rt_heatmap h = sample_heatmap();
	float odd[28 * 28];
	struct rt_map map[2] = {h.map[0], h.map[1]};
	struct rt_image img;
	struct rt_err err;
	int left, right;

	(void)state;
	assert_ok(rt_heatmap_png(&h, path, &err));
	img = written(path);
	/* The colour bar runs over 280 pixels from full blue to full red. */
	left = count(&img, rt_color_signed(-1));
	right = count(&img, rt_color_signed(1));
	assert_true(left >= 18 && right >= 18);
	rt_image_release(&img);
	/* A map and its negative are mirror images of each other in colour. */
	for (int i = 0; i < 28 * 28; i++)
		odd[i] = -map[0].v[i];
	map[1].v = odd;
	h.map = map;
	h.input = NULL;
	h.difference = false;
	h.percentile = 100;
	h.nnote = 0;
	assert_ok(rt_heatmap_png(&h, path, &err));
	img = written(path);
	assert_int_equal(count(&img, rt_color_signed(-1)), count(&img, rt_color_signed(1)));
	assert_true(count(&img, rt_color_signed(1)) >= 9 * 9);
	rt_image_release(&img);
	h.nmap = 0;
	assert_fails(rt_heatmap_png(&h, path, &err), RT_EINVAL, "at least one map");
	free(path);
}

static void overlays_show_input_and_heat(void **state)
{
	char *path = temp_path("overlay.png");
	struct rt_heatmap h = sample_heatmap_small();
	struct rt_image img;
	struct rt_err err;

	(void)state;
	assert_int_equal(rt_color_overlay(0, 0), 0xffffff);
	assert_int_equal(rt_color_overlay(0.5, 1), rt_color_signed(1));
	assert_int_equal(rt_color_overlay(0.5, -1), rt_color_signed(-1));
	assert_true(rt_color_overlay(1, 0) < rt_color_overlay(0.5, 0));
	h.overlay = true;
	assert_ok(rt_heatmap_png(&h, path, &err));
	img = written(path);
	assert_true(count(&img, rt_color_signed(NAN)) >= 31 * 31);
	rt_image_release(&img);
	free(path);
}

static void every_other_picture_is_written(void **state)
{
	char *path = temp_path("any.png");
	struct rt_gallery g = sample_gallery();
	struct rt_curves v = sample_curves;
	struct rt_confusion m = sample_confusion;
	struct rt_features f = sample_features;
	struct rt_hbars b = sample_balance;
	struct rt_image img;
	struct rt_err err;

	(void)state;
	assert_ok(rt_gallery_png(&g, path, &err));
	img = written(path);
	assert_true(count(&img, 0xff00ff) + count(&img, 0x00ff00) == 0);
	assert_int_equal(count(&img, 0x0000ff), 6 * 6); /* the corner where x and y are 0 */
	rt_image_release(&img);
	assert_ok(rt_curves_png(&v, path, &err));
	img = written(path);
	assert_true(count(&img, rt_role_paper(RT_STUDENT)) > 1000);
	rt_image_release(&img);
	assert_ok(rt_curves_png(&sample_scatter, path, &err));
	img = written(path);
	rt_image_release(&img);
	assert_ok(rt_confusion_png(&m, path, &err));
	img = written(path);
	assert_true(count(&img, rt_color_ink(sqrt(180 / 192.0))) > 1000);
	rt_image_release(&img);
	assert_ok(rt_features_png(&f, path, &err));
	img = written(path);
	assert_close((double)longest_run(&img, rt_role_paper(RT_TEACHER)) /
			     longest_run(&img, rt_role_paper(RT_STUDENT)),
		     0.6 / 0.7, 0.02);
	rt_image_release(&img);
	assert_ok(rt_hbars_png(&b, path, &err));
	img = written(path);
	rt_image_release(&img);
	g.n = v.nseries = m.classes = f.n = b.n = 0;
	assert_fails(rt_gallery_png(&g, path, &err), RT_EINVAL, "nothing to draw");
	assert_fails(rt_curves_png(&v, path, &err), RT_EINVAL, "no series has a finite point");
	assert_fails(rt_confusion_png(&m, path, &err), RT_EINVAL, "1 to 20000 classes, got 0");
	assert_fails(rt_features_png(&f, path, &err), RT_EINVAL, "at least 1 feature");
	assert_fails(rt_hbars_png(&b, path, &err), RT_EINVAL, "at least one value");
	free(path);
}

static void pages_hold_their_text_or_are_refused(void **state)
{
	struct rt_page_text text = {
		.title = "a title that is a good deal wider than the small picture under it",
		.command = "a command with many words that has to be broken into two rows or more "
			   "to fit the "
			   "width of a page as narrow as this one is, however long it may be in "
			   "the end",
	};
	struct rt_page page, plain;
	struct rt_err err;

	(void)state;
	assert_ok(rt_page_begin(&page, 50, 40, &text, &err));
	assert_true(page.img.w >= rt_font_width(RT_TITLE, text.title));
	text.command = "short";
	assert_ok(rt_page_begin(&plain, 50, 40, &text, &err));
	assert_int_equal(page.img.h, plain.img.h + rt_font_line(RT_SMALL));
	rt_image_release(&page.img);
	assert_fails(rt_page_save(&plain, "/nonexistent/folder/x.png", &err), RT_EIO,
		     "/nonexistent");
	assert_fails(rt_page_begin(&page, 60000, 60000, &text, &err), RT_EINVAL, "more than 2^27");
	assert_fails(rt_page_begin(&page, 0, 5, &text, &err), RT_EINVAL, "0x5 pixels");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_clipped),
		cmocka_unit_test(bars_cover_parts_of_pixels),
		cmocka_unit_test(lines_have_their_width_and_no_double_joints),
		cmocka_unit_test(small_images_grow_by_repetition),
		cmocka_unit_test(type_is_measured_as_it_is_drawn),
		cmocka_unit_test(long_labels_are_cut_to_their_room),
		cmocka_unit_test(bars_are_as_long_as_probabilities),
		cmocka_unit_test(heatmaps_are_enlarged_and_symmetric),
		cmocka_unit_test(overlays_show_input_and_heat),
		cmocka_unit_test(every_other_picture_is_written),
		cmocka_unit_test(pages_hold_their_text_or_are_refused),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests_name("pictures", tests, temp_begin, temp_end);
}
