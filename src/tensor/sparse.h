/* sparse.h - products with weights of which whole blocks are zero: of 16 neighbouring outputs of
 * one input none is computed.
 *
 * A panel is 16 outputs (the last one may have fewer); its blocks that are not zero lie one behind
 * the other, each with the number of its input (Elsen, Dukhan, Gale, Simonyan, Fast Sparse
 * ConvNets, arXiv 1911.09723).  Of weights of which of every four neighbouring inputs of an output
 * at most one or two are not zero, those are stored with their numbers (Mishra et al., arXiv
 * 2104.08378), which pays in products.  Other zeros gain nothing.
 */
#ifndef RT_TENSOR_SPARSE_H
#define RT_TENSOR_SPARSE_H

#include "tensor/conv.h"
#include "tensor/gemm.h"

#define RT_SPARSE_BLOCK 16
#define RT_SPARSE_FOUR 4

/* Where dense weights are: element (o,i) is w[o down + i right]. */
struct rt_sparse_dense {
	const float *w;
	int64_t outputs, inputs;
	int64_t down, right;
};

struct sparse_table;

/* Packed weights; everything lies in one piece of memory. */
struct rt_sparse {
	const struct sparse_table *table;	/* the loops that read them */
	int64_t outputs, panels, blocks;
	int32_t *start;		/* [panels + 1]: the panel's first block */
	int32_t *at;		/* [blocks]: the block's input, or where it lies (convolution) */
	float *w;		/* [blocks][16] */
	int slots;		/* 0, or of so many inputs of every four (1, 2): */
	unsigned char *pick;	/* [blocks][slots][16]: which; blocks are then groups of four
				   inputs, and w is [blocks][slots][16] */
};

/* How many blocks are not zero. */
int64_t rt_sparse_count(const struct rt_sparse_dense *d);

/* Bytes of packed weights with so many blocks. */
size_t rt_sparse_bytes(int64_t outputs, int64_t blocks);

/* Packs to rt_sparse_bytes() of memory, aligned to 64; NULL where room is not for all blocks. */
struct rt_sparse *rt_sparse_pack(void *memory, int64_t room, const struct rt_sparse_dense *d);

/* The most weights that are not zero of any four neighbouring inputs; 0: more than two, or inputs
 * are no multiple of four. */
int rt_sparse_slots(const struct rt_sparse_dense *d);
size_t rt_sparse_slots_bytes(int64_t outputs, int64_t inputs, int slots);

/* As rt_sparse_pack(); NULL where there are more than so many. */
struct rt_sparse *rt_sparse_pack_slots(void *memory, int slots, const struct rt_sparse_dense *d);

/* y (M,outputs) = post(alpha x . w^T), x (M,inputs); rows ldx and ldy apart. */
void rt_sparse_gemm(const struct rt_sparse *s, int64_t M, float alpha, const float *x, int64_t ldx,
		    float *y, int64_t ldy, const struct rt_gemm_post *post);

/* Whether leaving out the blocks that are zero is faster, by measurement: so many of them are not,
 * of (outputs + 15) / 16 times inputs. */
bool rt_sparse_gemm_wins(int64_t outputs, int64_t inputs, int64_t blocks);

/* The same of a few of every four inputs, for M rows. */
bool rt_sparse_slots_win(int64_t M, int slots);

/* What a convolution takes for one image, in multiply-adds: without so many of the blocks; with all
 * of them, by the best of the other kernels; and reordering x or y between planes and what these
 * kernels hand to each other. */
struct rt_sparse_times {
	double sparse, dense, x, y;
};

/* False where rt_sparse_conv() cannot do it: groups, offsets of more than 31 bits. */
bool rt_sparse_conv_times(struct rt_sparse_times *t, const struct rt_conv *g, int64_t blocks);

/* The weights of a convolution as a matrix: outputs K, inputs C R S. */
struct rt_sparse_dense rt_sparse_conv_dense(const struct rt_conv *g, const float *w);

/* After packing: puts the place of an input in the place of its number. */
void rt_sparse_conv_place(struct rt_sparse *s, const struct rt_conv *g);

/* Bytes of work that rt_sparse_conv() needs at the present rt_threads(). */
size_t rt_sparse_conv_work(const struct rt_conv *g);

/* y = post(x * w) as rt_conv_forward_post(); s: placed weights of this geometry. */
void rt_sparse_conv(const struct rt_sparse *s, const struct rt_conv *g, float *y, const float *x,
		    const struct rt_conv_post *post, void *work);

#endif
