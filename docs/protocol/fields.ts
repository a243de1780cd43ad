import { REPLIES } from '@pokers/protocol/v2';
import { z } from 'zod';
import { code, table } from './markdown.ts';

/** As much of a JSON Schema as our schemas become. */
interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly exclusiveMinimum?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Schemas that are called by their name where they are part of others. */
export type Names = ReadonlyMap<z.core.$ZodType, string>;

const WIRE_NAMES: Names = new Map([[REPLIES.history.shape.messages.element, 'Change']]);

/**
 * The fields of an object as a table: name (with ? where it may be absent), type, meaning.
 * @param meanings by field, of those whose schema has no description or one that does not fit here
 * @throws where a field has no meaning at all
 */
export function fieldTable(
  schema: z.ZodType,
  meanings: Readonly<Record<string, string>>,
  names: Names = WIRE_NAMES,
): string {
  const { properties = {}, required = [] } = toJsonSchema(schema, names);
  const rows = Object.entries(properties).map(([name, field]) => {
    const meaning = meanings[name] ?? field.description ?? (field.const === undefined ? undefined : '');
    if (meaning === undefined) throw new Error(`the field ${name} has no meaning: describe it`);
    return [code(required.includes(name) ? name : `${name}?`), typeName(field), meaning];
  });
  return table(['field', 'type', 'meaning'], rows);
}

/** What a schema says of itself. */
export function descriptionOf(schema: z.ZodType): string {
  return schema.description ?? '';
}

function toJsonSchema(schema: z.ZodType, names: Names): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any', // Change is a custom type; it is called by its name
    override: ({ zodSchema, jsonSchema }) => {
      const name = names.get(zodSchema);
      if (name) jsonSchema.title = name;
    },
  });
  return json as JsonSchema;
}

function typeName(field: JsonSchema): string {
  if (field.title) return field.title;
  if (field.const !== undefined) return code(JSON.stringify(field.const));
  if (field.enum) return field.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (field.type === 'array') return `array of ${typeName(field.items ?? {})}`;
  if (field.type === 'integer') return `integer${range(field)}`;
  if (field.type === 'string') return `string${length(field)}`;
  return field.type ?? 'anything';
}

function range({ exclusiveMinimum, minimum, maximum }: JsonSchema): string {
  const low = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const hasLow = low !== undefined && low > Number.MIN_SAFE_INTEGER;
  const hasHigh = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (hasLow && hasHigh) return `, ${low} to ${maximum}`;
  return hasLow ? ` ≥ ${low}` : '';
}

function length({ format, minLength = 0, maxLength }: JsonSchema): string {
  if (format) return ` (${format})`;
  if (maxLength === undefined) return '';
  return minLength > 0 ? `, ${minLength} to ${maxLength} long` : `, at most ${maxLength} long`;
}
