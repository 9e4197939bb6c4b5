# readme.sh - the session in README is what the program prints, but for times and the last digits.
#
#   RETORT=... RT_TESTS=... sh tests/cli/readme.sh print      prints the session as it is now
. "$(dirname "$0")/lib.sh"
: "${RT_TESTS:?is the folder of the tests}"
readme=$RT_TESTS/../README

# From the first prompt to the empty line before the text goes on.
sed -n '/^retort> /,/^At a terminal/p' "$readme" | sed '$d' | sed '$d' >wanted
sed -n 's/^retort> //p' wanted >commands
while read -r line; do
	printf 'puts {retort> %s}\n%s\n' "$line" "$line"
done <commands >session.tcl
run session.tcl
if [ "${1:-}" = print ]; then
	cat out
	exit
fi
is "the session runs" "0" "$code"

# Another machine has other kernels and so other last digits: numbers, the bars that stand for them and
# their order are left out.
shape()
{
	LC_ALL=C sed -E 's/\xe2\x96[\x80-\xbf]//g; s/\xe2\x88\x92/-/g; s/[-+]?[0-9][0-9.,]*/#/g; s/ +/ /g; s/ $//
		/^ #( \*)? # % # %$/d; /^ # % # %$/d; /other classes/d' "$1"
}
shape wanted >wanted.shape
shape out >out.shape
ok "the session in README is what the program prints" diff wanted.shape out.shape

accuracies()
{
	LC_ALL=C grep -oE '(test|control) +[0-9]+\.[0-9]+ %' "$1" | grep -oE '[0-9]+\.[0-9]+'
}
accuracies wanted >wanted.numbers
accuracies out >out.numbers
ok "there are accuracies to compare" test "$(grep -c '' wanted.numbers)" -gt 10
ok "accuracies are within three points of README's" awk '
	{ getline other <"out.numbers"; d = $1 - other; if (d > 3 || d < -3) { print "# " $1, other; bad = 1 } }
	END { exit bad }' wanted.numbers
ok "README has at most 80 columns" narrow "$readme"

# Every package that the set-up installs is explained.
for package in $(sed -n '/^packages="/,/"$/p' "$RT_TESTS/setup.sh" | tr -d '"' | sed 's/packages=//'); do
	case $package in
	gcc | make | autoconf | automake | pkg-config) ;;
	*) ok "README says what $package is for" has "$package" "$readme" ;;
	esac
done

done_testing
