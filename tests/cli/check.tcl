# check.tcl - what tests written in Tcl share: TAP lines, equal numbers, the outputs of a model.
#
# lib.sh runs such a test with `tcl FILE`; the numbers of its lines go on from $count there.

set count [lindex $argv 0]

# ok NAME EXPRESSION: one test; where it fails, the expression and what is in its variables are shown.
proc ok {name expression} {
	set holds [uplevel 1 [list expr $expression]]
	puts "[expr {$holds ? "ok" : "not ok"}] [incr ::count] - $name"
	if {!$holds} {
		puts "# [join $expression]"
		puts "# that is: [string range [join [uplevel 1 [list subst $expression]]] 0 400]"
	}
}

# The logits of a model for the first samples of the test part, digit by digit.
proc outputs {model {samples 5}} {
	for {set i 0} {$i < $samples} {incr i} {
		lappend z [dict get [compare -models $model -sample $i] $model logits]
	}
	return $z
}

# The largest difference between two nested lists of numbers.
proc distance {a b} {
	set most 0
	foreach row $a other $b {
		foreach x $row y $other { set most [expr {max($most, abs($x - $y))}] }
	}
	return $most
}
