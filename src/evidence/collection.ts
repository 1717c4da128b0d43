import type { RunRecord } from '../core/record.ts';
import type { Docker, EngineReader } from '../io/docker.ts';
import type { EvidenceFiles } from '../io/evidence-files.ts';
import type { Globs } from '../io/globs.ts';
import type { Host } from '../io/host.ts';
import type { Machine } from '../io/machine.ts';
import type { Runner } from '../io/runner.ts';
import type { EvidenceFolder } from './folder.ts';

/** As much of the outside world as evidence is taken from. */
export interface EvidenceWorld {
  readonly runner: Pick<Runner, 'variables'>;
  readonly docker: Pick<Docker, 'labelled'>;
  readonly engine: EngineReader;
  readonly machine: Pick<Machine, 'readText' | 'makeFolder' | 'now' | 'date' | 'sleep'>;
  readonly host: Host;
  readonly files: EvidenceFiles;
  readonly globs: Globs;
}

/** What evidence is wanted of. */
export interface EvidenceRequest {
  readonly project: string;
  /** Where to put it; a folder that is not there yet. */
  readonly folder: string;
  /** How the stack came up, where main has left word. */
  readonly record?: RunRecord;
  /** The resolved Compose model, where there is one. */
  readonly model?: unknown;
  /** What the job came to. */
  readonly outcome: RunRecord['outcome'];
  /** Values that everybody may read, though their names say otherwise. */
  readonly published: readonly string[];
  /** Values that nobody may read, beside those of the containers' own environment. */
  readonly secrets: readonly string[];
  /** The caller's own files: paths and patterns, relative to the workspace. */
  readonly include: readonly string[];
  readonly workspace: string;
  /** Milliseconds for everything. */
  readonly budget: number;
  readonly limits?: Partial<EvidenceLimits>;
}

/** Bytes. */
export interface EvidenceLimits {
  /** Kept of the log of one container, and of all. */
  readonly log: number;
  readonly logs: number;
  /** Kept of the caller's own files, together. */
  readonly files: number;
}

const mebibyte = 1024 * 1024;
export const usualLimits: EvidenceLimits = {
  log: 16 * mebibyte,
  logs: 128 * mebibyte,
  files: 100 * mebibyte,
};

/** A collection that goes on. */
export interface Collection {
  readonly request: EvidenceRequest;
  readonly limits: EvidenceLimits;
  readonly world: EvidenceWorld;
  readonly folder: EvidenceFolder;
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
  /** Does one part, which stands alone: where it fails or runs out of time, that is a warning and it is undefined. */
  readonly part: Part;
}

export type Part = <T>(what: string, body: () => Promise<T>) => Promise<T | undefined>;
