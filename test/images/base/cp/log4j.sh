#!/bin/bash
# log4j.sh ROOT_LEVEL TOOLS_LEVEL LOGGERS: the logging configuration of the server and of its tools, in /etc/kafka.
# LOGGERS is name=LEVEL,...; of two entries for the same name the last one counts.
set -euo pipefail
appender() { # configuration's name of the stream, its target, root level
  printf '%s\n' "log4j.rootLogger=$3, $1" "log4j.appender.$1=org.apache.log4j.ConsoleAppender" \
    "log4j.appender.$1.Target=System.${2}" "log4j.appender.$1.layout=org.apache.log4j.PatternLayout" \
    "log4j.appender.$1.layout.ConversionPattern=[%d] %p %m (%c)%n"
}

{
  appender stdout out "$1"
  [ -z "$3" ] || tr , '\n' <<<"$3" | sed -E 's/^ */log4j.logger./'
} >/etc/kafka/log4j.properties
appender stderr err "$2" >/etc/kafka/tools-log4j.properties
