#!/usr/bin/env bash
# One integration, three ways: as a library, as a command and over HTTP. Shows that all give the same JSON; ends with 1 if they do not.
# Needs a JDK and curl.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

./mvnw -q -pl examples -am compile dependency:build-classpath -Dmdep.outputFile="$work/\${project.artifactId}.path" >&2
mock() { java -cp "examples/target/classes:$(cat "$work/headrace-examples.path")" "$@"; }

capability=list_accounts
document='{"request": {"status": "active"}, "auth": {"username": "ada", "password": "engine-no-1"}, "settings": {}, "page": {"size": 3}}'

mock dev.headrace.examples.MockConnectorLibrary $capability "$document" > "$work/library.json"

printf '%s' "$document" | mock dev.headrace.examples.MockConnector $capability - > "$work/command.json"

mock dev.headrace.examples.MockConnector serve --port 0 --unprotected 2> "$work/server.log" &
server=$!
for _ in $(seq 100); do
    url=$(grep -o -m1 'http://[0-9.:]*' "$work/server.log" || true)
    [ -z "$url" ] || break
    sleep 0.1
done
curl -sS -H 'Content-Type: application/json' -d "$document" "$url/$capability" > "$work/http.json"
echo >> "$work/http.json"

for way in library command http; do
    printf '%-8s %s\n' "$way" "$(cat "$work/$way.json")"
done
cmp "$work/library.json" "$work/command.json"
cmp "$work/library.json" "$work/http.json"
echo "The same from each."
