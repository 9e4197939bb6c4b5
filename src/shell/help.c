/* help.c - help and apropos, written from the rows. */
#include "config.h"

#include "base/mem.h"
#include "shell/state.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { OVERVIEW_LINES = 24, MARGIN = 2, BOUND = '\1' };

static int width_of(const struct rt_shell *sh)
{
	return sh->term->width < 40 ? 40 : sh->term->width > 100 ? 100 : sh->term->width;
}

/* --- the overview -------------------------------------------------------------------------- */

static int plain_commands(const struct rt_shell *sh, const struct rt_cmd **out)
{
	int n = 0;

	for (int i = 0; i < sh->commands->n && n < RT_MAX_NAMES; i++)
		if (!strchr(sh->commands->rows[i]->name, ' '))
			out[n++] = (const struct rt_cmd *)sh->commands->rows[i];
	return n;
}

static int longest_noun(const struct rt_shell *sh)
{
	int at = 0;

	for (int i = 0; i < sh->n_nouns; i++)
		at = (int)strlen(sh->nouns[i].name) > at ? (int)strlen(sh->nouns[i].name) : at;
	return at;
}

/* One line a noun: its verbs.  Returns the number of lines. */
static int add_nouns(const struct rt_shell *sh, int at, int width, struct rt_str *out)
{
	const struct rt_cmd *verbs[RT_MAX_NAMES];
	int lines = 0;

	for (int i = 0; i < sh->n_nouns; i++) {
		int n = rt_noun_verbs(sh, sh->nouns[i].name, verbs);
		struct rt_str line = {0};

		if (n == 0 || rt_cmd_find(sh, sh->nouns[i].name))
			continue;
		for (int k = 0; k < n; k++)
			rt_str_addf(&line, "%s ", rt_cmd_verb(verbs[k]));
		rt_str_addf(out, "  %-*s", at, sh->nouns[i].name);
		rt_text_wrap(out, line.text, MARGIN + at, MARGIN + at, width);
		rt_str_release(&line);
		lines++;
	}
	return lines;
}

static void add_names(const struct rt_cmd *const *cmds, int n, int at, int width,
		      struct rt_str *out)
{
	int columns = (width - MARGIN) / at;

	for (int i = 0; i < n; i++)
		rt_str_addf(out, "%s%-*s%s", i % columns == 0 ? "  " : "",
			    i + 1 == n || (i + 1) % columns == 0 ? 0 : at, cmds[i]->row.name,
			    i + 1 == n || (i + 1) % columns == 0 ? "\n" : "");
}

static void overview(struct rt_shell *sh, struct rt_str *out)
{
	const struct rt_cmd *cmds[RT_MAX_NAMES];
	int n = plain_commands(sh, cmds), at = longest_noun(sh) + 2, width = width_of(sh), lines;
	struct rt_str topics = {0};

	lines = add_nouns(sh, at, width, out);
	if (lines > 0 && n > 0)
		rt_str_addc(out, '\n');
	if (lines + n + 5 <= OVERVIEW_LINES)
		for (int i = 0; i < n; i++)
			rt_text_row(out, cmds[i]->row.name, cmds[i]->row.summary, at, width);
	else
		add_names(cmds, n, at, width, out);
	rt_str_add(out,
		   "\n  help NAME, or ?NAME, explains a command or topic; apropos WORD searches\n");
	rt_str_add(&topics, "topics:");
	for (int i = 0; i < sh->n_lists; i++)
		rt_str_addf(&topics, " %s,", sh->lists[i]->noun);
	rt_str_add(&topics, " zoo");
	rt_str_add(out, "  ");
	rt_text_wrap(out, topics.text, MARGIN + 8, MARGIN, width);
	rt_str_release(&topics);
}

/* --- one page ------------------------------------------------------------------------------ */

static void add_opt_name(const struct rt_opt *o, struct rt_str *out)
{
	if (o->flags & RT_OPT_POSITIONAL)
		for (const char *c = o->name; *c; c++)
			rt_str_addc(out, (char)toupper((unsigned char)*c));
	else
		rt_str_addf(out, "-%s", o->name);
}

static void add_options(const struct rt_row *row, int width, struct rt_str *out)
{
	int at = 0;

	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		at = (int)strlen(o->name) > at ? (int)strlen(o->name) : at;
	at += MARGIN + 3;
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		struct rt_str name = {0}, text = {0};

		add_opt_name(o, &name);
		rt_str_addf(&text, "%s (", o->summary);
		rt_text_allowed(&text, o);
		if (o->init)
			rt_str_addf(&text, "; default %s", *o->init ? o->init : "none");
		if ((o->flags & RT_OPT_REQUIRED) && !(o->flags & RT_OPT_POSITIONAL))
			rt_str_add(&text, "; required");
		rt_str_add(&text, ")");
		rt_str_addf(out, "  %-*s", at - MARGIN, name.text);
		rt_text_wrap(out, text.text, at, at, width);
		rt_str_release(&name);
		rt_str_release(&text);
	}
	if (row->opts && row->opts->name)
		rt_str_addc(out, '\n');
}

