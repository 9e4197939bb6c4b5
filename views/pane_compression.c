/* pane_compression.c - the pane of compression: every model before and after it was made
 * smaller. */
#include "config.h"

#include "views/pane.h"
#include "views/table.h"

#include <math.h>
#include <stdio.h>

static void title(struct rt_str *out, const struct rt_scene *s)
{
	(void)s;
	rt_str_add(out, "compression");
}

static void add_row(struct rt_table *t, const struct rt_look *l, const struct rt_model_facts *f,
		    const char *name)
{
	char text[RT_NUM];

	rt_table_text(t, name);
	rt_table_text(t, rt_text_bytes(text, sizeof(text), (double)f->bytes));
	rt_table_text(t, rt_num_brief(text, (double)f->macs));
	rt_table_textf(t, "%.3f ms", 1e3 * f->latency);
	if (f->params)
		rt_table_percent(t, 1 - (double)f->nonzero / (double)f->params);
	else
		rt_table_none(t);
	if (f->bits)
		rt_table_textf(t, "%d", f->bits);
	else
		rt_table_none(t);
	rt_table_text(t, rt_look_score(text, l, f->score));
}

/* What it became, as factors and differences. */
static void add_change(struct rt_table *t, const struct rt_model_facts *a,
		       const struct rt_model_facts *b)
{
	rt_table_text(t, "  change");
	rt_table_textf(t, "%.2f×", (double)b->bytes / (double)a->bytes);
	rt_table_textf(t, "%.2f×", (double)b->macs / (double)a->macs);
	rt_table_textf(t, "%.2f×", b->latency / a->latency);
	rt_table_blank(t);
	rt_table_blank(t);
	if (isnan(a->score) || isnan(b->score))
		rt_table_none(t);
	else
		rt_table_signed(t, b->score - a->score, 2);
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	static const char *const name[] = {"model",  "on disk", "MACs", "latency",
					   "sparse", "bits",	"test"};
	static const int rank[] = {0, 0, 1, 2, 1, 3, 0};
	const struct rt_look *l = s->look;
	struct rt_table t = {0};

	(void)h;
	if (!l->nmodels) {
		rt_pane_hint(c, "prune and quantize show here what they gain and cost");
		return;
	}
	for (size_t i = 0; i < RT_COUNT(name); i++)
		rt_table_column(&t, name[i], i ? RT_RIGHT : RT_LEFT, rank[i]);
	for (int i = 0; i < l->nmodels; i++) {
		const struct rt_model_facts *f = l->model[i];

		add_row(&t, l, f, f->name);
		if (!f->before)
			continue;
		add_row(&t, l, f->before, "  before");
		add_change(&t, f->before, f);
	}
	rt_table_draw(c, &t);
	rt_table_release(&t);
}

static struct rt_val *row_value(const struct rt_model_facts *f, const char *when)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "model", rt_val_string(f->name));
	rt_val_put(v, "when", rt_val_string(when));
	rt_val_put(v, "bytes", rt_val_int(f->bytes));
	rt_val_put(v, "macs", rt_val_int(f->macs));
	rt_val_put(v, "latency_ms", rt_val_real(1e3 * f->latency));
	rt_val_put(v, "parameters", rt_val_int(f->params));
	rt_val_put(v, "nonzero", rt_val_int(f->nonzero));
	rt_val_put(v, "bits", rt_val_int(f->bits));
	rt_val_put(v, "score", rt_val_real(f->score));
	return v;
}

static struct rt_val *value(const struct rt_scene *s)
{
	struct rt_val *list = rt_val_list();

	for (int i = 0; i < s->look->nmodels; i++) {
		const struct rt_model_facts *f = s->look->model[i];

		if (f->before)
			rt_val_add(list, row_value(f->before, "before"));
		rt_val_add(list, row_value(f, "now"));
	}
	return list;
}

const struct rt_pane rt_pane_compression = {
	.row = {"compression", "bytes, MACs, latency, sparsity and bits, before and after", NULL,
		0},
	.height = 12,
	.title = title,
	.draw = draw,
	.value = value,
	.scrolls = true,
	.head = 1,
};
