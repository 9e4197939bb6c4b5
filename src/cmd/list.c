/* list.c - the list of commands and the list of topics. */
#include "config.h"

#include "cmd/cmds.h"
#include "compress/observer.h"
#include "compress/pattern.h"
#include "compress/score.h"
#include "distill/distill.h"
#include "explain/measure.h"
#include "io/layers.h"
#include "ops/ops.h"
#include "train/data.h"
#include "train/optim.h"
#include "train/schedule.h"
#include "views/layout.h"

#define ROW(name) &rt_cmd_##name.row,
static const struct rt_row *const rows[] = {RT_CMD_LIST(ROW)};

const struct rt_list rt_commands = {"command", rows, RT_COUNT(rows)};

#define TOPIC(list) &list,
const struct rt_list *const rt_topics[] = {RT_TOPIC_LIST(TOPIC) NULL};
