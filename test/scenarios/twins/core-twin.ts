import { kafkaChecks } from '../../../smoke/checks/kafka.ts';
import { mongodbChecks } from '../../../smoke/checks/mongodb.ts';
import { redisChecks } from '../../../smoke/checks/redis.ts';
import { zookeeperChecks } from '../../../smoke/checks/zookeeper.ts';
import { containersOf, findContainers } from '../../../smoke/clients/containers.ts';
import type { Check, Services } from '../../../smoke/core/check.ts';
import type { CheckResult } from '../../../smoke/core/report.ts';
import { runChecks } from '../../../smoke/run-checks.ts';
import { runCommand } from '../../../src/io/command.ts';
import { type HeldStack, output, servicesOf } from '../held-stack.ts';

/** A promise of a running stack that is broken for a while. */
export interface CoreTwin {
  /** The check that has to find it. */
  readonly id: string;
  /** What is wrong, for the name of the test. */
  readonly fault: string;
  /** What the report has to say. */
  readonly says: string | RegExp;
  /** Why it cannot be told from the real thing on the images that are here. */
  readonly impossible?: string | undefined;
  /** Breaks it; what comes back mends it, and says where the systems are meanwhile. */
  arrange(stack: HeldStack): Promise<Broken>;
}

export interface Broken extends AsyncDisposable {
  readonly services?: Services;
}

export const coreChecks: readonly Check[] = [
  ...zookeeperChecks,
  ...kafkaChecks,
  ...redisChecks,
  ...mongodbChecks,
];

/** Runs all checks of the twin's system while its promise is broken. */
export async function runCoreTwin(twin: CoreTwin, stack: HeldStack): Promise<readonly CheckResult[]> {
  await using broken = await twin.arrange(stack);
  const [system] = twin.id.split('.');
  const services = broken.services ?? servicesOf(stack);
  const project = output(stack, 'project-name');
  const found = await findContainers(project, runCommand);
  const id = `t${crypto.randomUUID().slice(0, 7)}`;
  const own = coreChecks.filter((check) => check.system === system && check.option?.isOn(services) !== false);
  // What asks until its deadline need not ask that long for what never comes.
  const shorter = own.map((check) => (check.id === twin.id ? { ...check, deadline: 20_000 } : check));
  // Without `await` it would be mended before the first question.
  return await runChecks(shorter, {
    stack: { project, id, services, containers: containersOf(found, project, id, runCommand) },
    standIns: found.flatMap(({ service, standIn }) => (standIn === undefined ? [] : [service])),
    signal: new AbortController().signal,
    now: () => performance.now(),
    onEnd: () => undefined,
  });
}

/** What is broken until `mend` has run. */
export function until(mend: () => Promise<unknown>, services?: Services): Broken {
  const dispose = { [Symbol.asyncDispose]: async () => void (await mend()) };
  return services === undefined ? dispose : { ...dispose, services };
}
