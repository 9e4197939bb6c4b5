# quickstart.tcl - the main job: teach, distill, look, compress.   retort quickstart.tcl ?FOLDER?

set out [expr {$argc > 0 ? [lindex $argv 0] : "."}]

# 2,293,000
proc thousands {n} {
	while {[regsub {^(\d+)(\d{3})} $n {\1,\2} n]} {}
	return $n
}

# One row of the summary at the end: what a model is worth now, and what it costs.
proc row {what name} {
	set m [model show $name]
	lappend ::rows [format "%-28s %6.2f %%  %9s bytes  %9s  %7.3f ms" $what [dict get $m accuracy] \
		[thousands [dict get $m bytes]] [thousands [dict get $m macs]] [dict get $m latency_ms]]
}

# A teacher on 8,000 real digits.
data load mnist
model new teacher -zoo lenet5
train teacher -epochs 3
row "teacher" teacher

# A small student learns from it, beside a control that does not.
model new student {dense 30; relu; dense 10}
distill teacher student -temperature 4 -soft 0.9 -hard 0.1 -control yes
step 5
row "control, without teacher" student.control
row "student" student

# Where do they differ, and why do they answer as they do?
plot curves -png $out/curves.png
set sample [dict get [compare -find disagree] sample]
compare -sample $sample -png $out/bars.png
explain integrated_gradients -sample $sample -models {teacher student} -png $out/saliency.png
explain grad_cam -sample $sample -models teacher -png $out/cam.png

# Make both smaller.
prune student -score magnitude -amount 0.8
step
quantize student -bits 8 -calibrate 256
model show student
model save student $out/student.onnx
row "student, pruned 80 %, int8" student

model copy teacher small
prune small -structured yes -amount 0.5
train small -epochs 1
row "teacher, half the channels" small
quantize small
model save small $out/small.onnx
row "the same, int8" small

puts "\nmodel                            test          on disk       MACs     latency"
puts [join $rows \n]
puts "\npictures and models are in $out"
