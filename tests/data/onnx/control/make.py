#!/usr/bin/env python3
"""Writes the models of this folder, whose nodes hold graphs, and what ONNX Runtime makes of them.

    python3 make.py        (onnx 1.23, onnxruntime 1.32, numpy)

NAME.onnx comes with NAME.in.pb and NAME.out.pb (TensorProto): output 0 of ONNX Runtime.
"""
import os
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper as nh

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(3)
f32 = lambda *shape: rng.randn(*shape).astype(np.float32)
node = h.make_node
value = lambda name, shape=None, t=T.FLOAT: h.make_tensor_value_info(name, t, shape)
const = lambda name, v: node("Constant", [], [name], value=nh.from_array(np.array(v)))


def write(name, nodes, x, out, params=(), rank=2, t=T.FLOAT, functions=(), imports=()):
    g = h.make_graph(nodes, name, [value("x", list(x.shape), t)], [value(out, [None] * rank, t)],
                     [nh.from_array(p, n) for n, p in params])
    m = h.make_model(g, ir_version=8, opset_imports=[h.make_opsetid("", 17), *imports], producer_name="make.py",
                     functions=list(functions))
    onnx.checker.check_model(m)
    y = ort.InferenceSession(m.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    for suffix, p in ("onnx", m), ("in.pb", nh.from_array(x, "x")), ("out.pb", nh.from_array(y, out)):
        with open(f"{here}/{name}.{suffix}", "wb") as f:
            f.write(p.SerializeToString())


# a branch that reads a weight and an intermediate value of the graph around it
write("branch", [
    const("zero", np.float32(0)),
    node("ReduceSum", ["x"], ["sum"], keepdims=0),
    node("Greater", ["sum", "zero"], ["positive"]),
    node("Relu", ["x"], ["r"]),
    node("If", ["positive"], ["y"],
         then_branch=h.make_graph([node("MatMul", ["r", "w"], ["t"])], "then", [], [value("t")]),
         else_branch=h.make_graph([const("two", np.float32(2)), node("Mul", ["x", "two"], ["e"])], "else", [], [value("e")])),
], np.abs(f32(2, 3)), "y", [("w", f32(3, 2))])

# powers of x, carried and collected; the number of rounds is data
write("loop", [
    node("Shape", ["x"], ["shape"]), const("zero", np.int64(0)),
    node("Gather", ["shape", "zero"], ["rounds"]), const("yes", True),
    node("Loop", ["rounds", "yes", "x"], ["last", "all"], body=h.make_graph([
        node("Mul", ["before", "x"], ["after"]), node("Identity", ["go"], ["go_on"]), node("Identity", ["after"], ["each"]),
    ], "body", [value("i", [], T.INT64), value("go", [], T.BOOL), value("before", [3, 2])],
        [value("go_on", [], T.BOOL), value("after", [3, 2]), value("each", [3, 2])])),
    node("Identity", ["all"], ["y"]),
], f32(3, 2), "y", rank=3)

# running sums along axis 1, from the end, put together along axis 1
write("scan", [
    const("zeros", np.zeros(2, np.float32)),
    node("Scan", ["zeros", "x"], ["last", "y"], num_scan_inputs=1, scan_input_axes=[1], scan_input_directions=[1],
         scan_output_axes=[1], body=h.make_graph([
             node("Add", ["before", "part"], ["after"]), node("Identity", ["after"], ["each"]),
         ], "body", [value("before", [2]), value("part", [2])], [value("after", [2]), value("each", [2])])),
], f32(2, 4), "y")

# a loop with a branch in it, which reads two graphs further out
write("nested", [
    const("three", np.int64(3)), const("yes", True), const("one", np.int64(1)),
    node("Loop", ["three", "yes", "x"], ["y"], body=h.make_graph([
        node("Less", ["i", "one"], ["first"]), node("Identity", ["go"], ["go_on"]),
        node("If", ["first"], ["after"],
             then_branch=h.make_graph([node("Add", ["before", "b"], ["t"])], "then", [], [value("t")]),
             else_branch=h.make_graph([node("Mul", ["before", "x"], ["e"])], "else", [], [value("e")])),
    ], "body", [value("i", [], T.INT64), value("go", [], T.BOOL), value("before", [2, 2])],
        [value("go_on", [], T.BOOL), value("after", [2, 2])])),
], f32(2, 2), "y", [("b", f32(2))])

# a function of the file, called twice with another attribute
leak = onnx.NodeProto(op_type="LeakyRelu", input=["t"], output=["b"])
leak.attribute.append(onnx.AttributeProto(name="alpha", ref_attr_name="slope", type=onnx.AttributeProto.FLOAT))
twice = h.make_function("test", "Bend", ["a"], ["b"], [node("Neg", ["a"], ["t"]), leak], [h.make_opsetid("", 17)], ["slope"])
write("function", [node("Bend", ["x"], ["m"], domain="test", slope=0.5), node("Bend", ["m"], ["y"], domain="test", slope=0.25)],
      f32(2, 3), "y", functions=[twice], imports=[h.make_opsetid("test", 1)])

# f64 stays f64, also where operators compute in f32
write("f64", [node("Add", ["x", "x"], ["d"]), node("Softmax", ["d"], ["s"]), node("Sqrt", ["s"], ["y"])],
      rng.randn(2, 3), "y", t=T.DOUBLE)
