/* erf.c - Erf: y = 2/sqrt(pi) * integral of e^(-t^2) from 0 to x. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Erf, ERF, in, RT_OP_ACTIVATION, "the error function")
