#!/bin/sh
# run.sh - `make bench`: retort beside PyTorch (steps) and ONNX Runtime (inference), in one run on
# one machine, every measurement in a process of its own so that its peak memory is its own.
#
# RETORT: the program; SECONDS_EACH: time for each measurement (2); WORKLOADS: which steps (all);
# MODES: PyTorch's (eager last compile); MODELS: which models are run forward (all of
# models.tcl); THREADS (2).  What Python does not have is left out.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
seconds=${SECONDS_EACH:-2}
threads=${THREADS:-2}
workloads=${WORKLOADS-mlp lenet lenet2 resnet mobile bert}
modes=${MODES:-eager last compile}
models=${MODELS-resnet20 resnet20_128 mobilenet_v2 resnet50 bert_teacher bert_student}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset OPENBLAS_CORETYPE
RETORT_BENCH_PYTHON=${PYTHON:-python3}

python_has()
{
	"$RETORT_BENCH_PYTHON" -c "import $1" 2>/dev/null
}

# ours NAME COMMAND: what a command of retort measures in a process of its own: its rows for the
# comparison, or its table where there is none.
ours()
{
	if python_has json; then
		"$RETORT" --quiet --threads "$threads" -e "puts [$2 -format json]" >>"$work/$1"
	else
		"$RETORT" --quiet --threads "$threads" -e "$2" && echo
	fi
}

touch "$work/steps.json" "$work/torch.json" "$work/models.json" "$work/ort.json"
for name in $workloads; do
	ours steps.json "bench $name -seconds $seconds"
	python_has torch || continue
	for mode in $modes; do
		"$RETORT_BENCH_PYTHON" "$here/peer_torch.py" --threads "$threads" \
			--seconds "$seconds" --mode "$mode" "$name" \
			>>"$work/torch.json" 2>>"$work/peer.log" ||
			echo "PyTorch, $name, mode $mode failed: $(tail -n 1 "$work/peer.log")"
	done
done
if [ -n "$models" ]; then
	"$RETORT" --quiet "$here/models.tcl" "$work" $models >/dev/null
	for line in "$work"/*.run; do
		[ -e "$line" ] || continue
		read -r name batch file <"$line"
		ours models.json "bench -models [model load $name {$file}] -batch $batch \
			-seconds $seconds" || continue
		python_has onnxruntime || continue
		"$RETORT_BENCH_PYTHON" "$here/peer_ort.py" --threads "$threads" \
			--seconds "$seconds" "$name" "$batch" "$file" \
			>>"$work/ort.json" 2>>"$work/peer.log" ||
			echo "ONNX Runtime, $name failed: $(tail -n 1 "$work/peer.log")"
	done
fi
if python_has json; then
	"$RETORT_BENCH_PYTHON" "$here/compare.py" "$work/steps.json" "$work/torch.json" \
		"$work/models.json" "$work/ort.json"
	echo
fi
"$RETORT" --quiet --threads "$threads" -e "bench kernels -seconds $seconds"
echo
"$RETORT" --quiet --threads "$threads" -e 'bench growth'
echo
echo "one sample at a time: the whole step, with one thread and with all"
for name in lenet lenet2; do
	for n in 1 "$threads"; do
		"$RETORT" --quiet -e "set row [lindex [bench $name -batch 1 -seconds $seconds -threads $n] 0]
			puts [format {%-8s threads %d %9.3f ms} $name $n [dict get \$row step_ms]]" |
			tail -n 1
	done
done
