/* list.h - pruning scores and range observers; one line each, in alphabetical order. */
#ifndef RT_COMPRESS_LIST_H
#define RT_COMPRESS_LIST_H

/* X(name): the row is rt_score_name in compress/name.c. */
#define RT_SCORE_LIST(X) \
	X(magnitude) \
	X(random)

/* X(name): the row is rt_observer_name in compress/name.c. */
#define RT_OBSERVER_LIST(X) \
	X(min_max)

#endif
