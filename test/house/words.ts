import type { SourceFile, Violations } from './source.ts';

/** A Compose file with its catalogue, as far as names go. */
export interface ComposeNames {
  readonly services: Readonly<Record<string, { readonly image?: string }>>;
  readonly 'x-paklog'?: { readonly systems?: Readonly<Record<string, { readonly group?: string }>> };
}

/** What a stack calls its systems: service names and their first words, image names, groups. */
export function stackWords(compose: ComposeNames, exceptions: readonly string[]): string[] {
  const services = Object.entries(compose.services);
  const images = services.map(
    ([, { image = '' }]) => /([^/:@]+)(?::[^/@]*)?(?:@.*)?$/.exec(image)?.[1] ?? '',
  );
  const groups = Object.values(compose['x-paklog']?.systems ?? {}).map(({ group = '' }) => group);
  const names = services.flatMap(([name]) => [name, name.split('-')[0] ?? '']);
  const words = new Set([...names, ...images, ...groups].map((word) => word.toLowerCase()));
  return [...words].filter((word) => word !== '' && !exceptions.includes(word)).sort();
}

/** The action works for any stack: what is this stack's stands in its Compose file. */
export function sourceNamesNoSystem(files: readonly SourceFile[], words: readonly string[]): Violations {
  const phrases = words.map((word) => ({ word, spoken: ` ${wordsOf(word)} ` }));
  return eachLine(
    files.filter(({ path }) => path.startsWith('src/')),
    (line) => {
      const spoken = ` ${wordsOf(line)} `;
      return phrases.filter((phrase) => spoken.includes(phrase.spoken)).map(({ word }) => `names ${word}`);
    },
  );
}

/** `kafkaTopics`, `kafka_topics` and `kafka-topics` are the same two words. */
function wordsOf(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** The hosts that the product itself has to do with; a name without a dot is a container's. Package managers know theirs. */
const ownHosts =
  /^([^.]+|127\.0\.0\.\d+|([\w-]+\.)*example(\.com)?|([\w-]+\.)*(github\.com|docker\.(io|com)|ghcr\.io)|maven\.apache\.org|json-schema\.org)$/;

/** What others wrote and is kept word for word. */
const othersWords = /^(dist\/|LICENSE$)|package-lock\.json$/;

/** Every image's /etc/passwd has it. */
const passwdHome = ':root:/root:';

/** What is true of one machine only; package managers know their registries themselves. */
export function noWorkplace(files: readonly SourceFile[]): Violations {
  return eachLine(files, (line, file) => {
    const path = /(?<![\w.~}$<-])\/(?:work|root)(?![\w.-])/.exec(line.replace(passwdHome, ''))?.[0];
    const urls = othersWords.test(file) ? [] : [...line.matchAll(/https?:\/\/([a-z0-9.-]*[a-z0-9])/gi)];
    const hosts = urls.map(([, host = '']) => host);
    return [
      ...(path ? [`a path of one machine, ${path}`] : []),
      ...hosts.filter((host) => !ownHosts.test(host)).map((host) => `a foreign host, ${host}`),
    ];
  });
}

function eachLine(files: readonly SourceFile[], look: (line: string, file: string) => string[]): Violations {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => look(line, path).map((what) => `${path}:${index + 1}: ${what}`)),
  );
}
