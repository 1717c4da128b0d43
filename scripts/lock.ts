// Writes compose/images.lock.yaml: the digests that the Compose file's tags name at docker.io now. `node scripts/lock.ts`
// asks docker.io itself and nobody else; `node scripts/lock.ts --check` asks nobody and fails where the lock is wrong or stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { decodeLock, lockChanges, renderLock, staleEntries } from '../src/core/images/lock.ts';
import { decodeModel } from '../src/core/model.ts';
import { upstream } from '../src/images/upstream.ts';
import { blobFiles } from '../src/io/blob-files.ts';
import { runCommand } from '../src/io/command.ts';
import { dockerLogins } from '../src/io/docker-logins.ts';
import { http } from '../src/io/http.ts';
import { lockImages } from './locked-images.ts';

const [composeFile, lockFile] = ['compose/compose.yaml', 'compose/images.lock.yaml'];
/** Milliseconds for all images together. */
const patience = 300_000;

const model = decodeModel(parse(readFileSync(composeFile, 'utf8'), { merge: true }));
const named = [...model.services.values()].flatMap(({ image }) => (image === '' ? [] : [image]));
const images = [...new Set(named)];
const text = existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : renderLock(new Map());
const { lock, problems } = decodeLock(text);

function check(): void {
  const found = [...problems, ...staleEntries(lock, images)];
  for (const { where, what } of found) console.error(`${lockFile}: ${where}: ${what}`);
  if (found.length === 0) return;
  console.error(
    `Run \`make lock\` where docker.io can be reached, or take these entries out of ${lockFile}.`,
  );
  process.exitCode = 1;
}

async function renew(): Promise<void> {
  const registries = upstream([], { http: http(), dockerLogins: dockerLogins(runCommand), blobFiles });
  try {
    const fresh = await lockImages(images, registries, AbortSignal.timeout(patience));
    const changes = lockChanges(lock, fresh);
    writeFileSync(lockFile, renderLock(fresh));
    console.log(changes.length === 0 ? 'The lock is what docker.io has.' : changes.join('\n'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error(`${lockFile} is as it was: it is written only when every image can be asked for.`);
    process.exitCode = 1;
  }
}

if (process.argv.includes('--check')) check();
else await renew();
