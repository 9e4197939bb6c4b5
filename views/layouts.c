/* layouts.c - which panes stand where: the layouts of the program, and the user's own. */
#include "config.h"

#include "views/layout.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/xdg.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rt_layout distill = {
	.row = {"distill", "teacher and student while the student learns", NULL, 0},
	.narrow = {{8, {{&rt_pane_models, 3}, {&rt_pane_curves, 6}}},
		   {8, {{&rt_pane_sample, 1}}},
		   {6, {{&rt_pane_layers, 4}, {&rt_pane_job, 2}}}},
	.wide = {{9, {{&rt_pane_models, 3}, {&rt_pane_curves, 6}, {&rt_pane_job, 3}}},
		 {9, {{&rt_pane_sample, 1}}},
		 {12, {{&rt_pane_layers, 7}, {&rt_pane_confusion, 5}}}},
};

static const struct rt_layout explain = {
	.row = {"explain", "one sample, and what the models look at", NULL, 0},
	.narrow = {{12, {{&rt_pane_sample, 1}}},
		   {7, {{&rt_pane_models, 2}, {&rt_pane_confusion, 4}}}},
	.wide = {{18, {{&rt_pane_sample, 1}}},
		 {12, {{&rt_pane_models, 3}, {&rt_pane_confusion, 5}, {&rt_pane_curves, 4}}}},
};

static const struct rt_layout compress = {
	.row = {"compress", "bytes, MACs, latency and layers, before and after", NULL, 0},
	.narrow = {{6, {{&rt_pane_compression, 1}}},
		   {7, {{&rt_pane_layers, 1}}}},
	.wide = {{8, {{&rt_pane_compression, 7}, {&rt_pane_models, 4}}},
		 {12, {{&rt_pane_layers, 7}, {&rt_pane_curves, 5}}},
		 {9, {{&rt_pane_sample, 1}}}},
};

static const struct rt_layout focus = {
	.row = {"focus", "one pane alone", NULL, 0},
};

static const struct rt_row *const layout_rows[] = {&distill.row, &explain.row, &compress.row,
						   &focus.row};
const struct rt_list rt_layouts = {"layout", layout_rows, RT_COUNT(layout_rows)};

bool rt_layout_is_focus(const struct rt_layout *l)
{
	return l == &focus;
}

/* --- the user's own ------------------------------------------------------------------------ */

/* Kept in $XDG_CONFIG_HOME/retort/layouts, one a line: a name and a word for each band.  They are
 * added and replaced by one thread and read by others, so none is freed while the program runs. */
enum { MOST_OWN = 64 };
static struct own {
	struct rt_layout layout;
	char *name, *text;	/* text: the bands as written */
	struct own *before;	/* what it replaced */
} *_Atomic own[MOST_OWN];
static atomic_int n_own;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static char *layouts_path(void)
{
	return rt_xdg_path("XDG_CONFIG_HOME", ".config", "layouts");
}

/* One word of a band: "curves" or "curves:6" with its share of the width. */
static enum rt_status add_slot(struct rt_band *b, int i, const char *word, struct rt_err *err)
{
	const char *colon = strchr(word, ':');
	char *name = rt_sprintf("%.*s", colon ? (int)(colon - word) : (int)strlen(word), word);
	int64_t share = 1;
	enum rt_status status = RT_OK;

	if (i == RT_BANDS)
		status = rt_fail(err, RT_EINVAL, "at most %d panes stand side by side", RT_BANDS);
	else if (colon && (!rt_parse_int(colon + 1, &share) || share < 1 || share > 100))
		status = rt_fail(err, RT_EINVAL,
				 "%s: a share of the width is a number from 1 to 100   "
				 "(try: curves:2)", word);
	if (status == RT_OK)
		status = rt_pane_get(&b->slot[i].pane, name, err);
	if (status == RT_OK)
		b->slot[i].share = (int)share;
	free(name);
	return status;
}

static enum rt_status add_band(struct rt_band *b, const char *words, struct rt_err *err)
{
	char *copy = rt_strdup(words), *rest = copy, *word;
	enum rt_status status = RT_OK;
	int n = 0;

	b->share = 1;
	while (status == RT_OK && (word = strtok_r(rest, " \t", &rest)))
		status = add_slot(b, n++, word, err);
	free(copy);
	return status;
}

static void free_own(struct own *o)
{
	free(o->name);
	free(o->text);
	free(o);
}

static enum rt_status make_own(struct own **out, const char *name, int n, const char *const *bands,
			       struct rt_err *err)
{
	struct own *o = rt_alloc(1, sizeof(*o));
	struct rt_str text = {0};
	enum rt_status status = RT_OK;

	if (n < 1 || n > RT_BANDS)
		status = rt_fail(err, RT_EINVAL, "a layout has 1 to %d rows of panes, got %d   "
				 "(try: layout of {models curves} sample)", RT_BANDS, n);
	for (int i = 0; i < n && status == RT_OK; i++) {
		status = add_band(&o->layout.narrow[i], bands[i], err);
		rt_str_addf(&text, "%s{%s}", i ? " " : "", bands[i]);
	}
	o->name = rt_strdup(name);
	o->text = rt_str_take(&text);
	if (status != RT_OK) {
		free_own(o);
		return status;
	}
	memcpy(o->layout.wide, o->layout.narrow, sizeof(o->layout.wide));
	o->layout.row = (struct rt_row){o->name, o->text, NULL, 0};
	*out = o;
	return RT_OK;
}

/* Takes o; replaces the layout of that name. */
static void put_own(struct own *o)
{
	int n = atomic_load(&n_own), i = 0;

	while (i < n && strcmp(atomic_load(&own[i])->name, o->name) != 0)
		i++;
	if (i == MOST_OWN) {
		free_own(o);
		return;
	}
	o->before = i < n ? atomic_load(&own[i]) : NULL;
	atomic_store(&own[i], o);
	if (i == n)
		atomic_store(&n_own, n + 1);
}

