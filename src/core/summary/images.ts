import type { ImageOrigin, ImageRecord } from '../images/image-record.ts';
import { prose, table } from '../markdown.ts';
import type { RunRecord } from '../record.ts';
import { imageOf } from './table.ts';

/** One row per image that was not on the machine; nothing where all were. */
export function imagesTable({ images = [], cache = '' }: RunRecord, limit: number): readonly string[] {
  const came = images.filter(({ origin }) => origin !== 'local');
  const rows = came.slice(0, limit).map((each) => [imageOf(each), ...figuresOf(each)]);
  if (rows.length === 0) return [];
  const local = images.length - came.length;
  const left = came.length - rows.length;
  const notes = [
    ...(left === 0 ? [] : [`${left} more images are not listed: GitHub shows no longer page.`]),
    ...(local === 0
      ? []
      : [local === 1 ? '1 more was on this machine.' : `${local} more were on this machine.`]),
    ...(cache === '' ? [] : [prose(cache)]),
  ];
  const head = ['image', 'came from', 'MB:', 'there after,&nbsp;s:', 'the cache'];
  return [...table(head, rows), ...(notes.length === 0 ? [] : ['', notes.join(' ')])];
}

const places: Readonly<Record<ImageOrigin, string>> = {
  local: 'this machine',
  cache: 'cache',
  registry: 'registry',
  engine: '`docker pull`',
};

function figuresOf(image: ImageRecord): readonly string[] {
  const { origin, bytes, seconds } = image;
  return [
    places[origin],
    bytes === undefined ? '' : (bytes / 1e6).toFixed(1),
    seconds === undefined ? '' : seconds.toFixed(1),
    verdict(image),
  ];
}

/** What the cache saved or cost, by what the other way took in earlier runs. */
function verdict({ origin, seconds, otherWay }: ImageRecord): string {
  if (seconds === undefined || otherWay === undefined) return '';
  const [cache, registry] = origin === 'cache' ? [seconds, otherWay] : [otherWay, seconds];
  const difference = Math.abs(registry - cache).toFixed(1);
  if (difference === '0.0') return 'as fast';
  if (origin === 'cache') return `${cache < registry ? 'saved' : 'cost'} ${difference}&nbsp;s`;
  return `would have ${cache < registry ? 'saved' : 'cost'} ${difference}&nbsp;s`;
}
