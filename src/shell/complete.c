/* complete.c - what may stand at the cursor of a half-typed line, from the rows.
 *
 * Two steps: split() walks the line up to the cursor and keeps a stack of what is open - commands
 * inside [ ] or a { } that holds a script, and lists inside the { } of one of our commands - then
 * offer() asks the row of the innermost command what belongs there.
 */
#include "config.h"

#include "base/mem.h"
#include "session/session.h"
#include "shell/lesson.h"
#include "shell/state.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_OPEN = 64 };

enum kind { SCRIPT, LIST };

struct frame {
	enum kind kind;
	char close;		/* what ends it; 0 at the bottom */
	bool quoted;		/* inside "..." */
	bool comment;
	bool in_word;
	size_t start;		/* of the word under way */
	struct rt_str word;	/* its text, backslashes taken out */
	struct rt_strings words; /* before it */
};

struct split {
	const struct rt_shell *sh;
	struct frame open[MAX_OPEN];
	int n;
};

static const char special[] = " \t{}[]\"$;\\";

static struct frame *top(struct split *s)
{
	return &s->open[s->n - 1];
}

static void push(struct split *s, enum kind kind, char close)
{
	if (s->n < MAX_OPEN)
		s->open[s->n++] = (struct frame){.kind = kind, .close = close};
}

static void clear(struct frame *f)
{
	rt_words_release(&f->words);
	rt_str_release(&f->word);
	f->in_word = f->quoted = f->comment = false;
}

static void pop(struct split *s)
{
	clear(top(s));
	s->n--;
}

static void end_word(struct frame *f)
{
	if (f->in_word)
		rt_strings_add(&f->words, rt_str_text(&f->word));
	rt_str_release(&f->word);
	f->in_word = f->quoted = false;
}

static void add_char(struct frame *f, char c, size_t at)
{
	if (!f->in_word) {
		f->in_word = true;
		f->start = at;
	}
	rt_str_addc(&f->word, c);
}

static bool has(const struct rt_strings *words, const char *word)
{
	for (int i = 0; i < words->n; i++)
		if (strcmp(words->v[i], word) == 0)
			return true;
	return false;
}

/* The full name of the command a frame calls, borrowed, or NULL. */
static const char *noun_of(const struct rt_shell *sh, const struct frame *f)
{
	if (f->kind != SCRIPT || f->words.n == 0)
		return NULL;
	if (rt_noun_find(sh, f->words.v[0]))
		return f->words.v[0];
	return has(&sh->names.tcl, f->words.v[0]) ? NULL : rt_noun_expand(sh, f->words.v[0]);
}

static void open_brace(struct split *s, size_t at)
{
	struct frame *f = top(s);
	bool list = f->kind == LIST || noun_of(s->sh, f);

	add_char(f, '{', at);
	push(s, list ? LIST : SCRIPT, '}');
}

static void step(struct split *s, const char *line, size_t *i)
{
	struct frame *f = top(s);
	char c = line[*i];

	if (c == '\n' || (c == ';' && !f->quoted && !f->comment)) {
		clear(f);
	} else if (f->comment) {
		return;
	} else if (c == '\\' && line[*i + 1]) {
		add_char(f, line[*i + 1], *i);
		++*i;
	} else if (c == '[' && f->kind == SCRIPT) {
		add_char(f, c, *i);
		push(s, SCRIPT, ']');
	} else if (f->quoted && c == '"') {
		end_word(f);
	} else if (f->quoted) {
		add_char(f, c, *i);
	} else if (c == f->close && s->n > 1) {
		pop(s);
		add_char(top(s), c, *i);
	} else if (c == ' ' || c == '\t') {
		end_word(f);
	} else if (c == '{' && !f->in_word) {
		open_brace(s, *i);
	} else if (c == '"' && !f->in_word) {
		f->in_word = f->quoted = true;
		f->start = *i + 1;
	} else if (c == '#' && !f->in_word && f->words.n == 0 && f->kind == SCRIPT) {
		f->comment = true;
	} else {
		add_char(f, c, *i);
	}
}

static void split(struct split *s, const struct rt_shell *sh, const char *line, size_t cursor)
{
	char *head = rt_sprintf("%.*s", (int)cursor, line);

	*s = (struct split){.sh = sh, .n = 1};
	for (size_t i = 0; head[i]; i++)
		step(s, head, &i);
	if (!top(s)->in_word)
		top(s)->start = cursor;
	free(head);
}

