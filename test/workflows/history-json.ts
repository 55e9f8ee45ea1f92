import { createRequire } from 'node:module';
import type { History } from '@temporalio/common/lib/proto-utils';

interface ProtoType {
  fromObject(value: History): unknown;
}

// Two copies of protobufjs may be installed, and each refuses the types of the other one, which breaks `historyToJSON` of
// @temporalio/common: the copy that @temporalio/proto itself uses is asked here.
const requireFromCommon = createRequire(require.resolve('@temporalio/common'));
const requireFromProto = createRequire(requireFromCommon.resolve('@temporalio/proto'));
const { fromJson, toJson } = requireFromProto('protobufjs/ext/protojson') as {
  fromJson(type: ProtoType, json: unknown, options: { ignoreUnknownFields: boolean }): History;
  toJson(type: ProtoType, message: unknown): { events: readonly unknown[] };
};
const { patchProtobufRoot } = requireFromCommon('@temporalio/proto/lib/patch-protobuf-root') as {
  patchProtobufRoot(root: unknown): { lookupType(name: string): ProtoType };
};
const proto: unknown = requireFromCommon('@temporalio/proto');
const historyType = patchProtobufRoot(proto).lookupType('temporal.api.history.v1.History');

/** Identities are those of the recording machine and its process. */
function anonymize(key: string, value: unknown): unknown {
  return /identity$/i.test(key) ? 'recorder' : value;
}

/** Writes a history as `temporal workflow show --output json` does, but one event a line and without the machine's name. */
export function formatHistory(history: History): string {
  const { events } = toJson(historyType, historyType.fromObject(history));
  const lines = events.map((event) => JSON.stringify(event, anonymize));
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

/** Reads a history written by `formatHistory` or by Temporal's own tools. */
export function parseHistory(json: string): History {
  return fromJson(historyType, JSON.parse(json), { ignoreUnknownFields: true });
}
