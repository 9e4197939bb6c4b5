#!/bin/sh
# roundtrip.sh - a model saved, loaded and saved again is the same file, byte for byte, whatever has
# been done to it.
# shellcheck source=tests/cli/lib.sh
. "${RT_TESTS:?}/cli/lib.sh"

# same NAME COMMANDS: the commands make a model m.
same()
{
	rm -f first.onnx second.onnx
	run -e "$2
	model save m first.onnx
	model drop m
	model load m first.onnx
	model save m second.onnx"
	is "$1: is saved" 0 "$code"
	ok "$1: saved, loaded and saved is the same" cmp first.onnx second.onnx
}

lesson='data load digits
	model new m {conv 8 3 -pad 1; bn; relu; maxpool 2; flatten; dense 16; relu; dense 10}
	train m -epochs 1'

same "trained" "$lesson"
same "pruned" "$lesson
	prune m -amount 0.7"
same "without channels" "$lesson
	prune m -structured yes -amount 0.5"
same "quantized" "$lesson
	quantize m -calibrate 64"
same "pruned and quantized to four bits" "$lesson
	prune m -amount 0.5
	quantize m -bits 4 -calibrate 64"
same "recurrent" "model new m -zoo lstm_classifier"
same "an encoder" "model new m -zoo encoder"
same "of another program, with a function" "model load m $RT_TESTS/fuzz/corpus/onnx/encoder.onnx"
same "of another program, with graphs in nodes" \
	"model load m $RT_TESTS/fuzz/corpus/onnx/recurrent.onnx"

done_testing
