#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# Shows a snapshot file: zkSnapShotToolkit.sh [-d|-json] FILE.

ZOOSCRIPT=${BASH_SOURCE[0]}
while [ -L "$ZOOSCRIPT" ]; do
  ZOOLINK=$(readlink "$ZOOSCRIPT")
  case $ZOOLINK in /*) ZOOSCRIPT=$ZOOLINK ;; *) ZOOSCRIPT=$(dirname "$ZOOSCRIPT")/$ZOOLINK ;; esac
done
ZOOBINDIR=$(cd -- "$(dirname "$ZOOSCRIPT")" >/dev/null && pwd)
if [ -e "$ZOOBINDIR/../libexec/zkEnv.sh" ]; then
  . "$ZOOBINDIR/../libexec/zkEnv.sh"
else
  . "$ZOOBINDIR/zkEnv.sh"
fi

# Without arguments the tool shows its usage.
case $1 in -h | --help) shift $# ;; esac
zoo_log_flags cli
zoo_tool io.vivarium.persistence.tool.SnapshotDump "$@"
