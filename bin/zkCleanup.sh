#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# Removes old snapshots and journals: zkCleanup.sh -n COUNT (at least 3).

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

case $1 in
  -h | --help)
    echo "Usage: $0 [--config <conf-dir>] -n <count>"
    echo "  -n  how many snapshots to keep, with the journals they need; 3 at least"
    exit 0
    ;;
esac

zoo_sample_config
if [ ! -f "$ZOOCFG" ]; then
  echo "Error: $ZOOCFG file is missing" >&2
  exit 1
fi
zoo_log_flags cleanup
ZOODATADIR=$(zoo_absolute "$(zoo_config_value dataDir)")
ZOODATALOGDIR=$(zoo_absolute "$(zoo_config_value dataLogDir)")
if [ -z "$ZOODATADIR" ]; then
  echo "Error: no dataDir in $ZOOCFG" >&2
  exit 1
fi
zoo_tool io.vivarium.server.tool.PurgeTxnLog "${ZOODATALOGDIR:-$ZOODATADIR}" "$ZOODATADIR" "$@"
