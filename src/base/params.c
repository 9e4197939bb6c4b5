/* params.c - a whole command line against a row: parsing, usage, and the check of rows themselves.
 */
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
		rt_str_addf(out, " %s%s", optional ? "?" : "",
			    o->flags & RT_OPT_POSITIONAL ? "" : "-");
		for (const char *c = o->name; *c; c++)
			rt_str_addc(out, o->flags & RT_OPT_POSITIONAL
						 ? (char)toupper((unsigned char)*c)
						 : *c);
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
	rt_fail(err, RT_EINVAL, "%s does not know what to do with \"%s\"   (usage: %s)", row->name,
		word, rt_str_text(&usage));
	rt_str_release(&usage);
	return RT_EINVAL;
}

static enum rt_status no_value(const struct rt_opt *o, struct rt_err *err)
{
	const char *example = o->example ? o->example : o->init;

	if (!example)
		return rt_fail(err, RT_EINVAL, "-%s needs a value", o->name);
	return rt_fail(err, RT_EINVAL, "-%s needs a value   (try: -%s %s)", o->name, o->name,
		       example);
}

static enum rt_status demand_required(const struct rt_row *row, const bool *given,
				      struct rt_err *err)
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

/* A call being parsed: what its own row does not know waits until the chosen rows are known. */
struct parse {
	const struct rt_row *row;
	void *params;
	bool *given;		/* [options of row] */
	bool wait;		/* unknown options may be known to a chosen row */
	int *waiting;		/* [n] places of such options in argv */
	int nwaiting;
};

static enum rt_status store(struct parse *p, const struct rt_opt *o, const char *value,
			    struct rt_err *err)
{
	if (o->flags & RT_OPT_REST)
		rt_strings_add((struct rt_strings *)((char *)p->params + o->offset), value);
	else
		RT_TRY(rt_opt_parse(o, p->params, value, err));
	p->given[o - p->row->opts] = true;
	return RT_OK;
}

static enum rt_status parse_option(struct parse *p, int i, int n, const char *const *argv,
				   struct rt_err *err)
{
	const struct rt_opt *o = rt_opt_find(p->row, argv[i] + 1);

	if (!o && p->wait && i + 1 < n) {
		p->waiting[p->nwaiting++] = i;
		return RT_OK;
	}
	if (!o)
		RT_TRY(rt_opt_get(&o, p->row, argv[i] + 1, err));
	if (o->flags & RT_OPT_POSITIONAL)
		return rt_fail(err, RT_EINVAL, "%s takes %s without a dash", p->row->name, o->name);
	if (i + 1 == n)
		return no_value(o, err);
	if (p->given[o - p->row->opts])
		return rt_fail(err, RT_EINVAL, "-%s is given twice", o->name);
	return store(p, o, argv[i + 1], err);
}

static enum rt_status parse_own(struct parse *p, int n, const char *const *argv, struct rt_err *err)
{
	const struct rt_opt *o;
	int place = 0;

	for (int i = 0; i < n; i++) {
		if (looks_like_option(argv[i])) {
			RT_TRY(parse_option(p, i, n, argv, err));
			i++;
			continue;
		}
		o = positional(p->row, place++);
		if (!o)
			return too_many(p->row, argv[i], err);
		RT_TRY(store(p, o, argv[i], err));
	}
	return demand_required(p->row, p->given, err);
}

int rt_kinds_count(const struct rt_kind *kinds)
{
	int n = 0;

	while (kinds && kinds[n].option)
		n++;
	return n;
}

void rt_chosen_release(struct rt_chosen *chosen, int n)
{
	for (int i = 0; i < n; i++) {
		if (chosen[i].params)
			rt_params_release(chosen[i].row, chosen[i].params);
		free(chosen[i].params);
		chosen[i] = (struct rt_chosen){0};
	}
}

/* Finds the row that the option of kind names; none when the option is unset. */
static enum rt_status choose(struct rt_chosen *out, const struct rt_row *row, const void *params,
			     const struct rt_kind *kind, struct rt_err *err)
{
	const struct rt_opt *o = rt_opt_find(row, kind->option);
	struct rt_str name = {0};
	enum rt_status status = RT_OK;

	RT_ASSERT(o);
	rt_opt_text(o, params, &name);
	if (name.len)
		status = rt_list_get(&out->row, kind->list, rt_str_text(&name), err);
	rt_str_release(&name);
	if (status != RT_OK || !out->row)
		return status;
	out->params = rt_alloc(1, out->row->params_size);
	rt_params_init(out->row, out->params);
	return RT_OK;
}

/* An option that nobody knows: the suggestion comes from the call's row or from a chosen one. */
static enum rt_status nobody_knows(const struct rt_row *row, const struct rt_chosen *chosen, int n,
				   const char *name, struct rt_err *err)
{
	const char *names[128];
	const struct rt_opt *o;
	int count = 0;

	for (int i = 0; i < n; i++)
		for (o = chosen[i].row ? chosen[i].row->opts : NULL; o && o->name && count < 128;
		     o++)
			names[count++] = o->name;
	for (int i = 0; i < n; i++)
		if (chosen[i].row && rt_nearest(name, names, count))
			return rt_opt_get(&o, chosen[i].row, name, err);
	return rt_opt_get(&o, row, name, err);
}

