/* heatmap_png.c - heatmaps as PNG: panels enlarged by whole multiples, colour bar, agreement. */
#include "config.h"

#include "views/heatmap.h"

#include "base/mem.h"
#include "views/page.h"

#include <stdlib.h>

enum { SIDE = 252, SPACE = 24, PER_ROW = 5, SCALE_W = 280, SCALE_H = 18, FACTS_W = 440 };

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

/* The panels as images, and how they are laid out: each enlarged by a whole multiple so that its
 * longer side comes near that of the first, which is at most SIDE unless the image itself is
 * larger. */
struct sheet {
	struct rt_image *image;
	int *k;
	int n, columns, slot, tall, label;
};

static void make_sheet(struct sheet *s, const struct rt_heatmap *h,
		       const struct rt_heatmap_plan *plan)
{
	int side = SIDE;

	*s = (struct sheet){
		.image = rt_alloc((size_t)plan->n, sizeof(*s->image)),
		.k = rt_alloc((size_t)plan->n, sizeof(*s->k)),
		.n = plan->n,
		.columns = plan->n < PER_ROW ? plan->n : PER_ROW,
		.label = rt_font_line(RT_LABEL) + 4,
	};
	for (int i = 0; i < s->n; i++) {
		struct rt_image *img = &s->image[i];
		int longer, title = rt_font_width(RT_LABEL, plan->panel[i].title);

		if (plan->panel[i].t)
			map_image(img, h, &plan->panel[i]);
		else
			rt_picture_image(img, h->input);
		longer = img->w > img->h ? img->w : img->h;
		s->k[i] = longer < side ? side / longer : 1;
		if (i == 0)
			side = s->k[0] * longer;
		s->slot = img->w * s->k[i] > s->slot ? img->w * s->k[i] : s->slot;
		s->slot = title > s->slot && title < SIDE ? title : s->slot;
		s->tall = img->h * s->k[i] > s->tall ? img->h * s->k[i] : s->tall;
	}
}

static void release_sheet(struct sheet *s)
{
	for (int i = 0; i < s->n; i++)
		rt_image_release(&s->image[i]);
	free(s->image);
	free(s->k);
}

static void draw_panel(struct rt_page *page, const struct sheet *s, int i, const char *title)
{
	int x = page->x + i % s->columns * (s->slot + SPACE);
	int y = page->y + i / s->columns * (s->tall + s->label + SPACE), top = y + s->label;
	const struct rt_image *img = &s->image[i];

	rt_raster_text_fit(&page->img, x, y + rt_font_up(RT_LABEL), s->slot, RT_LABEL, RT_LEFT,
			   RT_TEXT, title);
	rt_raster_image(&page->img, x, top, img, s->k[i]);
	rt_raster_frame(&page->img, x - 1, top - 1, img->w * s->k[i] + 2, img->h * s->k[i] + 2,
			RT_AXIS);
}

/* The colour bar with −clip, 0 and +clip under it. */
static void draw_scale(struct rt_image *img, int x, int y, double clip)
{
	int base = y + SCALE_H + 4 + rt_font_up(RT_LABEL);
	struct rt_str end = {0};
	char number[RT_NUM];

	for (int i = 0; i < SCALE_W; i++)
		rt_raster_fill(img, x + i, y, 1, SCALE_H,
			       rt_color_signed(2.0 * i / (SCALE_W - 1) - 1));
	rt_raster_frame(img, x - 1, y - 1, SCALE_W + 2, SCALE_H + 2, RT_AXIS);
	rt_str_addf(&end, "−%s", rt_num_short(number, clip, 2));
	rt_raster_text(img, x, base, RT_LABEL, RT_LEFT, RT_TEXT, rt_str_text(&end));
	rt_raster_text(img, x + SCALE_W / 2, base, RT_LABEL, RT_CENTER, RT_TEXT, "0");
	rt_str_clear(&end);
	rt_str_addf(&end, "+%s", rt_num_short(number, clip, 2));
	rt_raster_text(img, x + SCALE_W, base, RT_LABEL, RT_RIGHT, RT_TEXT, rt_str_text(&end));
	rt_str_release(&end);
}

/* The page: panels in rows, under them the scale and right of it the facts, then the notes. */
static enum rt_status compose(const struct rt_heatmap *h, const struct rt_heatmap_plan *plan,
			      const struct sheet *s, struct rt_page *page, struct rt_err *err)
{
	struct rt_page_text text = {.title = h->title, .command = h->command};
	int rows = (s->n - 1) / s->columns + 1, width = s->columns * (s->slot + SPACE) - SPACE;
	int height = rows * (s->tall + s->label + SPACE),
	    under = SCALE_H + 4 + rt_font_line(RT_LABEL);
	int left = plan->most > 0 ? SCALE_W + SPACE : 0, tall;
	struct rt_pieces facts = {0};
	enum rt_status status;

	width = width < SCALE_W + SPACE + FACTS_W ? SCALE_W + SPACE + FACTS_W : width;
	rt_heatmap_facts(&facts, h, plan);
	tall = rt_page_pieces(NULL, 0, 0, width - left, &facts, RT_TEXT);
	rt_pieces_notes(&text.foot, h->note, h->nnote);
	status = rt_page_begin(page, width, height + (tall > under ? tall : under), &text, err);
	if (status == RT_OK) {
		for (int i = 0; i < s->n; i++)
			draw_panel(page, s, i, plan->panel[i].title);
		if (plan->most > 0)
			draw_scale(&page->img, page->x, page->y + height, plan->clip);
		rt_page_pieces(&page->img, page->x + left, page->y + height - 3, width - left,
			       &facts, RT_TEXT);
	}
	rt_page_text_release(&text);
	rt_pieces_release(&facts);
	return status;
}

enum rt_status rt_heatmap_page(struct rt_page *page, const struct rt_heatmap *h,
			       struct rt_err *err)
{
	struct rt_heatmap_plan plan;
	struct sheet sheet;
	enum rt_status status;

	RT_TRY(rt_heatmap_plan(&plan, h, err));
	make_sheet(&sheet, h, &plan);
	status = compose(h, &plan, &sheet, page, err);
	release_sheet(&sheet);
	rt_heatmap_plan_release(&plan);
	return status;
}

enum rt_status rt_heatmap_png(const struct rt_heatmap *h, const char *path, struct rt_err *err)
{
	struct rt_page page;

	RT_TRY(rt_heatmap_page(&page, h, err));
	return rt_page_save(&page, path, err);
}
