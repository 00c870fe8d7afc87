#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# The client shell: that of Apache ZooKeeper, whose jars are kept apart in lib/cli.

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
  -h | -help | --help)
    echo "Usage: $0 [-server host:port[,host:port][/chroot]] [-timeout ms] [-r] [-waitforconnection]"
    echo "       [-client-configuration file] [command [argument ...]]"
    echo "Without a command it asks for commands; help lists them."
    exit 0
    ;;
esac

zoo_log_flags cli
CLASSPATH="$ZOOLIB/cli/*:$ZOOCFGDIR"
zoo_tool org.apache.zookeeper.ZooKeeperMain "$@"
