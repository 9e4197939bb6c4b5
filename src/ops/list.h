/* list.h - the operators; one line each, in alphabetical order. */
#ifndef RT_OPS_LIST_H
#define RT_OPS_LIST_H

/* X(Name): the row is rt_op_Name in ops/name.c. */
#define RT_OP_LIST(X) \
	X(Abs) \
	X(Add) \
	X(AveragePool) \
	X(BatchNormalization) \
	X(Cast) \
	X(Clip) \
	X(Concat) \
	X(ConstantOfShape) \
	X(Conv) \
	X(DequantizeLinear) \
	X(Div) \
	X(Dropout) \
	X(Elu) \
	X(Erf) \
	X(Exp) \
	X(Flatten) \
	X(GRU) \
	X(Gather) \
	X(Gelu) \
	X(Gemm) \
	X(GlobalAveragePool) \
	X(GlobalMaxPool) \
	X(HardSigmoid) \
	X(HardSwish) \
	X(Identity) \
	X(LSTM) \
	X(LayerNormalization) \
	X(LeakyRelu) \
	X(Log) \
	X(LogSoftmax) \
	X(MatMul) \
	X(MaxPool) \
	X(Mul) \
	X(Neg) \
	X(Pad) \
	X(Pow) \
	X(QuantizeLinear) \
	X(RNN) \
	X(ReduceMean) \
	X(ReduceSum) \
	X(Relu) \
	X(Reshape) \
	X(Shape) \
	X(Sigmoid) \
	X(Slice) \
	X(Softmax) \
	X(Sqrt) \
	X(Squeeze) \
	X(Sub) \
	X(Tanh) \
	X(Transpose) \
	X(Unsqueeze)

#endif
