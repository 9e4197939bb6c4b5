/* peak.h - what the machine can do at best, measured: the yardstick of benchmarks. */
#ifndef RT_TENSOR_PEAK_H
#define RT_TENSOR_PEAK_H

/* Multiply-adds in registers, counted as two operations each, in GFLOP/s, on rt_threads() threads
 * with the instruction set of rt_isa(); the best of repeated runs over about `seconds`. */
double rt_peak_flops(double seconds);

/* Bytes read and written per second (in GB/s) by a[i] = b[i] + s c[i] over arrays far larger than
 * any cache (the triad of McCalpin's STREAM); 0 where there is no memory for them. */
double rt_peak_stream(double seconds);

#endif
