/**
 * Images through the cache as actions for it have it (ScribeMD/docker-cache and its like): one archive of all images by
 * `docker save`, one cache entry with it, `docker load` of that, and only then the command that needs them.
 * `node test/bench/save-load.ts save ARCHIVE` or `… load ARCHIVE COMMAND...`
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { restoreCache, saveCache } from '@actions/cache';

const [what, archive = '', ...command] = process.argv.slice(2);
const key = 'docker-images';
mkdirSync(dirname(archive), { recursive: true });
if (what === 'save') {
  const listed = spawnSync('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'], {
    encoding: 'utf8',
  });
  run('docker', 'save', '--output', archive, ...listed.stdout.split('\n').filter((name) => name !== ''));
  await saveCache([archive], key);
} else {
  const hit = await restoreCache([archive], key);
  if (hit === undefined) throw new Error('The cache has no archive.');
  run('docker', 'load', '--input', archive);
}
const [program, ...args] = command;
if (program !== undefined) run(program, ...args);
rmSync(archive, { force: true });

function run(name: string, ...rest: readonly string[]): void {
  const { status, error } = spawnSync(name, rest, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
