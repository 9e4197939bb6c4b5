# import.tcl - a model that somebody else trained: look, check, train further, teach, compress.
#
#   retort import.tcl ?FOLDER? ?EPOCHS?
#
# mnist_cnn.onnx was trained and exported with PyTorch; beside it lie an input and what ONNX Runtime
# made of it.  Pictures and models are written to FOLDER.

set out    [expr {$argc > 0 ? [lindex $argv 0] : "."}]
set epochs [expr {$argc > 1 ? [lindex $argv 1] : 3}]
set models [file join [file dirname [info script]] models]

# The numbers of a npy file of f32.
proc npy {path} {
	set f [open $path rb]
	set bytes [read $f]
	close $f
	binary scan $bytes @8s head
	binary scan $bytes @[expr {10 + $head}]r* numbers
	return $numbers
}

# A row of the report at the end.
proc row {what name} {
	set m [model show $name]
	lappend ::rows [format "%-34s %6.2f %%  %8.1f kB  %9.0f  %7.3f ms" $what \
		[dict get $m accuracy] [expr {[dict get $m bytes] / 1000.0}] [dict get $m macs] \
		[dict get $m latency_ms]]
}

# What is in the file?
data load mnist
model load cnn $models/mnist_cnn.onnx
model show cnn
model graph cnn -dot $out/cnn.dot

# Does it give here what it gave there?
set result [model run cnn -input $models/mnist_cnn/input.npy -out $out]
set most 0
foreach here [npy [dict get [lindex $result 0] file]] there [npy $models/mnist_cnn/output.npy] {
	set most [expr {max($most, abs($here - $there))}]
}
puts [format "\nlargest difference to ONNX Runtime: %.1e" $most]

# How good is it, and where does it err?
evaluate cnn -png $out/confusion.png
row "cnn, as it came" cnn

# It can be trained further, and undone if that does not help.
model copy cnn tuned
train tuned -epochs $epochs -lr 1e-4 -seed 1
row "cnn, trained further" tuned
model diff cnn tuned

# It can teach a network of the zoo.
model new student -zoo mlp -set {hidden 30} -seed 1
distill tuned student -temperature 4 -control yes -seed 1
step $epochs
row "student of the zoo" student
row "the same without a teacher" student.control

# It can lose half of its channels, and then its 32 bits.
model copy tuned small
prune small -structured yes -amount 0.5
train small -epochs $epochs -lr 1e-3 -seed 1
row "cnn, half the channels" small
model copy small int8
quantize int8 -calibrate 256
row "the same, 8 bits" int8

# Do they still look at the same places?
set sample [dict get [compare -models {cnn student} -find disagree] sample]
compare -models {cnn student int8} -sample $sample -png $out/bars.png
explain integrated_gradients -sample $sample -models {cnn small} -png $out/saliency.png
explain grad_cam -sample $sample -models {cnn small} -png $out/cam.png

# Save it; what it computes comes back.
model save int8 $out/int8.onnx
model load again $out/int8.onnx
set back [dict get [model diff int8 again] outputs largest]

puts "\nmodel                                 test      on disk       MACs     latency"
puts [join $rows \n]
puts [format "\nlargest difference after saving and loading: %g" $back]
puts "pictures and models are in $out"
