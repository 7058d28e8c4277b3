// The details that a failure carries when interop.proto asks for them: a google.rpc.Status with one message of each kind, as bytes.
'use strict';

const path = require('node:path');
const protobuf = require('protobufjs');

const protos = path.join(__dirname, '..', '..', '..', 'protos');
const root = new protobuf.Root();
// protobufjs brings google/protobuf itself.
root.resolvePath = (_, target) => (target.startsWith('google/rpc/') ? path.join(protos, target) : target);
root.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);

const status = root.lookupType('google.rpc.Status');
const expected = {
  ErrorInfo: { reason: 'TOO_MANY', domain: 'interop.test', metadata: { größe: '日本' } },
  RetryInfo: { retryDelay: { seconds: 1, nanos: 500_000_000 } },
  BadRequest: { fieldViolations: [{ field: 'letter.count', description: 'is below 0' }] },
};

function encode(code, message) {
  const details = Object.entries(expected).map(([name, fields]) => ({
    type_url: `type.googleapis.com/google.rpc.${name}`,
    value: root.lookupType(`google.rpc.${name}`).encode(fields).finish(),
  }));
  return Buffer.from(status.encode({ code, message, details }).finish());
}

/** What the bytes say, in the form of fields by the names of the messages. */
function decode(bytes) {
  const { code, message, details } = status.decode(bytes);
  const found = details.map(({ type_url: url, value }) => {
    const name = url.split('google.rpc.')[1];
    const type = root.lookupType(`google.rpc.${name}`);
    return [name, type.toObject(type.decode(value), { longs: Number })];
  });
  return { code, message, details: Object.fromEntries(found) };
}

module.exports = { trailer: 'grpc-status-details-bin', expected, encode, decode };
