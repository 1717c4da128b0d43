import type { Check } from './core/catalogue/catalogue.ts';
import { fill, type Reachable } from './core/endpoints.ts';
import type { Answer } from './io/probes.ts';
import type { World } from './world.ts';

/** Makes one attempt at a check from the host; undefined when it passed, else what was answered. */
export async function attempt(
  check: Check,
  endpoints: readonly Reachable[],
  address: string,
  world: World,
): Promise<Answer> {
  const found = endpoints.find(
    ({ system, endpoint }) => system.name === check.system && endpoint.name === check.endpoint,
  );
  if (found === undefined) return `${check.system} publishes no ${check.endpoint}`;
  const target = { host: address, port: found.host.port };
  if (check.kind === 'tcp') {
    return world.probes.tcp({
      ...target,
      exchange: check.exchange,
      fill: (template) => fill(template, found.host),
    });
  }
  const { path, status, body, user } = check;
  return world.probes.http({
    ...target,
    path,
    status,
    ...(body === undefined ? {} : { body }),
    ...(user === undefined ? {} : { user }),
  });
}

/** Where this process reaches published ports: what the caller advertises, except that `localhost` is taken literally. */
export function probeAddress(advertiseHost: string, bindAddress: string): string {
  if (advertiseHost !== 'localhost') return advertiseHost;
  return bindAddress === '0.0.0.0' || bindAddress === '::' ? '127.0.0.1' : bindAddress;
}
