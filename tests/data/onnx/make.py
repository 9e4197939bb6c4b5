#!/usr/bin/env python3
"""Writes the small ONNX files of this folder, and what ONNX Runtime makes of them.

    python3 make.py        (onnx 1.23, onnxruntime 1.32, numpy)

good/NAME.onnx comes with NAME.in.pb and NAME.out.pb (TensorProto): output 0 of ONNX Runtime, graph
optimization off.  bad/NAME.onnx must be refused; tests/unit/onnx.c says with which words.
"""
import os
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper as nh

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(1)
f32 = lambda *shape: rng.randn(*shape).astype(np.float32)
node = h.make_node
value = lambda name, shape, t=T.FLOAT: h.make_tensor_value_info(name, t, shape)


def model(nodes, inputs, outputs, params, opset, ir=8, imports=(), **kw):
    """params: {name: array or TensorProto}"""
    init = [p if isinstance(p, T) else nh.from_array(p, n) for n, p in params.items()]
    g = h.make_graph(nodes, "g", inputs, outputs, init, **kw)
    return h.make_model(g, ir_version=ir, opset_imports=[h.make_opsetid("", opset), *imports], producer_name="make.py")


def good(name, m, x, check=True):
    if check:
        onnx.checker.check_model(m, full_check=True)
    path = os.path.join(here, "good", name)
    onnx.save(m, path + ".onnx")
    so = ort.SessionOptions()
    so.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    so.log_severity_level = 3
    s = ort.InferenceSession(path + ".onnx", so)
    y = s.run(None, {m.graph.input[0].name: x})[0]
    # f16 and f64 interfaces are f32 in retort
    wide = lambda a: a.astype(np.float32) if a.dtype in (np.float16, np.float64) else a
    for suffix, a in ((".in.pb", x), (".out.pb", y)):
        with open(path + suffix, "wb") as f:
            f.write(nh.from_array(wide(a)).SerializeToString())


def bad(name, m):
    with open(os.path.join(here, "bad", name + ".onnx"), "wb") as f:
        f.write(m if isinstance(m, bytes) else m.SerializeToString())


# --- good -----------------------------------------------------------------------------------------

# opset 9 and IR 3: attributes that became inputs later, initializers listed as inputs
p = {"w": f32(3, 2, 3, 3), "b": f32(3), "s": np.abs(f32(3)) + 0.5, "o": f32(3), "m": f32(3), "v": np.abs(f32(3)) + 0.5}
good("old_forms", model([
    node("Pad", ["x"], ["p"], pads=[0, 0, 1, 1, 0, 0, 1, 1], value=0.5, mode="constant"),
    node("Conv", ["p", "w", "b"], ["c"], kernel_shape=[3, 3], name="conv"),
    node("BatchNormalization", ["c", "s", "o", "m", "v"], ["n"], epsilon=1e-3),
    node("Clip", ["n"], ["k"], min=-1.0, max=1.5),
    node("Dropout", ["k"], ["d", "mask"], ratio=0.25),
    node("ReduceSum", ["d"], ["y"], axes=[2], keepdims=0)],
    [value("x", ["batch", 2, 4, 4])] + [value(k, a.shape) for k, a in p.items()], [value("y", ["batch", 3, 4])], p, 9, 3),
    f32(3, 2, 4, 4))

# opset 7: Gemm and BatchNormalization of that time
p = {"w": f32(4, 5), "b": f32(1, 5)[0], "s": f32(5), "o": f32(5), "m": f32(5), "v": np.abs(f32(5)) + 0.5}
good("opset7", model([
    node("Gemm", ["x", "w", "b"], ["g"]),
    node("BatchNormalization", ["g", "s", "o", "m", "v"], ["n"], spatial=1),
    node("LeakyRelu", ["n"], ["y"], alpha=0.25)],
    [value("x", ["N", 4])] + [value(k, a.shape) for k, a in p.items()], [value("y", ["N", 5])], p, 7, 3),
    f32(3, 4))

# opset 11: softmax over all dimensions from 1 on, and from 2 on
good("softmax_flat", model([
    node("Softmax", ["x"], ["a"], name="all"),
    node("LogSoftmax", ["a"], ["b"], axis=2, name="rows"),
    node("Softmax", ["b"], ["y"], axis=3, name="last")],
    [value("x", ["N", 2, 3, 2])], [value("y", ["N", 2, 3, 2])], {}, 11, 6), f32(3, 2, 3, 2))

