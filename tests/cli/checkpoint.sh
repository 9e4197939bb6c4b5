# checkpoint.sh - a program that ends and another that goes on give the bytes of one that never stopped.
. "$(dirname "$0")/lib.sh"

cat >begin.tcl <<'END'
data load digits
model new teacher {dense 32; relu; dense 10}
train teacher -epochs 2 -optimizer adam
model new student {dense 8; relu; dropout 0.2; dense 10}
distill teacher student -control yes -schedule cosine
step
step -batches 3
END
cat >end.tcl <<'END'
step 2
prune student -amount 0.5
step
model save student student.onnx
model save student.control control.onnx
foreach epoch [run show] { dict unset epoch seconds; puts "ran $epoch" }
model new late {dense 10}
model save late late.onnx
END

cat begin.tcl end.tcl >whole.tcl
run whole.tcl
is "one program: exit code" 0 $code
mkdir one
grep '^ran ' out >one/epochs
mv ./*.onnx one

cat begin.tcl - >first.tcl <<'END'
checkpoint save half.ckpt
step 3
END
run first.tcl
is "the first of two: exit code" 0 $code
rm -f ./*.onnx
mkdir elsewhere
(cd elsewhere && "$RETORT" -e 'checkpoint load ../half.ckpt' -e "$(cat ../end.tcl)" >../out 2>../err)
is "the second of two: exit code" 0 $?
for file in student control late; do
	ok "$file.onnx: the same bytes" cmp elsewhere/$file.onnx one/$file.onnx
done
grep '^ran ' out >two
ok "the same history" diff one/epochs two
is "four epochs in it" 4 "$(grep -c '' two)"

# Errors are one line, and the session is what it was.
head -c 3000 half.ckpt >cut.ckpt
cat >errors.tcl <<'END'
data load digits
model new mine {dense 10}
puts [catch {checkpoint load cut.ckpt} line]$line
puts [catch {checkpoint load begin.tcl} line]$line
puts [catch {checkpoint load nowhere.ckpt} line]$line
puts [catch {checkpoint save no/such/folder} line]$line
puts [catch {checkpoint save /dev/full} line]$line
puts [llength [model list]]
END
run errors.tcl
is "errors can be caught" 0 $code
ok "a file that is cut off" has "1cut.ckpt: cut off" out
ok "a file of another kind" has "1begin.tcl: not a ZIP archive" out
ok "no file" has "1nowhere.ckpt: No such file" out
ok "no folder" has "1no/such/folder: cannot write" out
ok "a full disk" has "No space left on device" out
is "nothing has changed" 1 "$(tail -n 1 out)"
is "nothing is left behind" "" "$(ls | grep '\.ckpt\.')"

done_testing
