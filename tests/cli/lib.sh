# lib.sh - what the tests of the program as a whole share: TAP, a home of their own, a terminal.
#
# A test is `ok NAME CONDITION...` or `is NAME WANTED GOT`; the file ends with `done_testing`.

: "${RETORT:?is the program to test}"
count=0

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99

HOME=$work/home
XDG_STATE_HOME=$work/state
XDG_CONFIG_HOME=$work/config
TERM=xterm-256color
LC_ALL=C.UTF-8
TZ=UTC
PAGER=
export HOME XDG_STATE_HOME XDG_CONFIG_HOME TERM LC_ALL TZ PAGER
mkdir "$HOME"
unset LINES COLUMNS NO_COLOR CLICOLOR_FORCE INPUTRC LANG

esc=$(printf '\033')

ok()
{
	name=$1
	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
	fi
}

is()
{
	if [ "x$2" != "x$3" ]; then
		printf '%s\n' "wanted:" "$2" "got:" "$3" | sed 's/^/# /'
	fi
	ok "$1" test "x$2" = "x$3"
}

# has TEXT FILE: the text is in the file.
has()
{
	grep -qF -- "$1" "$2" || {
		sed 's/^/# /' "$2"
		return 1
	}
}

lacks()
{
	! has "$1" "$2" >/dev/null
}

# run ARGUMENT...: runs the program; leaves its exit code in $code and its output in out and err.
run()
{
	"$RETORT" "$@" >out 2>err </dev/null
	code=$?
}

# narrow FILE: no line is wider than 80 columns, counting characters outside ASCII once.
narrow()
{
	LC_ALL=C awk '{ gsub(/[\200-\277]/, "") } length($0) > 80 { print "# " $0; bad = 1 } END { exit bad }' "$1"
}

# tcl FILE: runs a test written in Tcl (see check.tcl) and counts its lines.
tcl()
{
	"$RETORT" "$RT_TESTS/cli/$1" $count >tap 2>err </dev/null
	code=$?
	cat tap
	count=$((count + $(grep -c -E '^(not )?ok [0-9]' tap)))
	is "$1 runs to its end" "" "$([ $code = 0 ] || cat err)"
}

done_testing()
{
	echo "1..$count"
	exit 0
}
