#!/bin/sh
# run.sh - `make bench`: retort's distillation steps beside PyTorch's, in one run on one machine.
#
# RETORT: the program; SECONDS_EACH: time for each measurement (2); WORKLOADS: which (all);
# MODES: PyTorch's (eager last compile).  Without Python and torch only retort is measured.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
seconds=${SECONDS_EACH:-2}
modes=${MODES:-eager last compile}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset OPENBLAS_CORETYPE

"$RETORT" --quiet -e "puts [bench ${WORKLOADS:-} -seconds $seconds -format json]" >"$work/retort.json"
if ! python3 -c 'import torch' 2>/dev/null; then
	echo "no Python with torch: retort alone"
	"$RETORT" --quiet -e "bench ${WORKLOADS:-} -seconds $seconds"
	exit
fi
for mode in $modes; do
	python3 "$here/peer_torch.py" --seconds "$seconds" --mode "$mode" ${WORKLOADS:-} \
		>>"$work/peer.json" 2>>"$work/peer.log" || echo "PyTorch mode $mode failed: $(tail -n 1 "$work/peer.log")"
done
python3 "$here/compare.py" "$work/retort.json" "$work/peer.json"
