// What server.js and client.js share: the stubs of interop.proto.
'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const proto = path.join(__dirname, '..', 'Protos', 'interop.proto');
const { Interop } = grpc.loadPackageDefinition(loader.loadSync(proto, { defaults: true })).demofl.interop;

module.exports = { grpc, Interop };
