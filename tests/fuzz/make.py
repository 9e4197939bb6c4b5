#!/usr/bin/env python3
"""Writes the seeds of corpus/: small models that have something of everything in them, and arrays,
tables and pictures.

    python3 make.py        (onnx 1.23, onnxruntime 1.32 to see that they run, numpy)
"""
import io
import os
import struct
import zlib

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper as nh

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(1)
f32 = lambda *shape: (rng.randn(*shape) / 2).astype(np.float32)
i64 = lambda *v: np.array(v, np.int64)
node = h.make_node
value = lambda name, shape, t=T.FLOAT: h.make_tensor_value_info(name, t, shape)


def seed(name, nodes, inputs, outputs, params, feeds, opset=17, ir=8, functions=(), imports=()):
    init = [p if isinstance(p, T) else nh.from_array(p, n) for n, p in params.items()]
    g = h.make_graph(nodes, name, inputs, outputs, init)
    m = h.make_model(g, ir_version=ir, opset_imports=[h.make_opsetid("", opset), *imports],
                     producer_name="make.py", functions=list(functions))
    onnx.checker.check_model(m, full_check=True)
    so = ort.SessionOptions()
    so.log_severity_level = 3
    ort.InferenceSession(m.SerializeToString(), so).run(None, feeds)
    with open(os.path.join(here, "corpus/onnx", name + ".onnx"), "wb") as f:
        f.write(m.SerializeToString())


