# temperature.tcl - accuracy of a distilled student over the temperature, as a table and a plot.
#   retort temperature.tcl ?SEEDS? ?EPOCHS? ?PICTURE.png?

set seeds  [expr {$argc > 0 ? [lindex $argv 0] : 3}]
set epochs [expr {$argc > 1 ? [lindex $argv 1] : 5}]
set png    [expr {$argc > 2 ? [lindex $argv 2] : ""}]

data load mnist
model new teacher -zoo lenet5 -seed 1
train teacher -epochs 3 -seed 1

# Mean test accuracy of the student, and of its control, over the seeds.
proc distilled {T seeds epochs} {
	set student 0.0
	set control 0.0
	for {set s 1} {$s <= $seeds} {incr s} {
		model new student {dense 30; relu; dense 10} -seed $s
		distill teacher student -temperature $T -control yes -epochs $epochs -seed $s
		set last [step $epochs]
		set student [expr {$student + [dict get $last accuracy]}]
		set control [expr {$control + [dict get $last control]}]
	}
	return [list [expr {$student / $seeds}] [expr {$control / $seeds}]]
}

puts [format "\n%6s  %10s  %10s  %8s" T "student %" "control %" gain]
foreach T {1 2 4 8 20} {
	lassign [distilled $T $seeds $epochs] student control
	puts [format "%6g  %10.2f  %10.2f  %+8.2f" $T $student $control [expr {$student - $control}]]
	lappend xs $T
	lappend ys $student
	lappend cs $control
}
puts ""
set options {}
if {$png ne ""} { set options [list -png $png] }
plot xy -x $xs -y $ys -y2 $cs -names {student control} -title "temperature, seeds: $seeds" \
	-xlabel T -ylabel "test accuracy %" {*}$options
