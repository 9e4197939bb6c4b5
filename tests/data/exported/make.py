"""Trains three small networks for a few epochs and exports each of them twice with PyTorch:
by the TorchScript exporter (opset 17) and by the dynamo exporter (opset 18).
usage: make.py FOLDER-WITH-DATA OUT"""
import collections, gzip, re, struct, sys
import numpy as np, onnx, onnxruntime, torch
from onnx import numpy_helper
from torch import nn

data, out = sys.argv[1:]
torch.manual_seed(1)
torch.backends.mha.set_fastpath_enabled(False)
torch.set_num_threads(2)
WORDS, LENGTH = 400, 24

class Cnn(nn.Module):
	"""A residual network normalized before its convolutions (He et al. 2016)."""
	def __init__(s):
		super().__init__()
		s.stem = nn.Conv2d(1, 8, 3, 2, 1)
		s.bn1, s.conv1 = nn.BatchNorm2d(8), nn.Conv2d(8, 8, 3, 1, 1, bias=False)
		s.bn2, s.conv2 = nn.BatchNorm2d(8), nn.Conv2d(8, 8, 3, 1, 1, bias=False)
		s.down = nn.Conv2d(8, 24, 3, 2, 1, bias=False)
		s.bn3 = nn.BatchNorm2d(24)
		s.pool, s.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(24, 10)
	def forward(s, x):
		x = s.stem(x)
		x = x + s.conv2(torch.relu(s.bn2(s.conv1(torch.relu(s.bn1(x))))))
		x = torch.relu(s.bn3(s.down(x)))
		return s.fc(torch.flatten(s.pool(x), 1))

class Encoder(nn.Module):
	"""Token ids to one of six classes; padding (id 0) is masked."""
	def __init__(s, d=32):
		super().__init__()
		s.words, s.places = nn.Embedding(WORDS, d), nn.Parameter(0.02 * torch.randn(LENGTH, d))
		layer = nn.TransformerEncoderLayer(d, 2, 64, 0.1, "gelu", batch_first=True)
		s.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
		s.head = nn.Linear(d, 6)
	def forward(s, ids):
		empty = ids == 0
		x = s.layers(s.words(ids) + s.places, src_key_padding_mask=empty)
		keep = (~empty).unsqueeze(-1).float()
		return s.head((x * keep).sum(1) / keep.sum(1))

class Lstm(nn.Module):
	"""Token ids, read in both directions; the largest state of every feature decides."""
	def __init__(s):
		super().__init__()
		s.words = nn.Embedding(WORDS, 16)
		s.lstm = nn.LSTM(16, 24, batch_first=True, bidirectional=True)
		s.head = nn.Linear(48, 6)
	def forward(s, ids):
		y, _ = s.lstm(s.words(ids))
		return s.head(y.max(1).values)

def split(text):
	"""Words as retort cuts them: letters, digits and bytes beyond ASCII; an apostrophe inside."""
	return re.findall(rb"[a-z0-9\x80-\xff]+(?:'[a-z0-9\x80-\xff]+)*", text.lower())

def rows(name):
	with gzip.open(f"{data}/austen_novels/{name}.tsv.gz", "rb") as f:
		return [line.rstrip(b"\n").split(b"\t", 1) for line in f]

def ids(rows, words):
	code = {w: i for i, w in enumerate(words)}
	x = np.zeros((len(rows), LENGTH), np.int64)
	for i, (_, text) in enumerate(rows):
		t = [code.get(w, 1) for w in split(text)][:LENGTH]
		x[i, :len(t)] = t
	return torch.from_numpy(x)

def idx(name):
	with gzip.open(f"{data}/mnist10k/{name}.gz") as f:
		b = f.read()
	dims = struct.unpack(f">{b[3]}I", b[4:4 + 4 * b[3]])
	return torch.tensor(np.frombuffer(b, np.uint8, offset=4 + 4 * b[3]).reshape(dims).copy())

def fit(m, x, y, epochs, rate):
	opt = torch.optim.AdamW(m.parameters(), rate)
	m.train()
	for _ in range(epochs):
		for at in torch.randperm(len(x)).split(64):
			opt.zero_grad()
			nn.functional.cross_entropy(m(x[at]), y[at]).backward()
			opt.step()
	m.eval()

def score(m, x, y):
	with torch.no_grad():
		return 100 * (m(x).argmax(1) == y).float().mean().item()

