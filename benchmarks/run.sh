#!/usr/bin/env bash
# Measures Headrace side by side with its peers and with what this machine can do. See README.md in this directory.
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'TEXT'
Usage: benchmarks/run.sh [options]

  (none)        all suites, one after the other: every table, and all goals with met or missed
  -s SUITES     some of them, such as events-small,pages or 'events-*'
  -q            quick: everything small, one round; only says whether it works here
  -r ROUNDS     turns of each contestant; default 3
  -c PATTERN    only contestants whose names contain it, such as 'headrace|socket'; the first of
                them is then the measure of the others
  -o DIR        where results.json, results.md and plots go; default benchmarks/target/results
  -d            also writes what was found into docs/performance.md; not with -q, -c or
                knobs other than rounds and disk
  -l            lists the suites
  -p SUITE      starts only its server and says how each contestant is started by hand, with a
                profiler for example; Ctrl-C ends it
  -j            counts with strace how often one download writes its file, and how often its journal
  -Dname=value  turns a knob; README.md names them
  -h            this

Needs Java 17 or later; the downloads need nginx, curl, openssl, a real disk, and free space there
for three times the size (-Ddisk=DIR; default benchmarks/target). It builds what is missing or
older than its sources with ./mvnw. Nothing else should run meanwhile.
TEXT
}

for option in "$@"; do
    if [ "$option" = -h ]; then
        usage
        exit 0
    fi
done

root=$(cd "$(dirname "$0")/.." && pwd)
target=$root/benchmarks/target
classpath=$target/run.classpath

stale() {
    [ ! -s "$classpath" ] || [ ! -f "$target/classes/dev/headrace/benchmarks/Benchmarks.class" ] || (
        # In a shell of its own, so that -o and -Ddisk are still seen from where the caller stands.
        cd "$root" && [ -n "$(find core/src/main sse/src/main transfer/src/main benchmarks/src/main ./*/pom.xml pom.xml \
            -type f -newer "$classpath" | head -n 1)" ]
    )
}
if stale; then
    build=(./mvnw -q -pl benchmarks -am compile dependency:build-classpath
        -DincludeScope=runtime "-Dmdep.outputFile=$classpath")
    echo "Building: ${build[*]}"
    (cd "$root" && "${build[@]}") || {
        echo "run.sh: the build failed; its command is above" >&2
        exit 2
    }
    touch "$classpath"
fi

commit=$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
# Servers run in this process, contestants in others.
exec "$java" -Xmx512m -Dslf4j.internal.verbosity=ERROR "-Droot=$root" "-Ddisk=$target" "-Dcommit=$commit" \
    -cp "$target/classes:$(cat "$classpath")" dev.headrace.benchmarks.Benchmarks "$@"
