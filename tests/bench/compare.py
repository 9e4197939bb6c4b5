#!/usr/bin/env python3
"""Prints retort's times beside the best mode of PyTorch.   compare.py RETORT.json PEER.json"""
import json
import sys

ours = json.load(open(sys.argv[1]))
best = {}
for line in open(sys.argv[2]):
    row = json.loads(line)
    name = row["workload"]
    if name not in best or row["step_ms"] < best[name]["step_ms"]:
        best[name] = row
print(f"{'workload':10}{'retort ms':>11}{'torch ms':>11}{'mode':>9}{'ratio':>8}{'cached':>9}"
      f"{'GFLOP/s':>10}{'of peak':>9}{'torch MiB':>11}")
for row in ours:
    peer = best.get(row["workload"])
    if not peer:
        continue
    print(f"{row['workload']:10}{row['step_ms']:11.3f}{peer['step_ms']:11.3f}{peer['mode']:>9}"
          f"{peer['step_ms'] / row['step_ms']:7.2f}x{row['cached_step_ms']:9.3f}{row['gflops']:10.1f}"
          f"{100 * row['share_of_peak']:8.1f}%{peer['peak_rss_mib']:11}")
