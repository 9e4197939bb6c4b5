/* optim.h - optimizers as rows, and their state for one graph. */
#ifndef RT_TRAIN_OPTIM_H
#define RT_TRAIN_OPTIM_H

#include "base/row.h"
#include "exec/plan.h"

#define RT_MAX_SLOTS 2

struct rt_optimizer {
	struct rt_row row;
	int slots;	/* arrays of state a parameter needs */
	/* Updates n weights w by gradient g; slot[i] are the state arrays; step counts from 1. */
	void (*update)(const void *params, double lr, int64_t step, int64_t n, float *w,
		       const float *g, float *const *slot);
};

extern const struct rt_list rt_optimizers;

/* State of one graph in training.  Copied by rt_optim_copy(), which shares the tensors. */
struct rt_optim {
	const struct rt_optimizer *kind;
	void *params;			/* owned, of kind->row */
	int64_t step;			/* updates done */
	int nparams;
	struct rt_tensor *state;	/* [nparams * kind->slots]; {0} until first used */
};

/* Takes params (allocated with rt_alloc, of kind's row). */
void rt_optim_init(struct rt_optim *o, const struct rt_optimizer *kind, void *params);
void rt_optim_release(struct rt_optim *o);
void rt_optim_copy(struct rt_optim *to, const struct rt_optim *from);

/* The learning rate the optimizer was given (its option "lr"). */
double rt_optim_lr(const struct rt_optim *o);

/* True when the arrays of o are those of g's parameters: as many, of the same shapes. */
bool rt_optim_fits(const struct rt_optim *o, const struct rt_graph *g);

/* One update of every trainable parameter that has a gradient in plan, with lr (after the
 * schedule). clip > 0 first scales all gradients so that their common L2 norm is at most clip.
 * Masked weights stay zero.  When parameters have come, gone or changed their shape, the state
 * starts anew. Errors: RT_ENOMEM (copies of shared tensors), RT_ENUMERIC (the norm of the gradients
 * is not finite; nothing has been changed then). */
enum rt_status rt_optim_step(struct rt_optim *o, struct rt_graph *g, struct rt_plan *plan,
			     double lr, double clip, struct rt_err *err);

#endif