/* --- candidates ---------------------------------------------------------------------------- */

struct offer {
	struct rt_shell *sh;
	const char *prefix;
	struct rt_strings *out;
};

static void offer_word(struct offer *o, const char *word)
{
	struct rt_str escaped = {0};

	if (strncmp(word, o->prefix, strlen(o->prefix)) != 0)
		return;
	for (const char *c = word; *c; c++) {
		if (strchr(special, *c) && !(c == word && *c == '$'))
			rt_str_addc(&escaped, '\\');
		rt_str_addc(&escaped, *c);
	}
	rt_strings_add(o->out, rt_str_text(&escaped));
	rt_str_release(&escaped);
}

static void offer_files(struct offer *o)
{
	const char *slash = strrchr(o->prefix, '/');
	size_t len = slash ? (size_t)(slash - o->prefix) + 1 : 0;
	char *folder = len ? rt_sprintf("%.*s", (int)len, o->prefix) : rt_strdup(".");
	DIR *dir = opendir(folder);
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		char *path;
		struct stat st;

		if (d->d_name[0] == '.' && o->prefix[len] != '.')
			continue;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		path = rt_sprintf("%.*s%s", (int)len, o->prefix, d->d_name);
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			char *with_slash = rt_sprintf("%s/", path);

			offer_word(o, with_slash);
			free(with_slash);
		} else {
			offer_word(o, path);
		}
		free(path);
	}
	if (dir)
		closedir(dir);
	free(folder);
}

static void offer_strings(struct offer *o, const struct rt_strings *words, const char *before)
{
	for (int i = 0; i < words->n; i++) {
		char *word = rt_sprintf("%s%s", before, words->v[i]);

		offer_word(o, word);
		free(word);
	}
}

static void offer_nouns(struct offer *o)
{
	for (int i = 0; i < o->sh->n_nouns; i++)
		offer_word(o, o->sh->nouns[i].name);
}

static void offer_verbs(struct offer *o, const char *noun)
{
	const struct rt_cmd *verbs[RT_MAX_NAMES];
	int n = rt_noun_verbs(o->sh, noun, verbs);

	for (int i = 0; i < n; i++)
		offer_word(o, rt_cmd_verb(verbs[i]));
}

static void offer_rows(struct offer *o, const struct rt_list *list)
{
	for (int i = 0; i < list->n; i++)
		offer_word(o, list->rows[i]->name);
}

/* What `help` explains; the second word depends on the first. */
static void offer_topics(struct offer *o, const char *first)
{
	const struct rt_list *list = first ? rt_topic_find(o->sh, first) : NULL;

	if (list)
		offer_rows(o, list);
	if (first) {
		offer_verbs(o, first);
		return;
	}
	offer_nouns(o);
	for (int i = 0; i < o->sh->n_lists; i++)
		offer_word(o, o->sh->lists[i]->noun);
	offer_word(o, "zoo");
}

static void offer_lessons(struct offer *o)
{
	struct rt_strings paths = {0};

	lesson_paths(&paths);
	for (int i = 0; i < paths.n; i++) {
		char *name = lesson_name(paths.v[i]);

		offer_word(o, name);
		free(name);
	}
	rt_words_release(&paths);
}

/* Names of the kind that an option's `of` tells; first is the first positional word, if any. */
static void offer_kind(struct offer *o, const char *kind, const char *first)
{
	const struct rt_list *list = rt_topic_find(o->sh, kind);
	struct rt_strings words = {0};
	struct rt_err err;

	if (strcmp(kind, "file") == 0 || strcmp(kind, "folder") == 0) {
		offer_files(o);
	} else if (strcmp(kind, "topic") == 0) {
		offer_topics(o, first);
	} else if (strcmp(kind, "command") == 0) {
		offer_nouns(o);
	} else if (strcmp(kind, "zoo") == 0) {
		rt_zoo_names(&words, &err);
		offer_strings(o, &words, "");
		rt_words_release(&words);
	} else if (strcmp(kind, "lesson") == 0) {
		offer_lessons(o);
	} else if (list) {
		offer_rows(o, list);
		for (int i = 0; i < o->sh->n_more; i++)
			if (strcmp(kind, o->sh->more[i].kind) == 0)
				o->sh->more[i].add(&words);
		offer_strings(o, &words, "");
		rt_words_release(&words);
	} else {
		for (int i = 0; i < RT_NAME_KINDS; i++)
			if (strcmp(kind, rt_name_kinds[i]) == 0)
				offer_strings(o, &o->sh->names.kind[i], "");
	}
}

