/* samples.c - the families of samples; one line each. */
#include "config.h"

#include "tests/ops/samples.h"

#include <stddef.h>

/* X(name): samples_name in tests/ops/samples_name.c. */
#define FAMILIES(X) \
	X(arith) \
	X(conv) \
	X(dense) \
	X(move) \
	X(norm) \
	X(pool) \
	X(quant) \
	X(recurrent) \
	X(reduce) \
	X(sampling) \
	X(shape) \
	X(structured) \
	X(unary)

#define DECLARE(name) extern const struct op_samples samples_##name;
FAMILIES(DECLARE)

#define ENTRY(name) &samples_##name,
const struct op_samples *const op_samples[] = {FAMILIES(ENTRY) NULL};
