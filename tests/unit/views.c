/* views.c - what pictures in cells are made of: text, numbers, colours, canvas, scales, axes. */
#include "config.h"

#include "unit.h"
#include "views_samples.h"

#include "base/mem.h"

#include <locale.h>
#include <math.h>

static const struct rt_style plain80 = {80, 0, true};

/* Text -------------------------------------------------------------------------------------- */

static void utf8_is_decoded_strictly(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t first;
		int len;
	} row[] = {
		{"A", 'A', 1},
		{"é", 0xe9, 2},
		{"▀", 0x2580, 3},
		{"\xf0\x9f\x98\x80", 0x1f600, 4},
		{"\xc0\x80", 0xfffd, 1},	 /* overlong */
		{"\xe0\x80\x80", 0xfffd, 1},	 /* overlong */
		{"\xed\xa0\x80", 0xfffd, 1},	 /* surrogate */
		{"\xf4\x90\x80\x80", 0xfffd, 1}, /* above U+10FFFF */
		{"\xe2\x96", 0xfffd, 1},	 /* cut off */
		{"\xff", 0xfffd, 1},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(row); i++) {
		const char *p = row[i].bytes;
		struct rt_str s = {0};

		assert_int_equal(rt_utf8_next(&p), row[i].first);
		assert_int_equal(p - row[i].bytes, row[i].len);
		rt_utf8_add(&s, row[i].first);
		if (row[i].first != 0xfffd)
			assert_string_equal(rt_str_text(&s), row[i].bytes);
		rt_str_release(&s);
	}
}

static void width_does_not_depend_on_the_locale(void **state)
{
	static const char text[] = "ab é − × █ ▒ ╱ 漢字 e\xcc\x81 \xf0\x9f\x98\x80";

	(void)state;
	assert_int_equal(rt_text_width(text), 24);
	if (setlocale(LC_CTYPE, "C.UTF-8")) {
		assert_int_equal(rt_text_width(text), 24);
		setlocale(LC_CTYPE, "C");
	}
}

static void names_cannot_command_a_terminal(void **state)
{
	struct rt_str s = {0};

	(void)state;
	rt_text_add(&s,
		    "a\033[2Jb\xc2\x9b"
		    "c\r\n",
		    true);
	assert_string_equal(rt_str_text(&s), "a?[2Jb?c??");
	rt_str_clear(&s);
	rt_text_add(&s, "28×28 − ±2 café … → ≤ σ 漢", false);
	assert_string_equal(rt_str_text(&s), "28x28 - +-2 cafe ... -> <= sigma ?");
	rt_str_release(&s);
}

static void long_text_is_cut_with_a_mark(void **state)
{
	struct rt_str s = {0};

	(void)state;
	rt_text_fit(&s, "ankle boot", 10, true);
	rt_text_fit(&s, "|ankle boots", 10, true);
	rt_text_fit(&s, "|漢字漢字", 6, true);
	rt_text_fit(&s, "|ankle boots", 10, false);
	rt_text_fit(&s, "|x", 0, true);
	assert_string_equal(rt_str_text(&s), "ankle boot|ankle bo…|漢字…|ankle b..");
	rt_str_release(&s);
}

static void numbers_are_typeset(void **state)
{
	char buf[RT_NUM];

	(void)state;
	assert_string_equal(rt_num_percent(buf, 0.9123), "91.2 %");
	assert_string_equal(rt_num_percent(buf, NAN), "–");
	assert_string_equal(rt_num_points(buf, 0.004), "+0.40");
	assert_string_equal(rt_num_points(buf, -0.004), "−0.40");
	assert_string_equal(rt_num_signed(buf, -0.0001, 2), "0.00");
	assert_string_equal(rt_num_signed(buf, 0.0001, 2), "0.00");
	assert_string_equal(rt_num_real(buf, -1.5, 1), "−1.5");
	assert_string_equal(rt_num_count(buf, -1234567), "−1,234,567");
	assert_string_equal(rt_num_short(buf, 0.03149, 2), "0.031");
	assert_string_equal(rt_num_short(buf, 1.2e-7, 2), "1.2e−07");
	assert_string_equal(rt_num_real(buf, -INFINITY, 2), "−inf");
	assert_string_equal(rt_num_real(buf, 1e300, 2), "1e+300");
}

/* Colours ----------------------------------------------------------------------------------- */

