# errors.sh - bad input gets one clear line and exit code 1, and leaves the session as it was.
. "$(dirname "$0")/lib.sh"
: "${RT_TESTS:?is the folder of the tests}"

# bad NAME COMMAND PATTERN...: in a session with data, models and a run under way, COMMAND fails with one
# line on standard error that has every PATTERN, exit code 1, nothing on standard output, and all
# numbers as before.
bad()
{
	what=$1
	command=$2
	shift 2
	cat >bad.tcl <<-EOF
		data load digits
		model new teacher {conv 4 3; relu; flatten; dense 10} -seed 1
		model new student {dense 8; relu; dense 10} -seed 2
		model load wdbc "\$env(RETORT_DATA)/models/wdbc_mlp.onnx"
		model new three {dense 3}
		distill teacher student -seed 3
		step -batches 3
		proc state {} {
			set s [list [model list] [data list] [run list] [show history]]
			foreach m {teacher student} {
				lappend s [evaluate \$m] [dict get [compare -models \$m] \$m logits]
			}
			return \$s
		}
		set before [state]
		catch {$command}
		puts "same [expr {[state] eq \$before}]"
		$command
		puts "went on"
	EOF
	run bad.tcl
	printf '# %s\n' "$(cat err)"
	ok "$what: exit code 1" test $code = 1
	ok "$what: one line with file, line and command" grep -qE "^bad.tcl:18: [a-z ]+: ." err
	ok "$what: only one line" test "$(grep -c '' err)" = 1
	is "$what: the state is as before" "same 1" "$(tail -n 1 out)"
	for pattern; do
		ok "$what: says $pattern" has "$pattern" err
	done
}

data=$RETORT_DATA/data

# Files that are cut off.
gzip -dc "$data/mnist/t2k-images-idx3-ubyte.gz" | head -c 5000 >cut-images-idx3-ubyte
gzip -dc "$data/mnist/t2k-labels-idx1-ubyte.gz" >cut-labels-idx1-ubyte
bad "truncated IDX" 'data load d cut-images-idx3-ubyte' cut-images-idx3-ubyte 1568000 4984
head -c 20000 "$data/mnist/t2k-images-idx3-ubyte.gz" >gz-images-idx3-ubyte.gz
cp "$data/mnist/t2k-labels-idx1-ubyte.gz" gz-labels-idx1-ubyte.gz
bad "truncated gzip" 'data load d gz-images-idx3-ubyte.gz' gz-images-idx3-ubyte.gz 20000
head -c 3000 "$RETORT_DATA/models/mnist_mlp.onnx" >cut.onnx
bad "truncated ONNX" 'model load m cut.onnx' cut.onnx 'byte 20 of 3000'
bad "truncated ONNX in the place of a model" 'model load student cut.onnx' cut.onnx
mkdir -p pictures/one pictures/two
cp "$RT_TESTS/data/png/grey8.png" pictures/one/a.png
cp "$RT_TESTS/data/png/grey8.png" pictures/two/a.png
head -c 60 "$RT_TESTS/data/png/grey8.png" >pictures/two/cut.png
bad "truncated PNG" 'data load d pictures' pictures/two/cut.png
: >empty.csv
bad "empty CSV" 'data load d empty.csv' empty.csv
echo 'no ONNX at all' >text.onnx
bad "a text that is no ONNX" 'model load m text.onnx' text.onnx
bad "a file that is not there" 'model load m nowhere.onnx' nowhere.onnx 'No such file'
bad "a folder in the place of a file" 'model load m pictures' pictures

# Tables.
printf 'a,b,y\n1,2,x\n3,4\n5,6,y\n' >ragged.csv
bad "ragged rows" 'data load d ragged.csv -target y' ragged.csv:3 '2 fields' 'header has 3'
printf 'a,b,y\n1,2,x\n3,nan,y\n5,6,y\n' >nan.csv
bad "NaN in a table" 'data load d nan.csv -target y' nan.csv:3 'column "b"' nan
printf 'a,b,y\n1,2,x\n3,inf,y\n5,6,y\n' >inf.csv
bad "infinity in a table" 'data load d inf.csv -target y' inf.csv:3 'column "b"' inf
printf 'a,b,y\n1,2,x\n3,"4,y\n5,6,y\n' >quote.csv
bad "an open quote" 'data load d quote.csv -target y' quote.csv
printf 'a,b,y\n1,2,x\n3,4,y\n5,6,y\n' >good.csv
bad "no such column" 'data load d good.csv -target z' '"z"'

