// Calls interop.proto over TLS: two addresses, the second for clients with a certificate alone, and the folder of the certificates.
// Prints a line for each case: its name, and after a tab what went wrong if it did not hold.
'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { grpc, Interop } = require('./interop.js');

const [open, closed, folder] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(folder, name));
const patient = () => ({ deadline: Date.now() + 30_000 });

function connect(address, { authority = 'ca', client } = {}) {
  const [key, chain] = client ? [read(`${client}.key`), read(`${client}.pem`)] : [null, null];
  return new Interop(address, grpc.credentials.createSsl(read(`${authority}.pem`), key, chain));
}

const say = (stub, letter) => new Promise((resolve, reject) => {
  stub.say(letter, patient(), (error, reply) => (error ? reject(error) : resolve(reply)));
});

async function expectUnavailable(stub) {
  await assert.rejects(say(stub, {}), { code: grpc.status.UNAVAILABLE });
  stub.close();
}

const cases = {
  async calls() {
    const stub = connect(open);
    const letter = { text: 'größer', count: 0, body: Buffer.alloc(3 << 20) };
    assert.deepEqual(await say(stub, letter), letter);
    const chat = stub.chat(patient());
    for (let i = 0; i < 20; i++) {
      chat.write({ count: i });
      const [{ count }] = await once(chat, 'data');
      assert.equal(count, i);
    }
    chat.end();
    const [end] = await once(chat, 'status');
    assert.equal(end.code, grpc.status.OK);
    stub.close();
  },

  async another_authority() {
    await expectUnavailable(connect(open, { authority: 'other-ca' }));
  },

  async identity() {
    const stub = connect(closed, { client: 'client' });
    assert.equal((await say(stub, { text: 'who am I?' })).text, 'alice.test');
    stub.close();
  },

  async no_certificate() {
    await expectUnavailable(connect(closed));
  },

  async stranger() {
    await expectUnavailable(connect(closed, { client: 'stranger' }));
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
}

main();
