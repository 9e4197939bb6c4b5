/* pane_layers.c - the pane of layers: costs, sparsity, bits, and how weights and activations are
 * distributed. */
#include "config.h"

#include "views/pane.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const struct rt_model_facts *shown(const struct rt_scene *s)
{
	int at = rt_look_shown(s->look, s->focus);

	return at < 0 ? NULL : s->look->model[at];
}

static void title(struct rt_str *out, const struct rt_scene *s)
{
	const struct rt_model_facts *f = shown(s);

	rt_str_addf(out, "layers%s%s", f ? " of " : "", f ? f->name : "");
}

/* Eighth blocks, or a ramp in ASCII: the highest bin is full. */
static void draw_histogram(struct rt_canvas *c, int x, int y, const struct rt_spread *s)
{
	static const char ramp[] = " .:-=+*#@";
	int64_t most = 1;

	for (int i = 0; i < RT_FACTS_BINS; i++)
		most = s->bin[i] > most ? s->bin[i] : most;
	for (int i = 0; i < RT_FACTS_BINS; i++) {
		int level = (int)ceil(8 * (double)s->bin[i] / (double)most);
		uint32_t ch = level == 0 ? ' ' : 0x2580 + (uint32_t)level;

		rt_canvas_put(c, x + i, y, c->style.unicode ? ch : (uint32_t)ramp[level],
			      RT_INK_COLOR(rt_role_cells(RT_STUDENT)));
	}
}

/* The columns behind the name, by importance; x grows to the right. */
enum { WEIGHTS = 5, ACTIVATIONS, COLUMNS };
static const struct column {
	const char *title;
	int width, rank;
} columns[COLUMNS] = {
	{"output", 9, 6}, {"params", 7, 0}, {"MACs", 7, 2}, {"sparse", 8, 1}, {"bits", 5, 4},
	[WEIGHTS] = {"weights", RT_FACTS_BINS + 2, 3},
	[ACTIVATIONS] = {"activations", RT_FACTS_BINS + 2, 5},
};
static const int narrowest_name = 14;

/* Which columns there is room for: bit i for column i; what is too wide leaves its place to what
 * matters less. */
static unsigned shown_columns(const struct rt_canvas *c)
{
	int width = narrowest_name;
	unsigned set = 0;

	for (int rank = 0; rank < COLUMNS; rank++)
		for (int i = 0; i < COLUMNS; i++)
			if (columns[i].rank == rank && width + columns[i].width <= c->w) {
				width += columns[i].width;
				set |= 1u << i;
			}
	return set;
}

static void cell_text(char text[RT_NUM], int column, const struct rt_layer_facts *l)
{
	*text = '\0';
	if (column == 0)
		snprintf(text, RT_NUM, "%.40s", l->output);
	else if (column == 1 && l->params)
		rt_num_brief(text, (double)l->params);
	else if (column == 2 && l->macs)
		rt_num_brief(text, (double)l->macs);
	else if (column == 3 && l->params)
		rt_num_percent(text, 1 - (double)l->nonzero / (double)l->params);
	else if (column == 4 && l->bits)
		snprintf(text, RT_NUM, "%d", l->bits);
}

static int name_width(const struct rt_canvas *c, unsigned set)
{
	int width = c->w;

	for (int i = 0; i < COLUMNS; i++)
		width -= set >> i & 1 ? columns[i].width : 0;
	return width > 20 ? 20 : width;
}

static void draw_cell(struct rt_canvas *c, int x, int y, int column, const struct rt_layer_facts *l)
{
	const struct rt_spread *s = column == WEIGHTS ? &l->weights : &l->activations;
	char text[RT_NUM];

	if (column < WEIGHTS) {
		cell_text(text, column, l);
		rt_canvas_fit(c, x, y, columns[column].width, RT_RIGHT, text, RT_INK_PLAIN);
	} else if (s->any) {
		draw_histogram(c, x + 2, y, s);
	}
}

