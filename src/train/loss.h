/* loss.h - losses of a batch of outputs and their gradients. */
#ifndef RT_TRAIN_LOSS_H
#define RT_TRAIN_LOSS_H

#include <stdint.h>

/* Everywhere: z are logits (N,C), dz receives weight times the gradient by ADDING, and may be NULL;
 * the unweighted loss is returned. */

/* Mean over the batch of -log softmax(z)[label]. */
double rt_cross_entropy(const float *z, const int32_t *label, int64_t N, int64_t C, double weight,
			float *dz);

/* T^2 KL(softmax(t / T) || softmax(z / T)), summed over classes, mean over the batch ("batchmean");
 * Hinton, Vinyals, Dean 2015, section 2.  The gradient is T (softmax(z/T) - softmax(t/T)) / N. */
double rt_soft_kl(const float *z, const float *t, int64_t N, int64_t C, double T, double weight,
		  float *dz);

/* The same for teacher probabilities already softened (p, rows sum to 1). */
double rt_soft_kl_p(const float *z, const float *p, int64_t N, int64_t C, double T, double weight,
		    float *dz);

/* Mean over all N * C elements of (y - target)^2. */
double rt_mean_square(const float *y, const float *target, int64_t N, int64_t C, double weight,
		      float *dy);

/* p = softmax(z / T) of one row of C. */
void rt_soften(float *p, const float *z, int64_t C, double T);

/* KL(p || q) in nats of two distributions given as logits, at temperature T, one row. */
double rt_kl_logits(const float *zp, const float *zq, int64_t C, double T);

#endif
