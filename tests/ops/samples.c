/* samples.c - the families of samples; one line each. */
#include "config.h"

#include "tests/ops/samples.h"

#include <stddef.h>

/* X(name): samples_name in tests/ops/samples_name.c. */
#define FAMILIES(X) \
	X(arith) \
	X(axes) \
	X(axes_types) \
	X(compare) \
	X(control) \
	X(conv) \
	X(dense) \
	X(fill) \
	X(function) \
	X(group) \
	X(logic) \
	X(many) \
	X(move) \
	X(norm) \
	X(order) \
	X(pair) \
	X(pick) \
	X(pool) \
	X(quant) \
	X(recurrent) \
	X(reduce) \
	X(regions) \
	X(scatter) \
	X(shape) \
	X(sampling) \
	X(structured) \
	X(turn) \
	X(types) \
	X(unary)

#define DECLARE(name) extern const struct op_samples samples_##name;
FAMILIES(DECLARE)

#define ENTRY(name) &samples_##name,
const struct op_samples *const op_samples[] = {FAMILIES(ENTRY) NULL};
