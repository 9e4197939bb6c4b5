/* pane_sample.c - the pane of a sample: its picture, what the models look at, what they answer. */
#include "config.h"

#include "views/bars.h"
#include "views/heatmap.h"
#include "views/mosaic.h"
#include "views/page.h"
#include "views/pane.h"

#include "base/mem.h"
#include "explain/explain.h"
#include "train/loss.h"
#include "train/metrics.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { GAP = 2, LEAST_BARS = 34, BOTH_BARS = 72, MOST_BARS = 130, MOST_PANELS = 4, TALLEST = 24,
       LEAST_TALL = 4, FEATURE_WIDTH = 24, LEAST_PANEL = 11 };

/* What is drawn: the sample and the models that answer it. */
struct shown {
	const struct rt_scene *s;
	int64_t place;
	int label;			/* -1 for regression */
	int n;
	int model[2];
	const float *z[2];		/* borrowed */
	int64_t classes;
};

static bool choose(struct shown *v, const struct rt_scene *s)
{
	const struct rt_look *l = s->look;
	int pair[2], n = rt_look_pair(l, pair);

	*v = (struct shown){.s = s, .place = rt_look_place(l, s->focus), .label = -1};
	if (v->place < 0)
		return false;
	if (l->data->task == RT_CLASSIFY)
		v->label = rt_data_label(l->data, l->data->part[RT_PART_TEST][v->place]);
	for (int i = 0; i < n; i++) {
		v->z[v->n] = rt_look_logits(l, pair[i], v->place);
		if (v->z[v->n] && (v->n == 0 || l->model[pair[i]]->width == v->classes)) {
			v->classes = l->model[pair[i]]->width;
			v->model[v->n++] = pair[i];
		}
	}
	return true;
}

static void title(struct rt_str *out, const struct rt_scene *s)
{
	const struct rt_look *l = s->look;
	struct shown v;
	char name[64], T[RT_NUM];

	if (!choose(&v, s)) {
		rt_str_add(out, "sample");
		return;
	}
	rt_str_addf(out, "sample %" PRId64, v.place);
	if (v.label >= 0)
		rt_str_addf(out, ": %s", rt_look_class(l, v.label, name, sizeof(name)));
	if (l->maps.n && l->maps.place == v.place && l->data->task == RT_CLASSIFY)
		rt_str_addf(out, "   %s of %s", l->maps.method,
			    rt_look_class(l, l->maps.output, name, sizeof(name)));
	if (v.n && v.label >= 0)
		rt_str_addf(out, "   T = %s", rt_num_short(T, rt_look_temperature(l, s->focus), 3));
}

static enum rt_role role_of(const struct shown *v, int i)
{
	return rt_look_role(v->s->look, v->s->look->model[v->model[i]]->name);
}

/* --- pictures ------------------------------------------------------------------------------ */

static const char *panel_title(const struct rt_look *l, int map)
{
	const char *name = rt_role_name(rt_look_role(l, l->model[l->maps.model[map]]->name));

	return *name ? name : "model";
}

static void draw_signed(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m,
			const float *map, const struct rt_look_maps *maps, double clip)
{
	size_t n = (size_t)m->pw * (size_t)m->ph;
	float *t = rt_alloc(n, sizeof(*t));

	rt_grid_resize(t, m->pw, m->ph, map, (int)maps->w, (int)maps->h);
	for (size_t i = 0; i < n; i++)
		t[i] = (float)(t[i] / clip);
	rt_mosaic_signed(c, x, y, m, t);
	free(t);
}

static double clip_of(const struct rt_look_maps *maps)
{
	size_t n = (size_t)(maps->h * maps->w);
	float *all = rt_alloc(n * (size_t)maps->n, sizeof(*all));
	double clip;

	for (int k = 0; k < maps->n; k++)
		for (size_t i = 0; i < n; i++)
			all[(size_t)k * n + i] = fabsf(maps->map[k][i]);
	clip = rt_clip_value(all, n * (size_t)maps->n, RT_MAP_PERCENTILE);
	free(all);
	return clip > 0 ? clip : 1;
}

/* Panels of one size in one row or two, so that as many as there are find room. */
struct grid {
	struct rt_mosaic m;
	int n, across;		/* panels; in a row */
};

