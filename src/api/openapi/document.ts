import { STATUS_CODES } from 'node:http';
import { PROBLEM_CODES, PROBLEMS } from '../plugins/problems';
import { OTHER_EXAMPLES, PAYOUT_EXAMPLES } from './examples';
import { FIELD_TEXTS } from './field-texts';

interface Media {
  schema?: { $ref?: string; type?: string; description?: string };
  example?: unknown;
  examples?: object;
}

interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, Media>;
}

interface Parameter {
  name: string;
  in?: string;
  description?: string;
  example?: unknown;
}

interface Operation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, Answer>;
}

interface Document {
  paths?: Record<string, Record<string, Operation>>;
  webhooks?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, object>; responses?: Record<string, Answer> };
}

const FILE = { type: 'string', description: 'A head line with names of columns, as in the template, and a line a row' };
const PROBLEM = '#/components/schemas/Problem';
/** What any operation may answer, before its route is asked; bodies can also be too large or no JSON. */
const OF_EVERY_OPERATION = [400];
const OF_BODIES = [413, 415];
const SUCCESSES: Readonly<Record<string, string>> = {
  200: 'As it is now',
  202: 'Taken, and stored',
  204: 'No more events will come',
  304: 'Unchanged since the version in `If-None-Match`',
};

/** What the schemas of routes do not say: problems under their own name and media type, examples, and what each field means. */
export function completeDocument<Input extends object>(input: Input): Input {
  const document = mergeDirections(input as Document);
  const operations = Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods));
  for (const operation of operations) {
    nameAnswers(operation);
    addExamples(operation);
  }
  const { components } = document;
  if (components?.schemas?.Problem !== undefined) components.responses = describeProblems();
  for (const [name, schema] of Object.entries(components?.schemas ?? {})) describeFields(schema, name);
  for (const part of [document.paths, document.webhooks]) describeFields(part, '');
  return document as Input;
}

/** Schemas come twice, as `Name` of what we send and `NameInput` of what we take. Each is only one of the two: that one keeps the name. */
function mergeDirections(document: Document): Document {
  const schemas = document.components?.schemas;
  if (schemas === undefined) return document;
  const text = JSON.stringify({ paths: document.paths, webhooks: document.webhooks });
  const isUsed = (name: string) => text.includes(`"#/components/schemas/${name}"`);
  const inputs = Object.keys(schemas).filter((name) => name.endsWith('Input'));
  const taken = inputs.filter(isUsed).map((name) => name.slice(0, -'Input'.length));
  for (const name of taken) schemas[name] = schemas[`${name}Input`] ?? {};
  for (const name of inputs) delete schemas[name];
  const renamed = JSON.stringify(document).replaceAll(/("#\/components\/schemas\/\w+?)Input"/g, '$1"');
  return JSON.parse(renamed) as Document;
}

/** What only the gateway is answered is not part of the API that callers use. */
const FOR_CALLERS = PROBLEM_CODES.filter((code) => code !== 'malformed_callback' && code !== 'bad_control');

/** The name of all problems with this status: `Conflict` for 409. */
function nameOf(status: number | string): string {
  return (STATUS_CODES[status] ?? 'Problem').replaceAll(/[^A-Za-z]/g, '');
}

function describeProblems(): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const status of new Set(FOR_CALLERS.map((code) => PROBLEMS[code].status))) {
    const codes = FOR_CALLERS.filter((code) => PROBLEMS[code].status === status);
    const examples = Object.fromEntries(
      codes.map((code) => [code, { summary: code, value: { code, ...PROBLEMS[code] } }]),
    );
    answers[nameOf(status)] = {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].detail}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: PROBLEM }, examples } },
    };
  }
  return answers;
}

function nameAnswers(operation: Operation): void {
  const common = operation.requestBody === undefined ? OF_EVERY_OPERATION : [...OF_EVERY_OPERATION, ...OF_BODIES];
  const refer = (status: number | string) => ({ $ref: `#/components/responses/${nameOf(status)}` });
  const own = Object.entries(operation.responses ?? {}).map(([status, answer]) => {
    if (Object.values(answer.content ?? {}).some(({ schema }) => schema?.$ref === PROBLEM))
      return [status, refer(status)];
    const description = answer.description === 'Default Response' ? SUCCESSES[status] : answer.description;
    return [status, { ...answer, description }];
  });
  operation.responses = {
    ...Object.fromEntries(common.map((status) => [status, refer(status)])),
    ...Object.fromEntries(own),
  };
}

function addExamples(operation: Operation): void {
  const file = operation.requestBody?.content?.['text/csv'];
  // A file is another writing of the same body; its columns are in the template.
  if (file !== undefined) file.schema = FILE;
  const body = operation.requestBody?.content?.['application/json'];
  const name = body?.schema?.$ref?.split('/').at(-1);
  if (body !== undefined && name === 'PayoutRequest') body.examples = PAYOUT_EXAMPLES;
  else if (body !== undefined && name !== undefined) body.example = OTHER_EXAMPLES[name as 'OperatorAct'];
  for (const parameter of operation.parameters ?? []) {
    if (parameter.name === 'clientOrderId' && parameter.in === 'path') parameter.example = OTHER_EXAMPLES.clientOrderId;
  }
}

/** Gives each field and parameter without a description that of its path, or else of its name. */
function describeFields(node: unknown, path: string): void {
  if (Array.isArray(node)) for (const part of node) describeFields(part, path);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parameters') for (const parameter of value as Parameter[]) describe(parameter, parameter.name, '');
    if (key !== 'properties' || typeof value !== 'object') describeFields(value, path);
    else
      for (const [name, field] of Object.entries(value as object)) {
        describe(field, name, path);
        describeFields(field, `${path}.${name}`);
      }
  }
}

function describe(field: { description?: string }, name: string, path: string): void {
  const text = FIELD_TEXTS[`${path}.${name}`] ?? FIELD_TEXTS[name];
  if (field.description === undefined && text !== undefined) field.description = text;
}
