import { afterAll, beforeAll, expect, test } from 'bun:test';
import { z } from 'zod';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../test/actors/server-process.ts';
import { RESOURCES } from './resources.ts';
import { ROUTES, type Route } from './routes.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

type Content = { readonly content: { readonly 'application/json': { readonly schema: Schema } } };

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

const folder = temporaryFolder('routes');
let server: ServerProcess;
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  ({ paths } = await (await fetch(`${server.url}/api/openapi.json`)).json());
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('the document names every route of the API, and no other', () => {
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
});

for (const route of ROUTES) {
  test(`${route.method} ${route.path} does, takes and answers what the document says`, () => {
    const operation = paths[route.path]?.[route.method];
    const { [route.status]: answer, ...others } = operation?.responses ?? {};
    expect(Object.keys(others)).toEqual(['default']);
    expect({
      summary: operation?.summary,
      query: operation?.parameters?.filter((each) => each.in === 'query').map((each) => each.name) ?? [],
      body: fieldsOf(operation?.requestBody?.content['application/json'].schema),
      answer: fieldsOf(answer?.content['application/json'].schema),
    }).toEqual({
      summary: route.summary,
      query: [...(route.query ?? [])],
      body: route.body ? fieldsOfResource(route.body) : undefined,
      answer: answerFields(route.answer),
    });
  });

  test(`${route.method} ${route.path} ${route.open ? 'needs no' : 'wants a'} session`, async () => {
    const path = route.path.replace('{id}', '1');
    const body = route.body ? { body: '{}' } : {};
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(server.url + path, {
      method: route.method.toUpperCase(),
      headers,
      ...body,
    });
    expect(status === 401).toBe(!route.open);
  });
}

/** The names of an object's fields; for one that is a list under a name, those of its entries as well. */
function fieldsOf(schema: Schema | undefined): string[] | undefined {
  return (
    schema &&
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      field.items
        ? [name, ...Object.keys(field.items.properties ?? {}).map((each) => `${name}.${each}`)]
        : name,
    )
  );
}

function fieldsOfResource(name: keyof typeof RESOURCES): string[] | undefined {
  return fieldsOf(z.toJSONSchema(RESOURCES[name].schema, { io: 'input' }) as Schema);
}

function answerFields(answer: Route['answer']): string[] | undefined {
  if (answer === undefined) return [];
  if (typeof answer === 'string') return fieldsOfResource(answer);
  const entry = fieldsOfResource(answer.of) ?? [];
  return [answer.list, ...entry.map((each) => `${answer.list}.${each}`)];
}
