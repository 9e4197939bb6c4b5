/* metrics.h - how good the outputs of a model are. */
#ifndef RT_TRAIN_METRICS_H
#define RT_TRAIN_METRICS_H

#include "train/data.h"

struct rt_metrics {
	enum rt_task task;
	int64_t n;
	/* RT_CLASSIFY */
	int classes;
	double accuracy, top5;		/* fractions; top5 NAN below 6 classes */
	double loss;			/* mean cross entropy, or mean square in learned units */
	double ece;			/* expected calibration error, 15 bins of equal width
					   (Guo et al. 2017, equation 3) */
	double auc;	    /* area under the ROC curve: of class 1 for two classes, else the
			       mean of one class against the rest */
	int64_t *confusion; /* [classes x classes]: row label, column prediction; owned */
	double *precision, *recall; /* [classes]; NAN where there is nothing to divide by; owned */
	/* RT_REGRESS, in raw units, over all outputs */
	double rmse, mae, r2;
};

/* Computes all of it from logits or learned outputs (n x width) of the given samples. */
void rt_metrics_eval(struct rt_metrics *m, const struct rt_data *d, const int32_t *index, int64_t n,
		     const float *z);
void rt_metrics_release(struct rt_metrics *m);

/* The one number that stands for a model: accuracy in percent, or RMSE. */
double rt_metrics_score(const struct rt_metrics *m);

/* Index of the largest of C numbers; the first of equals. */
int rt_argmax(const float *z, int64_t C);

/* Share of the n samples for which two models' logits have the same argmax, and the mean
 * KL(softmax a || softmax b) in nats. */
double rt_agreement(const float *a, const float *b, int64_t n, int64_t C, double *kl);

/* Area under the ROC curve of n scores with labels 0/1, ties counted half (Mann-Whitney); NAN when
 * one class is missing. */
double rt_auc(const double *score, const int *positive, int64_t n);

#endif
