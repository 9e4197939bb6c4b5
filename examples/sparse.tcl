# sparse.tcl - pruning blocks of weights against pruning single ones: accuracy and time.
#   retort sparse.tcl ?mlp|resnet8|lenet5? ?SEEDS? ?EPOCHS?
#
# Every network is trained, pruned, and trained on for half as many epochs.  The control is the same
# network, not pruned, with all of these epochs.  A block is 16 neighbouring outputs of one input.

set net    [expr {$argc > 0 ? [lindex $argv 0] : "mlp"}]
set seeds  [expr {$argc > 1 ? [lindex $argv 1] : 3}]
set epochs [expr {$argc > 2 ? [lindex $argv 2] : 4}]
set more   [expr {($epochs + 1) / 2}]
set amounts {0.5 0.7 0.9}

data load mnist

proc fresh {net seed} {
	if {$net eq "mlp"} {
		model new m {dense 512; relu; dense 256; relu; dense 10} -seed $seed
	} else {
		model new m -zoo $net -seed $seed
	}
}

# The layers of which the outputs divide into blocks: all but the last, which has ten.
proc prunable {name} {
	model copy $name probe
	set layers {}
	foreach layer [dict get [model show probe] layers] {
		set name [dict get $layer layer]
		if {[dict get $layer macs] == 0} continue
		if {![catch {prune probe -pattern 16x1 -amount 0 -layers $name}]} { lappend layers $name }
	}
	model drop probe
	return $layers
}

# The least of five: what else the machine does only adds.
proc latency {name} {
	foreach round {1 2 3 4 5} { lappend times [dict get [model show $name] latency_ms] }
	return [lindex [lsort -real $times] 0]
}

proc accuracy {name} { dict get [evaluate $name] accuracy }

proc gather {key value} {
	global sum
	if {![info exists sum($key)]} { set sum($key) 0.0 }
	set sum($key) [expr {$sum($key) + $value}]
}

for {set s 1} {$s <= $seeds} {incr s} {
	fresh $net $s
	train m -epochs $epochs -seed $s
	set layers [prunable m]
	foreach amount $amounts {
		foreach pattern {free 16x1} {
			model copy m p
			prune p -pattern $pattern -amount $amount -layers $layers
			train p -epochs $more -seed $s
			gather accuracy,$pattern,$amount [accuracy p]
			gather time,$pattern,$amount [latency p]
			model drop p
		}
	}
	train m -epochs $more -seed $s
	gather accuracy,dense [accuracy m]
	gather time,dense [latency m]
}

proc mean {key} { global sum seeds; expr {$sum($key) / $seeds} }

puts "\n$net, seeds: $seeds, pruned layers: $layers"
puts [format "%8s  %10s  %10s  %10s  %10s  %8s" pruned "free %" "16x1 %" "free ms" "16x1 ms" faster]
puts [format "%8s  %10.2f  %10s  %10.4f" dense [mean accuracy,dense] "" [mean time,dense]]
foreach amount $amounts {
	set time [mean time,16x1,$amount]
	puts [format "%6g %%  %10.2f  %10.2f  %10.4f  %10.4f  %7.2fx" [expr {100 * $amount}] \
		[mean accuracy,free,$amount] [mean accuracy,16x1,$amount] \
		[mean time,free,$amount] $time [expr {[mean time,dense] / $time}]]
}
