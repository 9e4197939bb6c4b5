/* text.c - paragraphs and rows of text for help, usage and the manual. */
#include "config.h"

#include "shell/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int rt_text_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void rt_words_release(struct rt_strings *words)
{
	for (int i = 0; i < words->n; i++)
		free(words->v[i]);
	free(words->v);
	*words = (struct rt_strings){0};
}

void rt_text_wrap(struct rt_str *out, const char *text, int indent, int col, int width)
{
	bool first = true;

	while (*(text += strspn(text, " \n"))) {
		int n = (int)strcspn(text, " \n");

		if (!first && col + 1 + n > width) {
			rt_str_addf(out, "\n%*s", indent, "");
			col = indent;
		} else if (!first) {
			rt_str_addc(out, ' ');
			col++;
		}
		rt_str_addn(out, text, (size_t)n);
		col += n;
		text += n;
		first = false;
	}
	rt_str_addc(out, '\n');
}

void rt_text_row(struct rt_str *out, const char *name, const char *summary, int at, int width)
{
	int n = (int)strlen(name), room = width - 2 - at, len = (int)strlen(summary);

	rt_str_addf(out, "  %-*s", n < at ? at : n + 2, name);
	if (n >= at)
		room = width - 2 - n - 2;
	if (len > room && room > 4) {
		while (room > 4 && summary[room - 4] != ' ')
			room--;
		rt_str_addf(out, "%.*s ...\n", room - 4, summary);
	} else {
		rt_str_addf(out, "%s\n", summary);
	}
}

static void add_range(struct rt_str *out, const struct rt_opt *o)
{
	if (o->min == o->max)
		return;
	if (o->flags & RT_OPT_ABOVE_MIN)
		rt_str_addf(out, " above %.10g", o->min);
	else if (!isinf(o->min))
		rt_str_addf(out, " from %.10g", o->min);
	if (!isinf(o->max))
		rt_str_addf(out, o->flags & RT_OPT_ABOVE_MIN ? " and at most %.10g" : " to %.10g",
			    o->max);
}

void rt_text_allowed(struct rt_str *out, const struct rt_opt *o)
{
	static const char *const kind[] = {
		[RT_BOOL] = "yes or no", [RT_INT] = "whole number", [RT_REAL] = "number",
		[RT_STRING] = "text", [RT_CHOICE] = "", [RT_INTS] = "whole numbers",
		[RT_REALS] = "numbers", [RT_STRINGS] = "list",
	};

	if (o->type == RT_CHOICE) {
		for (int i = 0; o->choices[i]; i++)
			rt_str_addf(out, "%s%s", i ? ", " : "", o->choices[i]);
		return;
	}
	if (o->of && o->type == RT_STRING)
		rt_str_add(out, o->of);
	else if (o->of && o->type == RT_STRINGS)
		rt_str_addf(out, "list of %s", o->of);
	else
		rt_str_add(out, kind[o->type]);
	if (o->type != RT_STRING && o->type != RT_STRINGS && o->type != RT_BOOL)
		add_range(out, o);
}
