const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A number of bytes for a person: `512 bytes`, `1.5 GiB`. */
export function amount(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${Math.round(bytes)} bytes`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}
