import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import type { BlobStore, StoredBlob } from './blob-store.ts';
import { type Fields, type Methods, ServiceError } from './twirp.ts';

/** An artifact whose upload was finished. */
export interface StoredArtifact {
  readonly id: number;
  readonly name: string;
  /** As it was uploaded: the archive. */
  readonly bytes: Buffer;
  /** What the archive holds, by its paths. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly contentType: string;
  /** Nothing when the client left it to the repository. */
  readonly retentionDays: number | undefined;
}

/** One run and one of its jobs, as the service knows them. */
export interface RunIds {
  readonly run: string;
  readonly job: string;
}

export interface ArtifactService {
  readonly methods: Methods;
  list(): StoredArtifact[];
}

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly address: string;
  readonly created: Date;
  readonly expires: Date | undefined;
  finished: StoredBlob | undefined;
}

/** The artifacts of one run (`github.actions.results.api.v1.ArtifactService`). A name is taken from its creation on. */
export function artifactService(blobs: BlobStore, ids: RunIds, origin: () => string): ArtifactService {
  const entries = new Map<string, Entry>();
  let last = 0;
  const find = (fields: Fields, finished: boolean): Entry => {
    const entry = entries.get(fields.text('name'));
    if (entry === undefined || (finished && entry.finished === undefined))
      throw new ServiceError(404, 'not_found', 'artifact not found');
    return entry;
  };
  const finished = (): Entry[] => [...entries.values()].filter((entry) => entry.finished !== undefined);
  const methods: Methods = {
    CreateArtifact: (fields) => {
      const name = fields.text('name');
      if (name === '') throw new ServiceError(400, 'invalid_argument', 'name is required');
      if (entries.has(name)) throw new ServiceError(409, 'already_exists', nameTaken);
      const expiry = fields.text('expires_at');
      const expires = expiry === '' ? undefined : new Date(expiry);
      const address = blobs.allocate(origin());
      last += 1;
      entries.set(name, { id: last, name, address, created: new Date(), expires, finished: undefined });
      return { ok: true, signed_upload_url: address };
    },
    FinalizeArtifact: (fields) => {
      const entry = find(fields, false);
      entry.finished = verify(blobs.read(entry.address), fields);
      return { ok: true, artifact_id: String(entry.id) };
    },
    ListArtifacts: (fields) => {
      const [name, id] = [fields.text('name_filter'), fields.text('id_filter')];
      const wanted = finished().filter(
        (entry) => (name === '' || entry.name === name) && (id === '' || String(entry.id) === id),
      );
      return { artifacts: wanted.map((entry) => describe(entry, ids)) };
    },
    GetSignedArtifactURL: (fields) => ({ signed_url: find(fields, true).address }),
    DeleteArtifact: (fields) => {
      const entry = find(fields, true);
      entries.delete(entry.name);
      return { ok: true, artifact_id: String(entry.id) };
    },
  };
  const guarded = Object.entries(methods).map(([name, method]) => [name, ofThisRun(method, ids)] as const);
  return { methods: Object.fromEntries(guarded), list: () => finished().map(store) };
}

/** The service's own words: clients and people look for them. */
const nameTaken = 'an artifact with this name already exists on the workflow run';

function ofThisRun(method: Methods[string], ids: RunIds): Methods[string] {
  return (fields) => {
    if (fields.text('workflow_run_backend_id') !== ids.run)
      throw new ServiceError(403, 'permission_denied', 'the token is for another run');
    return method(fields);
  };
}

/** What the client says it has uploaded is what has arrived. */
function verify(blob: StoredBlob | undefined, fields: Fields): StoredBlob {
  if (blob === undefined) throw new ServiceError(400, 'failed_precondition', 'nothing was uploaded');
  const size = fields.text('size');
  if (size !== String(blob.size))
    throw new ServiceError(400, 'invalid_argument', `size ${size} is not ${blob.size}`);
  const hash = fields.text('hash');
  if (hash !== '' && hash !== digest(blob.bytes))
    throw new ServiceError(400, 'invalid_argument', 'hash of other bytes');
  return blob;
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function describe(entry: Entry, ids: RunIds): Record<string, unknown> {
  const bytes = entry.finished?.bytes ?? Buffer.alloc(0);
  return {
    workflow_run_backend_id: ids.run,
    workflow_job_run_backend_id: ids.job,
    database_id: String(entry.id),
    name: entry.name,
    size: String(bytes.length),
    created_at: entry.created.toISOString(),
    digest: digest(bytes),
  };
}

const dayMs = 86_400_000;

function store({ id, name, created, expires, finished }: Entry): StoredArtifact {
  const { bytes, contentType } = finished ?? { bytes: Buffer.alloc(0), contentType: '' };
  const retentionDays = expires && Math.round((expires.getTime() - created.getTime()) / dayMs);
  const unzip = (): [string, Buffer][] =>
    Object.entries(unzipSync(bytes)).map(([path, content]) => [path, Buffer.from(content)]);
  const files = new Map(contentType === 'application/zip' ? unzip() : [[name, bytes]]);
  return { id, name, bytes, files, contentType, retentionDays };
}