static enum rt_status parse_waiting(const struct parse *p, const struct rt_chosen *chosen,
				    int nchosen, const char *const *argv, struct rt_err *err)
{
	for (int w = 0; w < p->nwaiting; w++) {
		const char *name = argv[p->waiting[w]] + 1;
		const struct rt_opt *o = NULL;
		int k = 0;

		while (k < nchosen && !(chosen[k].row && (o = rt_opt_find(chosen[k].row, name))))
			k++;
		if (!o)
			return nobody_knows(p->row, chosen, nchosen, name, err);
		RT_TRY(rt_opt_parse(o, chosen[k].params, argv[p->waiting[w] + 1], err));
	}
	return RT_OK;
}

enum rt_status rt_params_parse_kinds(const struct rt_row *row, void *params,
				     const struct rt_kind *kinds, struct rt_chosen *chosen, int n,
				     const char *const *argv, struct rt_err *err)
{
	struct parse p = {.row = row, .params = params, .wait = kinds != NULL};
	int nkinds = rt_kinds_count(kinds);
	size_t count = 0;
	enum rt_status status;

	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		count++;
	p.given = rt_alloc(count, sizeof(*p.given));
	p.waiting = rt_alloc((size_t)n, sizeof(*p.waiting));
	for (int i = 0; i < nkinds; i++)
		chosen[i] = (struct rt_chosen){0};
	status = parse_own(&p, n, argv, err);
	for (int i = 0; i < nkinds && status == RT_OK; i++)
		status = choose(&chosen[i], row, params, &kinds[i], err);
	if (status == RT_OK)
		status = parse_waiting(&p, chosen, nkinds, argv, err);
	if (status != RT_OK)
		rt_chosen_release(chosen, nkinds);
	free(p.given);
	free(p.waiting);
	return status;
}

enum rt_status rt_params_parse(const struct rt_row *row, void *params, int n,
			       const char *const *argv, struct rt_err *err)
{
	return rt_params_parse_kinds(row, params, NULL, NULL, n, argv, err);
}

static const char *const type_word[] = {
	[RT_BOOL] = "yes|no",	[RT_INT] = "N",
	[RT_REAL] = "X",	[RT_STRING] = "TEXT",
	[RT_CHOICE] = "",	[RT_INTS] = "{N ...}",
	[RT_REALS] = "{X ...}", [RT_STRINGS] = "{TEXT ...}",
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

static const size_t type_size[] = {
	[RT_BOOL] = sizeof(bool), [RT_INT] = sizeof(int64_t), [RT_REAL] = sizeof(double),
	[RT_STRING] = sizeof(char *), [RT_CHOICE] = sizeof(int), [RT_INTS] = sizeof(struct rt_ints),
	[RT_REALS] = sizeof(struct rt_reals), [RT_STRINGS] = sizeof(struct rt_strings),
};

static enum rt_status check_opt(const struct rt_row *row, const struct rt_opt *o,
				struct rt_err *err)
{
	if (!o->summary || !*o->summary)
		return rt_fail(err, RT_EINVAL, "has no summary");
	if (rt_opt_find(row, o->name) != o)
		return rt_fail(err, RT_EINVAL, "is there twice");
	if (o->offset + type_size[o->type] > row->params_size)
		return rt_fail(err, RT_EINVAL, "lies outside its params (%zu of %zu)", o->offset,
			       row->params_size);
	if ((o->type == RT_CHOICE) != (o->choices != NULL))
		return rt_fail(err, RT_EINVAL, "has choices and a type that disagree");
	if ((o->flags & RT_OPT_REST) && (o->type != RT_STRINGS || !(o->flags & RT_OPT_POSITIONAL)))
		return rt_fail(err, RT_EINVAL, "takes the rest, which only positional strings can");
	if (o->init && (o->flags & RT_OPT_REQUIRED))
		return rt_fail(err, RT_EINVAL, "is required and has a default");
	return RT_OK;
}

static enum rt_status check_values(const struct rt_row *row, void *params, struct rt_err *err)
{
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		if (o->init && rt_opt_parse(o, params, o->init, err) != RT_OK)
			return rt_wrap(err, "default of %s of %s", o->name, row->name);
		if (o->example && rt_opt_parse(o, params, o->example, err) != RT_OK)
			return rt_wrap(err, "example of %s of %s", o->name, row->name);
	}
	return RT_OK;
}

enum rt_status rt_row_check(const struct rt_row *row, struct rt_err *err)
{
	void *params;
	enum rt_status status;

	if (!row->name || !*row->name)
		return rt_fail(err, RT_EINVAL, "a row has no name");
	if (!row->summary || !*row->summary || strlen(row->summary) > 100)
		return rt_fail(err, RT_EINVAL, "%s: summary is missing or over 100 characters",
			       row->name);
	if ((row->opts && row->opts->name) != (row->params_size > 0))
		return rt_fail(err, RT_EINVAL, "%s: options and params size disagree", row->name);
	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		if (check_opt(row, o, err) != RT_OK)
			return rt_wrap(err, "option %s of %s", o->name, row->name);
	params = rt_alloc(1, row->params_size);
	status = check_values(row, params, err);
	rt_params_release(row, params);
	free(params);
	return status;
}
