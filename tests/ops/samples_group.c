/* samples_group.c - normalization over groups and neighbours, and determinants. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "LRN", .name = "three neighbours",
		.attrs = {{"size", "3"}, {"alpha", "0.5"}, {"beta", "0.5"}, {"bias", "2"}},
		.in = {
			{.shape = RT_SHAPE(1, 5, 1, 2), GIVEN(0.717000008, 1.48000002,
			    -1.09099996, 1.58200002, 1.48899996, -1.926, 0.829999983, -1.995,
			    0.0130000003, -0.252999991)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 5, 1, 2),
		.expect = {VALUES(0.474422455, 0.887296021, -0.669743478, 0.857905269,
		    0.909090698, -1.00145495, 0.526587307, -1.0995028, 0.00893931277,
		    -0.15471746)},
	},
	{
		.op = "LRN", .name = "defaults", .attrs = {{"size", "3"}}, .in = {
			{.shape = RT_SHAPE(1, 4, 1, 2), GIVEN(-1.18700004, -0.699999988,
			    1.22500002, -0.734000027, -1.40400004, 0.79400003, -0.206,
			    1.19599998)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 4, 1, 2),
		.expect = {VALUES(-1.18691361, -0.699981987, 1.22485054, -0.733969569,
		    -1.40387666, 0.793948472, -0.205989644, 1.19593835)},
	},
	{
		.op = "LRN", .name = "drawn, five neighbours",
		.attrs = {{"size", "5"}, {"alpha", "0.7"}, {"beta", "0.6"}},
		.in = {{.shape = RT_SHAPE(2, 6, 2, 2), .lo = -2, .hi = 2}},
		OUT_SHAPE(2, 6, 2, 2),
	},
	{
		.op = "LRN", .name = "drawn, an even size",
		.attrs = {{"size", "4"}, {"alpha", "0.7"}},
		.in = {{.shape = RT_SHAPE(2, 5, 3), .lo = -2, .hi = 2}}, OUT_SHAPE(2, 5, 3),
	},
	{
		.op = "LRN", .name = "more neighbours than channels",
		.attrs = {{"size", "9"}, {"alpha", "0.5"}},
		.in = {{.shape = RT_SHAPE(2, 3), .lo = -2, .hi = 2}}, OUT_SHAPE(2, 3),
	},
	{
		.op = "LRN", .name = "a list", .attrs = {{"size", "3"}},
		.in = {{.shape = RT_SHAPE(3)}}, .fails = "batch x channels is wanted",
	},
	{
		.op = "LRN", .name = "f64", .attrs = {{"size", "3"}},
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(1, 2)}}, .fails = "f32 is wanted",
	},
	{
		.op = "MeanVarianceNormalization", .name = "images and pixels", .in = {
			{.shape = RT_SHAPE(2, 3, 2, 2), GIVEN(1.22000003, 1.23199999,
			    0.0610000007, -0.856999993, -1.78400004, -0.467000008, -0.365999997,
			    -1.81900001, -1.80499995, 1.99699998, 0.609000027, -1.06200004,
			    -0.25999999, 1.89699996, 1.59099996, 1.37699997, -0.430000007,
			    -0.0280000009, 0.707000017, -1.75699997, 0.222000003, -0.913999975,
			    1.51900005, -1.74300003)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3, 2, 2),
		.expect = {VALUES(0.469658226, 0.482543916, -0.774888933, -1.76064754,
		    -1.18252969, 0.313523769, 0.42825529, -1.22228813, -1.21882463, 1.57630241,
		    0.555882573, -0.672591269, -1.1195823, 1.19662833, 0.868042111, 0.638246536,
		    0.355554104, 0.812208235, 1.64713562, -1.15185881, 0.271370679,
		    -0.563785672, 1.22488987, -1.173244)},
		.expect_tol = 4e-06,
	},
	{
		.op = "MeanVarianceNormalization", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 2, 2, 2), .lo = -2, .hi = 2}},
		OUT_SHAPE(3, 2, 2, 2), .tol = 0.004,
	},
	{
		.op = "MeanVarianceNormalization", .name = "channels", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 5, 3), .lo = -2, .hi = 2}}, OUT_SHAPE(2, 5, 3),
		.tol = 0.004,
	},
	{
		.op = "MeanVarianceNormalization", .name = "equal numbers", .in = {
			{.shape = RT_SHAPE(1, 1, 1, 3), GIVEN(0.699999988, 0.699999988,
			    0.699999988)},
		}, .source = "x - mean x", OUT_SHAPE(1, 1, 1, 3), .expect = {VALUES(0, 0, 0)},
		.no_differences = true, /* sigma is 0 */
	},
	{
		.op = "MeanVarianceNormalization", .name = "no such axis",
		.in = {{.shape = RT_SHAPE(2, 3)}}, .fails = "axis 2 of 2",
	},
	{
		.op = "MeanVarianceNormalization", .name = "nothing",
		.in = {{.shape = RT_SHAPE(0, 3, 1, 1)}}, .fails = "no elements",
	},
	{
		.op = "InstanceNormalization", .name = "known", .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 3, 2, 2), GIVEN(1.22000003, 1.23199999,
			    0.0610000007, -0.856999993, -1.78400004, -0.467000008, -0.365999997,
			    -1.81900001, -1.80499995, 1.99699998, 0.609000027, -1.06200004,
			    -0.25999999, 1.89699996, 1.59099996, 1.37699997, -0.430000007,
			    -0.0280000009, 0.707000017, -1.75699997, 0.222000003, -0.913999975,
			    1.51900005, -1.74300003)},
			{.shape = RT_SHAPE(3), GIVEN(1, 1.5, -0.5)},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, 0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3, 2, 2),
		.expect = {VALUES(0.921692312, 0.935414732, -0.403669238, -1.45343781,
		    -0.459906101, 2.38853312, 2.60697818, -0.535604954, 0.838891387,
		    -0.448055059, 0.0217717886, 0.587391913, -1.68913507, 0.892593384,
		    0.526339889, 0.270201802, 0.911173165, 1.58491552, 2.81675792, -1.3128469,
		    0.066191718, 0.529176652, -0.462409943, 0.867041588)},
		.expect_tol = 4e-06,
	},
	{
		.op = "InstanceNormalization", .name = "epsilon",
		.attrs = {{"epsilon", "0.01"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(1, 3, 2, 2), GIVEN(1.22000003, 1.23199999,
			    0.0610000007, -0.856999993, -1.78400004, -0.467000008, -0.365999997,
			    -1.81900001, -1.80499995, 1.99699998, 0.609000027, -1.06200004)},
			{.shape = RT_SHAPE(3), GIVEN(1, 1.5, -0.5)},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, 0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 3, 2, 2),
		.expect = {VALUES(0.915730357, 0.929363966, -0.401058048, -1.44403625,
		    -0.44497776, 2.37433434, 2.59054589, -0.519902468, 0.837547898,
		    -0.446462512, 0.022292465, 0.586622179)},
		.expect_tol = 4e-06,
	},
	{
		.op = "InstanceNormalization", .name = "drawn", .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 3, 5), .lo = -2, .hi = 2},
			{.shape = RT_SHAPE(3)},
			{.shape = RT_SHAPE(3)},
		}, OUT_SHAPE(2, 3, 5), .tol = 0.004,
	},
	{
		.op = "InstanceNormalization", .name = "planes, drawn",
		.attrs = {{"epsilon", "0.1"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 2, 3, 2), .lo = -2, .hi = 2},
			{.shape = RT_SHAPE(2)},
			{.shape = RT_SHAPE(2)},
		}, OUT_SHAPE(2, 2, 3, 2), .tol = 0.004,
	},
	{
		.op = "InstanceNormalization", .name = "channels differ", .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 3, 2)},
			{.shape = RT_SHAPE(2)},
			{.shape = RT_SHAPE(3)},
		}, .fails = "scale is 2, input has 3 channels",
	},
	{
		.op = "InstanceNormalization", .name = "a matrix", .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.shape = RT_SHAPE(3)},
			{.shape = RT_SHAPE(3)},
		}, .fails = "batch x channels x size",
	},
	{
		.op = "InstanceNormalization", .name = "f64", .nin = 3, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3, 2)},
			{.shape = RT_SHAPE(3)},
			{.shape = RT_SHAPE(3)},
		}, .fails = "input is f64",
	},
	{
		.op = "GroupNormalization", .name = "one scale a channel",
		.attrs = {{"num_groups", "2"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 4, 3), GIVEN(-1.05799997, -0.721000016,
			    1.20000005, 0.0280000009, 0.0260000005, -1.05499995, -1.94200003,
			    1.73300004, -1.65699995, 1.38, -0.527999997, 1.80400002,
			    -0.40200001, 1.74600005, 0.224999994, -1.03900003, 0.966000021,
			    0.698000014, 0.736999989, -0.144999996, -1.11199999, 0.56400001,
			    -1.57200003, 0.768999994)},
			{.shape = RT_SHAPE(4), GIVEN(1, 2, -1, 0.5)},
			{.shape = RT_SHAPE(4), GIVEN(0, 1, 2, 3)},
		}, .source = "torch 2.13", OUT_SHAPE(2, 4, 3),
		.expect = {VALUES(-1.00149286, -0.576782644, 1.84419203, 1.73431599, 1.72927487,
		    -0.995424032, 3.31793404, 0.982261002, 3.13680029, 3.39669371, 2.79037213,
		    3.53143191, -0.844455779, 1.51840711, -0.154737428, -2.09034872, 2.32076859,
		    1.73115277, 1.06206155, 2.02009487, 3.07045555, 3.3750124, 2.21494484,
		    3.48634839)},
		.expect_tol = 4e-06,
	},
	{
		.op = "GroupNormalization", .name = "one scale a group",
		.attrs = {{"num_groups", "2"}, {"epsilon", "0.1"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 4, 3), GIVEN(-1.05799997, -0.721000016,
			    1.20000005, 0.0280000009, 0.0260000005, -1.05499995, -1.94200003,
			    1.73300004, -1.65699995, 1.38, -0.527999997, 1.80400002,
			    -0.40200001, 1.74600005, 0.224999994, -1.03900003, 0.966000021,
			    0.698000014, 0.736999989, -0.144999996, -1.11199999, 0.56400001,
			    -1.57200003, 0.768999994)},
			{.shape = RT_SHAPE(2), GIVEN(1, -2)},
			{.shape = RT_SHAPE(2), GIVEN(0, 3)},
		}, .source = "torch 2.13", OUT_SHAPE(2, 4, 3),
		.expect = {VALUES(-0.930339396, -0.535803735, 1.71316707, 0.34107241,
		    0.338730961, -0.926827192, 5.584198, 1.0044229, 5.22903156, 1.44433057,
		    3.82207489, 0.915942967, -0.797581732, 1.43412328, -0.146148279,
		    -1.45940483, 0.62372762, 0.345283985, 1.2258563, 3.03800988, 5.02480412,
		    1.58130133, 5.96991825, 1.16010916)},
		.expect_tol = 4e-06,
	},
	{
		.op = "GroupNormalization", .name = "drawn, channels",
		.attrs = {{"num_groups", "2"}, {"epsilon", "0.01"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 4, 3), .lo = -2, .hi = 2},
			{.shape = RT_SHAPE(4)},
			{.shape = RT_SHAPE(4)},
		}, OUT_SHAPE(2, 4, 3), .tol = 0.004,
	},
	{
		.op = "GroupNormalization", .name = "drawn, groups",
		.attrs = {{"num_groups", "3"}, {"epsilon", "0.1"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 6, 2, 1), .lo = -2, .hi = 2},
			{.shape = RT_SHAPE(3)},
			{.shape = RT_SHAPE(3)},
		}, OUT_SHAPE(2, 6, 2, 1), .tol = 0.004,
	},
	{
		.op = "GroupNormalization", .name = "one group, no pixels",
		.attrs = {{"num_groups", "1"}, {"epsilon", "0.1"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 4), .lo = -2, .hi = 2},
			{.shape = RT_SHAPE(4)},
			{.shape = RT_SHAPE(4)},
		}, OUT_SHAPE(2, 4), .tol = 0.004,
	},
	{
		.op = "GroupNormalization", .name = "groups do not divide",
		.attrs = {{"num_groups", "3"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.shape = RT_SHAPE(4)},
			{.shape = RT_SHAPE(4)},
		}, .fails = "4 channels in 3 groups",
	},
	{
		.op = "GroupNormalization", .name = "neither channels nor groups",
		.attrs = {{"num_groups", "2"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.shape = RT_SHAPE(3)},
			{.shape = RT_SHAPE(4)},
		}, .fails = "scale is 3, input has 4 channels in 2 groups",
	},
	{
		.op = "Det", .name = "two by two",
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(0, 1, 2, 3)}},
		.source = "ONNX Runtime 1.32", OUT_SCALAR, .expect = {VALUES(-2)},
	},
	{
		.op = "Det", .name = "several",
		.in = {{.shape = RT_SHAPE(3, 2, 2), GIVEN(1, 2, 3, 4, 1, 2, 2, 1, 1, 3, 3, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(-1.99999988, -3, -8)},
	},
	{
		.op = "Det", .name = "drawn",
		.in = {{.shape = RT_SHAPE(2, 4, 4), .lo = -2, .hi = 2}}, OUT_SHAPE(2),
		.tol = 0.005,
	},
	{
		.op = "Det", .name = "singular",
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(1, 2, 3, 2, 4, 6, 1, 0, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SCALAR, .expect = {VALUES(0)},
		.expect_tol = 1e-05, .seed = VALUES(2),
		.expect_grad = {VALUES(8, 8, -8, -4, -4, 4, 0, 0, 0)},
	},
	{
		.op = "Det", .name = "f64",
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(2, 2), GIVEN(0.5, 2, -1, 3)}},
		.source = "ONNX reference evaluator 1.23", OUT_SCALAR, .expect = {VALUES(3.5)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Det", .name = "one by one", .in = {{.shape = RT_SHAPE(1, 1), GIVEN(-7)}},
		.source = "ONNX Runtime 1.32", OUT_SCALAR, .expect = {VALUES(-7)},
	},
	{
		.op = "Det", .name = "of nothing", .in = {{.shape = RT_SHAPE(0, 0)}},
		.source = "numpy", OUT_SCALAR, .expect = {VALUES(1)},
	},
	{
		.op = "Det", .name = "not square", .in = {{.shape = RT_SHAPE(2, 3)}},
		.fails = "matrices of 2x3 are not square",
	},
	{
		.op = "Det", .name = "a list", .in = {{.shape = RT_SHAPE(2)}},
		.fails = "input has 1 dimensions",
	},
	{
		.op = "Det", .name = "whole numbers",
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 2)}}, .fails = "input is i32",
	},
};

const struct op_samples samples_group = {rows, RT_COUNT(rows)};
