#!/bin/bash
# The published image's contract: options alone mean mongod's, root becomes mongodb, and on an empty data directory a
# temporary server on the loopback address runs the init scripts before the real one listens anywhere.
set -Eeuo pipefail

if [[ ${1:0:1} == - ]]; then set -- mongod "$@"; fi
program=$1

if [[ $program == mongo* && $(id -u) == 0 ]]; then
  if [[ $program == mongod ]]; then
    find /data/configdb /data/db \! -user mongodb -exec chown mongodb '{}' +
  fi
  # They may be pipes that only root may open again.
  chown --dereference mongodb "/proc/$$/fd/1" "/proc/$$/fd/2" || :
  exec gosu mongodb "${BASH_SOURCE[0]}" "$@"
fi

# NAME or the content of the file that NAME_FILE names.
file_env() {
  local name=$1 file=${1}_FILE
  if [[ -n ${!name:-} && -n ${!file:-} ]]; then
    echo >&2 "error: both $name and $file are set (but are exclusive)"
    exit 1
  fi
  if [[ -n ${!file:-} ]]; then export "$name"="$(<"${!file}")"; fi
  unset "$file"
}

new_directory() {
  local path
  for path in WiredTiger journal local.0 storage.bson; do
    if [[ -e $1/$path ]]; then return 1; fi
  done
}

has_option() {
  local wanted=$1 each
  shift
  for each; do
    if [[ $each == "$wanted" || $each == "$wanted"=* ]]; then return; fi
  done
  return 1
}

value_of() {
  local wanted=$1 value=$2
  shift 2
  while (($# > 0)); do
    case $1 in
      "$wanted") value=${2:-} ;;
      "$wanted"=*) value=${1#*=} ;;
    esac
    shift
  done
  echo "$value"
}

accepts_connections() { (exec 3<>/dev/tcp/127.0.0.1/27017) 2>/dev/null; }

start_temporary_server() {
  MONGOD_KEEP_STORAGE=yes "$@" --noauth --bind_ip 127.0.0.1 --port 27017 &
  temporary=$!
  until accepts_connections; do
    if ! kill -0 "$temporary" 2>/dev/null; then
      echo >&2
      echo >&2 "error: $program does not appear to have stayed running -- perhaps it had an error?"
      exit 1
    fi
    sleep 0.02
  done
}

create_root_user() {
  local user
  user=$(jq -cn --arg name "$MONGO_INITDB_ROOT_USERNAME" --arg password "$MONGO_INITDB_ROOT_PASSWORD" \
    '{ createUser: $name, pwd: $password, "$db": "admin",
       roles: [{ role: "clusterAdmin", db: "admin" }, { role: "readWriteAnyDatabase", db: "admin" }] }')
  # As FerretDB stores a root user, but without mongosh, which takes longer than everything else here.
  psql -qtA -h 127.0.0.1 -U postgres -v ON_ERROR_STOP=1 -v "user=$user" >/dev/null \
    <<<"SELECT documentdb_api.create_user(:'user'::documentdb_core.bson);"
}

run_init_scripts() {
  local mongosh=(mongosh --host 127.0.0.1 --port 27017 --quiet) file
  export MONGO_INITDB_DATABASE="${MONGO_INITDB_DATABASE:-test}"
  echo
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh)
        echo "$0: running $file"
        # shellcheck source=/dev/null
        . "$file"
        ;;
      *.js) echo "$0: running $file"; "${mongosh[@]}" "$MONGO_INITDB_DATABASE" "$file"; echo ;;
      *) echo "$0: ignoring $file" ;;
    esac
    echo
  done
}

if [[ $program == mongod ]]; then
  file_env MONGO_INITDB_ROOT_USERNAME
  file_env MONGO_INITDB_ROOT_PASSWORD
  user=${MONGO_INITDB_ROOT_USERNAME:-} password=${MONGO_INITDB_ROOT_PASSWORD:-}
  scripts=$(find /docker-entrypoint-initdb.d -maxdepth 1 \( -name '*.sh' -o -name '*.js' \) -print -quit)
  if [[ -n $user && -n $password ]]; then
    has_option --auth "$@" || set -- "$@" --auth
  elif [[ -n $user || -n $password ]]; then
    echo >&2 'error: missing MONGO_INITDB_ROOT_USERNAME or MONGO_INITDB_ROOT_PASSWORD: both must be given for a user to be created'
    exit 1
  fi
  if [[ -n $user || -n $scripts ]] && new_directory "$(value_of --dbpath /data/db "$@")"; then
    start_temporary_server "$@"
    if [[ -n $user ]]; then create_root_user; fi
    run_init_scripts
    kill "$temporary"
    wait "$temporary"
    echo
    echo 'MongoDB init process complete; ready for start up.'
    echo
  fi
  has_option --bind_ip "$@" || has_option --bind_ip_all "$@" || set -- "$@" --bind_ip_all
  unset "${!MONGO_INITDB_@}"
fi

exec "$@"
