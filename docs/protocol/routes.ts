import { httpDoor } from '@pokers/server/doors/http/http-door';
import { z } from 'zod';
import { code, table } from './markdown.ts';
import { RESOURCES, type ResourceName } from './resources.ts';

/** A route of the API, as the server itself declares it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** Whether it answers without a session. */
  readonly open: boolean;
  readonly query: readonly string[];
  readonly body: z.ZodType | undefined;
  /** By status, where it goes well; undefined for what is no JSON. */
  readonly answers: Readonly<Record<string, z.ZodType | undefined>>;
}

interface Declared {
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly request?: {
    readonly query?: z.ZodObject;
    readonly body?: { readonly content: Content };
  };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: z.ZodType }>>;

/** The API's routes, in the order in which they are declared. */
export const ROUTES: readonly Route[] = declaredRoutes().map(
  ({ method, path, summary = '', security, request, responses }) => ({
    method,
    path,
    summary,
    open: security !== undefined && security.length === 0,
    query: Object.keys(request?.query?.shape ?? {}),
    body: jsonOf(request?.body?.content),
    answers: Object.fromEntries(
      Object.entries(responses)
        .filter(([status]) => status !== 'default')
        .map(([status, { content }]) => [status, jsonOf(content)]),
    ),
  }),
);

export function routeTable(): string {
  const rows = ROUTES.map((route) => [
    route.method.toUpperCase(),
    code(route.path),
    route.open ? `${route.summary} *` : route.summary,
    [
      ...(route.query.length > 0 ? [`query: ${route.query.map(code).join(', ')}`] : []),
      ...(route.body ? [said(route.body)] : []),
    ].join('; '),
    Object.entries(route.answers)
      .map(([status, schema]) => `${status} ${schema ? said(schema) : ''}`.trim())
      .join(', '),
  ]);
  return table(['method', 'path', 'what it does', 'takes', 'answers'], rows);
}

/** The name of a resource, or the fields of an object that holds some. @throws where a schema has no name to link to */
export function said(schema: z.ZodType): string {
  const name = nameOf(schema);
  if (name) return linkTo(name);
  if (!(schema instanceof z.ZodObject)) throw new Error('a route takes or answers what is no resource');
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>).map(([field, inner]) => {
    const entry = inner instanceof z.ZodArray ? nameOf(inner.element as z.ZodType) : undefined;
    return entry ? `${code(field)}: array of ${linkTo(entry)}` : code(field);
  });
  return fields.length > 0 ? fields.join(', ') : '`{}`';
}

function nameOf(schema: z.ZodType): ResourceName | undefined {
  const found = Object.entries(RESOURCES).find(([, resource]) => resource.schema === schema);
  return found?.[0] as ResourceName | undefined;
}

function linkTo(name: ResourceName): string {
  return `[${name}](#${name.toLowerCase()})`;
}

function jsonOf(content: Content | undefined): z.ZodType | undefined {
  return content?.['application/json']?.schema;
}

/** Routes are declared before anything is asked of what they work with: here that is nothing at all. */
function declaredRoutes(): Declared[] {
  const nothing: unknown = new Proxy(() => nothing, { get: () => nothing });
  const { definitions } = httpDoor(nothing as Parameters<typeof httpDoor>[0]).openAPIRegistry;
  return definitions.flatMap((each) => (each.type === 'route' ? [each.route as Declared] : []));
}
