import type { CommandResult } from '../command.ts';
import type { Failure } from '../errors.ts';
import { plain } from '../markdown.ts';
import { type ComposeHint, composeHints } from './compose-hints.ts';
import { type DockerCause, dockerCauses } from './docker-causes.ts';

interface About {
  readonly system?: string;
  readonly image?: string;
}

/** What a failed command means for a person. Unknown causes quote the command's own last words. */
export function explain(outcome: CommandResult, about: About = {}): Failure {
  const system = about.system === undefined ? {} : { system: about.system };
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
      what: `\`${nameOf(outcome.command)}\` did not end in time.`,
      why: 'The engine or a registry does not answer, or the machine is overloaded.',
      advice: 'Run the job again; if it stays so, look at the engine’s own log.',
    };
  }
  for (const cause of causesOf(outcome.command)) {
    const found = cause.text.exec(outcome.stderr);
    if (found !== null) return { ...system, ...filled(cause, found, about) };
  }
  return { ...system, ...unknown(outcome, about) };
}

/** What a program inside a container says is its own, and a start speaks of no registry. */
function causesOf([, action = '']: readonly string[]): readonly DockerCause[] {
  if (action === 'exec') return dockerCauses.filter(({ code }) => code.startsWith('DOCKER_'));
  if (action === 'start') return dockerCauses.filter(({ pulling }) => pulling !== true);
  return dockerCauses;
}

function filled(
  { code, what, why, advice, clear }: DockerCause,
  found: RegExpExecArray,
  { system = 'A service', image = 'An image' }: About,
): Failure {
  const detail = found.slice(1).find((group) => group !== undefined) ?? '';
  const put = (text: string) =>
    text.replaceAll('{system}', system).replaceAll('{image}', image).replaceAll('{1}', detail);
  const said = clear === true ? '' : `\nDocker says: ${lineOf(found)}`;
  return { code, what: put(what), why: `${put(why)}${said}`, advice: put(advice) };
}

/** The line that holds what was found, without the parts of the engine that handed it on. */
function lineOf({ input, index }: RegExpExecArray): string {
  const begin = input.lastIndexOf('\n', index) + 1;
  const [line = ''] = input.slice(begin).split('\n');
  return plain(line.replace(/^.*unable to start container process: |^Error response from daemon: /, ''));
}

function unknown({ command, exitCode, stderr }: CommandResult, { system }: About): Failure {
  const ended = exitCode === undefined ? 'was killed' : `failed with exit code ${exitCode}`;
  const inside = insideOf(command);
  if (inside !== undefined) {
    return {
      code: 'COMMAND_FAILED',
      what: `\`${inside}\` ${ended}${system === undefined ? '' : ` in ${system}`}.`,
      why: lastWords(stderr),
      advice: 'Read its message, and correct the input that the command was made from.',
    };
  }
  return {
    code: 'COMMAND_FAILED',
    what: `\`${nameOf(command)}\` ${ended}.`,
    why: lastWords(stderr),
    advice: 'Read its message; the command can be repeated by hand with the project name of this run.',
  };
}

/** The words of a command before its options, three at most. */
function nameOf(command: readonly string[]): string {
  const options = command.findIndex((word) => word.startsWith('-'));
  return command.slice(0, options > 0 && options < 3 ? options : 3).join(' ');
}

/** The command that `docker exec` runs inside a container. */
function insideOf([, action, ...words]: readonly string[]): string | undefined {
  if (action !== 'exec') return undefined;
  let at = 0;
  while (words[at] === '--env') at += 2;
  const inside = words.slice(at + 1).join(' ');
  return inside.length <= 200 ? inside : `${inside.slice(0, 199)}…`;
}

/** What Compose says of files it cannot use, as one failure. */
export function explainCompose(outcome: CommandResult): Failure {
  const known = explain(outcome);
  if (known.code !== 'COMMAND_FAILED') return known;
  const what = lastWords(outcome.stderr);
  const hint: ComposeHint = composeHints.find(({ text }) => text.test(what)) ?? {
    text: /./,
    why: 'Docker Compose cannot use the files as they are.',
    advice: 'Correct the file, and try it with `docker compose -f FILE config`.',
  };
  return { code: 'COMPOSE_INVALID', what, why: hint.why, advice: hint.advice };
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/level=(warning|info)/.test(line));
  return lines.slice(-3).join('\n').slice(0, 600) || 'It said nothing.';
}
