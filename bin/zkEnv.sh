#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# The environment that all scripts share; sourced, never run. The caller has set ZOOBINDIR to the directory of the
# script. Prints nothing to stdout: scripts of operators read it.

# --- reading configuration files ---------------------------------------------------------------------------------------

# zoo_trim TEXT: without blanks, carriage returns and a byte order mark around it.
zoo_trim() {
  local text=${1#$'\xef\xbb\xbf'}
  text=${text#"${text%%[![:space:]]*}"}
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# zoo_config_entries FILE: its entries as "key<TAB>value" lines, read as the server reads them: comments and blank lines
# skipped, continued lines joined, any separator, escapes resolved, everything trimmed.
zoo_config_entries() {
  local LC_ALL=C line entry='' key rest char
  [ -r "$1" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    line=$(zoo_trim "$line")
    if [ -z "$entry" ]; then
      case $line in '' | '#'* | '!'*) continue ;; esac
    fi
    entry+=$line
    # An odd number of backslashes at the end continues the line.
    rest=${entry##*[!\\]}
    if [ $((${#rest} % 2)) -eq 1 ]; then
      entry=${entry%\\}
      continue
    fi
    key=''
    rest=$entry
    while [ -n "$rest" ]; do
      char=${rest:0:1}
      case $char in
        '=' | ':' | ' ' | $'\t') break ;;
        \\) key+=${rest:1:1} rest=${rest:2} ;;
        *) key+=$char rest=${rest:1} ;;
      esac
    done
    rest=$(zoo_trim "$rest")
    case $rest in '='* | ':'*) rest=$(zoo_trim "${rest:1}") ;; esac
    entry=''
    while [[ $rest == *\\* ]]; do
      entry+=${rest%%\\*}
      rest=${rest#*\\}
      entry+=${rest:0:1}
      rest=${rest:1}
    done
    printf '%s\t%s\n' "$key" "$entry$rest"
    entry=''
  done <"$1"
}

# zoo_config_value KEY [FILE]: the value of the last line with this key; empty if there is none.
zoo_config_value() {
  local wanted=$1 key value found=''
  while IFS=$'\t' read -r key value; do
    [ "$key" = "$wanted" ] && found=$value
  done < <(zoo_config_entries "${2:-$ZOOCFG}")
  printf '%s' "$found"
}

# zoo_absolute PATH: a relative path starts at the home of the installation, as in the server.
zoo_absolute() {
  case $1 in
    '' | /*) printf '%s' "$1" ;;
    *) printf '%s/%s' "$ZOOHOME" "${1#./}" ;;
  esac
}

# --- places ------------------------------------------------------------------------------------------------------------

ZOOHOME=$(cd "$ZOOBINDIR/.." && pwd)

if [ "$1" = "--config" ]; then
  if [ -z "$2" ]; then
    echo "Error: --config needs a directory" >&2
    exit 1
  fi
  ZOOCFGDIR=$2
  shift 2
fi
ZOO_CFGDIR_IS_DEFAULT=''
if [ -z "$ZOOCFGDIR" ]; then
  if [ -e "$ZOOBINDIR/../conf" ]; then
    ZOOCFGDIR="$ZOOBINDIR/../conf"
    ZOO_CFGDIR_IS_DEFAULT=1
  else
    ZOOCFGDIR="$ZOOBINDIR/../etc/zookeeper"
  fi
fi

[ -f "$ZOOCFGDIR/zookeeper-env.sh" ] && . "$ZOOCFGDIR/zookeeper-env.sh"
[ -f "$ZOOCFGDIR/java.env" ] && . "$ZOOCFGDIR/java.env"

ZOOCFG=${ZOOCFG:-zoo.cfg}
case $ZOOCFG in */*) ;; *) ZOOCFG="$ZOOCFGDIR/$ZOOCFG" ;; esac

ZOO_LOG_DIR=${ZOO_LOG_DIR:-$ZOOBINDIR/../logs}
USER=${USER:-$(id -un 2>/dev/null)}
HOSTNAME=${HOSTNAME:-$(uname -n)}

# zoo_sample_config: an installation whose zoo.cfg nobody has written yet is that of the sample.
zoo_sample_config() {
  if [ ! -e "$ZOOCFG" ] && [ -n "$ZOO_CFGDIR_IS_DEFAULT" ] && [ "$ZOOCFG" = "$ZOOCFGDIR/zoo.cfg" ] \
    && [ -e "$ZOOCFGDIR/zoo_sample.cfg" ]; then
    echo "There is no $ZOOCFG yet; zoo_sample.cfg beside it is used" >&2
    ZOOCFG="$ZOOCFGDIR/zoo_sample.cfg"
  fi
}

# --- Java --------------------------------------------------------------------------------------------------------------

if [ -n "$JAVA_HOME" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  JAVA="$JAVA_HOME/bin/java"
elif JAVA=$(command -v java) && [ -n "$JAVA" ]; then
  :
else
  echo "Error: JAVA_HOME is not set and java could not be found in PATH." >&2
  exit 1
fi

# --- jars --------------------------------------------------------------------------------------------------------------

# zoo_find_lib: sets ZOOLIB to the directory of jars. In a source checkout the build makes one, and is called if it did not.
zoo_find_lib() {
  local built
  if [ -d "$ZOOHOME/lib" ]; then
    ZOOLIB=$ZOOHOME/lib
    return 0
  fi
  if [ -d "$ZOOHOME/share/zookeeper" ]; then
    ZOOLIB=$ZOOHOME/share/zookeeper
    return 0
  fi
  if [ -f "$ZOOHOME/pom.xml" ]; then
    built=("$ZOOHOME"/server/target/vivarium-*-bin/vivarium-*-bin/lib)
    if [ ! -d "${built[0]}" ]; then
      if ! command -v mvn >/dev/null; then
        echo "Error: a source checkout is built with Maven, and there is no mvn in PATH." >&2
        exit 1
      fi
      echo "Source checkout without a build: running mvn -q -DskipTests package for the server" >&2
      # Neither tests nor checks of style: whoever starts a server is not the one to mend a warning of the compiler.
      (cd "$ZOOHOME" && mvn -q -DskipTests -Dspotless.check.skip=true -P '!errorprone' -pl server -am package) >&2 </dev/null || {
        echo "Error: the build failed." >&2
        exit 1
      }
      built=("$ZOOHOME"/server/target/vivarium-*-bin/vivarium-*-bin/lib)
    fi
    ZOOLIB=${built[0]}
  fi
  if [ -z "$ZOOLIB" ] || [ ! -d "$ZOOLIB" ]; then
    echo "Error: no directory of jars beside $ZOOBINDIR." >&2
    exit 1
  fi
}

zoo_find_lib
# The configuration directory holds logback.xml; CLASSPATH of the user comes last.
CLASSPATH="$ZOOLIB/*:$ZOOCFGDIR${CLASSPATH:+:$CLASSPATH}"

# --- flags of the JVM --------------------------------------------------------------------------------------------------

# zoo_memory_mb: the memory this machine, or the container around this shell, has; empty if nothing tells.
zoo_memory_mb() {
  local file key value rest least=''
  if [ -r /proc/meminfo ]; then
    read -r key value rest </proc/meminfo
    [ "$key" = MemTotal: ] && least=$((value / 1024))
  fi
  for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    if [ -r "$file" ] && read -r value <"$file"; then
      case $value in
        '' | *[!0-9]*) ;;
        # Without a limit the older file holds a number of 19 digits.
        ????????????????*) ;;
        *) [ -n "$least" ] && [ "$least" -lt $((value / 1048576)) ] || least=$((value / 1048576)) ;;
      esac
    fi
  done
  printf '%s' "$least"
}

# zoo_server_heap_mb: 1000, or two thirds of the memory where that is less: the rest is for buffers, threads and code.
zoo_server_heap_mb() {
  local memory
  memory=$(zoo_memory_mb)
  if [ -n "$memory" ] && [ "$memory" -lt 1500 ]; then
    printf '%s' $((memory * 2 / 3))
  else
    printf '%s' 1000
  fi
}

# zoo_heap_mb FLAG...: the heap that flags of the JVM settle, the last one wins; empty if none does.
zoo_heap_mb() {
  local flag size heap=''
  for flag in "$@"; do
    size=${flag#-Xmx}
    [ "$size" != "$flag" ] || continue
    case ${size%[kKmMgG]} in
      '' | *[!0-9]*) continue ;;
    esac
    case $size in
      *[kK]) heap=$((${size%?} / 1024)) ;;
      *[mM]) heap=${size%?} ;;
      *[gG]) heap=$((${size%?} * 1024)) ;;
      *) heap=$((size / 1048576)) ;;
    esac
  done
  printf '%s' "$heap"
}

