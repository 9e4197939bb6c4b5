/* batch_normalization.h - batch normalization with what follows it in the same pass over memory. */
#ifndef RT_OPS_BATCH_NORMALIZATION_H
#define RT_OPS_BATCH_NORMALIZATION_H

#include "graph/op.h"
#include "tensor/norm.h"

/* The calls of BatchNormalization, the result handed to post (NULL: nothing).  dz, unless NULL, is
 * the gradient of what post adds, input 5. */
void rt_batch_normalization_forward(const struct rt_call *c, const struct rt_batchnorm_post *post);
void rt_batch_normalization_backward(const struct rt_call *c, const struct rt_batchnorm_post *post,
				     float *dz);

#endif
