# batch.sh - scripts, -e and standard input: exit codes, error lines, bytes on stdout and stderr.
. "$(dirname "$0")/lib.sh"

run --version
is "version: exit code" 0 $code
ok "version: one line" grep -q '^retort [0-9.]*$' out

run --help
is "help: exit code" 0 $code
ok "help names every kind of option" has "  --threads N" out

run --thread 2
is "unknown option: exit code" 2 $code
is "unknown option: suggestion" "retort: no option --thread; did you mean --threads?" "$(cat err)"
run --threads 0
is "bad value: exit code" 2 $code
ok "bad value: what is allowed" has "--threads must be a whole number from 1 to 256, got 0" err

cat >lab.tcl <<'EOF'
# a script
puts "one $argv"
foreach x {1 2} {
	if {$x == 2} {
		hepl me
	}
}
puts never
EOF
run lab.tcl a "b c"
is "script error: exit code" 1 $code
is "script error: stdout" "one a {b c}" "$(cat out)"
is "script error: file, line, command, reason" \
	'lab.tcl:5: hepl: no command "hepl"; did you mean "help"?' "$(cat err)"
run -k lab.tcl
is "keep going: exit code" 1 $code
is "keep going: the rest is run" "one 
never" "$(cat out)"

# A layer that does not fit is told by its own line of the file.
cat >net.tcl <<'EOF'
model new s {
	conv 16 3 -pad 1
	relu
	conv 8 9
} -input {1 8 8}
EOF
large='layer 3 "conv 8 9": kernel 9x9 is larger than its input 8x8   (try: a smaller kernel, or -pad same)'
run net.tcl
is "a layer: file and line" "net.tcl:4: model new: $large" "$(cat err)"
{
	echo 'proc make {} {'
	cat net.tcl
	echo '}'
	echo make
} >proc.tcl
run proc.tcl
is "a layer in a procedure" "proc.tcl:5: model new: $large" "$(cat err)"
printf '# reads it\nsource net.tcl\n' >outer.tcl
run outer.tcl
is "a layer in a file that is read" "outer.tcl:2: source: net.tcl:4: model new: $large" "$(cat err)"
printf '# reads it\nif 1 {\n\tsource net.tcl\n}\n' >outer.tcl
run outer.tcl
is "a layer in a file that is read inside" "net.tcl:4: model new: $large" "$(cat err)"
printf 'model new s {conv 16 3 \\\n\t-pad 1\n\trelu; conv 8 9\n} -input {1 8 8}\n' >broken.tcl
run broken.tcl
is "lines broken by a backslash are counted" "broken.tcl:3: model new: $large" "$(cat err)"
printf 'set layers "relu\\nrelu\\nconv 8 9"\nmodel new s $layers -input {1 8 8}\n' >text.tcl
run text.tcl
is "a text that the file does not have has lines of its own" \
	"text.tcl:2: model new: line 3 of the layers, $large" "$(cat err)"

run no-such-file.tcl
is "no script: exit code" 1 $code
ok "no script: is named" has "no-such-file.tcl: No such file or directory" err
run puts 'a $b [c]'
is "a command and its words: taken as they are" 'a $b [c]' "$(cat out)"
run model list
is "a command and its words: exit code" 0 $code
ok "a command and its words: run" has 'there is no model yet' out
run model lisd
is "a command and its words: an error's code" 1 $code
ok "a command and its words: an error" has 'retort:1: model: no command "model lisd"' err
echo 'puts file' >model
run model list
is "a file of that name comes first" file "$(cat out)"
rm model
printf 'puts a\0b\n' >zero.tcl
run zero.tcl
is "binary file: exit code" 1 $code
ok "binary file: is refused" has "zero.tcl is not a script" err

run -e 'set x 5' -e 'puts [expr {$x + 1}]'
is "-e: one interpreter" 6 "$(cat out)"
run -e 'puts a' -e 'nope_nope' -e 'puts b'
is "-e: stops at the first error" "a" "$(cat out)"
is "-e: its name" '-e:1: nope_nope' "$(cut -d: -f1-3 err)"
run -e 'set x 5'
is "the result of a Tcl command is not printed" "" "$(cat out)"
run -e 'exit 7' -e 'puts no'
is "exit code of exit" 7 $code
is "nothing runs after exit" "" "$(cat out)"

printf 'set l {a\nb}\nputs [llength $l]\n\nbad_one\nputs no\n' | "$RETORT" >out 2>err
is "stdin: exit code" 1 $?
is "stdin: commands over several lines" 2 "$(cat out)"
is "stdin: line of the error" "stdin:5: bad_one" "$(cut -d: -f1-3 err)"
printf 'gets stdin line\nraw text\nputs "<$line>"\n' | "$RETORT" >out
is "stdin: gets reads on behind the command" "<raw text>" "$(cat out)"
printf 'puts {open\n' | "$RETORT" >out 2>err
is "stdin: an open brace is an error" "stdin:1: puts: missing close-brace" "$(cat err)"
printf 'puts dash' | "$RETORT" - >out
is "- is standard input" dash "$(cat out)"

run -e 'help' -e 'help help' -e 'catch {nope} m; puts $m'
ok "no escape codes in a pipe" lacks "$esc" out
CLICOLOR_FORCE=1 NO_COLOR=1 run -e 'help'
ok "no escape codes with NO_COLOR" lacks "$esc" out
ok "80 columns" test "$(awk '{ if (length > n) n = length } END { print n }' out)" -le 80
run -e 'puts [help quit -format json]'
ok "values as JSON" grep -q '^"quit ' out

if [ -w /dev/full ]; then
	"$RETORT" -e 'help' >/dev/full 2>err
	is "full disk: exit code" 1 $?
	is "full disk: reason" "cannot write to standard output: No space left on device" "$(cat err)"
fi
"$RETORT" -e 'while 1 {puts line}' 2>err | head -n 1 >out
is "a reader that leaves ends the program quietly" "line" "$(cat out err)"

mkdir -p config/retort
echo 'puts "from rc"' >config/retort/retortrc
run -e 'puts only'
is "scripts do not read retortrc" "only" "$(cat out)"

run -e 'log t.tcl' -e 'puts hello' -e 'catch {nope}' -e 'log stop'
ok "transcript" has "puts hello" t.tcl
run t.tcl
is "the transcript replays" "hello" "$(cat out)"

run -e 'ls'
ok "no program of the system is run" has 'no command "ls"' err

run --man retort
ok "manual page" has '.TH RETORT 1' out
run --bash-completion
ok "completion for bash is valid" bash -n out
ok "completion for bash completes" test "$(bash -c '. ./out; COMP_WORDS=(retort --thr); COMP_CWORD=1;
	compopt() { :; }; _retort; echo "${COMPREPLY[*]}"')" = --threads

run -e 'log heard.tcl' -e 'puts hello; puts -nonewline stdout "wor"; puts stdout ld' -e 'puts stderr no' \
	-e 'catch {puts a b c d}; log stop'
is "what puts writes is in the transcript" '# hello
# wor
# ld' "$(grep -v -e retort -e puts -e 'log' -e transcript heard.tcl)"
run -e 'puts #'
is "puts writes a word #" '#' "$(cat out)"

done_testing
