/* pane_confusion.c - the pane of the confusion matrix: what the student takes for what. */
#include "config.h"

#include "views/confusion.h"
#include "views/pane.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

static const struct rt_model_facts *shown(const struct rt_scene *s)
{
	int at = rt_look_shown(s->look, s->focus);

	return at >= 0 && s->look->model[at]->confusion && s->look->data ? s->look->model[at]
									 : NULL;
}

static void title(struct rt_str *out, const struct rt_scene *s)
{
	const struct rt_model_facts *f = shown(s);

	rt_str_addf(out, "confusion%s%s", f ? " of " : "", f ? f->name : "");
}

enum { COUNT = 9 };	/* columns for a count and the gap behind it */

/* One mistake: how often what is k is taken for j. */
struct mistake {
	int64_t count;
	int k, j;
};

static int by_count(const void *a, const void *b)
{
	const struct mistake *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->k != y->k ? x->k - y->k : x->j - y->j;
}

static void mistake_text(struct rt_str *out, const struct rt_look *l, const struct mistake *m)
{
	char a[64], b[64];

	rt_str_clear(out);
	rt_str_addf(out, "%s → %s", rt_look_class(l, m->k, a, sizeof(a)),
		    rt_look_class(l, m->j, b, sizeof(b)));
}

/* Where the matrix does not fit: the most frequent mistakes, as many as do. */
static void draw_mistakes(struct rt_canvas *c, const struct rt_look *l,
			  const struct rt_model_facts *f, int h)
{
	int n = l->data->classes, found = 0, name = 0, widest;
	struct rt_str line = {0};
	struct mistake *m = rt_alloc((size_t)n * (size_t)n, sizeof(*m));

	for (int k = 0; k < n; k++)
		for (int j = 0; j < n; j++)
			if (k != j && f->confusion[k * n + j])
				m[found++] = (struct mistake){f->confusion[k * n + j], k, j};
	qsort(m, (size_t)found, sizeof(*m), by_count);
	for (int i = 0; i < found && i < h * c->w; i++) {
		mistake_text(&line, l, &m[i]);
		widest = rt_canvas_width(c, rt_str_text(&line));
		name = widest > name ? widest : name;
	}
	for (int i = 0; i < found && (i / h + 1) * (name + COUNT) <= c->w; i++) {
		int x = i / h * (name + COUNT);

		mistake_text(&line, l, &m[i]);
		rt_canvas_fit(c, x, i % h, name, RT_LEFT, rt_str_text(&line), RT_INK_PLAIN);
		rt_str_clear(&line);
		rt_str_addf(&line, "%" PRId64 "×", m[i].count);
		rt_canvas_fit(c, x + name, i % h, COUNT - 3, RT_RIGHT, rt_str_text(&line),
			      RT_INK_BOLD);
	}
	rt_str_release(&line);
	if (found == 0)
		rt_pane_hint(c, "no mistakes");
	free(m);
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	const struct rt_model_facts *f = shown(s);
	struct rt_confusion view;
	struct rt_canvas whole;

	if (!f) {
		rt_pane_hint(c, "data and a model that answers with classes are needed");
		return;
	}
	if (h < s->look->data->classes + 1) {
		draw_mistakes(c, s->look, f, h);
		return;
	}
	view = (struct rt_confusion){.classes = s->look->data->classes, .count = f->confusion,
				     .class_name = (const char *const *)s->look->data->class_name};
	rt_canvas_init(&whole, &c->style);
	rt_confusion_draw(&whole, &view);
	/* the line that names rows and columns gives way to the last class */
	rt_canvas_paste(c, 0, 0, c->w, h, &whole, whole.h > h ? 1 : 0);
	rt_canvas_release(&whole);
}

static enum rt_status png(const struct rt_scene *s, const char *path, const char *command,
			  struct rt_err *err)
{
	const struct rt_model_facts *f = shown(s);
	struct rt_confusion view;
	struct rt_str title = {0};
	enum rt_status status;

	if (!f)
		return rt_fail(err, RT_ENOTFOUND, "data and a model that answers with classes are "
			       "needed   (try: data load mnist)");
	rt_str_addf(&title, "Confusion of %s", f->name);
	view = (struct rt_confusion){.title = rt_str_text(&title),
				     .classes = s->look->data->classes, .count = f->confusion,
				     .class_name = (const char *const *)s->look->data->class_name,
				     .command = command};
	status = rt_confusion_png(&view, path, err);
	rt_str_release(&title);
	return status;
}

static struct rt_val *value(const struct rt_scene *s)
{
	const struct rt_model_facts *f = shown(s);
	struct rt_val *list = rt_val_list();
	char name[64];

	for (int i = 0; f && i < s->look->data->classes; i++) {
		struct rt_val *v = rt_val_dict();

		rt_val_put(v, "label",
			   rt_val_string(rt_look_class(s->look, i, name, sizeof(name))));
		for (int k = 0; k < s->look->data->classes; k++)
			rt_val_put(v, rt_look_class(s->look, k, name, sizeof(name)),
				   rt_val_int(f->confusion[i * s->look->data->classes + k]));
		rt_val_add(list, v);
	}
	return list;
}

const struct rt_pane rt_pane_confusion = {
	.row = {"confusion", "which class a model takes for which", NULL, 0},
	.height = 18,
	.title = title,
	.draw = draw,
	.value = value,
	.png = png,
	.scrolls = true,
	.head = 1,
};
