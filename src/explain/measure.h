/* measure.h - how much two maps agree, and how much a model cares about what one map says.
 *
 * Measures of two maps take them as they are: same sample, same class, same method, same
 * baseline, and no rescaling of either map, or the number means nothing.
 */
#ifndef RT_EXPLAIN_MEASURE_H
#define RT_EXPLAIN_MEASURE_H

#include "explain/explain.h"

/* Two maps of h x w numbers, row-major, borrowed; a table is 1 x n. */
struct rt_two_maps {
	const float *a, *b;
	int64_t h, w;
};

struct rt_measured {
	double value;		/* NAN where the measure is not defined */
	const char *note;	/* why the value is a convention or NAN ("a map is all zero");
				   static text, NULL = nothing to say */
};

struct rt_measure {
	struct rt_row row;
	double same;		/* the value for equal maps: 1 for similarities, 0 for distances */
	const char *source;	/* where the definition is from */
	struct rt_measured (*eval)(const struct rt_two_maps *m, const void *params);
};

/* All rows of RT_MEASURE_LIST. */
extern const struct rt_list rt_measures;
const struct rt_measure *rt_measure_find(const char *name);

/* Compares two maps; params NULL = defaults.  Cannot fail: maps that are empty or hold NaN or
 * infinity give NAN and a note. */
struct rt_measured rt_measure_eval(const struct rt_measure *m, const struct rt_two_maps *maps,
				   const void *params);

/* f while inputs are replaced in the order a map ranks them. */
struct rt_curve {
	int n;			/* points, at least 2 */
	double *fraction;	/* [n] of the pixels replaced or revealed, 0 .. 1; owned */
	double *value;		/* [n] of f; owned */
	double auc;		/* area under value over fraction, trapezoid rule, in units of f */
	char note[256];
};

struct rt_curve_row {
	struct rt_row row;
	bool rises;		/* a good map makes the area large (insertion), not small */
	const char *source;
	enum rt_status (*run)(struct rt_curve *out, const struct rt_question *q,
			      const struct rt_attribution *a, const void *params,
			      struct rt_err *err);
};

/* All rows of RT_CURVE_LIST. */
extern const struct rt_list rt_curves;
const struct rt_curve_row *rt_curve_find(const char *name);

/* Runs the model of q along the ranking of a, a map of q's sample (by another model too: that is
 * how one model is tested on the pixels of another); params NULL = defaults.  *out is
 * overwritten; the caller releases, also after errors, when it is {0}.  Pixels are replaced with
 * all their channels and ranked by the sum over channels, largest first, the first of equals
 * first.  Errors: those of rt_explain(); RT_ESHAPE (map and sample differ in size). */
enum rt_status rt_curve_run(struct rt_curve *out, const struct rt_curve_row *c,
			    const struct rt_question *q, const struct rt_attribution *a,
			    const void *params, struct rt_err *err);
void rt_curve_release(struct rt_curve *c);

#define RT_MEASURE_DECLARE(name) extern const struct rt_measure rt_measure_##name;
RT_MEASURE_LIST(RT_MEASURE_DECLARE)
#undef RT_MEASURE_DECLARE

#define RT_CURVE_DECLARE(name) extern const struct rt_curve_row rt_curve_##name;
RT_CURVE_LIST(RT_CURVE_DECLARE)
#undef RT_CURVE_DECLARE

#endif
