# Embeddings on the unit sphere: F. Schroff, D. Kalenichenko, J. Philbin, FaceNet: a unified
# embedding for face recognition and clustering, CVPR 2015 (arXiv:1503.03832), table 1 (NN1):
# alternating 1x1 and 3x3 convolutions, two dense layers with maxima over pairs, 128 numbers of
# length one.  The local response normalization of the paper, which has no parameters, is left out.
#
# 220x220 images: 140 M parameters, 1.6 G multiply-accumulates.  width 0.25 is a network for a desk.

zoo facenet "embedding of images: 128 numbers on the unit sphere" {
	width 1.0 embedding 128 input {3 220 220}
} {
	set pool "maxpool 3 -stride 2 -pad 1"
	set text "conv [scaled 64 $width] 7 -stride 2 -pad 3; relu; $pool\n"
	foreach {inner channels pooled} {64 192 yes 192 384 yes 384 256 no 256 256 no 256 256 yes} {
		append text "conv [scaled $inner $width] 1; relu\n" \
			"conv [scaled $channels $width] 3 -pad 1; relu\n"
		if {$pooled} {
			append text "$pool\n"
		}
	}
	set units [scaled 4096 $width]
	append text "repeat 2 {dense [expr {2 * $units}]; reshape $units 2; maxpool 2; flatten}\n"
	return "${text}dense $embedding; l2norm"
}
