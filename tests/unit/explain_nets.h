/* explain_nets.h - small models with known explanations. */
#ifndef RT_TESTS_EXPLAIN_NETS_H
#define RT_TESTS_EXPLAIN_NETS_H

#include "explain/explain.h"

/* Adds a node; opts are blank-separated words as ONNX names them ("-transB 1"), or "".  Returns its
 * first output. */
int net_node(struct rt_graph *g, const char *op, const char *name, const char *opts, int nin,
	     const int *in);
int net_apply(struct rt_graph *g, const char *op, const char *name, int x);

/* A parameter with these numbers. */
int net_constant(struct rt_graph *g, struct rt_shape shape, const float *v);

/* A parameter with v[i] = scale sin(0.7 i + phase). */
int net_wave(struct rt_graph *g, struct rt_shape shape, double scale, double phase);

/* Declares y the output and infers. */
struct rt_graph *net_done(struct rt_graph *g, int y);

/* An empty graph with an f32 input "x" of the given sample shape. */
struct rt_graph *net_new(int *x, struct rt_shape sample);

/* The nets of captum/testing/helpers/basic_models.py.  ML: f_0 = ReLU(s - 10) + 3 ReLU(s + 1) -
 * 1, s the sum of the inputs; nodes lin0, lin1, relu, lin2.  With add: 8 times that, of x +
 * (1,2,3). */
struct rt_graph *net_ml(bool add);
/* BasicModel_ConvNet_One_Conv: nodes conv1, relu1, fc1, relu2. */
struct rt_graph *net_cv(void);
struct rt_graph *net_b1(void);	/* sum of 1 - ReLU(1 - x), six inputs */
struct rt_graph *net_b2(void);	/* ReLU(ReLU(x1) - 1 - ReLU(x2)) */

/* w . x */
struct rt_graph *net_linear(int n, const float *w);

/* Two convolutions, pooling, dense; net_wave parameters; 2x6x6 -> 3 classes; ends in `end`
 * ("Softmax", "LogSoftmax", or NULL: logits). */
struct rt_graph *net_conv(const char *end);

/* The same size, smooth: convolution, batch normalization, tanh, dense. */
struct rt_graph *net_smooth(void);

/* A residual block: conv1, bn1, relu1, conv2, bn2, add, relu2, then global average pooling;
 * 1x6x6. */
struct rt_graph *net_residual(void);

/* Token numbers (i64, 4 of them) through an embedding "emb" of 8 x 3, summed to one output. */
struct rt_graph *net_tokens(void);

/* A sequence: 2 x 9 through one convolution "conv" along the second axis and "relu", kernel 3, then
 * dense. */
struct rt_graph *net_sequence(void);

/* 5 x + y^2 + sin z, with an operator Sin of the test's own. */
struct rt_graph *net_formula(void);

#endif