# Things that do not fit together.
bad "a model that does not take the data" 'evaluate wdbc' '"wdbc" takes 30' '"digits" has 1x8x8'
bad "a model with too few outputs" 'train three' '"three" has 3 outputs' '10 classes'
bad "a teacher that does not fit" 'distill wdbc student' '"wdbc" takes 30' '"digits" has 1x8x8'
bad "a teacher with other classes" 'distill three student' '3 classes' 10 -class-map
bad "a kernel that is too large" 'model new s {conv 16 9; dense 10}' 'layer 1 "conv 16 9"' 9x9 8x8 digits
bad "a teacher that teaches itself" 'distill student student' 'its own teacher'

# Numbers and words that are not allowed.
bad "temperature 0" 'distill teacher student -temperature 0' \
	'-temperature must be above 0 and at most 1000, got 0' '-temperature 4'
bad "no number" 'train student -epochs many' -epochs many
bad "unknown layer" 'model new s {dnese 30; dense 10}' 'layer 1 "dnese 30"' 'did you mean "dense"?'
bad "unknown command" 'distil teacher student' 'did you mean "distill"?'
bad "unknown verb" 'model shwo student' '"model show"'
bad "unknown option" 'distill teacher student -temprature 4' 'did you mean -temperature?'
bad "unknown model" 'evaluate studnet' 'did you mean "student"?'
bad "unknown data set" 'data use digit' 'did you mean "digits"?'
bad "unknown set of retort" 'data load mnits' 'did you mean "mnist"?'
bad "unknown choice" 'train student -optimizer sgdd' 'sgd adam adamw' sgdd
bad "unknown network of the zoo" 'model new s -zoo lenet6' 'did you mean "lenet5"?'
bad "unknown method" 'explain gradcam' 'did you mean "grad_cam"?'
bad "a sample that is not there" 'compare -sample 359' '0 to 358' 359
bad "too many undos" 'undo 99' 99
bad "nothing to redo" redo redo
bad "half of an option" 'train student -epochs' -epochs

# What a run has learned before it fails stays, epoch by epoch.
run -e 'data load digits' -e 'model new m {dense 64; relu; dense 64; relu; dense 10} -seed 1' \
	-e 'catch {train m -lr 100 -momentum 1 -epochs 99 -seed 1} m; puts $m' \
	-e 'puts [llength [dict get [compare -models m] m logits]]'
ok "a loss that blows up is told with epoch and what to try" \
	grep -qE '(loss|gradient) of "m" is not finite in epoch [0-9]* after [0-9,]* samples; try a smaller -lr' out
is "and the model can still be asked" 10 "$(tail -n 1 out)"

# Disks that are full or closed.  The kept file stays whole, and no temporary file is left.
run -e 'data load digits' -e 'model new m {dense 10} -seed 1' -e 'model save m kept.onnx'
cp kept.onnx whole.onnx
(
	trap '' XFSZ
	ulimit -f 1
	"$RETORT" -e 'data load digits' -e 'model new m {dense 64; dense 10}' -e 'model save m kept.onnx' \
		>out 2>err
)
is "a file that outgrows the disk: exit code" 1 $?
is "a file that outgrows the disk: one line" "-e:1: model save: kept.onnx: cannot write: File too large" \
	"$(cat err)"
ok "a file that outgrows the disk: the old file is whole" cmp kept.onnx whole.onnx
is "a file that outgrows the disk: nothing else is left" kept.onnx "$(echo *kept*)"

full=/dev/full
if [ "$(id -u)" = 0 ]; then
	# a device of our own: should it be replaced, the system's is safe
	mkdir dev
	full=$work/dev/full
	mknod "$full" c 1 7 2>/dev/null && echo x 2>/dev/null >"$full"
	[ -c "$full" ] || full=
fi
if [ -n "$full" ] && ! (echo x >"$full") 2>/dev/null; then
	bad "full disk" "model save student $full" "$full" 'No space left'
	bad "full disk, picture" "compare -png $full" "$full" 'No space left'
	ok "the device is still a device" test -c "$full"
fi
bad "a folder that is not there" 'model save student nowhere/m.onnx' nowhere/m.onnx 'No such file'
bad "a picture in a folder that is not there" 'compare -png nowhere/m.png' nowhere/m.png
if [ "$(id -u)" != 0 ]; then
	mkdir closed
	chmod a-w closed
	bad "a folder that is closed" 'model save student closed/m.onnx' closed/m.onnx 'Permission denied'
fi

done_testing
