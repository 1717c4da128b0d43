import type { World } from '../../src/world.ts';

/** Nothing to get images with but the engine itself: it does not tell what it is, so nothing else is tried. */
export function fakeImages(): Pick<World, 'blobFiles' | 'openRegistry' | 'http' | 'dockerLogins'> {
  const unexpected = (what: string) => () => {
    throw new Error(`${what} is not expected here`);
  };
  return {
    blobFiles: {
      blob: unexpected('a blob'),
      pour: unexpected('a download'),
      copy: unexpected('a copy'),
      repack: unexpected('a repacking'),
      digest: unexpected('a digest'),
      sha256: (text) => `sha256:${text}`,
      size: async () => undefined,
    },
    openRegistry: unexpected('a registry'),
    http: { get: unexpected('a request'), post: unexpected('a request') },
    dockerLogins: async () => undefined,
  };
}
