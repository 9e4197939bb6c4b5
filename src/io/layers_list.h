/* layers_list.h - the layers; one line each, in alphabetical order. */
#ifndef RT_IO_LAYERS_LIST_H
#define RT_IO_LAYERS_LIST_H

/* X(name): the row is layer_name in one of layers_*.c. */
#define LAYER_LIST(X) \
	X(add) \
	X(attention) \
	X(avgpool) \
	X(block) \
	X(bn) \
	X(branch) \
	X(cast) \
	X(conv) \
	X(conv1d) \
	X(dense) \
	X(dropout) \
	X(dwconv) \
	X(embedding) \
	X(flatten) \
	X(from) \
	X(gap) \
	X(gelu) \
	X(graphconv) \
	X(gru) \
	X(hardswish) \
	X(identity) \
	X(input) \
	X(l2norm) \
	X(leaky) \
	X(linear) \
	X(ln) \
	X(lstm) \
	X(maxpool) \
	X(mean) \
	X(mul) \
	X(output) \
	X(pad) \
	X(position) \
	X(relu) \
	X(relu6) \
	X(repeat) \
	X(reshape) \
	X(residual) \
	X(rnn) \
	X(se) \
	X(select) \
	X(shuffle) \
	X(sigmoid) \
	X(slice) \
	X(softmax) \
	X(sum) \
	X(tanh) \
	X(tap) \
	X(transpose) \
	X(unembed)

#endif
