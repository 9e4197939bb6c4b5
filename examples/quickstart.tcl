# quickstart.tcl - the main job: teach, distill, look, compress.   retort quickstart.tcl ?FOLDER?

set out [expr {$argc > 0 ? [lindex $argv 0] : "."}]

# A teacher on 8,000 real digits.
data load mnist
model new teacher -zoo lenet5
train teacher -epochs 3

# A small student learns from it, beside a control that does not.
model new student {dense 30; relu; dense 10}
distill teacher student -temperature 4 -soft 0.9 -hard 0.1 -control yes
step 5

# What do they know, and why do they answer as they do?
compare -sample 17 -png $out/bars.png
explain integrated_gradients -sample 17 -models {teacher student} -png $out/saliency.png
explain grad_cam -sample 17 -models teacher -png $out/cam.png
plot curves -png $out/curves.png

# Make both smaller.
prune student -score magnitude -amount 0.8
step
quantize student -bits 8 -calibrate 256
model show student
model save student $out/student.onnx

model copy teacher small
prune small -structured yes -amount 0.5
train small -epochs 1
quantize small
model save small $out/small.onnx

# The summary.
proc line {name} {
	set m [model show $name]
	puts [format "%-16s %6.2f %%  %9d bytes  %9d MACs  %8.3f ms" $name [dict get $m accuracy] \
		[dict get $m bytes] [dict get $m macs] [dict get $m latency_ms]]
}
puts "\nmodel              test      on disk           one sample    latency"
foreach m {teacher small student.control student} { line $m }
puts "\npictures and models are in $out"
