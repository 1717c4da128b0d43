import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

/** The published schema of report.json. */
export const reportSchema = JSON.parse(
  readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'),
);

/** Whether the schema describes a report. */
export const isReport = new Ajv2020({ strict: true, allErrors: true }).compile(reportSchema);

export function expectReport(report: unknown): void {
  expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
}
