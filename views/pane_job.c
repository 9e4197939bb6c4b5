/* pane_job.c - the pane of the job: what runs, how far it is, what undo would take back. */
#include "config.h"

#include "views/caption.h"
#include "views/pane.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void title(struct rt_str *out, const struct rt_scene *s)
{
	rt_str_add(out, s->running ? "running" : "job");
}

static void draw_progress(struct rt_canvas *c, const struct rt_scene *s)
{
	const struct rt_look_job *j = &s->look->job;
	double part = j->total > 0 ? fmin(j->done / j->total, 1) : 0, elapsed = s->now - j->started;
	int y = c->h, bar = c->w - 6, left;
	char text[RT_NUM];

	rt_canvas_text(c, 0, y, j->label, RT_INK_PLAIN);
	rt_canvas_repeat(c, 0, y + 1, bar, c->style.unicode ? 0xb7 : '.', RT_INK_DIM);
	rt_canvas_bar(c, 0, y + 1, bar, part * bar, RT_STUDENT);
	snprintf(text, sizeof(text), "%3.0f %%", 100 * part);
	rt_canvas_text(c, bar + 1, y + 1, text, RT_INK_PLAIN);
	if (part > 0 && elapsed > 0) {
		struct rt_pieces facts = {0};

		left = (int)fmin(ceil(elapsed * (1 - part) / part), 359999);
		rt_pieces_addf(&facts, "%s %s/s", rt_num_brief(text, j->done / elapsed), j->unit);
		rt_pieces_addf(&facts, "%d:%02d:%02d left", left / 3600, left / 60 % 60, left % 60);
		rt_pieces_draw(c, 0, c->h, 0, &facts, RT_INK_PLAIN);
		rt_pieces_release(&facts);
	}
}

static void draw_run(struct rt_canvas *c, const struct rt_look *l)
{
	const struct rt_look_run *r = &l->run;
	struct rt_pieces facts = {0};

	rt_pieces_addf(&facts, "%s: %s%s%s", r->name, r->student, r->teacher ? " from " : "",
		       r->teacher ? r->teacher : "");
	if (r->teacher)
		rt_pieces_addf(&facts, "T = %g   hard %g   soft %g", r->temperature, r->hard,
			       r->soft);
	rt_pieces_addf(&facts, "%d of %" PRId64 " epochs", r->nhistory, r->epochs);
	if (r->seen)
		rt_pieces_addf(&facts, "loss now %.3f", rt_terms_total(&r->now));
	rt_pieces_draw(c, 0, c->h, 0, &facts, RT_INK_PLAIN);
	rt_pieces_release(&facts);
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	(void)h;
	if (s->running)
		rt_canvas_fit(c, 0, 0, c->w, RT_LEFT, s->running, RT_INK_BOLD);
	if (s->look->job.on)
		draw_progress(c, s);
	if (s->look->has_run)
		draw_run(c, s->look);
	if (s->queued) {
		char text[48];

		snprintf(text, sizeof(text), "%d command%s waiting", s->queued,
			 s->queued == 1 ? "" : "s");
		rt_canvas_text(c, 0, c->h, text, RT_INK_BOLD);
	}
	if (s->look->undo) {
		struct rt_str text = {0};

		rt_str_addf(&text, "undo: %s", s->look->undo);
		rt_canvas_fit(c, 0, c->h, c->w, RT_LEFT, rt_str_text(&text), RT_INK_DIM);
		rt_str_release(&text);
	}
	if (c->h == 0)
		rt_pane_hint(c, "nothing runs");
}

static struct rt_val *value(const struct rt_scene *s)
{
	const struct rt_look_job *j = &s->look->job;
	struct rt_val *list = rt_val_list(), *v = rt_val_dict();

	rt_val_put(v, "running", rt_val_string(s->running ? s->running : ""));
	rt_val_put(v, "label", rt_val_string(j->on ? j->label : ""));
	rt_val_put(v, "done", rt_val_real(j->on ? j->done : 0));
	rt_val_put(v, "total", rt_val_real(j->on ? j->total : 0));
	rt_val_put(v, "undo", rt_val_string(s->look->undo ? s->look->undo : ""));
	rt_val_add(list, v);
	return list;
}

const struct rt_pane rt_pane_job = {
	.row = {"job", "what runs, how far it is, what undo would take back", NULL, 0},
	.height = 8,
	.title = title,
	.draw = draw,
	.value = value,
	.scrolls = true,
};