/* Replaces a character between question marks: what is in them stays on one line. */
static void bind_optional(char *text, char from, char to)
{
	bool inside = false;

	for (; *text; text++) {
		if (*text == '?')
			inside = !inside;
		else if (inside && *text == from)
			*text = to;
	}
}

static void add_lines(const char *text, const char *margin, struct rt_str *out)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		if (n > 0)
			rt_str_add(out, margin);
		rt_str_addn(out, text, n);
		rt_str_addc(out, '\n');
		text += n + (text[n] == '\n');
	}
}

/* Below an empty line of its own where something is above. */
static void add_examples(const char *examples, const char *before, struct rt_str *out)
{
	if (!examples || !*examples)
		return;
	rt_str_addf(out, "%sExamples\n", before);
	add_lines(examples, "  ", out);
}

static void add_row_page(const struct rt_row *row, int width, struct rt_str *out)
{
	struct rt_str usage = {0}, wrapped = {0};

	rt_row_usage(row, &usage);
	bind_optional(usage.text, ' ', BOUND);
	rt_text_wrap(&wrapped, usage.text, MARGIN + 4, 0, width);
	bind_optional(wrapped.text, BOUND, ' ');
	rt_str_add(out, wrapped.text);
	rt_str_release(&wrapped);
	rt_str_addf(out, "  %s\n\n", row->summary);
	add_options(row, width, out);
	add_examples(row->examples, "", out);
	rt_str_release(&usage);
}

/* Two words that make one command stay together: "model new, distill". */
static void add_see(const struct rt_shell *sh, const char *see, int width, struct rt_str *out)
{
	char *copy = rt_strdup(see), *rest = copy, *word, *next;
	struct rt_str text = {0};

	rt_str_add(&text, "See also");
	word = strtok_r(rest, " ", &rest);
	while (word) {
		char *two;

		next = strtok_r(rest, " ", &rest);
		two = rt_sprintf("%s %s", word, next ? next : "");
		if (next && rt_cmd_find(sh, two)) {
			rt_str_addf(&text, " %s", two);
			next = strtok_r(rest, " ", &rest);
		} else {
			rt_str_addf(&text, " %s", word);
		}
		rt_str_add(&text, next ? "," : "");
		word = next;
		free(two);
	}
	rt_str_addc(out, '\n');
	rt_text_wrap(out, text.text, 9, 0, width);
	rt_str_release(&text);
	free(copy);
}

static void add_command_page(const struct rt_shell *sh, const struct rt_cmd *cmd,
			     struct rt_str *out)
{
	int width = width_of(sh);

	add_row_page(&cmd->row, width, out);
	add_lines(cmd->help, "", out);
	add_examples(cmd->examples, "\n", out);
	if (cmd->see && *cmd->see)
		add_see(sh, cmd->see, width, out);
}

static void add_verbs(struct rt_shell *sh, const char *noun, const char *before, struct rt_str *out)
{
	const struct rt_cmd *verbs[RT_MAX_NAMES];
	int n = rt_noun_verbs(sh, noun, verbs), at = 0;

	for (int i = 0; i < n; i++)
		at = (int)strlen(verbs[i]->row.name) > at ? (int)strlen(verbs[i]->row.name) : at;
	rt_str_add(out, n ? before : "");
	for (int i = 0; i < n; i++)
		rt_text_row(out, verbs[i]->row.name, verbs[i]->row.summary, at + 2, width_of(sh));
}

static void add_list(const struct rt_shell *sh, const struct rt_list *list, struct rt_str *out)
{
	int at = 0;

	for (int i = 0; i < list->n; i++)
		at = (int)strlen(list->rows[i]->name) > at ? (int)strlen(list->rows[i]->name) : at;
	for (int i = 0; i < list->n; i++)
		rt_text_row(out, list->rows[i]->name, list->rows[i]->summary, at + 2, width_of(sh));
	rt_str_addf(out, "\n  help %s NAME tells more about one of them\n", list->noun);
	if (list->help) {
		rt_str_addc(out, '\n');
		add_lines(list->help, "", out);
	}
	add_examples(list->examples, "\n", out);
}

/* --- topics -------------------------------------------------------------------------------- */

/* Rows of that name in any list; returns how many. */
static int add_rows_named(const struct rt_shell *sh, const char *name, struct rt_str *out)
{
	int found = 0;

	for (int i = 0; i < sh->n_lists; i++) {
		const struct rt_row *row = rt_list_find(sh->lists[i], name);

		if (!row)
			continue;
		rt_str_addf(out, "%s%s ", found++ ? "\n" : "", sh->lists[i]->noun);
		add_row_page(row, width_of(sh), out);
	}
	return found;
}

static const char *nearest_topic(const struct rt_shell *sh, const char *word)
{
	const char *names[RT_MAX_NAMES];
	int n = 0;

	for (int i = 0; i < sh->n_nouns; i++)
		names[n++] = sh->nouns[i].name;
	for (int i = 0; i < sh->n_lists; i++) {
		if (n < RT_MAX_NAMES)
			names[n++] = sh->lists[i]->noun;
		for (int k = 0; k < sh->lists[i]->n && n < RT_MAX_NAMES; k++)
			names[n++] = sh->lists[i]->rows[k]->name;
	}
	return rt_nearest(word, names, n);
}

