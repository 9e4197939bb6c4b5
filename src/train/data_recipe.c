/* data_recipe.c - how a data set was made, as text, and making it again.
 *
 * The first line is "builtin NAME" or "path PATH", then "-option value" for every option that was
 * not at its default, then "split FRACTION SEED" where the set was divided anew.
 */
#include "config.h"

#include "base/mem.h"
#include "train/builtin.h"
#include "train/data_make.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A file by its full path, so that the folder of the program may be another one next time. */
static void add_path(struct rt_str *out, const char *path)
{
	char *full = realpath(path, NULL);

	rt_line_add(out, full ? full : path);
	free(full);
}

static void add_option(struct rt_str *out, const struct rt_opt *o, const struct rt_data_load *opts)
{
	struct rt_str value = {0};

	rt_opt_text(o, opts, &value);
	rt_str_addf(out, "-%s ", o->name);
	if (o->of && strcmp(o->of, "file") == 0)
		add_path(out, rt_str_text(&value));
	else
		rt_line_add(out, rt_str_text(&value));
	rt_str_addc(out, '\n');
	rt_str_release(&value);
}

char *data_recipe(const char *builtin, const char *path, const struct rt_data_load *opts)
{
	struct rt_str out = {0};

	rt_str_add(&out, builtin ? "builtin " : "path ");
	if (builtin)
		rt_line_add(&out, builtin);
	else
		add_path(&out, path);
	rt_str_addc(&out, '\n');
	for (const struct rt_opt *o = rt_data_load_row.opts; o->name; o++)
		if (!rt_opt_is_default(o, opts))
			add_option(&out, o, opts);
	return rt_str_take(&out);
}

/* A later split takes the place of an earlier one. */
char *data_recipe_split(const char *recipe, double test_fraction, uint64_t seed)
{
	struct rt_str out = {0};
	const char *old;

	if (!recipe)
		return NULL;
	old = strstr(recipe, "\nsplit ");
	rt_str_addn(&out, recipe, old ? (size_t)(old - recipe) + 1 : strlen(recipe));
	rt_str_add(&out, "split ");
	rt_real_text(test_fraction, &out);
	rt_str_addf(&out, " %" PRIu64 "\n", seed);
	return rt_str_take(&out);
}

/* --- making it again ---------------------------------------------------------------------- */

/* A recipe taken apart. */
struct recipe {
	bool builtin;
	char *what;
	struct rt_data_load opts;
	bool split;
	double test;
	uint64_t seed;
};

/* "word rest": ends the word in place and returns the rest, "" when there is none. */
static char *cut_word(char *line)
{
	char *blank = strchr(line, ' ');

	if (!blank)
		return line + strlen(line);
	*blank = '\0';
	return blank + 1;
}

static enum rt_status read_split(struct recipe *r, char *value, struct rt_err *err)
{
	char *seed = cut_word(value), *end;

	r->seed = strtoull(seed, &end, 10);
	r->split = rt_parse_real(value, &r->test) && *seed && !*end;
	return r->split ? RT_OK
			: rt_fail(err, RT_EFORMAT,
				  "a split is a fraction and a seed, got \"%s %s\"", value, seed);
}

static enum rt_status read_line(struct recipe *r, char *line, struct rt_err *err)
{
	const struct rt_opt *o;
	char *value = cut_word(line);

	if (!r->what && (strcmp(line, "builtin") == 0 || strcmp(line, "path") == 0)) {
		r->builtin = *line == 'b';
		r->what = rt_strdup(value);
		return RT_OK;
	}
	if (!r->what)
		return rt_fail(err, RT_EFORMAT, "it begins with \"%s\", not with builtin or path",
			       line);
	if (strcmp(line, "split") == 0)
		return read_split(r, value, err);
	if (*line != '-')
		return rt_fail(err, RT_EFORMAT, "no step of it is called \"%s\"", line);
	RT_TRY(rt_opt_get(&o, &rt_data_load_row, line + 1, err));
	return rt_opt_parse(o, &r->opts, value, err);
}

static enum rt_status read_recipe(struct recipe *r, const char *text, struct rt_err *err)
{
	enum rt_status status = RT_OK;
	char *line;

	while (status == RT_OK && (line = rt_line_take(&text))) {
		if (*line)
			status = read_line(r, line, err);
		free(line);
	}
	if (status == RT_OK && !r->what)
		status = rt_fail(err, RT_EFORMAT, "it is empty");
	return status;
}

static enum rt_status follow(struct rt_data **out, const char *name, const struct recipe *r,
			     struct rt_err *err)
{
	const struct rt_row *row;
	struct rt_data *whole;
	enum rt_status status;

	if (r->builtin) {
		RT_TRY(rt_list_get(&row, &rt_data_builtins, r->what, err));
		RT_TRY(data_load_builtin(out, name, (const struct builtin *)row, &r->opts, err));
	} else {
		RT_TRY(data_load_path(out, name, r->what, &r->opts, err));
	}
	if (!r->split)
		return RT_OK;
	whole = *out;
	status = rt_data_split(out, whole, r->test, r->seed, err);
	rt_data_unref(whole);
	return status;
}

enum rt_status rt_data_again(struct rt_data **out, const char *name, const char *recipe,
			     struct rt_err *err)
{
	struct recipe r = {0};
	enum rt_status status;

	*out = NULL;
	rt_params_init(&rt_data_load_row, &r.opts);
	status = read_recipe(&r, recipe, err);
	if (status == RT_OK)
		status = follow(out, name, &r, err);
	else
		rt_wrap(err, "the recipe of data set \"%s\"", name);
	rt_params_release(&rt_data_load_row, &r.opts);
	free(r.what);
	return status;
}
