// Serves interop.proto on a free port, prints the port, and stops at the end of its input. For TLS an argument gives the folder of the
// certificates: tls=folder, and mtls=folder for clients with a certificate alone.
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const details = require('./details.js');
const { grpc, Interop } = require('./interop.js');

const ends = new Map();

function endOf(request) {
  if (!ends.has(request.text)) {
    const end = {};
    end.reached = new Promise((resolve) => { end.reach = resolve; });
    ends.set(request.text, end);
  }
  return ends.get(request.text);
}

/** Sends the early metadata, and returns the late. */
function echoMetadata(call) {
  const early = new grpc.Metadata();
  const late = new grpc.Metadata();
  for (const suffix of ['', '-bin']) {
    for (const value of call.metadata.get(`echo${suffix}`)) {
      early.add(`early${suffix}`, value);
      late.add(`late${suffix}`, value);
    }
  }
  call.sendMetadata(early);
  return late;
}

function failure(request, metadata = new grpc.Metadata()) {
  if (request.text === 'details') metadata.set(details.trailer, details.encode(-request.count, request.text));
  return { code: -request.count, details: request.text, metadata };
}

/** The alternative names in the client's certificate. */
const namesOf = (call) => call.getAuthContext().sslPeerCertificate.subjectaltname.replaceAll('DNS:', '').replaceAll(', ', ',');

function say(call, callback) {
  const late = echoMetadata(call);
  if (call.request.count < 0) callback(failure(call.request, late));
  else if (call.request.text === 'who am I?') callback(null, { text: namesOf(call) });
  else callback(null, call.request, late);
}

function sum(call, callback) {
  const total = { text: '', count: 0 };
  let refused = false;
  call.on('data', (request) => {
    if (refused) return;
    if (request.count < 0) {
      refused = true;
      callback(failure(request));
    }
    total.text += request.text;
    total.count += request.count;
  });
  call.on('end', () => { if (!refused) callback(null, total); });
}

async function repeat(call) {
  const late = echoMetadata(call);
  const { text, count, body } = call.request;
  if (count < 0) {
    call.write(call.request);
    call.emit('error', failure(call.request, late));
    return;
  }
  for (let index = 0; index < count && !call.cancelled; index++) {
    if (!call.write({ text, count: index, body })) await once(call, 'drain');
  }
  call.end(late);
}

function chat(call) {
  call.on('data', (request) => {
    if (call.write(request)) return;
    call.pause();
    call.once('drain', () => call.resume());
  });
  call.on('end', () => call.end());
}

function wait(call) {
  call.on('cancelled', () => endOf(call.request).reach());
  // It may have ended before this handler ran.
  if (call.cancelled) endOf(call.request).reach();
  call.write(call.request);
}

async function ended(call, callback) {
  await endOf(call.request).reached;
  callback(null, call.request);
}

function credentials() {
  const [kind, folder] = (process.argv[2] ?? '').split('=');
  if (!folder) return grpc.ServerCredentials.createInsecure();
  const [key, chain, authority] = ['server.key', 'server.pem', 'ca.pem'].map((name) => fs.readFileSync(path.join(folder, name)));
  const mutual = kind === 'mtls';
  return grpc.ServerCredentials.createSsl(mutual ? authority : null, [{ private_key: key, cert_chain: chain }], mutual);
}

const server = new grpc.Server();
server.addService(Interop.service, { say, sum, repeat, chat, wait, ended });
server.bindAsync('127.0.0.1:0', credentials(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
process.stdin.resume().on('end', () => server.forceShutdown());
