/* rng.c - Philox4x32-10 streams. */
#include "config.h"

#include "base/rng.h"
#include "base/err.h"
#include "base/sys.h"

#include <math.h>
#include <string.h>

void rt_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2])
{
	uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
	uint32_t k0 = key[0], k1 = key[1];

	for (int round = 0; round < 10; round++) {
		uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;

		c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
		c1 = (uint32_t)p1;
		c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
		c3 = (uint32_t)p0;
		k0 += 0x9E3779B9u;
		k1 += 0xBB67AE85u;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

/* splitmix64: spreads small seeds over all bits (Steele, Lea, Flood; OOPSLA 2014). */
static uint64_t mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15u;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

void rt_rng_seed(struct rt_rng *rng, uint64_t seed)
{
	memset(rng, 0, sizeof(*rng));
	rng->key = mix(seed);
}

struct rt_rng rt_rng_split(const struct rt_rng *parent, const char *label, uint64_t index)
{
	struct rt_rng child;

	rt_rng_seed(&child, rt_hash(parent->key, label, strlen(label)) ^ mix(index));
	return child;
}

uint32_t rt_rng_u32(struct rt_rng *rng)
{
	if (rng->left == 0) {
		uint32_t counter[4] = {(uint32_t)rng->counter, (uint32_t)(rng->counter >> 32), 0,
				       0};
		uint32_t key[2] = {(uint32_t)rng->key, (uint32_t)(rng->key >> 32)};

		rt_philox(rng->block, counter, key);
		rng->counter++;
		rng->left = 4;
	}
	return rng->block[4 - rng->left--];
}

double rt_rng_uniform(struct rt_rng *rng)
{
	uint64_t hi = rt_rng_u32(rng) >> 5, lo = rt_rng_u32(rng) >> 6;

	return (double)(hi * 67108864u + lo) / 9007199254740992.0;
}

uint64_t rt_rng_below(struct rt_rng *rng, uint64_t n)
{
	uint64_t limit, x;

	RT_ASSERT(n > 0);
	limit = UINT64_MAX - UINT64_MAX % n;
	do
		x = (uint64_t)rt_rng_u32(rng) << 32 | rt_rng_u32(rng);
	while (x >= limit);
	return x % n;
}

double rt_rng_normal(struct rt_rng *rng)
{
	double u = 1.0 - rt_rng_uniform(rng), v = rt_rng_uniform(rng);

	return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

void rt_rng_shuffle(struct rt_rng *rng, int32_t *index, int64_t n)
{
	for (int64_t i = n - 1; i > 0; i--) {
		int64_t j = (int64_t)rt_rng_below(rng, (uint64_t)i + 1);
		int32_t t = index[i];

		index[i] = index[j];
		index[j] = t;
	}
}
