/* caption.c - the short facts written above and below a picture, the same way in every view. */
#include "config.h"

#include "views/caption.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct rt_pieces *p, struct rt_swatch swatch, char *text)
{
	if (!*text) {
		free(text);
		return;
	}
	RT_GROW(p->v, p->n, p->cap);
	p->v[p->n++] = (struct rt_piece){text, swatch};
}

static char *format(const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = rt_alloc((size_t)(n < 0 ? 0 : n) + 1, 1);
	vsnprintf(text, (size_t)(n < 0 ? 0 : n) + 1, fmt, ap);
	return text;
}

void rt_pieces_add(struct rt_pieces *p, const char *text)
{
	if (text)
		add(p, (struct rt_swatch){0}, rt_strdup(text));
}

void rt_pieces_addf(struct rt_pieces *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(p, (struct rt_swatch){0}, format(fmt, ap));
	va_end(ap);
}

void rt_pieces_swatch(struct rt_pieces *p, const struct rt_swatch *swatch, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(p, *swatch, format(fmt, ap));
	va_end(ap);
}

void rt_pieces_role(struct rt_pieces *p, enum rt_role role, const char *fmt, ...)
{
	const struct rt_swatch swatch = {rt_role_paper(role), rt_role_cells(role),
					 rt_role_fill(role, true), rt_role_fill(role, false)};
	va_list ap;

	va_start(ap, fmt);
	add(p, swatch, format(fmt, ap));
	va_end(ap);
}

void rt_pieces_notes(struct rt_pieces *p, const struct rt_note *note, int n)
{
	char number[RT_NUM];

	for (int i = 0; i < n; i++) {
		const char *text =
			note[i].text ? note[i].text : rt_num_real(number, note[i].value, 2);

		rt_pieces_addf(p, "%s%s%s", note[i].name, *text ? " " : "", text);
	}
}

void rt_pieces_release(struct rt_pieces *p)
{
	for (int i = 0; i < p->n; i++)
		free(p->v[i].text);
	free(p->v);
	*p = (struct rt_pieces){0};
}

/* A piece longer than a row is broken between words; returns the column behind it. */
static int draw_long(struct rt_canvas *c, int *y, int indent, const char *text, struct rt_ink ink)
{
	int x = indent;

	while (*text) {
		size_t n = strcspn(text, " ") + strspn(text + strcspn(text, " "), " ");
		struct rt_str word = {0};
		int width;

		rt_str_addn(&word, text, strcspn(text, " "));
		width = rt_canvas_width(c, rt_str_text(&word));
		if (x > indent && x + 1 + width > c->w) {
			++*y;
			x = indent;
		}
		x += x > indent;
		rt_canvas_fit(c, x, *y, c->w - x, RT_LEFT, rt_str_text(&word), ink);
		x += width;
		text += n;
		rt_str_release(&word);
	}
	return x;
}

int rt_pieces_draw(struct rt_canvas *c, int x, int y, int indent, const struct rt_pieces *p,
		   struct rt_ink ink)
{
	bool first = x <= indent;

	for (int i = 0; i < p->n; i++) {
		const struct rt_swatch *mark = &p->v[i].swatch;
		int swatch = mark->glyph ? 2 : 0;
		int width = swatch + rt_canvas_width(c, p->v[i].text);

		if (!first && x + 3 + width > c->w) {
			y++;
			x = indent;
			first = true;
		}
		x += first ? 0 : 3;
		if (swatch)
			rt_canvas_put(c, x, y, c->style.unicode ? mark->glyph : mark->ascii,
				      RT_INK_COLOR(mark->cells));
		if (x + width > c->w) {
			x = draw_long(c, &y, x + swatch, p->v[i].text, ink);
		} else {
			rt_canvas_text(c, x + swatch, y, p->v[i].text, ink);
			x += width;
		}
		first = false;
	}
	return p->n ? y + 1 : y;
}

void rt_title_draw(struct rt_canvas *c, const char *title)
{
	struct rt_pieces p = {0};

	while (title && *title) {
		const char *end = strstr(title, "   ");
		size_t n = end ? (size_t)(end - title) : strlen(title);

		rt_pieces_addf(&p, "%.*s", (int)n, title);
		title += n;
		title += strspn(title, " ");
	}
	rt_pieces_draw(c, 0, c->h, 0, &p, RT_INK_BOLD);
	rt_pieces_release(&p);
}

const char *rt_role_name(enum rt_role role)
{
	static const char *const name[RT_ROLES] = {"teacher", "student", "control", "difference",
						   ""};

	return role < RT_ROLES ? name[role] : "";
}

char *rt_model_label(char *buf, size_t size, enum rt_role role, const char *name)
{
	const char *word = rt_role_name(role);

	if (!name || !*name)
		snprintf(buf, size, "%s", word);
	else if (!*word || strstr(name, word))
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "%s %s", word, name);
	return buf;
}
