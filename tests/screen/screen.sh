# screen.sh - the workbench, driven through a terminal that is drawn.
. "$(dirname "$0")/../cli/lib.sh"
if [ -z "$VT" ] || [ ! -x "$VT" ]; then
	echo "1..0 # SKIP libvterm is missing; on Debian: apt-get install libvterm-dev"
	exit 0
fi

ok "start: panes, prompt, key bar; a result; quit" "$VT" 24 80 "$RETORT" <<'EOT'
wait models
row -1 F1 help
cursor retort>\x20
type expr 6*7\r
wait 42
cursor retort>\x20
type quit 3\r
exit 3
sane
EOT

ok "a hundred keys are seen within half a second" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
within 500
cursor aaaaaaaaaaaaaaa
type \x03
cursor retort>\x20
type \x04
exit 0
EOT

ok "typing UTF-8, editing, history" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type string length "äöü漢"
cursor "äöü漢"
type \r
wait 4
cursor retort>\x20
type xpr 6*8\b7\x01e\x05\r
wait 42
type \x12leng
wait (reverse-i-search)`leng':
type \x07
cursor retort>\x20
type \x04
exit 0
EOT

ok "train, look at it, keys" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type data load digits\r
wait 1,438 + 359
type model new teacher {dense 32; relu; dense 10}; train teacher -epochs 2\r
wait epoch 2   loss
type model new student {dense 10}; distill teacher student -epochs 3\r
wait is ready
type \e[15~
wait epoch 1   loss
wait T teacher
wait S student
type \e[17~
wait epoch 3   loss
wait accuracy %   epoch 3
type \e[18~
wait accuracy %   epoch 2
type \e[19~
wait accuracy %   epoch 3
type \e[C\e[C
wait sample 2:
type \e[D
wait sample 1:
type +
wait T = 6
type -
wait T = 4
type \e[21~
gone sample 1:
type \eOQ
gone accuracy %
type \eOP
wait this help; once more closes it
type \eOP
gone this help; once more closes it
type layout focus layers\r
wait layers of student
type \x04
exit 0
sane
EOT

ok "Ctrl-C drops a line, stops a loop at once, and drops what waits" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type puts dropped
cursor puts dropped
type \x03
cursor retort>\x20
type while 1 {}\r
wait while 1 {}
type puts late\r
wait 1 waiting
type ha
cursor retort> ha
within 1000
type \x03
wait cancelled
wait 1 waiting command dropped
cursor retort> ha
type \x15expr 6*7\r
wait 42
type \x04
exit 0
EOT

ok "a third Ctrl-C ends a program that does not listen, and leaves the terminal sane" \
	"$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
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

ok "another size; too small a window says so; nothing is lost in a storm" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type puts [string repeat "seen " 4]x\r
wait seen seen seen seen x
type half
cursor retort> half
size 10 30
wait the window is too small
size 8 40
cursor retort> half
size 60 200
wait seen seen seen seen x
storm 100
cursor retort> half
wait seen seen seen seen x
type \x15\x04
exit 0
EOT

ok "a paste of several lines is one command" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type \e[200~puts a[expr 1]\rputs b[expr 2]\e[201~
wait ⏎
type \r
wait a1
wait b2
type \x04
exit 0
EOT

ok "the plain prompt and back, with the line that was being typed" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type puts [expr 40+2]\r
wait 42
type half a line
cursor half a line
type \x18\x01
gone F1 help
cursor retort> half a line
type \x18\x01
wait F1 help
cursor retort> half a line
type \x15tui off\r
gone F1 help
cursor retort>\x20
type puts [expr 50+5]\r
wait 55
cursor retort>\x20
type tui on\r
wait F1 help
type \x04
exit 0
sane
EOT

ok "what is long is scrolled" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type for {set i 0} {$i < 100} {incr i} {puts row$i.}\r
wait row99.
type \e[5~\e[5~
gone row99.
wait rows back
type \e[6~\e[6~
wait row99.
type \x04
exit 0
EOT


for n in 15 1; do
	ok "signal $n leaves the terminal sane" "$VT" 24 80 "$RETORT" <<EOT
cursor retort>\\x20
type half
cursor half
signal $n
exit $((128 + n))
sane
EOT
done
# A sanitizer would answer the signal in the program's stead.
ok "a crash leaves the terminal sane" env ASAN_OPTIONS="${ASAN_OPTIONS:-}:handle_segv=0" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
signal 11
killed 11
sane
EOT

ok "idle means idle" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type data load digits\r
wait 1,438 + 359
wait sample 0
idle 1000
type \x04
exit 0
EOT

ok "completion" "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type apr\t
cursor retort> apropos\x20
type \x15help a\t
cursor help apropos\x20
type \x15set retort_word 42\r
wait 42
type expr 70+7\r
wait 77
cursor retort>\x20
type expr $retort_w\t
cursor expr $retort_word\x20
type \x15\x04
exit 0
EOT

ok "the screen as a file" "$VT" 24 80 "$RETORT" --color never <<'EOT'
cursor retort>\x20
type screen save seen.txt\r
wait screen written to seen.txt
type screen save seen.png\r
wait screen written to seen.png
type \x04
exit 0
EOT
ok "the screen as a file: text" has "F1 help" seen.txt
ok "the screen as a file: PNG" test -s seen.png

# every kind of terminal, both kinds of characters, three sizes
for term in xterm-256color screen-256color tmux-256color xterm-direct linux vt100; do
	for locale in C.UTF-8 C; do
		for size in "8 40" "24 80" "60 200"; do
			# shellcheck disable=SC2086
			ok "TERM=$term $locale $size" \
				env TERM=$term LC_ALL=$locale "$VT" $size "$RETORT" <<'EOT'
cursor retort>\x20
type data load digits\r
wait 1,438
type layout explain\r
cursor retort>\x20
type expr 6*7\r
wait 42
cursor retort>\x20
type \x04
exit 0
sane
EOT
		done
	done
done
for term in dumb '' no-such-terminal; do
	ok "TERM=$term: a plain prompt" env TERM=$term "$VT" 24 80 "$RETORT" <<'EOT'
cursor retort>\x20
type expr 6*7\r
wait 42
gone F1 help
cursor retort>\x20
type \x04
exit 0
sane
EOT
done

done_testing
