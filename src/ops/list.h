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
	X(ConvInteger) \
	X(ConvTranspose) \
	X(DequantizeLinear) \
	X(Div) \
	X(Dropout) \
	X(DynamicQuantizeLinear) \
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
	X(MatMulInteger) \
	X(MaxPool) \
	X(Mul) \
	X(Neg) \
	X(NegativeLogLikelihoodLoss) \
	X(Pad) \
	X(Pow) \
	X(QLinearConv) \
	X(QLinearMatMul) \
	X(QuantizeLinear) \
	X(RNN) \
	X(ReduceMean) \
	X(ReduceSum) \
	X(Relu) \
	X(Reshape) \
	X(Resize) \
	X(Shape) \
	X(Sigmoid) \
	X(Slice) \
	X(Softmax) \
	X(SoftmaxCrossEntropyLoss) \
	X(Sqrt) \
	X(Squeeze) \
	X(Sub) \
	X(Tanh) \
	X(Transpose) \
	X(Unsqueeze)

#endif
