#!/usr/bin/env bash
# Downloads side by side: Headrace, curl, a blocking socket and other clients for Java, from an nginx on this machine to its disk.
# See README.md in this directory.
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'TEXT'
Usage: benchmarks/downloads.sh [options] [size]

  size         of the large file, such as 2g (the default) or 256m; the TLS file has a quarter
               of it, the small file 64m, and neither more than it
  -r ROUNDS    turns of each contestant; default 3
  -d DIR       where to make a temporary directory, on a real disk; default benchmarks/target
  -o PATTERN   only contestants whose names match it, such as 'curl|headrace|socket'
  -x HEAP      largest heap of a Java contestant; default 256m
  -l SECONDS   after which a turn has failed; default 600
  -j           compare nothing, count with strace how often one Headrace download writes the
               file and how often its journal

Needs nginx, curl, openssl, Java 17 or later, and free space for three times the size. It builds
what is missing or older than its sources with ./mvnw. Everything it makes is removed at the end.
TEXT
}

fail() {
    printf 'downloads.sh: %s\n' "$1" >&2
    exit 2
}

# In MiB, so that no shell has to know more than 32 bits.
mebibytes() {
    local number=${1%[gGmM]}
    [[ $number =~ ^[1-9][0-9]*$ ]] || fail "a size is a number and m or g, such as 2g, not '$1'"
    case $1 in
        *[gG]) echo $((number * 1024)) ;;
        *[mM]) echo "$number" ;;
        *) fail "a size is a number and m or g, such as 2g, not '$1'" ;;
    esac
}

root=$(cd "$(dirname "$0")/.." && pwd)
rounds=3
directory=$root/benchmarks/target
only=
heap=256m
limit=600
journal=
while getopts r:d:o:x:l:jh option; do
    case $option in
        r) rounds=$OPTARG ;;
        d) directory=$OPTARG ;;
        o) only=$OPTARG ;;
        x) heap=$OPTARG ;;
        l) limit=$OPTARG ;;
        j) journal=yes ;;
        h) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -le 1 ] || { usage >&2 && exit 2; }
[[ $rounds =~ ^[1-9][0-9]*$ ]] || fail "-r is a number of rounds from 1, not '$rounds'"
large=$(mebibytes "${1:-2g}")
medium=$(((large + 3) / 4))
small=$((large < 64 ? large : 64))

# Not everybody has /usr/sbin in the path, where nginx is on many systems.
PATH=$PATH:/usr/sbin:/usr/local/sbin
missing=
for tool in nginx curl openssl java ${journal:+strace}; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    fail "install first:$missing (Debian and Ubuntu: apt-get install nginx-light curl openssl openjdk-17-jdk-headless;\
 Fedora: dnf install nginx curl openssl java-21-openjdk-devel; macOS: brew install nginx curl openssl openjdk)"
fi

# --- Classes -----------------------------------------------------------------------------------------------------

classpath=$root/benchmarks/target/downloads.classpath
stale() {
    [ ! -s "$classpath" ] || [ ! -f "$root/benchmarks/target/classes/dev/headrace/benchmarks/Downloads.class" ] || {
        cd "$root" && [ -n "$(find core/src/main transfer/src/main benchmarks/src/main ./*/pom.xml pom.xml \
            -type f -newer "$classpath" | head -n 1)" ]
    }
}
if stale; then
    set -- ./mvnw -q -pl benchmarks -am compile dependency:build-classpath \
        -DincludeScope=runtime "-Dmdep.outputFile=$classpath"
    echo "Building: $*"
    (cd "$root" && "$@") || fail "the build failed; its command is above"
    touch "$classpath"
fi

# --- A directory, and its end ------------------------------------------------------------------------------------

mkdir -p "$directory"
filesystem=$(df -Pk "$directory" | awk 'NR == 2 { print $1 }')
case $filesystem in
    tmpfs | ramfs) fail "$directory is in memory ($filesystem), not on a disk; name another one with -d" ;;
esac
free=$(df -Pk "$directory" | awk 'NR == 2 { print int($4 / 1024) }')
needed=$((large * 2 + medium + small + 64))
[ "$free" -ge "$needed" ] || fail "$directory has $free MiB free, and $needed are needed; name another one with -d"
work=$(mktemp -d "$(cd "$directory" && pwd)/downloads.XXXXXX")

