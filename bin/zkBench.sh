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

# Thousands of idle sessions need as many files; the hard limit is raised where that is allowed.
ulimit -Hn 100000 2>/dev/null || true
ulimit -Sn "$(ulimit -Hn)" 2>/dev/null || true

if [ "${1:-}" = jmh ]; then
    shift
    exec "$java" -cp "$jar:$target/lib/*" org.openjdk.jmh.Main "$@"
fi
# shellcheck disable=SC2086
exec "$java" -Xms256m -Xmx1g -XX:+UseSerialGC ${BENCH_JVMFLAGS:-} \
    -Dvivarium.project="$root" -cp "$jar:$target/lib/*" io.vivarium.bench.ZkBench "$@"
