#!/bin/sh
# check.sh - set everything up and run the whole test suite; the last line is "N passed, N failed".
#
#   sh tests/check.sh [CONFIGURE-OPTION ...]      for example --enable-sanitizers=address,undefined
#
# RETORT_BUILD names another build folder than build-check.
set -u

root=$(cd "$(dirname "$0")/.." && pwd)
build=${RETORT_BUILD:-$root/build-check}
. "$root/tests/setup.sh"

install_packages
configure_and_build "$@"
say "make check"
make -C "$build" -j "$(nproc)" check >"$build/check.log" 2>&1
status=$?
grep -E '^(PASS|FAIL|XPASS|ERROR|SKIP):' "$build/check.log" | grep -vE '^PASS' | head -n 60
count() {
	find "$build/tests" -name '*.trs' -exec cat {} + | grep -c "^:test-result: $1"
}
passed=$(count PASS)
failed=$(($(count FAIL) + $(count XPASS) + $(count ERROR)))
skipped=$(count SKIP)
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
	tail -n 30 "$build/check.log" >&2
	failed=1
fi
[ "$failed" = 0 ] || find "$build/tests" -name '*.log' -exec grep -lE '^(not ok|FAIL|ERROR)' {} + |
	while read -r log; do
		printf -- '--- %s\n' "$log"
		grep -vE '^ok' "$log" | tail -n 25
	done
if [ "$skipped" = 0 ]; then
	printf '%d passed, %d failed\n' "$passed" "$failed"
else
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
fi
[ "$failed" = 0 ]
