/* zoo_scale.c - smaller models of the same kind: which parameters of the zoo are widths and depths,
 * and what becomes of them. */
#include "config.h"

#include "base/mem.h"
#include "shell/state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The words by which the zoo's files call them. */
static const char *const widths[] = {"width", "hidden", "heads", "ffn", "dim", NULL};
static const char *const depths[] = {"depth", "layers", "blocks", "levels", NULL};

static bool is_one_of(const char *name, const char *const *list)
{
	while (*list && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

/* A whole number stays one, at least 1; a factor such as 1.0 is multiplied. */
static char *times(const char *value, double factor)
{
	struct rt_str text = {0};
	double v;
	int64_t n;

	if (rt_parse_int(value, &n)) {
		n = (int64_t)llround((double)n * factor);
		return rt_sprintf("%" PRId64, n > 1 ? n : 1);
	}
	if (!rt_parse_real(value, &v))
		return rt_strdup(value);
	rt_real_text(v * factor, &text);
	if (!strpbrk(rt_str_text(&text), ".en"))
		rt_str_add(&text, ".0");
	return rt_str_take(&text);
}

/* Every number of the list; of the hidden layers of an mlp, depth keeps some. */
static enum rt_status scale_list(char **out, const char *value, double factor, double keep,
				 struct rt_err *err)
{
	struct rt_strings words = {0};
	struct rt_str text = {0};
	int m;

	RT_TRY(rt_interp_split(value, &words, err));
	m = words.n > 1 ? (int)lround(words.n * keep) : words.n;
	m = m < 1 && words.n ? 1 : m;
	for (int i = 0; i < m; i++) {
		int from = keep == 1 ? i : (int)((int64_t)i * words.n / m);
		char *number = times(words.v[from], factor);

		rt_str_addf(&text, "%s%s", i ? " " : "", number);
		free(number);
	}
	rt_words_release(&words);
	*out = rt_str_take(&text);
	return RT_OK;
}

static const char *value_of(const struct rt_strings *set, const char *name)
{
	for (int i = 0; i + 1 < set->n; i += 2)
		if (strcmp(set->v[i], name) == 0)
			return set->v[i + 1];
	return NULL;
}

/* Heads of attention keep their size: as many features for each as before. */
static void fit_heads(struct rt_strings *set, int n, const char *const *names,
		      const char *const *values)
{
	const char *now = value_of(set, "heads");
	int64_t heads, before = 0, hidden = 0;

	for (int i = 0; i < n; i++) {
		if (strcmp(names[i], "heads") == 0)
			rt_parse_int(values[i], &before);
		if (strcmp(names[i], "hidden") == 0)
			rt_parse_int(values[i], &hidden);
	}
	if (!now || !rt_parse_int(now, &heads) || before < 1 || hidden % before)
		return;
	for (int i = 0; i + 1 < set->n; i += 2)
		if (strcmp(set->v[i], "hidden") == 0) {
			free(set->v[i + 1]);
			set->v[i + 1] = rt_sprintf("%" PRId64, hidden / before * heads);
		}
}

static enum rt_status missing(const char *what, int n, const char *const *names, struct rt_err *err)
{
	struct rt_str all = {0};

	for (int i = 0; i < n; i++)
		rt_str_addf(&all, " %s", names[i]);
	rt_fail(err, RT_EINVAL, "it has no parameter that %s would change   (it has:%s)", what,
		n ? rt_str_text(&all) : " none");
	rt_str_release(&all);
	return RT_EINVAL;
}

enum rt_status rt_zoo_scale(struct rt_strings *out, int n, const char *const *names,
			    const char *const *values, double width, double depth,
			    struct rt_err *err)
{
	bool wide = width == 1, deep = depth == 1;

	for (int i = 0; i < n; i++) {
		const bool is_width = is_one_of(names[i], widths);
		const bool is_depth = is_one_of(names[i], depths);
		const bool layers = strcmp(names[i], "hidden") == 0 && strchr(values[i], ' ');
		char *value;

		wide = wide || is_width;
		deep = deep || is_depth || layers;
		if (!is_width && !is_depth)
			value = rt_strdup(values[i]);
		else
			RT_TRY(scale_list(&value, values[i], is_width ? width : depth,
					  layers ? depth : 1, err));
		rt_strings_add(out, names[i]);
		rt_strings_add(out, value);
		free(value);
	}
	if (width != 1)
		fit_heads(out, n, names, values);
	if (!wide)
		return missing("-width", n, names, err);
	return deep ? RT_OK : missing("-depth", n, names, err);
}