# opset 11: Unsqueeze and Squeeze with attributes; opset 9: Slice
good("squeeze_old", model([
    node("Unsqueeze", ["x"], ["a"], axes=[1, 4]),
    node("Relu", ["a"], ["b"]),
    node("Squeeze", ["b"], ["y"], axes=[4])],
    [value("x", ["N", 3, 2])], [value("y", ["N", 1, 3, 2])], {}, 11, 6), f32(3, 3, 2))
good("slice_old", model([node("Slice", ["x"], ["y"], starts=[1, 0], ends=[9223372036854775807, 2], axes=[1, 2])],
    [value("x", ["N", 3, 4])], [value("y", ["N", 2, 2])], {}, 9, 4), f32(2, 3, 4))

# opset 18: axes of ReduceMean are an input; 20: Gelu is an operator; 19: dilations of AveragePool
good("reduce_new", model([
    node("ReduceMean", ["x", "axes"], ["a"], keepdims=0),
    node("Gelu", ["a"], ["b"], name="exact"), node("Gelu", ["b"], ["y"], approximate="tanh", name="smooth")],
    [value("x", ["N", 4, 3, 3])], [value("y", ["N", 4])], {"axes": np.array([2, 3], np.int64)}, 20, 9), f32(3, 4, 3, 3))
good("pool_new", model([node("AveragePool", ["x"], ["y"], kernel_shape=[2, 2], dilations=[1, 1])],
    [value("x", ["N", 2, 4, 4])], [value("y", ["N", 2, 3, 3])], {}, 21, 10), f32(2, 2, 4, 4))

# tensors in every field that can hold them; Constants of every numeric form
good("typed", model([
    node("Gemm", ["x", "w", "b"], ["g"], transB=1),
    node("Constant", [], ["k"], value_float=1.5),
    node("Constant", [], ["t"], value=nh.from_array(np.float32([[1, 2, 3]]))),
    node("Constant", [], ["l"], value_floats=[0.5, 0.25, 0.125]),
    node("Constant", [], ["shape"], value_ints=[0, 3, 1]),
    node("Mul", ["g", "k"], ["h"]), node("Add", ["h", "t"], ["i"]), node("Sub", ["i", "l"], ["j"]),
    node("Reshape", ["j", "shape"], ["y"])],
    [value("x", ["N", 2])], [value("y", ["N", 3, 1])],
    {"w": h.make_tensor("w", T.FLOAT, [3, 2], f32(6).tolist()), "b": h.make_tensor("b", T.FLOAT, [3], [1, -2, 0.5])}, 13, 7),
    f32(4, 2))

# half precision throughout
good("half", model([node("MatMul", ["x", "w"], ["m"]), node("Add", ["m", "b"], ["y"])],
    [value("x", ["N", 2], T.FLOAT16)], [value("y", ["N", 3], T.FLOAT16)],
    {"w": np.float16([[1, 2, 3], [-1, 0.5, 0.25]]), "b": h.make_tensor("b", T.FLOAT16, [3], [0.5, 1, -1])}, 13, 7),
    np.float16([[1, 2], [0.5, -4]]))

# a fixed 1 in front that is the batch, and one that is not
good("batch_one", model([node("Gemm", ["x", "w"], ["y"])], [value("x", [1, 3])], [value("y", [1, 2])], {"w": f32(3, 2)}, 13, 7), f32(1, 3))
good("really_one", model([node("Reshape", ["x", "shape"], ["r"]), node("Gemm", ["r", "w"], ["y"])],
    [value("x", [1, 3, 2])], [value("y", [1, 2])], {"shape": np.array([1, 6], np.int64), "w": f32(6, 2)}, 13, 7), f32(1, 3, 2))

# int8: weights by channel, activations affine
q = lambda a, s: np.clip(np.round(a / s), -128, 127).astype(np.int8)
w, s = f32(3, 4), np.float32([0.02, 0.03, 0.015])
good("quantized", model([
    node("QuantizeLinear", ["x", "xs", "xz"], ["xq"]), node("DequantizeLinear", ["xq", "xs", "xz"], ["xd"]),
    node("DequantizeLinear", ["wq", "ws", "wz"], ["wd"], axis=0),
    node("Gemm", ["xd", "wd", "b"], ["y"], transB=1)],
    [value("x", ["N", 4])], [value("y", ["N", 3])],
    {"xs": np.float32(0.05), "xz": np.uint8(120), "wq": q(w, s[:, None]), "ws": s, "wz": np.zeros(3, np.int8), "b": f32(3)}, 13, 7),
    f32(3, 4))

# nodes without names, an optional input left out, an unused initializer
good("nameless", model([node("Clip", ["x", "", "hi"], ["c"]), node("Relu", ["c"], ["relu1"]), node("Neg", ["relu1"], ["y"])],
    [value("x", ["N", 2])], [value("y", ["N", 2])], {"hi": np.float32(0.5), "spare": f32(2)}, 13, 7), f32(2, 2))

