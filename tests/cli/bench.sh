# bench.sh - the workloads of bench are the networks that PyTorch is measured on.
. "$(dirname "$0")/lib.sh"

# Weights of teacher and student as PyTorch counts them in tests/bench/peer_torch.py.
cat >counts.tcl <<'EOF'
array set wanted {
	mlp	{2395210 1276810}
	lenet	{431080 23860}
	lenet2	{431080 431080}
	resnet	{272474 78042}
	mobile	{1084586 700490}
	bert	{4456452 1045252}
}
foreach row [bench {*}[array names wanted] -steps 1 -seconds 1e-6 -batch 2] {
	set name [dict get $row workload]
	set got [list [dict get $row teacher_parameters] [dict get $row student_parameters]]
	puts "[expr {$got eq $wanted($name) ? "true" : "false"}] $name: $got weights, $wanted($name)"
}
EOF
run counts.tcl
ok "all workloads run" test "$code" = 0
is "there are six" 6 "$(wc -l <out | tr -d ' ')"
while read -r result name; do
	ok "$name" "$result"
done <out

# The same seed gives the same bits on every workload, whatever is measured.
cat >bits.tcl <<'EOF'
foreach name {mlp lenet lenet2 resnet mobile bert} {
	foreach round {1 2} {
		set row [lindex [bench $name -steps 2 -seconds 1e-6 -batch 4] 0]
		set hash($round) [dict get $row student_hash]
	}
	puts "[expr {$hash(1) eq $hash(2) ? "true" : "false"}] $name repeats: $hash(1) $hash(2)"
}
EOF
run bits.tcl
ok "they run again" test "$code" = 0
while read -r result name; do
	ok "$name" "$result"
done <out

cat >forward.tcl <<'EOF'
model new a {conv 4 3; relu; gap; dense 3} -input {1 8 8}
model new b -zoo encoder -set {hidden 8 layers 1 heads 1 ffn 8 vocab 4}
set rows [bench -models {a b} -batch 3 -steps 1 -seconds 1e-6]
puts [llength $rows]
puts [expr {[dict get [lindex $rows 1] forward_ms] > 0}]
EOF
run forward.tcl
is "models are run forward" "2 1" "$(tail -n 2 out | tr "\n" " " | sed "s/ $//")"
run -e 'model new a {dense 3} -input 4; bench mlp -models a'
ok "workloads and models are asked for apart" has 'workloads or -models, not both' err
run -e 'bench mlp growth'
ok "growth is asked for alone" has 'growth has a table of its own' err
run -e 'bench kernels -batch 4'
ok "kernels have their batches" has 'leave -batch out' err
run bench kernels -seconds 1e-6 -steps 1 -format json
ok "kernels run, the words of a command behind the options" test "$code" = 0
ok "each in four directions, by a kernel with a name" \
	grep -q '"layer": "conv 3x3 64-64 on 16x16".*"weights": {"kernel": "[a-z0-9]' out
run -e 'bench -models nobody'
ok "an unknown model is refused" has 'nobody' err

run -e 'bench lanet'
is "code of an unknown workload" 1 "$code"
ok "an unknown workload is refused" has 'no workload "lanet"; did you mean "lenet"?' err

done_testing
