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
  sed -u -E \
    -e 's/\x1b\[[0-9;]*m//g' \
    -e '/^(\[INFO\]|\[ERROR\])? *$/d' \
    -e '/^\[INFO\] .* \[(pom|jar)\]$/d' \
    -e '/^\[INFO\] (-|Scan|Reactor Build|Using |Building |Execut|skip|Skip|No |Nothing |Recompiling |Compiling |JDK-8318913|Rule |Reading |Loading |Classes dir|Spotless|Index file|Copying |Tests are|Results:|Total time|Finished at|   \[|  *T E S T S|Unpack)/d' \
    -e '/^\[ERROR\] (To see the full|Re-run Maven|For more info|After correcting|  mvn <args>|\[Help [0-9]|-> \[Help)/d'
}