static enum rt_status no_topic(const struct rt_shell *sh, const char *topic, struct rt_err *err)
{
	const char *near = nearest_topic(sh, topic);

	if (near)
		return rt_fail(err, RT_ENOTFOUND, "no help on \"%s\"; did you mean \"%s\"?", topic,
			       near);
	return rt_fail(err, RT_ENOTFOUND, "no help on \"%s\"   (try: apropos %s)", topic, topic);
}

/* One word: a noun, a command, a list, a row, a command of Tcl. */
static enum rt_status one_word(struct rt_shell *sh, const char *word, struct rt_str *out,
			       struct rt_err *err)
{
	const struct rt_cmd *cmd = rt_cmd_find(sh, word);
	const struct rt_list *list = rt_topic_find(sh, word);

	if (cmd)
		add_command_page(sh, cmd, out);
	if (rt_noun_find(sh, word)) {
		add_verbs(sh, word, cmd ? "\n" : "", out);
		if (strcmp(word, "zoo") != 0)
			return RT_OK;
		rt_str_addc(out, '\n');
	}
	if (strcmp(word, "zoo") == 0)
		return rt_zoo_help(out, err);
	if (list) {
		add_list(sh, list, out);
		return RT_OK;
	}
	if (add_rows_named(sh, word, out) > 0)
		return RT_OK;
	if (rt_interp_knows(sh->interp, word) && strncmp(word, "::", 2) != 0) {
		rt_str_addf(out, "%s is a command of Tcl itself: see its manual page, %s(3tcl)\n",
			    word, word);
		return RT_OK;
	}
	if (sh->interactive && rt_noun_expand(sh, word))
		return one_word(sh, rt_noun_expand(sh, word), out, err);
	return no_topic(sh, word, err);
}

/* The list that one or two words name ("optimizer", "pruning score"); *used tells how many. */
static const struct rt_list *topic_of(const struct rt_shell *sh, int n, const char *const *words,
				      int *used)
{
	char *two = rt_sprintf("%s %s", words[0], n > 1 ? words[1] : "");
	const struct rt_list *list = n > 1 ? rt_topic_find(sh, two) : NULL;

	*used = list ? 2 : 1;
	free(two);
	return list ? list : rt_topic_find(sh, words[0]);
}

enum rt_status rt_help(struct rt_shell *sh, int n, const char *const *words, struct rt_str *out,
		       struct rt_err *err)
{
	const struct rt_cmd *cmd = NULL;
	const struct rt_list *list;
	const struct rt_row *row;
	int taken, used;

	if (n == 0) {
		overview(sh, out);
		return RT_OK;
	}
	if (n == 1)
		return one_word(sh, words[0], out, err);
	list = topic_of(sh, n, words, &taken);
	if (list && n == taken) {
		add_list(sh, list, out);
		return RT_OK;
	}
	if (taken == 1 && rt_noun_find(sh, words[0])) {
		RT_TRY(rt_cmd_resolve(&cmd, &used, sh, 2, words, sh->interactive, err));
		if (used == 2 || !list) {
			add_command_page(sh, cmd, out);
			return RT_OK;
		}
	}
	if (!list)
		return no_topic(sh, words[0], err);
	RT_TRY(rt_list_get(&row, list, words[taken], err));
	add_row_page(row, width_of(sh), out);
	return RT_OK;
}

/* --- apropos ------------------------------------------------------------------------------- */

static bool has(const char *text, const char *word)
{
	return text && strcasestr(text, word);
}

static bool mentions(const struct rt_row *row, const char *word)
{
	if (has(row->name, word) || has(row->summary, word))
		return true;
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		if (has(o->name, word) || has(o->summary, word))
			return true;
		for (int i = 0; o->choices && o->choices[i]; i++)
			if (has(o->choices[i], word))
				return true;
	}
	return false;
}

int rt_apropos(struct rt_shell *sh, const char *word, struct rt_str *out)
{
	int found = 0;

	for (int i = 0; i < sh->commands->n; i++) {
		const struct rt_cmd *cmd = (const struct rt_cmd *)sh->commands->rows[i];

		if (!mentions(&cmd->row, word) && !has(cmd->help, word))
			continue;
		rt_text_row(out, cmd->row.name, cmd->row.summary, 24, width_of(sh));
		found++;
	}
	for (int i = 0; i < sh->n_lists; i++) {
		for (int k = 0; k < sh->lists[i]->n; k++) {
			const struct rt_row *row = sh->lists[i]->rows[k];
			char *name;

			if (!mentions(row, word) && !has(sh->lists[i]->noun, word))
				continue;
			name = rt_sprintf("%s %s", sh->lists[i]->noun, row->name);
			rt_text_row(out, name, row->summary, 24, width_of(sh));
			free(name);
			found++;
		}
	}
	return found;
}
