# zoo.sh - the networks that come along: what they cost, and students of the same kind.
. "$(dirname "$0")/lib.sh"

# Parameters and multiply-accumulates (in G) as published.  The counts with all digits are those that
# PyTorch's torchvision 0.29 states for its models (num_params, _ops), that PyTorch counts for the
# networks of the six benchmark pairs, or that Hugging Face's transformers count; the others are as the
# papers round them.  What is rounded must agree to 3 %.
cat >counts.tcl <<'EOF'
proc close {got wanted} {
	if {$wanted eq "-"} {
		return 1
	}
	if {[string is integer -strict $wanted]} {
		return [expr {$got == $wanted}]
	}
	return [expr {abs($got / double($wanted) - 1) < 0.03}]
}
proc si {n} {
	if {![string is double -strict $n]} {
		return $n
	}
	foreach {size unit} {1e9 G 1e6 M 1e3 k} {
		if {$n >= $size} {
			return "[format %.4g [expr {$n / $size}]] $unit"
		}
	}
	return $n
}
foreach {name how params macs source} {
	lenet300_100	{}			266610		266200	"LeCun et al. 1998; Han et al. 2015: 267 k"
	lenet5		{}			431080		-	"Caffe; Han et al. 2015: 431 k"
	resnet8		{}			78042		-	"PyTorch"
	resnet20	{}			272474		40.8e6	"He et al. 2016: 0.27 M, PyTorch"
	resnet20	{-set {shortcut pad}}	0.27e6		40.6e6	"He et al. 2016, table 6"
	resnet32	{-set {shortcut pad}}	0.464e6		-	"He et al. 2016, table 6: 0.46 M"
	resnet44	{-set {shortcut pad}}	0.66e6		-	"He et al. 2016, table 6"
	resnet56	{-set {shortcut pad}}	0.85e6		-	"He et al. 2016, table 6"
	resnet110	{-set {shortcut pad}}	1.73e6		-	"He et al. 2016, table 6: 1.7 M"
	resnet18	{}			11689512	1.814e9	"torchvision"
	resnet34	{}			21797672	3.664e9	"torchvision"
	resnet50	{}			25557032	4.089e9	"torchvision"
	wrn_16_1	{}			0.175e6		-	"Zagoruyko, Komodakis 2016, table 1: 0.2 M"
	wrn_16_2	{}			0.69e6		-	"Zagoruyko, Komodakis 2017: 0.7 M"
	wrn_40_1	{}			0.56e6		-	"Zagoruyko, Komodakis 2016, table 4: 0.6 M"
	wrn_40_2	{}			2.24e6		-	"Zagoruyko, Komodakis 2016, table 4: 2.2 M"
	wrn_28_10	{}			36.5e6		5.2e9	"Zagoruyko, Komodakis 2016, table 4"
	vgg11		{}			132863336	7.609e9	"torchvision"
	vgg13		{}			133047848	11.31e9	"torchvision"
	vgg16		{}			138357544	15.47e9	"torchvision"
	vgg19		{}			143667240	19.63e9	"torchvision"
	vgg11_bn	{}			132868840	7.609e9	"torchvision"
	vgg13_bn	{}			133053736	11.31e9	"torchvision"
	vgg16_bn	{}			138365992	15.47e9	"torchvision"
	vgg19_bn	{}			143678248	19.63e9	"torchvision"
	mobilenet_v1	{}			4.2e6		569e6	"Howard et al. 2017, table 8"
	mobilenet_v1	{-set {width 0.5}}	1.3e6		149e6	"Howard et al. 2017, table 6"
	mobilenet_v2	{}			3504872		300e6	"torchvision; Sandler et al. 2018: 300 M"
	shufflenet_v2	{-set {width 0.5}}	1366792		41e6	"torchvision; Ma et al. 2018: 41 M"
	shufflenet_v2	{}			2278604		146e6	"torchvision; Ma et al. 2018: 146 M"
	shufflenet_v2	{-set {width 1.5}}	3503624		299e6	"torchvision; Ma et al. 2018: 299 M"
	shufflenet_v2	{-set {width 2}}	7393996		591e6	"torchvision; Ma et al. 2018: 591 M"
	squeezenet	{}			1248424		0.819e9	"torchvision"
	squeezenet	{-set {version 1.1}}	1235496		0.349e9	"torchvision"
	ds_cnn		{}			23180		2.7e6	"Zhang et al. 2017, table 4: 5.4 M operations"
	facenet		{}			140e6		1.6e9	"Schroff et al. 2015, table 1"
	bert		{}			109483778	-	"transformers, BertForSequenceClassification"
	distilbert	{}			66955010	-	"transformers, DistilBertForSequenceClassification"
	tinybert	{}			14350874	-	"Jiao et al. 2020: 14.5 M; transformers"
	gpt2		{}			124439808	-	"transformers, GPT2LMHeadModel"
	gcn	{-set {hidden 16 layers 2}}	474		-	"(1 + 1) 16 + (16 + 1) 16 + (16 + 1) 10"
	matrix_factorization {}			86625		-	"(943 + 1682) (32 + 1)"
	lstm_classifier	{}			82186		-	"PyTorch"
	gru_classifier	{}			61962		-	"PyTorch"
	resnet20	{-set {width 32}}	1084586		-	"PyTorch, benchmark pair mobile"
	mobilenet_v2	{-set {width 0.5 dropout 0 classes 10} -input {3 32 32}} 700490 - "PyTorch, benchmark pair mobile"
	mlp		{-set {hidden {1200 1200}}} 2395210	-	"PyTorch, benchmark pair mlp"
	mlp		{-set {hidden {800 800}}} 1276810	-	"PyTorch, benchmark pair mlp"
	encoder		{-set {hidden 256 layers 4 heads 4 ffn 1024}} 4456452 - "PyTorch, benchmark pair bert"
	encoder		{}			1045252		-	"PyTorch, benchmark pair bert"
} {
	set counts [zoo show $name {*}$how]
	set p [dict get $counts parameters]
	set m [dict get $counts macs]
	set good [expr {[close $p $params] && [close $m $macs]}]
	puts "[expr {$good ? "true" : "false"}] $name $how: [si $p] parameters ([si $params]), [si $m] MACs ([si $macs])   $source"
}
EOF
run counts.tcl
ok "all networks are counted" test "$code" = 0
ok "nothing is said on stderr" test ! -s err
while read -r result name; do
	ok "$name" "$result"
