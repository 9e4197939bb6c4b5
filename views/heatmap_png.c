/* heatmap_png.c - heatmaps as PNG: panels enlarged by whole multiples, colour bar, agreement. */
#include "config.h"

#include "views/heatmap.h"

#include "base/mem.h"
#include "views/page.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE = 252, SPACE = 24, PER_ROW = 5, SCALE_W = 280, SCALE_H = 18, SCALE_GAP = 18 };

/* Small panels are enlarged by whole multiples to at most SIDE; larger ones stay as they are. */
static int enlargement(int w, int h)
{
	int k = SIDE / (w > h ? w : h);

	return k < 1 ? 1 : k;
}

static void map_image(struct rt_image *out, const struct rt_heatmap *h, const struct rt_panel *p)
{
	size_t n;
	int w = p->w, ht = p->h;
	float *t, *grey = NULL;

	/* Over a finer input the map is repeated to the input's pixels. */
	if (h->overlay && h->input && h->input->w >= w && h->input->h >= ht) {
		w = h->input->w;
		ht = h->input->h;
	}
	n = (size_t)w * (size_t)ht;
	t = rt_alloc(n, sizeof(*t));
	rt_grid_resize(t, w, ht, p->t, p->w, p->h);
	if (h->overlay && h->input) {
		grey = rt_alloc(n, sizeof(*grey));
		rt_picture_grey(grey, h->input, w, ht);
	}
	rt_image_init(out, w, ht, 3);
	for (size_t i = 0; i < n; i++) {
		int32_t rgb = grey ? rt_color_overlay(grey[i], t[i]) : rt_color_signed(t[i]);

		out->pixel[3 * i] = (uint8_t)(rgb >> 16);
		out->pixel[3 * i + 1] = (uint8_t)(rgb >> 8);
		out->pixel[3 * i + 2] = (uint8_t)rgb;
	}
	free(t);
	free(grey);
}

static void draw_panel(struct rt_page *page, int x, int y, int slot, const struct rt_heatmap *h,
		       const struct rt_panel *p)
{
	int top = y + rt_font_line(RT_LABEL) + 4, k;
	struct rt_image image;

	rt_raster_text_fit(&page->img, x, y + rt_font_up(RT_LABEL), slot, RT_LABEL, RT_LEFT,
			   RT_TEXT, p->title);
	if (p->t)
		map_image(&image, h, p);
	else
		rt_picture_image(&image, h->input);
	k = enlargement(image.w, image.h);
	rt_raster_image(&page->img, x, top, &image, k);
	rt_raster_frame(&page->img, x - 1, top - 1, image.w * k + 2, image.h * k + 2, RT_AXIS);
	rt_image_release(&image);
}

/* The colour bar with −clip, 0 and +clip under it; the facts stand right of it. */
static void draw_scale(struct rt_page *page, int y, const struct rt_heatmap *h,
		       const struct rt_heatmap_plan *plan, int width)
{
	struct rt_image *img = &page->img;
	int base = y + SCALE_H + 4 + rt_font_up(RT_LABEL), x = page->x;
	struct rt_pieces facts = {0};
	struct rt_str end = {0};
	char number[RT_NUM];

	rt_heatmap_facts(&facts, h, plan);
	if (plan->most > 0) {
		for (int i = 0; i < SCALE_W; i++)
			rt_raster_fill(img, x + i, y, 1, SCALE_H,
				       rt_color_signed(2.0 * i / (SCALE_W - 1) - 1));
		rt_raster_frame(img, x - 1, y - 1, SCALE_W + 2, SCALE_H + 2, RT_AXIS);
		rt_str_addf(&end, "−%s", rt_num_short(number, plan->clip, 2));
		rt_raster_text(img, x, base, RT_LABEL, RT_LEFT, RT_TEXT, rt_str_text(&end));
		rt_raster_text(img, x + SCALE_W / 2, base, RT_LABEL, RT_CENTER, RT_TEXT, "0");
		rt_str_clear(&end);
		rt_str_addf(&end, "+%s", rt_num_short(number, plan->clip, 2));
		rt_raster_text(img, x + SCALE_W, base, RT_LABEL, RT_RIGHT, RT_TEXT,
			       rt_str_text(&end));
		x += SCALE_W + SPACE;
	}
	rt_page_pieces(img, x, y - 3, page->x + width - x, &facts, RT_TEXT);
	rt_str_release(&end);
	rt_pieces_release(&facts);
}

enum rt_status rt_heatmap_png(const struct rt_heatmap *h, const char *path, struct rt_err *err)
{
	struct rt_page_text text = {.title = h->title, .command = h->command};
	int slot = 0, tall = 0, columns, rows, label = rt_font_line(RT_LABEL) + 4, width, height;
	struct rt_heatmap_plan plan;
	struct rt_page page;
	enum rt_status status;

	RT_TRY(rt_heatmap_plan(&plan, h, err));
	for (int i = 0; i < plan.n; i++) {
		const struct rt_panel *p = &plan.panel[i];
		int k = enlargement(p->w, p->h), title = rt_font_width(RT_LABEL, p->title);

		slot = p->w * k > slot ? p->w * k : slot;
		slot = title > slot && title < SIDE ? title : slot;
		tall = p->h * k > tall ? p->h * k : tall;
	}
	if (h->overlay && h->input) {
		int k = enlargement(h->input->w, h->input->h);

		slot = h->input->w * k > slot ? h->input->w * k : slot;
		tall = h->input->h * k > tall ? h->input->h * k : tall;
	}
	columns = plan.n < PER_ROW ? plan.n : PER_ROW;
	rows = (plan.n - 1) / columns + 1;
	width = columns * (slot + SPACE) - SPACE;
	width = width < 2 * SCALE_W + SPACE ? 2 * SCALE_W + SPACE : width;
	height = rows * (tall + label + SPACE);
	rt_pieces_notes(&text.foot, h->note, h->nnote);
	status = rt_page_begin(&page, width, height + SCALE_H + SCALE_GAP + rt_font_line(RT_LABEL),
			       &text, err);
	rt_page_text_release(&text);
	if (status == RT_OK) {
		for (int i = 0; i < plan.n; i++)
			draw_panel(&page, page.x + i % columns * (slot + SPACE),
				   page.y + i / columns * (tall + label + SPACE), slot, h,
				   &plan.panel[i]);
		draw_scale(&page, page.y + height, h, &plan, width);
		status = rt_page_save(&page, path, err);
	}
	rt_heatmap_plan_release(&plan);
	return status;
}
