import { ownFiles } from '../house/checkout.ts';

const folder = 'test/scenarios/shop/';

/** A service's repository: a build that uses Kafka, MongoDB and Redis, and files for the systems to begin with. */
export const shop: Readonly<Record<string, string>> = Object.fromEntries(
  ownFiles(`${folder}**`).map(({ path, text }) => [path.slice(folder.length), text]),
);
