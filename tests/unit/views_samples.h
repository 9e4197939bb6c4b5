/* views_samples.h - one example of every picture, for the tests of the views. */
#ifndef RT_TESTS_VIEWS_SAMPLES_H
#define RT_TESTS_VIEWS_SAMPLES_H

#include "views/bars.h"
#include "views/confusion.h"
#include "views/curves.h"
#include "views/features.h"
#include "views/heatmap.h"
#include "views/table.h"

/* All data are static: the structs may be changed, what they point to may not. */
extern const struct rt_bars sample_bars;	/* teacher and student, T = 4 */
extern const struct rt_bars sample_bars_names;	/* with the control and class names */
extern const struct rt_hbars sample_balance;
extern const struct rt_features sample_features;
extern const struct rt_curves sample_curves;	/* accuracy, with the teacher's level */
extern const struct rt_curves sample_scatter;
extern const struct rt_confusion sample_confusion;

struct rt_heatmap sample_heatmap(void);		/* 28 x 28 */
struct rt_heatmap sample_heatmap_small(void);	/* 8 x 8, the student's map 4 x 4 */
struct rt_gallery sample_gallery(void);		/* five grey pictures and one of three colours */

/* The table of layers of a model; the caller releases. */
void sample_table(struct rt_table *t);

#endif
