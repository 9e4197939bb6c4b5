# VGG: K. Simonyan, A. Zisserman, Very deep convolutional networks for large-scale image
# recognition, ICLR 2015 (arXiv:1409.1556), table 1, columns A, B, D and E; the _bn networks have
# batch normalization behind every convolution.  small (yes, no, auto: images below 65 pixels) puts
# one dense layer at the end in place of three.
#
# vgg16 for 224x224 images and 1000 classes: 138,357,544 parameters, 15.5 G multiply-accumulates.

proc vgg {depth bn width small classes input} {
	set stages [dict create 11 {1 1 2 2 2} 13 {2 2 2 2 2} 16 {2 2 3 3 3} 19 {2 2 4 4 4}]
	if {![dict exists $stages $depth]} {
		error "depth must be 11, 13, 16 or 19, got $depth"
	}
	set end [expr {$bn ? "; bn; relu" : "; relu"}]
	foreach count [dict get $stages $depth] base {64 128 256 512 512} {
		append text "repeat $count {conv [scaled $base $width] 3 -pad 1$end}\n" \
			"maxpool 2 -ceil yes\n"
	}
	if {$small eq "auto" ? [lindex $input end] < 65 : $small} {
		return "${text}gap; dense $classes"
	}
	append text "repeat 2 {dense [scaled 4096 $width]; relu; dropout 0.5}\n"
	return "${text}dense $classes"
}

foreach depth {11 13 16 19} {
	foreach {suffix bn with} {"" no "" _bn yes " and batch normalization"} {
		zoo vgg$depth$suffix "plain network of $depth layers of 3x3 convolutions$with" \
			"depth $depth bn $bn width 1.0 small auto classes 1000 input {3 224 224}" {
			return [vgg $depth $bn $width $small $classes $input]
		}
	}
}
