# LeNet: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document
# recognition, Proceedings of the IEEE 86 (1998).
#
# lenet5 is the variant that came with Caffe (20 and 50 channels, 500 units, rectifiers, maxima), in
# which most papers on pruning and distillation mean it: 431,080 parameters for 28x28 grey images.
# lenet300_100 is the dense network of the same paper, 266,610 parameters.

zoo lenet5 "convolutional network for small images (Caffe's LeNet-5)" {
	width 1.0 classes 10 input {1 28 28}
} {
	return "
		conv [scaled 20 $width] 5; relu; maxpool 2
		conv [scaled 50 $width] 5; relu; maxpool 2
		dense [scaled 500 $width]; relu
		dense $classes"
}

zoo lenet300_100 "dense network of 300 and 100 units" {width 1.0 classes 10 input {1 28 28}} {
	return "dense [scaled 300 $width]; relu; dense [scaled 100 $width]; relu; dense $classes"
}
