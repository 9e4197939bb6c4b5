# lint.sh - the rules of the house that a compiler does not check: layers, homes of foreign headers, form.
: "${RT_TESTS:=$(dirname "$0")}"
cd "$RT_TESTS/.." || exit 99
LC_ALL=C
export LC_ALL
count=0
faults=$(mktemp) || exit 99
trap 'rm -f "$faults"' EXIT

# All sources; what protoc-c makes is not ours.
sources=$(find src views tests -name '*.[ch]' ! -name '*.pb-c.*' | sort)
ours=$(echo "$sources" | grep -v '^tests/')

# One rule: what it prints are its faults, "file:line: what".
rule()
{
	name=$1
	shift
	"$@" >"$faults" 2>&1
	count=$((count + 1))
	if [ -s "$faults" ]; then
		sed 's/^/# /' "$faults"
		echo "not ok $count - $name"
	else
		echo "ok $count - $name"
	fi
}

# The layers, lowest first; a file includes headers of its own and of lower ones.  main.c sees all.
no_include_goes_up()
{
	awk '
	BEGIN {
		n = split("base tensor graph ops io exec train explain distill compress session views " \
			  "shell cmd views/screen main.c", name, " ")
		for (i = 1; i <= n; i++)
			rank[name[i]] = i
	}
	function layer(path) {
		sub(/^src\//, "", path)
		if (path ~ /^views\/screen\//)
			return "views/screen"
		if (path == "main.c")
			return path
		sub(/\/.*/, "", path)
		return path
	}
	FNR == 1 { own = layer(FILENAME) }
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		if (part[2] == "config.h")
			next
		other = layer(part[2])
		if (!(own in rank) || !(other in rank))
			printf "%s:%d: \"%s\" is in no layer\n", FILENAME, FNR, part[2]
		else if (rank[other] > rank[own])
			printf "%s:%d: %s includes \"%s\"\n", FILENAME, FNR, own, part[2]
	}' $ours
}

# A header that calls itself private to its folder is included there only.
private_headers_stay_private()
{
	for header in $(grep -lE 'private to this folder|folder only' \
			$(echo "$ours" | grep '\.h$')); do
		folder=${header%/*}
		grep -n "#include \"${header#src/}\"" $(echo "$ours" | grep -v "^$folder/[^/]*$") /dev/null
	done
}

every_file_sees_config_first()
{
	for file in $(echo "$sources" | grep '\.c$'); do
		first=$(grep -m 1 -n '^[ 	]*#[ 	]*include' "$file")
		case $first in
		*'#include "config.h"') ;;
		*) echo "$file:${first:-no include}" ;;
		esac
	done
}

# Foreign headers and the only files that know them.
foreign_headers_stay_at_home()
{
	while read -r header home; do
		grep -nE "#[ 	]*include[ 	]*[<\"]$header" $ours /dev/null | grep -vE "^($home):"
	done <<-'END'
	tcl\.h src/shell/interp\.c
	(openblas/)?cblas\.h src/tensor/blas\.c
	(ncurses[a-z]*/)?(curses|term|panel)\.h views/screen/[a-z_]*\.[ch]
	readline/ views/screen/[a-z_]*\.[ch]
	png\.h src/io/png[a-z_]*\.c
	zlib\.h src/io/[a-z_]*\.c
	(google/)?protobuf-c src/io/onnx[a-z_]*\.[ch]
	[a-z/]*\.pb-c\.h src/io/onnx[a-z_]*\.[ch]
	omp\.h (src/base/threads|src/tensor/blas)\.c
	END
}

# Columns, with tabs to the next multiple of 8 and a sign outside ASCII counted once.
lines_have_at_most_100_columns()
{
	awk '
	length($0) > 50 {
		line = $0
		gsub(/[\200-\277]/, "", line)
		n = split(line, part, "\t")
		columns = length(part[1])
		for (i = 2; i <= n; i++)
			columns = columns - columns % 8 + 8 + length(part[i])
		if (columns > 100)
			printf "%s:%d: %d columns\n", FILENAME, FNR, columns
	}' $sources
}

files_have_at_most_600_lines()
{
	wc -l $sources | awk '$1 > 600 && $2 != "total" { printf "%s:%d: the last line\n", $2, $1 }'
}

every_file_says_what_it_is_for()
{
	for file in $sources; do
		head -n 1 "$file" | grep -q "^/\* ${file##*/} - [^ ]" ||
			echo "$file:1: does not begin with /* ${file##*/} - ..."
	done
}

headers_are_guarded()
{
	for file in $(echo "$sources" | grep '\.h$'); do
		grep -qE '^#ifndef RT_[A-Z0-9_]+_H$' "$file" || grep -qE '^#define [A-Z_]+\(X\)' "$file" ||
			grep -q 'once per instruction set' "$file" || echo "$file:1: has no guard RT_..._H"
	done
}

one_way_out()
{
	grep -nE '\bgoto\b' $ours /dev/null | grep -v 'goto out;'
}

nothing_is_left_to_do()
{
	grep -nE '\b(TODO|FIXME|XXX)\b' $sources /dev/null
}

# Paths and hosts of the machines it was written on.
no_place_is_named()
{
	find src views tests examples man README -type f 2>/dev/null |
		grep -vE '\.(onnx|png|npy|npz|gz|pb|so|o|a)$|/data/|-ubyte$' | while read -r file; do
		grep -nIE '(^|[^a-z])/wor[k]/|/home/[a-z]+|(pypi|npmjs|rubygems)\.(or[g]|co[m])|crates\.i[o]' \
			"$file" /dev/null
	done
}

rule "no include goes up a layer" no_include_goes_up
rule "private headers stay in their folder" private_headers_stay_private
rule "every .c file includes config.h first" every_file_sees_config_first
rule "foreign headers are known in one place" foreign_headers_stay_at_home
rule "lines have at most 100 columns" lines_have_at_most_100_columns
rule "files have at most 600 lines" files_have_at_most_600_lines
rule "every file says what it is for" every_file_says_what_it_is_for
rule "headers are guarded" headers_are_guarded
rule "goto leads to out only" one_way_out
rule "nothing is left to do" nothing_is_left_to_do
rule "no machine is named" no_place_is_named
echo "1..$count"
