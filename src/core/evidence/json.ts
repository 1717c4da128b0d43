import { asArray, asString } from '../json.ts';

/** Text, or none where there is something else. */
export function text(value: unknown): string {
  return asString(value) ?? '';
}

/** A number, 0 where there is something else. */
export function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** The texts of a list. */
export function texts(value: unknown): readonly string[] {
  return asArray(value).flatMap((each) => asString(each) ?? []);
}
