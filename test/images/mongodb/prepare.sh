#!/bin/bash
# Runs while the image is built: a database cluster with DocumentDB installed, and mongosh's compiled code, so that a
# container's start does neither.
set -euo pipefail
binaries=/usr/lib/postgresql/18/bin
cluster=/usr/share/mongod/cluster
as_mongodb=(env HOME=/tmp gosu mongodb)

install -d -o mongodb -g mongodb -m 0700 "$cluster"
"${as_mongodb[@]}" "$binaries/initdb" -D "$cluster" -U postgres -A trust -E UTF8 --locale=C --wal-segsize=1 --no-sync --no-instructions
install -o mongodb -g mongodb -m 0600 /usr/share/mongod/postgresql.conf "$cluster/postgresql.conf"
"${as_mongodb[@]}" "$binaries/pg_ctl" -D "$cluster" -w start
"${as_mongodb[@]}" psql -h 127.0.0.1 -U postgres -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION documentdb CASCADE' -c 'VACUUM ANALYZE'
"${as_mongodb[@]}" "$binaries/pg_ctl" -D "$cluster" -w -m fast stop

# Node keeps one cache per user.
install -d -m 0777 /usr/lib/mongosh/compiled
mongosh --nodb --norc --quiet --eval 'quit(0)'
"${as_mongodb[@]}" mongosh --nodb --norc --quiet --eval 'quit(0)'
chmod 0755 /usr/lib/mongosh/compiled
rm -rf ~/.mongodb /data/db/.mongodb /tmp/.mongodb
