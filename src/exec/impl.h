/* impl.h - the inside of a plan, shared by the files of this folder only. */
#ifndef RT_EXEC_IMPL_H
#define RT_EXEC_IMPL_H

#include "exec/plan.h"

/* One operator invocation.  Times: forward of step s is s, its backward 2S-1-s, for S steps. */
struct step {
	const struct rt_node *node;	/* of the lowered graph */
	struct rt_call call;		/* args point into the step's own array */
	bool view;			/* forward has nothing to do */
	bool backward;			/* takes part in backward */
	unsigned passed;		/* inputs whose gradient is that of out[0]: nothing to do */
	unsigned fresh;			/* inputs whose gradient this step is the first to write */
	unsigned first;			/* the same of parameters, whose gradients were cleared */
	int nzero;
	int *zero; /* values whose gradient is cleared before this step's backward */
};

/* A piece of the arena that lives over the times first .. last. */
struct buffer {
	int first, last;
	size_t bytes;
	size_t offset;			/* set by rt_arena_place() */
	void **where;			/* receives the address */
};

struct arena {
	struct buffer *buffers;
	int n, cap;
	size_t bytes;
	unsigned char *memory;
};

struct slices;

/* A piece of a graph as a plan of its own: the wanted values instead of outputs and taps, from
 * inputs, which have to be bound, and given values, whose data the maker sets.  [nvalues] each. */
struct part {
	const bool *wanted, *given;	/* given NULL: none */
	const struct rt_plan *like;	/* of the same part, whose constants are shared; or NULL */
};

struct rt_plan {
	struct rt_graph *graph;		/* the caller's */
	struct rt_graph *lowered;	/* same value numbers; nodes after fusion; tensors let go */
	enum rt_purpose purpose;
	int64_t batch;
	struct step *steps;
	int nsteps;
	struct rt_arg *value;		/* [nvalues] */
	int *made_by;			/* [nvalues]: step, or -1 */
	int *root;			/* [nvalues]: the value whose memory this one shares */
	int *grad_root;			/* [nvalues]: the value whose gradient is this one's */
	bool *pinned;			/* [nvalues]: readable after the run */
	bool *seedable, *seeded;	/* [nvalues] */
	bool *keep_grad;		/* [nvalues]: gradient readable after backward */
	bool *wants_grad;		/* [nvalues]: gets a gradient in backward */
	void **constant;		/* [nvalues]: data of values known before running */
	bool *known;			/* [nvalues]: constants that inference found; unlike others
					   the same in plans of a part that share them */
	bool shares_constants;		/* and kept, with the plan that owns them */
	unsigned char *kept;		/* what steps keep between runs while parameters stay */
	size_t kept_bytes;
	uint64_t stamp;			/* of the parameters that kept follows from; 0: none yet */
	struct slices *slices;		/* what runs instead of steps, or NULL */
	void **own_input;		/* [ninputs] */
	float **param_grad;		/* [nparams], parts of param_grads */
	float *param_grads;
	size_t param_grads_bytes;
	bool cleared;			/* param_grads count as zero, whatever they hold */
	void *work;			/* scratch that every step may use while it runs */
	struct arena arena;
};

/* Adds a buffer; zero bytes are not stored.  where must stay put until rt_arena_place(). */
void rt_arena_add(struct arena *a, int first, int last, size_t bytes, void **where);

/* Chooses offsets so that buffers alive at the same time do not overlap, allocates, and writes
 * every address.  Greedy by size (Pisarchyk and Lee, Efficient memory management for deep neural
 * net inference, 2020).  Error: RT_ENOMEM. */
enum rt_status rt_arena_place(struct arena *a, struct rt_err *err);
void rt_arena_release(struct arena *a);

/* Replaces chains of nodes in the lowered graph by fused ones; value numbers stay.  The first is
 * for plans that infer, the second for plans that train. */
void rt_fuse(struct rt_plan *p);
void rt_fuse_training(struct rt_plan *p);

/* Replaces layers of which enough blocks of weights are zero by steps that leave these out; after
 * rt_fuse(). */
void rt_plan_sparse(struct rt_plan *p);

/* Makes a MaxPool part of the convolution before it, where its kernel can; the last of these
 * passes, as no other knows of convolutions with maxima.  What is given is pinned meanwhile. */
void rt_fuse_pools(struct rt_plan *p);

/* Makes a Gelu of its formula spelled out; for both kinds of plans, before the next. */
void rt_fuse_gelu(struct rt_plan *p);

