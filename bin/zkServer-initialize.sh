#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# Prepares data directories for a new server.

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

usage() {
  echo "usage: $0 [--configfile=FILE] [--myid=N] [--force] [-h|--help]" >&2
  echo "  --configfile  configuration file, ${ZOOCFG} by default" >&2
  echo "  --myid        id of the server within its ensemble" >&2
  echo "  --force       remove what is in the data directories" >&2
  exit 1
}

ZOOMYID=''
ZOOFORCE=''
while [ $# -gt 0 ]; do
  case $1 in
    --configfile=*) ZOOCFG=${1#*=} ;;
    --configfile) ZOOCFG=$2 && shift ;;
    --myid=*) ZOOMYID=${1#*=} ;;
    --myid) ZOOMYID=$2 && shift ;;
    --force) ZOOFORCE=1 ;;
    -h | --help) usage ;;
    *)
      echo "Unknown option: $1" >&2
      usage
      ;;
  esac
  shift
done

if [ ! -f "$ZOOCFG" ]; then
  echo "Unable to find config file at $ZOOCFG"
  exit 1
fi
case $ZOOMYID in
  *[!0-9]*)
    echo "serverid $ZOOMYID is not a number" >&2
    exit 1
    ;;
esac
ZOODATADIR=$(zoo_absolute "$(zoo_config_value dataDir)")
ZOODATALOGDIR=$(zoo_absolute "$(zoo_config_value dataLogDir)")
ZOODATALOGDIR=${ZOODATALOGDIR:-$ZOODATADIR}
if [ -z "$ZOODATADIR" ]; then
  echo "Unable to determine dataDir from $ZOOCFG" >&2
  exit 1
fi

[ -n "$ZOOFORCE" ] && echo "Force enabled, data/txnlog directories will be re-initialized"
for dir in "$ZOODATADIR" "$ZOODATALOGDIR"; do
  if [ -d "$dir/version-2" ]; then
    if [ -z "$ZOOFORCE" ]; then
      echo "ZooKeeper data directory already exists at $dir (or use --force to force re-initialization)"
      exit 1
    fi
    rm -rf -- "$dir/version-2" || exit 1
  fi
done
mkdir -p "$ZOODATADIR/version-2" "$ZOODATALOGDIR/version-2" || exit 1
rm -f -- "$ZOODATADIR/myid"
if [ -n "$ZOOMYID" ]; then
  echo "Using myid of $ZOOMYID"
  echo "$ZOOMYID" >"$ZOODATADIR/myid" || exit 1
else
  echo "No myid provided, be sure to specify it in $ZOODATADIR/myid if using non-standalone"
fi
# A server looks for the marker beside its journals; people look for it beside myid.
: >"$ZOODATADIR/initialize" || exit 1
: >"$ZOODATALOGDIR/initialize" || exit 1
