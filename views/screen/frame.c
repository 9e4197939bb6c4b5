/* frame.c - one picture of the whole screen, drawn from what the screen knows. */
#include "config.h"

#include "views/screen/frame.h"
#include "views/screen/keys.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TAB = 8, FEW_ROWS = 14 };

/* Rows of panes; the rest is a rule, what was printed, the prompt and the key bar. */
static int pane_rows(const struct rt_frame *f)
{
	if (f->help)
		return f->rows - 3;
	return f->rows < FEW_ROWS ? f->rows - 7 : f->rows * 2 / 3;
}

int rt_frame_log_rows(const struct rt_frame *f)
{
	return f->rows - pane_rows(f) - 3;
}

/* "epoch 3/10   41 %   12 k samples/s   0:00:03 left", what runs, how far it was scrolled back. */
static void draw_rule(struct rt_canvas *c, int y, const struct rt_frame *f)
{
	const struct rt_look_job *j = f->scene.look ? &f->scene.look->job : NULL;
	struct rt_str text = {0};
	char rate[RT_NUM];

	rt_canvas_repeat(c, 0, y, c->w, c->style.unicode ? 0x2500 : '-', RT_INK_DIM);
	if (f->scene.running)
		rt_str_addf(&text, "%.60s", f->scene.running);
	if (f->scene.running && j && j->on && j->total > 0) {
		double part = fmin(j->done / j->total, 1), elapsed = f->scene.now - j->started;
		int left = part > 0 ? (int)fmin(ceil(elapsed * (1 - part) / part), 359999) : 0;

		rt_str_addf(&text, "   %s   %.0f %%   %s %s/s   %d:%02d:%02d left", j->label,
			    100 * part, rt_num_brief(rate, elapsed > 0 ? j->done / elapsed : 0),
			    j->unit, left / 3600, left / 60 % 60, left % 60);
	}
	if (f->scene.queued)
		rt_str_addf(&text, "%s%d waiting", text.len ? "   " : "", f->scene.queued);
	if (f->search)
		rt_str_addf(&text, "%s/%s%s   n N, Enter ends", text.len ? "   " : "", f->search,
			    f->found < 0 && !f->seen->marked ? " is not there" : "");
	if (f->back > 0)
		rt_str_addf(&text, "%s%d rows back, PgDn returns", text.len ? "   " : "", f->back);
	if (text.len > 0) {
		rt_canvas_put(c, 1, y, ' ', RT_INK_PLAIN);
		rt_canvas_fit(c, 2, y, c->w - 4, RT_LEFT, rt_str_text(&text), RT_INK_BOLD);
		rt_canvas_put(c, 2 + (rt_canvas_width(c, rt_str_text(&text)) > c->w - 4
					      ? c->w - 4
					      : rt_canvas_width(c, rt_str_text(&text))),
			      y, ' ', RT_INK_PLAIN);
	}
	rt_str_release(&text);
}

/* --- the prompt ---------------------------------------------------------------------------- */

/* Text as it is shown: control characters as ^X, tabs as blanks, a newline as ⏎. */
struct shown {
	uint32_t ch[4096];
	int n;
};

static void add(struct shown *s, uint32_t ch)
{
	if (s->n + 2 >= (int)(sizeof(s->ch) / sizeof(*s->ch)))
		return;
	s->ch[s->n++] = ch;
	if (rt_char_width(ch) == 2)
		s->ch[s->n++] = 0;
}

static void add_shown(struct shown *s, uint32_t ch, bool unicode)
{
	if (ch == '\n') {
		add(s, unicode ? 0x23ce : '|');
	} else if (ch == '\t') {
		do
			add(s, ' ');
		while (s->n % TAB);
	} else if (ch < ' ' || ch == 0x7f) {
		add(s, '^');
		add(s, ch ^ 0x40);
	} else if (rt_char_width(ch) > 0) {
		add(s, ch);
	}
}

static void draw_prompt(struct rt_canvas *c, int y, struct rt_frame *f)
{
	static struct shown s;
	int cursor = -1, from, begins;
	bool hidden = false;

	s.n = 0;
	for (const char *p = f->prompt; *p;) {
		uint32_t ch = rt_utf8_next(&p);

		if (ch == 1 || ch == 2)
			hidden = ch == 1;
		else if (!hidden)
			add_shown(&s, ch, c->style.unicode);
	}
	begins = s.n;
	for (const char *p = f->line; *p;) {
		if (p - f->line >= f->point && cursor < 0)
			cursor = s.n;
		add_shown(&s, rt_utf8_next(&p), c->style.unicode);
	}
	cursor = cursor < 0 ? s.n : cursor;
	/* a long line moves to the left by thirds, so that the cursor has room on both sides */
	from = 0;
	while (cursor - from >= c->w - 1)
		from += c->w / 3;
	for (int x = 0; x < c->w && from + x < s.n; x++)
		if (s.ch[from + x])
			rt_canvas_put(c, x, y, s.ch[from + x],
				      from + x < begins ? RT_INK_BOLD : RT_INK_PLAIN);
	f->x = cursor - from;
	f->y = y;
}

/* Every place where the text stands is turned over; the row that n and N have come to is bold. */
static void mark_found(struct rt_canvas *c, const struct rt_frame *f, int rows)
{
	int at = f->found < 0 ? -1 : f->log_y + rt_frame_log_rows(f) - 1 - (f->found - f->back);
	int width = rt_text_width(f->search);


	for (int y = 0; y < rows; y++) {
		struct rt_cell *row = c->cell + (size_t)y * (size_t)c->w;

		if (y == f->log_y - 1)
			continue;
		for (int x = 0; (x = rt_cells_find(row, c->w, f->search, x)) >= 0; x++)
			for (int i = x; i < x + width && i < c->w; i++)
				row[i].ink.attr |= RT_REVERSE | (y == at ? RT_BOLD : 0);
	}
}

void rt_frame_draw(struct rt_canvas *c, struct rt_frame *f)
{
	int panes = pane_rows(f), most;
	struct rt_canvas probe;

	if (f->rows < RT_LEAST_ROWS || c->w < RT_LEAST_COLUMNS) {
		char text[96];

		snprintf(text, sizeof(text), "the window is too small: %dx%d, at least %dx%d", c->w,
			 f->rows, RT_LEAST_COLUMNS, RT_LEAST_ROWS);
		rt_canvas_grow(c, f->rows);
		rt_canvas_fit(c, 0, 0, c->w, RT_LEFT, text, RT_INK_PLAIN);
		f->x = f->y = 0;
		return;
	}
	rt_canvas_grow(c, f->rows);
	f->seen->n = 0;
	f->log_y = panes + 1;
	if (f->help)
		f->help_from = rt_keys_help(c, 0, panes, f->help_from);
	else if (f->scene.look && panes > 2)
		rt_layout_draw(c, 0, panes, f->layout, f->pane, &f->scene, f->seen);
	if (f->back > 0) {
		rt_canvas_init(&probe, &c->style);
		most = rt_scrollback_draw(f->log, &probe, 0, rt_frame_log_rows(f), 0, true);
		rt_canvas_release(&probe);
		f->back = f->back > most ? most : f->back;
	}
	rt_scrollback_draw(f->log, c, panes + 1, rt_frame_log_rows(f), f->back, false);
	draw_rule(c, panes, f);
	if (f->search && *f->search)
		mark_found(c, f, f->rows - 2);
	draw_prompt(c, f->rows - 2, f);
	rt_keys_bar(c, f->rows - 1);
}