# convolutions, with old attributes, typed lists and a quantized layer
seed("conv", [
    node("Pad", ["x", "pads"], ["p"], mode="reflect"),
    node("Conv", ["p", "w1", "b1"], ["c1"], name="c1", kernel_shape=[3, 3], strides=[1, 1]),
    node("BatchNormalization", ["c1", "s", "o", "m", "v"], ["n1"], epsilon=1e-3),
    node("Relu", ["n1"], ["r1"]),
    node("MaxPool", ["r1"], ["m1"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
    node("QuantizeLinear", ["m1", "qs", "qz"], ["q"]),
    node("DequantizeLinear", ["q", "qs", "qz"], ["d"]),
    node("DequantizeLinear", ["wq", "ws", "wz"], ["w2"], axis=0),
    node("Conv", ["d", "w2"], ["c2"], name="c2", group=2, pads=[1, 1, 1, 1]),
    node("ConvTranspose", ["c2", "w3"], ["t"], strides=[2, 2], output_padding=[1, 1]),
    node("Resize", ["t", "", "scales"], ["z"], mode="linear"),
    node("Concat", ["z", "z"], ["k"], axis=1),
    node("Slice", ["k", "starts", "ends", "axes"], ["l"]),
    node("AveragePool", ["l"], ["a"], kernel_shape=[3, 3], auto_pad="SAME_UPPER"),
    node("GlobalAveragePool", ["a"], ["g"]),
    node("Flatten", ["g"], ["f"]),
    node("Clip", ["f", "lo", "hi"], ["cl"]),
    node("Gemm", ["cl", "w4", "b4"], ["e"], transB=1, alpha=0.5),
    node("Softmax", ["e"], ["y"], axis=1),
], [value("x", ["N", 1, 8, 8])], [value("y", ["N", 3])], {
    "pads": i64(0, 0, 1, 1, 0, 0, 1, 1), "w1": f32(2, 1, 3, 3), "b1": f32(2), "s": f32(2), "o": f32(2),
    "m": f32(2), "v": np.abs(f32(2)) + 0.5, "qs": np.float32(0.05), "qz": np.uint8(3),
    "wq": rng.randint(-9, 9, (2, 1, 3, 3)).astype(np.int8), "ws": np.abs(f32(2)), "wz": np.zeros(2, np.int8),
    "w3": f32(2, 2, 2, 2), "scales": np.array([1, 1, 1.5, 2], np.float32), "starts": i64(1, 0), "ends": i64(3, -1),
    "axes": i64(1, 2), "lo": np.float32(-1), "hi": np.float32(1),
    "w4": h.make_tensor("w4", T.FLOAT, [3, 2], [1, -1, 0.5, 2, 0, 1]), "b4": f32(3),
}, {"x": f32(1, 1, 8, 8)})

# a transformer encoder of one block: embedding, attention spelled out, a function for GELU
gelu = h.make_function("local", "Gelu", ["x"], ["y"], [
    node("Constant", [], ["r"], value_float=0.70710678), node("Constant", [], ["one"], value_float=1.0),
    node("Mul", ["x", "r"], ["s"]), node("Erf", ["s"], ["e"]), node("Add", ["e", "one"], ["p"]),
    node("Mul", ["x", "p"], ["y"])], [h.make_opsetid("", 17)])
seed("encoder", [
    node("Gather", ["table", "ids"], ["emb"]),
    node("Add", ["emb", "pos"], ["h0"]),
    node("LayerNormalization", ["h0", "g1", "o1"], ["h1"], epsilon=1e-5),
    node("MatMul", ["h1", "wqkv"], ["qkv"]),
    node("Split", ["qkv", "parts"], ["q0", "k0", "v0"], axis=2),
    node("Reshape", ["q0", "heads"], ["q1"]), node("Transpose", ["q1"], ["q"], perm=[0, 2, 1, 3]),
    node("Reshape", ["k0", "heads"], ["k1"]), node("Transpose", ["k1"], ["k"], perm=[0, 2, 3, 1]),
    node("Reshape", ["v0", "heads"], ["v1"]), node("Transpose", ["v1"], ["v"], perm=[0, 2, 1, 3]),
    node("MatMul", ["q", "k"], ["s0"]), node("Div", ["s0", "root"], ["s1"]),
    node("Cast", ["ids"], ["idf"], to=T.FLOAT), node("Greater", ["idf", "zero"], ["mask"]),
    node("Unsqueeze", ["mask", "one_two"], ["mask4"]),
    node("Where", ["mask4", "s1", "low"], ["s2"]), node("Softmax", ["s2"], ["att"], axis=-1),
    node("MatMul", ["att", "v"], ["ctx"]), node("Transpose", ["ctx"], ["ctxt"], perm=[0, 2, 1, 3]),
    node("Shape", ["h1"], ["shape"]), node("Reshape", ["ctxt", "shape"], ["ctxr"]),
    node("Add", ["ctxr", "h0"], ["h2"]), node("MatMul", ["h2", "wff"], ["ff"]),
    node("Gelu", ["ff"], ["ffg"], domain="local"), node("MatMul", ["ffg", "wout"], ["ffo"]),
    node("Add", ["ffo", "h2"], ["h3"]), node("ReduceMean", ["h3"], ["mean"], axes=[1], keepdims=0),
    node("Einsum", ["mean", "wc"], ["y"], equation="nd,dc->nc"),
    node("TopK", ["y", "kk"], ["best", "which"]),
], [value("ids", ["N", 4], T.INT64)], [value("y", ["N", 3]), value("which", ["N", 1], T.INT64)], {
    "table": f32(7, 6), "pos": f32(4, 6), "g1": f32(6), "o1": f32(6), "wqkv": f32(6, 18), "parts": i64(6, 6, 6),
    "heads": i64(0, 4, 2, 3), "root": np.float32(1.7), "zero": np.float32(0), "low": np.float32(-1e4),
    "one_two": i64(1, 2), "wff": f32(6, 8), "wout": f32(8, 6), "wc": f32(6, 3), "kk": i64(1),
}, {"ids": np.array([[1, 2, 0, 6]], np.int64)}, functions=[gelu], imports=[h.make_opsetid("local", 1)])

# recurrent layers and control flow: Scan, Loop with an If inside, sequence lengths
step = h.make_graph([node("Add", ["c", "xi"], ["c2"]), node("Tanh", ["c2"], ["o"])], "step",
                    [value("c", [3]), value("xi", [3])], [value("c2", [3]), value("o", [3])])
then = h.make_graph([node("Mul", ["acc_in", "two"], ["t"])], "then", [], [value("t", None)])
other = h.make_graph([node("Sub", ["acc_in", "two"], ["e"])], "else", [], [value("e", None)])
body = h.make_graph([
    node("Mod", ["i", "itwo"], ["odd"]), node("Cast", ["odd"], ["cond"], to=T.BOOL),
    node("If", ["cond"], ["acc"], then_branch=then, else_branch=other), node("Identity", ["keep_in"], ["keep"]),
], "body", [value("i", [], T.INT64), value("keep_in", [], T.BOOL), value("acc_in", None)],
    [value("keep", [], T.BOOL), value("acc", None)])
seed("recurrent", [
    node("LSTM", ["x", "w", "r", "b"], ["seq4", "h", ""], hidden_size=3, direction="forward", activations=["Sigmoid", "Tanh", "Tanh"]),
    node("Squeeze", ["seq4", "one"], ["seq"]),
    node("GRU", ["seq", "gw", "gr", "gb", "lens"], ["gseq", "gh"], hidden_size=3, direction="bidirectional", linear_before_reset=1),
    node("ReduceSum", ["gh", "nought"], ["sum"], keepdims=0),
    node("Squeeze", ["sum", "nought"], ["flat"]),
    node("Squeeze", ["seq", "one"], ["rows"]),
    node("Scan", ["flat", "rows"], ["last", "outs"], num_scan_inputs=1, body=step),
    node("Loop", ["trips", "true", "last"], ["looped"], body=body),
    node("NonZero", ["outs"], ["where"]), node("Shape", ["where"], ["count"]),
    node("ConstantOfShape", ["count"], ["filled"], value=h.make_tensor("value", T.FLOAT, [1], [2.5])),
    node("ReduceMax", ["filled"], ["most"], keepdims=0),
    node("Mul", ["looped", "most"], ["y"]),
], [value("x", [4, 1, 2])], [value("y", [3])], {
    "w": f32(1, 12, 2), "r": f32(1, 12, 3), "b": f32(1, 24), "gw": f32(2, 9, 3), "gr": f32(2, 9, 3), "gb": f32(2, 18),
    "one": i64(1), "nought": i64(0), "lens": np.array([3], np.int32), "trips": np.array(3, np.int64), "true": np.array(True),
    "two": np.float32(2), "itwo": np.array(2, np.int64),
}, {"x": f32(4, 1, 2)})


# --- arrays, tables, pictures --------------------------------------------------------------------


def array(name, data):
    with open(os.path.join(here, "corpus/arrays", name), "wb") as f:
        f.write(data)


def npy(a):
    f = io.BytesIO()
    np.save(f, a)
    return f.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(w, h, depth, colour, rows, palette=b""):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, 0)) +
            (chunk(b"PLTE", palette) if palette else b"") + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


array("f32.npy", npy(f32(2, 3)))
array("i64_fortran.npy", npy(np.asfortranarray(np.arange(6).reshape(2, 3))))
array("big_endian.npy", npy(np.arange(4).astype(">i2")))
array("bool.npy", npy(np.array([[True], [False]])))
array("images.idx", struct.pack(">BBBBIII", 0, 0, 8, 3, 2, 2, 2) + bytes(range(8)))
array("f64.idx", struct.pack(">BBBBI", 0, 0, 14, 1, 2) + struct.pack(">2d", 1.5, -2))
array("table.csv", b'a,b,class\n1,2.5,"x, y"\n-3e2,,"say ""z"""\r\n')
array("table.tsv", b"\xef\xbb\xbf1\t2\n\n3\t4\n")
array("grey.png", png(3, 2, 8, 0, b"\0\1\2\3\0\4\5\6"))
array("rgb.png", png(2, 1, 8, 2, b"\1\1\2\3\1\2\3"))
array("palette.png", png(4, 1, 2, 3, b"\0\x1b", bytes(range(12))))
array("deep.png", png(1, 2, 16, 6, b"\0\1\2\3\4\5\6\7\x08" * 2))
