import { up } from '../../src/up.ts';
import type { Scene, Seen } from './scene.ts';
import { fakeWorld } from './world.ts';

/** `top` needs `queue` and `store`, `queue` needs `base`; `once` ends by itself. */
export const stackFile = `
services:
  base: { image: "base:1", networks: { inner: null }, ports: [{ target: 7001, published: "\${PAKLOG_PORT_BASE_7001:-7001}", protocol: tcp }] }
  queue:
    image: queue:1
    networks: { inner: null }
    depends_on: { base: { condition: service_healthy } }
    ports: [{ target: 7002, published: "\${PAKLOG_PORT_QUEUE_7002:-7002}", protocol: tcp }]
    environment: { ADVERTISED: "\${PAKLOG_ADVERTISE_HOST:-unset}:\${PAKLOG_PORT_QUEUE_7002:-7002}" }
  store: { image: "store:1", networks: { inner: null }, ports: [{ target: 7003, published: "\${PAKLOG_PORT_STORE_7003:-7003}", protocol: tcp }] }
  top:
    image: top:1
    networks: { inner: null }
    depends_on: { queue: { condition: service_healthy }, store: { condition: service_healthy } }
    ports: [{ target: 7004, published: "\${PAKLOG_PORT_TOP_7004:-7004}", protocol: tcp }]
  checked: { image: "checked:1", healthcheck: { test: [CMD, x] } }
  once: { image: "once:1" }
networks: { inner: { name: p_inner }, default: { name: p_default } }
x-paklog:
  systems:
    base: { group: core, endpoints: { e: { port: 7001 } }, probe: [{ http: { endpoint: e } }] }
    queue:
      group: core
      endpoints: { e: { port: 7002, inside-port: 17002, output: queue-url, env: { default: { QUEUE: "{url}" }, spring: { SPRING_QUEUE: "{url}" } } } }
      probe: [{ http: { endpoint: e } }]
    store: { endpoints: { e: { port: 7003, output: store-url } }, probe: [{ http: { endpoint: e } }] }
    top: { endpoints: { e: { port: 7004 } }, probe: [{ http: { endpoint: e } }, { http: { system: store, endpoint: e } }] }
  inputs:
    topics: { system: queue, lines: "^(?<name>[a-z]+)$", form: a name, exec: { command: [make, "{name}"] } }
    init: { system: store, files: "\\\\.sql$", form: an .sql file, mount: { into: /init, prefix: x- } }
    replica: { system: store, overlay: replica.yaml }
    boards: { system: store, files: "\\\\.json$", form: a .json file, mount: { into: /boards, prefix: x-, fields: [title] } }
    targets: { system: store, lines: "^(?<host>[a-z]+)$", form: a host, render: { into: /etc/targets.json, entry: { at: "{host}" } } }
    tables:
      system: queue
      files: "\\\\.json$"
      form: a .json file
      send: { after: [store, none], rules: [{ fields: [schema], system: store, endpoint: e, path: /schemas }, { fields: [table], endpoint: e, path: /tables }] }
`;

/** The effects that change the engine. */
export function engineEffects({ effects }: Seen): readonly string[] {
  return effects.filter((effect) => /^(pull|create|start|execute)/.test(effect));
}

/** Runs the action's main phase in a scene; `cancelAt` is in virtual milliseconds. */
export async function runUp(
  scene: Scene,
  cancelAt?: number,
): Promise<{ seen: Seen; exitCode: typeof process.exitCode }> {
  const files = { '/stack/compose.yaml': stackFile, ...scene.files };
  const { world, seen, clock } = fakeWorld({ ...scene, files });
  const cancelled = new AbortController();
  if (cancelAt !== undefined) void clock.sleep(cancelAt).then(() => cancelled.abort());
  const before = process.exitCode;
  try {
    await up(world, cancelled.signal);
    const { exitCode } = process;
    // What still goes on after the end would be seen, too.
    await clock.sleep(5000);
    return { seen, exitCode };
  } finally {
    process.exitCode = before;
  }
}

/** The systems of the `timings` output, by service. */
export function timings(
  text: string | undefined,
): ReadonlyMap<string, { startedAt: number; worksAt: number }> {
  const { systems }: { systems: readonly { service: string; startedAt: number; worksAt: number }[] } =
    JSON.parse(text ?? '{"systems":[]}');
  return new Map(systems.map((timing) => [timing.service, timing]));
}
