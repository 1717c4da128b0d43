import { asArray, asObject, asString, type Json } from '../json.ts';
import type { Deployment } from './deployment.ts';
import { spread } from './identity.ts';
import type { SentFile } from './mounts.ts';

type Sources = Pick<Deployment, 'sources' | 'model'>;

/**
 * The files of a service's binds, as configs that are put into `configs`. The name of each tells its content, so that
 * another content is another config, which has the container made again.
 */
export function mountedConfigs(
  service: string,
  json: Json,
  { sources }: Sources,
  configs: Map<string, Json>,
): readonly Json[] {
  return asArray(json['volumes']).flatMap((item) => {
    const mount = asObject(item) ?? {};
    const found = mount['type'] === 'bind' ? sources.get(asString(mount['source']) ?? '') : undefined;
    if (found === undefined || typeof found === 'string') return [];
    const target = asString(mount['target']) ?? '';
    return found.map((file) => {
      const at = file.path === '' ? target : `${target.replace(/\/$/, '')}/${file.path}`;
      const source = put(`${service}-${at.split('/').at(-1)}`, file, configs);
      return { source, target: at, mode: file.executable ? 0o555 : 0o444 };
    });
  });
}

/** The configs that a service names, those that are files with their content. */
export function namedConfigs(
  json: Json,
  { sources, model }: Sources,
  configs: Map<string, Json>,
): readonly Json[] {
  const all = asObject(model['configs']) ?? {};
  return asArray(json['configs']).map((item) => {
    const used = asObject(item) ?? {};
    const key = asString(used['source']) ?? '';
    const config = asObject(all[key]) ?? {};
    const found = sources.get(asString(config['file']) ?? '');
    const [file] = typeof found === 'string' ? [] : (found ?? []);
    const target = used['target'] ?? `/${key}`;
    if (file !== undefined) return { ...used, target, source: put(key, file, configs) };
    const content = asString(config['content']);
    // Compose has doubled the dollar signs of a content that stands in its file.
    if (content !== undefined) {
      const text = content.replaceAll('$$', () => '$');
      return { ...used, target, source: put(key, { path: '', text, executable: false }, configs) };
    }
    configs.set(key, config);
    return { ...used, target };
  });
}

function put(name: string, { text }: SentFile, configs: Map<string, Json>): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 30);
  // Two sums of 32 bits: a text that changes in one letter changes both.
  const sum = `${spread(text).toString(36)}${spread(`${text.length} ${text}`).toString(36)}`;
  const key = `${slug}-${sum}`;
  // Compose would take a dollar sign for a variable.
  configs.set(key, { content: text.replaceAll('$', () => '$$') });
  return key;
}
