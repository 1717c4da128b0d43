#!/bin/bash
# The published launcher's contract: JAVA_OPTS, then the command. Pinot reaches into the JDK, which 17 has to be told to allow.
opens=()
for package in java.nio sun.nio.ch java.lang java.util java.lang.reflect jdk.internal.misc jdk.internal.ref; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
# shellcheck disable=SC2086
exec java $JAVA_OPTS "${opens[@]}" -Dlog4j2.configurationFile="${LOG4J2_CONFIG:-/opt/pinot/conf/log4j2.xml}" \
  -Dplugins.dir=/opt/pinot/plugins -cp '/opt/pinot/lib/*' org.apache.pinot.tools.admin.PinotAdministrator "$@"
