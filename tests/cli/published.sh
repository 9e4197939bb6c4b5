# published.sh - what retort promises on its own data.
. "$(dirname "$0")/lib.sh"
tcl published.tcl
done_testing
