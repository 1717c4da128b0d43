import type { Jvm } from '../catalogue/catalogue.ts';
import { asArray, asObject, asString, entries, type Json } from '../json.ts';
import { withOptions } from './jvm-options.ts';

/**
 * Class-data archives: what a JVM parses, verifies and lays out at its start, kept in a file that a later start maps into
 * memory (JEP 310, JEP 350; `java`, "Application Class Data Sharing"). A run that has none lists the classes that are loaded,
 * which costs its JVM next to nothing; the archive is written from the list when the job's steps are over.
 */
export interface Archive {
  readonly service: string;
  readonly key: string;
  readonly jvm: Jvm;
  /** What the image has in the JVM's variable, where the Compose file says nothing. */
  readonly before: string;
  /** The folder of the archive on this machine. */
  readonly folder: string;
}

/** `learn`: list the classes. `use`: start with the archive that is in the folder. */
export type WarmStep = 'learn' | 'use';

/** A service whose archive takes part in this run. */
export interface Warming extends Archive {
  readonly step: WarmStep;
}

/** The format of the entries; another one never meets these. */
const format = 1;

/** Where the folder is in the container; nothing of an image is there. */
const place = '/paklog-warm-start';

/** An archive where a JVM finds it. */
export const archiveName = 'classes.jsa';

/**
 * An archive in the cache: its name says its size. A JVM checks the sums of an archive, but JDK 17 and older end with SIGBUS
 * where one is shorter than it says itself.
 */
export function entryName(size: number): string {
  return `${size}.jsa`;
}

/** What a JVM writes the archive from. */
export const listName = 'classes.list';

/** Every list of classes has the ID of its process in its name, since programs that a person runs in a container may write one too. */
export const listRule = /^.+\.classes$/;

/** What is said of a file that cannot be an archive; smaller or larger ones are not kept. Bytes. */
const sizes = { least: 1 << 20, most: 512 << 20 };

/** A JVM that does not know an option, since it is older, starts without it. */
const tolerant = '-XX:+IgnoreUnrecognizedVMOptions';

const options: Readonly<Record<WarmStep, readonly string[]>> = {
  learn: [tolerant, `-XX:DumpLoadedClassList=${place}/%p.classes`],
  // An archive that does not fit, or whose sums are wrong, is passed over.
  use: [tolerant, '-Xshare:auto', '-XX:+VerifySharedSpaces', `-XX:SharedArchiveFile=${place}/${archiveName}`],
};

const writeOptions = [
  '-Xshare:dump',
  `-XX:SharedClassListFile=${place}/${listName}`,
  `-XX:SharedArchiveFile=${place}/${archiveName}`,
];

/** What an archive depends on, as far as it is known before the start. */
export interface Ingredients {
  readonly service: string;
  /** `<operating system>-<architecture>` of the engine. */
  readonly platform: string;
  /** The digest of the image, or its ID. */
  readonly image: string;
  /** A Compose service as it will run. */
  readonly described: Json;
  readonly jvm: Jvm;
  readonly before: string;
  /** How this machine's file system orders a folder; see `Machine.listingOrder`. */
  readonly order: string;
  readonly hash: (text: string) => string;
}

/**
 * The key of an archive in the cache. Options that decide about an archive are part of it; the rest of the environment is not,
 * since addresses and ports differ from run to run. A class path such as `lib/*` is read in the file system's own order, and
 * the archive fits that order alone.
 */
export function archiveKey(from: Ingredients): string {
  const environment = asObject(from.described['environment']);
  const variables = [from.jvm.variable, ...from.jvm.startup.keys()].sort();
  const given = (name: string) =>
    asString(environment?.[name]) ?? (name === from.jvm.variable ? from.before : '');
  const values = variables.map((name) => `${name}=${given(name)}`);
  const command = JSON.stringify([from.described['entrypoint'], from.described['command']]);
  const image = from.image.replace(/^.*sha256:/, '').slice(0, 16);
  const rest = from.hash([...values, command, from.order].join('\n')).slice(0, 12);
  return `paklog-jvm-${format}-${from.platform}-${image}-${rest}-${from.service}`;
}

/** The Compose model with the archives of some of its services. */
export function withArchives(model: Json, warmings: readonly Warming[]): Json {
  const services = entries(model['services']).map(([name, service]) => {
    const warming = warmings.find((each) => each.service === name);
    return [name, warming === undefined ? service : warmed(asObject(service) ?? {}, warming)] as const;
  });
  return { ...model, services: Object.fromEntries(services) };
}

function warmed(service: Json, { jvm, before, folder, step }: Warming): Json {
  const mount = {
    type: 'bind',
    source: folder,
    target: place,
    read_only: step === 'use',
    bind: { create_host_path: true },
  };
  const volumes = [...asArray(service['volumes']), mount];
  return { ...withOptions(service, jvm, before, options[step]), volumes };
}

/** The value of the JVM's variable with which a container of the service, as the model describes it, writes the archive and ends. */
export function writingOptions(described: Json, jvm: Jvm, before: string): string {
  const { environment } = withOptions(described, jvm, before, [tolerant, ...writeOptions]);
  // Compose writes `$` as `$$` in the models that it prints, and takes a variable of the command line as it is.
  return (asString(asObject(environment)?.[jvm.variable]) ?? '').replaceAll('$$', () => '$');
}

/** A list of classes up to its last whole line: the JVM that writes it still runs. */
export function wholeLines(list: string): string {
  return list.slice(0, list.lastIndexOf('\n') + 1);
}

/** What is looked at of a file: its first bytes, and how many it has. */
export interface Begun {
  readonly start: Uint8Array;
  readonly size: number;
}

/**
 * Whether a file is a whole archive, from its first four bytes and its size. The JVM writes them last: the number that stands
 * there says that all the rest was written (HotSpot, cdsConstants.h).
 */
export function isArchive(file: Begun | undefined): boolean {
  const { start = new Uint8Array(), size = 0 } = file ?? {};
  if (start.length < 4 || size < sizes.least || size > sizes.most) return false;
  const view = new DataView(start.buffer, start.byteOffset, 4);
  const magic = 0xf00b_aba2;
  return view.getUint32(0, true) === magic || view.getUint32(0, false) === magic;
}
