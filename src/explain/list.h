/* list.h - the methods and measures of this folder; one line each, in the order help shows them. */
#ifndef RT_EXPLAIN_LIST_H
#define RT_EXPLAIN_LIST_H

/* X(name): the row is rt_explainer_name in explain/name.c. */
#define RT_EXPLAINER_LIST(X) \
	X(gradient) \
	X(grad_times_input) \
	X(integrated_gradients) \
	X(grad_cam) \
	X(smooth_grad) \
	X(occlusion)

/* X(name): rt_measure_name compares two maps.  In measure.c: cosine, l2; in correlation.c: pearson,
 * spearman, kendall; in top_k.c: topk_iou and the agreements; in ssim.c: ssim. */
#define RT_MEASURE_LIST(X) \
	X(cosine) \
	X(pearson) \
	X(spearman) \
	X(kendall) \
	X(topk_iou) \
	X(feature_agreement) \
	X(rank_agreement) \
	X(sign_agreement) \
	X(signed_rank_agreement) \
	X(ssim) \
	X(l2)

/* X(name): rt_curve_name asks the model again while following one map; in perturbation.c. */
#define RT_CURVE_LIST(X) \
	X(deletion) \
	X(insertion)

#endif
