/* features.h - attributions of single inputs (columns of a table) as signed bars. */
#ifndef RT_VIEWS_FEATURES_H
#define RT_VIEWS_FEATURES_H

#include "base/err.h"
#include "views/caption.h"

struct rt_features_model {
	enum rt_role role;
	const char *name;
	const float *v;		/* one attribution a feature */
};

struct rt_features {
	const char *title;
	int n;
	const char *const *name;	/* of each feature; NULL: numbers */
	const char *const *value;	/* of the sample, as text; may be NULL */
	int nmodel;
	const struct rt_features_model *model;
	int top;		/* 0: 10; the others are added up in one row */
	const char *caption;
	int nnote;
	const struct rt_note *note;
	const char *command;
};

/* Features by falling |attribution| (the largest of any model), bars from a common zero line on one
 * scale for all models, the sum of all in the last row. */
void rt_features_draw(struct rt_canvas *c, const struct rt_features *f);

/* Errors: RT_EINVAL (no feature or model), those of rt_png_write. */
enum rt_status rt_features_png(const struct rt_features *f, const char *path, struct rt_err *err);

#endif
