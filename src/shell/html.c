/* html.c - text of a terminal as HTML: escaped, its colours as styles. */
#include "config.h"

#include "shell/html.h"

#include <stdlib.h>
#include <string.h>

void rt_html_add(struct rt_str *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<': rt_str_add(out, "&lt;"); break;
		case '>': rt_str_add(out, "&gt;"); break;
		case '&': rt_str_add(out, "&amp;"); break;
		case '"': rt_str_add(out, "&quot;"); break;
		case '\'': rt_str_add(out, "&#39;"); break;
		default:
			if ((unsigned char)*text >= ' ' || strchr("\n\t", *text))
				rt_str_addc(out, *text);
		}
}

/* What SGR sequences have asked for. */
struct look {
	int32_t fg, bg;		/* 0xrrggbb, -1: as usual */
	bool bold, dim, reverse, underline;
};

static const struct look usual = {.fg = -1, .bg = -1};

/* Colour i of the 256: sixteen of xterm's, a cube of 6x6x6, 24 greys. */
static int32_t palette(int i)
{
	static const int32_t base[16] = {0x000000, 0xcd0000, 0x00a000, 0xb08000, 0x0000ee, 0xcd00cd,
					 0x00a0a0, 0xc0c0c0, 0x7f7f7f, 0xff0000, 0x00c000, 0xd0a000,
					 0x5c5cff, 0xff00ff, 0x00c0c0, 0xffffff};
	int32_t v[3];

	if (i < 16)
		return base[i < 0 ? 0 : i];
	if (i >= 232)
		return (8 + 10 * ((i > 255 ? 255 : i) - 232)) * 0x010101;
	i -= 16;
	for (int k = 2; k >= 0; k--, i /= 6)
		v[k] = i % 6 ? 55 + 40 * (i % 6) : 0;
	return v[0] << 16 | v[1] << 8 | v[2];
}

/* 38;5;n and 38;2;r;g;b at p[i]; returns how many numbers belong to it. */
static int extended(int32_t *colour, const int *p, int i, int n)
{
	if (i + 2 < n && p[i + 1] == 5) {
		*colour = palette(p[i + 2]);
		return 3;
	}
	if (i + 4 < n && p[i + 1] == 2) {
		*colour = (p[i + 2] & 255) << 16 | (p[i + 3] & 255) << 8 | (p[i + 4] & 255);
		return 5;
	}
	return 1;
}

static void apply(struct look *l, const int *p, int n)
{
	for (int i = 0; i < n;) {
		int code = p[i], used = 1;

		if (code == 0)
			*l = usual;
		else if (code == 1)
			l->bold = true;
		else if (code == 2)
			l->dim = true;
		else if (code == 4)
			l->underline = true;
		else if (code == 7)
			l->reverse = true;
		else if (code == 22)
			l->bold = l->dim = false;
		else if (code == 27)
			l->reverse = false;
		else if (code == 38)
			used = extended(&l->fg, p, i, n);
		else if (code == 48)
			used = extended(&l->bg, p, i, n);
		else if (code == 39)
			l->fg = -1;
		else if (code == 49)
			l->bg = -1;
		else if (code >= 30 && code < 38)
			l->fg = palette(code - 30);
		else if (code >= 40 && code < 48)
			l->bg = palette(code - 40);
		else if (code >= 90 && code < 98)
			l->fg = palette(code - 90 + 8);
		else if (code >= 100 && code < 108)
			l->bg = palette(code - 100 + 8);
		i += used;
	}
}

/* Reads the sequence that begins behind the escape character; returns what follows it. */
static const char *sequence(struct look *l, const char *text)
{
	int p[16] = {0}, n = 1;

	if (*text != '[')
		return *text ? text + 1 : text;
	for (text++; *text && (*text < '@' || *text > '~'); text++)
		if (*text == ';' && n < 16)
			n++;
		else if (*text >= '0' && *text <= '9' && p[n - 1] < 10000)
			p[n - 1] = 10 * p[n - 1] + (*text - '0');
	if (*text == 'm')
		apply(l, p, n);
	return *text ? text + 1 : text;
}

static void open_span(struct rt_str *out, const struct look *l)
{
	int32_t fg = l->reverse ? l->bg : l->fg, bg = l->reverse ? l->fg : l->bg;

	rt_str_add(out, "<span style=\"");
	if (fg >= 0)
		rt_str_addf(out, "color:#%06x;", (unsigned)fg);
	else if (l->reverse)
		rt_str_add(out, "color:var(--paper);");
	if (bg >= 0)
		rt_str_addf(out, "background:#%06x;", (unsigned)bg);
	else if (l->reverse)
		rt_str_add(out, "background:var(--ink);");
	rt_str_addf(out, "%s%s%s\">", l->bold ? "font-weight:bold;" : "",
		    l->dim ? "opacity:.65;" : "", l->underline ? "text-decoration:underline;" : "");
}

static bool is_usual(const struct look *l)
{
	return l->fg < 0 && l->bg < 0 && !l->bold && !l->dim && !l->reverse && !l->underline;
}

void rt_html_terminal(struct rt_str *out, const char *text)
{
	struct look look = usual;
	struct rt_str run = {0};

	while (*text) {
		size_t n = strcspn(text, "\033");

		rt_str_clear(&run);
		rt_str_addn(&run, text, n);
		if (n && !is_usual(&look))
			open_span(out, &look);
		rt_html_add(out, rt_str_text(&run));
		if (n && !is_usual(&look))
			rt_str_add(out, "</span>");
		text += n;
		if (*text)
			text = sequence(&look, text + 1);
	}
	rt_str_release(&run);
}

void rt_base64_add(struct rt_str *out, const void *bytes, size_t len)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)b[i] << 16 | (i + 1 < len ? (uint32_t)b[i + 1] << 8 : 0) |
			     (i + 2 < len ? b[i + 2] : 0);

		rt_str_addc(out, digit[v >> 18]);
		rt_str_addc(out, digit[v >> 12 & 63]);
		rt_str_addc(out, i + 1 < len ? digit[v >> 6 & 63] : '=');
		rt_str_addc(out, i + 2 < len ? digit[v & 63] : '=');
	}
}
