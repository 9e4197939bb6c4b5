# lessons.sh - lessons: every one can be done, places are kept, and a faulty file is told.
. "$(dirname "$0")/lib.sh"
: "${PTY:?is the program that drives a terminal}"

run -e 'tutorial list'
is "eight lessons" 8 "$(grep -c '^  [1-8]-' out)"
for lesson in 1 2 3 4 5 6 7 8; do
	run -e "tutorial play $lesson"
	is "lesson $lesson: every check holds after its commands" "0 " "$code $(tail -n 1 err)"
	# a path is as long as it is: where the tree lies must not matter
	grep -v -e '^  /' -e '^  try:' -e '^        ' -e '^>' -e "$(printf '^\t')" out >prose
	ok "lesson $lesson: its text has at most 80 columns" narrow prose
done
ok "playing keeps no place" test ! -e state/retort/lessons

cat >count.txt <<'END'
title: Counting
minutes: 1
To begin with.
# not shown

step: One
Set x
to 1.
  stays   as it is
try: set x 1
check: $::x == 1
hint: It is
  small.

step: Two
Add up.
try: incr x 1
	incr x 0
check: $::x == 2
check: [string match "incr*" $command] && $result == 2

step: Three
The end.
try: set x 3
check: $::x == 3
END
run -e 'tutorial ./count.txt' -e 'set x 5' -e 'tutorial hint' -e 'set x 1' -e 'set x 2' -e 'incr x 0' \
	-e 'tutorial stop' -e 'tutorial list'
is "a lesson in a script: exit code" 0 $code
ok "text before the first step" grep -qx "To begin with." out
ok "paragraphs are filled" grep -qx "Set x to 1." out
ok "indented lines stay" grep -qx "  stays   as it is" out
ok "comments are not shown" lacks "not shown" out
ok "a hint of two lines" grep -qx "It is small." out
is "one step after the other" "1 2 3" "$(sed -n 's/.*step \([0-9]\) of 3: .*/\1/p' out | tr '\n' ' ' | sed 's/ $//')"
is "the place is kept" "2 count" "$(cat state/retort/lessons)"
run -e 'tutorial ./count.txt' -e 'expr {$x + 40}' -e 'set y [expr {$x + 40}]; puts <$y>' -e 'tutorial next'
ok "a new session goes on where the last one stopped" has "step 3 of 3: Three" out
ok "with what the steps before have made" grep -qx "<42>" out
ok "next waits for the check" has 'tutorial next: step 3 is not done: $::x == 3' err
run -e 'tutorial ./count.txt -restart yes' -e 'tutorial skip' -e 'tutorial skip' -e 'tutorial back' \
	-e 'tutorial skip' -e 'tutorial skip' -e 'puts <$x>'
ok "skip does the step" grep -qx "<3>" out
ok "the end is told" has "end of the lesson" out
is "and kept" "3 count" "$(cat state/retort/lessons)"
for move in next back hint skip stop; do
	run -e "tutorial $move"
	is "$move without a lesson" "-e:1: tutorial $move: no lesson is under way   (try: tutorial list)" "$(cat err)"
done

run -e 'log record.tcl' -e 'tutorial ./count.txt -restart yes' -e 'set x 1' -e 'tutorial stop' -e 'set z 1'
is "a transcript has the commands, not the lesson" 'set x 1
set z 1' "$(grep -v '^#' record.tcl)"
ok "nor its text" lacks "Add up" record.tcl

# fault LINE TEXT REASON: a lesson with this line is refused, or fails when it is played.
fault()
{
	printf '%s\n' 'step: a' "$2" >bad.txt
	run -e 'tutorial play ./bad.txt'
	is "fault: $3" "1 -e:1: tutorial play: ./bad.txt:$1: $3" "$code $(cat err)"
}
fault 2 'tri: set x 1' '"tri:" is no key; did you mean "try:"?'
fault 2 'title: late' 'title, about and minutes stand before the first step'
fault 1 'check: 1 == 2' "after the step's commands this does not hold: 1 == 2"
fault 1 'check: $::none' \
	"after the step's commands this does not hold: \$::none: can't read \"::none\": no such variable"
echo 'try: x' >bad.txt
run -e 'tutorial ./bad.txt'
is "fault: no step" '-e:1: tutorial: ./bad.txt:1: "step:" comes before try, check and hint' "$(cat err)"
run -e 'tutorial frist'
is "a name that is nearly right" '-e:1: tutorial: no lesson "frist"; did you mean "first"?' "$(cat err)"

ok "at the prompt" "$PTY" "$RETORT" --plain <<'END'
wait retort>\x20
type tutorial first\r
wait step 1 of 10: Load the data
wait retort>\x20
type data load digits\r
wait step 2 of 10: Look at it
type data nonsense\r
wait no command "data nonsense"
type tutorial stop\r
wait left at step 2
type tutorial fir\t
wait tutorial fir
type \x15quit\r
exit 0
END

done_testing
