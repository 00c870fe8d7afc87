#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# Measures ZooKeeper-compatible servers. 'zkBench.sh --help' says how.
# JAVA_HOME chooses the Java; BENCH_JVMFLAGS adds flags for the driver itself.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$root/bench/target
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

jar=$(ls "$target"/bench-*.jar 2>/dev/null | head -n 1 || true)
if [ -z "$jar" ] || [ ! -d "$target/lib" ]; then
    echo "zkBench: not built yet; run: mvn -pl bench -am package -DskipTests" >&2
    exit 2
fi

# Thousands of idle sessions need as many files; a lower hard limit is raised where that is allowed.
case $(ulimit -Hn) in
    unlimited | ??????*) ;;
    *) ulimit -Hn 100000 2>/dev/null || true ;;
esac
ulimit -Sn "$(ulimit -Hn)" 2>/dev/null || true

if [ "${1:-}" = jmh ]; then
    shift
    if ! ls "$target"/lib/jmh-core-*.jar >/dev/null 2>&1; then
        echo "zkBench: built without the micro benchmarks; run: mvn -Pjmh -pl bench,server -am package -DskipTests" >&2
        exit 2
    fi
    exec "$java" -cp "$jar:$target/lib/*" org.openjdk.jmh.Main "$@"
fi
# The driver's collector must not be what a server is measured by: it seldom runs, and on memory that is there already.
# shellcheck disable=SC2086
exec "$java" -Xms640m -Xmx1g -Xmn400m -XX:+AlwaysPreTouch -XX:+UseSerialGC ${BENCH_JVMFLAGS:-} \
    -Dvivarium.project="$root" -cp "$jar:$target/lib/*" io.vivarium.bench.ZkBench "$@"
