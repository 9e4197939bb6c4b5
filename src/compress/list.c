/* list.c - the lists of pruning scores and range observers. */
#include "config.h"

#include "compress/observer.h"
#include "compress/score.h"

#define ROW(name) &rt_score_##name.row,
static const struct rt_row *const scores[] = {RT_SCORE_LIST(ROW)};
#undef ROW

const struct rt_list rt_scores = {"pruning score", scores, RT_COUNT(scores)};

#define ROW(name) &rt_observer_##name.row,
static const struct rt_row *const observers[] = {RT_OBSERVER_LIST(ROW)};
#undef ROW

const struct rt_list rt_observers = {"range observer", observers, RT_COUNT(observers)};
