# Residual networks: K. He, X. Zhang, S. Ren, J. Sun, Deep residual learning for image recognition,
# CVPR 2016 (arXiv:1512.03385).

# For small images, section 4.2: depth 6n + 2, three stages of n blocks with 16, 32 and 64
# channels, the second and third halving the image.  Where the shape changes, the shortcut is a 1x1
# convolution with batch normalization (option B), or with shortcut pad every other place and
# channels of zeros (the paper's option A, without parameters).  3-channel images and 10 classes:
# resnet8 78,042 parameters, resnet20 272,474; with shortcut pad resnet20 269,722, resnet110
# 1,727,962.
proc resnet_cifar {depth width shortcut classes} {
	if {$depth < 8 || ($depth - 2) % 6 != 0} {
		error "depth must be 8, 14, 20, 26, ... (6n + 2), got $depth"
	}
	set text "conv $width 3 -pad 1 -bias no; bn; relu\n"
	foreach factor {1 2 4} {
		set channels [expr {$width * $factor}]
		for {set block 0} {$block < ($depth - 2) / 6} {incr block} {
			set stride [expr {$factor > 1 && $block == 0 ? 2 : 1}]
			set body "conv $channels 3 -stride $stride -pad 1 -bias no; bn; relu\n"
			append body "conv $channels 3 -pad 1 -bias no; bn"
			append text "residual {$body} -shortcut $shortcut; relu\n"
		}
	}
	return "${text}gap; dense $classes"
}

foreach depth {8 14 20 32 44 56 110} {
	zoo resnet$depth "residual network of $depth layers for small images" \
		"depth $depth width 16 shortcut auto classes 10 input {3 32 32}" {
		return [resnet_cifar $depth $width $shortcut $classes]
	}
}

zoo resnet_cifar "residual network of 6n + 2 layers for small images" {
	depth 20 width 16 shortcut auto classes 10 input {3 32 32}
} {
	return [resnet_cifar $depth $width $shortcut $classes]
}

# For ImageNet, table 1: four stages of blocks with 64, 128, 256 and 512 channels; in the deep ones
# a block is 1x1, 3x3, 1x1 and gives four times its channels.  The stride is in the 3x3
# convolution, as everybody has it since Torch's version.  small (yes, no, auto: images below 65
# pixels) leaves out the wide stem and its pooling.  resnet18 11,689,512 parameters, resnet34
# 21,797,672, resnet50 25,557,032.
proc resnet_imagenet {blocks deep width small classes input} {
	if {$small eq "auto" ? [lindex $input end] < 65 : $small} {
		set text "conv [scaled 64 $width] 3 -pad 1 -bias no; bn; relu\n"
	} else {
		set text "conv [scaled 64 $width] 7 -stride 2 -pad 3 -bias no; bn; relu\n"
		append text "maxpool 3 -stride 2 -pad 1\n"
	}
	set stage 0
	foreach count $blocks {
		set channels [scaled [expr {64 << $stage}] $width]
		for {set block 0} {$block < $count} {incr block} {
			set stride [expr {$stage > 0 && $block == 0 ? 2 : 1}]
			set body "conv $channels 3 -stride $stride -pad 1 -bias no; bn; relu\n"
			if {$deep} {
				set body "conv $channels 1 -bias no; bn; relu; $body"
				append body "conv [expr {4 * $channels}] 1 -bias no; bn"
			} else {
				append body "conv $channels 3 -pad 1 -bias no; bn"
			}
			append text "residual {$body}; relu\n"
		}
		append text "tap stage[incr stage]\n"
	}
	return "${text}gap; dense $classes"
}

foreach {depth blocks deep} {18 {2 2 2 2} no 34 {3 4 6 3} no 50 {3 4 6 3} yes} {
	zoo resnet$depth "residual network of $depth layers" \
		"blocks {$blocks} deep $deep width 1.0 small auto classes 1000 input {3 224 224}" {
		return [resnet_imagenet $blocks $deep $width $small $classes $input]
	}
}
