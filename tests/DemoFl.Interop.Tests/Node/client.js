// Calls interop.proto at the address given. Prints a line for each case: its name, and after a tab what went wrong if it did not hold.
'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const details = require('./details.js');
const { grpc, Interop } = require('./interop.js');

const { status } = grpc;
const awkwardText = '100 % größer\n日本\t%41';
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const client = new Interop(process.argv[2], grpc.credentials.createInsecure());
const letter = (fields) => ({ text: '', count: 0, body: Buffer.alloc(0), ...fields });
const inSeconds = (seconds) => ({ deadline: Date.now() + seconds * 1000 });
const patient = () => inSeconds(30);

/** Makes a unary call: what came back and how it ended. */
function ask(method, request, metadata = new grpc.Metadata()) {
  return new Promise((resolve) => {
    const outcome = {};
    const call = client[method](request, metadata, patient(), (_, reply) => { outcome.reply = reply; });
    call.on('metadata', (headers) => { outcome.headers = headers; });
    call.on('status', (end) => resolve({ ...outcome, end }));
  });
}

/** How a call ends. The event "error" says the same as the status, but would reject a once(). */
function endOf(call) {
  call.on('error', () => {});
  return new Promise((resolve) => { call.on('status', resolve); });
}

/** Reads a call's responses to its end. */
async function drain(call) {
  const letters = [];
  call.on('data', (received) => letters.push(received));
  const end = await endOf(call);
  return { letters, end };
}

/** Starts Sum: the call, and its outcome. */
function startSum() {
  let call;
  const outcome = new Promise((resolve) => {
    call = client.sum(new grpc.Metadata(), patient(), (error, reply) => resolve({ error, reply }));
  });
  return { call, outcome };
}

function metadataOf(entries) {
  const metadata = new grpc.Metadata();
  for (const [key, value] of entries) metadata.add(key, value);
  return metadata;
}

// Several values of one name may arrive as one, joined by commas.
const texts = (metadata, key) => metadata.get(key).flatMap((value) => value.split(',').map((part) => part.trim()));

