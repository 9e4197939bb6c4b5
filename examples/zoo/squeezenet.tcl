# SqueezeNet: F. N. Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters
# and < 0.5 MB model size (arXiv:1602.07360), table 1, and version 1.1 of its authors' repository
# with less than half of the arithmetic.  A fire module squeezes with 1x1 and expands with 1x1
# beside 3x3.
#
# 1000 classes: version 1.0 1,248,424 parameters, 1.1 1,235,496.

zoo squeezenet "fire modules: squeeze to few channels, expand again" {
	version 1.0 width 1.0 classes 1000 input {3 224 224}
} {
	set pool "maxpool 3 -stride 2 -ceil yes"
	set text "block fire {s e} {
		conv \$s 1; relu; branch {conv \$e 1; relu} {conv \$e 3 -pad 1; relu}
	}\n"
	switch -- $version {
		1.0 {
			append text "conv [scaled 96 $width] 7 -stride 2; relu; $pool\n"
			set modules {
				16 64 16 64 32 128 pool 0 32 128 48 192 48 192 64 256 pool 0 64 256
			}
		}
		1.1 {
			append text "conv [scaled 64 $width] 3 -stride 2; relu; $pool\n"
			set modules {
				16 64 16 64 pool 0 32 128 32 128 pool 0 48 192 48 192 64 256 64 256
			}
		}
		default {error "version must be 1.0 or 1.1, got $version"}
	}
	foreach {squeeze expand} $modules {
		if {$squeeze eq "pool"} {
			append text "$pool\n"
		} else {
			append text "fire [scaled $squeeze $width] [scaled $expand $width]\n"
		}
	}
	return "${text}dropout 0.5; conv $classes 1; relu; gap; flatten"
}
