# ShuffleNet V2: N. Ma, X. Zhang, H.-T. Zheng, J. Sun, ShuffleNet V2: practical guidelines for
# efficient CNN architecture design, ECCV 2018 (arXiv:1807.11164), table 5: half of the channels
# pass a unit untouched, the other half goes through 1x1, 3x3 by channel, 1x1; then channels are
# shuffled.
#
# width is 0.5, 1, 1.5 or 2 as in the paper (others are taken between).  Width 1: 2,278,604
# parameters and 146 M multiply-accumulates for 224x224 images.

zoo shufflenet_v2 "units that split, convolve and shuffle their channels" {
	width 1.0 blocks {4 8 4} small auto classes 1000 input {3 224 224}
} {
	switch -- [expr {double($width)}] {
		0.5 {set first 48}
		1.0 {set first 116}
		1.5 {set first 176}
		2.0 {set first 244}
		default {set first [expr {2 * max(1, round(58 * $width))}]}
	}
	set small [expr {$small eq "auto" ? [lindex $input end] < 65 : bool($small)}]
	set text "block down {c} {branch {
		dwconv 3 -stride 2 -pad 1 -bias no; bn; conv \$c 1 -bias no; bn; relu
	} {
		conv \$c 1 -bias no; bn; relu; dwconv 3 -stride 2 -pad 1 -bias no; bn
		conv \$c 1 -bias no; bn; relu
	}; shuffle 2}
	block unit {c all} {branch {slice 0 \$c} {
		slice \$c \$all
		conv \$c 1 -bias no; bn; relu; dwconv 3 -pad 1 -bias no; bn
		conv \$c 1 -bias no; bn; relu
	}; shuffle 2}\n"
	if {$small} {
		append text "conv 24 3 -pad 1 -bias no; bn; relu\n"
	} else {
		append text "conv 24 3 -stride 2 -pad 1 -bias no; bn; relu\n" \
			"maxpool 3 -stride 2 -pad 1\n"
	}
	set channels $first
	foreach count $blocks {
		set half [expr {$channels / 2}]
		append text "down $half; repeat [expr {$count - 1}] {unit $half $channels}\n"
		set channels [expr {2 * $channels}]
	}
	append text "conv [expr {$width > 1.5 ? 2048 : 1024}] 1 -bias no; bn; relu\n"
	return "${text}gap; dense $classes"
}
