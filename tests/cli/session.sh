# session.sh - a first session: on real digits as a user would type it, then its promises in Tcl.
. "$(dirname "$0")/lib.sh"

cat >session.tcl <<'EOF'
data load mnist                         # embedded
model new teacher -zoo lenet5
train teacher -epochs 1
model new student {dense 30; relu; dense 10}
distill teacher student -temperature 4 -soft 0.9 -hard 0.1 -control yes
step                                    # one epoch, live progress, then a one-line result
compare -sample 17                      # teacher-vs-student bars in the terminal
compare -sample 17 -png bars.png
explain grad_cam -sample 17 -models {teacher student} -png cam.png
undo                                    # back one epoch, weights, optimizer and rng included
prune student -score magnitude -amount 0.8 -structured no
quantize student -bits 8 -calibrate 256
model show student                      # bytes on disk, MACs, measured latency, accuracy
model save student student.onnx
EOF
run session.tcl
is "the session as written: exit code" 0 $code
ok "no line is wider than 80 columns" narrow out
ok "no escape codes" lacks "$esc" out
ok "loading tells samples, shape and classes" has \
	"mnist   8,000 + 2,000 samples   1x28x28   10 classes   from embedded mnist" out
ok "the teacher's cost" has "431,080 parameters   2,293,000 MACs" out
ok "the student's cost" has "23,860 parameters   23,820 MACs" out
ok "the teacher's own score comes first" grep -q '^teacher   test 9[0-9]\.[0-9]* %   logits kept$' out
ok "a step's line has student and control side by side" \
	grep -Eq '^epoch 1   loss [0-9.]+   test [0-9.]+ % +control [0-9.]+ %   agrees [0-9.]+ %$' out
ok "bars of teacher and student" grep -q '^sample 17   label 4   █ teacher: 4 .*▒ student: ' out
ok "a model without convolutions has no class activation map" has "student is left out: " out
ok "undo says what" grep -qx "undone: epoch 1 of student" out
ok "weights that were pruned" has "18,816 of 23,520 weights zero (80.0 %)" out
ok "layers of the quantized model have 8 bits" grep -Eq '^  2   dense1 .* 23,520 .* 8$' out
for picture in bars cam; do
	is "$picture.png is a picture" "89504e470d0a1a0a" "$(od -An -tx1 -N8 $picture.png | tr -d ' ')"
done
ok "the saved model has its bytes" test -s student.onnx
is "nothing else is left behind" "bars.png cam.png err out session.tcl student.onnx" \
	"$(echo *.* err out | tr ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/ $//')"

tcl session.tcl

# The same session twice, and with other numbers of undo steps, gives the same file.
for i in 1 2; do
	run -e 'data load digits' -e 'model new m {dense 12; relu; dense 10}' -e 'train m -epochs 2' \
		-e "model save m $i.onnx"
done
ok "the same session gives the same file, byte for byte" cmp 1.onnx 2.onnx
run --seed 2 -e 'data load digits' -e 'model new m {dense 12; relu; dense 10}' -e 'train m -epochs 2' \
	-e 'model save m 3.onnx'
ok "another seed, another model" test "$(cmp 1.onnx 3.onnx 2>&1)" != ""

# Where the data is found.
mkdir -p moved/bin moved/share
cp "$RETORT" moved/bin
ln -s "$RETORT_DATA" moved/share/retort
ok "an installation that was moved finds its data" env -u RETORT_DATA moved/bin/retort -e 'data load digits'
mkdir -p own/data/digits
sed 1000q "$RETORT_DATA/data/digits/digits8x8.csv" >own/data/digits/digits8x8.csv
RETORT_DATA=$work/own:$RETORT_DATA run -e 'puts [dict get [data load digits] train]' -e 'data load mnist'
ok "RETORT_DATA names folders that are searched first" test "$(sed -n 1p out)" -lt 900
ok "and then the next ones" has "mnist   8,000 + 2,000" out

done_testing
