import { join } from 'node:path';
import type { Command } from './core/command.ts';
import { type ArchiveFiles, archiveFiles } from './io/archive-files.ts';
import { type BlobFiles, blobFiles } from './io/blob-files.ts';
import { type Cache, cacheIn } from './io/cache.ts';
import { runCommand } from './io/command.ts';
import { type Compose, composeCli } from './io/compose.ts';
import { type Docker, dockerCli, type EngineReader, engineReader } from './io/docker.ts';
import { type DockerLogins, dockerLogins } from './io/docker-logins.ts';
import { type EvidenceFiles, evidenceFiles } from './io/evidence-files.ts';
import { type GitHub, githubApi } from './io/github.ts';
import { type Globs, globs } from './io/globs.ts';
import { type Host, hostReader } from './io/host.ts';
import { type Http, http } from './io/http.ts';
import { type Machine, machine } from './io/machine.ts';
import { listeners, portOwner } from './io/port-owner.ts';
import { type PreviewDocker, previewDocker } from './io/preview-docker.ts';
import { type Probes, probes } from './io/probes.ts';
import { type OpenRegistry, openRegistry } from './io/registry.ts';
import { githubRunner, localRunner, type Runner } from './io/runner.ts';
import { type SourceFiles, sourceFiles } from './io/source-files.ts';
import { type Swarm, swarmCli } from './io/swarm.ts';
import { type Terminal, terminal } from './io/terminal.ts';

/** Everything outside this process that the sequences touch. */
export interface World {
  readonly runner: Runner;
  readonly terminal: Terminal;
  readonly docker: Docker;
  readonly engine: EngineReader;
  readonly compose: Compose;
  readonly probes: Probes;
  readonly machine: Machine;
  readonly host: Host;
  readonly files: EvidenceFiles;
  readonly globs: Globs;
  readonly cache: Cache;
  readonly blobFiles: BlobFiles;
  readonly openRegistry: OpenRegistry;
  readonly http: Http;
  readonly dockerLogins: DockerLogins;
  readonly archives: ArchiveFiles;
  readonly previews: PreviewDocker;
  readonly swarm: Swarm;
  readonly sources: SourceFiles;
  readonly github: GitHub;
  /** The folder of the stack's own Compose file. */
  readonly stack: string;
}

/** `engine` says to Docker's client where the engine is, by its variables; without it that is where this process's own say. */
export function realWorld(stack: string, engine: Readonly<Record<string, string>> = {}): World {
  const screen = terminal();
  const runner = screen.interactive ? localRunner() : githubRunner();
  const apiUrl = runner.variable('GITHUB_API_URL');
  const command: Command = (argv, options) =>
    runCommand(argv, { ...options, env: { ...engine, ...options.env } });
  return {
    runner,
    terminal: screen,
    docker: dockerCli(command),
    engine: engineReader(command),
    compose: composeCli(command),
    probes,
    machine: { ...machine, portOwner },
    host: { ...hostReader(command), listeners: () => listeners() },
    files: evidenceFiles,
    globs,
    cache: cacheIn(join(stack, '../dist/cache/index.js')),
    blobFiles,
    openRegistry,
    http: http(),
    dockerLogins: dockerLogins(command),
    archives: archiveFiles,
    previews: previewDocker(command),
    swarm: swarmCli(command),
    sources: sourceFiles,
    github: githubApi({
      repository: runner.variable('GITHUB_REPOSITORY'),
      token: runner.input('token'),
      ...(apiUrl === '' ? {} : { apiUrl }),
    }),
    stack,
  };
}
