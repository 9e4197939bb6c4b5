/* params.c - a whole command line against a row: parsing, usage, and the check of rows themselves. */
#include "config.h"

#include "base/mem.h"
#include "base/row.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "-name", but not "-5" or "-.5" or "-". */
static bool looks_like_option(const char *word)
{
	return word[0] == '-' && isalpha((unsigned char)word[1]);
}

static const struct rt_opt *positional(const struct rt_row *row, int place)
{
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		if (!(o->flags & RT_OPT_POSITIONAL))
			continue;
		if (place-- == 0 || (o->flags & RT_OPT_REST))
			return o;
	}
	return NULL;
}

/* "train MODEL ?-option value ...?": what an error line has room for. */
static void brief_usage(const struct rt_row *row, struct rt_str *out)
{
	bool options = false;

	rt_str_add(out, row->name);
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		bool optional = !(o->flags & RT_OPT_REQUIRED);

		if (!(o->flags & RT_OPT_POSITIONAL) && optional) {
			options = true;
			continue;
		}
		rt_str_addf(out, " %s%s", optional ? "?" : "", o->flags & RT_OPT_POSITIONAL ? "" : "-");
		for (const char *c = o->name; *c; c++)
			rt_str_addc(out, o->flags & RT_OPT_POSITIONAL ? (char)toupper((unsigned char)*c) : *c);
		if (optional)
			rt_str_addc(out, '?');
	}
	if (options)
		rt_str_add(out, " ?-option value ...?");
}

static enum rt_status too_many(const struct rt_row *row, const char *word, struct rt_err *err)
{
	struct rt_str usage = {0};

	brief_usage(row, &usage);
	rt_fail(err, RT_EINVAL, "%s does not know what to do with \"%s\"   (usage: %s)", row->name, word,
		rt_str_text(&usage));
	rt_str_release(&usage);
	return RT_EINVAL;
}

static enum rt_status no_value(const struct rt_opt *o, struct rt_err *err)
{
	const char *example = o->example ? o->example : o->init;

	if (!example)
		return rt_fail(err, RT_EINVAL, "-%s needs a value", o->name);
	return rt_fail(err, RT_EINVAL, "-%s needs a value   (try: -%s %s)", o->name, o->name, example);
}

static enum rt_status demand_required(const struct rt_row *row, const bool *given, struct rt_err *err)
{
	struct rt_str usage = {0};
	int i = 0;

	for (const struct rt_opt *o = row->opts; o && o->name; o++, i++) {
		if (!(o->flags & RT_OPT_REQUIRED) || given[i])
			continue;
		brief_usage(row, &usage);
		rt_fail(err, RT_EINVAL, "%s needs %s%s, %s   (usage: %s)", row->name,
			o->flags & RT_OPT_POSITIONAL ? "" : "-", o->name, o->summary,
			rt_str_text(&usage));
		rt_str_release(&usage);
		return RT_EINVAL;
	}
	return RT_OK;
}

static enum rt_status parse_all(const struct rt_row *row, void *params, bool *given, int n,
				const char *const *argv, struct rt_err *err)
{
	const struct rt_opt *o;
	int place = 0;

	for (int i = 0; i < n; i++) {
		const char *value = argv[i];

		if (looks_like_option(argv[i])) {
			RT_TRY(rt_opt_get(&o, row, argv[i] + 1, err));
			if (o->flags & RT_OPT_POSITIONAL)
				return rt_fail(err, RT_EINVAL, "%s takes %s without a dash", row->name,
					       o->name);
			if (++i == n)
				return no_value(o, err);
			if (given[o - row->opts])
				return rt_fail(err, RT_EINVAL, "-%s is given twice", o->name);
			value = argv[i];
		} else {
			o = positional(row, place++);
			if (!o)
				return too_many(row, argv[i], err);
		}
		if (o->flags & RT_OPT_REST)
			rt_strings_add((struct rt_strings *)((char *)params + o->offset), value);
		else
			RT_TRY(rt_opt_parse(o, params, value, err));
		given[o - row->opts] = true;
	}
	return demand_required(row, given, err);
}

