/* golden.c - every view in cells, in nine styles, against stored text.
 *
 * RT_UPDATE_GOLDEN=1 writes the files of tests/data/golden anew.
 */
#include "config.h"

#include "unit.h"
#include "views_samples.h"

#include "base/file.h"
#include "base/mem.h"

/* Escape characters are stored as ^[ so that the files can be read and compared as text. */
static void add_visible(struct rt_str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\033')
			rt_str_add(out, "^[");
		else
			rt_str_addc(out, *text);
	}
}

/* What holds for every view in every style. */
static void check_style(const char *name, const struct rt_style *style, const char *text)
{
	int column = 0;

	for (const char *p = text; *p;) {
		uint32_t ch;

		if (*p == '\033') {
			assert_true(style->colors > 0);
			p = strchr(p, 'm') + 1;
			continue;
		}
		ch = rt_utf8_next(&p);
		if (!style->unicode && ch != '\n' && (ch < 0x20 || ch > 0x7e))
			fail_msg("%s: U+%04X in ASCII text", name, (unsigned)ch);
		column = ch == '\n' ? 0 : column + rt_char_width(ch);
		if (column > style->width)
			fail_msg("%s: a row is wider than %d", name, style->width);
	}
}

static void compare(const char *name, const char *got, const char *wanted)
{
	int line = 1;

	for (; *got || *wanted; line++) {
		size_t n = strcspn(got, "\n"), m = strcspn(wanted, "\n");

		if (n != m || memcmp(got, wanted, n) != 0)
			fail_msg("%s, line %d: \"%.*s\", wanted \"%.*s\" (RT_UPDATE_GOLDEN=1 "
				 "rewrites the file)",
				 name, line, (int)n, got, (int)m, wanted);
		got += n + (got[n] == '\n');
		wanted += m + (wanted[m] == '\n');
	}
}

static void golden(const char *name, void (*draw)(struct rt_canvas *c))
{
	static const struct rt_style style[] = {
		{40, 0, true},	 {40, 0, false},  {80, 0, true},    {80, 0, false}, {140, 0, true},
		{140, 0, false}, {80, 256, true}, {80, 256, false}, {80, 8, true},
	};
	char *relative = rt_sprintf("data/golden/%s.txt", name), *path = test_path(relative);
	struct rt_str all = {0};
	unsigned char *wanted;
	struct rt_err err;
	size_t len;

	for (size_t i = 0; i < RT_COUNT(style); i++) {
		struct rt_canvas c;
		struct rt_str one = {0};

		rt_canvas_init(&c, &style[i]);
		draw(&c);
		rt_canvas_finish(&c, &one);
		check_style(name, &style[i], rt_str_text(&one));
		rt_str_addf(&all, "== %d columns, %s, %d colours\n", style[i].width,
			    style[i].unicode ? "unicode" : "ASCII", style[i].colors);
		add_visible(&all, rt_str_text(&one));
		rt_str_release(&one);
	}
	if (getenv("RT_UPDATE_GOLDEN"))
		assert_ok(rt_file_write(path, all.text, all.len, &err));
	assert_ok(rt_file_read(&wanted, &len, path, &err));
	compare(name, rt_str_text(&all), (const char *)wanted);
	rt_str_release(&all);
	free(wanted);
	free(relative);
	free(path);
}

static void draw_bars(struct rt_canvas *c)
{
	rt_bars_draw(c, &sample_bars);
	rt_bars_draw(c, &sample_bars_names);
	rt_hbars_draw(c, &sample_balance);
}

static void draw_table(struct rt_canvas *c)
{
	struct rt_table t;

	sample_table(&t);
	rt_table_draw(c, &t);
	rt_table_release(&t);
}

static void draw_heatmap(struct rt_canvas *c)
{
	struct rt_heatmap h = sample_heatmap();

	rt_heatmap_draw(c, &h);
	h = sample_heatmap_small();
	rt_heatmap_draw(c, &h);
	h.overlay = true;
	rt_heatmap_draw(c, &h);
}

static void draw_features(struct rt_canvas *c)
{
	rt_features_draw(c, &sample_features);
}

static void draw_gallery(struct rt_canvas *c)
{
	struct rt_gallery g = sample_gallery();

	rt_gallery_draw(c, &g);
}

static void draw_curves(struct rt_canvas *c)
{
	struct rt_curves v = sample_curves;

	rt_curves_draw(c, &v);
	v.braille = true;
	v.rows = 6;
	rt_curves_draw(c, &v);
	rt_curves_draw(c, &sample_scatter);
	v.nseries = 0;
	rt_curves_draw(c, &v);
}

static void draw_confusion(struct rt_canvas *c)
{
	rt_confusion_draw(c, &sample_confusion);
}

#define GOLDEN(name)                                                                               \
	static void golden_##name(void **state)                                                    \
	{                                                                                          \
		(void)state;                                                                       \
		golden(#name, draw_##name);                                                        \
	}

GOLDEN(bars)
GOLDEN(table)
GOLDEN(heatmap)
GOLDEN(features)
GOLDEN(gallery)
GOLDEN(curves)
GOLDEN(confusion)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_bars),	    cmocka_unit_test(golden_table),
		cmocka_unit_test(golden_heatmap),   cmocka_unit_test(golden_features),
		cmocka_unit_test(golden_gallery),   cmocka_unit_test(golden_curves),
		cmocka_unit_test(golden_confusion),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
