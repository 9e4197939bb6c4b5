/* conv_winograd_maps_isa.h - the linear maps of minimal filtering along one axis that its kernels
 * on planes and on blocked arrays share; a part of files compiled once per instruction set
 * (isa.h). */
#ifndef RT_TENSOR_CONV_WINOGRAD_MAPS_ISA_H
#define RT_TENSOR_CONV_WINOGRAD_MAPS_ISA_H

#include "tensor/lanes_isa.h"

/* B^T of the points 0, 1, -1, 2, -2 and infinity (Lavin and Gray, section 4.3):
 *
 *	4  0 -5  0  1  0
 *	0 -4 -4  1  1  0
 *	0  4 -4 -1  1  0
 *	0 -2 -1  2  1  0
 *	0  2 -1 -2  1  0
 *	0  4  0 -5  0  1
 */
INLINE void map_input_6(lanes *u, const lanes *d)
{
	const lanes even = d[4] - d[2] * 4, odd = d[3] - d[1] * 4;
	const lanes even2 = d[4] - d[2], odd2 = d[3] - d[1];

	u[0] = d[0] * 4 + (d[4] - d[2] * 5);
	u[1] = even + odd;
	u[2] = even - odd;
	u[3] = even2 + odd2 * 2;
	u[4] = even2 - odd2 * 2;
	u[5] = d[1] * 4 + (d[5] - d[3] * 5);
}

/* A^T: row j holds the j-th powers of the points, the last row a 1 for infinity. */
INLINE void map_output(lanes *y, const lanes *u, const int edge)
{
	const lanes sum = u[1] + u[2], difference = u[1] - u[2];
	const lanes sum2 = u[3] + u[4], difference2 = u[3] - u[4];

	y[0] = u[0] + sum + sum2;
	y[1] = difference + difference2 * 2;
	y[2] = sum + sum2 * 4;
	y[3] = difference + difference2 * 8 + u[edge - 1];
	if (edge == 8) {
		const lanes half = u[5] + u[6], difference_half = u[5] - u[6];

		y[0] += half;
		y[1] += difference_half * 0.5f;
		y[2] += half * 0.25f;
		y[3] += difference_half * 0.125f;
	}
}

/* G: the powers of a point over the product of its distances to the other finite ones, which is 4
 * for 0, -6 for 1 and -1, 24 for 2 and -2. */
INLINE void map_filter_3(lanes *u, const lanes *g)
{
	const lanes even = g[0] + g[2], even2 = g[0] + g[2] * 4;

	u[0] = g[0] * 0.25f;
	u[1] = (even + g[1]) * (-1 / 6.0f);
	u[2] = (even - g[1]) * (-1 / 6.0f);
	u[3] = (even2 + g[1] * 2) * (1 / 24.0f);
	u[4] = (even2 - g[1] * 2) * (1 / 24.0f);
	u[5] = g[2];
}

#endif