enum rt_status rt_params_parse(const struct rt_row *row, void *params, int n,
			       const char *const *argv, struct rt_err *err)
{
	size_t count = 0;
	bool *given;
	enum rt_status status;

	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		count++;
	given = rt_alloc(count, sizeof(*given));
	status = parse_all(row, params, given, n, argv, err);
	free(given);
	return status;
}

static const char *const type_word[] = {
	[RT_BOOL] = "yes|no", [RT_INT] = "N", [RT_REAL] = "X", [RT_STRING] = "TEXT",
	[RT_CHOICE] = "", [RT_INTS] = "{N ...}", [RT_REALS] = "{X ...}", [RT_STRINGS] = "{TEXT ...}",
};

static void add_type(const struct rt_opt *o, struct rt_str *out)
{
	bool list = o->type == RT_STRINGS;

	if (o->type == RT_CHOICE) {
		for (int i = 0; o->choices[i]; i++)
			rt_str_addf(out, "%s%s", i ? "|" : "", o->choices[i]);
	} else if (o->of && (list || o->type == RT_STRING)) {
		if (list)
			rt_str_addc(out, '{');
		for (const char *c = o->of; *c; c++)
			rt_str_addc(out, (char)toupper((unsigned char)*c));
		if (list)
			rt_str_add(out, " ...}");
	} else {
		rt_str_add(out, type_word[o->type]);
	}
}

void rt_row_usage(const struct rt_row *row, struct rt_str *out)
{
	rt_str_add(out, row->name);
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		bool optional = !(o->flags & RT_OPT_REQUIRED);

		rt_str_addf(out, " %s", optional ? "?" : "");
		if (o->flags & RT_OPT_POSITIONAL) {
			for (const char *c = o->name; *c; c++)
				rt_str_addc(out, (char)toupper((unsigned char)*c));
			if (o->flags & RT_OPT_REST)
				rt_str_add(out, " ...");
		} else {
			rt_str_addf(out, "-%s ", o->name);
			add_type(o, out);
		}
		if (optional)
			rt_str_addc(out, '?');
	}
}

static enum rt_status check_opt(const struct rt_row *row, const struct rt_opt *o, void *params,
				struct rt_err *err)
{
	if (!o->summary || !*o->summary)
		return rt_fail(err, RT_EINVAL, "option %s of %s has no summary", o->name, row->name);
	if (o->offset >= row->params_size)
		return rt_fail(err, RT_EINVAL, "option %s of %s lies outside its params (%zu of %zu)",
			       o->name, row->name, o->offset, row->params_size);
	if ((o->type == RT_CHOICE) != (o->choices != NULL))
		return rt_fail(err, RT_EINVAL, "option %s of %s: choices and type disagree", o->name,
			       row->name);
	if ((o->flags & RT_OPT_REST) && (o->type != RT_STRINGS || !(o->flags & RT_OPT_POSITIONAL)))
		return rt_fail(err, RT_EINVAL, "option %s of %s: only positional strings take the rest",
			       o->name, row->name);
	if (o->init && (o->flags & RT_OPT_REQUIRED))
		return rt_fail(err, RT_EINVAL, "option %s of %s is required and has a default", o->name,
			       row->name);
	if (o->init && rt_opt_parse(o, params, o->init, err) != RT_OK)
		return rt_wrap(err, "default of %s of %s", o->name, row->name);
	if (o->example && rt_opt_parse(o, params, o->example, err) != RT_OK)
		return rt_wrap(err, "example of %s of %s", o->name, row->name);
	return RT_OK;
}

enum rt_status rt_row_check(const struct rt_row *row, struct rt_err *err)
{
	void *params;
	enum rt_status status = RT_OK;

	if (!row->name || !*row->name)
		return rt_fail(err, RT_EINVAL, "a row has no name");
	if (!row->summary || !*row->summary || strlen(row->summary) > 100)
		return rt_fail(err, RT_EINVAL, "%s: summary is missing or over 100 characters", row->name);
	if ((row->opts && row->opts->name) != (row->params_size > 0))
		return rt_fail(err, RT_EINVAL, "%s: options and params size disagree", row->name);
	params = rt_alloc(1, row->params_size);
	for (const struct rt_opt *o = row->opts; o && o->name && status == RT_OK; o++)
		status = check_opt(row, o, params, err);
	rt_params_release(row, params);
	free(params);
	return status;
}
