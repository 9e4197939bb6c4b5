/* list.h - the operators; one line each, in alphabetical order. */
#ifndef RT_OPS_LIST_H
#define RT_OPS_LIST_H

/* X(Name): the row is rt_op_Name in ops/name.c. */
#define RT_OP_LIST(X) \
	X(AveragePool) \
	X(BatchNormalization) \
	X(Conv) \
	X(Dropout) \
	X(Gather) \
	X(Gemm) \
	X(GlobalAveragePool) \
	X(GlobalMaxPool) \
	X(Identity) \
	X(LayerNormalization) \
	X(LogSoftmax) \
	X(MatMul) \
	X(MaxPool) \
	X(Softmax)

#endif
