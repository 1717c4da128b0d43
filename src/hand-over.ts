import { join } from 'node:path';
import { envFile, environment, outputs, type Reachable, servicesJson } from './core/endpoints.ts';
import { cacheHit } from './core/images/image-record.ts';
import { type Model, networkName, sharedNetwork } from './core/model.ts';
import type { RunRecord } from './core/record.ts';
import { table, timings } from './core/report.ts';
import { renderSummary } from './core/summary/summary.ts';
import { servicesFile } from './run.ts';
import type { World } from './world.ts';

export interface Handed {
  readonly directory: string;
  readonly model: Model;
  readonly services: readonly string[];
  readonly endpoints: readonly Reachable[];
  readonly record: RunRecord;
  readonly exportEnv: readonly string[];
}

/** Gives the following steps what they need: outputs, environment, files, and a table for the reader. */
export async function handOver(handed: Handed, world: World): Promise<void> {
  const { runner, machine } = world;
  runner.openGroup('Outputs');
  const { directory, model, services, endpoints, record } = handed;
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
  const addresses = servicesJson(model, services, endpoints);
  await machine.writeText(servicesFile(directory), addresses);
  runner.output('services', addresses);
  runner.output('network', networkName(model, sharedNetwork(model)));
  runner.output('cache-hit', String(cacheHit(record.images ?? [])));
  runner.output('timings', JSON.stringify(timings(record)));
  if (!world.terminal.interactive) for (const name of Object.keys(host)) runner.info(`exported ${name}`);
  runner.closeGroup();
  runner.info(table(record));
  await runner.summary(renderSummary({ record }));
}
