/* samples_recurrent.c - LSTM, GRU and RNN in all their modes. */
#include "config.h"

#include "tests/ops/samples.h"

/* T 4, N 2, I 3, H 2 */
#define X {.shape = RT_SHAPE(4, 2, 3)}
#define STATE(D) {.shape = RT_SHAPE(D, 2, 2)}
#define LENS {.dtype = RT_I32, .shape = RT_SHAPE(2), GIVEN(4, 2)}
#define NONE {.absent = true}

static const struct op_sample rows[] = {
	{
		.op = "LSTM", .name = "all inputs and outputs", .nin = 8, .nout = 3,
		.in = {X, {.shape = RT_SHAPE(1, 8, 3)}, {.shape = RT_SHAPE(1, 8, 2)},
		       {.shape = RT_SHAPE(1, 16)}, LENS, STATE(1), STATE(1),
		       {.shape = RT_SHAPE(1, 6)}},
		OUT_SHAPE(4, 1, 2, 2),
	},
	{
		.op = "LSTM", .name = "backwards", .attrs = {{"direction", "reverse"}}, .nin = 8,
		.nout = 3,
		.in = {X, {.shape = RT_SHAPE(1, 8, 3)}, {.shape = RT_SHAPE(1, 8, 2)}, NONE, LENS,
		       STATE(1), STATE(1), NONE},
		OUT_SHAPE(4, 1, 2, 2),
	},
	{
		.op = "LSTM", .name = "both directions, samples first, a clip",
		.attrs = {{"direction", "bidirectional"}, {"layout", "1"}, {"clip", "4"},
			  {"activations", "HardSigmoid Softsign Tanh Sigmoid Tanh Affine"},
			  {"activation_alpha", "0.2 0.9"}, {"activation_beta", "0.5 0.1"}},
		.nin = 8, .nout = 3,
		.in = {{.shape = RT_SHAPE(2, 4, 3)}, {.shape = RT_SHAPE(2, 8, 3)},
		       {.shape = RT_SHAPE(2, 8, 2)}, {.shape = RT_SHAPE(2, 16)}, NONE,
		       {.shape = RT_SHAPE(2, 2, 2)}, {.shape = RT_SHAPE(2, 2, 2)},
		       {.shape = RT_SHAPE(2, 6)}},
		OUT_SHAPE(2, 4, 2, 2),
	},
	{
		.op = "LSTM", .name = "forget gate coupled", .attrs = {{"input_forget", "1"}},
		.in = {X, {.shape = RT_SHAPE(1, 8, 3)}, {.shape = RT_SHAPE(1, 8, 2)}},
		OUT_SHAPE(4, 1, 2, 2),
	},
	{
		.op = "LSTM", .name = "weights of another input size",
		.fails = "W is 1x8x4, 1x8x3 is wanted",
		.in = {X, {.shape = RT_SHAPE(1, 8, 4)}, {.shape = RT_SHAPE(1, 8, 2)}},
	},
	{
		.op = "LSTM", .name = "an activation that is none",
		.attrs = {{"activations", "Sigmoid Tan Tanh"}}, .fails = "activation \"Tan\" unknown",
		.in = {X, {.shape = RT_SHAPE(1, 8, 3)}, {.shape = RT_SHAPE(1, 8, 2)}},
	},
	{
		.op = "GRU", .name = "all inputs and outputs", .nin = 6, .nout = 2,
		.in = {X, {.shape = RT_SHAPE(1, 6, 3)}, {.shape = RT_SHAPE(1, 6, 2)},
		       {.shape = RT_SHAPE(1, 12)}, LENS, STATE(1)},
		OUT_SHAPE(4, 1, 2, 2),
	},
	{
		.op = "GRU", .name = "reset behind the product, both directions",
		.attrs = {{"direction", "bidirectional"}, {"linear_before_reset", "1"}},
		.nin = 6, .nout = 2,
		.in = {X, {.shape = RT_SHAPE(2, 6, 3)}, {.shape = RT_SHAPE(2, 6, 2)},
		       {.shape = RT_SHAPE(2, 12)}, LENS, STATE(2)},
		OUT_SHAPE(4, 2, 2, 2),
	},
	{
		.op = "GRU", .name = "samples first, no state",
		.attrs = {{"layout", "1"}, {"linear_before_reset", "1"}},
		.in = {{.shape = RT_SHAPE(2, 4, 3)}, {.shape = RT_SHAPE(1, 6, 3)},
		       {.shape = RT_SHAPE(1, 6, 2)}},
		OUT_SHAPE(2, 4, 1, 2),
	},
	{
		.op = "RNN", .name = "all inputs and outputs", .nin = 6, .nout = 2,
		.in = {X, {.shape = RT_SHAPE(1, 2, 3)}, {.shape = RT_SHAPE(1, 2, 2)},
		       {.shape = RT_SHAPE(1, 4)}, LENS, STATE(1)},
		OUT_SHAPE(4, 1, 2, 2),
	},
	{
		.op = "RNN", .name = "backwards with another activation",
		.attrs = {{"direction", "reverse"}, {"activations", "ScaledTanh"},
			  {"activation_alpha", "1.5"}, {"activation_beta", "0.7"}},
		.nin = 6, .nout = 2,
		.in = {X, {.shape = RT_SHAPE(1, 2, 3)}, {.shape = RT_SHAPE(1, 2, 2)}, NONE, LENS,
		       NONE},
		OUT_SHAPE(4, 1, 2, 2),
	},
	{
		.op = "RNN", .name = "not three dimensions", .fails = "X is 4x3, three dimensions",
		.in = {{.shape = RT_SHAPE(4, 3)}, {.shape = RT_SHAPE(1, 2, 3)},
		       {.shape = RT_SHAPE(1, 2, 2)}},
	},
};

const struct op_samples samples_recurrent = {rows, RT_COUNT(rows)};