static double lightness(int32_t rgb)
{
	static const double weight[] = {0.2126, 0.7152, 0.0722};
	double y = 0;

	for (int i = 0; i < 3; i++) {
		double c = (rgb >> (16 - 8 * i) & 0xff) / 255.0;

		y += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return 116 * cbrt(y) - 16;
}

static void signed_map_is_symmetric_about_white(void **state)
{
	(void)state;
	assert_int_equal(rt_color_signed(0), 0xffffff);
	assert_int_equal(rt_color_signed(2), rt_color_signed(1));
	for (int i = 1; i <= 20; i++) {
		double t = i / 20.0;
		int32_t plus = rt_color_signed(t), minus = rt_color_signed(-t);

		if (fabs(lightness(plus) - lightness(minus)) > 4)
			fail_msg("t %g: lightness %g and %g", t, lightness(plus), lightness(minus));
		assert_true((plus >> 16) > (plus & 0xff));
		assert_true((minus & 0xff) > (minus >> 16));
		assert_true(lightness(plus) < lightness(rt_color_signed(t - 0.05)));
	}
}

static void roles_differ_in_grey_print(void **state)
{
	(void)state;
	assert_true(lightness(rt_role_paper(RT_STUDENT)) - lightness(rt_role_paper(RT_CONTROL)) >
		    12);
	assert_true(lightness(rt_role_paper(RT_CONTROL)) - lightness(rt_role_paper(RT_TEACHER)) >
		    12);
	/* On terminals every hue is read on black and on white. */
	for (int r = 0; r < RT_ROLES; r++) {
		double l = lightness(rt_role_cells((enum rt_role)r));

		assert_true(l > 45 && l < 70);
	}
}

static void colours_are_rounded_to_the_nearest(void **state)
{
	(void)state;
	assert_int_equal(rt_color_256(0xffffff), 231);
	assert_int_equal(rt_color_256(0x000000), 16);
	assert_int_equal(rt_color_256(0xff0000), 196);
	assert_int_equal(rt_color_256(0x808080), 244);
	assert_int_equal(rt_color_8(0xc80a0a), 1);
	assert_int_equal(rt_color_8(rt_role_cells(RT_TEACHER)), 6);
	assert_int_equal(rt_color_8(rt_role_cells(RT_STUDENT)), 3);
	/* Every step of the map for 256 colours is one of them. */
	for (int i = -6; i <= 6; i++) {
		static const int level[] = {0, 95, 135, 175, 215, 255};
		int32_t rgb = rt_color_signed_256(i / 6.0);
		int at = rt_color_256(rgb) - 16;

		assert_true(at < 216);
		assert_int_equal(rgb,
				 level[at / 36] << 16 | level[at / 6 % 6] << 8 | level[at % 6]);
	}
}

/* Canvas ------------------------------------------------------------------------------------ */

static void canvas_keeps_wide_characters_whole(void **state)
{
	struct rt_canvas c;
	struct rt_str s = {0};

	(void)state;
	rt_canvas_init(&c, &(struct rt_style){20, 0, true});
	rt_canvas_text(&c, 0, 0, "漢字漢字", RT_INK_PLAIN);
	rt_canvas_put(&c, 1, 0, 'x', RT_INK_PLAIN); /* over a right half */
	rt_canvas_put(&c, 4, 0, 'y', RT_INK_PLAIN); /* over a left half */
	rt_canvas_text(&c, 19, 0, "漢", RT_INK_PLAIN); /* no room for the right half */
	rt_canvas_text(&c, -1, 1, "ab", RT_INK_PLAIN);
	rt_canvas_finish(&c, &s);
	assert_string_equal(rt_str_text(&s), " x字y 字\nb\n");
	rt_str_release(&s);
}

static void escape_codes_only_with_colours(void **state)
{
	static const struct {
		int colors;
		const char *text;
	} row[] = {
		{0, "a b\n"},
		{8, "\033[0;1ma \033[0;31mb\033[0m\n"},
		{256, "\033[0;1ma \033[0;38;5;196mb\033[0m\n"},
		{1 << 24, "\033[0;1ma \033[0;38;2;255;0;0mb\033[0m\n"},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(row); i++) {
		struct rt_canvas c;
		struct rt_str s = {0};

		rt_canvas_init(&c, &(struct rt_style){30, row[i].colors, true});
		rt_canvas_put(&c, 0, 0, 'a', RT_INK_BOLD);
		rt_canvas_put(&c, 2, 0, 'b', RT_INK_COLOR(0xff0000));
		rt_canvas_finish(&c, &s);
		assert_string_equal(rt_str_text(&s), row[i].text);
		rt_str_release(&s);
	}
}

static void bars_end_in_eighths(void **state)
{
	static const struct {
		double cells;
		enum rt_role role;
		bool unicode;
		const char *text;
	} row[] = {
		{0, RT_TEACHER, true, ""},	 {0.01, RT_TEACHER, true, "▏"},
		{0.5, RT_TEACHER, true, "▌"},	 {1.26, RT_TEACHER, true, "█▎"},
		{9, RT_TEACHER, true, "█████"},	 {2.4, RT_STUDENT, true, "▒▒"},
		{0.2, RT_STUDENT, true, "▎"},	 {0.2, RT_STUDENT, false, "="},
		{2.6, RT_TEACHER, false, "###"}, {NAN, RT_TEACHER, true, ""},
		{-1, RT_TEACHER, true, ""},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(row); i++) {
		struct rt_canvas c;
		struct rt_str s = {0};

		rt_canvas_init(&c, &(struct rt_style){30, 0, row[i].unicode});
		rt_canvas_grow(&c, 1);
		rt_canvas_bar(&c, 0, 0, 5, row[i].cells, row[i].role);
		rt_canvas_finish(&c, &s);
		s.text[s.len - 1] = '\0';
		assert_string_equal(rt_str_text(&s), row[i].text);
		rt_str_release(&s);
	}
}

/* Numbers behind the pictures --------------------------------------------------------------- */

static void resizing_averages_areas(void **state)
{
	static const float four[4] = {1, 2, 3, 4}, three[3] = {3, 6, 9};
	float out[16];

	(void)state;
	rt_grid_resize(out, 1, 1, four, 2, 2);
	assert_close(out[0], 2.5, 1e-6);
	rt_grid_resize(out, 4, 4, four, 2, 2);
	for (int i = 0; i < 16; i++)
		assert_close(out[i], four[i / 8 * 2 + i % 4 / 2], 1e-6);
	rt_grid_resize(out, 2, 1, three, 3, 1); /* (3 + 6/2) / 1.5, (6/2 + 9) / 1.5 */
	assert_close(out[0], 4, 1e-6);
	assert_close(out[1], 8, 1e-6);
}

static void sizes_are_whole_multiples_or_fit(void **state)
{
	static const struct {
		int w, h, cols, rows, pw, ph;
	} row[] = {
		{8, 8, 18, 32, 16, 16},	  {8, 8, 40, 32, 32, 32},     {28, 28, 30, 32, 28, 28},
		{28, 28, 18, 32, 18, 18}, {224, 224, 40, 10, 20, 20}, {7, 7, 7, 32, 7, 7},
		{1000, 2, 20, 20, 20, 1},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(row); i++) {
		struct rt_mosaic m = rt_mosaic_fit(row[i].w, row[i].h, row[i].cols, row[i].rows);

		assert_int_equal(m.pw, row[i].pw);
		assert_int_equal(m.ph, row[i].ph);
		assert_int_equal(m.rows, (m.ph + 1) / 2);
	}
	assert_int_equal(rt_mosaic_fit(0, 5, 10, 10).pw, 0);
}

static void clip_is_a_nearest_rank(void **state)
{
	float hundred[100], mostly_zero[100] = {0};

	(void)state;
	for (int i = 0; i < 100; i++)
		hundred[i] = (float)(i * 37 % 100 + 1);
	assert_close(rt_clip_value(hundred, 100, 99), 99, 0);
	assert_close(rt_clip_value(hundred, 100, 100), 100, 0);
	assert_close(rt_clip_value(hundred, 100, 0.5), 1, 0);
	mostly_zero[3] = 5;
	assert_close(rt_clip_value(mostly_zero, 100, 90), 5, 0);
	assert_close(rt_clip_value(NULL, 0, 99), 0, 0);
}

static void one_scale_for_all_panels(void **state)
{
	struct rt_heatmap h = sample_heatmap();
	struct rt_heatmap_plan plan;
	struct rt_err err;

	(void)state;
	h.percentile = 100;
	assert_ok(rt_heatmap_plan(&plan, &h, &err));
	assert_int_equal(plan.n, 4);
	assert_string_equal(plan.panel[3].title, "student − teacher");
	assert_close(plan.clip, plan.most, 0);
	for (int i = 0; i < 28 * 28; i++) {
		assert_close(plan.panel[1].t[i] * plan.clip, h.map[0].v[i], 1e-6);
		assert_close(plan.panel[3].t[i], plan.panel[2].t[i] - plan.panel[1].t[i], 1e-5);
		assert_true(fabsf(plan.panel[3].t[i]) <= 1);
	}
	rt_heatmap_plan_release(&plan);
	h.nmap = 0;
	assert_fails(rt_heatmap_plan(&plan, &h, &err), RT_EINVAL, "at least one map, got 0");
}

static void maps_of_zeros_and_of_nothing_are_drawn(void **state)
{
	static const float zero[4], bad[4] = {NAN, INFINITY, NAN, NAN};
	struct rt_map map = {RT_TEACHER, NULL, 2, 2, zero};
	struct rt_heatmap h = {.nmap = 1, .map = &map};
	struct rt_canvas c;
	struct rt_str s = {0};

	(void)state;
	rt_canvas_init(&c, &plain80);
	rt_heatmap_draw(&c, &h);
	map.v = bad;
	rt_heatmap_draw(&c, &h);
	rt_canvas_finish(&c, &s);
	assert_non_null(strstr(rt_str_text(&s), "every value is 0"));
	assert_non_null(strstr(rt_str_text(&s), "4 values are not finite"));
	assert_non_null(strstr(rt_str_text(&s), "│????"));
	rt_str_release(&s);
}

static void axes_have_round_ticks(void **state)
{
	struct rt_axis a;
	char buf[RT_NUM];

	(void)state;
	rt_axis_fit(&a, 87.3, 98.2, 5, false, true);
	assert_close(a.lo, 85, 1e-9);
	assert_close(a.hi, 100, 1e-9);
	assert_int_equal(a.n, 4);
	assert_string_equal(rt_axis_label(buf, &a, 3), "100");
	rt_axis_fit(&a, 1, 3, 20, true, false); /* epochs are whole */
	assert_int_equal(a.n, 3);
	assert_string_equal(rt_axis_label(buf, &a, 2), "3");
	rt_axis_fit(&a, -0.031, 0.02, 6, false, true);
	assert_string_equal(rt_axis_label(buf, &a, 0), "−0.04");
	rt_axis_fit(&a, 5, 5, 4, false, true); /* flat */
	assert_true(a.lo < 5 && a.hi > 5 && a.n >= 2 && a.n <= 4);
	rt_axis_fit(&a, NAN, 1, 4, false, true);
	assert_true(a.hi > a.lo);
	for (int most = 2; most < 12; most++)
		for (double span = 1e-9; span < 1e9; span *= 7) {
			rt_axis_fit(&a, -span / 3, span, most, false, true);
			assert_true(a.n >= 2 && a.n <= most);
		}
}

static void rare_classes_are_folded_and_sums_add_up(void **state)
{
	struct rt_bars b = sample_bars;
	struct rt_bars_plan plan;

	(void)state;
	rt_bars_plan(&plan, &b);
	/* 1, 2, 5 and 6 are below 0.1 % in every column; 3 is not below. */
	assert_int_equal(plan.n, 6);
	assert_int_equal(plan.others, 4);
	assert_int_equal(plan.order[0], 4);
	assert_int_equal(plan.order[1], 9);
	assert_close(plan.sum[0][0], 0.0010, 1e-5);
	assert_close(plan.sum[1][1], 0.0028, 1e-5);
	rt_bars_plan_release(&plan);
	b.top = 2;
	b.label = 6; /* the true class stays, however rare */
	rt_bars_plan(&plan, &b);
	assert_int_equal(plan.n, 2);
	assert_int_equal(plan.order[1], 6);
	rt_bars_plan_release(&plan);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_decoded_strictly),
		cmocka_unit_test(width_does_not_depend_on_the_locale),
		cmocka_unit_test(names_cannot_command_a_terminal),
		cmocka_unit_test(long_text_is_cut_with_a_mark),
		cmocka_unit_test(numbers_are_typeset),
		cmocka_unit_test(signed_map_is_symmetric_about_white),
		cmocka_unit_test(roles_differ_in_grey_print),
		cmocka_unit_test(colours_are_rounded_to_the_nearest),
		cmocka_unit_test(canvas_keeps_wide_characters_whole),
		cmocka_unit_test(escape_codes_only_with_colours),
		cmocka_unit_test(bars_end_in_eighths),
		cmocka_unit_test(resizing_averages_areas),
		cmocka_unit_test(sizes_are_whole_multiples_or_fit),
		cmocka_unit_test(clip_is_a_nearest_rank),
		cmocka_unit_test(one_scale_for_all_panels),
		cmocka_unit_test(maps_of_zeros_and_of_nothing_are_drawn),
		cmocka_unit_test(axes_have_round_ticks),
		cmocka_unit_test(rare_classes_are_folded_and_sums_add_up),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
