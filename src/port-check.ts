import { UserError } from './core/errors.ts';
import type { Binding } from './core/ports.ts';
import type { World } from './world.ts';

/**
 * All taken ports at once, before anything is created.
 * @throws UserError
 */
export async function refuseTakenPorts(
  bindings: readonly Binding[],
  address: string,
  world: World,
): Promise<void> {
  const asked = bindings.filter(({ protocol }) => protocol === 'tcp');
  const taken = await Promise.all(
    asked.map(async (each) => ((await world.machine.portTaken(address, each.host)) ? [each] : [])),
  );
  const [first, ...others] = taken.flat();
  if (first === undefined) return;
  const owners = await Promise.all(
    [first, ...others].map(async ({ service, host }) => {
      const names = (await world.docker.publishing(host)).stdout.trim();
      const owner =
        names === '' ? await world.machine.portOwner(host) : `container ${names.replaceAll('\n', ', ')}`;
      return `${host} of ${service}${owner === '' ? '' : ` (by ${owner})`}`;
    }),
  );
  throw new UserError({
    code: 'PORT_TAKEN',
    system: first.service,
    what: `Ports that the stack needs are taken: ${owners.join(', ')}.`,
    why: 'Another process or container on this machine uses them.',
    advice: 'Stop the other one, or set `ports: dynamic` so that free ports are chosen.',
  });
}
