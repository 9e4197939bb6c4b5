# features.sh - what the workbench can do beyond its prompt: searching, mouse, layouts, lessons, panes.
. "$(dirname "$0")/../cli/lib.sh"
if [ -z "$VT" ] || [ ! -x "$VT" ]; then
	echo "1..0 # SKIP libvterm is missing; on Debian: apt-get install libvterm-dev"
	exit 0
fi

ok "search in what was printed: / n N" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type for {set i 0} {$i < 200} {incr i} {puts "row $i [expr {$i % 50 ? {} : {needle}}]"}\r
wait row 199
type /
cursor /
type NEEDLE\r
wait row 150 needle
wait /NEEDLE
type n
wait row 100 needle
type n
wait row 50 needle
type N
wait row 100 needle
cursor retort>\x20
type string length twelveletter
gone /NEEDLE
cursor string length twelveletter
type \r
wait 12
type /nowhere\r
wait is not there
type \r
gone is not there
type expr 1.0 /4\r
wait 0.25
type \x04
exit 0
EOT

ok "a marked pane is scrolled and searched" "$VT" 24 80 "$RETORT" <<'EOT'
limit 60000
cursor retort>\x20
type data load digits; model new t -zoo resnet20\r
wait * digits
type layout focus layers\r
wait layers of t
type \eo
wait >layers of t
wait conv2
type /conv12\r
wait conv12
gone conv2
type \e[5~\e[5~\e[5~\e[5~\e[5~\e[5~\e[5~\e[5~\e[5~
wait conv2
type \r\eo
gone >layers of t
type \x04
exit 0
EOT

ok "mouse: wheel, title, model, key bar" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type data load digits; model new a {dense 10}; model new b {dense 4; dense 10}\r
wait test %
wait * digits
type for {set i 0} {$i < 100} {incr i} {puts row$i.}\r
wait row99.
wheel 20 10 -4
gone row99.
wait rows back
wheel 20 10 4
wait row99.
click 2 5
wait look a
click 0 30
gone * digits
click 0 30
wait * digits
click -1 3
wait this help; once more closes it
click -1 3
gone this help; once more closes it
type tui -mouse off\r
type tui\r
wait the workbench is on   mouse off
type \em
wait the mouse is the workbench's
type \x04
exit 0
EOT

rm -rf config
ok "layouts of one's own" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type layout of {job confusion:2} models\r
wait nothing runs
gone accuracy %
type layout save two\r
wait layout two kept
type layout distill\r
wait accuracy %
type layout tw\t
cursor layout two\x20
type \r
gone accuracy %
type layout save distill\r
wait cannot be the name
type layout of nopane\r
wait no pane "nopane"
type layout two curves\r
wait only layout focus takes a pane
type \x04
exit 0
EOT
is "layouts of one's own: kept" 'two {job:1 confusion:2} {models:1}' "$(cat config/retort/layouts)"
ok "layouts of one's own: next session" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
wait accuracy %
type layout\r
wait two       {job:1 confusion:2} {models:1}
type layout two\r
gone accuracy %
type \x04
exit 0
EOT

ok "a program of the system gets the terminal, and gives it back" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type !stty -a | grep -o -w -e ica''non; read -r x; echo "got $x"\r
wait icanon
gone F1 help
type words\r
wait got words
wait Enter returns to the workbench
type \r
wait F1 help
cursor retort>\x20
type expr 6*7\r
wait 42
type !echo sec''ond; exit 3\r
wait second
type \r
wait exit status 3
type \x04
exit 0
sane
EOT

ok "Ctrl-Z and fg keep line and screen" "$VT" 24 80 sh -i <<EOT
type PS1='sys> '\\r
wait sys>
type $RETORT --quiet\\r
cursor retort>\\x20
type expr 50+5\\r
wait 55
type half a line
cursor half a line
type \\x1a
gone F1 help
cursor sys>\\x20
type fg\\r
wait F1 help
wait 55
cursor retort> half a line
type \\x15\\x04
cursor sys>\\x20
gone F1 help
type exit\\r
EOT

rm -rf state
ok "the third Ctrl-C saves the session" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type data load digits; model new kept {dense 10}; expr 70+7\r
wait 77
type exec sh -c {trap "echo h''it >&2" INT; echo u''p >&2; while :; do sleep 9; done} 2>@stderr\r
wait up
type \x03
wait hit
type \x03
wait still running: exec sh
type \x03
killed 2
sane
EOT
ok "the third Ctrl-C: what it saved can be loaded" \
	sh -c '"$RETORT" -e "checkpoint load [glob $XDG_STATE_HOME/retort/rescued-*.ckpt]; model list" | grep -q kept'

ok "show terminal: with a screen" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type show terminal\r
wait workbench shown   mouse on
type tui off\r
gone F1 help
cursor retort>\x20
type show terminal\r
wait workbench put away
cursor retort>\x20
type \x04
exit 0
EOT
ok "show terminal: --plain" "$VT" 24 80 "$RETORT" --plain <<'EOT'
cursor retort>\x20
type show terminal\r
wait plain prompt: --plain was asked for
cursor retort>\x20
type \x04
exit 0
EOT
ok "show terminal: TERM unknown" env TERM=no-such "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type show terminal\r
wait plain prompt: terminfo does not know TERM
cursor retort>\x20
type \x04
exit 0
EOT
run -e 'show terminal'
ok "show terminal: a script" has "plain prompt: a script" out

ok "run, pause, go on; looking meanwhile" "$VT" 24 80 "$RETORT" <<'EOT'
limit 60000
cursor retort>\x20
type data load mnist; model new t -zoo lenet5; train t -epochs 0; expr 70+7\r
wait 77
type step 50\r
wait samples/s
type sample next\r
wait sample 1:
type look t\r
type layout explain\r
wait confusion of t
type pause\r
wait stopped in epoch
cursor retort>\x20
type \x04
exit 0
EOT

rm -rf state
ok "a lesson: its step stands above the panes; hint, wrong input, back, skip, resume" \
	"$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type tutorial first\r
row 0 step 1 of
wait try:  data load digits
type data lod digits\r
wait did you mean
row 0 step 1 of
type tutorial hint\r
wait tells what else can be loaded
type data load digits\r
row 0 step 2 of
type tutorial back\r
row 0 step 1 of
type tutorial next\r
row 0 step 2 of
type tutorial skip\r
row 0 step 3 of
type layout focus curves\r
row 0 step 3 of
type tutorial stop\r
wait left at step 3
row 0 accuracy %
type tutorial\r
row 0 step 3 of
type \x04
exit 0
EOT
ok "a lesson: resumed in another session" "$VT" 45 140 "$RETORT" <<'EOT'
cursor retort>\x20
type tutorial\r
wait was left at step 3; running what comes before it
row 0 step 3 of
wait * digits
type view lesson -text yes\r
wait layers
type \x04
exit 0
EOT

# every pane at every size: nothing is lost, nothing breaks
panes=$("$RETORT" -e 'help panes' | awk '/^  [a-z]/ && $1 != "help" { print $1 }')
ok "panes are listed" test "$(echo "$panes" | wc -w)" -ge 8
for size in "8 40" "24 80" "60 200"; do
	{
		printf 'limit 60000\ncursor retort>\\x20\n'
		printf 'type data load digits; model new t {conv 4 3; relu; gap; dense 10}; '
		printf 'train t -epochs 1; model new s {dense 10}; distill t s -control yes; '
		printf 'step; expr 70+7\\r\nwait 77\n'
		for pane in $panes; do
			printf 'type layout focus %s\\r\n' "$pane"
			printf 'cursor retort>\\x20\n'
			printf 'type puts [string repeat z 9]_%s\\r\nwait zzz_%s\n' "$pane" "$pane"
		done
		printf 'storm 60\nwait zzz_%s\ncursor retort>\\x20\ntype \\x04\nexit 0\nsane\n' "$pane"
	} >actions
	# shellcheck disable=SC2086
	ok "every pane at $size" "$VT" $size "$RETORT" --quiet <actions
done
for pane in $panes; do
	run -e 'data load digits; model new t {dense 10}; model new s {dense 10}' -e 'train t -epochs 1' \
		-e 'distill t s; step' -e "view $pane" -e "view $pane -png $pane.png"
	is "view $pane" 0 "$code"
	ok "view $pane: within 80 columns" narrow out
	ok "view $pane: PNG" test -s "$pane.png"
done

done_testing
