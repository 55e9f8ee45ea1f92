import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** `web` is beside `src`, in the sources as in the build. */
const WEB = path.join(__dirname, '../../../web');

/** The text of a file of `web`. */
export function readWeb(name: string): string {
  return readFileSync(path.join(WEB, name), 'utf8');
}

/** A hash of the scripts, styles and pictures of a folder: a browser may cache files below such a path indefinitely, and a new build has a new path. */
export function hashAssets(folder: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(path.join(WEB, folder)).filter((name) => /\.(?:css|js|svg)$/.test(name));
  for (const name of names.sort()) hash.update(name).update(readWeb(`${folder}/${name}`));
  return hash.digest('hex').slice(0, 12);
}

/** Serves a folder of `web`: each file at a route of its own, but pages and texts, which the server fills in. */
export async function serveAssets(app: FastifyInstance, folder: string, options: FastifyStaticOptions): Promise<void> {
  const globIgnore = ['**/*.{html,json}'];
  await app.register(fastifyStatic, { root: path.join(WEB, folder), wildcard: false, globIgnore, ...options });
}
