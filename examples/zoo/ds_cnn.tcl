# DS-CNN for spoken commands: Y. Zhang, N. Suda, L. Lai, V. Chandra, Hello Edge: keyword spotting
# on microcontrollers (arXiv:1711.07128), table 4: separable convolutions over 49 frames of 10
# cepstral coefficients.  The small network (width 64, 4 layers): 2.7 M multiply-accumulates (the
# paper counts 5.4 M operations).

zoo ds_cnn "separable convolutions over a spectrogram, for spoken commands" {
	width 64 layers 4 dropout 0.2 classes 12 input {1 49 10}
} {
	set text "conv $width {10 4} -stride 2 -pad same -bias no; bn; relu
	repeat $layers {
		dwconv 3 -pad 1 -bias no; bn; relu
		conv $width 1 -bias no; bn; relu
	}
	gap\n"
	if {$dropout > 0} {
		append text "dropout $dropout; "
	}
	return "${text}dense $classes"
}
