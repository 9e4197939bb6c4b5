# Wide residual networks: S. Zagoruyko, N. Komodakis, Wide residual networks, BMVC 2016
# (arXiv:1605.07146): depth 6n + 4, normalization and rectifier before each convolution, 16 k, 32 k
# and 64 k channels.  Where the shape changes, body and 1x1 shortcut read what is normalized
# already.
#
# wrn_16_2 691,674 parameters for 10 classes, wrn_40_2 2,243,546, wrn_28_10 36,479,194.

proc wide_resnet {depth width dropout classes} {
	if {$depth < 10 || ($depth - 4) % 6 != 0} {
		error "depth must be 10, 16, 22, 28, ... (6n + 4), got $depth"
	}
	set drop [expr {$dropout > 0 ? "dropout $dropout; " : ""}]
	set last 16
	set text "conv 16 3 -pad 1 -bias no\n"
	foreach stride {1 2 2} base {16 32 64} {
		set channels [scaled $base $width]
		for {set block 0} {$block < ($depth - 4) / 6} {incr block} {
			set body "conv $channels 3 -stride $stride -pad 1 -bias no; bn; relu\n"
			append body "${drop}conv $channels 3 -pad 1 -bias no"
			if {$channels == $last && $stride == 1} {
				append text "residual {bn; relu; $body}\n"
			} else {
				set shortcut "conv $channels 1 -stride $stride -bias no"
				append text "bn; relu; branch {$body} {$shortcut} -join add\n"
			}
			set last $channels
			set stride 1
		}
	}
	return "${text}bn; relu; gap; dense $classes"
}

foreach {depth width} {16 1 16 2 40 1 40 2 28 10} {
	zoo wrn_${depth}_$width "wide residual network of $depth layers, $width times as wide" \
		"depth $depth width $width.0 dropout 0 classes 10 input {3 32 32}" {
		return [wide_resnet $depth $width $dropout $classes]
	}
}
