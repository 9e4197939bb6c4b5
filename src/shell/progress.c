/* progress.c - what a command shows before it is done: early replies and a line of progress. */
#include "config.h"

#include "base/sys.h"
#include "shell/state.h"

#include <math.h>
#include <string.h>

enum { BAR = 20, LEAST_BAR = 5, SPARE = 4 }; /* cells; SPARE is for the ^C that a terminal adds */

static const double redraw_every = 0.1, tell_every = 1.0;

void rt_ctx_flush(struct rt_ctx *ctx, struct rt_reply *reply)
{
	struct rt_shell *sh = ctx->shell;

	if (!ctx->direct || !sh)
		return;
	rt_shell_print(sh, rt_str_text(&reply->text));
	rt_str_clear(&reply->text);
	sh->flushed = true;
}

/* "41.2 k", "873", "1.2 M" */
static void add_rate(struct rt_str *out, double rate)
{
	static const char *const unit[] = {"", " k", " M", " G"};
	size_t i = 0;

	while (rate >= 999.5 && i + 1 < RT_COUNT(unit)) {
		rate /= 1000;
		i++;
	}
	rt_str_addf(out, rate < 9.95 || (i > 0 && rate < 99.95) ? "%.1f%s" : "%.0f%s", rate,
		    unit[i]);
}

/* "0:00:03" */
static void add_duration(struct rt_str *out, double seconds)
{
	long s = seconds < 359999 ? lround(ceil(seconds)) : 359999;

	rt_str_addf(out, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
}

static void add_bar(struct rt_str *out, double part, int size, bool unicode)
{
	int full = (int)(part * size);

	rt_str_addc(out, '[');
	for (int i = 0; i < size; i++)
		rt_str_add(out, i < full ? "#" : unicode ? "\302\267" : ".");
	rt_str_add(out, "]");
}

/* Columns of text in which every multibyte character is one cell wide. */
static int cells(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

/* "5,312/8,000   2.5 k samples/s   0:00:02 left" */
static void add_numbers(struct rt_str *out, double done, double total, const char *unit,
			double elapsed)
{
	double part = total > 0 ? fmin(fmax(done / total, 0), 1) : 0;
	char count[2][32];

	rt_text_count(count[0], sizeof(count[0]), llround(done));
	rt_text_count(count[1], sizeof(count[1]), llround(total));
	rt_str_addf(out, "%*s/%s", (int)strlen(count[1]), count[0], count[1]);
	if (elapsed <= 0 || done <= 0)
		return;
	rt_str_add(out, "   ");
	add_rate(out, done / elapsed);
	rt_str_addf(out, " %s/s   ", unit);
	add_duration(out, elapsed * (1 - part) / (part > 0 ? part : 1));
	rt_str_add(out, " left");
}

/* On a terminal with a bar, as long as there is room for it. */
static void compose(struct rt_str *out, const struct rt_terminal *term, const char *label,
		    double done, double total, const char *unit, double elapsed)
{
	double part = total > 0 ? fmin(fmax(done / total, 0), 1) : 0;
	struct rt_str numbers = {0};
	int room;

	add_numbers(&numbers, done, total, unit, elapsed);
	room = term->width - SPARE - cells(label) - cells(rt_str_text(&numbers)) -
	       (int)strlen("  []  ");
	rt_str_addf(out, "%s  ", label);
	if (term->live && room >= LEAST_BAR)
		add_bar(out, part, room < BAR ? room : BAR, term->unicode);
	else
		rt_str_addf(out, "%3.0f %%", 100 * part);
	rt_str_addf(out, "  %s", rt_str_text(&numbers));
	rt_str_release(&numbers);
}

/* Cuts text to n cells. */
static void cut(struct rt_str *text, int n)
{
	size_t i = 0;

	for (; i < text->len; i++)
		if ((text->text[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	if (i < text->len) {
		text->text[i] = '\0';
		text->len = i;
	}
}

static void draw(struct rt_progress *p, struct rt_str *line, int width)
{
	int n;

	cut(line, width - 1);
	n = cells(line->text);
	fprintf(stderr, "\r%s%*s", line->text, p->width > n ? p->width - n : 0, "");
	fflush(stderr);
	p->width = n;
}

static void forget_other(struct rt_progress *p, const char *label)
{
	if (strncmp(p->label, label, sizeof(p->label) - 1) == 0)
		return;
	snprintf(p->label, sizeof(p->label), "%s", label);
	p->tenth = 0;
}

void rt_ctx_progress(struct rt_ctx *ctx, const char *label, double done, double total,
		     const char *unit, double started)
{
	struct rt_shell *sh = ctx->shell;
	double now = rt_now();
	struct rt_progress *p;
	struct rt_str line = {0};
	int tenth = total > 0 ? (int)(10 * done / total) : 0;

	if (sh && sh->on_progress) {
		sh->on_progress(sh->progress_closure, label, done, total, unit, started);
		return;
	}
	if (!sh || sh->quiet)
		return;
	p = &sh->progress;
	forget_other(p, label);
	if (sh->term->live) {
		if (now - p->drawn < redraw_every && p->width)
			return;
		compose(&line, sh->term, label, done, total, unit, now - started);
		draw(p, &line, sh->term->width);
	} else {
		if (tenth == p->tenth || now - fmax(p->drawn, started) < tell_every)
			return;
		p->tenth = tenth;
		compose(&line, sh->term, label, done, total, unit, now - started);
		fprintf(stderr, "%s\n", line.text);
	}
	p->drawn = now;
	rt_str_release(&line);
}

void rt_progress_clear(struct rt_shell *sh)
{
	struct rt_progress *p = &sh->progress;

	if (p->width > 0) {
		fprintf(stderr, "\r%*s\r", p->width + 2, "");	/* with the ^C behind it */
		fflush(stderr);
	}
	p->width = 0;
}

void rt_ctx_progress_end(struct rt_ctx *ctx)
{
	struct rt_shell *sh = ctx->shell;

	if (!sh)
		return;
	if (sh->on_progress)
		sh->on_progress(sh->progress_closure, NULL, 0, 0, NULL, 0);
	rt_progress_clear(sh);
	sh->progress = (struct rt_progress){0};
}