/* Puts what follows products of matrices into them, and lets them read and write what is transposed
 * where it lies; for both kinds of plans, after the others. */
void rt_fuse_products(struct rt_plan *p);

/* The node that alone reads v, when the caller wants neither v nor its gradient; else -1. */
int fuse_only_reader(const struct rt_plan *p, int v);

/* Whether v holds one number for every column of a result y, as a bias does. */
bool fuse_is_row(const struct rt_shape *v, const struct rt_shape *y);

/* The only element of v, where it is known and nothing trains it. */
bool fuse_number(const struct rt_plan *p, int v, double *out);

/* Whether n multiplies v by a known number, or divides it by one. */
bool fuse_scales(const struct rt_plan *p, const struct rt_node *n, int v, double *factor);

/* Whether n clamps its input to lo .. hi, which must be known. */
bool fuse_clamps(const struct rt_plan *p, const struct rt_node *n, double *lo, double *hi);

/* The other operand of an Add of v whose operands have the same shape, else -1. */
int fuse_addend(const struct rt_plan *p, const struct rt_node *n, int v);

/* Takes the nodes that are gone out of g. */
void fuse_drop(struct rt_graph *g, const bool *gone);

/* Replaces quantized layers and what lies between them by steps on whole numbers, whose packed
 * weights become constants; value numbers stay.  Before rt_fuse().  Error: RT_ENOMEM. */
enum rt_status rt_plan_int8(struct rt_plan *p, struct rt_err *err);

/* Convolutions that gain by it, and what lies between them, become steps on blocks of channels;
 * the plan then has values that its graph has not.  given: as in struct part, or NULL.  After
 * rt_fuse(), when p->pinned and p->constant are what they will be. */
void rt_plan_blocked(struct rt_plan *p, const bool *given);

/* Marks the values that somebody waits for, when the given ones (or NULL) are there. */
void plan_mark_live(const struct rt_plan *p, const bool *given, bool *live);

/* Whether inference alone knows all that n makes: nobody reads its inputs. */
bool fuse_is_known(const struct rt_plan *p, const struct rt_node *n);

/* Whether all that n makes is known, so that it needs no step. */
bool plan_is_known(const struct rt_plan *p, const struct rt_node *n);

/* Whether anything of n is live and not known beforehand. */
bool plan_has_step(const struct rt_plan *p, const struct rt_node *n, const bool *live);

/* A further value of the plan, of a's type and shape; before steps are made. */
int plan_add_value(struct rt_plan *p, const struct rt_arg *a);

/* Computes what follows from constants and fixed parameters, except in plans that train. */
enum rt_status rt_plan_constants(struct rt_plan *p, struct rt_err *err);

/* A plan for inference of a part; the caller frees *out.  Errors as rt_plan_new(). */
enum rt_status rt_plan_part(struct rt_plan **out, struct rt_graph *g, int64_t batch,
			    const struct part *part, struct rt_err *err);

/* Room for what steps keep; like: the plan to share it with, or NULL.  Error: RT_ENOMEM. */
enum rt_status kept_new(struct rt_plan *p, const struct rt_plan *like, struct rt_err *err);

/* Whether the next run has to make anew what is kept. */
bool kept_is_stale(const struct rt_plan *p);

/* Before a run: tells every step whether what it keeps is still right. */
void kept_check(struct rt_plan *p);

/* The steps in order, forward; parameters are read where they are now. */
void rt_plan_run(struct rt_plan *p, struct rt_rng *rng);

/* Sets p->slices where running slices of the batch pays and no operator mixes samples; wants
 * inferred shapes and pinned values.  Errors: RT_ENOMEM. */
enum rt_status slices_new(struct rt_plan *p, struct rt_err *err);
void slices_free(struct slices *s, int nvalues);
void slices_run(struct rt_plan *p);
size_t slices_bytes(const struct slices *s);
void slices_text(const struct slices *s, struct rt_str *out);

/* Decides who shares memory with whom and when everything lives; fills the arena.  */
void rt_plan_memory(struct rt_plan *p);

/* Decides whose gradient is whose, and who writes one first: before rt_plan_memory(). */
void gradients_share(struct rt_plan *p);

/* Adds the gradients to the arena. */
void gradients_place(struct rt_plan *p);

static inline int backward_time(const struct rt_plan *p, int s)
{
	return 2 * p->nsteps - 1 - s;
}

#endif
