import { describe, expect, test } from 'vitest';
import { asObject, type Json } from '../../src/core/json.ts';
import type { Source } from '../../src/core/preview/mounts.ts';
import { bearers, builtServices, renderPreview } from '../../src/core/preview/render.ts';
import { secretVariables } from '../../src/core/preview/secret-variables.ts';
import { deploymentOf, first, now } from './preview-sample.ts';

function service(json: Json, name: string): Json {
  return asObject(asObject(json['services'])?.[name]) ?? {};
}

describe('the Compose model of a preview', () => {
  const rendered = renderPreview(deploymentOf());

  test('has what takes part, under names of the project alone', () => {
    expect(Object.keys(asObject(rendered['services']) ?? {})).toEqual(['cache', 'migrate', 'web']);
    expect(service(rendered, 'web')).not.toHaveProperty('container_name');
    expect(Object.keys(asObject(service(rendered, 'web')['depends_on']) ?? {})).toEqual(['cache', 'migrate']);
    expect(rendered['networks']).toMatchObject({
      inner: { name: 'preview-shop-pr-7_inner' },
      shared: { name: 's', external: true },
    });
    expect(rendered['volumes']).toMatchObject({
      data: { name: 'preview-shop-pr-7_data', labels: { mine: 'yes' } },
    });
    expect(rendered).not.toHaveProperty('x-paklog');
  });

  test('publishes what is exposed and nothing else', () => {
    expect(service(rendered, 'web')['ports']).toEqual([
      { mode: 'ingress', host_ip: '127.0.0.1', target: 8080, published: '20001', protocol: 'tcp' },
    ]);
    expect(service(rendered, 'cache')).not.toHaveProperty('ports');
  });

  test('has files of the checkout as configs, whose names tell their content', () => {
    const [config] = service(rendered, 'web')['configs'] as readonly [Json];
    expect(config).toMatchObject({ target: '/app/motto', mode: 0o444 });
    const key = String(config['source']);
    expect(asObject(rendered['configs'])?.[key]).toEqual({ content: 'costs $$5' });
    expect(service(rendered, 'web')['volumes']).toEqual([
      { type: 'volume', source: 'data', target: '/data' },
    ]);
    const other: Source = [{ path: '', text: 'costs $6', executable: false }];
    const again = renderPreview(deploymentOf({ sources: new Map([['/w/motto', other]]) }));
    expect(Object.keys(asObject(again['configs']) ?? {})).not.toContain(key);
  });

  test('names images that are built after project and commit, whatever their own names are', () => {
    expect(service(rendered, 'web')['image']).toBe(`preview-shop-pr-7-web:${'b'.repeat(12)}`);
    expect(service(rendered, 'web')['build']).not.toHaveProperty('tags');
    const pushed = renderPreview(deploymentOf({ registry: 'ghcr.io/acme' }));
    expect(service(pushed, 'web')['image']).toMatch(/^ghcr\.io\/acme\/preview-shop-pr-7-web:b+$/);
  });

  test('changes nothing of what a push has not changed: only what is built or exposed has the new mark', () => {
    const commit = (name: string) =>
      asObject(service(rendered, name)['labels'])?.['org.paklog.preview.commit'];
    expect([commit('web'), commit('cache')]).toEqual([now.commit, first.commit]);
    const later = renderPreview(deploymentOf({ mark: { ...now, commit: 'c'.repeat(40) } }));
    for (const part of ['networks', 'volumes']) expect(later[part]).toEqual(rendered[part]);
    expect(service(later, 'cache')).toEqual(service(rendered, 'cache'));
    expect(service(later, 'web')['labels']).toMatchObject({ mine: 'yes' });
  });

  test('lets services of the caller without a network of their own see the stack', () => {
    expect(service(rendered, 'web')['networks']).toEqual({ default: null, inner: null });
  });

  test('takes another image instead of a build where one is named', () => {
    const chosen = deploymentOf({ images: new Map([['web', 'ghcr.io/acme/web:1']]) });
    expect(service(renderPreview(chosen), 'web')['image']).toBe('ghcr.io/acme/web:1');
    expect(service(renderPreview(chosen), 'web')).not.toHaveProperty('build');
    expect(builtServices(chosen)).toEqual([]);
    expect(bearers(chosen)).toEqual(['web']);
  });
});

test('behind a proxy no port is published, and only what is exposed is on the proxy’s network', () => {
  const rendered = renderPreview(
    deploymentOf({ ports: new Map() }, { proxy: 'traefik', 'proxy-network': 'edge' }),
  );
  expect(service(rendered, 'web')).not.toHaveProperty('ports');
  expect(service(rendered, 'web')['networks']).toHaveProperty('preview-proxy');
  expect(service(rendered, 'web')['labels']).toHaveProperty(['traefik.enable'], 'true');
  expect(service(rendered, 'cache')['networks']).toEqual({ inner: null });
  expect(rendered['networks']).toMatchObject({ 'preview-proxy': { name: 'edge', external: true } });
});

describe('configs that a file names', () => {
  const named = (config: object, source?: Source) => {
    const using = { image: 'x:1', configs: [{ source: 'rules', uid: '33' }] };
    const json = { services: { web: using }, configs: { rules: config } };
    const sources = new Map<string, Source>(source === undefined ? [] : [['/w/rules', source]]);
    return renderPreview(deploymentOf({ model: json, sources, services: ['web'] }));
  };

  test('go along with their content, at the place that they would have', () => {
    const rendered = named({ file: '/w/rules' }, [{ path: '', text: 'a=$b', executable: false }]);
    const [config] = service(rendered, 'web')['configs'] as readonly [Json];
    expect(config).toMatchObject({ uid: '33', target: '/rules' });
    expect(asObject(rendered['configs'])?.[String(config['source'])]).toEqual({ content: 'a=$$b' });
  });

  test('keep a content that stands in the file, and a variable', () => {
    const content = named({ content: 'a=$$b' });
    expect(Object.values(asObject(content['configs']) ?? {})).toEqual([{ content: 'a=$$b' }]);
    expect(named({ environment: 'RULES' })['configs']).toEqual({ rules: { environment: 'RULES' } });
  });
});

test('a secret that is a file becomes a variable, since the engine has no such file', () => {
  const secrets = { db: { file: '/w/db.txt', name: 'p_db' }, key: { environment: 'KEY' } };
  const { model: without, files } = secretVariables({ services: {}, secrets });
  expect([...files]).toEqual([['PREVIEW_SECRET_1', '/w/db.txt']]);
  expect(without['secrets']).toEqual({
    db: { name: 'p_db', environment: 'PREVIEW_SECRET_1' },
    key: { environment: 'KEY' },
  });
});
