import type { Problem } from '../errors.ts';
import { quote } from '../errors.ts';
import { asArray, asObject, asString, entries, type Json } from '../json.ts';

/** A path of the runner that a service wants to see. */
export interface Bind {
  readonly service: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A file whose text goes along with the model. */
export interface SentFile {
  /** Below the bind's source; empty where that is the file itself. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** What was found at the source of a bind: its files, or why they cannot go along. */
export type Source = readonly SentFile[] | string;

/** Every bind of the services that take part. */
export function bindsOf(model: Json, services: readonly string[]): readonly Bind[] {
  const all = asObject(model['services']) ?? {};
  return services.flatMap((service) =>
    asArray(asObject(all[service])?.['volumes']).flatMap((item) => {
      const mount = asObject(item) ?? {};
      if (mount['type'] !== 'bind') return [];
      const [source, target] = [asString(mount['source']) ?? '', asString(mount['target']) ?? ''];
      return [{ service, source, target, readOnly: mount['read_only'] === true }];
    }),
  );
}

/** The files that stand for top-level configs. */
export function configFiles(model: Json): readonly { readonly key: string; readonly file: string }[] {
  return entries(model['configs']).flatMap(([key, config]) => {
    const file = asString(asObject(config)?.['file']);
    return file === undefined ? [] : [{ key, file }];
  });
}

/** Problems with mounts and configs whose files cannot go along. */
export function sourceProblems(
  model: Json,
  services: readonly string[],
  sources: ReadonlyMap<string, Source>,
): readonly Problem[] {
  const why = (source: string) => {
    const found = sources.get(source);
    return typeof found === 'string' ? [found] : [];
  };
  const mounts = bindsOf(model, services).flatMap(({ service, source, target }) =>
    why(source).map((reason) => ({
      where: `compose-files: ${service}`,
      what: `${quote(source)} cannot be mounted at ${target}: ${reason}`,
    })),
  );
  const configs = configFiles(model).flatMap(({ key, file }) =>
    why(file).map((reason) => ({
      where: `compose-files: config ${key}`,
      what: `${quote(file)} cannot go along: ${reason}`,
    })),
  );
  return [...mounts, ...configs];
}

/** What would reach out of a preview, into its host or another preview. */
export function escapes(model: Json, services: readonly string[]): readonly Problem[] {
  const all = asObject(model['services']) ?? {};
  const inServices = services.flatMap((service) => {
    const json = asObject(all[service]) ?? {};
    const host = ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup'].filter(
      (key) => json[key] === 'host' || /^container:/.test(asString(json[key]) ?? ''),
    );
    const more = ['devices', 'device_cgroup_rules', 'cap_add', 'security_opt', 'volumes_from'].filter((key) =>
      asArray(json[key]).some((each) => !/^no-new-privileges/.test(asString(each) ?? '')),
    );
    const set = [
      'privileged',
      'provider',
      'use_api_socket',
      'credential_spec',
      'cgroup_parent',
      'runtime',
    ].filter((key) => json[key] !== undefined && json[key] !== false);
    return [...set, ...host, ...more, ...ofBuild(json), ...ofHooks(json)].map((key) => ({
      where: `compose-files: ${service}`,
      what: `\`${key}\` is refused: a preview's code must not reach its host`,
    }));
  });
  return [...inServices, ...hostVolumes(model)];
}

/** A build may ask for the host's network, or for rights like those of a privileged container. */
function ofBuild(service: Json): readonly string[] {
  const build = asObject(service['build']) ?? {};
  const network = build['network'] === 'host' ? ['build.network'] : [];
  const privileged = build['privileged'] === true ? ['build.privileged'] : [];
  return [
    ...network,
    ...privileged,
    ...(asArray(build['entitlements']).length > 0 ? ['build.entitlements'] : []),
  ];
}

function ofHooks(service: Json): readonly string[] {
  return ['post_start', 'pre_stop'].filter((key) =>
    asArray(service[key]).some((hook) => asObject(hook)?.['privileged'] === true),
  );
}

/** The local driver mounts any path of the host when it is told to. */
function hostVolumes(model: Json): readonly Problem[] {
  return entries(model['volumes']).flatMap(([name, volume]) => {
    const options = asObject(asObject(volume)?.['driver_opts']) ?? {};
    if (!/\bbind\b/.test(asString(options['o']) ?? '')) return [];
    return [
      {
        where: `compose-files: volume ${name}`,
        what: 'is a folder of the host, which is refused: a preview’s code must not reach its host',
      },
    ];
  });
}
