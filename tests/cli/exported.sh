# exported.sh - three networks as PyTorch exports them go through all that retort does to a model.
. "$(dirname "$0")/lib.sh"
tcl exported.tcl
done_testing
