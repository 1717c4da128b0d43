import { grafanaChecks } from '../../../smoke/checks/grafana.ts';
import { lokiChecks } from '../../../smoke/checks/loki.ts';
import { pinotChecks } from '../../../smoke/checks/pinot.ts';
import { prometheusChecks } from '../../../smoke/checks/prometheus.ts';
import { tempoChecks } from '../../../smoke/checks/tempo.ts';
import type { Check, Services, Stack } from '../../../smoke/core/check.ts';
import type { CheckResult } from '../../../smoke/core/report.ts';
import { runChecks } from '../../../smoke/run-checks.ts';
import { standIn } from '../../images/standins.ts';
import { stand, type Tamper } from './proxy.ts';

/** One promise that is broken, by a system that does not do its work in one respect. */
export interface Twin {
  /** The check that has to find it. */
  readonly id: string;
  /** What is wrong, for the name of the test. */
  readonly fault: string;
  readonly service: string;
  readonly endpoint: string;
  readonly tamper: Tamper;
  /** What the report has to say. */
  readonly says: string | RegExp;
}

/** The checks of systems that answer by HTTP, so that something can stand before them. */
export const httpChecks: readonly Check[] = [
  ...pinotChecks,
  ...prometheusChecks,
  ...lokiChecks,
  ...tempoChecks,
  ...grafanaChecks,
];

/** For what works, on a busy machine. Milliseconds. */
const patience = 30_000;

/** For what never will, and still has to be told from what is only slow. Milliseconds. */
const shortPatience = 15_000;

/** So many twins are told apart beside each other: they wait most of the time. */
const beside = 6;

/** A running stack, and which of its systems are stand-ins. */
export interface Ground {
  readonly services: Services;
  readonly standIns: readonly string[];
}

/** Asks the engine, once for all twins. */
export function groundOf(services: Services): Ground {
  const isStandIn = (name: string) => typeof standIn(services[name]?.image ?? '') === 'object';
  return { services, standIns: Object.keys(services).filter(isStandIn) };
}

/** Runs every twin, and gives what was found of each. */
export async function runTwins(
  twins: readonly Twin[],
  ground: Ground,
): Promise<ReadonlyMap<Twin, readonly CheckResult[]>> {
  const results = new Map<Twin, readonly CheckResult[]>();
  const waiting = [...twins];
  const work = async () => {
    for (let twin = waiting.shift(); twin !== undefined; twin = waiting.shift())
      results.set(twin, await runTwin(twin, ground));
  };
  await Promise.all(Array.from({ length: beside }, work));
  return results;
}

/** Runs all checks of the system that a twin is of, and gives what they found. */
async function runTwin(twin: Twin, ground: Ground): Promise<readonly CheckResult[]> {
  const { services } = ground;
  const endpoint = services[twin.service]?.endpoints[twin.endpoint];
  if (endpoint === undefined) throw new Error(`There is no ${twin.endpoint} of ${twin.service}.`);
  const { origin, pathname } = new URL(endpoint.url);
  await using before = await stand(origin, twin.tamper);
  const url = `${before.url}${pathname === '/' ? '' : pathname}`;
  const changed = withEndpoint(services, twin, { ...endpoint, url });
  const [system] = twin.id.split('.');
  // Awaited, since what stands before the system goes with this function.
  return await run(
    httpChecks.filter((check) => check.system === system),
    { ...ground, services: changed },
    twin.id,
  );
}

/** Runs checks on a stack at these addresses; the one that is expected to fail gets less time. */
export function run(
  asked: readonly Check[],
  { services, standIns }: Ground,
  expected: string,
): Promise<readonly CheckResult[]> {
  const shorter = asked.map((check) => ({
    ...check,
    deadline: check.id === expected ? shortPatience : patience,
  }));
  const stack: Stack = { project: 'twin', id: `t${crypto.randomUUID().slice(0, 8)}`, services, containers };
  const signal = new AbortController().signal;
  return runChecks(shorter, {
    stack,
    standIns,
    signal,
    now: () => performance.now(),
    onEnd: () => undefined,
  });
}

function withEndpoint(
  services: Services,
  { service, endpoint }: Twin,
  at: Services[string]['endpoints'][string],
): Services {
  const own = services[service];
  if (own === undefined) return services;
  return { ...services, [service]: { ...own, endpoints: { ...own.endpoints, [endpoint]: at } } };
}

const absent = () => Promise.reject(new Error('A twin has no containers.'));
const containers = { execute: absent, beside: absent, restart: absent };
