/* recipe.h - a network of the zoo with its parameters, on its way to become a model. */
#ifndef RT_CMD_RECIPE_H
#define RT_CMD_RECIPE_H

#include "base/err.h"
#include "base/row.h"
#include "graph/graph.h"

struct rt_recipe {
	char *zoo, *summary;
	struct rt_strings all;	/* parameters it has: name, default, name, default ... */
	struct rt_strings set;	/* those that were given: name, value ... */
};

/* A network with its defaults.  Release with rt_recipe_release(), also after an error
 * (RT_ENOTFOUND). */
enum rt_status rt_recipe_init(struct rt_recipe *r, const char *zoo, struct rt_err *err);
void rt_recipe_release(struct rt_recipe *r);

/* The network that an origin tells, "zoo resnet20 width 8".  Error: RT_EINVAL (origin is none;
 * model names whose it is). */
enum rt_status rt_recipe_again(struct rt_recipe *r, const char *origin, const char *model,
			       struct rt_err *err);

/* Whether it has a parameter; whether that was given. */
bool rt_recipe_has(const struct rt_recipe *r, const char *name);
bool rt_recipe_given(const struct rt_recipe *r, const char *name);

/* Gives a parameter a value; those of a list as Tcl writes it, "width 8 hidden {64 32}". */
void rt_recipe_set(struct rt_recipe *r, const char *name, const char *value);
enum rt_status rt_recipe_set_all(struct rt_recipe *r, const char *list, struct rt_err *err);

/* Multiplies widths and depths; see rt_zoo_scaled(). */
enum rt_status rt_recipe_scale(struct rt_recipe *r, double width, double depth, struct rt_err *err);

/* The shape of a sample by its parameter input, set or default; false: it has none. */
bool rt_recipe_sample(struct rt_shape *out, const struct rt_recipe *r);

/* Sets the parameter input, where it has one. */
void rt_recipe_set_sample(struct rt_recipe *r, const struct rt_shape *sample);

/* The text in the layer language; the caller frees.  Errors: rt_zoo_text(). */
enum rt_status rt_recipe_text(char **out, const struct rt_recipe *r, struct rt_err *err);

/* "zoo resnet20 width 8": what differs from the defaults; the caller frees. */
char *rt_recipe_origin(const struct rt_recipe *r);

#endif
