import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { trackingName } from './process-table.ts';

/** A job's own folders; all of them go with the job. */
export interface Folders {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly tmp: string;
  readonly commands: string;
}

export const rootPrefix = `infra-runner-${process.pid}-`;
/** The runner's own is `github_` and an id; with this process's id it cannot be taken for another's. */
export const trackingPrefix = `github_test_${process.pid}_`;

export async function createFolders(
  repository: string,
  files: Readonly<Record<string, string>>,
): Promise<Folders> {
  const root = await mkdtemp(join(tmpdir(), rootPrefix));
  const name = repository.split('/')[1] ?? repository;
  const folders = {
    root,
    workspace: join(root, 'work', name, name),
    temp: join(root, 'work', '_temp'),
    tmp: join(root, 'tmp'),
    commands: join(root, 'work', '_temp', '_runner_file_commands'),
  };
  for (const folder of [folders.workspace, folders.tmp, folders.commands, join(root, 'tool')]) {
    await mkdir(folder, { recursive: true });
  }
  for (const [path, text] of Object.entries(files)) {
    const file = join(folders.workspace, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folders;
}

/** The `github` context of a push. Run ids differ, so that jobs that share an engine do not share names. */
export function githubContext(
  folders: Folders,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const repository = given['repository'] ?? 'octo/shop';
  const sha = 'ffac537e6cbbf934b08745a378932722df287a53';
  const place = { repository, repository_id: '1296269', repository_owner: repository.split('/')[0] ?? '' };
  const branch = { ref: 'refs/heads/main', ref_name: 'main', ref_type: 'branch', ref_protected: 'false' };
  const people = {
    actor: 'octocat',
    actor_id: '583231',
    triggering_actor: 'octocat',
    repository_owner_id: '583231',
  };
  const servers = {
    server_url: 'https://github.com',
    api_url: 'https://api.github.com',
    graphql_url: 'https://api.github.com/graphql',
  };
  const workflow = { workflow: 'CI', workflow_ref: `${repository}/.github/workflows/ci.yml@${branch.ref}` };
  const run = { run_id: String(randomInt(1e9, 1e10)), run_number: '1', run_attempt: '1', job: 'test' };
  const event = { event_name: 'push', event_path: join(folders.temp, '_github_workflow', 'event.json') };
  return {
    ...{ ...place, ...branch, ...people, ...servers, ...workflow, ...run, ...event },
    ...{
      sha,
      workflow_sha: sha,
      base_ref: '',
      head_ref: '',
      retention_days: '90',
      workspace: folders.workspace,
    },
    token: '',
    ...given,
  };
}

const withheld = new Set(['token']);

/** The `runner` context. */
export function runnerContext(folders: Folders, debug: boolean): Record<string, string> {
  return {
    os: 'Linux',
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    name: 'test-runner',
    environment: 'self-hosted',
    tool_cache: join(folders.root, 'tool'),
    temp: folders.temp,
    workspace: dirname(folders.workspace),
    ...(debug ? { debug: '1' } : {}),
  };
}

/** What the runner sets last, over anything a step has exported. */
export function contextEnvironment(
  github: Readonly<Record<string, string>>,
  runner: Readonly<Record<string, string>>,
): Record<string, string> {
  const exposed = Object.entries(github).filter(([name]) => !withheld.has(name));
  return {
    ...Object.fromEntries(exposed.map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, value])),
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries(
      Object.entries(runner).map(([name, value]) => [`RUNNER_${name.toUpperCase()}`, value]),
    ),
  };
}

/** What every process of the job inherits: enough to find programs and the engine, nothing else of ours. */
export function hostEnvironment(folders: Folders): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      ['PATH', 'HOME', 'USER', 'LANG', 'XDG_RUNTIME_DIR'].includes(name) || name.startsWith('DOCKER_'),
  );
  const host = Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
  return { ...host, TMPDIR: folders.tmp, CI: 'true', [trackingName]: `${trackingPrefix}${randomUUID()}` };
}
