import type { Problem } from './errors.ts';
import type { Model } from './model.ts';

/** One published port of the stack that is about to run. */
export interface Binding {
  readonly service: string;
  readonly target: number;
  readonly protocol: string;
  /** The port on the host. */
  readonly host: number;
}

/** The ports that take part, in a stable order, with the host port each file names (none: to be chosen). */
export function publishedPorts(
  model: Model,
  services: readonly string[],
): readonly (Omit<Binding, 'host'> & { host?: number })[] {
  return services.flatMap((service) =>
    (model.services.get(service)?.ports ?? []).map(({ target, protocol, published }) => ({
      service,
      target,
      protocol,
      ...(published === undefined ? {} : { host: published }),
    })),
  );
}

/** Gives every published port its host port: the file's own when `fixed` and named, else the next free one. */
export function assignPorts(
  wanted: ReturnType<typeof publishedPorts>,
  mode: 'fixed' | 'dynamic',
  free: readonly number[],
): readonly Binding[] {
  const spare = [...free];
  return wanted.map(({ host, ...port }) => {
    const chosen = mode === 'fixed' && host !== undefined ? host : spare.shift();
    if (chosen === undefined) throw new RangeError('fewer free ports than published ports');
    return { ...port, host: chosen };
  });
}

/** Problems with host ports that two services would share. */
export function portClashes(bindings: readonly Binding[]): readonly Problem[] {
  const owners = new Map<string, readonly string[]>();
  for (const { service, host, protocol } of bindings) {
    const port = `${host}/${protocol}`;
    owners.set(port, [...(owners.get(port) ?? []), service]);
  }
  return [...owners].flatMap(([port, services]) =>
    services.length === 1
      ? []
      : [
          {
            where: 'ports',
            what: `${services.join(' and ')} both publish ${port}; set \`ports: dynamic\`, or change one of them`,
          },
        ],
  );
}

/** How many free ports `assignPorts` will take. */
export function portsToChoose(wanted: ReturnType<typeof publishedPorts>, mode: 'fixed' | 'dynamic'): number {
  return wanted.filter(({ host }) => mode === 'dynamic' || host === undefined).length;
}

/** The Compose variable that carries a published port into the model's text (docs/catalogue.md). */
export function portVariable(service: string, target: number): string {
  return `PAKLOG_PORT_${service.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_${target}`;
}

/** Every variable that the model's text may use. */
export function portVariables(bindings: readonly Binding[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    bindings.map(({ service, target, host }) => [portVariable(service, target), String(host)]),
  );
}
