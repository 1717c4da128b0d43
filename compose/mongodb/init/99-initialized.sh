# shellcheck shell=bash
# The image sources this file last of all: the health check asks for what it leaves behind, so that a database
# whose init stopped half-way never counts as healthy.
touch /data/db/.paklog-initialized