/* A layer, or the titles. */
static void draw_row(struct rt_canvas *c, int y, const struct rt_layer_facts *l)
{
	unsigned set = shown_columns(c);
	int x = name_width(c, set);

	rt_canvas_fit(c, 0, y, x, RT_LEFT, l ? l->name : "layer", l ? RT_INK_PLAIN : RT_INK_DIM);
	for (int i = 0; i < COLUMNS; i++) {
		if (!(set >> i & 1))
			continue;
		if (l)
			draw_cell(c, x, y, i, l);
		else if (i < WEIGHTS)
			rt_canvas_fit(c, x, y, columns[i].width, RT_RIGHT, columns[i].title,
				      RT_INK_DIM);
		else
			rt_canvas_text(c, x + 2, y, columns[i].title, RT_INK_DIM);
		x += columns[i].width;
	}
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	const struct rt_model_facts *f = shown(s);
	int y = 0, weights = 0;
	bool all;

	if (!f) {
		rt_pane_hint(c, "model new NAME -zoo lenet5");
		return;
	}
	draw_row(c, y++, NULL);
	for (int i = 0; i < f->nlayers; i++)
		weights += f->layer[i].params > 0;
	/* layers without weights give way first */
	all = f->nlayers <= h - 1;
	for (int i = 0; i < f->nlayers && y < h; i++) {
		int left = all ? 0 : weights - (h - 1);
		char more[96];

		if (!all && !f->layer[i].params)
			continue;
		if (y == h - 1 && left > 0) {
			snprintf(more, sizeof(more), "%d more: model show %.40s", left + 1,
				 f->name);
			rt_canvas_fit(c, 0, y++, c->w, RT_LEFT, more, RT_INK_DIM);
			return;
		}
		draw_row(c, y++, &f->layer[i]);
	}
}

/* "3 17 9 ...", from the smallest value to the largest. */
static void put_spread(struct rt_val *v, const char *what, const struct rt_spread *s)
{
	char lo[32], hi[32], zeros[32], bins[32];
	struct rt_str text = {0};

	snprintf(lo, sizeof(lo), "%s-min", what);
	snprintf(hi, sizeof(hi), "%s-max", what);
	snprintf(zeros, sizeof(zeros), "%s-zero", what);
	snprintf(bins, sizeof(bins), "%s-bins", what);
	for (int i = 0; s->any && i < RT_FACTS_BINS; i++)
		rt_str_addf(&text, "%s%" PRId64, i ? " " : "", s->bin[i]);
	rt_val_put(v, lo, rt_val_real(s->any ? (double)s->lo : NAN));
	rt_val_put(v, hi, rt_val_real(s->any ? (double)s->hi : NAN));
	rt_val_put(v, zeros, rt_val_int(s->zeros));
	rt_val_put(v, bins, rt_val_string(rt_str_text(&text)));
	rt_str_release(&text);
}

static struct rt_val *value(const struct rt_scene *s)
{
	const struct rt_model_facts *f = shown(s);
	struct rt_val *list = rt_val_list();

	for (int i = 0; f && i < f->nlayers; i++) {
		const struct rt_layer_facts *l = &f->layer[i];
		struct rt_val *v = rt_val_dict();

		rt_val_put(v, "model", rt_val_string(f->name));
		rt_val_put(v, "layer", rt_val_string(l->name));
		rt_val_put(v, "operation", rt_val_string(l->op));
		rt_val_put(v, "output", rt_val_string(l->output));
		rt_val_put(v, "parameters", rt_val_int(l->params));
		rt_val_put(v, "nonzero", rt_val_int(l->nonzero));
		rt_val_put(v, "macs", rt_val_int(l->macs));
		rt_val_put(v, "bits", rt_val_int(l->bits));
		put_spread(v, "weight", &l->weights);
		put_spread(v, "activation", &l->activations);
		rt_val_add(list, v);
	}
	return list;
}

const struct rt_pane rt_pane_layers = {
	.row = {"layers", "layers of a model: costs, sparsity, bits, weights and activations", NULL,
		0},
	.height = 14,
	.title = title,
	.draw = draw,
	.value = value,
	.scrolls = true,
	.head = 1,
};
