import { access, constants } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The store for what a run keeps. */
export interface Artifacts {
  /**
   * Uploads files as one archive, in which they have their paths below `root`. They are kept for as long as the repository
   * keeps artifacts, or for `retentionDays` if that is less. `timeout` is in milliseconds, for all of it.
   *
   * What a client has begun cannot be stopped: after its time is up it still keeps the process alive, for many minutes where
   * a server does not answer. Whoever uploads therefore leaves with `process.exit()` once everything is done.
   *
   * @throws Error whose message says why nothing was uploaded.
   */
  upload(
    name: string,
    files: readonly string[],
    root: string,
    retentionDays?: number,
    timeout?: number,
  ): Promise<UploadedArtifact>;
}

export interface UploadedArtifact {
  /** Part of its address: `…/actions/runs/<run>/artifacts/<id>`. */
  readonly id: number;
  /** Of the archive, in bytes. */
  readonly size: number;
}

/** The store that belongs to GitHub's runner, through `@actions/artifact`. */
export const artifacts: Artifacts = { upload };

/** A cancelled job has five minutes for all that follows, taking the stack down included. Milliseconds. */
const patience = 120_000;

async function upload(
  name: string,
  files: readonly string[],
  root: string,
  retentionDays?: number,
  timeout = patience,
): Promise<UploadedArtifact> {
  const finished = new AbortController();
  const late = sleep(timeout, undefined, { signal: finished.signal }).then(() => {
    throw new Error(`it took longer than ${timeout / 1000} s`);
  });
  try {
    return await Promise.race([send(name, files, root, retentionDays), late]);
  } catch (error) {
    throw new Error(`Artifact '${name}' was not uploaded: ${explain(error)}.`, { cause: error });
  } finally {
    finished.abort();
    late.catch(() => undefined);
  }
}

async function send(
  name: string,
  files: readonly string[],
  root: string,
  retentionDays: number | undefined,
): Promise<UploadedArtifact> {
  // The client throws where nobody can catch it when it cannot read a file.
  for (const file of files) await access(file, constants.R_OK);
  // A tenth of a second and 40 MB, for those alone who upload something.
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const kept = retentionDays === undefined ? {} : { retentionDays };
  const { id, size } = await new DefaultArtifactClient().uploadArtifact(name, [...files], root, kept);
  if (id === undefined || size === undefined) throw new Error('the service did not say where it is');
  return { id, size };
}

/** Words of the client, and what they mean. */
const reasons: ReadonlyArray<readonly [RegExp, string]> = [
  [/\(409\)/, 'an artifact of that name already exists in this run (409). Give each job its own name'],
  [
    /storage quota has been hit/,
    "the account's storage for artifacts is full. Delete old ones, or wait until they expire",
  ],
  [/Unable to get the ACTIONS_\w+ env/, 'this runner offers no store for artifacts'],
  [/not currently supported on GHES/, 'GitHub Enterprise Server has no store that the client knows'],
];

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.split('\n');
  return reasons.find(([words]) => words.test(message))?.[1] ?? line.replace(/\.$/, '');
}
