/* sys.h - the machine: cores, instruction sets, threads, clock, and the flag that asks to stop. */
#ifndef RT_BASE_SYS_H
#define RT_BASE_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Vector instruction sets that kernels are compiled for, in rising order. */
enum rt_isa { RT_ISA_BASE, RT_ISA_AVX2, RT_ISA_AVX512 };

/* The best set this CPU has and the environment allows (RETORT_ISA=base|avx2|avx512 lowers it). */
enum rt_isa rt_isa(void);
const char *rt_isa_name(enum rt_isa isa);

/* The CPU's name as the system tells it, into buf; "unknown CPU" otherwise. */
void rt_cpu_name(char *buf, size_t size);

/* Blank-separated names of what matters here ("avx2 fma avx512f avx512_vnni ..."). */
void rt_cpu_features(char *buf, size_t size);

/* Cores this process may use. */
int rt_cores(void);

/* How many threads kernels use; set it before any work.  n is clipped to 1 .. 256. */
int rt_threads(void);
void rt_threads_set(int n);

/* While on, rt_threads() is 1 for the calling thread, which is one of several that each do work of
 * their own. */
void rt_threads_alone(bool on);

/* Whether the caller is one of several threads of a parallel loop, which should start no more. */
bool rt_threads_busy(void);

/* Moves threads that compute on one core apart, where there are cores enough; true when it did.
 * They would wait for each other at every parallel loop, and the system, which sees but one of them
 * run at any moment, may leave them so for seconds.  Looks a hundred times a second at most: call
 * it wherever work begins. */
bool rt_threads_apart(void);

/* Seconds on the monotonic clock. */
double rt_now(void);

/* Largest resident memory of this process so far, in bytes. */
int64_t rt_peak_memory(void);

/* Ctrl-C and its like: request is safe in a signal handler; long work looks at every mini-batch. */
void rt_cancel_request(void);
bool rt_cancelled(void);
void rt_cancel_clear(void);

/* 64-bit hash of len bytes, chained through seed (FNV-1a over 8-byte words, finished with a mix).
 * Not cryptographic; keys the teacher's cache. */
uint64_t rt_hash(uint64_t seed, const void *bytes, size_t len);

#endif