done <out

# A student like its teacher: what the teacher is, the factors, and where the student comes from.
cat >like.tcl <<'EOF'
foreach {teacher width depth student} {
	{resnet20}				0.5	0.5	{zoo resnet20 depth 8 width 8}
	{resnet20 classes 100}			1	0.5	{zoo resnet20 classes 100 depth 8}
	{wrn_16_2}				0.5	0.7	{zoo wrn_16_2 depth 10 width 1.0}
	{resnet18 classes 10}			0.5	0.5	{zoo resnet18 classes 10 blocks {1 1 1 1} width 0.5}
	{mlp hidden {1200 1200 600}}		0.5	0.67	{zoo mlp hidden {600 600}}
	{encoder hidden 256 layers 4 heads 4 ffn 1024} 0.5 0.5 {zoo encoder}
	{encoder hidden 96 heads 3}		0.7	1	{zoo encoder hidden 64 ffn 358}
	{tcn}					1	0.5	{zoo tcn levels 4}
	{lenet5}				0.5	1	{zoo lenet5 width 0.5}
	{lenet5}				2	1	{zoo lenet5 width 2.0}
} {
	model new teacher -zoo [lindex $teacher 0] -set [lrange $teacher 1 end] -seed 1
	model new student -like teacher -width $width -depth $depth -seed 1
	set origin [dict get [model show student] origin]
	puts "[expr {$origin eq $student ? "true" : "false"}] $teacher, width $width, depth $depth: $origin"
}
EOF
run like.tcl
ok "students are made" test "$code" = 0
while read -r result name; do
	ok "like $name" "$result"
done <out

# refused TEXT COMMANDS: fails with the text.
refused()
{
	run -e "$2"
	is "code of: $2" 1 "$code"
	ok "refused: $1" has "$1" err
}
refused 'no zoo model "resnet21"; did you mean "resnet20"?' 'model new m -zoo resnet21'
refused 'depth must be 8, 14, 20, 26, ... (6n + 2), got 9' 'model new m -zoo resnet_cifar -set {depth 9}'
refused 'depth must be 11, 13, 16 or 19, got 12' 'zoo show vgg16 -set {depth 12}'
refused 'has no parameter "widht"; did you mean "width"?' 'zoo show resnet20 -set {widht 3}'
refused '-set is name value ..., got 3 words' 'zoo show resnet20 -set {width 3 depth}'
refused 'it has no parameter that -depth would change   (it has: width classes input)' \
	'model new t -zoo lenet5; model new s -like t -depth 0.5'
refused 'model "t" is not from the zoo but from {dense 3}' \
	'model new t {dense 3} -input 4; model new s -like t -width 0.5'
refused '-width and -depth are factors for -like' 'model new t -zoo lenet5 -width 0.5'
refused 'give either layers, or -zoo NAME, or -like MODEL' 'model new t'
refused 'line 2 of the layers, layer 1 "conv 20 5": kernel 5x5 is larger than its input 4x4' \
	'model new t -zoo lenet5 -input {1 4 4}'

# A student of a loaded teacher, and a network that follows the data.
run -e 'data load digits; model new t -zoo resnet8 -set {width 4}; model save t t.onnx
	model load u t.onnx; model new s -like u -width 0.5
	puts [dict get [model show s] origin]; puts [dict get [model show t] origin]'
ok "a file remembers its zoo" has 'zoo resnet8 width 2' out
ok "classes follow the data" test "$code" = 0
run -e 'help zoo'
ok "help zoo has the verbs" has 'zoo show' out
ok "help zoo has the networks" has 'residual network of 20 layers' out
run -e 'data load digits
	foreach net {lenet300_100 mlp resnet8 mobilenet_v2 shufflenet_v2 lstm_classifier gru_classifier tcn gcn} {
		model new m -zoo $net -set [expr {$net eq "tcn" ? "hidden 6 levels 2" : ""}] -seed 1
		train m -epochs 1 -batch 256 -seed 1
		puts "trained $net"
	}'
for net in lenet300_100 mlp resnet8 mobilenet_v2 shufflenet_v2 lstm_classifier gru_classifier tcn gcn; do
	ok "$net trains" has "trained $net" out
done

done_testing
