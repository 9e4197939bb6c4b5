# models.tcl FOLDER NAME ... - writes the models of the inference benchmark as ONNX files, f32 and,
# for convolutional networks, with 8-bit weights and activations (QuantizeLinear and
# DequantizeLinear); for each a line "name batch file" in FOLDER/NAME.run.
set folder [lindex $argv 0]
array set made {
	resnet20	{1 {-zoo resnet20} {3 32 32}}
	resnet20_128	{128 {-zoo resnet20} {3 32 32}}
	mobilenet_v2	{1 {-zoo mobilenet_v2 -set {dropout 0}} {3 224 224}}
	resnet50	{1 {-zoo resnet50} {3 224 224}}
	bert_teacher	{1 {-zoo encoder -set {hidden 256 layers 4 heads 4 ffn 1024}} {}}
	bert_student	{1 {-zoo encoder} {}}
}

# A file of IDX: the type of its numbers (8: bytes, 12: i32), its sizes, then the numbers.
proc idx {path type sizes bytes} {
	set f [open $path wb]
	puts -nonewline $f [binary format ccccI* 0 0 $type [llength $sizes] $sizes]
	puts -nonewline $f $bytes
	close $f
}

# Pictures of noise to calibrate with, two of a class, the last one among them.
proc noise {folder sample classes} {
	set count 20
	set chunk {}
	expr {srand(1)}
	for {set i 0} {$i < 4999} {incr i} {
		append chunk [binary format c [expr {int(rand() * 256)}]]
	}
	foreach n $sample {
		set count [expr {$count * $n}]
	}
	set bytes [string repeat $chunk [expr {$count / 4999 + 1}]]
	idx $folder/noise-images-idx4-ubyte 8 [concat 20 $sample] [string range $bytes 0 $count-1]
	for {set i 0} {$i < 20} {incr i} {
		lappend labels [expr {$i % 10 < 9 ? $i % 10 : $classes - 1}]
	}
	idx $folder/noise-labels-idx1-ubyte 12 20 [binary format I* $labels]
	data load noise $folder/noise-images-idx4-ubyte -test 0.5
}

proc note {folder name batch file} {
	set f [open $folder/$name.run w]
	puts $f "$name $batch $file"
	close $f
}

foreach name [lrange $argv 1 end] {
	lassign $made($name) batch how sample
	model new m {*}$how -seed 1
	model save m $folder/$name.onnx
	note $folder $name $batch $folder/$name.onnx
	if {$sample ne ""} {
		noise $folder $sample [expr {[lindex $sample 1] > 32 ? 1000 : 10}]
		quantize m -calibrate 5 -data noise
		model save m $folder/${name}_int8.onnx
		note $folder ${name}_int8 $batch $folder/${name}_int8.onnx
		data drop noise
	}
	model drop m
}
