import type { Message, Request } from './core/catalogue/declared-inputs.ts';
import { explain } from './core/causes/explain.ts';
import type { Reachable } from './core/endpoints.ts';
import { type Failure, UserError } from './core/errors.ts';
import { type Lane, type Lanes, reached } from './lanes.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

interface Means {
  readonly lanes: Lanes;
  readonly watch: Watch;
  readonly endpoints: readonly Reachable[];
  /** The address at which this process reaches published ports. */
  readonly address: string;
  readonly world: World;
  readonly signal: AbortSignal;
}

/** Milliseconds for the answer to a file: a system may have to ask others before it takes it. */
const patience = 60_000;

/**
 * Does what the caller asked of a system that works now: first commands inside its container, then files that are sent.
 * @throws UserError
 */
export async function runRequests(lane: Lane, means: Means): Promise<void> {
  for (const { commands, environment } of lane.system.commands)
    await runCommands(lane, commands, environment, means);
  for (const request of lane.system.sends) await send(request, lane, means);
}

async function runCommands(
  { system }: Lane,
  commands: readonly (readonly string[])[],
  env: Readonly<Record<string, string>>,
  { watch, world, signal }: Means,
): Promise<void> {
  const [id] = watch.ids(system.service);
  for (const command of commands) {
    if (id === undefined || signal.aborted) return;
    const result = await world.docker.execute(id, command, env, signal);
    if (result.exitCode !== 0 && !signal.aborted)
      throw new UserError(explain(result, { system: system.service }));
  }
}

async function send(
  { input, after, messages }: Extract<Request, { kind: 'send' }>,
  { system }: Lane,
  { lanes, endpoints, address, world, signal }: Means,
): Promise<void> {
  await Promise.all(after.map((service) => reached(lanes, service, 'works')));
  for (const message of messages) {
    if (signal.aborted) return;
    const { rule, body } = message;
    const port = endpoints.find(
      (each) => each.system.name === rule.system && each.endpoint.name === rule.endpoint,
    )?.host.port;
    const answer =
      port === undefined
        ? `${rule.system} publishes no ${rule.endpoint}`
        : await world.probes.post({ ...rule, host: address, port, body, patience }, signal);
    if (answer !== undefined && !signal.aborted)
      throw new UserError(refused(input, message, answer, system.service));
  }
}

function refused(input: string, { file, rule }: Message, answer: string, system: string): Failure {
  return {
    code: 'FILE_REFUSED',
    system,
    what: `${rule.system} did not take ${file} of the input ${input}.`,
    why: `POST ${rule.path}: ${answer}`,
    advice:
      'Correct the file, as the answer says. Files are sent in the order in which they build on each other.',
  };
}
