/* panes.c - the list of panes, and placing those of a layout. */
#include "config.h"

#include "views/layout.h"

#include "views/caption.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROW(name) &rt_pane_##name.row,
static const struct rt_row *const pane_rows[] = {RT_PANE_LIST(ROW)};

const struct rt_list rt_panes = {"pane", pane_rows, RT_COUNT(pane_rows)};

enum { LEAST_HEIGHT = 5, LEAST_WIDTH = 22, WIDE = 110, LEAST_LESSON = 4, ALL_ROWS = 1000 };

enum rt_status rt_pane_get(const struct rt_pane **out, const char *name, struct rt_err *err)
{
	const struct rt_row *row;

	RT_TRY(rt_list_get(&row, &rt_panes, name, err));
	*out = (const struct rt_pane *)row;
	return RT_OK;
}

/* --- placing ------------------------------------------------------------------------------- */

void rt_canvas_paste(struct rt_canvas *c, int x, int y, int w, int h, const struct rt_canvas *what,
		     int from)
{
	for (int j = 0; j < h && from + j < what->h; j++)
		for (int i = 0; i < w && i < what->w; i++) {
			const struct rt_cell *cell = &what->cell[(from + j) * what->w + i];

			if (cell->ch && (cell->ch != ' ' || cell->ink.bg != RT_DEFAULT))
				rt_canvas_put(c, x + i, y + j, cell->ch, cell->ink);
		}
}

/* The rule above a pane, with its title; that of the pane that keys scroll is marked. */
static void draw_title(struct rt_canvas *c, const struct rt_place *p, const struct rt_scene *s,
		       bool marked)
{
	struct rt_str title = {0};
	int room = p->w - 3, used;

	rt_canvas_repeat(c, p->x, p->y, p->w, c->style.unicode ? 0x2500 : '-', RT_INK_DIM);
	p->pane->title(&title, s);
	used = rt_canvas_width(c, rt_str_text(&title));
	used = used > room ? room : used;
	rt_canvas_put(c, p->x + 1, p->y, marked ? '>' : ' ', RT_INK_BOLD);
	rt_canvas_fit(c, p->x + 2, p->y, used, RT_LEFT, rt_str_text(&title), RT_INK_BOLD);
	rt_canvas_put(c, p->x + 2 + used, p->y, ' ', RT_INK_PLAIN);
	rt_str_release(&title);
}

/* All rows of a pane that is scrolled; its head stays. */
static void draw_scrolled(struct rt_canvas *c, const struct rt_place *p, const struct rt_scene *s,
			  int *from)
{
	const struct rt_pane *pane = p->pane;
	struct rt_style style = c->style;
	struct rt_canvas inner;
	int rows = p->h - 1, most;

	style.width = p->w - 1;
	rt_canvas_init(&inner, &style);
	pane->draw(&inner, s, ALL_ROWS);
	most = inner.h > rows ? inner.h - rows : 0;
	*from = *from > most ? most : *from;
	rt_canvas_paste(c, p->x + 1, p->y + 1, p->w - 1, pane->head, &inner, 0);
	rt_canvas_paste(c, p->x + 1, p->y + 1 + pane->head, p->w - 1, rows - pane->head, &inner,
			*from + pane->head);
	rt_canvas_release(&inner);
}

static int index_of(const struct rt_pane *pane)
{
	for (int i = 0; i < rt_panes.n; i++)
		if (rt_panes.rows[i] == &pane->row)
			return i;
	return 0;
}

int *rt_seen_from(struct rt_seen *seen, const struct rt_pane *pane)
{
	return &seen->from[index_of(pane)];
}

static void draw_pane(struct rt_canvas *c, const struct rt_place *p, const struct rt_scene *s,
		      struct rt_seen *seen)
{
	struct rt_style style = c->style;
	struct rt_canvas inner;
	int *from = rt_seen_from(seen, p->pane);

	if (seen->n < (int)RT_COUNT(seen->place))
		seen->place[seen->n++] = *p;
	draw_title(c, p, s, seen->marked == p->pane);
	if (*from > 0 && p->pane->scrolls) {
		draw_scrolled(c, p, s, from);
		if (*from > 0)
			return;
	}
	style.width = p->w - 1;
	rt_canvas_init(&inner, &style);
	p->pane->draw(&inner, s, p->h - 1);
	rt_canvas_paste(c, p->x + 1, p->y + 1, p->w - 1, p->h - 1, &inner, 0);
	rt_canvas_release(&inner);
}

static int count_slots(const struct rt_band *b)
{
	int n = 0;

	while (n < RT_BANDS && b->slot[n].pane)
		n++;
	return n;
}

