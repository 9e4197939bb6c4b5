/* row.c - rows and options: look-up, defaults, parsing, checking, printing. */
#include "config.h"

#include "base/row.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIELD(type, params, opt) ((type *)((char *)(params) + (opt)->offset))
#define CFIELD(type, params, opt) ((const type *)((const char *)(params) + (opt)->offset))

static const char *const yes_words[] = {"yes", "true", "on", "1"};
static const char *const no_words[] = {"no", "false", "off", "0"};

const struct rt_row *rt_list_find(const struct rt_list *list, const char *name)
{
	for (int i = 0; i < list->n; i++)
		if (strcmp(list->rows[i]->name, name) == 0)
			return list->rows[i];
	return NULL;
}

const char *rt_nearest(const char *name, const char *const *names, int n)
{
	int limit = strlen(name) <= 3 ? 1 : 2, best = limit + 1;
	const char *nearest = NULL;

	for (int i = 0; i < n; i++) {
		int d = rt_edit_distance(name, names[i]);

		if (d < best) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}

enum rt_status rt_list_get(const struct rt_row **out, const struct rt_list *list, const char *name,
			   struct rt_err *err)
{
	const char **names;
	const char *near;
	struct rt_str all = {0};
	enum rt_status status;

	*out = rt_list_find(list, name);
	if (*out)
		return RT_OK;
	names = rt_alloc((size_t)list->n, sizeof(*names));
	for (int i = 0; i < list->n; i++) {
		names[i] = list->rows[i]->name;
		rt_str_addf(&all, "%s%s", i ? " " : "", names[i]);
	}
	near = rt_nearest(name, names, list->n);
	if (near)
		status = rt_fail(err, RT_ENOTFOUND, "no %s \"%s\"; did you mean \"%s\"?",
				 list->noun, name, near);
	else
		status = rt_fail(err, RT_ENOTFOUND, "no %s \"%s\"   (one of: %s)", list->noun, name,
				 rt_str_text(&all));
	free(names);
	rt_str_release(&all);
	return status;
}

const struct rt_opt *rt_opt_find(const struct rt_row *row, const char *name)
{
	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

enum rt_status rt_opt_get(const struct rt_opt **out, const struct rt_row *row, const char *name,
			  struct rt_err *err)
{
	const char *names[64], *near;
	struct rt_str all = {0};
	enum rt_status status;
	int n = 0;

	*out = rt_opt_find(row, name);
	if (*out)
		return RT_OK;
	for (const struct rt_opt *o = row->opts; o && o->name && n < 64; o++) {
		if (o->flags & RT_OPT_POSITIONAL)
			continue;
		names[n++] = o->name;
		rt_str_addf(&all, " -%s", o->name);
	}
	near = rt_nearest(name, names, n);
	if (near)
		status = rt_fail(err, RT_EINVAL, "%s has no option -%s; did you mean -%s?",
				 row->name, name, near);
	else if (n)
		status = rt_fail(err, RT_EINVAL, "%s has no option -%s   (options:%s)", row->name,
				 name, rt_str_text(&all));
	else
		status = rt_fail(err, RT_EINVAL, "%s has no options, got -%s", row->name, name);
	rt_str_release(&all);
	return status;
}

/* --- storing ------------------------------------------------------------------------------ */

static void unset(const struct rt_opt *o, void *params)
{
	switch (o->type) {
	case RT_BOOL: *FIELD(bool, params, o) = false; break;
	case RT_INT: *FIELD(int64_t, params, o) = RT_UNSET_INT; break;
	case RT_REAL: *FIELD(double, params, o) = RT_UNSET_REAL; break;
	case RT_STRING: *FIELD(char *, params, o) = NULL; break;
	case RT_CHOICE: *FIELD(int, params, o) = RT_UNSET_CHOICE; break;
	case RT_INTS: *FIELD(struct rt_ints, params, o) = (struct rt_ints){0}; break;
	case RT_REALS: *FIELD(struct rt_reals, params, o) = (struct rt_reals){0}; break;
	case RT_STRINGS: *FIELD(struct rt_strings, params, o) = (struct rt_strings){0}; break;
	}
}

void rt_params_init(const struct rt_row *row, void *params)
{
	struct rt_err err;

	if (row->params_size)
		memset(params, 0, row->params_size);
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		unset(o, params);
		if (o->init && rt_opt_parse(o, params, o->init, &err) != RT_OK)
			rt_die(__FILE__, __LINE__, err.msg);
	}
}

static void release_field(const struct rt_opt *o, void *params)
{
	struct rt_strings *words;

	switch (o->type) {
	case RT_STRING: free(*FIELD(char *, params, o)); break;
	case RT_INTS: free(FIELD(struct rt_ints, params, o)->v); break;
	case RT_REALS: free(FIELD(struct rt_reals, params, o)->v); break;
	case RT_STRINGS:
		words = FIELD(struct rt_strings, params, o);
		for (int i = 0; i < words->n; i++)
			free(words->v[i]);
		free(words->v);
		break;
	default: break;
	}
	unset(o, params);
}

void rt_params_release(const struct rt_row *row, void *params)
{
	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		release_field(o, params);
	if (row->params_size)
		memset(params, 0, row->params_size);
}

void rt_ints_set(struct rt_ints *list, int n, const int64_t *v)
{
	int64_t *copy = rt_memdup(v, (size_t)n, sizeof(*v));

	free(list->v);
	*list = (struct rt_ints){n, copy};
}

void rt_reals_set(struct rt_reals *list, int n, const double *v)
{
	double *copy = rt_memdup(v, (size_t)n, sizeof(*v));

	free(list->v);
	*list = (struct rt_reals){n, copy};
}

void rt_strings_add(struct rt_strings *list, const char *text)
{
	list->v = rt_realloc(list->v, (size_t)list->n + 1, sizeof(*list->v));
	list->v[list->n++] = rt_strdup(text);
}

void rt_params_copy(const struct rt_row *row, void *to, const void *from)
{
	if (row->params_size)
		memcpy(to, from, row->params_size);
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		if (o->type < RT_INTS && o->type != RT_STRING)
			continue;
		unset(o, to);
		if (o->type == RT_STRING) {
			*FIELD(char *, to, o) = rt_strdup(*CFIELD(char *, from, o));
		} else if (o->type == RT_INTS) {
			const struct rt_ints *l = CFIELD(struct rt_ints, from, o);

			rt_ints_set(FIELD(struct rt_ints, to, o), l->n, l->v);
		} else if (o->type == RT_REALS) {
			const struct rt_reals *l = CFIELD(struct rt_reals, from, o);

			rt_reals_set(FIELD(struct rt_reals, to, o), l->n, l->v);
		} else {
			const struct rt_strings *l = CFIELD(struct rt_strings, from, o);

			for (int i = 0; i < l->n; i++)
				rt_strings_add(FIELD(struct rt_strings, to, o), l->v[i]);
		}
	}
}

