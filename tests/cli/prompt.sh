# prompt.sh - the prompt, driven through a terminal.
. "$(dirname "$0")/lib.sh"
: "${PTY:?is the program that drives a terminal}"

ok "greeting, a result, quit" "$PTY" "$RETORT" --plain <<'EOF'
wait help lists the commands
wait retort>\x20
type expr 6*7\r
wait \n42\n
wait retort>\x20
type quit\r
exit 0
sane
EOF

ok "editing" "$PTY" "$RETORT" --plain --quiet <<'EOF'
wait retort>\x20
type xpr 6*8\b7\x01e\x05\r
wait \n42\n
type string length "äöü"\r
wait \n3\n
wait retort>\x20
type \x04
exit 0
never help lists
EOF

ok "Ctrl-C drops the line" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type puts dropped[expr 1]
wait dropped
type \x03
wait ^C\n
wait retort>\x20
type puts kept[expr 1]\r
wait kept1\n
never dropped1\r
type foreach x {1 2} {\r
wait ...>\x20
type \x03
wait retort>\x20
type expr 40+2\r
wait \n42\n
type exit 5\r
exit 5
EOF

ok "Ctrl-C stops a loop" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type puts go[expr 1]; while 1 {}\r
wait go1\n
limit 1000
type \x03
wait cancelled\n
wait retort>\x20
limit 20000
type catch {nope}; expr 6*7\r
wait \n42\n
type catch {puts go[expr 2]; while 1 {catch {nope}}}; puts leaked\r
wait go2\n
type \x03
wait cancelled\n
never leaked\n
wait retort>\x20
type \x04
exit 0
EOF

ok "a stubborn program ends at the third Ctrl-C" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type exec sh -c {trap "echo h''it >&2" INT; echo u''p >&2; while :; do sleep 9; done} 2>@stderr\r
wait up
type \x03
wait hit
type \x03
wait still running: exec sh
type \x03
killed 2
sane
EOF

ok "a script is interrupted" "$PTY" "$RETORT" --plain -e 'puts ready; flush stdout; while 1 {}' <<'EOF'
wait ready\n
type \x03
exit 130
EOF

ok "continuation" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type foreach x {1 2} {\r
wait ...>\x20
type puts <$x>\r
wait ...>\x20
type }\r
wait <1>\n<2>\n
type expr 40 \\\r
wait ...>\x20
type +2\r
wait \n42\n
wait retort>\x20
type \x04
exit 0
EOF

ok "short forms, help, the system's shell" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type apr transcript\r
wait write a transcript that can be run again
type ?log\r
wait Examples
type !echo $((40+2))\r
wait \n42\n
type ls\r
wait no command "ls"
wait retort>\x20
type \x04
exit 0
EOF

ok "completion" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type apr\t
wait apropos\x20
type transcript\r
wait that can be run again
wait retort>\x20
type help a\t
wait help apropos\x20
type \x15
type set retort_word 42; expr $retort_w\t\r
wait \n42\n
wait retort>\x20
type log s\t
wait state/  stop
wait retort> log st
type \x03
wait ^C\nretort>\x20
type \x04
exit 0
EOF

rm -rf state
ok "history: first session" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type puts first\r
wait \nfirst\n
type puts first\r
wait \nfirst\n
type foreach x {1} {\r
wait ...>\x20
type puts "a\\\\b"}\r
wait a\\b\n
type quit\r
exit 0
EOF
is "history: each line once, escaped" 'puts first
foreach x {1} {\nputs "a\\\\b"}
quit' "$(cat state/retort/history)"
is "history: for the user alone" -rw------- "$(ls -l state/retort/history | cut -c1-10)"
ok "history: next session" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type \x10\x10\r
wait a\\b\n
wait retort>\x20
type \x12fir
wait first
type \r
wait \nfirst\n
wait retort>\x20
type \x04
exit 0
EOF
ok "history: is kept when the program is killed" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type expr 6*7\r
wait \n42\n
wait retort>\x20
signal 9
EOF
ok "history: has the line" has 'expr 6*7' state/retort/history

ok "SIGTERM leaves the terminal sane" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type half a li
wait half a li
signal 15
exit 143
sane
EOF

ok "SIGTERM while a command runs" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type puts go[expr 1]; while 1 {}\r
wait go1\n
signal 15
exit 143
sane
EOF

ok "resizing" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type expr 6*
size 30 60
type 7\r
wait \n42\n
size 0 0
type expr 6*8\r
wait \n48\n
wait retort>\x20
type \x04
exit 0
EOF

ok "a paste of several lines" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type \e[200~puts a[expr 1]\rputs b[expr 2]\e[201~
type \r
wait a1\nb2\n
wait retort>\x20
type \x04
exit 0
EOF

ok "long output goes through the pager, short does not" \
	env PAGER="sed 's/^/| /'" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type help distill\r
wait | Examples
wait retort>\x20
type expr 6*7\r
wait \n42\n
wait retort>\x20
type \x04
exit 0
EOF
ok "a pager that is missing" env PAGER=no-such-pager "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type help distill\r
wait \nExamples
wait retort>\x20
type \x04
exit 0
EOF

for term in dumb '' no-such-terminal vt100; do
	ok "TERM=$term" env TERM=$term "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type expr 6*7\r
wait \n42\n
type help a\t
wait pro
type \x15help\r
wait explains a command
wait retort>\x20
type \x04
exit 0
EOF
done
ok "TERM=dumb: no escape codes" env TERM=dumb "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type expr 6*8\b7\r
wait \n42\n
type help\r
wait explains a command
wait retort>\x20
type \x04
exit 0
never \e
EOF

mkdir -p config/retort
echo 'set from_rc 42' >config/retort/retortrc
ok "retortrc is run" "$PTY" "$RETORT" --plain <<'EOF'
wait retort>\x20
type expr {$from_rc}\r
wait \n42\n
wait retort>\x20
type \x04
exit 0
EOF
ok "--no-rc" "$PTY" "$RETORT" --plain --no-rc <<'EOF'
wait retort>\x20
type expr {$from_rc}\r
wait can't read "from_rc": no such variable
wait retort>\x20
type \x04
exit 0
EOF
echo 'nope_nope' >>config/retort/retortrc
ok "an error in retortrc is told and the prompt comes" "$PTY" "$RETORT" --plain <<'EOF'
wait retortrc:2: nope_nope: no command
wait retort>\x20
type quit 3\r
exit 3
EOF

done_testing