# weights in a file beside the model
m = model([node("Gemm", ["x", "w", "b"], ["y"])], [value("x", ["N", 3])], [value("y", ["N", 2])], {"w": f32(3, 2), "b": f32(2)}, 13, 7)
onnx.external_data_helper.convert_model_to_external_data(m, location="external.bin", size_threshold=0)
if os.path.exists(os.path.join(here, "good/external.bin")):
    os.remove(os.path.join(here, "good/external.bin"))
good("external", m, f32(2, 3), check=False)
os.chmod(os.path.join(here, "good/external.bin"), 0o644)

# shapes computed from the input's own, which are known before running
whole = lambda v: np.array(v, np.int64)
good("computed_shape", model([
    node("Shape", ["x"], ["s"]),
    node("Slice", ["s", "zero", "one"], ["n"]),
    node("Concat", ["n", "two"], ["t"], axis=0),
    node("ConstantOfShape", ["t"], ["c"], value=h.make_tensor("v", T.FLOAT, [1], [1.5])),
    node("ConstantOfShape", ["t"], ["ci"], value=h.make_tensor("v", T.INT64, [1], [7])),
    node("Cast", ["ci"], ["cf"], to=T.FLOAT),
    node("ReduceSum", ["cf"], ["sum"], keepdims=0),
    node("Concat", ["x", "c"], ["xc"], axis=1),
    node("Mul", ["n", "five"], ["flat"]),
    node("Reshape", ["xc", "flat"], ["r"]),
    node("Add", ["r", "sum"], ["a"]),
    node("Concat", ["n", "rest"], ["back"], axis=0),
    node("Reshape", ["a", "back"], ["y"]),
], [value("x", ["N", 3])], [value("y", ["N", 5])],
    {"zero": whole([0]), "one": whole([1]), "two": whole([2]), "five": whole([5]), "rest": whole([-1])}, 17), f32(4, 3))

# what opsets 18 to 21 say in other ways than 17
other = np.random.RandomState(2)
g32 = lambda *shape: other.randn(*shape).astype(np.float32)
x4 = [value("x", ["N", 2, 3, 4])]
good("pad_axes", model([node("Pad", ["x", "pads", "", "axes"], ["y"], mode="reflect")], x4, [value("y", ["N", 2, 5, 7])],
    {"pads": whole([2, 1, 1, 1]), "axes": whole([-1, 2])}, 18), g32(2, 2, 3, 4))
good("resize_axes", model([node("Resize", ["x", "", "", "sizes"], ["y"], axes=[3, 2], mode="linear",
    keep_aspect_ratio_policy="not_smaller")], x4, [value("y", ["N", 2, 6, 8])], {"sizes": whole([5, 6])}, 19), g32(2, 2, 3, 4))
good("resize_stretch", model([node("Resize", ["x", "", "scales"], ["y"], mode="nearest", antialias=0,
    keep_aspect_ratio_policy="stretch", nearest_mode="floor", coordinate_transformation_mode="asymmetric")],
    x4, [value("y", ["N", 2, 6, 8])], {"scales": np.array([1, 1, 2, 2], np.float32)}, 19), g32(2, 2, 3, 4))
good("grid_linear", model([node("GridSample", ["x", "grid"], ["y"], mode="linear")], [value("x", [1, 2, 3, 4])],
    [value("y", [1, 2, 2, 2])], {"grid": np.tanh(g32(1, 2, 2, 2))}, 20), g32(1, 2, 3, 4))
good("dft_axis", model([node("DFT", ["x", "", "axis"], ["f"], onesided=1), node("DFT", ["f", "six"], ["z"]),
    node("Mul", ["z", "z"], ["y"])], [value("x", ["N", 6, 3, 1])], [value("y", ["N", 4, 6, 2])],
    {"axis": np.int64(1), "six": np.int64(6)}, 20), g32(2, 6, 3, 1))
good("split_number", model([node("Split", ["x"], ["a", "b", "c"], num_outputs=3, axis=1), node("Concat", ["c", "a", "b"], ["y"], axis=1)],
    [value("x", ["N", 7])], [value("y", ["N", 7])], {}, 18), g32(2, 7))