static void panel_at(const struct grid *g, int i, int *x, int *y)
{
	*x = i % g->across * (g->m.cols + GAP);
	*y = i / g->across * (g->m.rows + 1);
}

static struct grid fit_grid(int pw, int ph, int panels, int room, int h)
{
	struct grid best = {.n = 0};

	for (int n = panels; n > 0; n--) {
		for (int rows = 1; rows <= 2 && rows <= n; rows++) {
			struct grid g = {.n = n, .across = (n + rows - 1) / rows};
			int tall = h / rows - 1, wide = room / g.across - GAP;

			tall = tall > TALLEST ? TALLEST : tall;
			if (tall < 1 || wide < 2)
				continue;
			g.m = rt_mosaic_fit(pw, ph, wide, tall);
			if (best.n < n || g.m.cols > best.m.cols)
				best = g;
		}
		if (best.n && (best.m.cols >= LEAST_PANEL || best.m.cols >= pw))
			return best;
		if (n > 1)
			best.n = 0;
	}
	return best;
}

/* The maps that belong to this sample, and their difference as a further one. */
static void draw_maps(struct rt_canvas *c, const struct grid *g, const struct rt_look *l)
{
	const struct rt_look_maps *maps = &l->maps;
	double clip = clip_of(maps);
	size_t n = (size_t)(maps->h * maps->w);

	for (int k = 0; k + 1 < g->n; k++) {
		float *difference = NULL;
		const float *map = k < maps->n ? maps->map[k] : NULL;
		int x, y;

		panel_at(g, k + 1, &x, &y);
		if (!map) {
			difference = rt_alloc(n, sizeof(*difference));
			for (size_t i = 0; i < n; i++)
				difference[i] = maps->map[1][i] - maps->map[0][i];
			map = difference;
		}
		rt_canvas_fit(c, x, y, g->m.cols, RT_LEFT,
			      k < maps->n ? panel_title(l, k) : "difference", RT_INK_DIM);
		draw_signed(c, x, y + 1, &g->m, map, maps, clip);
		free(difference);
	}
}

/* The sample as an image; its values are the caller's to free. */
static float *take_picture(struct rt_picture *picture, const struct shown *v)
{
	const struct rt_data *d = v->s->look->data;
	int64_t n = rt_shape_count(&d->sample);
	int32_t number = d->part[RT_PART_TEST][v->place];
	float *x = rt_alloc((size_t)n, sizeof(*x));

	for (int64_t i = 0; i < n; i++)
		x[i] = (float)rt_tensor_get(&d->x, number * n + i);
	*picture = (struct rt_picture){.w = (int)d->sample.dim[2],
				       .h = (int)d->sample.dim[1],
				       .channels = (int)d->sample.dim[0],
				       .lo = d->low,
				       .hi = d->high,
				       .v = x};
	return x;
}

static void draw_input(struct rt_canvas *c, const struct rt_mosaic *m, const struct shown *v)
{
	struct rt_picture picture;
	float *x = take_picture(&picture, v);

	rt_canvas_fit(c, 0, 0, m->cols, RT_LEFT, "input", RT_INK_DIM);
	rt_picture_put(c, 0, 1, m, &picture);
	free(x);
}

/* Picture and maps; returns the columns they take. */
static int draw_pictures(struct rt_canvas *c, const struct shown *v, int h)
{
	const struct rt_look *l = v->s->look;
	int maps = 0, room = v->classes > 0 && c->w >= LEAST_BARS + 16 ? c->w - LEAST_BARS : c->w;
	struct grid g;

	if (l->maps.n && l->maps.place == v->place)
		maps = l->maps.n == 2 ? 3 : l->maps.n;
	g = fit_grid((int)l->data->sample.dim[2], (int)l->data->sample.dim[1], maps + 1, room, h);
	if (g.n == 0)
		return 0;
	draw_input(c, &g.m, v);
	if (g.n > 1)
		draw_maps(c, &g, l);
	return g.across * (g.m.cols + GAP);
}

/* --- bars ---------------------------------------------------------------------------------- */

