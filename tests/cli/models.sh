# models.sh - model graph and diff, and weights apart from their models.
. "$(dirname "$0")/lib.sh"

cat >diff.tcl <<'EOF'
data load digits
model new m {conv 8 3; relu; dense 10} -seed 1
model copy m same
set d [model diff m same]
puts "same: [llength [dict get $d layers]] [llength [dict get $d weights]] [dict get $d equal] [dict get $d outputs]"
prune m -score magnitude -amount 0.5
set d [model diff same m]
puts "pruned: [llength [dict get $d layers]] [llength [dict get $d weights]] [dict get $d equal]"
foreach w [dict get $d weights] {
	puts "[dict get $w name] [expr {[dict get $w largest] > 0 && [dict get $w relative] < 1}]"
}
model new wide {conv 8 3 -pad 1; relu; dense 30; relu; dense 10} -seed 1
puts "layers: [dict get [model diff m wide] layers]"
model new other {dense 3} -input 4
puts "outputs: [dict exists [model diff m other] outputs]"
model diff m other -data digits
EOF
run diff.tcl
ok "a copy is equal" has "same: 0 0 4 samples 256 largest 0.0 mean 0.0 agreement 1.0" out
ok "pruning changes weights, not layers" has "pruned: 0 2 2" out
ok "weights differ by less than their length" has "dense1.weight 1" out
ok "layers are matched by name" has "layers: conv1 relu1 flatten1 dense1 relu2 dense2" out
ok "outputs are compared where data fit both" has "outputs: 0" out
ok "data that do not fit are told" has 'model "other" takes 4, data set "digits" has 1x8x8' err

cat >compressed.tcl <<'EOT'
data load digits
model new m {conv 8 3 -pad 1; bn; relu; conv 8 3; relu; dense 10} -seed 1
model copy m small
prune small -structured yes -amount 0.5
model copy m int
quantize int -bits 8 -calibrate 64
EOT
(cat compressed.tcl; echo 'puts ==; model diff m small') >small.tcl
run small.tcl
sed -i '1,/^==/d' out
ok "pruned: channels before and after" grep -qE '^ +conv1 +Conv, bn +8x8x8 → 4x8x8 +8x1x3x3 → 4x1x3x3$' out
ok "pruned: what only follows is counted" has "3 layers differ, 3 more only in shape" out
(cat compressed.tcl; echo 'puts ==; model diff m int') >int.tcl
run int.tcl
sed -i '1,/^==/d' out
ok "quantized: bits and scale, and the folded normalization" \
	grep -qE '^ +conv1 +Conv, bn → Conv +8x8x8 .*32 → 8 +– → 0.0[0-9]+ +–$' out
ok "quantized: how far the weights are apart" grep -qE '^ +conv2 +Conv .*32 → 8 .* [0-9.]+ %$' out
ok "quantized: conversions are no layers" lacks Linear out
ok "quantized: a row a layer" has "3 layers differ" out
tr -s ' \n' ' ' <out >words
ok "quantized: a weight is one array in both, scales count with their layers" \
	has '7 differ, 3 are equal; 9 of scales and zero points count with their layers' words

cat >left.tcl <<'EOF'
data load digits
model new m {dense 8; relu; dense 8; ln; dense 10} -seed 1
prune m -structured yes -amount 0.5
undo
prune m -amount 0.5
model load e "$env(RT_TESTS)/data/exported/encoder_dynamo.onnx"
prune e -amount 0.5
EOF
run left.tcl
ok "pruning channels tells what it left alone" \
	grep -qE '^ +dense2 +a layer normalization couples all of them +ln1$' out
ok "the outputs stay" grep -qE '^ +dense3 +these are outputs of the model' out
is "pruning weights leaves only tables alone" 2 "$(grep -c 'left alone' out)"
ok "by name they are pruned" \
	grep -qE '^ +node_embedding +tables of embeddings are pruned only by name$' out

cat >graph.tcl <<'EOF'
model new m -zoo resnet8 -seed 1
model graph m -dot m.dot
set f [open m.dot]
puts [expr {[read $f] eq [model graph m]}]
model graph m -nodes yes -dot nodes.dot
model load odd "$env(RT_TESTS)/data/exported/encoder_dynamo.onnx"
model graph odd -dot odd.dot
EOF
run graph.tcl
ok "a graph is written" has 'digraph "m" {' m.dot
ok "file and value are the same" has 1 out
ok "a normalization is in its layer's box" lacks BatchNormalization m.dot
ok "unless every node is drawn" has BatchNormalization nodes.dot
ok "so is attention" has 'attention, 2 heads' odd.dot
if command -v dot >/dev/null; then
	for picture in m nodes odd; do
		dot -Tsvg "$picture.dot" -o "$picture.svg" 2>warnings
		is "Graphviz reads $picture.dot without a warning" "0 " "$? $(cat warnings)"
	done
fi

cat >weights.tcl <<'EOF'
data load digits
model new a {conv 8 3; bn; relu; dense 10} -seed 1
train a -epochs 1 -seed 1
model new b {conv 8 3; bn; relu; dense 10} -seed 2
puts "saved [weights save a a.safetensors -map {fc.* dense1.*}]"
puts "refused [catch {weights load b a.safetensors} reason] $reason"
puts "partial [weights load b a.safetensors -partial yes]"
undo
puts "loaded [weights load b a.safetensors -map {fc.* dense1.*}]"
set d [model diff a b]
puts "equal [dict get $d equal] of 8, [llength [dict get $d weights]] differ"
model new c {dense 10} -seed 1
weights load c a.safetensors
EOF
run weights.tcl
ok "all weights are saved" has "saved 8" out
ok "names must fit" has 'refused 1 a.safetensors: the model has no weights for 2 of the file'\''s 8 arrays' out
ok "unless it is partial" has "partial 6" out
ok "a map lets them fit" has "loaded 8" out
ok "the weights are those of the other" has "equal 8 of 8, 0 differ" out
ok "another shape is told" has 'a.safetensors: the model has no weights for' err
is "and ends the script" 1 "$code"

: "${RT_TESTS:?is the folder of the tests}"
cat >alone.tcl <<EOF
data load digits
foreach name {constants random} {
	model load m "$RT_TESTS/data/onnx/alone/\$name.onnx"
	model show m
	model run m -out \$name
	model save m \$name.onnx
	model load m \$name.onnx
	model save m again.onnx
}
EOF
cat >>alone.tcl <<'EOF'
model load c constants.onnx
puts "sum [model run c]"
foreach command {{evaluate c} {compare -models c} {train c} {explain gradient -sample 1 -models c}
		{quantize c} {model run c -sample 1} {model run c -input x=x.npy}} {
	puts "refused [catch $command reason] $reason"
}
EOF
run alone.tcl
is "models without an input load, run and are saved" 0 "$code"
ok "the same bytes again" cmp random.onnx again.onnx
ok "the sum of constants" has "sum {name y type f32 shape {2 2} min 11.0 mean 17.5 max 24.0}" out
is "what wants samples says so in a line" 7 "$(grep -c '^refused 1 .*\(0 inputs\|no input\)' out)"

done_testing
