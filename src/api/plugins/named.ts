import type { FastifyPluginAsync } from 'fastify';

/** Without a name Fastify looks for the plugin among all loaded modules. */
export function named<Plugin extends FastifyPluginAsync>(name: string, plugin: Plugin): Plugin {
  return Object.assign(plugin, { [Symbol.for('fastify.display-name')]: name });
}
