# report.sh - the session as one page: complete, escaped, self-contained, written at once.
. "$(dirname "$0")/lib.sh"
: "${RT_TESTS:?is the folder of the tests}"

cat >session.tcl <<'END'
data load digits
model new teacher {dense 16; relu; dense 10} -seed 1
train teacher -epochs 2 -seed 1
foreach i {3 4} {
	compare -models teacher -sample $i -png "bars <$i> & co.png"
}
catch {nope}
report page.html -title "Teachers & <b>students</b> \"so far\""
END
run --seed 42 session.tcl
is "exit code" 0 $code
ok "the reply tells the file" grep -q '^page.html written, [0-9.]* kB$' out
ok "the title is escaped" has \
	'<h1>Teachers &amp; &lt;b&gt;students&lt;/b&gt; &quot;so far&quot;</h1>' page.html
ok "seed" has '<th>seed</th><td>42</td>' page.html
ok "version" has "<th>retort</th><td>$("$RETORT" --version | cut -d' ' -f2)</td>" page.html
is "a section for each command" 5 "$(grep -c '^<section>$' page.html)"
ok "a command" has '<pre class="command">train teacher -epochs 2 -seed 1</pre>' page.html
ok "its reply" grep -q '^epoch 2   loss' page.html
ok "a command's text is escaped" has 'bars &lt;$i&gt; &amp; co.png&quot;' page.html
is "pictures that were written in a loop, and the curves" 3 \
	"$(grep -c '^<figure><img alt="" src="data:image/png;base64,' page.html)"
ok "their names are escaped" has '<figcaption>bars &lt;3&gt; &amp; co.png</figcaption>' page.html
sed -n 's/.*png;base64,\([^"]*\)".*bars &lt;4.*/\1/p' page.html | base64 -d >back.png
ok "a picture comes back byte for byte" cmp back.png "bars <4> & co.png"
for heading in 'What was done' Data Models Runs Machine; do
	ok "heading: $heading" has "<h2>$heading</h2>" page.html
done
ok "nothing is fetched" lacks '://' page.html
ok "no scripts" lacks '<script' page.html
is "each element is closed" "" "$(for e in html head body title style h1 h2 table tr th td p section pre \
	figure figcaption span; do
	test "$(grep -oE "<$e[ >]" page.html | wc -l)" = "$(grep -o "</$e>" page.html | wc -l)" || echo $e
done)"
is "nothing else is left behind" "back.png bars <3> & co.png bars <4> & co.png err home out page.html session.tcl" \
	"$(ls | sort | tr '\n' ' ' | sed 's/ $//')"

# Errors stand below their commands; colours become styles; a second report has the first.
run --color always -k -e 'data load digits' -e 'model new "<x>"' -e 'data show digits 3' \
	-e 'report one.html' -e 'report two.html'
ok "an error" grep -q '^<pre class="error">-e:1: model new: ' one.html
ok "colours" grep -q '<span style="background:#' one.html
ok "no escape codes" lacks "$esc" one.html
ok "nothing of the escape codes" lacks '[38;5' one.html
ok "the first report stands in the second" has '<pre class="command">report one.html</pre>' two.html

run -e 'report nowhere/page.html'
is "a folder that does not exist: exit code" 1 $code
ok "and why" grep -q '^-e:1: report: nowhere/page.html: cannot write: No such file or directory$' err
run -e 'report empty.html'
ok "an empty session has a page, too" has '<p>Nothing yet.</p>' empty.html

done_testing
