/* features.c - attributions of single inputs as signed bars, in cells and as PNG. */
#include "config.h"

#include "views/features.h"

#include "base/mem.h"
#include "views/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* One line of the picture: a feature, the others together, or the sum of all. */
struct row {
	char *text;
	double *v;		/* one a model */
	bool sum;
};

struct plan {
	int n;
	struct row *row;
	double above, below;	/* how far bars reach from 0 to each side, in units of v */
};

struct ranked {
	double score;
	int i;
};

static int by_score(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;

	return p->score > q->score ? -1 : p->score < q->score ? 1 : p->i - q->i;
}

static struct row *add_row(struct plan *plan, const struct rt_features *f, char *text)
{
	struct row *row = &plan->row[plan->n++];

	row->text = text;
	row->v = rt_alloc((size_t)f->nmodel, sizeof(*row->v));
	return row;
}

static char *feature_text(const struct rt_features *f, int i)
{
	char number[24];
	const char *name = f->name ? f->name[i] : NULL;

	if (!name) {
		snprintf(number, sizeof(number), "feature %d", i);
		name = number;
	}
	return f->value && f->value[i] ? rt_sprintf("%s = %s", name, f->value[i]) : rt_strdup(name);
}

static void measure(struct plan *plan, const struct rt_features *f)
{
	for (int i = 0; i < plan->n; i++)
		for (int m = 0; m < f->nmodel && !plan->row[i].sum; m++) {
			double v = plan->row[i].v[m];

			if (isfinite(v)) {
				plan->above = fmax(plan->above, v);
				plan->below = fmax(plan->below, -v);
			}
		}
}

static void make_plan(struct plan *plan, const struct rt_features *f)
{
	int top = f->top > 0 ? f->top : 10;
	struct ranked *rank = rt_alloc((size_t)f->n, sizeof(*rank));
	struct row *row;

	*plan = (struct plan){0};
	top = top < f->n - 1 ? top : f->n; /* a row for a single "other" is a row for itself */
	plan->row = rt_alloc((size_t)top + 2, sizeof(*plan->row));
	for (int i = 0; i < f->n; i++) {
		rank[i].i = i;
		for (int m = 0; m < f->nmodel; m++)
			rank[i].score = fmax(rank[i].score, fabs((double)f->model[m].v[i]));
	}
	qsort(rank, (size_t)f->n, sizeof(*rank), by_score);
	for (int i = 0; i < top; i++) {
		row = add_row(plan, f, feature_text(f, rank[i].i));
		for (int m = 0; m < f->nmodel; m++)
			row->v[m] = f->model[m].v[rank[i].i];
	}
	if (top < f->n) {
		row = add_row(plan, f, rt_sprintf("%d other features", f->n - top));
		for (int m = 0; m < f->nmodel; m++)
			for (int i = top; i < f->n; i++)
				row->v[m] += f->model[m].v[rank[i].i];
	}
	row = add_row(plan, f, rt_strdup("sum"));
	row->sum = true;
	for (int m = 0; m < f->nmodel; m++)
		for (int i = 0; i < f->n; i++)
			row->v[m] += f->model[m].v[i];
	free(rank);
	measure(plan, f);
}

static void release_plan(struct plan *plan)
{
	for (int i = 0; i < plan->n; i++) {
		free(plan->row[i].text);
		free(plan->row[i].v);
	}
	free(plan->row);
}

/* Three significant digits of the largest value set the decimals of all. */
static int decimals(const struct plan *plan)
{
	double most = fmax(plan->above, plan->below);
	int d = most > 0 ? 2 - (int)floor(log10(most)) : 2;

	return d < 0 ? 0 : d > 6 ? 6 : d;
}

static char *number(char buf[RT_NUM], const struct plan *plan, const struct row *row, int m)
{
	return rt_num_signed(buf, row->v[m], decimals(plan));
}

enum { INDENT = 2, GAP = 3, FEWEST = 6, LONGEST = 44 };

/* How one model's column is laid out: cells left and right of the zero line, and of the numbers. */
struct column {
	int left, right, digits;
	double unit;		/* cells that 1 takes */
};

static struct column lay_out(const struct plan *plan, int room, int digits)
{
	double reach = plan->above + plan->below;
	struct column k = {.digits = digits};

