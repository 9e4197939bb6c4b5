# exported.tcl - three networks as PyTorch exports them go through all that retort does to a model.
source [file join $env(RT_TESTS) cli check.tcl]
set dir [file join $env(RT_TESTS) data exported]

# The numbers of a npy file of f32.
proc npy {path} {
	set f [open $path rb]
	set bytes [read $f]
	close $f
	binary scan $bytes @8s head
	binary scan $bytes @[expr {10 + $head}]r* v
	return $v
}

proc finite {x} { expr {$x == $x && abs($x) < 1e30} }

set words "vocab 400 hidden 16 layers 1 heads 2 ffn 32"
data load novels $dir/novels.tsv -text text -vocabulary $dir/words.txt -length 24
data load digits28 mnist
foreach {name data zoo set} [subst {
	cnn_script digits28 mlp {hidden 32} cnn_dynamo digits28 mlp {hidden 32}
	encoder_script novels encoder {$words} encoder_dynamo novels encoder {$words}
	lstm_script novels encoder {$words} lstm_dynamo novels encoder {$words}
}] {
	set kind [lindex [split $name _] 0]
	data use $data

	model load m $dir/$name.onnx
	model run m -input [list $dir/${kind}_x.npy] -out out
	set mine [npy [lindex [glob out/*.npy] 0]]
	set theirs [npy $dir/${kind}_y.npy]
	file delete -force out
	ok "$name gives what ONNX Runtime gives" {[distance [list $mine] [list $theirs]] < 1e-4}

	set before [dict get [evaluate m -part train] loss]
	train m -epochs 1 -lr 1e-3 -seed 1
	set after [dict get [evaluate m -part train] loss]
	ok "$name is trained further" {$after < $before}

	model new s -zoo $zoo -set $set -seed 1
	distill m s -seed 1
	set first [dict get [step] loss]
	set last [dict get [step 2] loss]
	ok "$name teaches a network of the zoo" {$last < $first}

	foreach method {occlusion integrated_gradients} {
		set e [explain $method -sample 3 -models m]
		set map [dict get $e m map]
		set most [::tcl::mathfunc::max {*}[lmap x $map {expr {abs($x)}}]]
		ok "$name is explained by $method" {$most > 0 && [finite $most]}
	}

	model copy m pruned
	prune pruned -amount 0.3
	ok "$name without weights still runs" {
		[dict get [evaluate pruned -part train] loss] < 2 * $after + 1}
	model copy m less
	set cut [prune less -amount 0.25 -structured yes]
	ok "$name loses channels" {[dict get $cut after macs] < [dict get $cut before macs]}
	train less -epochs 1 -lr 1e-3 -seed 1

	model copy m whole
	set cut [quantize whole -calibrate 64]
	ok "$name in 8 bits is smaller" {
		[dict get $cut after bytes] < 0.75 * [dict get $cut before bytes]}
	ok "$name in 8 bits agrees" {[dict get [evaluate m whole] agreement] > 85}

	foreach made {m pruned less whole} {
		model save $made a.onnx
		model load again a.onnx
		set d [model diff $made again]
		ok "$name: $made is saved and loaded" {[dict get $d weights] eq "" &&
			[dict get $d layers] eq "" && [dict get $d outputs largest] == 0}
	}
}
