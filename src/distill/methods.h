/* methods.h - the distillation methods; one line each. */
#ifndef RT_DISTILL_METHODS_H
#define RT_DISTILL_METHODS_H

/* X(name): the row is rt_method_name in distill/name.c. */
#define RT_METHOD_LIST(X) \
	X(soft_targets) \
	X(logit_regression)

#endif
