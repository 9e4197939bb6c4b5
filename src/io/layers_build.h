/* layers_build.h - what the builders of layers share; private to this folder. */
#ifndef RT_IO_LAYERS_BUILD_H
#define RT_IO_LAYERS_BUILD_H

#include "io/layers.h"
#include "io/layers_list.h"

#include <stddef.h>

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

/* The head of the params of layers with weights, and the option behind `share`. */
struct layer_weighted {
	char *name, *share;
};
#define LAYER_SHARE_OPT                                                                            \
	{.name = "share", .type = RT_STRING, .offset = offsetof(struct layer_weighted, share),     \
	 .of = "layer", .summary = "use the weights of the layer of this name", .example = "conv1"}

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

/* What `block` has defined. */
struct layer_def {
	char *name, *body;
	int line;			/* where the body starts */
	struct rt_strings params;	/* name, default, name, default ... */
	bool *needed;			/* [params.n / 2]: has no default */
};

struct rt_layer_ctx {
	struct rt_graph *graph;
	const struct rt_rng *rng;	/* NULL: weights stay zero */
	const struct rt_shape *sample;	/* with the batch in front */
	int value;			/* what the next layer reads */
	struct rt_arg *arg;		/* shape of every value at the probe's batch size */
	int arg_cap;
	const struct layer_stmt *stmt;	/* the one being built */
	int number;			/* its place in the text, counted through all blocks */
	int depth;			/* of blocks in each other */
	int repeats;			/* blocks of `repeat` around it */
	int built;			/* statements so far, repetitions included */
	bool several_lines, told;	/* told: the error has its place already */
	const char *share;		/* the layer whose weights are used again, or NULL */
	const char *inside;		/* the block whose definition is being built, or NULL */
	struct layer_def *def;
	int ndef, def_cap;
	struct layer_count {
		const char *base;
		int last;		/* number given out */
	} *count;
	int ncount, count_cap;
};

/* Builds a block: word k of those of the current statement that are blocks. */
enum rt_status layer_nth_block(struct rt_layer_ctx *ctx, int k, struct rt_err *err);

/* How many of the statement's words are blocks. */
int layer_blocks(const struct rt_layer_ctx *ctx);

/* Builds a text that starts at a line. */
enum rt_status layer_text_build(struct rt_layer_ctx *ctx, const char *text, int line,
				struct rt_err *err);

/* --- layers_define.c ----------------------------------------------------------------------- */

/* The definition of that name, or NULL. */
struct layer_def *layer_def_find(const struct rt_layer_ctx *ctx, const char *name);

/* Builds the definition with the words of the current statement as its parameters. */
enum rt_status layer_def_build(struct rt_layer_ctx *ctx, struct layer_def *def, struct rt_err *err);
void layer_defs_release(struct rt_layer_ctx *ctx);

/* --- layers_flow.c ------------------------------------------------------------------------- */

/* The value behind the name of a layer, a tap or an input.  Error: RT_ENOTFOUND. */
enum rt_status layer_value_find(int *value, const struct rt_layer_ctx *ctx, const char *name,
				struct rt_err *err);

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

/* Adds parameter owner.suffix of f32; under `-share` finds that of the other layer.  Errors:
 * RT_ENOMEM; sharing: RT_ENOTFOUND, RT_ESHAPE with both shapes. */
enum rt_status layer_param(struct rt_layer_ctx *ctx, int *value, const char *owner,
			   const char *suffix, const struct rt_shape *shape, struct layer_init init,
			   bool trainable, struct rt_err *err);

/* Adds a constant of i64, a list or (n < 0) a scalar. */
enum rt_status layer_ints(struct rt_layer_ctx *ctx, int *value, const char *owner,
			  const char *suffix, int n, const int64_t *v, struct rt_err *err);

/* Adds a constant of f32: a scalar, or an array. */
enum rt_status layer_real(struct rt_layer_ctx *ctx, int *value, const char *owner,
			  const char *suffix, double v, struct rt_err *err);
enum rt_status layer_reals(struct rt_layer_ctx *ctx, int *value, const char *owner,
			   const char *suffix, const struct rt_shape *shape, const float *v,
			   struct rt_err *err);

/* An attribute as the user would type it; a list of them ends with a NULL name. */
struct layer_attr {
	const char *name, *value;
};

/* Adds a node, infers its shape, and makes its output the current value. */
enum rt_status layer_node(struct rt_layer_ctx *ctx, const char *op, const char *name,
			  const struct layer_attr *attrs, int nin, const int *in,
			  struct rt_err *err);

/* The same for a node of several outputs; out[] receives their values. */
enum rt_status layer_node_outs(struct rt_layer_ctx *ctx, const char *op, const char *name,
			       const struct layer_attr *attrs, int nin, const int *in, int nout,
			       int *out, struct rt_err *err);

/* Nodes that move the current value: a new shape (0 keeps a dimension, -1 is what is left), another
 * order of dimensions. */
enum rt_status layer_reshape_to(struct rt_layer_ctx *ctx, const char *name, int n,
				const int64_t *dim, struct rt_err *err);
enum rt_status layer_permute(struct rt_layer_ctx *ctx, const char *name, int n, const int64_t *perm,
			     struct rt_err *err);

/* x op c, with a scalar c that is called name.c. */
enum rt_status layer_with_real(struct rt_layer_ctx *ctx, const char *op, const char *name, double c,
			       struct rt_err *err);

/* The same for layers that are one node with the current value as its only input. */
enum rt_status layer_simple(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			    const struct layer_plain *p, const struct layer_attr *attrs,
			    struct rt_err *err);

/* Numbers separated by blanks, for attributes; the caller frees. */
char *layer_numbers(int n, const int64_t *v);

/* The largest common divisor of both that is at most `most`, for errors to suggest; at least 1. */
int64_t layer_divisor(int64_t a, int64_t b, int64_t most);

/* The dimension that an option -axis names (1 is a sample's first, negative counts from the end) as
 * a number from 1 on.  Error: RT_ESHAPE. */
enum rt_status layer_axis(int *axis, struct rt_layer_ctx *ctx, int64_t wanted, struct rt_err *err);

/* The shape of a value as error lines tell it, "Nx3x32x32"; returns buf. */
char *layer_shape_text(char *buf, size_t size, struct rt_layer_ctx *ctx, int value);

/* The same behind the value's name: "\"conv1\" Nx3x32x32"; returns buf. */
char *layer_value_text(char *buf, size_t size, struct rt_layer_ctx *ctx, int value);

/* --- layers_linear.c ----------------------------------------------------------------------- */

/* y (N,...,K) = x (N,...,C) w + b with w (C,K) over the last dimension of the current value; the
 * parameters are owner.weight and owner.bias, the last node is called name. */
enum rt_status layer_project(struct rt_layer_ctx *ctx, const char *owner, const char *name,
			     int64_t units, bool bias, struct layer_init init, struct rt_err *err);

/* --- layers_weight.c ----------------------------------------------------------------------- */

/* The 1x1 convolution (or dense layer) and batch normalization that fit the value to a shape. */
enum rt_status layer_projection(struct rt_layer_ctx *ctx, const char *name, int64_t channels,
				const int64_t *stride, struct rt_err *err);

#endif
