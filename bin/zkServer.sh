#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# Starts, stops and asks the server. Header lines go to stderr, results to stdout.

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

# --- configuration -----------------------------------------------------------------------------------------------------

JMX_FLAGS=()
if [ -z "$JMXDISABLE" ] || [ "$JMXDISABLE" = 'false' ]; then
  echo "ZooKeeper JMX enabled by default" >&2
  if [ -n "$JMXPORT" ]; then
    echo "ZooKeeper remote JMX Port set to $JMXPORT" >&2
    echo "ZooKeeper remote JMX authenticate set to ${JMXAUTH:=false}" >&2
    echo "ZooKeeper remote JMX ssl set to ${JMXSSL:=false}" >&2
    echo "ZooKeeper remote JMX log4j set to ${JMXLOG4J:=true}" >&2
    JMX_FLAGS=("-Dcom.sun.management.jmxremote.port=$JMXPORT" "-Dcom.sun.management.jmxremote.authenticate=$JMXAUTH"
      "-Dcom.sun.management.jmxremote.ssl=$JMXSSL" "-Dcom.sun.management.jmxremote.local.only=${JMXLOCALONLY:-false}")
    if [ -n "$JMXHOSTNAME" ]; then
      echo "ZooKeeper remote JMX Hostname set to $JMXHOSTNAME" >&2
      JMX_FLAGS+=("-Djava.rmi.server.hostname=$JMXHOSTNAME")
    fi
  fi
  # Without a port nothing is needed: tools on this machine attach to any JVM.
else
  echo "JMX disabled by user request" >&2
fi

