# Graph convolution over a fixed graph: T. N. Kipf, M. Welling, Semi-supervised classification with
# graph convolutional networks, ICLR 2017 (arXiv:1609.02907), eq. 2.  A sample is V nodes of C
# numbers: places of sensors, joints of a skeleton.  edges are pairs of nodes; {} makes an image a
# grid in which every pixel has four neighbours, and nodes a ring.

proc ring {nodes} {
	for {set i 0} {$i < $nodes} {incr i} {
		lappend edges $i [expr {($i + 1) % $nodes}]
	}
	return $edges
}

proc grid {rows columns} {
	for {set i 0} {$i < $rows * $columns} {incr i} {
		if {($i + 1) % $columns} {
			lappend edges $i [expr {$i + 1}]
		}
		if {$i + $columns < $rows * $columns} {
			lappend edges $i [expr {$i + $columns}]
		}
	}
	return $edges
}

zoo gcn "graph convolutions over a fixed graph; the mean of all nodes decides" {
	hidden 32 layers 2 edges {} classes 10 input {1 8 8}
} {
	if {[llength $input] == 3} {
		lassign $input channels rows columns
		set text "reshape $channels -1; transpose {2 1}\n"
		if {![llength $edges]} {
			set edges [grid $rows $columns]
		}
	} else {
		set text ""
		if {![llength $edges]} {
			set edges [ring [lindex $input 0]]
		}
	}
	append text "repeat $layers {graphconv $hidden -edges {$edges}; relu}\n"
	return "${text}mean; dense $classes"
}
