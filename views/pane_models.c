/* pane_models.c - the pane of models and data: who teaches, how good and how large each is. */
#include "config.h"

#include "views/caption.h"
#include "views/pane.h"

#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Facts at the right of a line, the most important first; those that do not fit are left out. */
enum { FACTS = 5 };
static const int fact_width[FACTS] = {7, 8, 9, 8, 6};

static void title(struct rt_str *out, const struct rt_scene *s)
{
	(void)s;
	rt_str_add(out, "models");
}

static uint32_t sign(const struct rt_canvas *c, enum rt_role role)
{
	switch (role) {
	case RT_TEACHER: return 'T';
	case RT_STUDENT: return 'S';
	case RT_CONTROL: return c->style.unicode ? 0xb7 : '.';
	default: return ' ';
	}
}

static void fact_text(char text[RT_NUM], int fact, const struct rt_model_facts *f)
{
	*text = '\0';
	if (fact == 0)
		rt_num_real(text, f->score, 2);
	else if (fact == 1)
		rt_num_brief(text, (double)f->params);
	else if (fact == 2)
		rt_text_bytes(text, RT_NUM, (double)f->bytes);
	else if (fact == 3 && f->params)
		rt_num_percent(text, 1 - (double)f->nonzero / (double)f->params);
	else if (fact == 4 && f->bits)
		snprintf(text, RT_NUM, "%d", f->bits);
}

static int count_facts(const struct rt_canvas *c)
{
	int n = 0, width = 17;	/* of the role and a name like "student.control" */

	while (n < FACTS && width + fact_width[n] <= c->w)
		width += fact_width[n++];
	return n ? n : 1;
}

static void draw_model(struct rt_canvas *c, int y, const struct rt_look *l,
		       const struct rt_model_facts *f, bool shown)
{
	enum rt_role role = rt_look_role(l, f->name);
	struct rt_ink ink = role == RT_OTHER ? RT_INK_PLAIN : RT_INK_COLOR(rt_role_cells(role));
	int n = count_facts(c), x = c->w;

	for (int i = n - 1; i >= 0; i--) {
		char text[RT_NUM];

		fact_text(text, i, f);
		x -= fact_width[i];
		rt_canvas_fit(c, x, y, fact_width[i] - 1, RT_RIGHT, text,
			      i ? RT_INK_DIM : RT_INK_PLAIN);
	}
	rt_canvas_put(c, 0, y, sign(c, role), ink);
	if (shown)
		ink.attr |= RT_BOLD;
	rt_canvas_fit(c, 2, y, x - 2, RT_LEFT, f->name, ink);
}

static void draw_set(struct rt_canvas *c, int y, const struct rt_look_data *d)
{
	char line[160], train[32], test[32];

	snprintf(line, sizeof(line), "%.60s  %s + %s", d->name,
		 rt_text_count(train, sizeof(train), d->train),
		 rt_text_count(test, sizeof(test), d->test));
	rt_canvas_put(c, 0, y, d->current ? '*' : ' ', RT_INK_PLAIN);
	rt_canvas_fit(c, 2, y, c->w - 2, RT_LEFT, line, d->current ? RT_INK_PLAIN : RT_INK_DIM);
}

static void draw_head(struct rt_canvas *c, const struct rt_look *l)
{
	static const char *const name[FACTS] = {"test", "params", "on disk", "sparse", "bits"};
	bool regress = l->data && l->data->task == RT_REGRESS;
	int x = c->w;

	for (int i = count_facts(c) - 1; i >= 0; i--) {
		x -= fact_width[i];
		rt_canvas_fit(c, x, 0, fact_width[i] - 1, RT_RIGHT,
			      i ? name[i] : regress ? "RMSE" : "test %", RT_INK_DIM);
	}
}

/* What stands where in h rows. */
struct plan {
	int head, first, sets;	/* rows of head; the first model; data sets */
};

static struct plan make_plan(const struct rt_look *l, int h)
{
	struct plan p = {.head = h > l->nmodels + l->ndata && l->nmodels};
	int room;

	p.sets = l->ndata < h - p.head - l->nmodels ? l->ndata : h - p.head - l->nmodels;
	p.sets = p.sets < 1 ? l->ndata > 0 : p.sets;
	room = h - p.head - p.sets;
	p.first = l->nmodels > room ? l->nmodels - room : 0;
	return p;
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	const struct rt_look *l = s->look;
	struct plan p = make_plan(l, h);
	int y = p.head, sets = p.sets;

	if (l->nmodels + l->ndata == 0) {
		rt_pane_hint(c, "data load mnist");
		rt_pane_hint(c, "model new teacher -zoo lenet5");
		return;
	}
	if (p.head)
		draw_head(c, l);
	for (int i = p.first; i < l->nmodels; i++)
		draw_model(c, y++, l, l->model[i], i == rt_look_shown(l, s->focus));
	for (int i = 0; i < l->ndata && sets > 0; i++)
		if (l->set[i].current || l->ndata - i < sets || l->ndata == sets) {
			draw_set(c, y++, &l->set[i]);
			sets--;
		}
}

/* A model that is clicked is the one whose layers are seen. */
static char *pick(const struct rt_scene *s, int w, int h, int y)
{
	struct plan p = make_plan(s->look, h);
	int at = p.first + y - p.head;

	(void)w;
	if (y < p.head || at >= s->look->nmodels)
		return NULL;
	return rt_sprintf("look %s", s->look->model[at]->name);
}

static struct rt_val *value(const struct rt_scene *s)
{
	const struct rt_look *l = s->look;
	struct rt_val *list = rt_val_list();

	for (int i = 0; i < l->nmodels; i++) {
		const struct rt_model_facts *f = l->model[i];
		struct rt_val *v = rt_val_dict();

		rt_val_put(v, "model", rt_val_string(f->name));
		rt_val_put(v, "role", rt_val_string(rt_role_name(rt_look_role(l, f->name))));
		rt_val_put(v, "score", rt_val_real(f->score));
		rt_val_put(v, "parameters", rt_val_int(f->params));
		rt_val_put(v, "nonzero", rt_val_int(f->nonzero));
		rt_val_put(v, "bytes", rt_val_int(f->bytes));
		rt_val_put(v, "bits", rt_val_int(f->bits));
		rt_val_add(list, v);
	}
	return list;
}

const struct rt_pane rt_pane_models = {
	.row = {"models", "models and data: score, size, bits, sparsity, who teaches", NULL, 0},
	.height = 8,
	.title = title,
	.draw = draw,
	.value = value,
	.pick = pick,
	.scrolls = true,
	.head = 1,
};