/* Probabilities at T = 1 and at the temperature, and the classes in the order they are drawn. */
struct answers {
	float *p[2][2];		/* [softened][model][class] */
	float most[2];		/* the largest: a bar as long as its column */
	int *order;
};

static void order_classes(struct answers *a, const struct shown *v)
{
	a->order = rt_alloc((size_t)v->classes, sizeof(int));
	for (int k = 0; k < v->classes; k++) {
		int at = k;
		float most = 0;

		for (int i = 0; i < v->n; i++)
			most = fmaxf(most, a->p[0][i][k]);
		for (; at > 0; at--) {
			float other = 0;

			for (int i = 0; i < v->n; i++)
				other = fmaxf(other, a->p[0][i][a->order[at - 1]]);
			if (other >= most)
				break;
			a->order[at] = a->order[at - 1];
		}
		a->order[at] = k;
	}
}

static void answer(struct answers *a, const struct shown *v)
{
	double T[2] = {1, rt_look_temperature(v->s->look, v->s->focus)};

	for (int soft = 0; soft < 2; soft++)
		for (int i = 0; i < v->n; i++) {
			a->p[soft][i] = rt_alloc((size_t)v->classes, sizeof(float));
			rt_soften(a->p[soft][i], v->z[i], v->classes, T[soft]);
			for (int64_t k = 0; k < v->classes; k++)
				a->most[soft] = fmaxf(a->most[soft], a->p[soft][i][k]);
		}
	order_classes(a, v);
}

static void release(struct answers *a)
{
	for (int i = 0; i < 4; i++)
		free(a->p[i / 2][i % 2]);
	free(a->order);
}

/* Where the bars go: from column x on, groups (T = 1 and softened, or softened alone). */
struct room {
	int x, label, groups, column, cells;
};

static struct room make_room(const struct rt_canvas *c, int x, const struct shown *v)
{
	struct room r = {.x = x};
	int w = c->w - x;
	char name[64];

	w = w > MOST_BARS ? MOST_BARS : w;
	for (int k = 0; k < v->classes; k++) {
		int width = rt_canvas_width(c, rt_look_class(v->s->look, k, name, sizeof(name)));

		r.label = width > r.label ? width : r.label;
	}
	r.label = r.label > w / 4 ? w / 4 : r.label;
	r.groups = w >= BOTH_BARS ? 2 : 1;
	r.column = (w - r.label - 2) / (r.groups * v->n);
	r.cells = r.column - 8;
	r.cells = r.cells < 1 ? 1 : r.cells;
	return r;
}

static void draw_heads(struct rt_canvas *c, const struct room *r, const struct shown *v,
		       const struct answers *a)
{
	const struct rt_look *l = v->s->look;
	char name[64], T[RT_NUM];

	for (int g = 0; g < r->groups; g++)
		for (int i = 0; i < v->n; i++) {
			int soft = r->groups == 1 || g, best = rt_argmax(v->z[i], v->classes);
			struct rt_str head = {0};

			if (r->groups > 1 && i == 0)
				rt_str_addf(
					&head, "T = %s  ",
					rt_num_short(T,
						     soft ? rt_look_temperature(l, v->s->focus) : 1,
						     3));
			rt_str_addf(&head, "%s: %s", l->model[v->model[i]]->name,
				    rt_look_class(l, best, name, sizeof(name)));
			if (!soft)
				rt_str_addf(&head, " (%s)", rt_num_percent(T, a->p[0][i][best]));
			rt_canvas_fit(c, r->x + r->label + 2 + (g * v->n + i) * r->column, 0,
				      r->column - 1, RT_LEFT, rt_str_text(&head),
				      RT_INK_COLOR(rt_role_cells(role_of(v, i))));
			rt_str_release(&head);
		}
}