if [ -n "$2" ]; then
  case $2 in
    */*) ZOOCFG=$2 ;;
    *) ZOOCFG="$ZOOCFGDIR/$2" ;;
  esac
  ZOO_CFGDIR_IS_DEFAULT=''
fi
zoo_sample_config
echo "Using config: $ZOOCFG" >&2

zoo_log_flags server
ZOOMAIN=io.vivarium.server.QuorumPeerMain
ZOO_OUT="$ZOO_LOG_DIR/zookeeper-$USER-server-$HOSTNAME.out"
ZOODATADIR=$(zoo_absolute "$(zoo_config_value dataDir)")
ZOODATALOGDIR=$(zoo_absolute "$(zoo_config_value dataLogDir)")
[ -z "$ZOOPIDFILE" ] && [ -n "$ZOODATADIR" ] && ZOOPIDFILE="$ZOODATADIR/zookeeper_server.pid"
# How long stop waits for the process to end, in seconds.
ZOO_STOP_TIMEOUT=${ZOO_STOP_TIMEOUT:-30}

ZOO_COMMAND=("$JAVA" "${ZOO_LOG_FLAGS[@]}" -XX:+HeapDumpOnOutOfMemoryError '-XX:OnOutOfMemoryError=kill -9 %p'
  -cp "$CLASSPATH")
# The flags are words on purpose.
# shellcheck disable=SC2206
ZOO_COMMAND+=($SERVER_JVMFLAGS $JVMFLAGS)
case $1 in
  start | start-foreground | restart | print-cmd)
    zoo_find_class_archive
    ZOO_COMMAND+=("${ZOO_ARCHIVE_FLAGS[@]}")
    ;;
esac
[ -n "$ZOO_DATADIR_AUTOCREATE_DISABLE" ] && ZOO_COMMAND+=(-Dzookeeper.datadir.autocreate=false)
ZOO_COMMAND+=("${JMX_FLAGS[@]}" "$ZOOMAIN" "$ZOOCFG")

# --- the process -------------------------------------------------------------------------------------------------------

# is_server PID: whether it is alive and, as far as the system tells, a server: numbers of dead processes are used again.
is_server() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  kill -0 "$1" 2>/dev/null || return 1
  [ ! -r "/proc/$1/cmdline" ] || tr '\0' '\n' <"/proc/$1/cmdline" | grep -q 'QuorumPeerMain'
}

pid_in_file() {
  [ -f "$ZOOPIDFILE" ] && zoo_trim "$(head -n 1 "$ZOOPIDFILE")"
}

prepare_directories() {
  if [ ! -f "$ZOOCFG" ]; then
    echo "Error: $ZOOCFG file is missing" >&2
    return 1
  fi
  if [ -z "$ZOODATADIR" ]; then
    echo "Error: dataDir is not set in $ZOOCFG" >&2
    return 1
  fi
  if [ -n "$ZOO_DATADIR_AUTOCREATE_DISABLE" ]; then
    if [ ! -d "$ZOODATADIR/version-2" ]; then
      echo "ZooKeeper data directory is missing at $ZOODATADIR fix the path or run initialize" >&2
      return 1
    fi
    if [ -n "$ZOODATALOGDIR" ] && [ ! -d "$ZOODATALOGDIR/version-2" ]; then
      echo "ZooKeeper txnlog directory is missing at $ZOODATALOGDIR fix the path or run initialize" >&2
      return 1
    fi
  else
    mkdir -p "$ZOODATADIR" || return 1
    [ -z "$ZOODATALOGDIR" ] || mkdir -p "$ZOODATALOGDIR" || return 1
  fi
}

# why_it_ended: the end of what the server wrote, without the frames of stack traces.
why_it_ended() {
  echo "Last lines of $ZOO_OUT:" >&2
  grep -v -E '^[[:space:]]+(at |\.\.\. )' "$ZOO_OUT" | tail -n 5 >&2
}

start() {
  local pid waited
  printf 'Starting zookeeper ... '
  pid=$(pid_in_file)
  if is_server "$pid"; then
    echo "already running as process $pid."
    return 1
  fi
  if ! prepare_directories || ! mkdir -p "$ZOO_LOG_DIR"; then
    echo "FAILED TO START"
    return 1
  fi
  # The output of the run before is kept: it may say why that run ended.
  [ -s "$ZOO_OUT" ] && mv -f "$ZOO_OUT" "$ZOO_OUT.1"
  if ! : >"$ZOO_OUT"; then
    echo "SERVER DID NOT START"
    return 1
  fi
  nohup "${ZOO_COMMAND[@]}" >"$ZOO_OUT" 2>&1 </dev/null &
  pid=$!
  if ! printf '%s' "$pid" >"$ZOOPIDFILE"; then
    kill "$pid" 2>/dev/null
    echo "FAILED TO WRITE PID"
    return 1
  fi
  # A second, as scripts of operators expect; on a slow machine a little longer, until it listens: a port that is taken
  # is found out only then. A server that logs elsewhere, or has much to load, is believed after that.
  for ((waited = 0; waited < 20; waited++)); do
    [ "$waited" -ge 5 ] && grep -q 'bound to port' "$ZOO_OUT" && break
    sleep 0.2
    if ! kill -0 "$pid" 2>/dev/null; then
      rm -f "$ZOOPIDFILE"
      echo "FAILED TO START"
      why_it_ended
      return 1
    fi
  done
  echo "STARTED"
  # The next start is to be quicker; nobody waits for that now.
  (zoo_make_class_archive &) >/dev/null 2>&1 </dev/null
}

stop() {
  local pid waited
  printf 'Stopping zookeeper ... '
  if [ -z "$ZOOPIDFILE" ] || [ ! -f "$ZOOPIDFILE" ]; then
    echo "no zookeeper to stop (could not find file $ZOOPIDFILE)"
    return 0
  fi
  pid=$(pid_in_file)
  if is_server "$pid"; then
    kill "$pid" || return 1
    waited=0
    while kill -0 "$pid" 2>/dev/null; do
      if [ "$waited" -ge $((ZOO_STOP_TIMEOUT * 10)) ]; then
        echo "STILL RUNNING"
        echo "Error: process $pid did not end within $ZOO_STOP_TIMEOUT s" >&2
        return 1
      fi
      sleep 0.1
      waited=$((waited + 1))
    done
  else
    echo "process $pid of $ZOOPIDFILE is not running" >&2
  fi
  rm -f "$ZOOPIDFILE"
  echo "STOPPED"
}

# --- status ------------------------------------------------------------------------------------------------------------

# client_part_of FILE KEY: "host port" of the client part of a server line, nothing if it has none.
client_part_of() {
  local value
  value=$(zoo_config_value "$2" "$1")
  case $value in *';'*) ;; *) return 0 ;; esac
  value=$(zoo_trim "${value##*;}")
  case $value in
    *:*) printf '%s %s' "$(printf '%s' "${value%:*}" | tr -d '[]')" "${value##*:}" ;;
    *) printf 'localhost %s' "$value" ;;
  esac
}

# find_client_address: sets CLIENT_HOST and CLIENT_PORT as far as the configuration tells.
find_client_address() {
  local myid dynamic
  CLIENT_PORT=$(zoo_config_value clientPort)
  CLIENT_HOST=$(zoo_config_value clientPortAddress)
  case $CLIENT_PORT in '' | *[!0-9]*) ;; *) return 0 ;; esac
  CLIENT_PORT=''
  CLIENT_HOST=''
  [ -f "$ZOODATADIR/myid" ] && myid=$(zoo_trim "$(head -n 1 "$ZOODATADIR/myid")")
  case $myid in
    '' | *[!0-9]*)
      echo "myid could not be determined, will not able to locate clientPort in the server configs."
      return 0
      ;;
  esac
  read -r CLIENT_HOST CLIENT_PORT < <(client_part_of "$ZOOCFG" "server.$myid"; echo)
  if [ -z "$CLIENT_PORT" ]; then
    echo "Client port not found in static config file. Looking in dynamic config file."
    dynamic=$(zoo_absolute "$(zoo_config_value dynamicConfigFile)")
    [ -n "$dynamic" ] && read -r CLIENT_HOST CLIENT_PORT < <(client_part_of "$dynamic" "server.$myid"; echo)
    [ -n "$CLIENT_PORT" ] || echo "Client port not found in the server configs"
  fi
}

# ask_server: what the server at CLIENT_HOST and CLIENT_PORT says of itself, nothing if it does not answer.
ask_server() {
  # The flags are words on purpose.
  # shellcheck disable=SC2086
  "$JAVA" -cp "$CLASSPATH" $CLIENT_JVMFLAGS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $JVMFLAGS \
    io.vivarium.server.tool.FourLetterClient "$CLIENT_HOST" "$CLIENT_PORT" srvr 2>/dev/null
}

status() {
  local answer mode pid tries
  [ -f "$ZOOCFG" ] || echo "Error: $ZOOCFG file is missing" >&2
  find_client_address
  if [ -z "$CLIENT_PORT" ]; then
    echo "Client port not found. Looking for secureClientPort in the static config."
    CLIENT_PORT=$(zoo_config_value secureClientPort)
    if [ -z "$CLIENT_PORT" ]; then
      echo "Unable to find either secure or unsecure client port in any configs. Terminating."
      return 1
    fi
    CLIENT_HOST=$(zoo_config_value secureClientPortAddress)
    echo "Client port found: $CLIENT_PORT. Client address: ${CLIENT_HOST:-localhost}. Client SSL: true."
    echo " "
    echo "Error contacting service. It is probably not running."
    echo "This version asks a server only through its plain client port." >&2
    return 1
  fi
  # Wildcard addresses are for listening.
  case $CLIENT_HOST in '' | 0.0.0.0 | ::) CLIENT_HOST=localhost ;; esac
  echo "Client port found: $CLIENT_PORT. Client address: $CLIENT_HOST. Client SSL: false."
  answer=$(ask_server)
  # A server that was started a moment ago may not listen yet: while its process lives it gets a little time.
  pid=$(pid_in_file)
  tries=0
  while [ -z "$answer" ] && [ "$tries" -lt 10 ] && is_server "$pid"; do
    sleep 0.5
    tries=$((tries + 1))
    answer=$(ask_server)
  done
  mode=$(printf '%s\n' "$answer" | grep '^Mode: ')
  if [ -z "$mode" ]; then
    echo "Error contacting service. It is probably not running."
    return 1
  fi
  printf '%s\n' "$mode"
}

# --- verbs -------------------------------------------------------------------------------------------------------------

case $1 in
  start)
    start
    ;;
  start-foreground)
    prepare_directories || exit 1
    if [ -n "$ZOO_NOEXEC" ]; then
      "${ZOO_COMMAND[@]}"
    else
      exec "${ZOO_COMMAND[@]}"
    fi
    ;;
  stop)
    stop
    ;;
  restart)
    stop && start
    ;;
  status)
    status
    ;;
  version)
    zoo_tool io.vivarium.server.tool.VersionLine
    ;;
  print-cmd)
    printf '"%s" ' "${ZOO_COMMAND[@]}"
    printf '> "%s" 2>&1 < /dev/null\n' "$ZOO_OUT"
    ;;
  *)
    # Exit code 0: scripts of operators rely on it.
    echo "Usage: $0 [--config <conf-dir>] {start|start-foreground|stop|version|restart|status|print-cmd}" >&2
    ;;
esac
