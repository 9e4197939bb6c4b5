# Networks over sequences.  A sample of n numbers is n steps of one number; of T x C, T steps of C;
# an image is read row by row.
proc as_steps {input} {
	switch [llength $input] {
		1 {return "reshape $input 1\n"}
		2 {return ""}
		3 {return "transpose {2 1 3}; reshape [lindex $input 1] -1\n"}
	}
	error "a sample of [llength $input] dimensions is no sequence"
}

# S. Hochreiter, J. Schmidhuber, Long short-term memory, Neural Computation 9 (1997); K. Cho et
# al., Learning phrase representations using RNN encoder-decoder, EMNLP 2014 (arXiv:1406.1078).
# Weights and biases are those of PyTorch's layers of the same name.
proc recurrent {kind hidden layers bidirectional dropout outputs input} {
	set text [as_steps $input]
	for {set i 1} {$i <= $layers} {incr i} {
		append text "$kind $hidden -bidirectional $bidirectional" \
			" -sequence [expr {$i < $layers}]\n"
		if {$dropout > 0} {
			append text "dropout $dropout\n"
		}
	}
	return "${text}dense $outputs"
}

foreach kind {lstm gru} {
	zoo ${kind}_classifier "$kind layers; the last state decides" \
		"kind $kind hidden 128 layers 1 bidirectional no dropout 0 classes 10
		 input {28 28}" {
		return [recurrent $kind $hidden $layers $bidirectional $dropout $classes $input]
	}
	zoo ${kind}_forecaster "$kind layers; the last state tells what comes next" \
		"kind $kind hidden 64 layers 1 bidirectional no dropout 0 outputs 1 input {24 1}" {
		return [recurrent $kind $hidden $layers $bidirectional $dropout $outputs $input]
	}
}

# S. Bai, J. Z. Kolter, V. Koltun, An empirical evaluation of generic convolutional and recurrent
# networks for sequence modeling (arXiv:1803.01271), section 3 and figure 1: residual blocks of two
# causal convolutions, twice as far apart in every block; without weight normalization.
zoo tcn "causal convolutions, twice as far apart in every level" {
	hidden 25 levels 8 kernel 7 dropout 0.05 classes 10 input {784 1}
} {
	set text "[as_steps $input]transpose {2 1}\n"
	set last [lindex $input [expr {[llength $input] == 3 ? 2 : 1}]]
	if {[llength $input] == 1} {
		set last 1
	} elseif {[llength $input] == 3} {
		set last [expr {[lindex $input 0] * $last}]
	}
	set drop [expr {$dropout > 0 ? "; dropout $dropout" : ""}]
	for {set level 0} {$level < $levels} {incr level} {
		set layer "conv1d $hidden $kernel -dilation [expr {1 << $level}]; relu$drop"
		set shortcut [expr {$last == $hidden ? "" : "conv $hidden 1"}]
		append text "branch {$layer; $layer} {$shortcut} -join add; relu\n"
		set last $hidden
	}
	return "${text}select -1 -axis 2; dense $classes"
}