static void draw_class(struct rt_canvas *c, int y, int k, const struct room *r,
		       const struct shown *v, const struct answers *a)
{
	struct rt_ink ink = k == v->label ? RT_INK_BOLD : RT_INK_PLAIN;
	char text[64];

	rt_canvas_fit(c, r->x, y, r->label, RT_RIGHT,
		      rt_look_class(v->s->look, k, text, sizeof(text)), ink);
	if (k == v->label)
		rt_canvas_put(c, r->x + r->label, y, '*', ink);
	for (int g = 0; g < r->groups; g++)
		for (int i = 0; i < v->n; i++) {
			int soft = r->groups == 1 || g;
			double p = a->p[soft][i][k], part = p / a->most[soft];
			int x = r->x + r->label + 2 + (g * v->n + i) * r->column;
			char number[RT_NUM];

			rt_canvas_bar(c, x, y, r->cells, p < 0.0005 ? 0 : part * r->cells,
				      role_of(v, i));
			snprintf(number, sizeof(number), "%.1f", 100 * p);
			rt_canvas_fit(c, x + r->cells + 1, y, 5, RT_RIGHT, number, RT_INK_PLAIN);
		}
}

static void draw_bars(struct rt_canvas *c, int x, int h, const struct shown *v)
{
	struct room r = make_room(c, x, v);
	struct answers a = {0};

	answer(&a, v);
	draw_heads(c, &r, v, &a);
	for (int row = 0; row < v->classes && row + 1 < h; row++)
		draw_class(c, row + 1, a.order[row], &r, v, &a);
	release(&a);
}

/* --- tables: features instead of a picture -------------------------------------------------- */

static int draw_features(struct rt_canvas *c, const struct shown *v, int h)
{
	const struct rt_data *d = v->s->look->data;
	int64_t n = rt_shape_count(&d->sample);
	int32_t number = d->part[RT_PART_TEST][v->place];
	int name = FEATURE_WIDTH - 10;

	for (int64_t i = 0; i < n && i < h; i++) {
		char text[64];

		if (d->feature_name)
			snprintf(text, sizeof(text), "%.60s", d->feature_name[i]);
		else
			snprintf(text, sizeof(text), "%" PRId64, i);
		rt_canvas_fit(c, 0, (int)i, name, RT_LEFT, text, RT_INK_DIM);
		if (rt_data_is_text(d)) {
			rt_canvas_fit(c, 3, (int)i, FEATURE_WIDTH - 5, RT_LEFT,
				      rt_data_text(d, number, i, text, sizeof(text)), RT_INK_PLAIN);
			continue;
		}
		rt_num_short(text, rt_tensor_get(&d->x, number * n + i), 3);
		rt_canvas_fit(c, name, (int)i, FEATURE_WIDTH - name - 2, RT_RIGHT, text,
			      RT_INK_PLAIN);
	}
	return FEATURE_WIDTH;
}

/* What regression models predict for the sample, against the truth. */
static void draw_targets(struct rt_canvas *c, int x, const struct shown *v)
{
	const struct rt_data *d = v->s->look->data;
	int32_t number = d->part[RT_PART_TEST][v->place];
	char line[120], value[RT_NUM];

	snprintf(line, sizeof(line), "target %s",
		 rt_num_short(value, rt_data_target(d, number, 0), 4));
	rt_canvas_text(c, x, 0, line, RT_INK_PLAIN);
	for (int i = 0; i < v->n; i++) {
		double raw = (v->z[i][0] - d->y_shift) / d->y_scale;

		snprintf(line, sizeof(line), "%.60s %s", v->s->look->model[v->model[i]]->name,
			 rt_num_short(value, raw, 4));
		rt_canvas_text(c, x, i + 1, line, RT_INK_COLOR(rt_role_cells(role_of(v, i))));
	}
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	struct shown v;
	int x;

	if (!choose(&v, s)) {
		rt_pane_hint(c, "data load mnist");
		return;
	}
	if (s->look->data->sample.rank == 3 && h >= LEAST_TALL)
		x = draw_pictures(c, &v, h);
	else
		x = draw_features(c, &v, h);
	if (v.n == 0 || c->w - x < 20)
		return;
	if (v.label >= 0)
		draw_bars(c, x, h, &v);
	else
		draw_targets(c, x, &v);
}

/* --- PNG ----------------------------------------------------------------------------------- */