static void offer_value(struct offer *o, const struct rt_opt *opt, const char *first)
{
	if (opt->type == RT_BOOL) {
		offer_word(o, "yes");
		offer_word(o, "no");
	} else if (opt->type == RT_CHOICE) {
		for (int i = 0; opt->choices[i]; i++)
			offer_word(o, opt->choices[i]);
	} else if (opt->of) {
		offer_kind(o, opt->of, first);
	}
}

static const struct rt_opt format_opt = {
	.name = "format", .type = RT_CHOICE,
	.choices = (const char *const[]){"text", "json", "csv", NULL},
};

/* The value of an option that does not exist. */
static const struct rt_opt anything_opt = {.name = "", .type = RT_STRING};

static bool is_option(const char *word)
{
	return word[0] == '-' && isalpha((unsigned char)word[1]);
}

static bool is_given(const char *name, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (words[i][0] == '-' && strcmp(words[i] + 1, name) == 0)
			return true;
	return false;
}

static void offer_options(struct offer *o, const struct rt_row *row, const char *const *words,
			  int n)
{
	char name[80];

	for (const struct rt_opt *opt = row->opts; opt && opt->name; opt++) {
		if ((opt->flags & RT_OPT_POSITIONAL) || is_given(opt->name, words, n))
			continue;
		snprintf(name, sizeof(name), "-%s", opt->name);
		offer_word(o, name);
	}
}

static void offer_format(struct offer *o, const struct rt_row *row, const char *const *words, int n)
{
	if (!rt_opt_find(row, "format") && !is_given("format", words, n))
		offer_word(o, "-format");
}

static const struct rt_opt *positional(const struct rt_row *row, int place)
{
	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		if ((o->flags & RT_OPT_POSITIONAL) && (place-- == 0 || (o->flags & RT_OPT_REST)))
			return o;
	return NULL;
}

/* The row that the words name for a kind, by its option or by its place; NULL without one. */
static const struct rt_row *chosen(const struct rt_row *row, const struct rt_kind *kind,
				   const char *const *words, int n)
{
	const struct rt_opt *o = rt_opt_find(row, kind->option), *at;
	int place = 0;

	for (int i = 0; i < n; i++) {
		bool option = is_option(words[i]);

		at = option ? rt_opt_find(row, words[i] + 1) : positional(row, place++);
		i += option;
		if (at == o && i < n)
			return rt_list_find(kind->list, words[i]);
	}
	return o->init ? rt_list_find(kind->list, o->init) : NULL;
}

/* The option of that name: the command's, or one of a row that the words choose. */
static const struct rt_opt *find_option(const struct rt_cmd *cmd, const char *const *words, int n,
					const char *name)
{
	const struct rt_opt *opt = rt_opt_find(&cmd->row, name);

	for (int k = 0; !opt && k < rt_kinds_count(cmd->kinds); k++) {
		const struct rt_row *row = chosen(&cmd->row, &cmd->kinds[k], words, n);

		opt = row ? rt_opt_find(row, name) : NULL;
	}
	return opt;
}

/* The option whose value comes next, and the first positional word; counts the places taken. */
static const struct rt_opt *expected(const struct rt_cmd *cmd, const char *const *words, int n,
				     int *places, const char **first)
{
	*places = 0;
	*first = NULL;
	for (int i = 0; i < n; i++) {
		if (!is_option(words[i])) {
			*first = *first ? *first : words[i];
			++*places;
		} else if (++i == n) {
			const struct rt_opt *opt = find_option(cmd, words, n, words[i - 1] + 1);

			if (!opt && strcmp(words[i - 1], "-format") == 0)
				opt = &format_opt;
			return opt ? opt : &anything_opt;
		}
	}
	return NULL;
}

