import path from 'node:path';
import { parseSync } from '@swc/core';

/** One import of a source file. Targets in the project are paths without an extension; others are as written. */
export interface Import {
  readonly to: string;
  /** Nothing of it exists at run time. */
  readonly isType: boolean;
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const nodesIn = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
const textOf = (node: unknown): string | null =>
  isNode(node) && node.type === 'StringLiteral' && typeof node.value === 'string' ? node.value : null;

function isTypeOnly(declaration: Node): boolean {
  const specifiers = nodesIn(declaration.specifiers);
  const areTypes = specifiers.length > 0 && specifiers.every((specifier) => specifier.isTypeOnly === true);
  return declaration.typeOnly === true || areTypes;
}

function importOf(node: Node): { specifier: string; isType: boolean } | null {
  if (['ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration'].includes(String(node.type))) {
    const specifier = textOf(node.source);
    return specifier === null ? null : { specifier, isType: isTypeOnly(node) };
  }
  if (node.type === 'TsImportType') {
    const specifier = textOf(node.argument);
    return specifier === null ? null : { specifier, isType: true };
  }
  if (node.type !== 'CallExpression' || !isNode(node.callee)) return null;
  const isLoading = node.callee.type === 'Import' || node.callee.value === 'require';
  const [argument] = nodesIn(node.arguments);
  const specifier = isLoading ? textOf(argument?.expression) : null;
  return specifier === null ? null : { specifier, isType: false };
}

/** Every import of a TypeScript source, wherever it stands: declarations, `import()`, `require()`, types. */
export function readImports(file: string, source: string): Import[] {
  const imports: Import[] = [];
  const visit = (node: Node): void => {
    const found = importOf(node);
    if (found !== null) {
      const { specifier, isType } = found;
      const to = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
      imports.push({ to, isType });
    }
    for (const value of Object.values(node)) for (const child of nodesIn(value)) visit(child);
  };
  visit(parseSync(source, { syntax: 'typescript' }) as unknown as Node);
  return imports;
}
