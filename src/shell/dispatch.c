/* dispatch.c - from the words of a call to the command they mean or may have meant. */
#include "config.h"

#include "base/mem.h"
#include "shell/state.h"

#include <stdlib.h>
#include <string.h>

/* The length of the noun in a command's name. */
static size_t noun_length(const char *name)
{
	return strcspn(name, " ");
}

const char *rt_cmd_verb(const struct rt_cmd *cmd)
{
	const char *blank = strrchr(cmd->row.name, ' ');

	return blank ? blank + 1 : cmd->row.name;
}

const struct rt_cmd *rt_cmd_find(const struct rt_shell *sh, const char *name)
{
	return (const struct rt_cmd *)rt_list_find(sh->commands, name);
}

const struct rt_noun *rt_noun_find(const struct rt_shell *sh, const char *name)
{
	for (int i = 0; i < sh->n_nouns; i++)
		if (strcmp(sh->nouns[i].name, name) == 0)
			return &sh->nouns[i];
	return NULL;
}

int rt_noun_verbs(const struct rt_shell *sh, const char *noun, const struct rt_cmd **verbs)
{
	size_t len = strlen(noun);
	int n = 0;

	for (int i = 0; i < sh->commands->n && n < RT_MAX_NAMES; i++) {
		const char *name = sh->commands->rows[i]->name;

		if (noun_length(name) == len && name[len] && strncmp(name, noun, len) == 0)
			verbs[n++] = (const struct rt_cmd *)sh->commands->rows[i];
	}
	return n;
}

static const struct rt_cmd *verb_of(const struct rt_cmd *const *verbs, int n, const char *word)
{
	for (int i = 0; i < n; i++)
		if (strcmp(rt_cmd_verb(verbs[i]), word) == 0)
			return verbs[i];
	return NULL;
}

/* Counts the verbs that begin with word and appends them to could. */
static int matches(const struct rt_cmd *const *verbs, int n, const char *word,
		   const struct rt_cmd **last, struct rt_str *could)
{
	int found = 0;

	for (int i = 0; i < n; i++) {
		if (strncmp(rt_cmd_verb(verbs[i]), word, strlen(word)) != 0)
			continue;
		rt_str_addf(could, "%s%s", found++ ? ", " : "", verbs[i]->row.name);
		*last = verbs[i];
	}
	return found;
}

static enum rt_status unknown_verb(const char *noun, const struct rt_cmd *const *verbs, int n,
				   const char *word, struct rt_err *err)
{
	const char *names[RT_MAX_NAMES], *near;
	struct rt_str all = {0};

	for (int i = 0; i < n; i++) {
		names[i] = rt_cmd_verb(verbs[i]);
		rt_str_addf(&all, " %s", names[i]);
	}
	near = rt_nearest(word, names, n);
	if (near)
		rt_fail(err, RT_ENOTFOUND, "no command \"%s %s\"; did you mean \"%s %s\"?", noun,
			word, noun, near);
	else
		rt_fail(err, RT_ENOTFOUND, "no command \"%s %s\"   (%s has:%s)", noun, word, noun,
			rt_str_text(&all));
	rt_str_release(&all);
	return RT_ENOTFOUND;
}

enum rt_status rt_cmd_resolve(const struct rt_cmd **out, int *used, const struct rt_shell *sh,
			      int n, const char *const *words, bool short_forms, struct rt_err *err)
{
	const struct rt_cmd *verbs[RT_MAX_NAMES], *plain = rt_cmd_find(sh, words[0]);
	int n_verbs = rt_noun_verbs(sh, words[0], verbs), found;
	struct rt_str could = {0};
	enum rt_status status = RT_OK;

	*out = plain;
	*used = 1;
	if (n_verbs == 0 || n < 2)
		return RT_OK;
	*out = verb_of(verbs, n_verbs, words[1]);
	if (*out || plain) {
		*used = *out ? 2 : 1;
		*out = *out ? *out : plain;
		return RT_OK;
	}
	found = short_forms ? matches(verbs, n_verbs, words[1], out, &could) : 0;
	*used = 2;
	if (found != 1)
		*out = NULL;
	if (found == 0)
		status = unknown_verb(words[0], verbs, n_verbs, words[1], err);
	else if (found > 1)
		status = rt_fail(err, RT_EINVAL, "\"%s %s\" is short for more than one command: %s",
				 words[0], words[1], rt_str_text(&could));
	rt_str_release(&could);
	return status;
}

