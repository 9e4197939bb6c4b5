# latency.sh - how fast keys are seen and Ctrl-C stops while networks train; figures, not a test:
#
#	make check TESTS=tests/screen/latency.sh; cat tests/screen/latency.log
. "$(dirname "$0")/../cli/lib.sh"
if [ -z "$VT" ] || [ ! -x "$VT" ]; then
	echo "1..0 # SKIP libvterm is missing; on Debian: apt-get install libvterm-dev"
	exit 0
fi
for size in "24 80" "45 140"; do
	# shellcheck disable=SC2086
	ok "latency at $size" "$VT" $size "$RETORT" --quiet <<'EOT'
limit 60000
cursor retort>\x20
type data load mnist; model new t -zoo resnet20; expr 70+7\r
wait * mnist
cursor retort>\x20
type train t -epochs 3\r
wait epoch 1/3
keys 200
stop stopped in epoch
cursor retort>\x20
type \x04
exit 0
EOT
done

# a batch of this network takes about a second
ok "latency inside a large batch" "$VT" 24 80 "$RETORT" --quiet <<'EOT'
limit 60000
cursor retort>\x20
type set block {conv 128 3 -pad 1; bn; relu}; data load mnist; expr 70+7\r
wait * mnist
type model new t "$block; $block; $block; $block; gap; dense 10"; string repeat ready 2\r
wait readyready
cursor retort>\x20
type train t -epochs 3 -batch 128\r
wait epoch 1/3
keys 200
stop stopped in epoch
cursor retort>\x20
type \x04
exit 0
EOT
done_testing
