/* pane_lesson.c - the pane of the lesson under way: what its step says and asks for. */
#include "config.h"

#include "views/caption.h"
#include "views/pane.h"

#include <string.h>

static void title(struct rt_str *out, const struct rt_scene *s)
{
	rt_str_add(out, s->lesson ? s->lesson->title : "lesson");
}

/* A filled paragraph; len bytes of text. */
static void draw_paragraph(struct rt_canvas *c, const char *text, size_t len)
{
	struct rt_pieces words = {0};

	rt_pieces_addf(&words, "%.*s", (int)len, text);
	rt_pieces_draw(c, 0, c->h, 0, &words, RT_INK_PLAIN);
	rt_pieces_release(&words);
}

static void draw_text(struct rt_canvas *c, const char *text)
{
	struct rt_str paragraph = {0};

	while (*text || paragraph.len) {
		size_t n = strcspn(text, "\n");
		bool prose = n > 0 && *text != ' ' && *text != '\t';

		if (prose) {
			rt_str_addf(&paragraph, "%s%.*s", paragraph.len ? " " : "", (int)n, text);
		} else {
			if (paragraph.len)
				draw_paragraph(c, paragraph.text, paragraph.len);
			rt_str_clear(&paragraph);
		}
		if (n > 0 && !prose) {
			struct rt_str line = {0};

			rt_str_addn(&line, text, n);
			rt_canvas_fit(c, 0, c->h, c->w, RT_LEFT, rt_str_text(&line), RT_INK_PLAIN);
			rt_str_release(&line);
		}
		text += n + (text[n] == '\n');
	}
	rt_str_release(&paragraph);
}

/* Each command whole: what does not fit a row goes on below it. */
static void draw_tries(struct rt_canvas *c, const char *tries)
{
	const char *lead = "try:  ";

	while (*tries) {
		size_t n = strcspn(tries, "\n"), tabs = strspn(tries, "\t");
		struct rt_pieces line = {0};
		int y = c->h, x = rt_canvas_text(c, 0, y, lead, RT_INK_DIM) + (tabs ? 4 : 0);

		rt_pieces_addf(&line, "%.*s", (int)(n - tabs), tries + tabs);
		rt_pieces_draw(c, x, y, x, &line, RT_INK_BOLD);
		rt_pieces_release(&line);
		tries += n + (tries[n] == '\n');
		lead = "      ";
	}
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	(void)h;
	if (!s->lesson) {
		rt_pane_hint(c, "no lesson is under way: tutorial list");
		return;
	}
	draw_text(c, s->lesson->text);
	draw_tries(c, s->lesson->tries);
}

static struct rt_val *value(const struct rt_scene *s)
{
	struct rt_val *list = rt_val_list(), *v;

	if (!s->lesson)
		return list;
	v = rt_val_dict();
	rt_val_put(v, "title", rt_val_string(s->lesson->title));
	rt_val_put(v, "text", rt_val_string(s->lesson->text));
	rt_val_put(v, "try", rt_val_string(s->lesson->tries));
	rt_val_add(list, v);
	return list;
}

const struct rt_pane rt_pane_lesson = {
	.row = {"lesson", "the step of the lesson under way: its text and what to try", NULL, 0},
	.height = 14,
	.title = title,
	.draw = draw,
	.value = value,
	.scrolls = true,
};
