import type { Catalogue, Check } from './catalogue/catalogue.ts';
import { endpointOf, systemOf } from './catalogue/catalogue.ts';
import type { Request } from './catalogue/declared-inputs.ts';
import type { Problem } from './errors.ts';
import { mirrorName } from './mirror.ts';
import type { Dependency, Model, Service } from './model.ts';
import type { Selected } from './selection.ts';

/** What decides that a system works. */
export type Judge = 'probe' | 'healthcheck' | 'running' | 'end';

/** All that happens to one system, with the reason for each part. */
export interface SystemPlan {
  readonly service: string;
  readonly title: string;
  readonly image: string;
  readonly because: string;
  readonly after: readonly Dependency[];
  readonly judge: Judge;
  readonly checks: readonly Check[];
  /** How many systems, one after another, wait for this one; the highest starts first. */
  readonly rank: number;
  /** Commands that run inside the container once the system works. */
  readonly commands: readonly Extract<Request, { kind: 'exec' }>[];
  /** Files of the caller that are sent to it, after its commands. */
  readonly sends: readonly Extract<Request, { kind: 'send' }>[];
}

export interface Pull {
  readonly image: string;
  /** What a mirror calls it, which is asked first. */
  readonly mirror?: string;
  readonly platform?: string;
  readonly services: readonly string[];
}

/** What will be done, decided before anything is; `renderPlan` is what a person reads. */
export interface Plan {
  readonly project: string;
  readonly systems: readonly SystemPlan[];
  readonly pulls: readonly Pull[];
  readonly present: readonly string[];
  readonly builds: readonly string[];
}

export interface PlanFacts {
  readonly project: string;
  readonly selected: readonly Selected[];
  readonly model: Model;
  readonly catalogue: Catalogue;
  readonly requests: readonly Request[];
  /** References of the images that the engine already has. */
  readonly localImages: readonly string[];
  /** Where images of docker.io are asked for first; empty for none. */
  readonly registryMirror?: string;
}

/** Decides the whole run from facts alone. Systems are ordered by rank, then as selected. */
export function makePlan(facts: PlanFacts): Plan {
  const names = facts.selected.map(({ service }) => service);
  const systems = facts.selected.map((each) => planSystem(each, names, facts));
  const ordered = [...systems].sort((a, b) => b.rank - a.rank);
  const builds = names.filter((name) => facts.model.services.get(name)?.builds === true);
  const images = [
    ...new Set(ordered.flatMap(({ service, image }) => (builds.includes(service) ? [] : [image]))),
  ];
  return {
    project: facts.project,
    systems: ordered,
    pulls: images
      .filter((image) => !facts.localImages.includes(image))
      .map((image) => planPull(image, ordered, facts)),
    present: images.filter((image) => facts.localImages.includes(image)),
    builds,
  };
}

function planPull(
  image: string,
  systems: readonly SystemPlan[],
  { model, registryMirror = '' }: PlanFacts,
): Pull {
  const services = systems.filter((system) => system.image === image).map(({ service }) => service);
  const platform = services
    .map((service) => model.services.get(service)?.platform)
    .find((each) => each !== undefined);
  const mirror = registryMirror === '' ? undefined : mirrorName(image, registryMirror);
  return {
    image,
    services,
    ...(mirror === undefined ? {} : { mirror }),
    ...(platform === undefined ? {} : { platform }),
  };
}

function planSystem({ service, because }: Selected, names: readonly string[], facts: PlanFacts): SystemPlan {
  const model = facts.model.services.get(service);
  const system = systemOf(facts.catalogue, service);
  const awaited = names.some((name) => dependsOnEnd(facts.model.services.get(name), service));
  const plain = model?.healthcheck === true ? 'healthcheck' : 'running';
  const judge = awaited ? 'end' : system.probe.length > 0 ? 'probe' : plain;
  const own = facts.requests.filter((request) => request.system === service);
  return {
    service,
    title: system.title,
    image: model?.image ?? '',
    because,
    after: (model?.dependsOn ?? []).filter((dependency) => names.includes(dependency.service)),
    judge,
    checks: judge === 'probe' ? system.probe : [],
    rank: rank(service, names, facts),
    commands: own.flatMap((request) => (request.kind === 'exec' ? [request] : [])),
    sends: own.flatMap((request) => {
      if (request.kind !== 'send') return [];
      return [{ ...request, after: request.after.filter((each) => names.includes(each)) }];
    }),
  };
}

function dependsOnEnd(dependent: Service | undefined, service: string): boolean {
  return (
    dependent?.dependsOn.some((each) => each.service === service && each.condition === 'completed') === true
  );
}

function rank(service: string, names: readonly string[], facts: PlanFacts): number {
  const dependents = names.filter(
    (name) =>
      facts.model.services
        .get(name)
        ?.dependsOn.some((each) => each.service === service && each.condition !== 'started') ||
      facts.requests.some(
        (request) => request.kind === 'send' && request.system === name && request.after.includes(service),
      ),
  );
  return dependents.length === 0 ? 0 : 1 + Math.max(...dependents.map((name) => rank(name, names, facts)));
}

/** The plan as text: one line per step, each with its cause. */
export function renderPlan(plan: Plan): string {
  const lines = [
    ...plan.present.map((image) => `image  ${image}: on this machine already`),
    ...plan.pulls.map(({ image, mirror, services }) => {
      const first = mirror === undefined ? '' : ` (first ${mirror})`;
      return `image  ${image}: pull${first}, for ${services.join(', ')}`;
    }),
    ...plan.builds.map((service) => `build  ${service}: its Compose file builds it`),
    ...plan.systems.map(renderSystem),
    ...plan.systems.flatMap((system) => [
      ...system.commands.map(
        ({ input, commands }) => `run    ${system.service}: ${commands.length} for ${input}, once it works`,
      ),
      ...system.sends.map(({ input, messages, after }) => {
        const files = `${messages.length} for ${input}`;
        return `send   ${system.service}: ${files}, once ${[system.service, ...after].join(', ')} work`;
      }),
    ]),
  ];
  return [`Project ${plan.project}: ${plan.systems.length} systems`, ...lines].join('\n');
}

const judged: Readonly<Record<Judge, string>> = {
  probe: 'probed from the host',
  healthcheck: 'judged by its health check',
  running: 'counts as working once it runs, or ends with 0',
  end: 'has to end with 0, since others wait for that',
};

function renderSystem({ service, after, because, judge }: SystemPlan): string {
  const waits = after.map((each) =>
    each.condition === 'started' ? `${each.service} has started` : `${each.service} ${each.condition}`,
  );
  const when = waits.length === 0 ? 'at once' : `when ${waits.join(' and ')}`;
  return `start  ${service}: ${when} (${because}); ${judged[judge]}`;
}

/** Checks that can never pass: they ask an endpoint whose system does not take part, or whose port is not published. */
export function undecidable(
  services: readonly string[],
  model: Model,
  catalogue: Catalogue,
): readonly Problem[] {
  return services.flatMap((service) =>
    systemOf(catalogue, service).probe.flatMap((check) => {
      const port = endpointOf(catalogue, check)?.port;
      const where = `x-paklog.systems.${service}.probe`;
      if (!services.includes(check.system))
        return [{ where, what: `asks ${check.system}, which is not among the services` }];
      const published = model.services.get(check.system)?.ports.some(({ target }) => target === port);
      return published === true
        ? []
        : [{ where, what: `asks port ${port} of ${check.system}, which its \`ports\` do not publish` }];
    }),
  );
}
