#!/usr/bin/env python3
"""One forward pass in ONNX Runtime: the peer of retort's inference.

    python3 peer_ort.py [--threads 2] [--seconds 2] NAME BATCH FILE.onnx

Prints one JSON object: median milliseconds of a run on random input and the peak resident memory
of this process in MiB.
"""
import argparse
import json
import resource
import time

import numpy as np
import onnxruntime as ort

a = argparse.ArgumentParser()
a.add_argument("--threads", type=int, default=2)
a.add_argument("--seconds", type=float, default=2)
a.add_argument("name")
a.add_argument("batch", type=int)
a.add_argument("file")
a = a.parse_args()

options = ort.SessionOptions()
options.intra_op_num_threads = a.threads
options.inter_op_num_threads = 1
session = ort.InferenceSession(a.file, options, providers=["CPUExecutionProvider"])
rng = np.random.default_rng(1)
feed = {}
for value in session.get_inputs():
    shape = [d if isinstance(d, int) else a.batch for d in value.shape]
    if "int" in value.type:
        feed[value.name] = rng.integers(0, 2, shape).astype(np.int64)
    else:
        feed[value.name] = rng.standard_normal(shape).astype(np.float32)

for _ in range(3):
    session.run(None, feed)
times, end = [], time.perf_counter() + a.seconds
while len(times) < 20 or time.perf_counter() < end:
    start = time.perf_counter()
    session.run(None, feed)
    times.append(time.perf_counter() - start)
print(json.dumps({"peer": "onnxruntime " + ort.__version__, "model": a.name, "batch": a.batch,
                  "forward_ms": 1e3 * sorted(times)[len(times) // 2],
                  "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
