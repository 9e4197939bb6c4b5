/* attr.c - attributes of a node by name. */
#include "config.h"

#include "graph/attr.h"

/* The field behind an attribute, NULL when the op has none of that name and type. */
static void *field(const struct rt_node *n, const char *name, enum rt_type type)
{
	const struct rt_opt *o = rt_opt_find(&n->op->row, name);

	return o && o->type == type ? (char *)n->attrs + o->offset : NULL;
}

int64_t rt_attr_int(const struct rt_node *n, const char *name, int64_t fallback)
{
	const int64_t *whole = field(n, name, RT_INT);
	const bool *flag = field(n, name, RT_BOOL);
	const int *choice = field(n, name, RT_CHOICE);

	if (whole && *whole != RT_UNSET_INT)
		return *whole;
	if (choice)
		return *choice;
	return flag ? *flag : fallback;
}

double rt_attr_real(const struct rt_node *n, const char *name, double fallback)
{
	const double *real = field(n, name, RT_REAL);

	return real && !isnan(*real) ? *real : fallback;
}

struct rt_ints rt_attr_ints(const struct rt_node *n, const char *name)
{
	const struct rt_ints *list = field(n, name, RT_INTS);

	return list ? *list : (struct rt_ints){0};
}

void rt_attr_set_int(struct rt_node *n, const char *name, int64_t v)
{
	int64_t *whole = field(n, name, RT_INT);

	RT_ASSERT(whole);
	*whole = v;
}

void rt_attr_set_real(struct rt_node *n, const char *name, double v)
{
	double *real = field(n, name, RT_REAL);

	RT_ASSERT(real);
	*real = v;
}
