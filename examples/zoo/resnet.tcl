# Residual networks for small images: K. He, X. Zhang, S. Ren, J. Sun, Deep residual learning for image
# recognition, CVPR 2016 (arXiv:1512.03385), section 4.2: depth 6n + 2, three stages of n blocks with
# 16, 32 and 64 channels (times width / 16), the second and third halving the image.  Where the shape
# changes, the shortcut is a 1x1 convolution with batch normalization (the paper's option B).
#
# 3-channel images and 10 classes: resnet8 78,042 parameters, resnet20 272,474.

proc resnet_text {depth width classes} {
	if {$depth < 8 || ($depth - 2) % 6 != 0} {
		error "depth must be 8, 14, 20, 26, ... (6n + 2), got $depth"
	}
	set text "conv $width 3 -pad 1 -bias no; bn; relu\n"
	foreach factor {1 2 4} {
		set channels [expr {$width * $factor}]
		for {set block 0} {$block < ($depth - 2) / 6} {incr block} {
			set stride [expr {$factor > 1 && $block == 0 ? 2 : 1}]
			append text "residual {conv $channels 3 -stride $stride -pad 1 -bias no; bn; relu; " \
				"conv $channels 3 -pad 1 -bias no; bn}; relu\n"
		}
	}
	return "${text}gap; dense $classes"
}

zoo resnet8 "residual network of 8 layers" {width 16 classes 10} {
	return [resnet_text 8 $width $classes]
}

zoo resnet20 "residual network of 20 layers" {width 16 classes 10} {
	return [resnet_text 20 $width $classes]
}

zoo resnet_cifar "residual network of 6n + 2 layers" {depth 20 width 16 classes 10} {
	return [resnet_text $depth $width $classes]
}
