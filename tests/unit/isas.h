/* isas.h - runs the cases of a program once more for every instruction set below the CPU's own. */
#ifndef RT_TESTS_UNIT_ISAS_H
#define RT_TESTS_UNIT_ISAS_H

#include "tests/unit/unit.h"
#include "base/sys.h"

#include <sys/wait.h>
#include <unistd.h>

/* How the program ended under each of them. */
static int lesser_isa[RT_ISA_AVX512];

/* The instruction set is chosen once, so that each has a process of its own. */
static inline void run_lesser_isas(int (*cases)(void))
{
	for (int i = 0; !getenv("RETORT_ISA") && i < RT_ISA_AVX512; i++) {
		pid_t child = fork();

		if (child == 0) {
			memset(lesser_isa, 0, sizeof(lesser_isa));
			setenv("RETORT_ISA", rt_isa_name((enum rt_isa)i), 1);
			dup2(STDERR_FILENO, STDOUT_FILENO);
			_exit(cases() ? 1 : 0);
		}
		if (child > 0)
			waitpid(child, &lesser_isa[i], 0);
	}
}

/* The case that reports them. */
static inline void agrees_on_lesser_instruction_sets(void **state)
{
	(void)state;
	for (int i = 0; i < RT_ISA_AVX512; i++)
		if (lesser_isa[i])
			fail_msg("RETORT_ISA=%s: %d", rt_isa_name((enum rt_isa)i), lesser_isa[i]);
}

#endif