static bool same_real(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool field_equal(const struct rt_opt *o, const void *a, const void *b)
{
	switch (o->type) {
	case RT_BOOL: return *CFIELD(bool, a, o) == *CFIELD(bool, b, o);
	case RT_INT: return *CFIELD(int64_t, a, o) == *CFIELD(int64_t, b, o);
	case RT_REAL: return same_real(*CFIELD(double, a, o), *CFIELD(double, b, o));
	case RT_CHOICE: return *CFIELD(int, a, o) == *CFIELD(int, b, o);
	case RT_STRING: {
		const char *x = *CFIELD(char *, a, o), *y = *CFIELD(char *, b, o);

		return x && y ? strcmp(x, y) == 0 : x == y;
	}
	case RT_INTS: {
		const struct rt_ints *x = CFIELD(struct rt_ints, a, o),
				     *y = CFIELD(struct rt_ints, b, o);

		return x->n == y->n && (!x->n || !memcmp(x->v, y->v, (size_t)x->n * sizeof(*x->v)));
	}
	case RT_REALS: {
		const struct rt_reals *x = CFIELD(struct rt_reals, a, o);
		const struct rt_reals *y = CFIELD(struct rt_reals, b, o);

		if (x->n != y->n)
			return false;
		for (int i = 0; i < x->n; i++)
			if (!same_real(x->v[i], y->v[i]))
				return false;
		return true;
	}
	case RT_STRINGS: {
		const struct rt_strings *x = CFIELD(struct rt_strings, a, o);
		const struct rt_strings *y = CFIELD(struct rt_strings, b, o);

		if (x->n != y->n)
			return false;
		for (int i = 0; i < x->n; i++)
			if (strcmp(x->v[i], y->v[i]) != 0)
				return false;
		return true;
	}
	}
	return false;
}

bool rt_params_equal(const struct rt_row *row, const void *a, const void *b)
{
	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		if (!field_equal(o, a, b))
			return false;
	return true;
}

bool rt_opt_is_default(const struct rt_opt *opt, const void *params)
{
	const struct rt_opt one[] = {*opt, {0}};
	const struct rt_row row = {.name = "", .opts = one,
				   .params_size = opt->offset + sizeof(struct rt_strings)};
	void *fresh = rt_alloc(1, row.params_size);
	bool same;

	rt_params_init(&row, fresh);
	same = field_equal(opt, fresh, params);
	rt_params_release(&row, fresh);
	free(fresh);
	return same;
}

/* --- parsing ------------------------------------------------------------------------------ */

/* Appends what is allowed: "above 0 and at most 1000", "one of: a b c", "yes or no". */
static void add_allowed(const struct rt_opt *o, struct rt_str *out)
{
	bool whole = o->type == RT_INT || o->type == RT_INTS;

	if (o->type == RT_BOOL) {
		rt_str_add(out, "yes or no");
	} else if (o->type == RT_CHOICE) {
		rt_str_add(out, "one of:");
		for (int i = 0; o->choices[i]; i++)
			rt_str_addf(out, " %s", o->choices[i]);
	} else if (o->min == o->max) {
		rt_str_add(out, whole ? "a whole number" : "a number");
	} else if (o->flags & RT_OPT_ABOVE_MIN) {
		rt_str_addf(out, isinf(o->max) ? "above %g" : "above %g and at most %.10g", o->min,
			    o->max);
	} else if (isinf(o->max)) {
		rt_str_addf(out, "%sat least %.10g", whole ? "a whole number of " : "", o->min);
	} else {
		rt_str_addf(out, "%sfrom %.10g to %.10g", whole ? "a whole number " : "", o->min,
			    o->max);
	}
}

static enum rt_status bad_value(const struct rt_opt *o, const char *got, struct rt_err *err)
{
	struct rt_str allowed = {0};
	const char *dash = o->flags & RT_OPT_POSITIONAL ? "" : "-";
	const char *near = NULL;
	char hint[128] = "";
	int n = 0;

	add_allowed(o, &allowed);
	if (o->type == RT_CHOICE) {
		while (o->choices[n])
			n++;
		near = rt_nearest(got, o->choices, n);
	}
	if (near)
		snprintf(hint, sizeof(hint), "   (did you mean %s?)", near);
	else if (o->example || o->init)
		snprintf(hint, sizeof(hint), "   (try: %s%s%s%s)", dash, *dash ? o->name : "",
			 *dash ? " " : "", o->example ? o->example : o->init);
	rt_fail(err, RT_EINVAL, "%s%s must be %s, got \"%s\"%s", dash, o->name,
		rt_str_text(&allowed), got, hint);
	/* numbers read better bare */
	if (o->type == RT_INT || o->type == RT_REAL) {
		double ignored;

		if (rt_parse_real(got, &ignored))
			rt_fail(err, RT_EINVAL, "%s%s must be %s, got %s%s", dash, o->name,
				rt_str_text(&allowed), got, hint);
	}
	rt_str_release(&allowed);
	return RT_EINVAL;
}

static bool in_range(const struct rt_opt *o, double v)
{
	if (o->min == o->max)
		return true;
	return v >= o->min && v <= o->max && !((o->flags & RT_OPT_ABOVE_MIN) && v == o->min);
}

static int find_word(const char *const *words, int n, const char *text)
{
	for (int i = 0; i < n; i++)
		if (strcasecmp(words[i], text) == 0)
			return i;
	return -1;
}

/* Splits at blanks and commas and stores each number; false when a word is wrong. */
static bool parse_numbers(const struct rt_opt *o, void *params, const char *text)
{
	char *copy = rt_strdup(text), *rest = copy, *word;
	struct rt_ints ints = {0};
	struct rt_reals reals = {0};
	bool good = true;

	while (good && (word = strtok_r(rest, " ,\t\n", &rest))) {
		int64_t i;
		double r;

		if (o->type == RT_INTS) {
			good = rt_parse_int(word, &i) && in_range(o, (double)i);
			if (good) {
				ints.v = rt_realloc(ints.v, (size_t)ints.n + 1, sizeof(*ints.v));
				ints.v[ints.n++] = i;
			}
		} else {
			good = rt_parse_real(word, &r) && in_range(o, r);
			if (good) {
				reals.v =
					rt_realloc(reals.v, (size_t)reals.n + 1, sizeof(*reals.v));
				reals.v[reals.n++] = r;
			}
		}
	}
	free(copy);
	if (!good) {
		free(ints.v);
		free(reals.v);
		return false;
	}
	release_field(o, params);
	if (o->type == RT_INTS)
		*FIELD(struct rt_ints, params, o) = ints;
	else
		*FIELD(struct rt_reals, params, o) = reals;
	return true;
}

static void parse_words(const struct rt_opt *o, void *params, const char *text)
{
	char *copy = rt_strdup(text), *rest = copy, *word;

	release_field(o, params);
	while ((word = strtok_r(rest, " ,\t\n", &rest)))
		rt_strings_add(FIELD(struct rt_strings, params, o), word);
	free(copy);
}

enum rt_status rt_opt_parse(const struct rt_opt *opt, void *params, const char *text,
			    struct rt_err *err)
{
	int64_t i;
	double r;
	int n = 0;

	switch (opt->type) {
	case RT_BOOL:
		if (find_word(yes_words, RT_COUNT(yes_words), text) >= 0)
			*FIELD(bool, params, opt) = true;
		else if (find_word(no_words, RT_COUNT(no_words), text) >= 0)
			*FIELD(bool, params, opt) = false;
		else
			return bad_value(opt, text, err);
		return RT_OK;
	case RT_INT:
		if (!rt_parse_int(text, &i) || !in_range(opt, (double)i))
			return bad_value(opt, text, err);
		*FIELD(int64_t, params, opt) = i;
		return RT_OK;
	case RT_REAL:
		if (!rt_parse_real(text, &r) || !in_range(opt, r))
			return bad_value(opt, text, err);
		*FIELD(double, params, opt) = r;
		return RT_OK;
	case RT_STRING:
		release_field(opt, params);
		*FIELD(char *, params, opt) = rt_strdup(text);
		return RT_OK;
	case RT_CHOICE:
		while (opt->choices[n])
			n++;
		n = find_word(opt->choices, n, text);
		if (n < 0)
			return bad_value(opt, text, err);
		*FIELD(int, params, opt) = n;
		return RT_OK;
	case RT_INTS:
	case RT_REALS:
		return parse_numbers(opt, params, text) ? RT_OK : bad_value(opt, text, err);
	case RT_STRINGS:
		parse_words(opt, params, text);
		return RT_OK;
	}
	return RT_OK;
}

enum rt_status rt_opt_check(const struct rt_opt *opt, const void *params, struct rt_err *err)
{
	struct rt_str text = {0};
	bool good = true;
	int n = 0;

	if (opt->type == RT_INT && *CFIELD(int64_t, params, opt) != RT_UNSET_INT)
		good = in_range(opt, (double)*CFIELD(int64_t, params, opt));
	else if (opt->type == RT_REAL && !isnan(*CFIELD(double, params, opt)))
		good = in_range(opt, *CFIELD(double, params, opt));
	else if (opt->type == RT_CHOICE) {
		while (opt->choices[n])
			n++;
		good = *CFIELD(int, params, opt) >= -1 && *CFIELD(int, params, opt) < n;
	} else if (opt->type == RT_INTS) {
		const struct rt_ints *l = CFIELD(struct rt_ints, params, opt);

		for (int i = 0; i < l->n; i++)
			good = good && in_range(opt, (double)l->v[i]);
	} else if (opt->type == RT_REALS) {
		const struct rt_reals *l = CFIELD(struct rt_reals, params, opt);

		for (int i = 0; i < l->n; i++)
			good = good && in_range(opt, l->v[i]);
	}
	if (good)
		return RT_OK;
	if (opt->type != RT_CHOICE)
		rt_opt_text(opt, params, &text);
	bad_value(opt, rt_str_text(&text), err);
	rt_str_release(&text);
	return RT_EINVAL;
}

/* --- printing ----------------------------------------------------------------------------- */

void rt_opt_text(const struct rt_opt *opt, const void *params, struct rt_str *out)
{
	switch (opt->type) {
	case RT_BOOL:
		rt_str_add(out, *CFIELD(bool, params, opt) ? "yes" : "no");
		break;
	case RT_INT:
		if (*CFIELD(int64_t, params, opt) != RT_UNSET_INT)
			rt_str_addf(out, "%" PRId64, *CFIELD(int64_t, params, opt));
		break;
	case RT_REAL:
		if (!isnan(*CFIELD(double, params, opt)))
			rt_real_text(*CFIELD(double, params, opt), out);
		break;
	case RT_STRING:
		if (*CFIELD(char *, params, opt))
			rt_str_add(out, *CFIELD(char *, params, opt));
		break;
	case RT_CHOICE:
		if (*CFIELD(int, params, opt) >= 0)
			rt_str_add(out, opt->choices[*CFIELD(int, params, opt)]);
		break;
	case RT_INTS: {
		const struct rt_ints *l = CFIELD(struct rt_ints, params, opt);

		for (int i = 0; i < l->n; i++)
			rt_str_addf(out, "%s%" PRId64, i ? " " : "", l->v[i]);
		break;
	}
	case RT_REALS: {
		const struct rt_reals *l = CFIELD(struct rt_reals, params, opt);

		for (int i = 0; i < l->n; i++) {
			if (i)
				rt_str_addc(out, ' ');
			rt_real_text(l->v[i], out);
		}
		break;
	}
	case RT_STRINGS: {
		const struct rt_strings *l = CFIELD(struct rt_strings, params, opt);

		for (int i = 0; i < l->n; i++)
			rt_str_addf(out, "%s%s", i ? " " : "", l->v[i]);
		break;
	}
	}
}