const cases = {
  async unary() {
    const sent = letter({ text: 'größer 日本', count: 2 ** 31 - 1, body: everyByte });
    assert.deepEqual((await ask('say', sent)).reply, sent);
  },

  async large_message() {
    const body = Buffer.alloc(3 << 20, everyByte);
    const { reply } = await ask('say', letter({ body }));
    assert(reply.body.equals(body));
  },

  async too_large() {
    const { end } = await ask('say', letter({ body: Buffer.alloc(5 << 20) }));
    assert.equal(end.code, status.RESOURCE_EXHAUSTED);
  },

  async client_streaming() {
    const { call, outcome } = startSum();
    for (let i = 0; i < 10; i++) call.write(letter({ text: `${i}`, count: i }));
    call.end();
    assert.deepEqual((await outcome).reply, letter({ text: '0123456789', count: 45 }));
  },

  async early_end() {
    const { call, outcome } = startSum();
    call.write(letter({ text: 'enough', count: -status.OUT_OF_RANGE }));
    const { error } = await outcome;
    assert.deepEqual([error.code, error.details], [status.OUT_OF_RANGE, 'enough']);
  },

  async server_streaming() {
    const { letters } = await drain(client.repeat(letter({ count: 100, body: Buffer.alloc(65536) }), patient()));
    assert.deepEqual(letters.map(({ count }) => count), Array.from({ length: 100 }, (_, i) => i));
  },

  async duplex() {
    const call = client.chat(patient());
    const ended = endOf(call);
    for (let i = 0; i < 20; i++) {
      call.write(letter({ count: i }));
      const [{ count }] = await once(call, 'data');
      assert.equal(count, i);
    }
    call.end();
    const end = await ended;
    assert.equal(end.code, status.OK);
  },

  async empty_streams() {
    const { call, outcome } = startSum();
    call.end();
    assert.deepEqual((await outcome).reply, letter({}));
    const repeated = await drain(client.repeat(letter({}), patient()));
    assert.deepEqual([repeated.letters, repeated.end.code], [[], status.OK]);
    const chat = client.chat(patient());
    chat.end();
    const chatted = await drain(chat);
    assert.deepEqual([chatted.letters, chatted.end.code], [[], status.OK]);
  },

  async stream_64_mib() {
    const body = Buffer.alloc(65536, everyByte);
    const call = client.chat(patient());
    let received = 0;
    call.on('data', (answer) => {
      assert.equal(answer.count, received++);
      assert(answer.body.equals(body));
    });
    const ended = endOf(call);
    for (let i = 0; i < 1024; i++) {
      if (!call.write(letter({ count: i, body }))) await once(call, 'drain');
    }
    call.end();
    const end = await ended;
    assert.deepEqual([end.code, received], [status.OK, 1024]);
  },

  async statuses() {
    for (let code = 1; code <= 16; code++) {
      const { end } = await ask('say', letter({ text: awkwardText, count: -code }));
      assert.deepEqual([end.code, end.details], [code, awkwardText]);
    }
  },

  async cancelled_by_server() {
    const { letters, end } = await drain(client.repeat(letter({ text: awkwardText, count: -status.CANCELLED }), patient()));
    assert.deepEqual([letters.length, end.code, end.details], [1, status.CANCELLED, awkwardText]);
  },

  async metadata() {
    const { headers, end } = await ask('say', letter({}), metadataOf([['echo', 'hello'], ['echo', 'a b=c;d']]));
    assert.deepEqual(texts(headers, 'early'), ['hello', 'a b=c;d']);
    assert.deepEqual(texts(end.metadata, 'late'), ['hello', 'a b=c;d']);
  },

  async binary_metadata() {
    const sent = [everyByte, Buffer.from([0]), Buffer.from([255, 254])];
    const { headers, end } = await ask('say', letter({}), metadataOf(sent.map((value) => ['echo-bin', value])));
    assert.deepEqual(headers.get('early-bin'), sent);
    assert.deepEqual(end.metadata.get('late-bin'), sent);
  },

  async trailers() {
    const sent = metadataOf([['echo', 'why'], ['echo-bin', everyByte]]);
    const { end } = await drain(client.repeat(letter({ text: 'no', count: -status.ABORTED }), sent, patient()));
    assert.equal(end.code, status.ABORTED);
    assert.deepEqual(end.metadata.get('late'), ['why']);
    assert.deepEqual(end.metadata.get('late-bin'), [everyByte]);
  },

  async error_details() {
    const asked = letter({ text: 'details', count: -status.FAILED_PRECONDITION });
    for (const { end } of [await ask('say', asked), await drain(client.repeat(asked, patient()))]) {
      const [bytes] = end.metadata.get(details.trailer);
      const expected = { code: status.FAILED_PRECONDITION, message: 'details', details: details.expected };
      assert.deepEqual(details.decode(bytes), expected);
    }
  },

  async deadline() {
    const { end } = await drain(client.wait(letter({ text: 'deadline' }), inSeconds(4)));
    assert.equal(end.code, status.DEADLINE_EXCEEDED);
    assert.equal((await ask('ended', letter({ text: 'deadline' }))).end.code, status.OK);
  },

  async cancellation() {
    const call = client.wait(letter({ text: 'cancellation' }), patient());
    await once(call, 'data');
    call.cancel();
    const { end } = await drain(call);
    assert.equal(end.code, status.CANCELLED);
    assert.equal((await ask('ended', letter({ text: 'cancellation' }))).end.code, status.OK);
  },

  async unimplemented() {
    for (const path of ['/demofl.interop.Missing/Say', '/demofl.interop.Interop/Missing']) {
      const raw = (bytes) => bytes;
      const error = await new Promise((resolve) => {
        client.makeUnaryRequest(path, raw, raw, Buffer.alloc(0), patient(), resolve);
      });
      assert.equal(error.code, status.UNIMPLEMENTED);
    }
  },

  async thousand_calls() {
    const outcomes = await Promise.all(Array.from({ length: 1000 }, (_, i) => ask('say', letter({ count: i }))));
    assert.deepEqual(outcomes.map(({ reply }) => reply.count), Array.from({ length: 1000 }, (_, i) => i));
  },

  async gzip() {
    const gzip = 2;
    const options = { 'grpc.default_compression_algorithm': gzip };
    const compressing = new Interop(process.argv[2], grpc.credentials.createInsecure(), options);
    const sent = letter({ text: 'gzip', body: Buffer.alloc(100_000) });
    const reply = await new Promise((resolve, reject) => {
      compressing.say(sent, patient(), (error, received) => (error ? reject(error) : resolve(received)));
    });
    compressing.close();
    assert.deepEqual(reply, sent);
  },
};

async function main() {
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      console.log(name);
    } catch (error) {
      console.log(`${name}\t${JSON.stringify(error.stack)}`);
    }
  }
  client.close();
}

main();
