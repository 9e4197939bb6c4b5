# patterns.sh - pruning in patterns: what is reported, what training and files keep, what is refused.
. "$(dirname "$0")/lib.sh"

cat >lesson.tcl <<'END'
data load digits
model new m {conv 16 3 -pad 1; relu; flatten; dense 64; relu; dense 10} -seed 1
train m -epochs 1 -seed 1
END

cat lesson.tcl - >blocks.tcl <<'END'
prune m -pattern 16x1 -amount 0.7
proc patterns {m} { lmap l [dict get [model show $m] layers] {
	if {![dict get $l parameters]} continue
	list [dict get $l layer] [dict get $l pattern]
} }
proc nonzero {m} { tcl::mathop::+ {*}[lmap l [dict get [model show $m] layers] {dict get $l nonzero}] }
puts "pruned: [patterns m]"
set kept [nonzero m]
train m -epochs 1 -seed 1
puts "trained: [patterns m] [expr {[nonzero m] == $kept}]"
puts "smaller: [expr {[dict get [model show m] sparse_bytes] < 0.4 * [dict get [model show m] bytes]}]"
model save m m.onnx
model load n m.onnx
puts "loaded: [patterns n]"
undo
undo
undo
puts "before: [patterns m]"
END
run blocks.tcl
is "blocks: exit code" "0 " "$code $(cat err)"
wanted='{conv1 16x1} {dense1 16x1} {dense2 {}}'
ok "blocks are found in the layers that divide" has "pruned: $wanted" out
ok "training keeps them" has "trained: $wanted 1" out
ok "the bytes without zeros are fewer" has "smaller: 1" out
ok "a file keeps them" has "loaded: $wanted" out
ok "undo brings the weights back" has "before: {conv1 {}} {dense1 {}} {dense2 {}}" out
ok "the layer that does not divide is left alone" \
	grep -qE '^ +dense2 +10 outputs do not divide into groups of 16$' out

cat lesson.tcl - >show.tcl <<'END'
prune m -pattern 1:4 -layers dense*
model show m
END
run show.tcl
ok "model show: a column for patterns" grep -qE 'sparsity +pattern +bits' out
ok "model show: 1:4" grep -qE 'dense1 .* 1:4 +32$' out
ok "model show: what is left without zeros" grep -qE 'on disk .* without zeros [0-9.]+ kB' out
is "prune: three quarters" 1 "$(grep -c '^ *dense1 .*(75.0 %)' out)"

for wrong in "-pattern 2:4 -amount 0.7|70 %" "-pattern 16x1 -layers dense2|10 outputs" \
	"-pattern 1:4 -layers conv1|1 inputs" "-pattern 16x1 -structured yes|whole channels" \
	"-pattern 3:4|1:4"; do
	printf '%s\nprune m %s\n' "$(cat lesson.tcl)" "${wrong%|*}" >wrong.tcl
	run wrong.tcl
	is "prune ${wrong%|*}: exit code" 1 $code
	ok "prune ${wrong%|*}: the reason" has "${wrong#*|}" err
done

done_testing
