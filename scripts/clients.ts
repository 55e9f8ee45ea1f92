import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';
import pino from 'pino';
import { buildApp } from '../src/api/app';
import { projectRoot } from './project';

/** A JSON schema, as far as the OpenAPI document uses it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly description?: string;
}
type Schemas = Readonly<Record<string, Schema>>;

const NOTICE = 'Made by `npm run clients`; do not edit.';
const nameOf = (ref: string) => ref.split('/').at(-1) ?? '';
/** `type: [a, b]` is an `anyOf` of both. */
const partsOf = (schema: Schema) =>
  schema.anyOf ??
  schema.oneOf ??
  (Array.isArray(schema.type) ? schema.type.map((type: string) => ({ ...schema, type })) : undefined);
const literalsOf = (schema: Schema) => schema.enum ?? ('const' in schema ? [schema.const] : null);

/** The schemas as TypeScript types. */
export function writeTypeScript(schemas: Schemas): string {
  const toType = (schema: Schema, indent: string): string => {
    if (schema.$ref !== undefined) return nameOf(schema.$ref);
    const literals = literalsOf(schema);
    if (literals !== null) return literals.map((each) => JSON.stringify(each).replaceAll('"', "'")).join(' | ');
    const parts = partsOf(schema);
    if (parts !== undefined) return parts.map((part) => toType(part, indent)).join(' | ');
    if (schema.type === 'array') return `readonly (${toType(schema.items ?? {}, indent)})[]`;
    if (schema.type === 'integer') return 'number';
    if (schema.type !== 'object') return String(schema.type ?? 'unknown');
    if (schema.properties === undefined) {
      const { additionalProperties: value } = schema;
      return `Readonly<Record<string, ${typeof value === 'object' ? toType(value, indent) : 'unknown'}>>`;
    }
    const lines = Object.entries(schema.properties).map(([name, field]) => {
      const optional = schema.required?.includes(name) === true ? '' : '?';
      const comment = field.description === undefined ? '' : `${indent}  /** ${field.description} */\n`;
      return `${comment}${indent}  readonly ${name}${optional}: ${toType(field, `${indent}  `)};\n`;
    });
    return `{\n${lines.join('')}${indent}}`;
  };
  const types = Object.entries(schemas).map(([name, schema]) => `export type ${name} = ${toType(schema, '')};\n`);
  return [`// ${NOTICE}\n`, ...types].join('\n');
}

const toPython = (value: unknown) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value));

/** The schemas as Python `TypedDict`s. */
export function writePython(schemas: Schemas): string {
  const classes: string[] = [];
  const toType = (schema: Schema, name: string): string => {
    if (schema.$ref !== undefined) return `"${nameOf(schema.$ref)}"`;
    const literals = literalsOf(schema);
    if (literals !== null) return `Literal[${literals.map(toPython).join(', ')}]`;
    const parts = partsOf(schema);
    if (parts !== undefined) {
      return `Union[${parts.map((part, at) => toType(part, at === 0 ? name : `${name}${at + 1}`)).join(', ')}]`;
    }
    if (schema.type === 'array') return `list[${toType(schema.items ?? {}, `${name}Item`)}]`;
    if (schema.type === 'object' && schema.properties !== undefined) return `"${toClass(schema, name)}"`;
    if (schema.type === 'object') {
      const { additionalProperties: value } = schema;
      return `dict[str, ${typeof value === 'object' ? toType(value, `${name}Value`) : 'Any'}]`;
    }
    const simple: Record<string, string> = {
      string: 'str',
      number: 'float',
      integer: 'int',
      boolean: 'bool',
      null: 'None',
    };
    return simple[String(schema.type)] ?? 'Any';
  };
  const toClass = (schema: Schema, name: string): string => {
    const lines = Object.entries(schema.properties ?? {}).map(([field, part]) => {
      const type = toType(part, `${name}${field.charAt(0).toUpperCase()}${field.slice(1)}`);
      const comment = part.description === undefined ? '' : `    # ${part.description}\n`;
      return `${comment}    ${field}: ${schema.required?.includes(field) === true ? type : `NotRequired[${type}]`}\n`;
    });
    classes.push(`class ${name}(TypedDict):\n${lines.join('')}`);
    return name;
  };
  for (const [name, schema] of Object.entries(schemas)) toClass(schema, name);
  const imports = 'from typing import Any, Literal, NotRequired, TypedDict, Union\n';
  return [`# ${NOTICE}\n\n${imports}`, ...classes].join('\n\n');
}

/** The TypeScript client as any Node.js and any bundler takes it: JavaScript, and its declarations. */
function compile(source: string): { readonly code: string; readonly declarations: string } {
  const { code, ...rest } = transformSync(source, {
    ...{ swcrc: false, configFile: false, isModule: true, module: { type: 'es6' } },
    jsc: {
      ...{ target: 'es2022', parser: { syntax: 'typescript' }, preserveAllComments: true },
      experimental: { emitIsolatedDts: true },
    },
  });
  const { output } = rest as { output?: string };
  const { __swc_isolated_declarations__: declared } = JSON.parse(output ?? '{}') as Record<string, string | undefined>;
  if (declared === undefined) throw new Error('expected declarations of the client');
  // Comments on lines of their own, and none of what is no longer there.
  const setOut = (text: string) =>
    text
      .replaceAll(/\/\*\*[^*]*\*\/ (?=\/\*\*)/g, '')
      .replaceAll(/^( *)(.*\*\/) (?=\S)/gm, (_all, indent: string, comment: string) => {
        return `${indent}${comment}\n${' '.repeat(4 * Math.floor((indent.length + 1) / 4))}`;
      });
  const finish = (text: string) => `// ${NOTICE}\n\n${setOut(text).trimEnd()}\n`;
  // In a declaration there is nothing to override.
  return { code: finish(code), declarations: finish(declared.replaceAll(/\boverride /g, '')) };
}

/** The generated files of the clients, by name. */
export function writeClients(schemas: Schemas): Readonly<Record<string, string>> {
  const client = compile(readFileSync(path.join(projectRoot, 'clients/typescript/index.ts'), 'utf8'));
  return {
    'clients/typescript/types.ts': writeTypeScript(schemas),
    'clients/typescript/index.js': client.code,
    'clients/typescript/index.d.ts': client.declarations,
    'clients/python/payout_types.py': writePython(schemas),
  };
}

/** The schemas of the document that this source makes; nothing is started. */
export async function readSchemas(): Promise<Schemas> {
  const deps = {
    log: pino({ level: 'silent' }),
    access: {
      ...{ apiKeys: [], keysFile: null, trustedProxies: [] },
      ...{ callerRatePerSecond: 1, tenantRatePerSecond: 1, receiverRatePerSecond: 1 },
    },
    ownerOf: async () => null,
    ...{ hashKey: 'x', receiverLinkKeys: ['x'], publicBaseUrl: 'http://127.0.0.1', endpoints: {} },
  };
  const app = await buildApp(deps as unknown as Parameters<typeof buildApp>[0]);
  await app.ready();
  const { components } = app.swagger() as { components?: { schemas?: Schemas } };
  await app.close();
  return components?.schemas ?? {};
}

async function main(): Promise<void> {
  for (const [file, text] of Object.entries(writeClients(await readSchemas()))) {
    writeFileSync(path.join(projectRoot, file), text);
  }
}

if (require.main === module) void main();
