# LeNet: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document
# recognition, Proceedings of the IEEE 86 (1998).
#
# lenet5 is the variant that came with Caffe (20 and 50 channels, 500 units, rectifiers, maxima), in
# which most papers on pruning and distillation mean it: 431,080 parameters for 28x28 grey images.
# lenet300_100 is the dense network of the same paper, 266,610 parameters.

zoo lenet5 "convolutional network for small images (Caffe's LeNet-5)" {classes 10} {
	return "
		conv 20 5; relu; maxpool 2
		conv 50 5; relu; maxpool 2
		dense 500; relu
		dense $classes"
}

zoo lenet300_100 "dense network of 300 and 100 units" {classes 10} {
	return "dense 300; relu; dense 100; relu; dense $classes"
}