	room = room < FEWEST ? FEWEST : room > LONGEST ? LONGEST : room;
	if (reach > 0) {
		k.left = (int)lround(plan->below / reach * room);
		k.left = plan->below > 0 && k.left < 1 ? 1 : k.left;
		k.unit = room / reach;
	}
	k.right = room - k.left;
	return k;
}

static int column_width(const struct column *k)
{
	return k->left + 1 + k->right + 1 + k->digits;
}

/* The bar of one value: right of the zero line, or left of it with a half block at its end. */
static void draw_bar(struct rt_canvas *c, int zero, int y, const struct column *k, double v,
		     enum rt_role role)
{
	struct rt_ink ink = RT_INK_COLOR(rt_role_cells(role));
	int halves, whole;

	rt_canvas_put(c, zero, y, c->style.unicode ? 0x2502 : '|', RT_INK_DIM);
	if (!isfinite(v) || v >= 0) {
		rt_canvas_bar(c, zero + 1, y, k->right, isfinite(v) ? v * k->unit : 0, role);
		return;
	}
	halves = (int)lround(-2 * v * k->unit);
	halves = halves > 2 * k->left ? 2 * k->left : halves;
	whole = c->style.unicode && role == RT_TEACHER ? halves / 2 : (halves + 1) / 2;
	rt_canvas_repeat(c, zero - whole, y, whole, rt_role_fill(role, c->style.unicode), ink);
	if (2 * whole < halves)
		rt_canvas_put(c, zero - whole - 1, y, 0x2590, ink);
}

static void draw_model(struct rt_canvas *c, const struct rt_features *f, const struct plan *plan,
		       int m, int x, int y, const struct column *k)
{
	int width = column_width(k);
	char label[120], buf[RT_NUM];

	rt_canvas_fit(c, x, y, width, RT_LEFT,
		      rt_model_label(label, sizeof(label), f->model[m].role, f->model[m].name),
		      RT_INK_PLAIN);
	for (int i = 0; i < plan->n; i++) {
		const struct row *row = &plan->row[i];

		y++;
		if (!row->sum)
			draw_bar(c, x + k->left, y, k, row->v[m], f->model[m].role);
		rt_canvas_fit(c, x + width - k->digits, y, k->digits, RT_RIGHT,
			      number(buf, plan, row, m), row->sum ? RT_INK_BOLD : RT_INK_PLAIN);
	}
}

/* The columns of `count` models from number `first` on, names before them. */
static void draw_block(struct rt_canvas *c, const struct rt_features *f, const struct plan *plan,
		       int first, int count, int text, const struct column *k)
{
	int y = c->h + (first > 0);

	for (int i = 0; i < plan->n; i++)
		rt_canvas_fit(c, INDENT, y + 1 + i, text, RT_RIGHT, plan->row[i].text,
			      plan->row[i].sum ? RT_INK_BOLD : RT_INK_PLAIN);
	for (int m = 0; m < count; m++)
		draw_model(c, f, plan, first + m, INDENT + text + GAP + m * (column_width(k) + GAP),
			   y, k);
}

void rt_features_draw(struct rt_canvas *c, const struct rt_features *f)
{
	int text = 0, digits = 0, room, columns;
	struct rt_pieces foot = {0};
	struct plan plan;
	struct column k;
	char buf[RT_NUM];

	if (f->n < 1 || f->nmodel < 1)
		return;
	make_plan(&plan, f);
	for (int i = 0; i < plan.n; i++) {
		text = (int)fmax(text, rt_canvas_width(c, plan.row[i].text));
		for (int m = 0; m < f->nmodel; m++)
			digits = (int)fmax(digits,
					   rt_canvas_width(c, number(buf, &plan, &plan.row[i], m)));
	}
	text = text > 2 * c->w / 5 ? 2 * c->w / 5 : text;
	/* Models stand below each other where bars would have fewer cells than FEWEST. */
	for (columns = f->nmodel;; columns--) {
		room = (c->w - INDENT - text) / columns - GAP - 2 - digits;
		if (room >= FEWEST || columns == 1)
			break;
	}
	k = lay_out(&plan, room, digits);
	rt_title_draw(c, f->title);
	for (int m = 0; m < f->nmodel; m += columns)
		draw_block(c, f, &plan, m, f->nmodel - m < columns ? f->nmodel - m : columns, text,
			   &k);
	rt_pieces_add(&foot, f->caption);
	rt_pieces_notes(&foot, f->note, f->nnote);
	rt_pieces_draw(c, INDENT, c->h, INDENT, &foot, RT_INK_PLAIN);
	rt_pieces_release(&foot);
	release_plan(&plan);
}

