/* zoo.c - ready-made models: Tcl files that return a text in the layer language.
 *
 * A file of zoo/ among the program's own files holds one or more
 *	zoo NAME "summary" {param default ...} { Tcl body returning the text }
 * and runs in an interpreter without files or processes.  By convention a parameter called classes
 * (or outputs) is how many numbers the model gives, and input is the shape of a sample.
 */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "shell/state.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What the files may use besides Tcl: scaled NUMBER FACTOR ?MULTIPLE? rounds the product to a
 * positive multiple, but not below 0.9 of it (as MobileNet's authors round channels).  max and min
 * are otherwise in Tcl's library, which a safe interpreter does not load. */
static const char prelude[] = "proc tcl::mathfunc::max {a b} {expr {$a > $b ? $a : $b}}\n"
			      "proc tcl::mathfunc::min {a b} {expr {$a < $b ? $a : $b}}\n"
			      "proc scaled {number factor {multiple 1}} {\n"
			      "	set wanted [expr {$number * double($factor)}]\n"
			      "	set n [expr {max($multiple, int($wanted + $multiple / 2.0) / "
			      "$multiple * $multiple)}]\n"
			      "	return [expr {$n < 0.9 * $wanted ? $n + $multiple : $n}]\n"
			      "}\n";

struct entry {
	char *name, *summary, *body, *path;
	struct rt_strings params;	/* name, default, name, default ... */
};

struct zoo {
	struct rt_interp *interp;
	struct entry *entry;
	int n, cap;
	const char *path;	/* the file being read */
	struct rt_err broken;	/* the first file that failed */
};

static struct entry *find(const struct zoo *z, const char *name)
{
	for (int i = 0; i < z->n; i++)
		if (strcmp(z->entry[i].name, name) == 0)
			return &z->entry[i];
	return NULL;
}

static enum rt_status on_zoo(void *closure, const struct rt_tcl_call *call, struct rt_val **out,
			     struct rt_err *err)
{
	struct zoo *z = closure;
	struct rt_strings params = {0};

	(void)out;
	if (call->n != 5)
		return rt_fail(err, RT_EFORMAT,
			       "zoo takes a name, a summary, parameters with defaults and a body, "
			       "got %d words",
			       call->n - 1);
	RT_TRY(rt_interp_split(call->argv[3], &params, err));
	if (params.n % 2) {
		rt_words_release(&params);
		return rt_fail(err, RT_EFORMAT, "%s: every parameter needs a default",
			       call->argv[1]);
	}
	if (find(z, call->argv[1])) {
		/* an earlier folder has it: the user's own goes before the program's */
		rt_words_release(&params);
		return RT_OK;
	}
	RT_GROW(z->entry, z->n, z->cap);
	z->entry[z->n++] = (struct entry){rt_strdup(call->argv[1]), rt_strdup(call->argv[2]),
					  rt_strdup(call->argv[4]), rt_strdup(z->path), params};
	return RT_OK;
}

static enum rt_status read_zoo_file(struct zoo *z, const char *path, struct rt_err *err)
{
	struct rt_script s = {.line = 1};
	char *text;
	enum rt_status status = RT_OK;

	RT_TRY(rt_script_read(&text, path, err));
	s.text = text;
	z->path = path;
	while (status == RT_OK && !s.done)
		status = rt_interp_step(z->interp, &s, err);
	if (status != RT_OK)
		rt_wrap(err, "%s:%d", path, s.from_line);
	free(text);
	return status;
}

static int is_tcl(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && d->d_name[0] != '.' && strcmp(d->d_name + n - 4, ".tcl") == 0;
}

static void read_folder(struct zoo *z, const char *home)
{
	char *folder = rt_sprintf("%s/zoo", home);
	struct dirent **list = NULL;
	int n = scandir(folder, &list, is_tcl, alphasort);

	for (int i = 0; i < n; i++) {
		char *path = rt_sprintf("%s/%s", folder, list[i]->d_name);
		struct rt_err err;

		if (read_zoo_file(z, path, &err) != RT_OK && z->broken.status == RT_OK)
			z->broken = err;
		free(path);
		free(list[i]);
	}
	free(list);
	free(folder);
}

static void zoo_open(struct zoo *z)
{
	char *homes[16];
	int n = rt_home_dirs(homes);
	struct rt_script s = {.line = 1, .text = prelude};
	struct rt_err err;

	*z = (struct zoo){.interp = rt_interp_new(true)};
	rt_interp_define(z->interp, "zoo", on_zoo, z);
	while (!s.done)
		RT_ASSERT(rt_interp_step(z->interp, &s, &err) == RT_OK);
	for (int i = 0; i < n; i++) {
		read_folder(z, homes[i]);
		free(homes[i]);
	}
}

static void zoo_close(struct zoo *z)
{
	for (int i = 0; i < z->n; i++) {
		struct entry *e = &z->entry[i];

		free(e->name);
		free(e->summary);
		free(e->body);
		free(e->path);
		rt_words_release(&e->params);
	}
	free(z->entry);
	rt_interp_free(z->interp);
}

static enum rt_status unknown_name(const struct zoo *z, const char *name, struct rt_err *err)
{
	const char **names = rt_alloc((size_t)z->n, sizeof(*names)), *near;
	struct rt_str all = {0};

	for (int i = 0; i < z->n; i++) {
		names[i] = z->entry[i].name;
		rt_str_addf(&all, " %s", names[i]);
	}
	near = rt_nearest(name, names, z->n);
	if (near)
		rt_fail(err, RT_ENOTFOUND, "no zoo model \"%s\"; did you mean \"%s\"?", name, near);
	else if (z->broken.status != RT_OK)
		*err = z->broken;
	else if (z->n == 0)
		rt_fail(err, RT_ENOTFOUND, "no zoo model \"%s\": the zoo's files are not found   "
			"(RETORT_DATA names the folder above zoo/)", name);
	else
		rt_fail(err, RT_ENOTFOUND, "no zoo model \"%s\"   (one of:%s)", name,
			rt_str_text(&all));
	free(names);
	rt_str_release(&all);
	return err->status;
}

static enum rt_status unknown_param(const struct entry *e, const char *name, struct rt_err *err)
{
	const char **names = rt_alloc((size_t)e->params.n, sizeof(*names)), *near;
	struct rt_str all = {0};
	int n = 0;

	for (int i = 0; i + 1 < e->params.n; i += 2) {
		names[n++] = e->params.v[i];
		rt_str_addf(&all, " %s %s", e->params.v[i], e->params.v[i + 1]);
	}
	near = rt_nearest(name, names, n);
	if (near)
		rt_fail(err, RT_EINVAL,
			"zoo model %s has no parameter \"%s\"; did you mean \"%s\"?", e->name, name,
			near);
	else
		rt_fail(err, RT_EINVAL, "zoo model %s has no parameter \"%s\"   (it has:%s)",
			e->name, name, n ? rt_str_text(&all) : " none");
	free(names);
	rt_str_release(&all);
	return RT_EINVAL;
}

/* Puts the given values over the defaults. */
static enum rt_status bind(const struct entry *e, const char **names, const char **values, int n,
			   const char *const *given, struct rt_err *err)
{
	int count = e->params.n / 2, k;

	for (int i = 0; i < count; i++) {
		names[i] = e->params.v[2 * i];
		values[i] = e->params.v[2 * i + 1];
	}
	for (int i = 0; i < n; i += 2) {
		const char *name = given[i] + (given[i][0] == '-');

		for (k = 0; k < count && strcmp(names[k], name) != 0; k++)
			;
		if (k == count)
			return unknown_param(e, name, err);
		if (i + 1 == n)
			return rt_fail(err, RT_EINVAL,
				       "zoo model %s: %s needs a value   (try: %s %s)", e->name,
				       name, name, values[k]);
		values[k] = given[i + 1];
	}
	return RT_OK;
}

static enum rt_status expand(struct zoo *z, const struct entry *e, char **out, int n,
			     const char *const *given, struct rt_err *err)
{
	int count = e->params.n / 2;
	const char **names = rt_alloc((size_t)count, sizeof(*names));
	const char **values = rt_alloc((size_t)count, sizeof(*values));
	enum rt_status status = bind(e, names, values, n, given, err);

	if (status == RT_OK) {
		status = rt_interp_apply(z->interp, count, names, values, e->body, out, err);
		if (status != RT_OK && status != RT_ECANCELLED)
			rt_wrap(err, "zoo model %s (%s)", e->name, e->path);
	}
	free(names);
	free(values);
	return status;
}

enum rt_status rt_zoo_text(char **out, const char *name, int n, const char *const *params,
			   struct rt_err *err)
{
	struct zoo z;
	const struct entry *e;
	enum rt_status status;

	zoo_open(&z);
	e = find(&z, name);
	status = e ? expand(&z, e, out, n, params, err) : unknown_name(&z, name, err);
	zoo_close(&z);
	return status;
}

enum rt_status rt_zoo_params(struct rt_strings *out, char **summary, const char *name,
			     struct rt_err *err)
{
	struct zoo z;
	const struct entry *e;
	enum rt_status status = RT_OK;

	zoo_open(&z);
	e = find(&z, name);
	if (!e)
		status = unknown_name(&z, name, err);
	for (int i = 0; e && i < e->params.n; i++)
		rt_strings_add(out, e->params.v[i]);
	if (e && summary)
		*summary = rt_strdup(e->summary);
	zoo_close(&z);
	return status;
}

enum rt_status rt_zoo_split(struct rt_strings *out, const char *list, struct rt_err *err)
{
	return rt_interp_split(list, out, err);
}

/* Tries the numbers nearest to what depth has become until the network's file accepts one. */
static enum rt_status settle_depth(struct zoo *z, const struct entry *e, struct rt_strings *set,
				   struct rt_err *err)
{
	char **depth = NULL, *text, *wanted;
	enum rt_status status;
	struct rt_err ignored;
	int64_t n;

	for (int i = 0; i + 1 < set->n; i += 2)
		if (strcmp(set->v[i], "depth") == 0)
			depth = &set->v[i + 1];
	status = expand(z, e, &text, set->n, (const char *const *)set->v, err);
	if (status == RT_OK)
		free(text);
	if (status == RT_OK || !depth || !rt_parse_int(*depth, &n))
		return status;
	wanted = *depth;
	for (int k = 1; k <= 6 && status != RT_OK; k++)
		for (int sign = -1; sign <= 1 && status != RT_OK; sign += 2) {
			*depth = rt_sprintf("%" PRId64, n + sign * k);
			status = expand(z, e, &text, set->n, (const char *const *)set->v, &ignored);
			free(status == RT_OK ? text : *depth);
		}
	if (status == RT_OK)
		free(wanted);
	else
		*depth = wanted;
	return status;
}

enum rt_status rt_zoo_scaled(struct rt_strings *out, const char *name, int n,
			     const char *const *params, double width, double depth,
			     struct rt_err *err)
{
	struct zoo z;
	const struct entry *e;
	const char **names, **values;
	enum rt_status status;
	int count;

	zoo_open(&z);
	e = find(&z, name);
	if (!e) {
		status = unknown_name(&z, name, err);
		zoo_close(&z);
		return status;
	}
	count = e->params.n / 2;
	names = rt_alloc((size_t)count, sizeof(*names));
	values = rt_alloc((size_t)count, sizeof(*values));
	status = bind(e, names, values, n, params, err);
	if (status == RT_OK)
		status = rt_zoo_scale(out, count, names, values, width, depth, err);
	if (status == RT_OK)
		status = settle_depth(&z, e, out, err);
	if (status != RT_OK && status != RT_ECANCELLED)
		rt_wrap(err, "zoo model %s", name);
	free(names);
	free(values);
	zoo_close(&z);
	return status;
}

enum rt_status rt_zoo_names(struct rt_strings *out, struct rt_err *err)
{
	struct zoo z;
	enum rt_status status;

	zoo_open(&z);
	for (int i = 0; i < z.n; i++)
		rt_strings_add(out, z.entry[i].name);
	status = z.broken.status;
	if (status != RT_OK)
		*err = z.broken;
	zoo_close(&z);
	return status;
}

enum rt_status rt_zoo_help(struct rt_str *out, struct rt_err *err)
{
	struct zoo z;
	enum rt_status status;
	int at = 0;

	zoo_open(&z);
	for (int i = 0; i < z.n; i++)
		at = (int)strlen(z.entry[i].name) > at ? (int)strlen(z.entry[i].name) : at;
	for (int i = 0; i < z.n; i++) {
		const struct entry *e = &z.entry[i];
		struct rt_str text = {0};

		rt_str_add(&text, e->summary);
		for (int k = 0; k + 1 < e->params.n; k += 2)
			rt_str_addf(&text, "%s%s %s", k ? ", " : " (", e->params.v[k],
				    e->params.v[k + 1]);
		if (e->params.n)
			rt_str_addc(&text, ')');
		rt_str_addf(out, "  %-*s", at + 2, e->name);
		rt_text_wrap(out, text.text, at + 4, at + 4, 80);
		rt_str_release(&text);
	}
	status = z.broken.status;
	if (status != RT_OK)
		*err = z.broken;
	zoo_close(&z);
	return status;
}
