import fc from 'fast-check';

/** Any text that JavaScript can hold: control characters, halves of letters, invisible and reordering ones among them. */
export function anyText(limits: { readonly minLength?: number; readonly maxLength?: number } = {}) {
  const odd = fc.uint16Array({ maxLength: 20, ...limits }).map((units) => String.fromCharCode(...units));
  return fc.oneof(fc.string({ maxLength: 20, ...limits }), odd);
}
