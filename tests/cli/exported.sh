# exported.sh - three networks as PyTorch exports them go through all that retort does to a model.
. "$(dirname "$0")/lib.sh"
tcl exported.tcl

# A model whose branch depends on the data has no plan: it is run node by node.
cat >control.tcl <<EOF
data load digits
model load m $RT_TESTS/data/exported/if.onnx
puts "evaluated [dict get [evaluate m] n]"
puts "named [catch {explain occlusion -models m} reason] \$reason"
puts "named [catch {train m} reason] \$reason"
model new s {dense 16; relu; dense 10} -seed 1
puts "teaches [dict get [distill m s -seed 1] run]"
puts "epoch [dict get [step] epoch]"
puts "diff [llength [dict get [model diff m s] outputs]]"
model new s {dense 16; relu; dense 10} -seed 1
distill m s -seed 1 -cache no
puts "batch [catch {step} reason] \$reason"
puts "learns [catch {distill s m} reason] \$reason"
EOF
run control.tcl
ok "control flow: is evaluated" has "evaluated 359" out
ok "control flow: what cannot be explained is named" has \
	'named 1 if1 (If): what it gives is known only while running' out
ok "control flow: the node in the way is named" has 'named 1 model "m": if1 (If): what its graph' out

ok "control flow: it teaches a student" has "teaches run1" out
ok "control flow: for an epoch" has "epoch 1" out
ok "control flow: it is compared with another" has "diff 8" out
ok "control flow: without kept logits the way out is named" has 'if1 (If): what its graph gives is known only while running   (try: -cache yes)' out
ok "control flow: it cannot learn, and the node is named" grep -q 'learns 1 .*if1 (If)' out

# What belongs together is one line, and the totals stay what they are.
for name in encoder_script encoder_dynamo; do
	cat >show.tcl <<EOF
model load m $RT_TESTS/data/exported/$name.onnx
model show m
EOF
	run show.tcl
	is "$name: both attentions are lines" 2 "$(grep -c 'attention, 2' out)"
	is "$name: both GELU are lines" 2 "$(grep -c ' GELU ' out)"
	is "$name: shapes are no layers" 0 "$(grep -cE ' (Shape|Concat|Mod|Erf|Softmax) ' out)"
	ok "$name: less than fifty lines" test "$(grep -cE '^ +[0-9]+ ' out)" -lt 50
	grep ' total ' out | tr -s ' ' >total
	sed -i 's/model show m/model show m -nodes yes/' show.tcl
	run show.tcl
	ok "$name: every node on request" test "$(grep -cE '^ +[0-9]+ ' out)" -gt 100
	is "$name: with the same totals" "$(cat total)" "$(grep ' total ' out | tr -s ' ')"
done
done_testing
