import type { CommandResult } from './command.ts';
import type { Failure } from './errors.ts';

interface Cause {
  readonly code: string;
  /** Docker's or Compose's own words, from the sources named in docs/troubleshooting.md. */
  readonly text: RegExp;
  readonly what: string;
  readonly why: string;
  readonly advice: string;
}

/** `{system}` is the Compose service, `{image}` its image, `{1}` the first group of `text`. */
const causes: readonly Cause[] = [
  {
    code: 'DOCKER_PERMISSION',
    text: /permission denied while trying to connect/i,
    what: 'Docker refuses this user.',
    why: 'The user of this job may not open the Docker socket.',
    advice: 'Add the user to the group `docker`, or run the job as one who may.',
  },
  {
    code: 'DOCKER_UNAVAILABLE',
    text: /(?:cannot|failed to) connect to the docker (?:daemon|api)|error during connect|dial unix/i,
    what: 'No Docker Engine answers.',
    why: 'It is not installed, not running, or DOCKER_HOST names another place.',
    advice:
      'Use a runner with Docker (GitHub’s ubuntu runners have it), start the engine, or set DOCKER_HOST.',
  },
  {
    code: 'DOCKER_INCOMPATIBLE',
    text: /client version .* is too (?:old|new)/i,
    what: 'This Docker client and engine do not understand each other.',
    why: 'Their API versions are too far apart.',
    advice: 'Update the older of the two; the engine must speak API 1.43 or later.',
  },
  {
    code: 'PORT_TAKEN',
    text: /Bind for (\S+) failed: port is already allocated|listen tcp\d? (\S+): bind: address already in use|failed to bind host port (?:for )?((?:\[[^\]]*\]|[\d.]+):\d+)\S* address already in use/i,
    what: '{system} cannot have its port {1}.',
    why: 'Another process or container on this machine uses it.',
    advice: 'Stop the other one, or set `ports: dynamic` so that free ports are chosen.',
  },
  {
    code: 'PULL_RATE_LIMITED',
    text: /toomanyrequests|429 Too Many Requests|pull rate limit/i,
    what: 'The registry refuses more pulls of {image} for now.',
    why: 'Its limit for this address or account is used up.',
    advice: 'Log in before this step (docker/login-action), or pull from a mirror.',
  },
  {
    code: 'PLATFORM_UNSUPPORTED',
    text: /no matching manifest for (\S+)|does not (?:match|provide) the specified platform|exec format error/i,
    what: '{image} does not exist for this machine’s architecture.',
    why: 'The image was not built for it.',
    advice: 'Choose another tag through `images`, or a runner of another architecture.',
  },
  {
    code: 'PULL_NOT_FOUND',
    text: /manifest unknown|manifest for .* not found|failed to resolve reference .*not found|name unknown/i,
    what: '{image} does not exist in its registry.',
    why: 'The name or tag is wrong, or the tag was removed.',
    advice: 'Correct it under `images` or in the Compose file.',
  },
  {
    code: 'PULL_DENIED',
    text: /pull access denied|unauthorized|denied: requested access|daemon: denied/i,
    what: 'The registry does not give out {image}.',
    why: 'The image is private, or does not exist.',
    advice: 'Log in before this step (docker/login-action), and check the name.',
  },
  {
    code: 'DISK_FULL',
    text: /no space left on device/i,
    what: 'The disk is full.',
    why: 'Images, volumes and the checkout need more than is left.',
    advice: 'Choose fewer services, remove unused files first, or use a larger runner.',
  },
  {
    code: 'NETWORK_EXHAUSTED',
    text: /all predefined address pools have been fully subnetted|non-overlapping IPv4 address pool/i,
    what: 'Docker has no subnet left for another network.',
    why: 'Networks of earlier runs are still there.',
    advice: 'Remove unused ones with `docker network prune`.',
  },
  {
    code: 'COMPOSE_CYCLE',
    text: /dependency cycle detected: (.*)/i,
    what: 'Services depend on each other in a circle: {1}.',
    why: 'None of them could ever start first.',
    advice: 'Remove one `depends_on` of the circle.',
  },
  {
    code: 'PULL_NETWORK',
    text: /TLS handshake timeout|i\/o timeout|Client\.Timeout exceeded|\bEOF\b|connection reset|no such host|server misbehaving|\b50[0234] |context deadline exceeded|connection refused|network is unreachable/i,
    what: '{image} could not be pulled.',
    why: 'The connection to the registry failed.',
    advice: 'Run the job again; if it stays so, check the network, or pull from a mirror.',
  },
];

/** What a failed command means for a person. Unknown causes quote the command's own last words. */
export function explain(
  outcome: CommandResult,
  about: { readonly system?: string; readonly image?: string } = {},
): Failure {
  const system = about.system === undefined ? {} : { system: about.system };
  const options = outcome.command.findIndex((word) => word.startsWith('-'));
  const name = outcome.command.slice(0, options > 0 && options < 3 ? options : 3).join(' ');
  if (outcome.missing) {
    return {
      code: 'DOCKER_MISSING',
      what: 'There is no `docker` command on this machine.',
      why: 'Docker’s client is not installed, or not on PATH.',
      advice: 'Use a runner with Docker (GitHub’s ubuntu runners have it), or install it before this step.',
    };
  }
  if (outcome.timedOut) {
    return {
      code: 'DOCKER_TIMEOUT',
      ...system,
      what: `\`${name}\` did not end in time.`,
      why: 'The engine or a registry does not answer, or the machine is overloaded.',
      advice: 'Run the job again; if it stays so, look at the engine’s own log.',
    };
  }
  for (const cause of causes) {
    const found = cause.text.exec(outcome.stderr);
    if (found === null) continue;
    const detail = found.slice(1).find((group) => group !== undefined) ?? '';
    const put = (text: string) =>
      text
        .replaceAll('{system}', about.system ?? 'A service')
        .replaceAll('{image}', about.image ?? 'An image')
        .replaceAll('{1}', detail);
    return { code: cause.code, ...system, what: put(cause.what), why: cause.why, advice: cause.advice };
  }
  return {
    code: 'COMMAND_FAILED',
    ...system,
    what: `\`${name}\` ${outcome.exitCode === undefined ? 'was killed' : `failed with exit code ${outcome.exitCode}`}.`,
    why: lastWords(outcome.stderr),
    advice: 'Read its message; the command can be repeated by hand with the project name of this run.',
  };
}

/** What Compose says of files it cannot use, as one failure. */
export function explainCompose(outcome: CommandResult): Failure {
  const known = explain(outcome);
  if (known.code !== 'COMMAND_FAILED') return known;
  return {
    code: 'COMPOSE_INVALID',
    what: lastWords(outcome.stderr),
    why: 'Docker Compose cannot use the files as they are.',
    advice: 'Correct the file, and try it with `docker compose -f FILE config`.',
  };
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/level=(warning|info)/.test(line));
  return lines.slice(-3).join('\n').slice(0, 600) || 'It said nothing.';
}
