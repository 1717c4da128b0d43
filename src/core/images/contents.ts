import { asArray, asObject, asString } from '../json.ts';

/** One blob of an image, as its manifest names it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** What an image consists of. */
export interface Contents {
  readonly config: Descriptor;
  /** The lowest first. */
  readonly layers: readonly Descriptor[];
}

export const digestRule = /^sha256:[0-9a-f]{64}$/;

/** Reads an image manifest (OCI image specification; Docker's schema 2); undefined where it is none, or names what no registry serves. */
export function contentsOf(body: string): Contents | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const config = descriptor(asObject(json)?.['config']);
  const layers = asArray(asObject(json)?.['layers']).map(descriptor);
  if (config === undefined || layers.length === 0 || layers.includes(undefined)) return undefined;
  return { config, layers: layers.flatMap((layer) => layer ?? []) };
}

/** Every blob once, in the order in which they are needed. */
export function blobsOf({ config, layers }: Contents): readonly Descriptor[] {
  return [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
}

/** The same of a manifest's text; none where it is no manifest. */
export function blobsIn(body: string): readonly Descriptor[] {
  const contents = contentsOf(body);
  return contents === undefined ? [] : blobsOf(contents);
}

function descriptor(value: unknown): Descriptor | undefined {
  const json = asObject(value);
  const [mediaType, digest, size] = [
    asString(json?.['mediaType']),
    asString(json?.['digest']),
    json?.['size'],
  ];
  if (mediaType === undefined || digest === undefined || !digestRule.test(digest)) return undefined;
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
    ? { mediaType, digest, size }
    : undefined;
}
