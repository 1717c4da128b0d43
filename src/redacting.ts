import { checkComposeText } from './core/compose-text.ts';
import type { Json } from './core/json.ts';
import {
  asSecrets,
  everydayWords,
  modelSecrets,
  publishedValues,
  secretFiles,
} from './core/redaction/model-secrets.ts';
import { createRedactor, type Redactor } from './core/redaction/redactor.ts';
import { secretValues } from './core/redaction/secrets.ts';
import { stackFileOf } from './read-request.ts';
import type { World } from './world.ts';

/** A world that shows no secret, and remembers what it warned of. */
export interface Redacting {
  readonly world: World;
  /** Warnings so far. */
  readonly warnings: readonly string[];
  /** Values that are no secrets: everybody can read them in the stack's own file, or they are everyday words. */
  published(): readonly string[];
  /** What a Compose model says must not be shown is hidden from now on. */
  hide(model: Json): Promise<void>;
  /** Everything that is hidden. */
  secrets(): readonly string[];
}

/** A secret is no book. Bytes of a file that Compose hands to containers as one. */
const largestSecret = 64 * 1024;

/**
 * Wraps a world so that whatever it shows a person (log, annotations, summary) is redacted: the runner masks only the
 * secrets that it knows, and only in its log.
 */
export async function redacting(outside: World): Promise<Redacting> {
  const { runner, terminal } = outside;
  let published: readonly string[] = [...(await readPublished(outside)), ...everydayWords({})];
  let secrets: readonly string[] = secretValues(Object.entries(runner.variables()));
  let redactor: Redactor = createRedactor(secrets, published);
  const clean = (text: string) => redactor.text(text);
  const warnings: string[] = [];
  const world: World = {
    ...outside,
    terminal: { ...terminal, draw: (lines) => terminal.draw(lines.map(clean)) },
    runner: {
      ...runner,
      info: (text) => runner.info(clean(text)),
      notice: (text) => runner.notice(clean(text)),
      warning: (text, title) => {
        warnings.push(clean(text));
        runner.warning(clean(text), title);
      },
      fail: (title, text) => runner.fail(clean(title), clean(text)),
      foreign: (title, text) => runner.foreign(title, clean(text)),
      summary: (markdown) => runner.summary(clean(markdown)),
    },
  };
  const hide = async (model: Json) => {
    const files = await Promise.all(secretFiles(model).map((file) => readSecret(file, outside)));
    published = [...new Set([...published, ...everydayWords(model)])];
    secrets = [...new Set([...secrets, ...modelSecrets(model, runner.variables()), ...asSecrets(files)])];
    redactor = createRedactor(secrets, published);
  };
  return { world, warnings, published: () => published, hide, secrets: () => secrets };
}

async function readPublished(world: World): Promise<readonly string[]> {
  const file = stackFileOf(world);
  const text = await world.machine.readText(file).catch(() => '');
  return publishedValues(checkComposeText(file, text).map);
}

/** A file that cannot be read cannot be shown either. */
async function readSecret(file: string, { machine }: World): Promise<string> {
  const text = await machine.readText(file).catch(() => '');
  return text.slice(0, largestSecret);
}
