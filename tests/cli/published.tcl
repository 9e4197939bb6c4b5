# published.tcl - what retort promises on its own data: accuracy, and what compression costs.
#
# Every number stands beside a control in the same run, or is the result the data set is known for.
source [file join $env(RT_TESTS) cli check.tcl]

proc show {text} { puts "# $text" }

# Digits: lenet5 after three epochs.
data load mnist
model new teacher -zoo lenet5 -seed 1
set teacher [train teacher -epochs 3 -seed 1]
set accuracy [dict get $teacher accuracy]
show "lenet5 on mnist, 3 epochs: $accuracy %"
ok "lenet5 has at least 97.5 % after 3 epochs" {$accuracy >= 97.5}

# int8.
model copy teacher int8
set q [quantize int8]
show "int8: [dict get $q after accuracy] %, [dict get $q before bytes] -> [dict get $q after bytes] bytes"
ok "int8 loses at most half a point" {[dict get $q after accuracy] >= $accuracy - 0.5}
ok "int8 takes less than 30 % of the bytes" {[dict get $q after bytes] < 0.3 * [dict get $q before bytes]}

# 80 % of the weights, and an epoch.
model copy teacher sparse
prune sparse -score magnitude -amount 0.8 -structured no
set healed [train sparse -epochs 1 -seed 1]
show "80 % pruned and one epoch: [dict get $healed accuracy] %"
ok "80 % pruned and one epoch loses at most one point" {[dict get $healed accuracy] >= $accuracy - 1}
model copy teacher random
prune random -score random -amount 0.8 -structured no -seed 1
ok "magnitude chooses better than chance" {
	[dict get [evaluate random] accuracy] < [dict get [evaluate sparse] accuracy]}

# Half of the channels.
model copy teacher narrow
set cut [prune narrow -structured yes -amount 0.5]
foreach what {macs bytes latency_ms} {
	show "half the channels, $what: [dict get $cut before $what] -> [dict get $cut after $what]"
}
ok "half the channels: half the MACs or fewer" {[dict get $cut after macs] <= 0.5 * [dict get $cut before macs]}
ok "half the channels: half the bytes or fewer" {[dict get $cut after bytes] <= 0.5 * [dict get $cut before bytes]}
set healed [train narrow -epochs 1 -seed 1]
show "half the channels and one epoch: [dict get $healed accuracy] %"
ok "half the channels and one epoch loses at most 1.5 points" {[dict get $healed accuracy] >= $accuracy - 1.5}

# Distillation: over five seeds the student is above its control on average.
set gain 0
for {set seed 1} {$seed <= 5} {incr seed} {
	model new student {dense 30; relu; dense 10} -seed $seed
	distill teacher student -temperature 4 -soft 0.9 -hard 0.1 -control yes -epochs 5 -seed $seed
	set last [step 5]
	show "seed $seed: student [dict get $last accuracy] %, control [dict get $last control] %"
	set gain [expr {$gain + ([dict get $last accuracy] - [dict get $last control]) / 5}]
}
show [format "the teacher gives %+.2f points on average" $gain]
ok "a distilled student is above its control on average" {$gain > 0}

# Tables.
data load breast-cancer
model new m {dense 16; relu; dense 2} -seed 1
set last [train m -epochs 30 -seed 1]
show "breast-cancer: [dict get $last accuracy] %"
ok "breast-cancer: an MLP has at least 95 % on the held-out fifth" {[dict get $last accuracy] >= 95}

data load credit
model new m {dense 16; relu; dense 2} -seed 1
train m -epochs 20 -seed 1 -weight-decay 0.01
set auc [dict get [evaluate m] auc]
show "credit: AUC $auc"
ok "credit: AUC of at least 0.75" {$auc >= 0.75}

data load bike-rentals
model new line {dense 1} -seed 1
train line -epochs 60 -seed 1
model new m {dense 32; relu; dense 1} -seed 1
train m -epochs 60 -seed 1
set e [evaluate m]
set r2 [dict get $e r2]
set linear [dict get [evaluate line] r2]
show "bike-rentals: RMSE [dict get $e rmse], MAE [dict get $e mae], R2 $r2; a linear model $linear"
ok "bike-rentals: half of the variance is explained, more than by a linear model" {$r2 > 0.5 && $r2 > $linear}
