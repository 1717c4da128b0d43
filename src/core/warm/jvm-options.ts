import type { Jvm } from '../catalogue/catalogue.ts';
import { asObject, asString, type Json } from '../json.ts';

/** Whether JVMs are to be up soon, or to do the most work once they are. */
export const jvmModes = ['startup', 'throughput'] as const;
export type JvmMode = (typeof jvmModes)[number];

/**
 * A service of the Compose model without the start-up options of its JVM. A variable that held nothing else goes, so that
 * the image's own value counts again; what else stands in it stays, heap limits above all.
 */
export function withoutStartup(service: Json, { startup }: Jvm): Json {
  const environment = { ...asObject(service['environment']) };
  for (const [variable, options] of startup) {
    const value = asString(environment[variable]);
    if (value === undefined) continue;
    const rest = value.split(/\s+/).filter((word) => word !== '' && !options.includes(word));
    if (rest.length > 0) environment[variable] = rest.join(' ');
    else delete environment[variable];
  }
  return { ...service, environment };
}

/** A service with more JVM options behind those that its variable has. `before` is the image's own value of the variable. */
export function withOptions(service: Json, { variable }: Jvm, before: string, more: readonly string[]): Json {
  const environment = asObject(service['environment']);
  const value = asString(environment?.[variable]) ?? before;
  const options = [value, ...more].filter((each) => each !== '').join(' ');
  return { ...service, environment: { ...environment, [variable]: options } };
}
