import path from 'node:path';
import pino from 'pino';
import { variableOf } from '../../simulator/config';
import { SCENARIOS } from '../../simulator/scenarios';
import { DEFAULT_SETTINGS } from '../../simulator/settings';
import { type AppDeps, buildApp } from '../../src/api/app';
import { ENVIRONMENT } from '../../src/config/environment';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/namespace';
import { anchorsOf, codeSpans, DOCUMENTS, documentNamed, exists, findAll, listFiles, readText } from './documents';

const sources = ['src', 'scripts', 'simulator']
  .flatMap((folder) => listFiles(folder, ['.ts', '.json']))
  .concat('test/support/find-chromium.ts', 'docker-compose.yml', '.env.example')
  .map(readText)
  .join('\n');

describe.each(DOCUMENTS)('$name', ({ name, text }) => {
  test('links lead somewhere', () => {
    const broken = findAll(text, /\]\(([^)\s]+)\)/g)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? name : path.join(path.dirname(name), file);
        if (!exists(target)) return true;
        return anchor !== undefined && !anchorsOf(readText(target)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test('files and folders exist', () => {
    const named = findAll(text, /(?<![\w./-])((?:src|web|simulator|scripts|test|docs)\/[\w./-]*\w)/g);
    expect(named.filter((file) => !exists(file))).toEqual([]);
  });

  test('scripts exist', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const named = findAll(text, /npm run ([\w:-]+)/g).concat(findAll(text, /npm (start|test)\b/g));
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  test('variables exist', () => {
    const secret = Object.entries(ENVIRONMENT).flatMap(([variable, entry]) => ('secret' in entry ? [variable] : []));
    const ours = [...Object.keys(ENVIRONMENT), ...secret.map((variable) => `${variable}_FILE`)];
    const settings = Object.keys(DEFAULT_SETTINGS).map(variableOf);
    const named = findAll(text, /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g);
    const isOurs = (word: string) =>
      /^(GATEWAY|PUBLIC|HASH|API|RECEIVER|TRUSTED|CODEC|PAYLOAD|NOTIFICATIONS|POLL|UNCONFIRMED|CONFIRM|LOG)_/.test(
        word,
      );
    const isKnown = (word: string) =>
      ours.includes(word) || settings.includes(word) || (!isOurs(word) && new RegExp(`\\b${word}\\b`).test(sources));
    expect(named.filter((word) => !isKnown(word))).toEqual([]);
  });

  test('lines have at most 140 characters, but for tables', () => {
    const long = text.split('\n').filter((line) => !line.startsWith('|') && [...line].length > 140);
    expect(long).toEqual([]);
  });
});

describe('routes', () => {
  const named = DOCUMENTS.flatMap(({ text }) => codeSpans(text)).flatMap((span) => {
    const [, methods = '', url = ''] = /^((?:GET|POST|PUT|PATCH|DELETE)(?:, [A-Z]+)*) (\/[^?\s]*)/.exec(span) ?? [];
    return methods.split(', ').flatMap((method) => (method === '' ? [] : [{ method, url }]));
  });

  function build() {
    const log = pino({ level: 'silent' });
    const access = { apiKeys: [], callerRatePerSecond: 1, receiverRatePerSecond: 1, trustedProxies: [] };
    const codec = { codec: {}, origin: 'http://127.0.0.1:8233', namespace: 'default' };
    const deps = {
      log,
      access,
      codec,
      ...{ hashKey: 'x', receiverLinkKeys: ['x'], publicBaseUrl: 'http://127.0.0.1', endpoints: {} },
    };
    return buildApp(deps as unknown as AppDeps);
  }

  test('named ones exist', async () => {
    const app = await build();
    await app.ready();
    const missing = named.filter(({ method, url }) => {
      const options = { method: method as 'GET', url };
      return !app.hasRoute(options) && !app.hasRoute({ ...options, url: `${url}/` });
    });
    await app.close();
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThanOrEqual(10);
  });

  test('existing ones are in docs/api.md', async () => {
    const app = await build();
    await app.ready();
    const described = Object.entries(app.swagger().paths ?? {}).flatMap(([url, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${url.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    await app.close();
    const spans = codeSpans(documentNamed('docs/api.md').text);
    expect(described.length).toBeGreaterThanOrEqual(5);
    expect(described.filter((route) => !spans.includes(route))).toEqual([]);
  });
});

test('operating names every search attribute', () => {
  const { text } = documentNamed('docs/operating.md');
  for (const [attribute] of SEARCH_ATTRIBUTES) expect(codeSpans(text)).toContain(attribute);
});

test('scenarios of the examples exist', () => {
  const played = DOCUMENTS.flatMap(({ text }) => findAll(text, /--scenario ([a-z_\d]+)/g));
  expect(played.length).toBeGreaterThanOrEqual(1);
  expect(played.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name))).toEqual([]);
});

describe('decisions', () => {
  const decisions = DOCUMENTS.filter(({ name }) => /^docs\/adr\/\d{4}-/.test(name));

  test('are numbered without a gap', () => {
    const numbers = decisions.map(({ name, text }) => [
      Number(/(\d{4})-/.exec(name)?.[1]),
      Number(/^# (\d+)\. /.exec(text)?.[1]),
    ]);
    expect(numbers).toEqual(decisions.map((_, index) => [index + 1, index + 1]));
  });

  test.each(decisions)('$name has a status, context, decision and consequence, in fewer than 40 lines', ({ text }) => {
    expect(findAll(text, /^## (.+)$/gm)).toEqual(['Context', 'Decision', 'Consequence']);
    expect(text).toMatch(/\n\nStatus: (accepted|superseded by \[\d+\]\(\d{4}-[a-z0-9-]+\.md\))\.\n\n/);
    expect(text.split('\n').length).toBeLessThan(40);
  });

  test('are listed in the index, each with its title and what supersedes it', () => {
    const rows = decisions.map(({ name, text }) => {
      const [, number, title] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
      const [, successor] = /^Status: superseded by \[(\d+)\]/m.exec(text) ?? [];
      return `${number}. [${title}](${path.basename(name)})${successor === undefined ? '' : `, superseded by ${successor}`}`;
    });
    expect(
      readText('docs/adr/README.md')
        .split('\n')
        .filter((line) => /^\d+\. /.test(line)),
    ).toEqual(rows);
  });
});
