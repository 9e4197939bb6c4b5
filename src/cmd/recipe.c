/* recipe.c - networks of the zoo with their parameters. */
#include "config.h"

#include "cmd/recipe.h"
#include "base/mem.h"
#include "shell/shell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void release(struct rt_strings *s)
{
	for (int i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	*s = (struct rt_strings){0};
}

enum rt_status rt_recipe_init(struct rt_recipe *r, const char *zoo, struct rt_err *err)
{
	*r = (struct rt_recipe){.zoo = rt_strdup(zoo)};
	return rt_zoo_params(&r->all, &r->summary, zoo, err);
}

void rt_recipe_release(struct rt_recipe *r)
{
	free(r->zoo);
	free(r->summary);
	release(&r->all);
	release(&r->set);
}

/* The value behind name in a list of pairs, or NULL. */
static char **find(const struct rt_strings *pairs, const char *name)
{
	for (int i = 0; i + 1 < pairs->n; i += 2)
		if (strcmp(pairs->v[i], name) == 0)
			return &pairs->v[i + 1];
	return NULL;
}

bool rt_recipe_has(const struct rt_recipe *r, const char *name)
{
	return find(&r->all, name) != NULL;
}

bool rt_recipe_given(const struct rt_recipe *r, const char *name)
{
	return find(&r->set, name) != NULL;
}

void rt_recipe_set(struct rt_recipe *r, const char *name, const char *value)
{
	char **old = find(&r->set, name);

	if (old) {
		free(*old);
		*old = rt_strdup(value);
		return;
	}
	rt_strings_add(&r->set, name);
	rt_strings_add(&r->set, value);
}

static void set_words(struct rt_recipe *r, const struct rt_strings *words, int from)
{
	for (int i = from; i + 1 < words->n; i += 2)
		rt_recipe_set(r, words->v[i] + (words->v[i][0] == '-'), words->v[i + 1]);
}

enum rt_status rt_recipe_set_all(struct rt_recipe *r, const char *list, struct rt_err *err)
{
	struct rt_strings words = {0};
	enum rt_status status = rt_zoo_split(&words, list, err);

	if (status == RT_OK && words.n % 2)
		status = rt_fail(err, RT_EINVAL, "-set is name value ..., got %d words   "
				 "(try: -set {width 8})", words.n);
	if (status == RT_OK)
		set_words(r, &words, 0);
	release(&words);
	return status;
}

enum rt_status rt_recipe_again(struct rt_recipe *r, const char *origin, const char *model,
			       struct rt_err *err)
{
	struct rt_strings words = {0};
	struct rt_err ignored;
	enum rt_status status;

	*r = (struct rt_recipe){0};
	if (!origin || rt_zoo_split(&words, origin, &ignored) != RT_OK || words.n < 2 ||
	    strcmp(words.v[0], "zoo") != 0) {
		status = rt_fail(err, RT_EINVAL, "model \"%s\" is not from the zoo but from %s   "
				 "(try: model new NAME -zoo lenet5)", model, origin ? origin : "?");
	} else {
		status = rt_recipe_init(r, words.v[1], err);
		if (status == RT_OK)
			set_words(r, &words, 2);
	}
	release(&words);
	return status;
}

enum rt_status rt_recipe_scale(struct rt_recipe *r, double width, double depth, struct rt_err *err)
{
	struct rt_strings scaled = {0};
	enum rt_status status = rt_zoo_scaled(&scaled, r->zoo, r->set.n,
					      (const char *const *)r->set.v, width, depth, err);

	if (status == RT_OK)
		set_words(r, &scaled, 0);
	release(&scaled);
	return status;
}

bool rt_recipe_sample(struct rt_shape *out, const struct rt_recipe *r)
{
	char **value = find(&r->set, "input");
	struct rt_strings words = {0};
	struct rt_err ignored;
	bool good;

	value = value ? value : find(&r->all, "input");
	good = value && rt_zoo_split(&words, *value, &ignored) == RT_OK && words.n < RT_MAX_RANK;
	*out = (struct rt_shape){.rank = good ? words.n : 0};
	for (int i = 0; good && i < words.n; i++)
		good = rt_parse_int(words.v[i], &out->dim[i]) && out->dim[i] > 0;
	release(&words);
	return good;
}

void rt_recipe_set_sample(struct rt_recipe *r, const struct rt_shape *sample)
{
	struct rt_str text = {0};

	if (!rt_recipe_has(r, "input"))
		return;
	for (int i = 0; i < sample->rank; i++)
		rt_str_addf(&text, "%s%" PRId64, i ? " " : "", sample->dim[i]);
	rt_recipe_set(r, "input", rt_str_text(&text));
	rt_str_release(&text);
}

enum rt_status rt_recipe_text(char **out, const struct rt_recipe *r, struct rt_err *err)
{
	return rt_zoo_text(out, r->zoo, r->set.n, (const char *const *)r->set.v, err);
}

char *rt_recipe_origin(const struct rt_recipe *r)
{
	struct rt_str text = {0};

	rt_str_addf(&text, "zoo %s", r->zoo);
	for (int i = 0; i + 1 < r->set.n; i += 2) {
		char **usual = find(&r->all, r->set.v[i]);
		bool plain = r->set.v[i + 1][0] && !strpbrk(r->set.v[i + 1], " \t\n{}\"$[];\\");

		if (strcmp(r->set.v[i], "input") == 0 ||
		    (usual && strcmp(*usual, r->set.v[i + 1]) == 0))
			continue;
		rt_str_addf(&text, plain ? " %s %s" : " %s {%s}", r->set.v[i], r->set.v[i + 1]);
	}
	return rt_str_take(&text);
}
