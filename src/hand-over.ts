import { join } from 'node:path';
import { envFile, environment, outputs, type Reachable, servicesJson } from './core/endpoints.ts';
import { type Model, networkName, sharedNetwork } from './core/model.ts';
import { summary, type Timing, table } from './core/report.ts';
import type { World } from './world.ts';

export interface Handed {
  readonly project: string;
  readonly directory: string;
  readonly model: Model;
  readonly services: readonly string[];
  readonly endpoints: readonly Reachable[];
  readonly timings: readonly Timing[];
  readonly exportEnv: readonly string[];
}

/** Gives the following steps what they need: outputs, environment, files, and a table for the reader. */
export async function handOver(handed: Handed, world: World): Promise<void> {
  const { runner, machine } = world;
  const { project, directory, model, services, endpoints, timings } = handed;
  for (const [name, value] of Object.entries(outputs(endpoints))) runner.output(name, value);
  const host = environment(endpoints, handed.exportEnv, 'host');
  for (const [name, value] of Object.entries(host)) runner.exportVariable(name, value);
  const everySet = ['default', 'spring', 'otel'];
  const files = {
    'env-file': join(directory, 'host.env'),
    'network-env-file': join(directory, 'network.env'),
  };
  await machine.writeText(files['env-file'], envFile(environment(endpoints, everySet, 'host')));
  await machine.writeText(files['network-env-file'], envFile(environment(endpoints, everySet, 'network')));
  for (const [name, file] of Object.entries(files)) runner.output(name, file);
  runner.output('services', servicesJson(model, services, endpoints));
  runner.output('project-name', project);
  runner.output('network', networkName(model, sharedNetwork(model)));
  runner.output('timings', JSON.stringify(timings));
  runner.info(table(services, endpoints, timings));
  const listed = services.map((service) => ({ service, image: model.services.get(service)?.image ?? '' }));
  await runner.summary(summary(project, listed, endpoints, timings));
}
