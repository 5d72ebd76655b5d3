#!/usr/bin/env bash
# Makes quickstart.svg, beside this script, of what the quickstart prints here and now.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command='./mvnw -q -pl examples -am compile exec:java'

printed=$(cd "$here/../.." && $command)
{
    echo "\$ $command"
    echo "$printed"
} | awk '
    { gsub(/&/, "\\&amp;"); gsub(/</, "\\&lt;"); gsub(/>/, "\\&gt;"); lines[NR] = $0; if (length($0) > widest) widest = length($0) }
    function colour(line) {
        if (line ~ /^\$/) return "#e6edf3"
        if (line ~ /^  +[0-9]+\.[0-9] s/) return "#adbac7"
        if (line ~ /^  /) return "#7ee787"
        return "#79c0ff"
    }
    END {
        width = widest * 7.9 + 40; height = NR * 18 + 40
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n", width, height, width, height
        print "<title>What the quickstart prints</title>"
        printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#0d1117\"/>\n", width, height
        print "<g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"13\" xml:space=\"preserve\">"
        for (i = 1; i <= NR; i++) if (lines[i] != "") printf "<text x=\"20\" y=\"%d\" fill=\"%s\">%s</text>\n", 20 + i * 18, colour(lines[i]), lines[i]
        print "</g>"
        print "</svg>"
    }' >"$here/quickstart.svg"
echo "$here/quickstart.svg"
