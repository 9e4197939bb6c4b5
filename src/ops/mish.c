/* mish.c - Mish: y = x tanh(ln(1 + e^x)) (Misra, arXiv 1908.08681); ONNX has it from opset 18. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Mish, MISH, in, RT_OP_ACTIVATION, "x tanh(ln(1 + e^x)), smooth and not monotonic")
