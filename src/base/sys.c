/* sys.c - what the machine is and can do. */
#include "config.h"

#include "base/sys.h"
#include "base/err.h"
#include "base/str.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#define RT_X86 1
#else
#define RT_X86 0
#endif

static enum rt_isa detect(void)
{
#if RT_X86
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
		return RT_ISA_AVX512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return RT_ISA_AVX2;
#endif
	return RT_ISA_BASE;
}

enum rt_isa rt_isa(void)
{
	static int cached = -1;

	if (cached < 0) {
		enum rt_isa isa = detect();
		const char *wanted = getenv("RETORT_ISA");

		for (int i = RT_ISA_BASE; wanted && i < (int)isa; i++)
			if (strcmp(wanted, rt_isa_name((enum rt_isa)i)) == 0)
				isa = (enum rt_isa)i;
		cached = (int)isa;
	}
	return (enum rt_isa)cached;
}

const char *rt_isa_name(enum rt_isa isa)
{
	static const char *const name[] = {"base", "avx2", "avx512"};

	return name[isa];
}

void rt_cpu_name(char *buf, size_t size)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char line[512];

	snprintf(buf, size, "unknown CPU");
	while (f && fgets(line, sizeof(line), f)) {
		char *colon = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || !colon)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(buf, size, "%s", colon[1] ? colon + 2 : "");
		break;
	}
	if (f)
		fclose(f);
}

#if RT_X86
static const struct {
	const char *name;
	int leaf;	/* of the table below */
} features[] = {
	{"sse4.2", 0}, {"avx", 1}, {"avx2", 2}, {"fma", 3}, {"avx512f", 4},
	{"avx512bw", 5}, {"avx512vl", 6}, {"avx512vnni", 7}, {"avx512bf16", 8},
};

static bool supports(int leaf)
{
	switch (leaf) { /* the builtin wants literals */
	case 0: return __builtin_cpu_supports("sse4.2");
	case 1: return __builtin_cpu_supports("avx");
	case 2: return __builtin_cpu_supports("avx2");
	case 3: return __builtin_cpu_supports("fma");
	case 4: return __builtin_cpu_supports("avx512f");
	case 5: return __builtin_cpu_supports("avx512bw");
	case 6: return __builtin_cpu_supports("avx512vl");
	case 7: return __builtin_cpu_supports("avx512vnni");
	case 8: return __builtin_cpu_supports("avx512bf16");
	}
	return false;
}
#endif

void rt_cpu_features(char *buf, size_t size)
{
	struct rt_str s = {0};

#if RT_X86
	__builtin_cpu_init();
	for (size_t i = 0; i < RT_COUNT(features); i++)
		if (supports(features[i].leaf))
			rt_str_addf(&s, "%s%s", s.len ? " " : "", features[i].name);
#endif
	snprintf(buf, size, "%s", rt_str_text(&s));
	rt_str_release(&s);
}

double rt_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int64_t rt_peak_memory(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (int64_t)usage.ru_maxrss * 1024;
}

/* Set in a signal handler, read by every thread. */
static atomic_int cancel;

void rt_cancel_request(void)
{
	cancel = 1;
}

bool rt_cancelled(void)
{
	return cancel != 0;
}

void rt_cancel_clear(void)
{
	cancel = 0;
}

uint64_t rt_hash(uint64_t seed, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h = seed ^ 0xCBF29CE484222325u ^ (uint64_t)len * 0x9E3779B97F4A7C15u, word;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		h = (h ^ word) * 0x100000001B3u;
		h ^= h >> 29;
	}
	for (; len; p++, len--)
		h = (h ^ *p) * 0x100000001B3u;
	h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
	h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
	return h ^ (h >> 31);
}
