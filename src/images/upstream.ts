import type { Readable } from 'node:stream';
import { digestRule } from '../core/images/contents.ts';
import { type ImageName, registryAddresses } from '../core/images/image-name.ts';
import { isIndex, manifestTypes, platformDigest } from '../core/images/platform-manifest.ts';
import type { Range } from '../core/images/stretches.ts';
import type { HttpAnswer } from '../io/http.ts';
import type { World } from '../world.ts';
import { type RegistrySession, registrySession } from './registry-session.ts';

export interface ResolvedManifest {
  readonly digest: string;
  /** Of the list that named it for the platform; absent where the name means one image alone. */
  readonly index?: string;
  readonly mediaType: string;
  /** Byte for byte: the digest is of it. */
  readonly body: string;
}

/** The registries that images come from (OCI distribution specification 1.1: pull). */
export interface Upstream {
  /**
   * The manifest that a name means on a platform such as `linux/amd64`.
   * @throws Error that says who answered what; a manifest that has not the digest asked for is none.
   */
  resolve(image: ImageName, platform: string, signal: AbortSignal): Promise<ResolvedManifest>;
  /**
   * The bytes of a blob, or from the beginning of a range on: a server may send what is beyond it, too.
   * @throws RegistriesRefused, or NoRanges where only the whole blob can be had.
   */
  blob(image: ImageName, digest: string, range: Range | undefined, signal: AbortSignal): Promise<Readable>;
  /** Whether anything of the image's repository was asked for with a login. */
  usesLogin(image: ImageName): boolean;
}

/** Who was asked for something, and what each answered. */
export class RegistriesRefused extends Error {
  /** Nobody would answer otherwise a moment later: not known, not allowed, or asked too often. */
  readonly lasting: boolean;
  constructor(message: string, lasting: boolean) {
    super(message);
    this.lasting = lasting;
  }
}

/** A server sends blobs from their beginning alone. */
export class NoRanges extends Error {}

type Outside = Pick<World, 'http' | 'dockerLogins' | 'blobFiles'>;

/** A manifest is text of a few kilobytes; registries refuse more than 4 MiB, too. */
const longestManifest = 4 * 1024 * 1024;

/** Asks an engine's mirrors for what is docker.io's, as the engine does, then the registry itself with the user's login. */
export function upstream(mirrors: readonly string[], outside: Outside): Upstream {
  const sessions = new Map<string, RegistrySession>();
  const sessionAt = (address: string, { registry, repository }: ImageName) => {
    const key = `${address} ${repository}`;
    // A login is for the registry, not for who stands in for it.
    const own = !mirrors.includes(address);
    const credentials = async () => (own ? outside.dockerLogins(registry) : undefined);
    const session = sessions.get(key) ?? registrySession(address, repository, credentials, outside.http);
    sessions.set(key, session);
    return session;
  };
  /** The first address with what is asked for; the others are not asked again unless it fails. */
  const ask = async <T>(image: ImageName, use: (session: RegistrySession) => Promise<T>): Promise<T> => {
    const refused: string[] = [];
    let lasting = true;
    for (const address of registryAddresses(image.registry, mirrors)) {
      try {
        return await use(sessionAt(address, image));
      } catch (error) {
        if (error instanceof NoRanges) throw error;
        lasting &&= /^HTTP (401|403|404|429)$/.test(error instanceof Error ? error.message : '');
        refused.push(`${new URL(address).host}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    throw new RegistriesRefused(refused.join('; '), lasting);
  };
  const manifest = async (session: RegistrySession, reference: string, signal: AbortSignal) => {
    const answer = await session.get(`manifests/${reference}`, { accept: manifestTypes }, signal);
    return readManifest(answer, reference, outside);
  };
  return {
    resolve: (image, platform, signal) =>
      ask(image, async (session) => {
        const found = await manifest(session, image.reference, signal);
        if (!isIndex(found.body)) return found;
        const digest = platformDigest(found.body, platform);
        if (digest === undefined) throw new Error(`there is no image for ${platform}`);
        return { ...(await manifest(session, digest, signal)), index: found.digest };
      }),
    blob: (image, digest, range, signal) =>
      ask(image, async (session) => {
        const headers: Record<string, string> =
          range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` };
        return readBlob(await session.get(`blobs/${digest}`, headers, signal), range);
      }),
    usesLogin: (image) =>
      registryAddresses(image.registry, mirrors).some((address) => sessionAt(address, image).usesLogin()),
  };
}

async function readManifest(
  answer: HttpAnswer,
  reference: string,
  { blobFiles }: Outside,
): Promise<ResolvedManifest> {
  if (answer.status !== 200) throw refused(answer);
  const body = await shortText(answer.body);
  const digest = blobFiles.sha256(body);
  if (digestRule.test(reference) && digest !== reference) throw new Error('the manifest has another digest');
  return { digest, mediaType: answer.headers['content-type']?.split(';')[0] ?? '', body };
}

async function shortText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestManifest) throw new Error(`a manifest of more than ${longestManifest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function readBlob(answer: HttpAnswer, range: Range | undefined): Readable {
  if (answer.status === 200) {
    if (range === undefined || range.start === 0) return answer.body;
    answer.body.destroy();
    throw new NoRanges('the server knows no ranges');
  }
  const partial = answer.headers['content-range'] ?? '';
  if (range === undefined || answer.status !== 206 || !partial.startsWith(`bytes ${range.start}-`))
    throw refused(answer);
  return answer.body;
}

function refused(answer: HttpAnswer): Error {
  answer.body.destroy();
  return new Error(`HTTP ${answer.status}`);
}