server=
comparison=
finish() {
    trap - EXIT
    # What bash starts in the background does not hear Ctrl-C.
    for process in $comparison $server; do
        kill "$process" 2>/dev/null || true
    done
    for process in $comparison $server; do
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'echo "Interrupted" >&2; exit 130' INT
trap 'exit 143' TERM HUP

# --- Files -------------------------------------------------------------------------------------------------------

mkdir "$work/served" "$work/written" "$work/nginx"
echo "Making files of $large, $medium and $small MiB in $work"
# Noise, for a file system may keep zeros for nothing; a cipher makes it faster than the system's random numbers come.
noise() {
    { openssl enc -aes-128-ctr -pass "pass:$1" -nosalt -in /dev/zero 2>/dev/null || true; } |
        head -c $(($2 * 1048576)) >"$3"
    [ "$(wc -c <"$3")" -eq $(($2 * 1048576)) ] || fail "could not make $3 with openssl"
}
noise large "$large" "$work/served/large.bin"
noise medium "$medium" "$work/served/medium.bin"
noise small "$small" "$work/served/small.bin"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost \
    -keyout "$work/nginx/key.pem" -out "$work/nginx/certificate.pem" 2>/dev/null ||
    fail "openssl could not make a certificate; it must be 1.1.1 or later"
# Or the system would write them while downloads are measured.
sync

# --- Server ------------------------------------------------------------------------------------------------------

configuration() {
    cat <<TEXT
# One process: nothing outlives it, and it needs no user of its own to read the files.
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {}
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000;
    default_type application/octet-stream;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:$1;
        listen 127.0.0.1:$2 ssl;
        ssl_certificate certificate.pem;
        ssl_certificate_key key.pem;
        ssl_protocols TLSv1.3;
        # The same for all, whatever they would rather have.
        ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
        root "$work/served";
    }
}
TEXT
}

answers() {
    curl -q --noproxy '*' -sf -o /dev/null --cacert "$work/nginx/certificate.pem" "$1/token-$$"
}

# Nobody tells which ports are free, so some are tried.
start_server() {
    local attempt wait
    : >"$work/served/token-$$"
    for attempt in 1 2 3 4 5; do
        plain=$((20000 + RANDOM % 12000))
        tls=$((plain + 1))
        configuration "$plain" "$tls" >"$work/nginx/nginx.conf"
        nginx -p "$work/nginx/" -c nginx.conf 2>"$work/nginx/start.log" &
        server=$!
        for wait in 1 2 3 4 5 6 7 8 9 10; do
            if answers "http://127.0.0.1:$plain" && answers "https://127.0.0.1:$tls"; then return; fi
            kill -0 "$server" 2>/dev/null || break
            sleep 0.3
        done
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    done
    cat "$work/nginx/start.log" >&2
    fail "nginx does not start; it must be 1.19.4 or later, with TLS"
}
start_server

# --- Comparison --------------------------------------------------------------------------------------------------

classes=$root/benchmarks/target/classes:$(cat "$classpath")
main=dev.headrace.benchmarks.Downloads
if [ -n "$journal" ]; then
    set -- strace -f -c -o "$work/calls" -e trace=writev,pwrite64,fsync \
        java "-Xmx$heap" -Dslf4j.internal.verbosity=ERROR -cp "$classes" "$main" \
        Headrace "http://127.0.0.1:$plain/large.bin" - "$work/written/download.bin" $((large * 1048576)) 0 0
else
    nginx -v 2>&1
    curl -q --version | head -n 1
    set -- java -Xmx64m -Dslf4j.internal.verbosity=ERROR "-Drounds=$rounds" "-Dlimit=$limit" "-Donly=$only" \
        "-Dheap=$heap" "-Dplain=http://127.0.0.1:$plain" "-Dtls=https://127.0.0.1:$tls" \
        "-Dcertificate=$work/nginx/certificate.pem" "-Dserved=$work/served" "-Dwritten=$work/written" \
        -cp "$classes" "$main"
fi
exec 3>&1
# Of the one process, only a failure is of interest.
[ -z "$journal" ] || exec 3>"$work/said"
"$@" >&3 &
comparison=$!
status=0
wait "$comparison" || status=$?
comparison=
if [ -n "$journal" ]; then
    grep -q '^figures ' "$work/said" || { cat "$work/said" >&2 && exit 1; }
    printf '\nOne download of %s MiB: writev writes the file, pwrite64 its journal, fsync forces the file and its directory\n' "$large"
    cat "$work/calls"
fi
exit "$status"
