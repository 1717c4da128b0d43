import { join } from 'node:path';
import { type ArchiveFiles, archiveFiles } from './io/archive-files.ts';
import { type BlobFiles, blobFiles } from './io/blob-files.ts';
import { type Cache, cacheIn } from './io/cache.ts';
import { runCommand } from './io/command.ts';
import { type Compose, composeCli } from './io/compose.ts';
import { type Docker, dockerCli, type EngineReader, engineReader } from './io/docker.ts';
import { type DockerLogins, dockerLogins } from './io/docker-logins.ts';
import { type EvidenceFiles, evidenceFiles } from './io/evidence-files.ts';
import { type Globs, globs } from './io/globs.ts';
import { type Host, hostReader } from './io/host.ts';
import { type Http, http } from './io/http.ts';
import { type Machine, machine } from './io/machine.ts';
import { listeners, portOwner } from './io/port-owner.ts';
import { type Probes, probes } from './io/probes.ts';
import { type OpenRegistry, openRegistry } from './io/registry.ts';
import { githubRunner, localRunner, type Runner } from './io/runner.ts';
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
  /** The folder of the stack's own Compose file. */
  readonly stack: string;
}

export function realWorld(stack: string): World {
  const screen = terminal();
  return {
    runner: screen.interactive ? localRunner() : githubRunner(),
    terminal: screen,
    docker: dockerCli(runCommand),
    engine: engineReader(runCommand),
    compose: composeCli(runCommand),
    probes,
    machine: { ...machine, portOwner },
    host: { ...hostReader(runCommand), listeners: () => listeners() },
    files: evidenceFiles,
    globs,
    cache: cacheIn(join(stack, '../dist/cache/index.js')),
    blobFiles,
    openRegistry,
    http: http(),
    dockerLogins: dockerLogins(runCommand),
    archives: archiveFiles,
    stack,
  };
}
