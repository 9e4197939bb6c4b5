#!/bin/sh
# corpus.sh - every file that a fuzzer started from or found something with, tried again.
dir=$RT_TESTS/fuzz/corpus
count=0
for kind in onnx arrays; do
	for file in "$dir/$kind"/*; do
		count=$((count + 1))
		if "./tests/fuzz/$kind-file" "$file"; then
			echo "ok $count - $kind/${file##*/}"
		else
			echo "not ok $count - $kind/${file##*/}"
		fi
	done
done
echo "1..$count"
