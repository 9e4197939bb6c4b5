/* layers_build.h - what the builders of layers share; private to this folder. */
#ifndef RT_IO_LAYERS_BUILD_H
#define RT_IO_LAYERS_BUILD_H

#include "io/layers.h"
#include "io/layers_list.h"

#define LAYER_DECLARE(name) extern const struct rt_layer layer_##name;
LAYER_LIST(LAYER_DECLARE)
#undef LAYER_DECLARE

/* The params of a layer without options of its own, and the head of all others. */
struct layer_plain {
	char *name;
};

/* Last in the options of every layer. */
#define LAYER_NAME_OPT                                                                             \
	{.name = "name", .type = RT_STRING, .offset = 0, .of = "layer",                            \
	 .summary = "what to call it; default: its word and a number", .example = "stem"}
extern const struct rt_opt layer_plain_opts[];

/* --- layers_text.c ------------------------------------------------------------------------- */

struct layer_word {
	char *text;		/* without the braces of a block */
	int line;		/* where it starts */
	bool block;		/* was in braces */
};

struct layer_stmt {
	struct layer_word *word;
	int n, cap;
};

struct layer_text {
	struct layer_stmt *stmt;
	int n, cap;
};

/* Splits text that starts at a line into statements.  Error RT_EINVAL: braces. */
enum rt_status layer_text_parse(struct layer_text *out, const char *text, int line,
				struct rt_err *err);
void layer_text_release(struct layer_text *t);

/* Appends the statement as written, blocks shortened to {...}. */
void layer_stmt_text(const struct layer_stmt *s, struct rt_str *out);

/* --- layers.c ------------------------------------------------------------------------------ */

struct rt_layer_ctx {
	struct rt_graph *graph;
	const struct rt_rng *rng;
	int value;			/* what the next layer reads */
	struct rt_arg *arg;		/* shape of every value at the probe's batch size */
	int arg_cap;
	const struct layer_stmt *stmt;	/* the one being built */
	int number;			/* its place in the text, counted through all blocks */
	int depth;			/* of blocks in each other */
	int repeats;			/* blocks of `repeat` around it */
	int built;			/* statements so far, repetitions included */
	bool several_lines, told;	/* told: the error has its place already */
	struct layer_count {
		const char *base;
		int last;		/* number given out */
	} *count;
	int ncount, count_cap;
};

/* Builds a block: word k of those of the current statement that are blocks. */
enum rt_status layer_block(struct rt_layer_ctx *ctx, int k, struct rt_err *err);

/* How many of the statement's words are blocks. */
int layer_blocks(const struct rt_layer_ctx *ctx);

/* --- layers_build.c ------------------------------------------------------------------------ */

/* Shape of a value with the probe's batch size in front; stays until the next node. */
const struct rt_shape *layer_shape(struct rt_layer_ctx *ctx, int value);

/* A name nobody has: given (an error when it is taken, except under repeat) or base and a number.
 * The caller frees.  Error: RT_EEXISTS. */
enum rt_status layer_name(struct rt_layer_ctx *ctx, char **out, const char *given, const char *base,
			  struct rt_err *err);

/* How fresh parameters are filled. */
struct layer_init {
	enum { LAYER_CONSTANT, LAYER_NORMAL } kind;
	double value;	/* the constant, or the standard deviation */
};
#define LAYER_ZERO ((struct layer_init){LAYER_CONSTANT, 0})
#define LAYER_ONE ((struct layer_init){LAYER_CONSTANT, 1})
struct layer_init layer_he(int64_t fan_in);

/* Adds parameter owner.suffix of f32. */
enum rt_status layer_param(struct rt_layer_ctx *ctx, int *value, const char *owner,
			   const char *suffix, const struct rt_shape *shape, struct layer_init init,
			   bool trainable, struct rt_err *err);

/* Adds a constant of i64. */
enum rt_status layer_ints(struct rt_layer_ctx *ctx, int *value, const char *owner,
			  const char *suffix, int n, const int64_t *v, struct rt_err *err);

/* An attribute as the user would type it; a list of them ends with a NULL name. */
struct layer_attr {
	const char *name, *value;
};

/* Adds a node, infers its shape, and makes its output the current value. */
enum rt_status layer_node(struct rt_layer_ctx *ctx, const char *op, const char *name,
			  const struct layer_attr *attrs, int nin, const int *in,
			  struct rt_err *err);

/* The same for layers that are one node with the current value as its only input. */
enum rt_status layer_simple(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			    const struct layer_plain *p, const struct layer_attr *attrs,
			    struct rt_err *err);

/* Numbers separated by blanks, for attributes; the caller frees. */
char *layer_numbers(int n, const int64_t *v);

/* --- layers_weight.c ----------------------------------------------------------------------- */

/* The 1x1 convolution (or dense layer) and batch normalization that fit the value to a shape. */
enum rt_status layer_projection(struct rt_layer_ctx *ctx, const char *name, int64_t channels,
				const int64_t *stride, struct rt_err *err);

#endif
