/** Values that never reach the log again. */
export interface Masks {
  add(value: string): void;
  apply(text: string): string;
}

/** As the runner's secret masker: a value, each of its lines, and the encodings in which it commonly leaks. */
export function createMasks(): Masks {
  const values = new Set<string>();
  const add = (value: string): void => {
    for (const spelling of spellings(value)) values.add(spelling);
  };
  return {
    add: (value) => {
      add(value);
      for (const line of value.split(/[\r\n]+/).map((text) => text.trim())) add(line);
    },
    apply: (text) => replaceAll(text, values),
  };
}

function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].filter((shift) => bytes.length > shift).map((shift) => bytes.subarray(shift));
  const xml = value.replace(
    /[<>"'&]/g,
    (sign) => ({ '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[sign] ?? '&amp;',
  );
  return [
    value,
    ...base64.map((part) => part.toString('base64')),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    xml,
    value.replaceAll('"', '\\"'),
    value.length > 8 && /^".*"$/s.test(value) ? value.slice(1, -1) : '',
  ].filter((spelling) => spelling !== '');
}

/** Overlapping and adjoining finds become one `***`, so that no rest of a secret is left between two of them. */
function replaceAll(text: string, values: ReadonlySet<string>): string {
  const found: Array<{ start: number; end: number }> = [];
  for (const value of values) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      found.push({ start: at, end: at + value.length });
    }
  }
  let masked = '';
  let done = 0;
  for (const { start, end } of found.sort((one, other) => one.start - other.start)) {
    if (start > done || (start === 0 && done === 0)) masked += `${text.slice(done, start)}***`;
    done = Math.max(done, end);
  }
  return masked + text.slice(done);
}
