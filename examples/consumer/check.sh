#!/usr/bin/env bash
# Whether a release is fit to publish: builds it as a release without a signature, twice, and compares the two; looks at what each artifact
# brings; then builds and runs a project that knows nothing but these artifacts, on the class path and as modules. Changes nothing here.
# Needs a JDK, Git, GNU tar and coreutils, Maven Central and some minutes. Options for Maven may follow.
set -euo pipefail
cd "$(dirname "$0")/../.."

artifacts="core sse transfer spec airbyte server cli test spring-boot-starter"
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' pom.xml)
users=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "check.sh: $1" >&2
    exit 1
}

# What this builds stays in a repository of its own; all else comes from the user's.
maven() {
    local repository=$1
    shift
    "$PWD/mvnw" -q -Dmaven.repo.local="$repository" -Dmaven.repo.local.tail="$users" \
        -Daether.enhancedLocalRepository.trackingFilename=none "$@"
}

# The sources as they are here, in a folder of their own: where a build lies must not show in what it makes.
sources() {
    mkdir -p "$1"
    git ls-files -z --cached --others --exclude-standard |
        while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
        tar --null -cf - -T - | tar -xf - -C "$1"
}

for turn in first second; do
    echo "Building release $version, $turn time"
    sources "$work/$turn"
    maven "$work/$turn-repository" -f "$work/$turn/pom.xml" -Prelease -Dgpg.skip -Djacoco.skip -Dmaven.test.skip \
        -Dspotless.check.skip -Dspotless.apply.skip -pl '!examples,!examples/dashboard,!benchmarks' install "$@"
done

echo "Looking at what is in it"
published=$work/first-repository/dev/headrace
for artifact in $artifacts; do
    base=$published/headrace-$artifact/$version/headrace-$artifact-$version
    for part in .pom .jar -sources.jar -javadoc.jar -cyclonedx.json -cyclonedx.xml; do
        [ -s "$base$part" ] || fail "headrace-$artifact has no $part"
    done
    ! grep -q '<parent>' "$base.pom" || fail "the POM of headrace-$artifact needs a parent"
    for element in name description url licenses developers scm; do
        grep -q "^  <$element[ >]" "$base.pom" || fail "the POM of headrace-$artifact says no $element"
    done
    grep -q '^  <url>https://headrace.dev</url>$' "$base.pom" || fail "the POM of headrace-$artifact has another address"
done
bom=$published/headrace-bom/$version/headrace-bom-$version.pom
! grep -q '<parent>' "$bom" || fail "the BOM needs a parent"
[ "$(grep -c "<version>$version</version>" "$bom")" -eq 10 ] || fail "the BOM does not name nine artifacts of $version"
[ "$(grep -c '<groupId>' "$bom")" -eq 10 ] || fail "the BOM manages what is not Headrace's"

echo "Comparing both"
for turn in first second; do
    (cd "$work/$turn-repository/dev/headrace" && find . -name "*-$version*" -type f | LC_ALL=C sort | xargs sha256sum) \
        > "$work/$turn.sums"
done
diff "$work/first.sums" "$work/second.sums" || fail "two builds of the same sources differ"
echo "$(wc -l < "$work/first.sums") files, the same in both"

echo "Building a project that takes them"
cp -R examples/consumer "$work/consumer"
maven "$work/first-repository" -f "$work/consumer/pom.xml" -Dheadrace.version="$version" verify "$@"
libraries=$work/consumer/target/lib
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -cp "$work/consumer/target/consumer-1.jar:$libraries/*" com.example.consumer.Consumer
"$java" -p "$work/consumer/target/consumer-1.jar:$libraries" -m com.example.consumer/com.example.consumer.Consumer
echo "Release $version is fit to publish, but for its signatures."
