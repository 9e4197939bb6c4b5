# session.tcl - the promises of a session on small digits: undo, control, pruning, quantization, files.
source [file join $env(RT_TESTS) cli check.tcl]

set loaded [data load digits]
ok "data load gives samples, shape and classes" {[dict get $loaded train] == 1438 &&
	[dict get $loaded test] == 359 && [dict get $loaded shape] eq "1 8 8" && [dict get $loaded classes] == 10}
model new teacher {conv 8 3 -pad 1; relu; maxpool 2; flatten; dense 10} -seed 1
set teacher [train teacher -epochs 4 -seed 1]
ok "the teacher has learned" {[dict get $teacher epoch] == 4 && [dict get $teacher accuracy] > 85}

model new student {dense 16; relu; dense 10} -seed 1
set run [distill teacher student -temperature 4 -soft 0.9 -hard 0.1 -control yes -seed 1]
ok "distill tells the teacher's score" {[dict get $run teacher] == [dict get $teacher accuracy]}
ok "the control begins with the student's weights" {[outputs student] eq [outputs student.control]}

set untrained [outputs student]
set first [step]
set after1 [outputs student]
set control1 [outputs student.control]
ok "a step has student, control, agreement and the terms of the loss" {
	[dict get $first accuracy] > 20 && [dict get $first control] > 20 && [dict get $first agreement] > 20 &&
	abs([dict get $first loss total] - 0.1 * [dict get $first loss hard] - 0.9 * [dict get $first loss soft])
	< 1e-5}
set second [step]
set after2 [outputs student]
ok "a step changes the student" {$after1 ne $after2 && $after1 ne $untrained}

# Back and forth, bit for bit.
undo
ok "undo brings the weights back" {[outputs student] eq $after1 && [outputs student.control] eq $control1}
redo
ok "redo gives the same again" {[outputs student] eq $after2}
undo 2
ok "two epochs back stands the untrained student" {[outputs student] eq $untrained}
set again [step]
dict unset again seconds
dict unset first seconds
ok "an epoch that is run again gives the same numbers" {$again eq $first && [outputs student] eq $after1}
step
ok "and so does the next" {[outputs student] eq $after2}
undo
step -batches 7
ok "mini-batches stop inside an epoch" {[outputs student] ni [list $after1 $after2]}
step
ok "and step finishes it, with the same weights" {[outputs student] eq $after2}
ok "redo is gone once something else was done" {[catch {redo}]}

# Without weight on the teacher, distilling is training.
model new plain {dense 16; relu; dense 10} -seed 3
distill teacher plain -soft 0 -hard 1 -control yes -seed 3
step 2
ok "soft weight 0 trains as the control does" {[outputs plain] eq [outputs plain.control]}

# Pruning.
set before [outputs student]
ok "prune 0 changes nothing" {[prune student -amount 0] ne "" && [outputs student] eq $before}
set pruned [prune student -score magnitude -amount 0.8 -structured no]
set shown [model show student]
set zero 0
set weights 0
foreach layer [dict get $shown layers] {
	incr weights [dict get $layer parameters]
	incr zero [expr {[dict get $layer parameters] - [dict get $layer nonzero]}]
}
ok "four fifths of the weights are zero" {$weights == 1210 && abs($zero - 0.8 * (64*16 + 16*10)) <= 1}
ok "parameters stay, those that count are fewer" {[dict get $pruned after parameters] == 1210 &&
	[dict get $pruned after nonzero] == $weights - $zero}
set damaged [dict get $pruned after accuracy]
set healed [step]
ok "an epoch heals" {[dict get $healed accuracy] > $damaged}
ok "and what was pruned stays so" {[dict get [prune student -amount 0] after nonzero] == $weights - $zero}

# Quantization.
set bytes [model save student float.onnx]
ok "model save gives the bytes of the file" {$bytes == [file size float.onnx]}
set float [outputs student]
set quantized [quantize student -bits 8 -calibrate 256]
set bytes [model save student int8.onnx]
ok "int8 is a smaller file" {[file size int8.onnx] < 0.7 * [file size float.onnx] && $bytes == [file size int8.onnx]}
ok "model show tells the same bytes" {abs([dict get [model show student] bytes] - $bytes) < 100}
ok "int8 answers nearly as before" {[distance [outputs student] $float] < 0.5 &&
	abs([dict get $quantized after accuracy] - [dict get $quantized before accuracy]) <= 1.5}
undo
ok "undo takes the quantization back" {[outputs student] eq $float}
redo

# Files.
model load back int8.onnx
ok "a saved int8 model gives the same logits" {[outputs back] eq [outputs student]}
model load back float.onnx
ok "a saved float model gives the same logits" {[outputs back] eq $float}
# Channels that are really gone.
set whole [model show teacher]
set cut [prune teacher -structured yes -amount 0.5]
set smaller [model show teacher]
ok "half the channels: fewer MACs, parameters and bytes" {
	[dict get $smaller macs] <= 0.55 * [dict get $whole macs] &&
	[dict get $smaller parameters] <= 0.55 * [dict get $whole parameters] &&
	[dict get $smaller bytes] < [dict get $whole bytes]}
ok "before and after are those of model show" {[dict get $cut before macs] == [dict get $whole macs] &&
	[dict get $cut after macs] == [dict get $smaller macs] && [dict get $cut after latency_ms] > 0}

# Numbers of model show, against arithmetic.
model new known {conv 4 3 -pad 1; relu; maxpool 2; flatten; dense 10}
set shown [model show known]
ok "MACs and parameters by hand" {[dict get $shown parameters] == 4*9 + 4 + 4*16*10 + 10 &&
	[dict get $shown macs] == 4*9*64 + 4*16*10}
ok "the whole file is counted" {[model save known known.onnx] == [file size known.onnx] &&
	abs([dict get $shown bytes] - [file size known.onnx]) < 100}

# compare and explain tell scripts what they draw.
set bars [compare -models {teacher student} -sample 17]
ok "probabilities sum to one" {abs([tcl::mathop::+ {*}[dict get $bars teacher hard]] - 1) < 1e-5 &&
	abs([tcl::mathop::+ {*}[dict get $bars student soft]] - 1) < 1e-5}
set found [compare -models {teacher student} -find wrong]
ok "compare -find wrong finds an error of the student" {
	[dict get $found student class] != [dict get $found label]}
set found [compare -models {teacher student} -find disagree -sample [expr {[dict get $found sample] + 1}]]
ok "compare -find disagree finds two answers" {
	[dict get $found student class] != [dict get $found teacher class]}
set why [explain integrated_gradients -sample 17 -models {teacher student}]
ok "integrated gradients sum to the difference of the outputs" {abs([dict get $why teacher gap]) < 0.05 &&
	[llength [dict get $why student map]] == 64}

# The pane of compression remembers what a model was before it was compressed, not before training.
model new packed {dense 20; relu; dense 10}
view compression -format json
train packed -epochs 1
ok "training is no compression" {![string match *before* [view compression -format json]]}
quantize packed
ok "a quantized model is shown before and after" {[string match *before* [view compression -format json]]}