nibbles = lambda t, shape: h.make_tensor("w", t, shape, other.randint(-8, 8, shape).flatten() if t == T.INT4 else other.randint(0, 16, shape).flatten())
good("blocks", model([node("DequantizeLinear", ["w", "s"], ["wd"], axis=0, block_size=4), node("MatMul", ["x", "wd"], ["y"])],
    [value("x", ["N", 8])], [value("y", ["N", 3])], {"w": nibbles(T.INT4, [8, 3]), "s": np.abs(g32(2, 3)) + np.float32(0.1)}, 21, 10), g32(2, 8))
good("four_bits", model([node("DequantizeLinear", ["w", "s", "z"], ["wd"], axis=1), node("MatMul", ["x", "wd"], ["y"])],
    [value("x", ["N", 5])], [value("y", ["N", 3])], {"w": nibbles(T.UINT4, [5, 3]), "s": np.abs(g32(3)) + np.float32(0.1),
    "z": h.make_tensor("z", T.UINT4, [3], [7, 0, 15])}, 21, 10), g32(2, 5))

# read and run, but not written: newer/NAME.onnx holds what opset 17 has no words for
i64x = [value("x", ["N", 3], T.INT64)], [value("y", ["N", 3], T.INT64)]
for name, m in (
        ("bitwise", model([node("BitwiseXor", ["x", "m"], ["y"], name="b")], *i64x, {"m": whole([1, 2, 3])}, 18)),
        ("scatter_max", model([node("ScatterElements", ["x", "i", "u"], ["y"], name="s", axis=1, reduction="max")],
                              [value("x", [1, 3])], [value("y", [1, 3])], {"i": whole([[1]]), "u": g32(1, 1)}, 18)),
        ("scatter_nd_min", model([node("ScatterND", ["x", "i", "u"], ["y"], name="s", reduction="min")],
                                 [value("x", [1, 3])], [value("y", [1, 3])], {"i": whole([[0, 1]]), "u": g32(1)}, 18)),
        ("resize_symmetric", model([node("Resize", ["x", "", "scales"], ["y"], name="r", mode="linear",
                                         coordinate_transformation_mode="half_pixel_symmetric")], x4, [value("y", ["N", 2, 4, 6])],
                                   {"scales": np.array([1, 1, 1.5, 1.5], np.float32)}, 19))):
    onnx.checker.check_model(m)
    onnx.save(m, os.path.join(here, "newer", name + ".onnx"))

# of opsets 18 to 21 as a whole, or with an attribute or a type of theirs
late = [("affine_grid", [node("AffineGrid", ["x", "s"], ["y"], name="a")], [1, 2, 3], [1, 2, 3, 2], {"s": whole([1, 1, 2, 3])}),
        ("center_crop_pad", [node("CenterCropPad", ["x", "s"], ["y"], name="c")], [2, 5], [3, 2], {"s": whole([3, 2])}),
        ("col2im", [node("Col2Im", ["x", "i", "b"], ["y"], name="c")], [1, 4, 3], [1, 1, 2, 4], {"i": whole([2, 4]), "b": whole([2, 2])}),
        ("lp_pool_ceil", [node("LpPool", ["x"], ["y"], name="l", kernel_shape=[2], strides=[2], ceil_mode=1)], [1, 1, 3], [1, 1, 2], {}),
        ("antialias", [node("Resize", ["x", "", "s"], ["y"], name="r", antialias=1, mode="linear")], [2, 4], [2, 2],
         {"s": np.array([1, 0.5], np.float32)}),
        ("sixteen_bits", [node("QuantizeLinear", ["x", "s", "z"], ["q"], name="q"), node("DequantizeLinear", ["q", "s", "z"], ["y"], name="d")],
         [2, 3], [2, 3], {"s": np.float32(0.5).reshape(()), "z": np.array(3, np.int16)})]
for name, nodes, xs, ys, params in late:
    m = model(nodes, [value("x", xs)], [value("y", ys)], params, 21, 10)
    onnx.checker.check_model(m, full_check=True)
    onnx.save(m, os.path.join(here, "newer", name + ".onnx"))

# no inputs: alone/NAME.onnx
k = np.arange(1, 5, dtype=np.float32).reshape(2, 2)
for name, m in (
        ("constants", model([node("Add", ["a", "b"], ["y"], name="sum")], [], [value("y", [2, 2])],
                            {"a": k, "b": np.array([10, 20], np.float32)}, 17)),
        ("random", model([node("RandomNormal", [], ["r"], name="r", shape=[3, 2], seed=1.0),
                          node("MatMul", ["r", "w"], ["y"], name="m")], [], [value("y", [3, 2])], {"w": k}, 17))):
    onnx.checker.check_model(m, full_check=True)
    onnx.save(m, os.path.join(here, "alone", name + ".onnx"))

# --- bad ------------------------------------------------------------------------------------------

