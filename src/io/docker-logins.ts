import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../core/command.ts';
import {
  type Credentials,
  credentialHelper,
  helperCredentials,
  serverOf,
  storedCredentials,
} from '../core/images/docker-login.ts';
import { asObject } from '../core/json.ts';

/** The credentials that `docker login` has left for a registry; undefined where there are none, or they cannot be had. */
export type DockerLogins = (registry: string) => Promise<Credentials | undefined>;

/** A helper that asks somebody for a password would wait for ever. Milliseconds. */
const patience = 10_000;

export function dockerLogins(run: Command): DockerLogins {
  return async (registry) => {
    const folder = process.env['DOCKER_CONFIG'] || join(homedir(), '.docker');
    const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}');
    const config = asObject(parsed(text)) ?? {};
    const helper = credentialHelper(config, registry);
    if (helper === undefined) return storedCredentials(config, registry);
    const program: [string, string] = [`docker-credential-${helper}`, 'get'];
    const { exitCode, stdout } = await run(program, { timeout: patience, input: serverOf(registry) });
    return exitCode === 0 ? helperCredentials(stdout) : undefined;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
