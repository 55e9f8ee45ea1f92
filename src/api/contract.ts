const PROBLEM_SCHEMA = '#/components/schemas/Problem';

interface Answer {
  content?: Record<string, { schema?: { $ref?: string } }>;
}

/** The contract with every problem under its own media type: the schemas of routes know none but JSON. Changes the document. */
export function nameProblemType<Document extends object>(document: Document): Document {
  const { paths = {} } = document as { paths?: Record<string, Record<string, { responses?: Record<string, Answer> }>> };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  for (const answer of operations.flatMap(({ responses }) => Object.values(responses ?? {}))) {
    const problem = answer.content?.['application/json'];
    if (problem?.schema?.$ref === PROBLEM_SCHEMA) answer.content = { 'application/problem+json': problem };
  }
  return document;
}