/* "optimizers", "losses", "queries" of "optimizer", "loss", "query". */
static bool is_plural(const char *plural, const char *noun)
{
	size_t n = strlen(noun);

	if (n > 1 && noun[n - 1] == 'y' && strncmp(plural, noun, n - 1) == 0)
		return strcmp(plural + n - 1, "ies") == 0;
	return strncmp(plural, noun, n) == 0 &&
	       (strcmp(plural + n, "s") == 0 || strcmp(plural + n, "es") == 0);
}

const struct rt_list *rt_topic_find(const struct rt_shell *sh, const char *noun)
{
	for (int i = 0; i < sh->n_lists; i++)
		if (strcmp(sh->lists[i]->noun, noun) == 0 || is_plural(noun, sh->lists[i]->noun))
			return sh->lists[i];
	return NULL;
}

const char *rt_noun_expand(const struct rt_shell *sh, const char *prefix)
{
	const char *found = NULL;

	for (int i = 0; i < sh->n_nouns; i++) {
		if (strncmp(sh->nouns[i].name, prefix, strlen(prefix)) != 0)
			continue;
		if (found)
			return NULL;
		found = sh->nouns[i].name;
	}
	return found;
}

/* "show" alone: appends `"model show", "data show"`; returns how many. */
static int nouns_with_verb(const struct rt_shell *sh, const char *verb, struct rt_str *out)
{
	int n = 0;

	for (int i = 0; i < sh->commands->n; i++) {
		const struct rt_cmd *cmd = (const struct rt_cmd *)sh->commands->rows[i];

		if (strchr(cmd->row.name, ' ') && strcmp(rt_cmd_verb(cmd), verb) == 0)
			rt_str_addf(out, "%s\"%s\"", n++ ? ", " : "", cmd->row.name);
	}
	return n;
}

/* The names that begin with prefix; only what the prompt would have expanded had it been one. */
static int nouns_with_prefix(const struct rt_shell *sh, const char *prefix, struct rt_str *out)
{
	int n = 0;

	for (int i = 0; i < sh->n_nouns; i++)
		if (strncmp(sh->nouns[i].name, prefix, strlen(prefix)) == 0)
			rt_str_addf(out, "%s%s", n++ ? ", " : "", sh->nouns[i].name);
	return n;
}

static const char *nearest_command(const struct rt_shell *sh, const char *name,
				   struct rt_strings *tcl)
{
	const char *ours[RT_MAX_NAMES], *near;
	int n = 0;

	for (int i = 0; i < sh->n_nouns && n < RT_MAX_NAMES; i++)
		ours[n++] = sh->nouns[i].name;
	near = rt_nearest(name, ours, n);
	if (near)
		return near;
	rt_interp_names(sh->interp, tcl);
	return rt_nearest(name, (const char *const *)tcl->v, tcl->n);
}

enum rt_status rt_cmd_unknown(const struct rt_shell *sh, const char *name, struct rt_err *err)
{
	struct rt_str could = {0};
	struct rt_strings tcl = {0};
	const char *near;

	if (sh->interactive && *name && nouns_with_prefix(sh, name, &could) > 1) {
		rt_fail(err, RT_ENOTFOUND, "\"%s\" is short for more than one command: %s", name,
			rt_str_text(&could));
	} else if (nouns_with_verb(sh, name, &could)) {
		rt_fail(err, RT_ENOTFOUND, "no command \"%s\"; did you mean %s?", name,
			rt_str_text(&could));
	} else if ((near = nearest_command(sh, name, &tcl))) {
		rt_fail(err, RT_ENOTFOUND, "no command \"%s\"; did you mean \"%s\"?", name, near);
	} else {
		rt_fail(err, RT_ENOTFOUND,
			"no command \"%s\"   (help lists them; apropos WORD searches)", name);
	}
	rt_words_release(&tcl);
	rt_str_release(&could);
	return RT_ENOTFOUND;
}
