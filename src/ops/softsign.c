/* softsign.c - Softsign: y = x / (1 + |x|). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Softsign, SOFTSIGN, in, RT_OP_ACTIVATION, "x / (1 + |x|), between -1 and 1")
