// Writes into action.yml and the documentation, between `generated: NAME` and `end` marks, what is decided elsewhere: by the
// catalogue, the checks of smoke, the actions and the reusable workflows.
// `node scripts/generate.ts` writes, `node scripts/generate.ts --check` fails when something is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checks } from '../smoke/checks/all.ts';
import type { Catalogue } from '../src/core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../src/core/catalogue/decode-catalogue.ts';
import { decodeModel } from '../src/core/model.ts';
import { referenceTables } from './reference.ts';

const compose: unknown = parse(readFileSync('compose/compose.yaml', 'utf8'), { merge: true });
const model = decodeModel(compose);
const { catalogue, problems } = decodeCatalogue(model.json['x-paklog']);
if (problems.length > 0) throw new Error(problems.map(({ where, what }) => `${where}: ${what}`).join('\n'));

const endpoints = [...catalogue.systems.values()].flatMap((system) =>
  system.endpoints.map((endpoint) => ({ system, endpoint })),
);

function yamlInputs({ inputs }: Catalogue): string {
  return inputs
    .map(({ name, description, effect }) => {
      const missing = effect.kind === 'overlay' ? '\n    default: "false"' : '';
      return `  ${name}:\n    description: ${JSON.stringify(description)}${missing}\n`;
    })
    .join('');
}

function yamlOutputs(): string {
  return endpoints
    .filter(({ endpoint }) => endpoint.output !== undefined)
    .map(({ system, endpoint }) => {
      const same = system.endpoints.filter(({ output }) => output !== undefined).length === 1;
      const which = same ? system.title : `${system.title}, ${endpoint.name}`;
      return `  ${endpoint.output}:\n    description: "${which}: ${endpoint.url.replace('{host}:{port}', `localhost:${endpoint.port}`)}"\n`;
    })
    .join('');
}

function systemsTable(): string {
  const rows = [...catalogue.systems.values()].map((system) => {
    const own = system.endpoints.map(({ port }) => port).join(', ');
    const inside = system.endpoints.map(({ insidePort }) => `${system.name}:${insidePort}`)[0] ?? '';
    const image = model.services.get(system.name)?.image ?? '';
    const outputs = system.endpoints
      .flatMap(({ output }) => (output === undefined ? [] : [`\`${output}\``]))
      .join(' ');
    return `| ${system.name} | ${system.group ?? ''} | ${own} | ${inside} | \`${image}\` | ${outputs} |`;
  });
  const head = '| system | group | ports | in the network | image | outputs |\n|---|---|---|---|---|---|';
  return `${[head, ...rows].join('\n')}\n`;
}

function environmentTable(): string {
  const rows = endpoints.flatMap(({ system, endpoint }) =>
    Object.entries(endpoint.env).flatMap(([set, names]) =>
      Object.entries(names).map(([name, template]) => {
        const value = template
          .replaceAll('{url}', endpoint.url)
          .replaceAll('{host}', 'localhost')
          .replaceAll('{port}', String(endpoint.port));
        return `| ${set} | \`${name}\` | \`${value}\` | ${system.name} |`;
      }),
    ),
  );
  const head = '| set | name | value with fixed ports | system |\n|---|---|---|---|';
  return `${[head, ...rows.sort()].join('\n')}\n`;
}

function checksTable(): string {
  const rows = checks.map(({ id, promise, needs, deadline, option }) => {
    const also = option === undefined ? '' : ` With ${option.needs}.`;
    return `| \`${id}\` | ${promise}${also} | ${needs.join(', ')} | ${deadline / 1000} |`;
  });
  const head = '| check | promise | asks | deadline, s |\n|---|---|---|--:|';
  return `${[head, ...rows].join('\n')}\n`;
}

/** Each is made when its place is reached: the reference tells what action.yml says by then. */
const parts: Readonly<Record<string, () => string>> = {
  inputs: () => yamlInputs(catalogue),
  outputs: yamlOutputs,
  systems: systemsTable,
  environment: environmentTable,
  checks: checksTable,
  reference: referenceTables,
};

const marked = /(^[ \t]*(?:#|<!--) generated: (\w+)(?: -->)?\n)[\s\S]*?(^[ \t]*(?:#|<!--) end(?: -->)?$)/gm;
const stale = ['action.yml', 'README.md', 'docs/smoke.md', 'docs/reference.md'].filter((file) => {
  const text = readFileSync(file, 'utf8');
  const fresh = text.replace(
    marked,
    (_, head: string, name: string, end: string) => head + (parts[name]?.() ?? '') + end,
  );
  if (fresh !== text && !process.argv.includes('--check')) writeFileSync(file, fresh);
  return fresh !== text;
});

if (stale.length > 0 && process.argv.includes('--check')) {
  console.error(
    `${stale.join(' and ')} do not say what compose/compose.yaml, smoke/checks, the actions and the workflows say: run \`node scripts/generate.ts\`.`,
  );
  process.exit(1);
}