static void offer_arguments(struct offer *o, const struct rt_cmd *cmd, const char *const *words,
			    int n, bool list)
{
	int places;
	const char *first;
	const struct rt_opt *opt = expected(cmd, words, n, &places, &first);

	if (opt) {
		offer_value(o, opt, first);
		return;
	}
	opt = positional(&cmd->row, places);
	if (opt && !is_option(o->prefix))
		offer_value(o, opt, first);
	if (list || o->out->n > 0)
		return;
	offer_options(o, &cmd->row, words, n);
	for (int k = 0; k < rt_kinds_count(cmd->kinds); k++) {
		const struct rt_row *row = chosen(&cmd->row, &cmd->kinds[k], words, n);

		if (row)
			offer_options(o, row, words, n);
	}
	offer_format(o, &cmd->row, words, n);
}

/* list: the cursor stands inside the braces of an argument. */
static void offer_command(struct offer *o, const struct frame *f, const char *noun, bool list)
{
	const struct rt_cmd *cmd = NULL, *verbs[RT_MAX_NAMES];
	const char *words[2] = {noun, f->words.n > 1 ? f->words.v[1] : NULL};
	struct rt_err err;
	int used;

	if (f->words.n == 1 && !list && rt_noun_verbs(o->sh, noun, verbs) > 0)
		offer_verbs(o, noun);
	int n = f->words.n > 1 ? 2 : 1;

	if (rt_cmd_resolve(&cmd, &used, o->sh, n, words, true, &err) != RT_OK || !cmd)
		return;
	offer_arguments(o, cmd, (const char *const *)f->words.v + used, f->words.n - used, list);
}

static void offer_first_word(struct offer *o)
{
	offer_nouns(o);
	if (*o->prefix)
		offer_strings(o, &o->sh->names.tcl, "");
}

static void offer(struct offer *o, struct split *s)
{
	struct frame *f = top(s);
	const char *noun;
	bool list = false;
	int i = s->n - 1;

	if (f->comment)
		return;
	if (*o->prefix == '$' && f->kind == SCRIPT) {
		offer_strings(o, &o->sh->names.globals, "$");
		return;
	}
	for (; i > 0 && s->open[i].kind == LIST; i--)
		list = true;
	noun = noun_of(o->sh, &s->open[i]);
	if (noun)
		offer_command(o, &s->open[i], noun, list);
	else if (!list && f->words.n == 0)
		offer_first_word(o);
	else if (!list)
		offer_files(o);
}

static void sort_unique(struct rt_strings *words)
{
	int kept = 0;

	if (words->n > 1)
		qsort(words->v, (size_t)words->n, sizeof(*words->v), rt_text_order);
	for (int i = 0; i < words->n; i++) {
		if (kept > 0 && strcmp(words->v[kept - 1], words->v[i]) == 0)
			free(words->v[i]);
		else
			words->v[kept++] = words->v[i];
	}
	words->n = kept;
}

/* `?name` and `!command` are the prompt's own; returns how much of the line they take up. */
static size_t prompt_sign(const char *line, size_t cursor, char *sign)
{
	size_t blank = strspn(line, " \t");

	*sign = blank < cursor && strchr("?!", line[blank]) ? line[blank] : '\0';
	return *sign ? blank + 1 : 0;
}

void rt_complete(struct rt_shell *sh, const char *line, size_t cursor, struct rt_candidates *out)
{
	struct split s;
	char sign;
	size_t skip = prompt_sign(line, cursor, &sign);
	struct offer o = {.sh = sh, .out = &out->word};

	*out = (struct rt_candidates){0};
	if (!sh->names.published)
		rt_names_collect(sh);
	pthread_mutex_lock(&sh->names.lock);
	split(&s, sh, line + skip, cursor - skip);
	o.prefix = rt_str_text(&top(&s)->word);
	out->start = skip + top(&s)->start;
	if (sign == '?')
		offer_topics(&o, top(&s)->words.n > 0 ? top(&s)->words.v[0] : NULL);
	else if (sign == '!')
		offer_files(&o);
	else
		offer(&o, &s);
	sort_unique(&out->word);
	while (s.n > 0)
		pop(&s);
	pthread_mutex_unlock(&sh->names.lock);
}

void rt_candidates_release(struct rt_candidates *c)
{
	rt_words_release(&c->word);
	c->start = 0;
}
