/* parallel.h - when a loop is worth threads.
 *
 * Every parallel loop of the kernels has the form
 *
 *	int n = rt_split(items, work);
 *	#pragma omp parallel for num_threads(n) schedule(static)
 *
 * so that small work starts no threads, and results depend on rt_threads() only where partial sums
 * are kept, one a slice and added in order of the slices.
 *
 * A body that may thread itself, a matrix product say, is called outside any region where n is 1:
 * in a team of one its own team would be a nested one, whose threads are made and ended every
 * time, which took longer than most products.
 *
 * There is no if clause: LLVM's OpenMP keeps the num_threads of a region that its if has made
 * serial for the next region of all, and OpenBLAS, given one thread where it asked for more, waits
 * for the others forever.
 */
#ifndef RT_TENSOR_PARALLEL_H
#define RT_TENSOR_PARALLEL_H

#include "base/sys.h"

#include <stdint.h>

/* Elementary operations below which starting a thread costs more than it saves. */
#define RT_WORTH_A_THREAD 32768

/* Into how many slices (1 .. rt_threads(), at most items) a loop of independent items, together
 * work elementary operations, is best split. */
static inline int rt_split(int64_t items, int64_t work)
{
	int64_t n = rt_threads();

	if (n > work / RT_WORTH_A_THREAD)
		n = work / RT_WORTH_A_THREAD;
	if (n > items)
		n = items;
	return n > 1 ? (int)n : 1;
}

/* The same where the work is multiply-adds of kernels that keep their sums in registers, which do
 * this many in the time of an elementary operation. */
#define RT_MACS_AN_OPERATION 16

static inline int rt_split_macs(int64_t items, int64_t macs)
{
	return rt_split(items, macs / RT_MACS_AN_OPERATION);
}

/* First item of slice t of n; slice t ends where t + 1 begins. */
static inline int64_t rt_slice(int64_t items, int t, int n)
{
	return items / n * t + (items % n < t ? items % n : t);
}

#endif
