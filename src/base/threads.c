/* threads.c - how many threads compute, and on which cores. */
#include "config.h"

#include "base/sys.h"

#include <omp.h>
#include <sched.h>

enum { MOST_THREADS = 256 };

/* Seconds from one look at where the threads are to the next; twice as many after each move. */
static const double soonest = 0.01, latest = 1;

int rt_cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return CPU_COUNT(&set);
}

static int threads;
static _Thread_local bool alone;

void rt_threads_alone(bool on)
{
	alone = on;
}

bool rt_threads_busy(void)
{
	return omp_in_parallel();
}

int rt_threads(void)
{
	if (alone)
		return 1;
	if (threads == 0)
		rt_threads_set(omp_get_max_threads() < rt_cores() ? omp_get_max_threads()
								  : rt_cores());
	return threads;
}

void rt_threads_set(int n)
{
	threads = n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n;
	omp_set_num_threads(threads);
}

/* Gives every thread i > 0 that shares a core with one before it a free core of `allowed` in
 * target[i]; true when there are any. */
static bool find_cores(const int *at, int *target, int n, const cpu_set_t *allowed)
{
	cpu_set_t taken;
	bool any = false;
	int core = 0;

	CPU_ZERO(&taken);
	for (int i = 0; i < n; i++) {
		if (at[i] < 0)
			return false;
		CPU_SET(at[i], &taken);
	}
	for (int i = 0; i < n; i++) {
		bool shared = false;

		for (int k = 0; k < i; k++)
			shared = shared || at[k] == at[i];
		while (shared && core < CPU_SETSIZE &&
		       (!CPU_ISSET(core, allowed) || CPU_ISSET(core, &taken)))
			core++;
		target[i] = shared && core < CPU_SETSIZE ? core++ : -1;
		any = any || target[i] >= 0;
	}
	return any;
}

/* The calling thread goes to a core, and may go on from there as before. */
static void move_to(int core)
{
	cpu_set_t before, there;

	if (sched_getaffinity(0, sizeof(before), &before) != 0)
		return;
	CPU_ZERO(&there);
	CPU_SET(core, &there);
	if (sched_setaffinity(0, sizeof(there), &there) == 0)
		sched_setaffinity(0, sizeof(before), &before);
}

bool rt_threads_apart(void)
{
	static _Thread_local double next, pause;
	const double now = rt_now();
	const int n = rt_threads();
	int at[MOST_THREADS], target[MOST_THREADS];
	cpu_set_t allowed;
	bool move = false;

	if (n == 1 || now < next || rt_threads_busy())
		return false;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0 && CPU_COUNT(&allowed) >= n) {
		for (int i = 0; i < n; i++)
			at[i] = 0;
#pragma omp parallel num_threads(n)
		at[omp_get_thread_num()] = sched_getcpu();
		move = find_cores(at, target, n, &allowed);
	}
	if (move) {
#pragma omp parallel num_threads(n)
		if (target[omp_get_thread_num()] >= 0)
			move_to(target[omp_get_thread_num()]);
	}
	pause = !move || pause <= 0 ? soonest : pause < latest ? 2 * pause : latest;
	next = now + pause;
	return move;
}