static void draw_band(struct rt_canvas *c, int y, int h, const struct rt_band *b,
		      const struct rt_scene *s, struct rt_seen *seen)
{
	int n = count_slots(b), shares = 0, x = 0;

	while (n > 1 && c->w / n < LEAST_WIDTH)
		n--;
	for (int i = 0; i < n; i++)
		shares += b->slot[i].share;
	for (int i = 0; i < n; i++) {
		int w = i + 1 < n ? c->w * b->slot[i].share / shares : c->w - x;

		w = w < LEAST_WIDTH && n > 1 ? LEAST_WIDTH : w;
		draw_pane(c, &(struct rt_place){b->slot[i].pane, x, y, w - (i + 1 < n), h}, s,
			  seen);
		x += w;
		if (i + 1 == n)
			break;
		rt_canvas_put(c, x - 1, y, c->style.unicode ? 0x252c : '+', RT_INK_DIM);
		for (int j = 1; j < h; j++)
			rt_canvas_put(c, x - 1, y + j, c->style.unicode ? 0x2502 : '|', RT_INK_DIM);
	}
}

static void draw_bands(struct rt_canvas *c, int y, int h, const struct rt_band *bands,
		       const struct rt_scene *s, struct rt_seen *seen)
{
	int n = 0, shares = 0, top = y;

	while (n < RT_BANDS && count_slots(&bands[n]) && (n + 1) * LEAST_HEIGHT <= h)
		n++;
	n = n ? n : 1;
	for (int i = 0; i < n; i++)
		shares += bands[i].share;
	/* a band more must not squeeze the others */
	while (n > 1 && h * 5 < shares * 4)
		shares -= bands[--n].share;
	for (int i = 0, sum = 0; i < n; i++) {
		int bottom;

		sum += bands[i].share;
		bottom = y + h * sum / shares;
		draw_band(c, top, bottom - top, &bands[i], s, seen);
		top = bottom;
	}
}

/* A lesson under way stands above everything else, as high as its text but leaving room below;
 * returns its rows. */
static int draw_lesson(struct rt_canvas *c, int y, int h, const struct rt_scene *s,
		       struct rt_seen *seen)
{
	const struct rt_pane *pane = &rt_pane_lesson;
	struct rt_style style = c->style;
	struct rt_canvas probe;
	int rows, most = h < 2 * LEAST_HEIGHT ? h : h - LEAST_HEIGHT;

	style.width = c->w - 1;
	rt_canvas_init(&probe, &style);
	pane->draw(&probe, s, ALL_ROWS);
	rows = probe.h + 1;
	rt_canvas_release(&probe);
	if (rows > most || h - rows < LEAST_LESSON)
		rows = most;
	draw_pane(c, &(struct rt_place){pane, 0, y, c->w, rows}, s, seen);
	return rows;
}

void rt_layout_draw(struct rt_canvas *c, int y, int h, const struct rt_layout *layout,
		    const struct rt_pane *alone, const struct rt_scene *s, struct rt_seen *seen)
{
	seen->n = 0;
	if (h < 2)
		return;
	rt_canvas_grow(c, y + h);
	alone = alone ? alone : &rt_pane_curves;
	if (s->lesson && !(rt_layout_is_focus(layout) && alone == &rt_pane_lesson)) {
		int rows = draw_lesson(c, y, h, s, seen);

		y += rows;
		h -= rows;
		if (h < 2)
			return;
	}
	if (rt_layout_is_focus(layout))
		draw_pane(c, &(struct rt_place){alone, 0, y, c->w, h}, s, seen);
	else
		draw_bands(c, y, h, c->w >= WIDE ? layout->wide : layout->narrow, s, seen);
}

/* --- for the panes ------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

enum rt_role rt_look_role(const struct rt_look *l, const char *name)
{
	if (!l->has_run || !l->run.teacher)
		return RT_OTHER;
	if (same(l->run.teacher, name))
		return RT_TEACHER;
	if (same(l->run.control, name))
		return RT_CONTROL;
	return same(l->run.student, name) ? RT_STUDENT : RT_OTHER;
}

void rt_pane_hint(struct rt_canvas *c, const char *text)
{
	struct rt_pieces words = {0};

	rt_pieces_add(&words, text);
	rt_pieces_draw(c, 0, c->h, 0, &words, RT_INK_DIM);
	rt_pieces_release(&words);
}

const char *rt_look_class(const struct rt_look *l, int64_t k, char *buf, size_t size)
{
	if (l->data && k >= 0 && k < l->data->classes)
		return rt_data_class(l->data, (int)k, buf, size);
	snprintf(buf, size, "%d", (int)k);
	return buf;
}

char *rt_look_score(char buf[RT_NUM], const struct rt_look *l, double score)
{
	char number[RT_NUM];
	bool classes = !l->data || l->data->task == RT_CLASSIFY;

	if (isnan(score))
		return rt_num_real(buf, NAN, 0);
	rt_num_real(number, score, classes ? 2 : 3);
	if (classes)
		snprintf(buf, RT_NUM, "%.40s %%", number);
	else
		snprintf(buf, RT_NUM, "RMSE %.40s", number);
	return buf;
}

char *rt_num_brief(char buf[RT_NUM], double n)
{
	static const char *const unit[] = {"", " k", " M", " G", " T"};
	size_t i = 0;

	for (; n >= 999.5 && i + 1 < RT_COUNT(unit); i++)
		n /= 1000;
	snprintf(buf, RT_NUM, i > 0 && n < 99.95 ? "%.1f%s" : "%.0f%s", n, unit[i]);
	return buf;
}
