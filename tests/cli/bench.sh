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

run -e 'bench lanet'
is "code of an unknown workload" 1 "$code"
ok "an unknown workload is refused" has 'no workload "lanet"; did you mean "lenet"?' err

done_testing
