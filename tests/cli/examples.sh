# examples.sh - every example in the help of every command runs, and so do the scripts of examples/.
. "$(dirname "$0")/lib.sh"
: "${RT_TESTS:?is the folder of the tests}"

# Examples are what `help` shows between "Examples" and the next blank line.
run --man retort-commands
sed -n '/^\.SH COMMANDS/,/^\.SH [^C]/s/^\.SS "\(.*\)"$/\1/p' out >commands
ok "the manual lists the commands" grep -qx "model new" commands
ok "and more than thirty of them" test "$(grep -c '' commands)" -gt 30

while read -r command; do
	"$RETORT" -e "help $command" | awk '/^Examples$/ { inside = 1; next } /^$/ { inside = 0 } inside' |
		sed 's/^  //' >example.tcl
	ok "$command: has an example" test -s example.tcl
	rm -rf folder
	mkdir folder
	cp "$RETORT_DATA/models/mnist_mlp.onnx" folder/model.onnx
	(cd folder && "$RETORT" ../example.tcl >../out 2>../err </dev/null)
	is "$command: its examples run" "0 " "$? $(head -n 5 err)"
	grep -qE -e "-format|^zoo show" example.tcl || ok "$command: output has at most 80 columns" narrow out
done <commands

# The same for the layer language: the page of all layers, and those of each.
"$RETORT" -e 'help layers' | sed -n 's/^  \([a-z][a-z0-9]*\)  .*/layer \1/p' | sed 's/^layer help$//' >layers
ok "help layers lists the layers" grep -qx "layer conv" layers
echo layers >>layers
while read -r layer; do
	"$RETORT" -e "help $layer" | awk '/^Examples$/ { inside = 1; next } /^$/ { inside = 0 } inside' |
		sed 's/^  //' >example.tcl
	ok "$layer: has an example" test -s example.tcl
	ok "$layer: its page has at most 80 columns" narrow example.tcl
	run example.tcl
	is "$layer: its examples run" "0 " "$code $(head -n 5 err)"
done <layers

# The scripts, shortened: one seed, one epoch; quickstart.tcl with fewer of them.
mkdir pictures
run "$RETORT_DATA/temperature.tcl" 1 1 pictures/temperature.png
is "temperature.tcl: exit code" 0 $code
ok "temperature.tcl: a row for each temperature" test "$(grep -cE \
	'^ *(1|2|4|8|20) +[0-9.]+ +[0-9.]+ +[-+][0-9.]+$' out)" = 5
ok "temperature.tcl: a picture" test -s pictures/temperature.png
sed 's/-epochs 3/-epochs 1/; s/^step 5/step 2/' "$RETORT_DATA/quickstart.tcl" >short.tcl
run short.tcl pictures
is "quickstart.tcl: exit code" 0 $code
ok "quickstart.tcl: output has at most 80 columns" narrow out
is "quickstart.tcl: the summary" 6 "$(grep -cE ' %  +[0-9,]+ bytes +[0-9,]+ +[0-9.]+ ms$' out)"
for file in bars.png saliency.png cam.png curves.png student.onnx small.onnx; do
	ok "quickstart.tcl: $file" test -s pictures/$file
done
is "quickstart.tcl: the folder is named" "pictures and models are in pictures" "$(tail -n 1 out)"

run "$RETORT_DATA/import.tcl" pictures 1
is "import.tcl: exit code" 0 $code
ok "import.tcl: output has at most 80 columns" narrow out
ok "import.tcl: agrees with ONNX Runtime" grep -qE '^largest difference to ONNX Runtime: [0-9.]+e-0[5-9]$' out
is "import.tcl: the report" 6 "$(grep -cE ' %  +[0-9.]+ kB +[0-9]+ +[0-9.]+ ms$' out)"
ok "import.tcl: saving changes nothing" grep -qx "largest difference after saving and loading: 0.*" out
for file in cnn.dot confusion.png bars.png saliency.png cam.png int8.onnx; do
	ok "import.tcl: $file" test -s pictures/$file
done

run "$RETORT_DATA/sparse.tcl" mlp 1 1
is "sparse.tcl: exit code" 0 $code
ok "sparse.tcl: output has at most 80 columns" narrow out
ok "sparse.tcl: a row for each amount" test "$(grep -cE \
	'^ *(50|70|90) % +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+x$' out)" = 3

done_testing
