/* rng.h - random numbers: counter-based, splittable, the only source in the program.
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as 1, 2, 3; SC 2011).
 * The state is a few plain words: copying the struct copies the stream, which is how undo and
 * checkpoints restore it.
 */
#ifndef RT_BASE_RNG_H
#define RT_BASE_RNG_H

#include <stdint.h>

struct rt_rng {
	uint64_t key;
	uint64_t counter;	/* of the next block of four words */
	uint32_t block[4];
	int left;		/* unused words at the end of block */
};

/* The stream of a seed. */
void rt_rng_seed(struct rt_rng *rng, uint64_t seed);

/* An independent stream for a named purpose; the parent does not advance, so the order in which
 * children are made does not matter. */
struct rt_rng rt_rng_split(const struct rt_rng *parent, const char *label, uint64_t index);

/* 32 random bits. */
uint32_t rt_rng_u32(struct rt_rng *rng);

/* A number in [0, 1) with 53 random bits. */
double rt_rng_uniform(struct rt_rng *rng);

/* A whole number in [0, n), without bias; n > 0. */
uint64_t rt_rng_below(struct rt_rng *rng, uint64_t n);

/* Mean 0, variance 1 (Box-Muller, one of its two halves). */
double rt_rng_normal(struct rt_rng *rng);

/* Fisher-Yates over n indices. */
void rt_rng_shuffle(struct rt_rng *rng, int32_t *index, int64_t n);

/* One raw Philox4x32-10 block, for tests against published vectors. */
void rt_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

#endif
