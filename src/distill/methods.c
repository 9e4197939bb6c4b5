/* methods.c - the list of distillation methods. */
#include "config.h"

#include "distill/distill.h"
#include "distill/methods.h"

#define DECLARE(name) extern const struct rt_method rt_method_##name;
RT_METHOD_LIST(DECLARE)
#undef DECLARE

#define ROW(name) &rt_method_##name.row,
static const struct rt_row *const rows[] = {RT_METHOD_LIST(ROW)};
#undef ROW

const struct rt_list rt_methods = {"method", rows, RT_COUNT(rows)};
