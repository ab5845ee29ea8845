# Runs Maven on a JDK that fits. Sourced by ./check, ./format and ./sesemi, with `root` set.

. "$root/config/find-jdk.sh"

no_jdk_message="no JDK $sesemi_jdk_release or newer was found"
no_jdk_hint="install a JDK $sesemi_jdk_release, or set SESEMI_JDK to the home of one"

# Makes JAVA_HOME a JDK that fits, or ends the script with status 5 (not ready).
use_jdk() {
  if ! JAVA_HOME=$(find_jdk); then
    printf '%s\n  hint: %s\n' "$no_jdk_message" "$no_jdk_hint" >&2
    exit 5
  fi
  export JAVA_HOME
  # Maven's own libraries use what newer JDKs warn about.
  export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xshare:auto -XX:+UseSerialGC ${MAVEN_OPTS:-}"
}

# One build at a time in this tree.
lock_build() {
  mkdir -p "$root/target"
  if command -v flock >/dev/null; then
    exec 9>"$root/target/build.lock"
    flock -n 9 || { printf 'waiting for another build of this tree\n' >&2 && flock 9; }
  fi
}

# The stamp holds the time at which the build began that target/dist comes from.
dist_stamp=$root/target/dist.stamp
dist_build_begins() {
  touch "$dist_stamp.new"
}
dist_build_succeeded() {
  mv "$dist_stamp.new" "$dist_stamp"
}

# True when something that target/dist is made of changed since. Tests are not part of it; a folder
# counts as well, for files that were removed.
dist_is_stale() {
  local source sources=()
  [ -f "$dist_stamp" ] && [ -x "$root/target/dist/jdk/bin/java" ] || return 0
  for source in .mvn client cloud config core deploy enclave examples hardware market pom.xml predictor; do
    [ ! -e "$root/$source" ] || sources+=("$root/$source")
  done
  [ -n "$(find "${sources[@]}" \( -name target -o -path '*/src/test' \) -prune -o \
    \( -type f -o -path '*/src/*' \) -newer "$dist_stamp" -print -quit)" ]
}

exec_maven() {
  exec mvn -B -ntp "$@"
}

run_maven() {
  mvn -B -ntp "$@"
}

# wire cli -> :sesemi-wire,:sesemi-cli
module_list() {
  local list="" module
  for module in "$@"; do
    module=${module%/}
    module=${module##*/}
    list="$list,:sesemi-${module#sesemi-}"
  done
  printf '%s' "${list#,}"
}

# Keeps what a reader of a build wants: tests, warnings, errors and the time of each module.
# Line by line through sed -u, so that progress shows as it happens.
concise_output() {
  sed -u '' </dev/null 2>/dev/null || { cat && return; }
  sed -u -E \
    -e 's/\x1b\[[0-9;]*m//g' \
    -e '/^(\[INFO\]|\[ERROR\])? *$/d' \
    -e '/^\[INFO\] .* \[(pom|jar)\]$/d' \
    -e '/^\[INFO\] (-|Scan|Reactor Build|Using |Building |Execut|skip|Skip|No |Nothing |Recompiling |Compiling |JDK-8318913|Rule |Reading |Loading |Classes dir|Spotless|Index file|Copying |Tests are|Results:|Total time|Finished at|   \[|  *T E S T S|Unpack)/d' \
    -e '/^\[ERROR\] (To see the full|Re-run Maven|For more info|After correcting|  mvn <args>|\[Help [0-9]|-> \[Help)/d'
}
