# setup.sh - install what is missing, configure and build; read by check.sh and quickstart.sh.
#
# Needs: root (the source tree), build (where to build).  Says what it does, a line a step, and ends
# the script with the reason when a step fails.

packages="gcc make autoconf automake pkg-config libreadline-dev libncurses-dev libopenblas-openmp-dev
libpng-dev tcl8.6-dev zlib1g-dev libprotobuf-c-dev protobuf-c-compiler libonnx-dev libcmocka-dev
libvterm-dev libonnx-testdata gnuplot-nox"

say() {
	printf '==> %s\n' "$*"
}

# step TEXT LOG COMMAND ...: runs the command with its output in a log; shows the log's end on failure.
step() {
	say "$1"
	log=$2
	shift 2
	if ! "$@" >"$log" 2>&1; then
		printf 'failed: %s\n' "$*" >&2
		tail -n 30 "$log" >&2
		printf 'the whole log: %s\n' "$log" >&2
		exit 1
	fi
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		printf 'this needs root, and there is no sudo: %s\n' "$*" >&2
		return 1
	fi
}

missing_packages() {
	for p in $packages; do
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$p"
	done
}

install_packages() {
	if ! command -v dpkg-query >/dev/null 2>&1; then
		say "not a Debian system: install by hand what configure asks for"
		return
	fi
	missing=$(missing_packages)
	if [ -z "$missing" ]; then
		say "all packages are installed"
		return
	fi
	step "apt-get update" "$build/apt.log" as_root apt-get update
	# word splitting is wanted
	# shellcheck disable=SC2086
	step "apt-get install $missing" "$build/apt.log" as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends $missing
}

# configure_and_build [CONFIGURE-OPTION ...]
configure_and_build() {
	if [ ! -x "$root/configure" ] || [ "$root/configure.ac" -nt "$root/configure" ]; then
		step "autoreconf" "$build/autoreconf.log" autoreconf -fi "$root"
	fi
	if [ ! -f "$build/Makefile" ]; then
		step "configure $*" "$build/configure.log" sh -c 'cd "$1" && shift && exec "$@"' sh "$build" \
			"$root/configure" "$@"
	fi
	step "make" "$build/make.log" make -C "$build" -j "$(nproc)"
}

mkdir -p "$build"
