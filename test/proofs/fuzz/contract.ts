import { z } from 'zod';

/** A part of a JSON schema, as the contract has it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
}

interface Answer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** The published contract, `/openapi.json`, as far as it is read here. */
export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ContractOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, Answer>>;
  };
}

interface ContractOperation {
  readonly operationId?: string;
  readonly requestBody?: Answer;
  readonly responses: Readonly<Record<string, Answer>>;
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Schema of its JSON body, references resolved at its root; null when it takes none. */
  readonly body: Schema | null;
}

const JSON_TYPE = 'application/json';

export function listOperations({ paths, components }: Contract): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId = path, requestBody }]) => {
      const schema = requestBody?.content?.[JSON_TYPE]?.schema ?? null;
      const named = schema?.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1) ?? ''];
      return { name: operationId, method: method.toUpperCase() as 'GET' | 'POST', path, body: named ?? null };
    }),
  );
}

/** Every field of a body, by its path; of alternatives, the fields of each. */
export function listFields(schema: Schema, path: readonly string[] = []): readonly (readonly string[])[] {
  const alternatives = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((one) => listFields(one, path));
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => [
    [...path, name],
    ...listFields(part, [...path, name]),
  ]);
  return [...alternatives, ...own];
}

/** A judge of answers by the published contract: null when an answer is as described. */
export function createConformance(contract: Contract) {
  const known = new Map<string, z.ZodType>();
  const toChecker = (schema: Schema): z.ZodType => {
    const key = JSON.stringify(schema);
    const own = known.get(key) ?? z.fromJSONSchema(embed(schema, contract));
    known.set(key, own);
    return own;
  };
  return (
    asked: Pick<Operation, 'method' | 'path'>,
    answer: { status: number; type: string; body: string },
  ): string | null => {
    const said = contract.paths[asked.path]?.[asked.method.toLowerCase()]?.responses[answer.status];
    const name = said?.$ref?.split('/').at(-1);
    const described = name === undefined ? said : contract.components.responses?.[name];
    if (described === undefined) return `status ${answer.status} is not described`;
    if (described.content === undefined) return answer.body === '' ? null : 'a body that is not described';
    const [type = ''] = answer.type.split(';');
    const schema = described.content[type]?.schema;
    if (schema === undefined) return `type ${type} is not described for ${answer.status}`;
    if (!type.endsWith('json')) return null;
    return toChecker(schema).safeParse(JSON.parse(answer.body)).success
      ? null
      : `the body of a ${answer.status} is not as described`;
  };
}

/** A schema of its own: what it refers to goes along. */
function embed(schema: Schema, { components }: Contract): z.core.JSONSchema.JSONSchema {
  const text = JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  return JSON.parse(text) as z.core.JSONSchema.JSONSchema;
}
