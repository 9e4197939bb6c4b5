# manual.sh - the committed manual pages and completion are what the rows say; `make man` renews them.
. "$(dirname "$0")/lib.sh"
: "${RT_TESTS:?is the folder of the tests}"

same()
{
	"$RETORT" "$2" ${3:+"$3"} >new
	diff "$RT_TESTS/../man/$1" new >difference && return
	head -n 20 difference | sed 's/^/# /'
	echo "# run: make man"
	return 1
}

ok "retort.1" same retort.1 --man retort
ok "retort-commands.7" same retort-commands.7 --man retort-commands
ok "completion for bash" same bash/retort --bash-completion

if command -v man >/dev/null && man --version >/dev/null 2>&1; then
	for page in retort.1 retort-commands.7; do
		MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 "$RT_TESTS/../man/$page" >out 2>err
		is "$page has no faults of markup" "" "$(cat err)"
	done
fi

done_testing
