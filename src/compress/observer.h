/* observer.h - which range of an activation is worth quantizing: the range observers, as rows.
 *
 * An observer sees a value of the graph batch by batch and then names a range.  Add one: a file
 * compress/x.c with the row, one line in list.h, one in local.mk.
 */
#ifndef RT_COMPRESS_OBSERVER_H
#define RT_COMPRESS_OBSERVER_H

#include "compress/list.h"
#include "base/row.h"

#include <stdint.h>

struct rt_observer {
	struct rt_row row;
	size_t state_size;	/* bytes of state for each value; all zero before the first batch */

	/* Takes n more finite numbers. */
	void (*see)(void *state, const float *x, int64_t n);

	/* Names the range to be quantized with the given number of levels, after at least one
	 * number was seen; *lo <= *hi. */
	void (*range)(const void *state, int64_t levels, float *lo, float *hi);
};

extern const struct rt_list rt_observers;

#define RT_OBSERVER_DECLARE(name) extern const struct rt_observer rt_observer_##name;
RT_OBSERVER_LIST(RT_OBSERVER_DECLARE)
#undef RT_OBSERVER_DECLARE

#endif
