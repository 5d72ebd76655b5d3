#!/usr/bin/env bash
# The hot inner parts, measured by JMH. See "Inner parts" in README.md in this directory.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: benchmarks/inner.sh [REGEX] [JMH options]

  REGEX    which benchmarks, such as ChainBench or 'EventBench.parse'; default all
  options  as JMH has them, such as -f 1 -wi 2 -i 3 -w 1 -r 1 for a quick look, -l for a list,
           -h for all of them

Bytes for each operation (-prof gc) are measured too. The figures go to
benchmarks/target/results/inner.json as well, unless -rf or -rff say otherwise.
TEXT
}

[ "${1:-}" != --help ] || { usage && exit 0; }
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || { echo "inner.sh: install Java 17 or later first" >&2 && exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
classpath=$root/benchmarks/target/inner.classpath
results=$root/benchmarks/target/results

set -- -prof gc "$@"
case " $* " in
    *" -rf "* | *" -rff "*) ;;
    *) set -- -rf json -rff "$results/inner.json" "$@" ;;
esac

build=(./mvnw -q -pl benchmarks -am compile dependency:build-classpath
    -DincludeScope=runtime "-Dmdep.outputFile=$classpath")
(cd "$root" && "${build[@]}") || { echo "inner.sh: the build failed: ${build[*]}" >&2 && exit 2; }
mkdir -p "$results"
exec "$java" -Dslf4j.internal.verbosity=ERROR -cp "$root/benchmarks/target/classes:$(cat "$classpath")" \
    org.openjdk.jmh.Main "$@"