static enum rt_status maps_page(struct rt_page *page, const struct shown *v, const char *title,
				struct rt_err *err)
{
	const struct rt_look *l = v->s->look;
	const struct rt_look_maps *maps = &l->maps;
	bool fresh = maps->n && maps->place == v->place;
	struct rt_picture picture;
	struct rt_map map[RT_LOOK_MAPS];
	struct rt_heatmap view = {.title = title, .input = &picture, .map = map};
	struct rt_gallery alone = {.title = title, .n = 1, .picture = &picture};
	float *x = take_picture(&picture, v);
	enum rt_status status;

	for (int i = 0; fresh && i < maps->n; i++)
		map[view.nmap++] = (struct rt_map){
			.role = rt_look_role(l, l->model[maps->model[i]]->name),
			.name = l->model[maps->model[i]]->name, .w = (int)maps->w,
			.h = (int)maps->h, .v = maps->map[i]};
	view.difference = view.nmap == 2;
	status = view.nmap ? rt_heatmap_page(page, &view, err) : rt_gallery_page(page, &alone, err);
	free(x);
	return status;
}

static enum rt_status bars_page(struct rt_page *page, const struct shown *v, const char *command,
				struct rt_err *err)
{
	const struct rt_look *l = v->s->look;
	struct rt_bars_model models[2];
	struct rt_bars view = {.sample = v->place, .classes = (int)v->classes,
			       .class_name = (const char *const *)l->data->class_name,
			       .label = v->label, .nmodel = v->n, .model = models,
			       .temperature = rt_look_temperature(l, v->s->focus),
			       .command = command};
	struct answers a = {0};
	enum rt_status status;

	answer(&a, v);
	for (int i = 0; i < v->n; i++)
		models[i] = (struct rt_bars_model){.role = role_of(v, i),
						   .name = l->model[v->model[i]]->name,
						   .hard = a.p[0][i], .soft = a.p[1][i]};
	status = rt_bars_page(page, &view, err);
	release(&a);
	return status;
}

/* Picture and maps above, bars below; for other data than pictures the bars alone. */
static enum rt_status png(const struct rt_scene *s, const char *path, const char *command,
			  struct rt_err *err)
{
	struct rt_str words = {0};
	struct rt_page page[2];
	enum rt_status status = RT_OK;
	struct shown v;
	int n = 0;

	if (!choose(&v, s))
		return rt_fail(err, RT_ENOTFOUND, "there is no data yet   (try: data load mnist)");
	if (s->look->data->sample.rank != 3 && (v.n == 0 || v.label < 0))
		return rt_fail(err, RT_EUNSUPPORTED, "this sample is neither an image nor answered "
			       "with classes   (try: explain)");
	title(&words, s);
	if (s->look->data->sample.rank == 3)
		status = maps_page(&page[n++], &v, rt_str_text(&words), err);
	if (status == RT_OK && v.n && v.label >= 0) {
		status = bars_page(&page[n], &v, command, err);
		n += status == RT_OK;
	} else if (status != RT_OK) {
		n = 0;
	}
	rt_str_release(&words);
	if (status == RT_OK)
		return rt_pages_save(page, n, path, err);
	if (n)
		rt_image_release(&page[0].img);
	return status;
}

static struct rt_val *value(const struct rt_scene *s)
{
	struct rt_val *list = rt_val_list();
	struct answers a = {0};
	struct shown v;
	char name[64];

	if (!choose(&v, s) || v.n == 0 || v.label < 0)
		return list;
	answer(&a, &v);
	for (int k = 0; k < v.classes; k++)
		for (int i = 0; i < v.n; i++) {
			struct rt_val *row = rt_val_dict();

			rt_val_put(row, "sample", rt_val_int(v.place));
			rt_val_put(row, "class",
				   rt_val_string(rt_look_class(s->look, k, name, sizeof(name))));
			rt_val_put(row, "model", rt_val_string(s->look->model[v.model[i]]->name));
			rt_val_put(row, "hard", rt_val_real(a.p[0][i][k]));
			rt_val_put(row, "soft", rt_val_real(a.p[1][i][k]));
			rt_val_add(list, row);
		}
	release(&a);
	return list;
}

const struct rt_pane rt_pane_sample = {
	.row = {"sample", "one sample: its picture, what the models look at and answer", NULL, 0},
	.height = 14,
	.title = title,
	.draw = draw,
	.value = value,
	.png = png,
};
