import { join } from 'node:path';
import { mapTexts } from '../core/json.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import type { EvidenceFiles } from '../io/evidence-files.ts';

/** Puts more text at the end of a file. */
export type Put = (text: string) => Promise<void>;

/** The folder that evidence goes into. All text that reaches a file of it has passed the redactor. */
export interface EvidenceFolder {
  /** Absolute paths of the files that are there. */
  files(): readonly string[];
  /** False once something could not be redacted; it is not in the folder then. */
  redacted(): boolean;
  write(path: string, text: string): Promise<void>;
  /** Writes a file piece by piece. What the body throws is thrown on, and what was written until then stays. */
  pieces(path: string, body: (put: Put) => Promise<void>): Promise<void>;
  /** Writes a value as JSON, in which every text has passed the redactor. */
  json(path: string, value: unknown): Promise<void>;
  /** A copy of a value in which every text has passed the redactor. */
  clean(value: unknown): unknown;
  /** Copies what is no text, as it is. */
  copy(path: string, chunks: AsyncIterable<Buffer>): Promise<void>;
  /** What was copied so: paths below the folder. */
  copied(): readonly string[];
  /** Ends all writing: whoever is still at it is refused. */
  close(): void;
}

export function evidenceFolder(root: string, redactor: Redactor, files: EvidenceFiles): EvidenceFolder {
  const kept = new Set<string>();
  const copied: string[] = [];
  let redacted = true;
  let closed = false;
  const refuseWhenClosed = () => {
    if (closed) throw new Error('there was no time left to write it');
  };
  const open = async (path: string) => {
    refuseWhenClosed();
    const file = join(root, path);
    const writer = await files.create(file);
    kept.add(file);
    return { file, writer };
  };
  const pieces: EvidenceFolder['pieces'] = async (path, body) => {
    const clean = guarded(redactor);
    const { file, writer } = await open(path);
    try {
      await body(async (text) => {
        refuseWhenClosed();
        await writer.write(clean.push(text));
      });
    } finally {
      try {
        if (!clean.failed()) await writer.write(clean.end());
      } finally {
        await writer.close();
        if (clean.failed()) {
          redacted = false;
          kept.delete(file);
          await files.remove(file);
        }
      }
    }
  };
  const raw = async (path: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>) => {
    const { writer } = await open(path);
    try {
      for await (const chunk of chunks) {
        refuseWhenClosed();
        await writer.write(chunk);
      }
    } finally {
      await writer.close();
    }
  };
  const clean = (value: unknown) => {
    try {
      return mapTexts(value, redactor.text);
    } catch (error) {
      redacted = false;
      throw error;
    }
  };
  return {
    files: () => [...kept],
    redacted: () => redacted,
    pieces,
    write: (path, text) => pieces(path, (put) => put(text)),
    clean,
    json: async (path, value) => raw(path, [Buffer.from(`${JSON.stringify(clean(value), null, 2)}\n`)]),
    copy: (path, chunks) => {
      copied.push(path);
      return raw(path, chunks);
    },
    copied: () => copied,
    close: () => {
      closed = true;
    },
  };
}

/** A redaction that remembers whether it has failed: nothing of such a file can be trusted. */
function guarded(redactor: Redactor) {
  let failed = false;
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  let stream: ReturnType<Redactor['stream']> | undefined;
  const begun = () => {
    stream ??= redactor.stream();
    return stream;
  };
  return {
    push: (text: string) => attempt(() => begun().push(text)),
    end: () => attempt(() => begun().end()),
    failed: () => failed,
  };
}
