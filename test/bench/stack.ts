import { fileURLToPath } from 'node:url';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { type Reachable, reachable } from '../../src/core/endpoints.ts';
import type { Json } from '../../src/core/json.ts';
import { decodeModel, type Model } from '../../src/core/model.ts';
import { assignPorts, publishedPorts } from '../../src/core/ports.ts';
import { takeDown as takeProjectDown } from '../../src/take-down.ts';
import { realWorld, type World } from '../../src/world.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const composeFile = `${root}compose/compose.yaml`;

/** One name for every run: what a killed benchmark left behind is found and removed by the next. */
export const project = 'paklog-bench';

/** Where the stack's ports are published and asked: a loopback address that no other stack on this machine uses. */
export const address = '127.0.0.2';

/** What puts the stack's Compose file there. */
export const composeEnv: Readonly<Record<string, string>> = { PAKLOG_BIND_ADDRESS: address };

export const world: World = realWorld(`${root}compose`);

/** The stack as Compose resolves it, with every address on its usual port. */
export interface Stack {
  readonly file: string;
  readonly model: Model;
  readonly endpoints: readonly Reachable[];
}

export async function readStack(file = composeFile): Promise<Stack> {
  const json = await composeConfig(file);
  const model = decodeModel(json);
  const { catalogue, problems } = decodeCatalogue(json['x-paklog']);
  if (problems.length > 0) throw new Error(problems.map(({ where, what }) => `${where}: ${what}`).join('\n'));
  const services = [...model.services.keys()];
  const bindings = assignPorts(publishedPorts(model, services), 'fixed', []);
  return { file, model, endpoints: reachable(catalogue, services, bindings, 'localhost') };
}

/** @throws when an image is missing: a pull would be measured as if it were a start. */
export async function requireImages({ model }: Stack): Promise<void> {
  const images = [...new Set([...model.services.values()].map(({ image }) => image))];
  const present = await Promise.all(images.map((image) => world.docker.hasImages([image])));
  const missing = images.filter((_, index) => present[index] === false);
  if (missing.length > 0)
    throw new Error(`Not on this machine: ${missing.join(', ')}. \`make images SERVICES=all\` gets them.`);
}

async function composeConfig(file: string): Promise<Json> {
  const result = await world.compose.config([file], { project, env: composeEnv });
  if (result.exitCode !== 0) throw new Error(`${file} cannot be used: ${result.stderr}`);
  return JSON.parse(result.stdout) as Json;
}

/** Takes the project down as the action's own post phase does; anything left afterwards is an error. */
export async function takeDown(folder: string): Promise<void> {
  const left = await takeProjectDown(project, { ...world, runner: { ...world.runner, info: () => {} } });
  if (left !== '') throw new Error(left);
  await world.machine.removeFolder(folder);
}
