import { parseAllDocuments } from 'yaml';
import type { Problem } from './errors.ts';
import { asObject, type Json } from './json.ts';

/** A Compose file larger than this is refused before anything reads it. Bytes of UTF-8, about. */
const sizeLimit = 1024 * 1024;

/** Aliases that one file may expand to. Real files stay below 500; an alias bomb reaches millions. */
const aliasLimit = 10_000;

/**
 * Reads a Compose file's text far enough to refuse what Compose itself hangs on or takes silently:
 * alias bombs, several documents in one file, no services at all.
 * Compose 2.40 runs out of memory on a 400-byte alias bomb, so this comes before it.
 */
export function checkComposeText(file: string, text: string): { map: Json; problems: readonly Problem[] } {
  const refuse = (what: string) => ({ map: {}, problems: [{ where: `compose file ${file}`, what }] });
  if (text.length > sizeLimit) return refuse('is larger than 1 MiB');
  if (text.trim() === '') return refuse('is empty');
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, { merge: true, logLevel: 'silent' });
  } catch (error) {
    return refuse(`is not YAML: ${firstLine(error)}`);
  }
  if (!Array.isArray(documents) || documents.length !== 1)
    return refuse('must hold exactly one YAML document');
  const [document] = documents;
  const [mistake] = document?.errors ?? [];
  if (mistake !== undefined) return refuse(`is not YAML: ${firstLine(mistake)}`);
  return readMap(document, refuse);
}

type Refusal = { map: Json; problems: readonly Problem[] };

function readMap(
  document: { toJS(options: { maxAliasCount: number }): unknown } | undefined,
  refuse: (what: string) => Refusal,
): Refusal {
  let value: unknown;
  try {
    value = document?.toJS({ maxAliasCount: aliasLimit });
  } catch (error) {
    return refuse(`expands without end: ${firstLine(error)}`);
  }
  const map = asObject(value);
  if (map === undefined) return refuse('must be a map with `services`');
  const services = asObject(map['services']);
  const includes = map['include'] !== undefined;
  if (!includes && (services === undefined || Object.keys(services).length === 0))
    return refuse('has no services');
  return { map, problems: [] };
}

function firstLine(error: unknown): string {
  const [line] = String(error instanceof Error ? error.message : error).split('\n');
  return (line ?? '').replace(/:$/, '');
}
