/* layers_list.h - the layers; one line each, in alphabetical order. */
#ifndef RT_IO_LAYERS_LIST_H
#define RT_IO_LAYERS_LIST_H

/* X(name): the row is layer_name in one of layers_*.c. */
#define LAYER_LIST(X) \
	X(avgpool) \
	X(bn) \
	X(branch) \
	X(conv) \
	X(dense) \
	X(dropout) \
	X(dwconv) \
	X(embedding) \
	X(flatten) \
	X(gap) \
	X(gelu) \
	X(hardswish) \
	X(identity) \
	X(leaky) \
	X(ln) \
	X(maxpool) \
	X(pad) \
	X(relu) \
	X(relu6) \
	X(repeat) \
	X(reshape) \
	X(residual) \
	X(sigmoid) \
	X(softmax) \
	X(tanh)

#endif
