#!/usr/bin/env python3
"""Prints retort beside its peers.   compare.py STEPS.json TORCH.json MODELS.json ORT.json

A line of ours is a list of rows, a line of a peer one row; of PyTorch's modes the fastest counts,
and the memory is that of the same run.
"""
import json
import sys

MIB = 2 ** 20


def ours(path):
    return [row for line in open(path) if line.strip() for row in json.loads(line)]


def peers(path, key, ms):
    best = {}
    for line in open(path):
        row = json.loads(line)
        if row[key] not in best or row[ms] < best[row[key]][ms]:
            best[row[key]] = row
    return best


def cell(peer, name, form):
    return format(peer[name], form) if peer else "-"


def ratio(peer, name, mine):
    return f"{peer[name] / mine:.2f}x" if peer else "-"


steps, torch = ours(sys.argv[1]), peers(sys.argv[2], "workload", "step_ms")
models, ort = ours(sys.argv[3]), peers(sys.argv[4], "model", "forward_ms")
if steps:
    print(f"{'step':10}{'retort ms':>11}{'torch ms':>10}{'mode':>9}{'ratio':>8}{'cached':>9}"
          f"{'GFLOP/s':>9}{'of peak':>9}{'MiB':>6}{'torch MiB':>11}")
for row in steps:
    peer = torch.get(row["workload"])
    print(f"{row['workload']:10}{row['step_ms']:11.3f}{cell(peer, 'step_ms', '.3f'):>10}"
          f"{peer['mode'] if peer else '-':>9}{ratio(peer, 'step_ms', row['step_ms']):>8}"
          f"{row['cached_step_ms']:9.3f}{row['gflops']:9.1f}{100 * row['share_of_peak']:8.1f}%"
          f"{row['process_bytes'] / MIB:6.0f}{cell(peer, 'peak_rss_mib', 'd'):>11}")
if models:
    print(f"\n{'forward':20}{'batch':>6}{'retort ms':>11}{'onnxrt ms':>11}{'ratio':>8}{'of f32':>8}"
          f"{'GFLOP/s':>9}{'of peak':>9}{'MiB':>6}{'ort MiB':>9}")
f32 = {row["model"]: row["forward_ms"] for row in models}
for row in models:
    name, peer = row["model"], ort.get(row["model"])
    base = f32.get(name[:-5]) if name.endswith("_int8") else None
    faster = f"{base / row['forward_ms']:.2f}x" if base else "-"
    print(f"{name:20}{row['batch']:6}{row['forward_ms']:11.3f}{cell(peer, 'forward_ms', '.3f'):>11}"
          f"{ratio(peer, 'forward_ms', row['forward_ms']):>8}"
          f"{faster:>8}"
          f"{row['gflops']:9.1f}{100 * row['share_of_peak']:8.1f}%"
          f"{row['process_bytes'] / MIB:6.0f}{cell(peer, 'peak_rss_mib', '.0f'):>9}")