/* "NAME {models curves} {sample}"; a line that does not make sense is passed over. */
static void read_line(char *line)
{
	char *name = strtok_r(line, " \t", &line), *band;
	const char *bands[RT_BANDS + 1];
	struct rt_err err;
	struct own *o;
	int n = 0;

	if (!name || *name == '#')
		return;
	while (n <= RT_BANDS && (band = strtok_r(line, "{}", &line)))
		if (band[strspn(band, " \t\r")])
			bands[n++] = band;
	if (make_own(&o, name, n, bands, &err) == RT_OK)
		put_own(o);
}

static void load(void)
{
	char *path = layouts_path(), *rest, *line;
	unsigned char *bytes;
	struct rt_err err;
	size_t len;

	if (path && rt_file_read(&bytes, &len, path, &err) == RT_OK) {
		rest = (char *)bytes;
		while ((line = strtok_r(rest, "\n", &rest)))
			read_line(line);
		free(bytes);
	}
	free(path);
}

int rt_layouts_own(const struct rt_layout *out[], int most)
{
	int n;

	pthread_once(&once, load);
	n = atomic_load(&n_own);
	n = n < most ? n : most;
	for (int i = 0; i < n; i++)
		out[i] = &atomic_load(&own[i])->layout;
	return n;
}

void rt_layout_names(struct rt_strings *out)
{
	const struct rt_layout *all[MOST_OWN];
	int n = rt_layouts_own(all, MOST_OWN);

	for (int i = 0; i < n; i++)
		rt_strings_add(out, all[i]->row.name);
	rt_strings_add(out, "of");
	rt_strings_add(out, "save");
}

const struct rt_layout *rt_layout_next(const struct rt_layout *l)
{
	const struct rt_layout *all[MOST_OWN];
	int n = rt_layouts_own(all, MOST_OWN), at = rt_layouts.n + n - 1;

	for (int i = 0; i < rt_layouts.n; i++)
		if (rt_layouts.rows[i] == &l->row)
			at = i;
	for (int i = 0; i < n; i++)
		if (all[i] == l)
			at = rt_layouts.n + i;
	at = (at + 1) % (rt_layouts.n + n);
	return at < rt_layouts.n ? (const struct rt_layout *)rt_layouts.rows[at]
				 : all[at - rt_layouts.n];
}

enum rt_status rt_layout_get(const struct rt_layout **out, const char *name, struct rt_err *err)
{
	const struct rt_layout *mine[MOST_OWN];
	const struct rt_row *rows[MOST_OWN + RT_COUNT(layout_rows)], *row;
	struct rt_list all = {"layout", rows, rt_layouts.n};
	int n = rt_layouts_own(mine, MOST_OWN);

	memcpy(rows, layout_rows, sizeof(layout_rows));
	for (int i = 0; i < n; i++)
		rows[all.n++] = &mine[i]->row;
	RT_TRY(rt_list_get(&row, &all, name, err));
	*out = (const struct rt_layout *)row;
	return RT_OK;
}

enum rt_status rt_layout_of(const struct rt_layout **out, int n, const char *const *bands,
			    struct rt_err *err)
{
	static struct own *_Atomic latest;
	struct own *o;

	RT_TRY(make_own(&o, "of", n, bands, err));
	o->before = atomic_load(&latest);
	atomic_store(&latest, o);
	*out = &o->layout;
	return RT_OK;
}

static void describe(struct rt_str *out, const struct rt_layout *l, const struct rt_pane *alone)
{
	if (rt_layout_is_focus(l))
		rt_str_addf(out, "{%s}", alone->row.name);
	for (int b = 0; b < RT_BANDS && l->narrow[b].slot[0].pane; b++) {
		rt_str_add(out, b ? " {" : "{");
		for (int i = 0; i < RT_BANDS && l->narrow[b].slot[i].pane; i++)
			rt_str_addf(out, "%s%s:%d", i ? " " : "",
				    l->narrow[b].slot[i].pane->row.name,
				    l->narrow[b].slot[i].share);
		rt_str_addc(out, '}');
	}
}

static enum rt_status write_all(struct rt_err *err)
{
	char *path = layouts_path();
	struct rt_out out = {0};
	enum rt_status status;

	if (!path)
		return rt_fail(err, RT_EIO, "there is no home folder to keep a layout in");
	rt_xdg_make_folder(path);
	status = rt_out_begin(&out, path, err);
	for (int i = 0; i < atomic_load(&n_own) && status == RT_OK; i++)
		fprintf(out.stream, "%s %s\n", atomic_load(&own[i])->name,
			atomic_load(&own[i])->text);
	if (status == RT_OK)
		status = rt_out_commit(&out, err);
	rt_out_abort(&out);
	free(path);
	return status;
}

enum rt_status rt_layout_keep(const char *name, const struct rt_layout *l,
			      const struct rt_pane *alone, struct rt_err *err)
{
	struct rt_str text = {0};
	char *line;

	pthread_once(&once, load);
	if (rt_list_find(&rt_layouts, name) || !*name || name[strcspn(name, " \t{}#:")])
		return rt_fail(err, RT_EINVAL, "\"%s\" cannot be the name of a layout of yours   "
			       "(try: layout save mine)", name);
	if (atomic_load(&n_own) == MOST_OWN)
		return rt_fail(err, RT_EINVAL, "there are %d layouts already", MOST_OWN);
	rt_str_addf(&text, "%s ", name);
	describe(&text, l, alone);
	line = rt_str_take(&text);
	read_line(line);
	free(line);
	return write_all(err);
}
