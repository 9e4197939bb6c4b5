/* pane_layers.c - the pane of layers: costs, sparsity, bits and how the weights are distributed. */
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
static void draw_histogram(struct rt_canvas *c, int x, int y, const struct rt_layer_facts *l)
{
	static const char ramp[] = " .:-=+*#@";
	int64_t most = 1;

	for (int i = 0; i < RT_FACTS_BINS; i++)
		most = l->bin[i] > most ? l->bin[i] : most;
	for (int i = 0; i < RT_FACTS_BINS; i++) {
		int level = (int)ceil(8 * (double)l->bin[i] / (double)most);
		uint32_t ch = level == 0 ? ' ' : 0x2580 + (uint32_t)level;

		rt_canvas_put(c, x + i, y, c->style.unicode ? ch : (uint32_t)ramp[level],
			      RT_INK_COLOR(rt_role_cells(RT_STUDENT)));
	}
}

/* The columns behind the name, by importance; x grows to the right. */
enum { COLUMNS = 6 };
static const struct column {
	const char *title;
	int width, rank;
} columns[COLUMNS] = {{"output", 9, 3}, {"params", 8, 0}, {"MACs", 8, 2}, {"sparse", 8, 1},
		      {"bits", 6, 4}, {"weights", RT_FACTS_BINS + 2, 5}};

static bool is_shown(const struct rt_canvas *c, int column)
{
	int width = 14;

	for (int rank = 0; rank <= columns[column].rank; rank++)
		for (int i = 0; i < COLUMNS; i++)
			width += columns[i].rank == rank ? columns[i].width : 0;
	return width <= c->w;
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

static int columns_width(const struct rt_canvas *c)
{
	int width = 0;

	for (int i = 0; i < COLUMNS; i++)
		width += is_shown(c, i) ? columns[i].width : 0;
	return width;
}

static int name_width(const struct rt_canvas *c)
{
	int width = c->w - columns_width(c);

	return width > 20 ? 20 : width;
}

static void draw_row(struct rt_canvas *c, int y, const struct rt_layer_facts *l)
{
	int x = name_width(c);
	char text[RT_NUM] = "";

	rt_canvas_fit(c, 0, y, x, RT_LEFT, l ? l->name : "layer", l ? RT_INK_PLAIN : RT_INK_DIM);
	for (int i = 0; i < COLUMNS; i++) {
		if (!is_shown(c, i))
			continue;
		if (i == COLUMNS - 1 && l && l->has_weights) {
			draw_histogram(c, x + 2, y, l);
		} else if (i == COLUMNS - 1) {
			rt_canvas_text(c, x + 2, y, l ? "" : columns[i].title, RT_INK_DIM);
		} else {
			if (l)
				cell_text(text, i, l);
			rt_canvas_fit(c, x, y, columns[i].width, RT_RIGHT,
				      l ? text : columns[i].title, l ? RT_INK_PLAIN : RT_INK_DIM);
		}
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
		rt_val_add(list, v);
	}
	return list;
}

const struct rt_pane rt_pane_layers = {
	.row = {"layers", "layers of a model: costs, sparsity, bits, weight histograms", NULL,
		0},
	.height = 14,
	.title = title,
	.draw = draw,
	.value = value,
	.scrolls = true,
	.head = 1,
};
