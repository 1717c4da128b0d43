import { createHash } from 'node:crypto';
import type { BlobStore } from './blob-store.ts';
import { type CacheScope, defaultBranch } from './run-token.ts';
import { type Fields, type Methods, ServiceError } from './twirp.ts';

/** An entry whose upload was finished. */
export interface StoredCache {
  readonly id: number;
  readonly key: string;
  readonly version: string;
  /** Whose it is: of the run that saved it. */
  readonly ref: string;
  readonly size: number;
  /** As it was uploaded: the archive. */
  readonly bytes: Buffer;
}

/** An entry that is there before the first job. */
export interface GivenCache {
  readonly key: string;
  /** See `cacheVersion`. */
  readonly version: string;
  /** The default branch unless given. */
  readonly ref?: string;
  /** Without them it is a reservation that is never finished: nobody can read it, and nobody else can have the key. */
  readonly bytes?: Buffer;
}

export interface CacheService {
  /** What the bearer of a token with these scopes can do. */
  methods(scopes: readonly CacheScope[]): Methods;
  /** The oldest first. */
  list(): StoredCache[];
  /** Keeps an entry that nobody uploads. */
  keep(given: GivenCache): void;
  /** Puts other bytes under a key, whatever the version and ref. Throws when there is none. */
  replace(key: string, bytes: Buffer): void;
  /** The key of the entry whose blob is at a path. */
  keyAt(path: string): string | undefined;
}

interface Entry {
  readonly id: number;
  readonly key: string;
  readonly version: string;
  readonly ref: string;
  readonly address: string;
  finished: boolean;
}

/**
 * The caches of one repository (`github.actions.results.api.v1.CacheService`). An entry never changes, and its key is taken
 * from its reservation on, for its version and ref.
 */
export function cacheService(blobs: BlobStore, origin: () => string): CacheService {
  const entries: Entry[] = [];
  const reserve = (key: string, version: string, ref: string): Entry => {
    if (entries.some(named(key, version, ref))) throw new ServiceError(409, 'already_exists', taken);
    const id = entries.length + 1;
    const entry = { id, key, version, ref, address: blobs.allocate(origin()), finished: false };
    entries.push(entry);
    return entry;
  };
  return {
    methods: (scopes) => ({
      CreateCacheEntry: (fields) => {
        const ref = writable(scopes);
        if (ref === undefined) return { ok: false, message: writeDenied };
        const entry = reserve(required(fields, 'key'), required(fields, 'version'), ref);
        return { ok: true, signed_upload_url: entry.address };
      },
      FinalizeCacheEntryUpload: (fields) => {
        const wanted = named(fields.text('key'), fields.text('version'), writable(scopes));
        const entry = finish(entries.find(wanted), fields.text('size_bytes'), blobs);
        return { ok: true, entry_id: String(entry.id) };
      },
      GetCacheEntryDownloadURL: (fields) => {
        const entry = find(entries, readable(scopes), fields);
        if (entry === undefined) return { ok: false };
        return { ok: true, signed_download_url: entry.address, matched_key: entry.key };
      },
    }),
    list: () => entries.flatMap((entry) => store(entry, blobs)),
    keep: ({ key, version, ref = defaultBranch, bytes }) => {
      const entry = reserve(key, version, ref);
      if (bytes === undefined) return;
      blobs.write(entry.address, bytes);
      entry.finished = true;
    },
    replace: (key, bytes) => {
      const meant = entries.filter((entry) => entry.key === key);
      if (meant.length === 0) throw new Error(`no cache entry has the key ${key}`);
      for (const { address } of meant) blobs.write(address, bytes);
    },
    keyAt: (path) => entries.find(({ address }) => new URL(address).pathname === path)?.key,
  };
}

/**
 * The version of an entry as `@actions/cache` 6 makes it of the paths that are saved, on Linux with zstd installed
 * (its `getCacheVersion`).
 */
export function cacheVersion(paths: readonly string[]): string {
  return createHash('sha256')
    .update([...paths, 'zstd-without-long', '1.0'].join('|'))
    .digest('hex');
}

/** The service's own words: clients and people look for them. A denied write is no error of its protocol, a denied read is. */
const taken = 'cache entry with the same key, version, and scope already exists';
const writeDenied = 'cache write denied: token has no writable scopes';
const readDenied = 'cache read denied: token has no readable scopes';

function writable(scopes: readonly CacheScope[]): string | undefined {
  return scopes.find(({ Permission }) => Permission & 2)?.Scope;
}

function readable(scopes: readonly CacheScope[]): string[] {
  const refs = scopes.filter(({ Permission }) => Permission & 1).map(({ Scope }) => Scope);
  if (refs.length === 0) throw new ServiceError(403, 'permission_denied', readDenied);
  return refs;
}

function named(key: string, version: string, ref: string | undefined): (entry: Entry) => boolean {
  return (entry) => entry.key === key && entry.version === version && entry.ref === ref;
}

function required(fields: Fields, name: string): string {
  const value = fields.text(name);
  if (value === '') throw new ServiceError(400, 'invalid_argument', `${name} is required`);
  return value;
}

function finish(entry: Entry | undefined, size: string, blobs: BlobStore): Entry {
  if (entry === undefined || entry.finished)
    throw new ServiceError(404, 'not_found', 'no reservation of this key and version');
  const arrived = blobs.read(entry.address)?.size;
  if (size !== String(arrived))
    throw new ServiceError(400, 'invalid_argument', `size ${size} is not ${arrived ?? 'uploaded'}`);
  entry.finished = true;
  return entry;
}

/**
 * Ref by ref, and in each of them key by key: the entry of exactly that name, else the newest whose name begins so. A later
 * ref comes only after all keys of the one before it ("Cache key matching" in GitHub's documentation).
 */
function find(entries: readonly Entry[], refs: readonly string[], fields: Fields): Entry | undefined {
  const version = fields.text('version');
  const there = entries.filter((entry) => entry.finished && entry.version === version).reverse();
  const keys = [required(fields, 'key'), ...fields.list('restore_keys')];
  for (const ref of refs) {
    const own = there.filter((entry) => entry.ref === ref);
    for (const key of keys) {
      const hit = own.find((entry) => entry.key === key) ?? own.find((entry) => entry.key.startsWith(key));
      if (hit !== undefined) return hit;
    }
  }
  return undefined;
}

function store({ id, key, version, ref, address, finished }: Entry, blobs: BlobStore): StoredCache[] {
  const blob = finished ? blobs.read(address) : undefined;
  if (blob === undefined) return [];
  return [
    {
      ...{ id, key, version, ref, size: blob.size },
      get bytes() {
        return blob.bytes;
      },
    },
  ];
}