enum { STEP = 32, BAR = 22, REACH = 260, PAD = 10, SPACE = 36, LONGEST_TEXT = 340 };

/* One model's column: its zero line, and bars with their numbers behind them. */
static void png_model(struct rt_page *page, const struct rt_features *f, const struct plan *plan,
		      int m, int x, int left, int width)
{
	struct rt_image *img = &page->img;
	double reach = plan->above + plan->below;
	int zero = x + left, y = page->y + STEP;
	char label[120], buf[RT_NUM];

	rt_raster_text_fit(
		img, x, page->y + rt_font_up(RT_LABEL), width, RT_LABEL, RT_LEFT, RT_TEXT,
		rt_model_label(label, sizeof(label), f->model[m].role, f->model[m].name));
	rt_raster_fill(img, zero, y, 1, (plan->n - 1) * STEP, RT_AXIS);
	for (int i = 0; i < plan->n; i++, y += STEP) {
		const struct row *row = &plan->row[i];
		double v = row->v[m],
		       length = row->sum || !(reach > 0) || !isfinite(v) ? 0 : v / reach * REACH;
		const char *text = number(buf, plan, row, m);

		if (length)
			rt_raster_bar(img, length < 0 ? zero + length : zero + 1,
				      y + (STEP - BAR) / 2, fabs(length), BAR,
				      rt_role_paper(f->model[m].role));
		rt_raster_text(img, zero + (int)length + (length < 0 ? -PAD : PAD),
			       y + (STEP + 12) / 2, RT_LABEL, length < 0 ? RT_RIGHT : RT_LEFT,
			       RT_TEXT, text);
	}
}

enum rt_status rt_features_png(const struct rt_features *f, const char *path, struct rt_err *err)
{
	struct rt_page_text text = {.title = f->title, .command = f->command};
	int label = 0, digits = 0, left, width;
	struct rt_page page;
	struct plan plan;
	enum rt_status status;
	char buf[RT_NUM];

	if (f->n < 1 || f->nmodel < 1)
		return rt_fail(err, RT_EINVAL,
			       "bars need at least 1 feature and 1 model, got %d and %d", f->n,
			       f->nmodel);
	make_plan(&plan, f);
	for (int i = 0; i < plan.n; i++) {
		label = (int)fmax(label, rt_font_width(RT_LABEL, plan.row[i].text));
		for (int m = 0; m < f->nmodel; m++)
			digits = (int)fmax(
				digits,
				rt_font_width(RT_LABEL, number(buf, &plan, &plan.row[i], m)));
	}
	label = label > LONGEST_TEXT ? LONGEST_TEXT : label;
	left = plan.below > 0 ? (int)(plan.below / (plan.above + plan.below) * REACH) + PAD + digits
			      : 0;
	width = REACH + (plan.below > 0 ? 2 : 1) * (PAD + digits);
	rt_pieces_add(&text.foot, f->caption);
	rt_pieces_notes(&text.foot, f->note, f->nnote);
	status = rt_page_begin(&page, label + f->nmodel * (width + SPACE), (plan.n + 1) * STEP,
			       &text, err);
	rt_page_text_release(&text);
	if (status == RT_OK) {
		for (int i = 0; i < plan.n; i++)
			rt_raster_text_fit(&page.img, page.x,
					   page.y + (i + 1) * STEP + (STEP + 12) / 2, label,
					   RT_LABEL, RT_RIGHT, RT_TEXT, plan.row[i].text);
		for (int m = 0; m < f->nmodel; m++)
			png_model(&page, f, &plan, m, page.x + label + SPACE + m * (width + SPACE),
				  left, width);
		status = rt_page_save(&page, path, err);
	}
	release_plan(&plan);
	return status;
}
