import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exec } from '@actions/exec';

/** The local registry: dockerd's mirror for docker.io, see scripts/engine.sh. */
export const registry = '127.0.0.1:5000';

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** Starts the registry where it does not run; its blobs are in the cache, so it knows what earlier runs have built. */
export async function startRegistry(cache: string): Promise<void> {
  if (await answers()) return;
  const folder = join(cache, 'registry');
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, 'config.yml');
  writeFileSync(
    configuration,
    JSON.stringify({
      version: 0.1,
      log: { level: 'warn' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: registry },
    }),
  );
  if ((await exec('which', ['docker-registry'], { silent: true, ignoreReturnCode: true })) !== 0) {
    await exec(join(import.meta.dirname, '../../scripts/apt-install.sh'), ['docker-registry'], {
      silent: true,
    });
  }
  const log = openSync(join(folder, 'registry.log'), 'a');
  const server = spawn('docker-registry', ['serve', configuration], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  server.unref();
  writeFileSync(join(folder, 'registry.pid'), String(server.pid));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await answers()) return;
    await sleep(100);
  }
  throw new Error(`The local registry did not start; its log is ${join(folder, 'registry.log')}.`);
}

/** Stops the registry that an earlier run started: published images must not come from it. */
export async function stopRegistry(cache: string): Promise<void> {
  const file = join(cache, 'registry', 'registry.pid');
  if (!existsSync(file)) return;
  try {
    process.kill(Number(readFileSync(file, 'utf8')));
  } catch {
    // It has ended by itself.
  }
  rmSync(file);
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch(`http://${registry}/v2/`)).ok;
  } catch {
    return false;
  }
}

/** docker.io's own images live below `library/`. */
export function repositoryPath(repository: string): string {
  return repository.includes('/') ? repository : `library/${repository}`;
}

/** The manifest that a tag names, or undefined. */
export async function manifest(
  repository: string,
  tag: string,
): Promise<{ type: string; body: string } | undefined> {
  const answer = await fetch(`http://${registry}/v2/${repositoryPath(repository)}/manifests/${tag}`, {
    headers: { accept: manifestTypes },
  });
  if (!answer.ok) return undefined;
  return { type: answer.headers.get('content-type') ?? '', body: await answer.text() };
}

/** Makes a tag name the manifest. */
export async function putTag(
  repository: string,
  tag: string,
  named: { type: string; body: string },
): Promise<void> {
  const url = `http://${registry}/v2/${repositoryPath(repository)}/manifests/${tag}`;
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': named.type },
    body: named.body,
  });
  if (!answer.ok) throw new Error(`The local registry refused ${repository}:${tag}: HTTP ${answer.status}`);
}
