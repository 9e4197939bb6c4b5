# Multilayer perceptron: D. E. Rumelhart, G. E. Hinton, R. J. Williams, Learning representations by
# back-propagating errors, Nature 323 (1986).
#
# hidden lists the widths of the hidden layers: {64 32} for two, {} for none (a linear model).

zoo mlp "dense network; hidden lists the widths of its hidden layers" {
	hidden {64 32} activation relu dropout 0 classes 10 input {1 28 28}
} {
	set text ""
	foreach width $hidden {
		append text "dense $width; $activation; "
		if {$dropout > 0} {
			append text "dropout $dropout; "
		}
	}
	return "${text}dense $classes"
}
