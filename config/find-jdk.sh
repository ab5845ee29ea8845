# Finds a JDK of release 25 or newer. Sourced by ./check, ./format and ./sesemi.
#
#   find_jdk            prints the home of the first fitting JDK; returns 1 when there is none
#
# Order: SESEMI_JDK, JAVA_HOME, the java on the PATH, then the usual installation folders.
# When SESEMI_JDK is set, nothing else is tried.

sesemi_jdk_release=25

# Prints the feature release of the JDK in the given home, from its release file: no JVM is started.
jdk_feature_release() {
  local line version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        version=${line#JAVA_VERSION=}
        version=${version//\"/}
        version=${version%%[!0-9]*}
        [ -n "$version" ] && printf '%s\n' "$version" && return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

jdk_fits() {
  local release
  release=$(jdk_feature_release "$1") && [ "$release" -ge "$sesemi_jdk_release" ]
}

# The home of a java command, through its symbolic links.
jdk_home_of() {
  local file=$1 link
  while [ -L "$file" ]; do
    link=$(readlink "$file")
    case $link in
      /*) file=$link ;;
      *) file=$(dirname "$file")/$link ;;
    esac
  done
  (cd "$(dirname "$file")/.." 2>/dev/null && pwd -P)
}

find_jdk() {
  local home java
  if [ -n "${SESEMI_JDK:-}" ]; then
    jdk_fits "$SESEMI_JDK" && printf '%s\n' "$SESEMI_JDK"
    return
  fi
  if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
    printf '%s\n' "$JAVA_HOME"
    return
  fi
  if java=$(command -v java) && home=$(jdk_home_of "$java") && jdk_fits "$home"; then
    printf '%s\n' "$home"
    return
  fi
  if [ -x /usr/libexec/java_home ]; then
    home=$(/usr/libexec/java_home -v "$sesemi_jdk_release+" 2>/dev/null) && jdk_fits "$home" &&
      printf '%s\n' "$home" && return
  fi
  for home in /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /opt/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if jdk_fits "$home"; then
      printf '%s\n' "$home"
      return
    fi
  done
  return 1
}
