/* plans.h - what tests of plans ask of them. */
#ifndef RT_TESTS_UNIT_PLANS_H
#define RT_TESTS_UNIT_PLANS_H

#include "base/str.h"
#include "exec/plan.h"

#include <string.h>

/* How often the text of p has word. */
static inline int count_in_plan(const struct rt_plan *p, const char *word)
{
	struct rt_str text = {0};
	int n = 0;

	rt_plan_text(p, &text);
	for (const char *s = rt_str_text(&text); (s = strstr(s, word)); s++)
		n++;
	rt_str_release(&text);
	return n;
}

#endif
