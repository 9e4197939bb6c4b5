#!/bin/sh
# quickstart.sh - set everything up, build, and run the main job on the data that comes along:
# a teacher on real digits, a distilled student, pruned and quantized, with pictures.
#
#   sh examples/quickstart.sh [FOLDER]      pictures and models go there; default quickstart-out
#
# RETORT_BUILD names another build folder than build.
set -u

root=$(cd "$(dirname "$0")/.." && pwd)
build=${RETORT_BUILD:-$root/build}
out=${1:-quickstart-out}
. "$root/tests/setup.sh"

install_packages
configure_and_build
mkdir -p "$out" || exit 1
say "retort examples/quickstart.tcl $out"
exec "$build/retort" "$root/examples/quickstart.tcl" "$out"
