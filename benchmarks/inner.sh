#!/usr/bin/env bash
# The hot inner parts, measured by JMH. See "Inner parts" in README.md in this directory.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: benchmarks/inner.sh [REGEX] [JMH options]

  REGEX    which benchmarks, such as ChainBench or 'EventBench.small'; default all
  options  as JMH has them, such as -f 1 -wi 2 -i 3 -w 1 -r 1 for a quick look, -l for a list,
           -h for all of them

Bytes for each operation (-prof gc) are measured too. The figures go to
benchmarks/target/results/inner.json as well, unless -rff names another file.
TEXT
}

[ "${1:-}" != --help ] || { usage && exit 0; }
root=$(cd "$(dirname "$0")/.." && pwd)
classpath=$root/benchmarks/target/inner.classpath
results=$root/benchmarks/target/results

(cd "$root" && ./mvnw -q -pl benchmarks -am compile dependency:build-classpath \
    -DincludeScope=runtime "-Dmdep.outputFile=$classpath")
mkdir -p "$results"
exec java -Dslf4j.internal.verbosity=ERROR -cp "$root/benchmarks/target/classes:$(cat "$classpath")" \
    org.openjdk.jmh.Main -prof gc -rf json -rff "$results/inner.json" "$@"
