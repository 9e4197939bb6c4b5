# MobileNet: A. G. Howard et al., MobileNets: efficient convolutional neural networks for mobile
# vision applications (arXiv:1704.04861), table 1: a 3x3 convolution of every channel by itself,
# then 1x1. 4.2 M parameters and 569 M multiply-accumulates for 224x224 images.
#
# MobileNetV2: M. Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, CVPR 2018
# (arXiv:1801.04381), table 2: 1x1 to t times the channels, 3x3 by channel, 1x1 back without a
# rectifier.  3,504,872 parameters and 300 M multiply-accumulates for 224x224 images.
#
# small (yes, no, auto: images below 65 pixels) takes three of the strides of 2 out.

proc is_small {small input} {
	return [expr {$small eq "auto" ? [lindex $input end] < 65 : bool($small)}]
}

zoo mobilenet_v1 "separable convolutions" {width 1.0 small auto classes 1000 input {3 224 224}} {
	set small [is_small $small $input]
	set text "block unit {c s} {
		dwconv 3 -stride \$s -pad 1 -bias no; bn; relu
		conv \$c 1 -bias no; bn; relu
	}
	conv [scaled 32 $width 8] 3 -stride [expr {$small ? 1 : 2}] -pad 1 -bias no; bn; relu\n"
	foreach {channels stride} {
		64 1 128 2 128 1 256 2 256 1 512 2 512 1 512 1 512 1 512 1 512 1 1024 2 1024 1
	} {
		if {$small && $channels in {128 1024}} {
			set stride 1
		}
		append text "unit [scaled $channels $width 8] $stride\n"
	}
	return "${text}gap; dense $classes"
}

zoo mobilenet_v2 "inverted residuals with linear bottlenecks" {
	width 1.0 small auto dropout 0.2 classes 1000 input {3 224 224}
} {
	set small [is_small $small $input]
	set last [scaled 32 $width 8]
	set text "conv $last 3 -stride [expr {$small ? 1 : 2}] -pad 1 -bias no; bn; relu6\n"
	foreach {factor channels count stride} {
		1 16 1 1  6 24 2 2  6 32 3 2  6 64 4 2  6 96 3 1  6 160 3 2  6 320 1 1
	} {
		if {$small && $channels == 24} {
			set stride 1
		}
		set channels [scaled $channels $width 8]
		for {set block 0} {$block < $count} {incr block} {
			set hidden [expr {$last * $factor}]
			set body "dwconv 3 -stride $stride -pad 1 -bias no; bn; relu6\n"
			append body "conv $channels 1 -bias no; bn"
			if {$factor > 1} {
				set body "conv $hidden 1 -bias no; bn; relu6; $body"
			}
			if {$stride == 1 && $channels == $last} {
				set body "residual {$body}"
			}
			append text "$body\n"
			set last $channels
			set stride 1
		}
	}
	append text "conv [scaled 1280 [expr {max(1.0, $width)}] 8] 1 -bias no; bn; relu6; gap\n"
	if {$dropout > 0} {
		append text "dropout $dropout; "
	}
	return "${text}dense $classes"
}
