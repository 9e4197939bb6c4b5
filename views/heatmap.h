/* heatmap.h - signed maps of several models on one scale, beside the input they explain.
 *
 * The scale is symmetric about zero and shared by all maps, the difference included.  It ends at a
 * percentile of |value| over all of them, which is printed, so that clipping is never silent.
 */
#ifndef RT_VIEWS_HEATMAP_H
#define RT_VIEWS_HEATMAP_H

#include "views/picture.h"

struct rt_map {
	enum rt_role role;
	const char *name;	/* of the model; may be NULL */
	int w, h;
	const float *v;		/* h x w, rows from the top; channels already summed */
};

struct rt_heatmap {
	const char *title;	/* "grad_cam   sample 17   label 4" */
	const struct rt_picture *input;	/* drawn first; may be NULL */
	int nmap;
	const struct rt_map *map;	/* teacher, student, control */
	bool difference;	/* map 1 − map 0 as last panel */
	bool overlay;		/* heat laid over the dimmed grey input */
	double percentile;	/* 0: 99 */
	const char *caption;	/* "class 4; layer relu2": facts, each kept whole */
	int nnote;
	const struct rt_note *note;	/* "agreement": cosine, Spearman, overlap ... */
	const char *command;
};

/* Side by side where the width allows 12 cells each, else in rows. */
void rt_heatmap_draw(struct rt_canvas *c, const struct rt_heatmap *h);

/* Errors: RT_EINVAL (no map, or an empty one), those of rt_png_write. */
enum rt_status rt_heatmap_png(const struct rt_heatmap *h, const char *path, struct rt_err *err);

/* The same as a page that is not saved yet. */
struct rt_page;
enum rt_status rt_heatmap_page(struct rt_page *page, const struct rt_heatmap *h,
			       struct rt_err *err);

/* One map ready to be drawn: values divided by the clip. */
struct rt_panel {
	char title[96];
	const char *brief;	/* for where the title does not fit; borrowed, may be NULL */
	int w, h;
	float *t;		/* owned; NULL: the input picture */
};

/* What both back ends draw. */
struct rt_heatmap_plan {
	int n;
	struct rt_panel *panel;	/* owned; input, maps, difference */
	double clip;		/* value at ±1; 1 when every value is 0 */
	double most;		/* largest |value| */
	int64_t bad;		/* values that are not finite */
};
enum rt_status rt_heatmap_plan(struct rt_heatmap_plan *plan, const struct rt_heatmap *h,
			       struct rt_err *err);
void rt_heatmap_plan_release(struct rt_heatmap_plan *plan);

/* The facts beside the scale (percentile, caption, what is wrong), and the notes under it. */
void rt_heatmap_facts(struct rt_pieces *facts, const struct rt_heatmap *h,
		      const struct rt_heatmap_plan *plan);

/* The smallest value that at least `percentile` % of the n finite |v| do not exceed (nearest rank);
 * the largest |v| where that is 0.  Sorts v, which holds absolute values. */
double rt_clip_value(float *v, size_t n, double percentile);

/* Heat t (−1 .. 1) laid over a grey g (0 .. 1). */
int32_t rt_color_overlay(double g, double t);

#endif