def export(name, m, x):
	example, want = x[:3], m(x[:3]).detach().numpy()
	for kind, opset in (("script", 17), ("dynamo", 18)):
		path = f"{out}/{name}_{kind}.onnx"
		if kind == "script":
			torch.onnx.export(m, example, path, opset_version=opset, dynamo=False,
				input_names=["x"], output_names=["y"],
				dynamic_axes={"x": {0: "N"}, "y": {0: "N"}})
		else:
			torch.onnx.export(m, (example,), path, opset_version=opset, dynamo=True,
				input_names=["x"], output_names=["y"], external_data=False,
				dynamic_shapes=({0: torch.export.Dim("N")},))
			p = onnx.load(path)
			for n in p.graph.node:	# stack traces of the exporting machine
				del n.metadata_props[:]
				n.doc_string = ""
			for v in list(p.graph.input) + list(p.graph.output) + list(p.graph.value_info) + list(p.graph.initializer):
				del v.metadata_props[:]
			del p.graph.metadata_props[:], p.metadata_props[:]
			onnx.save(p, path)
		s = onnxruntime.SessionOptions()
		s.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
		y = onnxruntime.InferenceSession(path, s).run(None, {"x": example.numpy()})[0]
		print(path, [f"{o.domain}:{o.version}" for o in onnx.load(path).opset_import], "off by", abs(y - want).max())
	np.save(f"{out}/{name}_x.npy", example.numpy())
	np.save(f"{out}/{name}_y.npy", y)	# ONNX Runtime's

train, test = rows("train"), rows("test")
count = collections.Counter(w for _, t in train for w in split(t))
words = [b"<pad>", b"<unknown>"] + sorted(count, key=lambda w: (-count[w], w))[:WORDS - 2]
open(f"{out}/words.txt", "wb").write(b"\n".join(words) + b"\n")
classes = sorted({c for c, _ in train})
label = lambda rows: torch.tensor([classes.index(c) for c, _ in rows])
with open(f"{out}/novels.tsv", "wb") as f:	# the first words of some paragraphs
	f.write(b"label\ttext\n")
	for part, some in ((b"train", train[::12]), (b"test", test[::8])):
		for c, t in some:
			f.write(c + b"\t" + b" ".join(t.split()[:LENGTH]) + b"\n")
x, y, tx, ty = ids(train, words), label(train), ids(test, words), label(test)
for name, m, epochs in ("encoder", Encoder(), 10), ("lstm", Lstm(), 10):
	fit(m, x, y, epochs, 2e-3)
	print(name, "test %.2f %%" % score(m, tx, ty), sum(p.numel() for p in m.parameters()))
	export(name, m, tx)
x, tx = (idx(f"{p}-images-idx3-ubyte").unsqueeze(1).float() / 255 for p in ("train", "t2k"))
y, ty = (idx(f"{p}-labels-idx1-ubyte").long() for p in ("train", "t2k"))
m = Cnn()
fit(m, x, y, 8, 3e-3)
print("cnn", "test %.2f %%" % score(m, tx, ty), sum(p.numel() for p in m.parameters()))
export("cnn", m, tx)

# A branch that the mean of the data chooses.
from onnx import TensorProto as T, helper as h
rng = np.random.default_rng(1)
W = [numpy_helper.from_array(rng.normal(size=(64, 10)).astype("f4"), n) for n in ("W1", "W2")]
def branch(name, w):
	return h.make_graph([h.make_node("MatMul", ["flat", w.name], [name + "_y"])], name, [],
		[h.make_tensor_value_info(name + "_y", T.FLOAT, None)], [w])
nodes = [h.make_node("Flatten", ["x"], ["flat"]), h.make_node("ReduceMean", ["x"], ["m"], keepdims=0),
	h.make_node("Greater", ["m", "t"], ["c"]),
	h.make_node("If", ["c"], ["z"], then_branch=branch("bright", W[0]),
		else_branch=branch("dark", W[1])),
	h.make_node("Relu", ["z"], ["y"])]
g = h.make_graph(nodes, "g", [h.make_tensor_value_info("x", T.FLOAT, ["N", 1, 8, 8])],
	[h.make_tensor_value_info("y", T.FLOAT, ["N", 10])],
	[numpy_helper.from_array(np.array(0.3, "f4"), "t")])
m = h.make_model(g, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(m)
onnx.save(m, f"{out}/if.onnx")