# zoo_young_mb HEAP: the greatest young generation in a heap of so many MB, or of the usual size if nothing tells. What a
# request leaves behind is dead at once, so more room saves next to nothing; but the collector takes what it may have, and
# each first touch of memory costs time.
zoo_young_mb() {
  local heap=${1:-1000}
  printf '%s' $((heap < 1024 ? heap / 4 : 256))
}

# zoo_java_home: where Java really is, whatever links lead there.
zoo_java_home() {
  local home
  home=$(readlink -f "$JAVA" 2>/dev/null)
  home=${home:-$JAVA}
  printf '%s' "${home%/bin/*}"
}

# zoo_java_release: the number of the Java release, such as 17; empty if the installation does not tell.
zoo_java_release() {
  local home line
  home=$(zoo_java_home)
  [ -r "$home/release" ] || return 0
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        line=${line#*\"}
        printf '%s' "${line%%[!0-9]*}"
        return 0
        ;;
    esac
  done <"$home/release"
}

SERVER_JVMFLAGS="-Xmx${ZK_SERVER_HEAP:-$(zoo_server_heap_mb)}m $SERVER_JVMFLAGS"
# Split on purpose.
# shellcheck disable=SC2086
SERVER_JVMFLAGS="-XX:MaxNewSize=$(zoo_young_mb "$(zoo_heap_mb $SERVER_JVMFLAGS ${JVMFLAGS:-})")m $SERVER_JVMFLAGS"
# A write waits as long as the collector does, and the usual goal of 200 ms is a hundred times what a write takes.
SERVER_JVMFLAGS="-XX:MaxGCPauseMillis=20 $SERVER_JVMFLAGS"
# Headers of eight bytes make the many small objects of a tree a tenth smaller; ready for use since Java 25.
ZOO_JAVA_RELEASE=$(zoo_java_release)
ZOO_HEADER_FLAGS=''
if [ "${ZOO_JAVA_RELEASE:-0}" -ge 25 ]; then
  ZOO_HEADER_FLAGS=-XX:+UseCompactObjectHeaders
  SERVER_JVMFLAGS="$ZOO_HEADER_FLAGS $SERVER_JVMFLAGS"
fi
CLIENT_JVMFLAGS="-Xmx${ZK_CLIENT_HEAP:-256}m $CLIENT_JVMFLAGS"

# zoo_log_flags KIND: sets ZOO_LOG_FILE and ZOO_LOG_FLAGS for a server, cli or cleanup process.
zoo_log_flags() {
  ZOO_LOG_FILE=${ZOO_LOG_FILE:-zookeeper-$USER-$1-$HOSTNAME.log}
  ZOO_LOG_FLAGS=("-Dzookeeper.log.dir=$ZOO_LOG_DIR" "-Dzookeeper.log.file=$ZOO_LOG_FILE" "-Dvivarium.home=$ZOOHOME")
}

# --- archive of classes ------------------------------------------------------------------------------------------------

# To find, parse and verify its classes takes the JVM most of the time of a start. It can do that once and write the result
# down, for one Java and one set of jars. Such an archive stands beside the jars; ZOO_CLASS_ARCHIVE=no does without.

# The JVM goes on without an archive that does not fit after all; it need not say so at each start.
ZOO_ARCHIVE_SILENCE=(-Xlog:cds=off -Xlog:cds+dynamic=off)

# zoo_find_class_archive: sets ZOO_ARCHIVE to the name that the archive has or would have, empty where there cannot be one,
# and ZOO_ARCHIVE_FLAGS to what has a server use it, if it is there.
zoo_find_class_archive() {
  local sum
  ZOO_ARCHIVE=''
  ZOO_ARCHIVE_FLAGS=()
  [ "${ZOO_CLASS_ARCHIVE:-yes}" != no ] && [ -r "$(zoo_java_home)/release" ] || return 0
  # Names, sizes and times of the jars; how many links each has does not matter.
  sum=$({ cat "$(zoo_java_home)/release" && ls -ln "$ZOOLIB"/*.jar | awk '{ $2 = ""; print }'; } | cksum)
  ZOO_ARCHIVE="$ZOOLIB/classes-${sum%% *}.jsa"
  if [ -f "$ZOO_ARCHIVE" ]; then
    ZOO_ARCHIVE_FLAGS=("${ZOO_ARCHIVE_SILENCE[@]}" "-XX:SharedArchiveFile=$ZOO_ARCHIVE")
  fi
}

# zoo_rehearsal WORK FLAGS...: a small server, at no known port and with its directory in WORK, starts, has a client that
# writes and reads, and ends.
zoo_rehearsal() {
  local work=$1 pid tries port
  shift
  nice -n 19 "$JAVA" "$@" -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlogback.configurationFile="$work/logback.xml" \
    -cp "$ZOOLIB/*" io.vivarium.server.QuorumPeerMain "$work/zoo.cfg" >"$work/out" 2>&1 </dev/null &
  pid=$!
  for ((tries = 0; tries < 300; tries++)); do
    kill -0 "$pid" 2>/dev/null && ! grep -q 'Serving from' "$work/out" || break
    sleep 0.1
  done
  port=$(sed -n 's/^.*bound to port //p' "$work/out")
  if [ -n "$port" ]; then
    nice -n 19 "$JAVA" -XX:TieredStopAtLevel=1 -cp "$ZOOLIB/*" io.vivarium.server.tool.FourLetterClient 127.0.0.1 "$port" srvr \
      >/dev/null 2>&1 </dev/null
    printf '%s\n' 'create /a b' 'create -s /a/b c' 'get -w /a' 'set /a d' 'getAcl /a' 'ls -s /a' 'deleteall /a' 'create /e f' quit \
      | timeout 60 nice -n 19 "$JAVA" -XX:TieredStopAtLevel=1 -Dlogback.configurationFile="$work/logback.xml" \
        -cp "$ZOOLIB/cli/*" org.apache.zookeeper.ZooKeeperMain -server "127.0.0.1:$port" >/dev/null 2>&1
  fi
  kill "$pid" 2>/dev/null
  wait "$pid"
}

# zoo_make_class_archive: unless it is there, has a server of its own rehearse its life, once to have something to load and
# once to write its classes down, and gives the archive its name once it is known to be whole. Does nothing where somebody is
# at it already, or nobody may write beside the jars.
zoo_make_class_archive() {
  local work=$ZOO_ARCHIVE.making
  if [ -z "$ZOO_ARCHIVE" ] || [ -f "$ZOO_ARCHIVE" ]; then
    return 0
  fi
  # What a maker left that was killed.
  find "$work" -maxdepth 0 -mmin +10 -exec rm -rf {} + 2>/dev/null
  mkdir "$work" 2>/dev/null || return 0
  printf 'dataDir=%s\nclientPort=0\nclientPortAddress=127.0.0.1\n' "$work/data" >"$work/zoo.cfg"
  # Its log is nobody's, so it is not that of the configuration, whose directory could not stand in the class path anyway; but
  # it takes the same classes.
  cat >"$work/logback.xml" <<'XML'
<configuration>
  <property name="threshold" value="${threshold:-INFO}"/>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder>
      <pattern>%d{"yyyy-MM-dd HH:mm:ss,SSS"} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n</pattern>
    </encoder>
    <filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>${threshold}</level></filter>
  </appender>
  <root level="info"><appender-ref ref="out"/></root>
</configuration>
XML
  zoo_rehearsal "$work"
  # One flag or none.
  # shellcheck disable=SC2086
  zoo_rehearsal "$work" -XX:ArchiveClassesAtExit="$work/classes" "${ZOO_ARCHIVE_SILENCE[@]}" $ZOO_HEADER_FLAGS
  # shellcheck disable=SC2086
  nice -n 19 "$JAVA" -Xshare:on -XX:+VerifySharedSpaces -XX:SharedArchiveFile="$work/classes" $ZOO_HEADER_FLAGS \
    -cp "$ZOOLIB/*" -version >/dev/null 2>&1 </dev/null \
    && rm -f "$ZOOLIB"/classes-*.jsa && mv -f "$work/classes" "$ZOO_ARCHIVE"
  rm -rf "$work"
}

# zoo_tool CLASS ARGS...: runs a client tool in place of this shell.
zoo_tool() {
  local class=$1
  shift
  # The flags are words on purpose.
  # shellcheck disable=SC2086
  exec "$JAVA" "${ZOO_LOG_FLAGS[@]}" -cp "$CLASSPATH" $CLIENT_JVMFLAGS $JVMFLAGS "$class" "$@"
}
