const PROBLEM_SCHEMA = '#/components/schemas/Problem';

interface Answer {
  content?: Record<string, { schema?: { $ref?: string } }>;
}

interface Operation {
  readonly requestBody?: object;
  responses?: Record<string, Answer>;
}

function describeProblemOf(what: string): Answer & { description: string } {
  return { description: what, content: { 'application/problem+json': { schema: { $ref: PROBLEM_SCHEMA } } } };
}

/** What any operation may answer, before its route is asked; bodies can also be too large or no JSON. */
const OF_EVERY_OPERATION = { 400: describeProblemOf('Not well-formed') };
const OF_BODIES = { 413: describeProblemOf('Too large'), 415: describeProblemOf('Not JSON') };

/**
 * The contract with the problems that routes leave unsaid, and every problem under its own media type: the schemas of routes know
 * none but JSON. Changes the document.
 */
export function completeProblems<Document extends object>(document: Document): Document {
  const { paths = {} } = document as { paths?: Record<string, Record<string, Operation>> };
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const common = operation.requestBody === undefined ? OF_EVERY_OPERATION : { ...OF_EVERY_OPERATION, ...OF_BODIES };
    operation.responses = { ...common, ...operation.responses };
    for (const answer of Object.values(operation.responses)) {
      const problem = Object.values(answer.content ?? {}).find(({ schema }) => schema?.$ref === PROBLEM_SCHEMA);
      if (problem !== undefined) answer.content = { 'application/problem+json': problem };
    }
  }
  return document;
}
