/* pane_confusion.c - the pane of the confusion matrix: what the student takes for what. */
#include "config.h"

#include "views/confusion.h"
#include "views/pane.h"

static const struct rt_model_facts *shown(const struct rt_look *l)
{
	int pair[2], n = rt_look_pair(l, pair);

	return n && l->model[pair[n - 1]]->confusion && l->data ? l->model[pair[n - 1]] : NULL;
}

static void title(struct rt_str *out, const struct rt_scene *s)
{
	const struct rt_model_facts *f = shown(s->look);

	rt_str_addf(out, "confusion%s%s", f ? " of " : "", f ? f->name : "");
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	const struct rt_model_facts *f = shown(s->look);
	struct rt_confusion view;
	struct rt_canvas whole;

	if (!f) {
		rt_pane_hint(c, "data and a model that answers with classes are needed");
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

static struct rt_val *value(const struct rt_scene *s)
{
	const struct rt_model_facts *f = shown(s->look);
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
	.row = {"confusion", "which class the student takes for which", NULL, 0},
	.height = 18,
	.title = title,
	.draw = draw,
	.value = value,
};
