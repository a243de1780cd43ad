import { z } from 'zod';

/** What the server says of its HTTP API itself, so that no route is left out that is added later. */
export interface ApiSurface {
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** What the fields of bodies are called, and what some of them can be. */
  readonly fields: readonly BodyField[];
}

export interface BodyField {
  readonly name: string;
  /** Values that the document names, as JSON. */
  readonly values: readonly string[];
}

const Schema = z.object({
  properties: z.record(z.string(), z.object({ enum: z.array(z.unknown()).optional() })).optional(),
});
const Operation = z.object({
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) }).optional(),
});
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z
    .object({ schemas: z.record(z.string(), z.unknown()) })
    .partial()
    .optional(),
});

/** Reads the API's document of a running server. */
export async function apiSurface(url: string): Promise<ApiSurface> {
  const { paths, components } = Document.parse(await (await fetch(`${url}/api/openapi.json`)).json());
  const routes: { method: string; path: string }[] = [];
  const fields = new Map<string, Set<string>>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { requestBody }] of Object.entries(operations)) {
      routes.push({ method: method.toUpperCase(), path });
      for (const { schema } of Object.values(requestBody?.content ?? {})) {
        const { properties = {} } = Schema.parse(resolved(schema, components?.schemas ?? {}));
        for (const [name, property] of Object.entries(properties)) {
          const values = fields.get(name) ?? new Set();
          for (const value of property.enum ?? []) values.add(JSON.stringify(value));
          fields.set(name, values);
        }
      }
    }
  }
  return { routes, fields: [...fields].map(([name, values]) => ({ name, values: [...values] })) };
}

function resolved(schema: unknown, named: Readonly<Record<string, unknown>>): unknown {
  const reference = z.object({ $ref: z.string() }).safeParse(schema);
  if (!reference.success) return schema;
  return named[reference.data.$ref.split('/').at(-1) ?? ''] ?? {};
}