x, y = [value("x", ["N", 3])], [value("y", ["N", 2])]
w = {"w": f32(3, 2)}
gemm = node("Gemm", ["x", "w"], ["y"], name="g")
fine = lambda **kw: model([gemm], x, y, w, kw.get("opset", 13), kw.get("ir", 7))

bad("no_operator", model([node("StringNormalizer", ["x"], ["a"], name="l"), node("SequenceEmpty", [], ["y"]),
                          node("StringNormalizer", ["x"], ["b"])], x, y, w, 13))
bad("foreign_domain", model([node("Gemm", ["x", "w"], ["y"], name="g", domain="com.acme")], x, y, w, 13, imports=[h.make_opsetid("com.acme", 1)]))
bad("lost_function", model([node("Gelu", ["x"], ["y"], name="g", domain="retort")], x, y, {}, 17, imports=[h.make_opsetid("retort", 1)]))
bad("unknown_attribute", model([node("Gemm", ["x", "w"], ["y"], name="g", gamma=1.0)], x, y, w, 13))
bad("attribute_type", model([node("Gemm", ["x", "w"], ["y"], name="g", transB="yes")], x, y, w, 13))
bad("attribute_tensor", model([node("Constant", [], ["k"], name="k", value_string="text"), gemm], x, y, w, 13))
bad("attribute_missing", model([node("Concat", ["x", "x"], ["y"], name="c")], x, y, {}, 13))
bad("missing_input", model([node("Gemm", ["x", "nowhere"], ["y"], name="g")], x, y, w, 13))
bad("missing_required", model([node("Gemm", ["x", ""], ["y"], name="g")], x, y, w, 13))
bad("later_input", model([node("Relu", ["r"], ["y"], name="a"), node("Relu", ["x"], ["r"], name="b")], x, y, {}, 13))
bad("output_twice", model([node("Relu", ["x"], ["y"], name="a"), node("Tanh", ["x"], ["y"], name="b")], x, y, {}, 13))
bad("no_such_output", model([node("Relu", ["x"], ["z"])], x, y, {}, 13))
f32(3)
bad("used_mask", model([node("Relu", ["x"], ["a", "mask"], name="r"), node("Add", ["a", "mask"], ["y"])], x, y, {}, 14))
bad("shapes", model([gemm], [value("x", ["N", 4])], y, w, 13))
bad("four_bit_add", model([node("Add", ["w", "w"], ["v"], name="a"), gemm], x, y,
    {"w": h.make_tensor("w", T.INT4, [3, 2], [1, 2, 3, 4, 5, 6])}, 21, 10))
bad("blocks_computed", model([node("DequantizeLinear", ["x", "w"], ["y"], name="d", block_size=2)], x, y, w, 21, 10))
bad("pad_axis", model([node("Pad", ["x", "p", "", "a"], ["y"], name="p")], x, y, {"p": whole([1, 1]), "a": whole([5])}, 18))
bad("strings", model([gemm], x, y, {"w": h.make_tensor("w", T.STRING, [1], [b"a"])}, 13))
bad("opset99", fine(opset=99))
bad("ir2", fine(ir=2))
bad("ir99", fine(ir=99))
t = nh.from_array(f32(3, 2), "w")
t.raw_data = t.raw_data[:-3]
bad("short_tensor", model([gemm], x, y, {"w": t}, 13))
t = nh.from_array(f32(3, 2), "w")
t.dims[0] = 1 << 40
bad("huge_tensor", model([gemm], x, y, {"w": t}, 13))
t = h.make_tensor("w", T.FLOAT, [3, 2], [1, 2, 3, 4, 5, 6])
t.float_data.pop()
bad("short_list", model([gemm], x, y, {"w": t}, 13))
for name, where in (("external_above", "../external.bin"), ("external_absolute", "/etc/hostname"), ("external_lost", "nowhere.bin")):
    t = T(name="w", data_type=T.FLOAT, dims=[3, 2], data_location=T.EXTERNAL)
    t.external_data.add(key="location", value=where)
    bad(name, model([gemm], x, y, {"w": t}, 13))
bad("empty", b"")
bad("text", b"These are no weights, just words.\n")


def field(tag, content):
    """A length-delimited field of the wire format."""
    n, size = len(content), b""
    while n >= 128:
        size += bytes([n & 127 | 128])
        n >>= 7
    return bytes([tag]) + size + bytes([n]) + content


deep = b""
for _ in range(300):
    deep = field(0x0a, field(0x2a, field(0x32, deep)))  # node { attribute { g { ... } } }
bad("deep", b"\x08\x07" + field(0x3a, deep))
