import { median } from '../../src/core/median.ts';
import { columns } from './figures.ts';
import type { Measured, Place } from './image-rounds.ts';
import type { ImageRun } from './image-run.ts';
import type { ArmName } from './options.ts';

const tenth = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(1));
const mega = (bytes: number): string => (Number.isNaN(bytes) ? '' : (bytes / 1e6).toFixed(0));
const middle = (runs: readonly ImageRun[], of: (run: ImageRun) => number): number => median(runs.map(of));
const most = (runs: readonly ImageRun[], of: (run: ImageRun) => number): number => Math.max(...runs.map(of));

const titles = ['median s', 'min', 'max', 'command s', 'CPU s', 'registry MB', 'cache MB'];
const more = [
  'own CPU s',
  'main MB',
  'worker MB',
  'together MB',
  'post s',
  'post MB',
  'others',
  'void',
  'what',
];

/** Per arm of a place: seconds until every system works (median, least, most), and what that cost. */
export function placeTable(place: Place, measured: readonly Measured[]): string {
  const rows = measured.map(({ arm, runs, voids }) => [
    arm.name,
    tenth(middle(runs, ({ ready }) => ready)),
    tenth(Math.min(...runs.map(({ ready }) => ready))),
    tenth(most(runs, ({ ready }) => ready)),
    tenth(middle(runs, ({ command }) => command)),
    tenth(middle(runs, ({ cpu }) => cpu)),
    mega(middle(runs, ({ upstream }) => upstream)),
    mega(middle(runs, ({ cached }) => cached)),
    tenth(middle(runs, ({ peak }) => peak.cpu)),
    mega(most(runs, ({ peak }) => peak.own)),
    mega(most(runs, ({ peak }) => peak.worker)),
    mega(most(runs, ({ peak }) => peak.together)),
    tenth(middle(runs, ({ post }) => post ?? Number.NaN)),
    mega(most(runs, ({ postPeak }) => postPeak?.together ?? Number.NaN)),
    most(runs, ({ others }) => others).toFixed(2),
    String(voids.length),
    arm.title,
  ]);
  const name =
    place.speed === undefined ? `${place.store}, images local` : `${place.store}, ${place.speed} MB/s`;
  return columns([[name, ...titles, ...more], ...rows]);
}

/** Per system and arm of a place: the median second at which it worked. */
export function systemsTable(measured: readonly Measured[]): string {
  const services = measured[0]?.arm.services ?? [];
  const rows = services.map((service) => [
    service,
    ...measured.map(({ runs }) => tenth(middle(runs, ({ systems }) => systems.get(service) ?? Number.NaN))),
  ]);
  return columns([['works after, s', ...measured.map(({ arm }) => arm.name)], ...rows]);
}

/** What post costs more than with `cache: off`, when nothing has changed. */
export function postLines(measured: readonly Measured[]): readonly string[] {
  return measured
    .filter(({ arm }) => arm.name === 'warm' || arm.name === 'warm-start')
    .flatMap(({ store, speed, arm, runs }) => {
      const off = measured.find((each) => each.store === store && each.arm.name === 'off-local');
      if (off === undefined) return [];
      const added = middle(runs, ({ post }) => post ?? 0) - middle(off.runs, ({ post }) => post ?? 0);
      return [`${placeName({ store, speed })}  ${arm.name}, post adds ${added.toFixed(1)} s`];
    });
}

const ratios: readonly (readonly [ArmName, ArmName, string])[] = [
  ['cold', 'compose', 'cold/compose'],
  ['cold', 'original', 'cold/original'],
  ['warm', 'save-load', 'warm/save-load'],
  ['warm', 'cold', 'warm/cold'],
  ['warm-start', 'compose-local', 'warm-start/compose'],
  ['warm-start', 'original-local', 'warm-start/original'],
];

const placeName = ({ store, speed }: Place): string =>
  `${store} ${speed === undefined ? 'local' : `${speed} MB/s`}`;

/** Every ratio at every place, then the six that the goals are set for: each at its worst place. */
export function ratioLines(measured: readonly Measured[]): readonly string[] {
  const found = ratios.map(([above, below, name]) => ({
    name,
    values: ratioAtPlaces(measured, above, below),
  }));
  const places = found.flatMap(({ name, values }) =>
    values.map(({ place, value }) => `${placeName(place)}  ${name} ${value.toFixed(2)}`),
  );
  const worst = found
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => `${name} ${Math.max(...values.map(({ value }) => value)).toFixed(2)}`);
  return [...places, '', ...worst];
}

function ratioAtPlaces(measured: readonly Measured[], above: ArmName, below: ArmName) {
  const ready = ({ runs }: Measured): number => middle(runs, (each) => each.ready);
  return measured
    .filter(({ arm }) => arm.name === above)
    .flatMap((place) => {
      const other = measured.find(
        ({ arm, store, speed }) => arm.name === below && store === place.store && speed === place.speed,
      );
      return other === undefined ? [] : [{ place, value: ready(place) / ready(other) }];
    });
}
