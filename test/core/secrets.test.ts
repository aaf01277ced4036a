import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type SecretSign, secretContent, secretName } from '../../src/core/secrets.ts';

const NAMES: Readonly<Record<string, SecretSign | undefined>> = {
  '.env': 'environment',
  '.env.production': 'environment',
  '.envrc': 'environment',
  'prod.env': 'environment',
  '.ENV': 'environment',
  '.env.example': undefined,
  '.env.sample': undefined,
  'environment.csv': undefined,
  'server.pem': 'key_file',
  'tls.key': 'key_file',
  'keys.kdbx': 'key_file',
  id_rsa: 'key_file',
  id_ed25519: 'key_file',
  id_rsa_work: 'key_file',
  'id_rsa.pub': undefined,
  'id_rsa.bak': 'key_file',
  'my.private.key': 'key_file',
  'private_key.txt': 'key_file',
  'monkey.csv': undefined,
  'keys.csv': undefined,
  'turkey.json': undefined,
  credentials: 'credentials',
  'credentials.json': 'credentials',
  '.netrc': 'credentials',
  '.git-credentials': 'credentials',
  'secrets.yaml': 'credentials',
  'client_secret_123.json': 'credentials',
  'prod.tfvars': 'credentials',
  '.npmrc': undefined,
  '/home/a/.aws/config': 'credentials',
  'C:\\Users\\a\\.ssh\\config': 'credentials',
  '/home/a/.ssh/known_hosts': undefined,
  '/home/a/ssh/notes.md': undefined,
  'sales.csv': undefined,
  'analysis.py': undefined,
};

describe('a name', () => {
  for (const [name, sign] of Object.entries(NAMES))
    it(`${name}: ${sign ?? 'nothing'}`, () => assert.equal(secretName(name), sign));

  it('says the same in every folder of no meaning, by the rules of both systems, in any case of letters', () => {
    const folder = fc.stringMatching(/^[a-z][a-z0-9 _-]{0,8}$/);
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(NAMES).filter((name) => !/[/\\]/.test(name))),
        fc.array(folder, { maxLength: 4 }),
        fc.constantFrom('/', '\\'),
        fc.boolean(),
        (name, folders, separator, upper) => {
          const path = [...folders, name].join(separator);
          assert.equal(secretName(upper ? path.toUpperCase() : path), NAMES[name]);
        },
      ),
    );
  });
});

const encoder = new TextEncoder();
// Put together here, so that nothing that looks for keys in sources finds one.
const begin = (kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----`;

const CONTENTS: readonly (readonly [string, SecretSign | undefined])[] = [
  [begin(''), 'private_key'],
  [begin('RSA '), 'private_key'],
  [begin('OPENSSH '), 'private_key'],
  [begin('ENCRYPTED '), 'private_key'],
  [`-----BEGIN PGP PRIVATE KEY ${'BLOCK'}-----`, 'private_key'],
  [`{"private_key": "${begin('')}\\nMIIE"}`, 'private_key'],
  ['-----BEGIN CERTIFICATE-----', undefined],
  [`-----BEGIN ${'PUBLIC KEY'}-----`, undefined],
  [`//registry.example.com/:_auth${'Token'}=abc`, 'token'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as npm's settings name a variable
  ['//registry.example.com/:_authToken=${NPM_TOKEN}', undefined],
  ['registry=https://registry.example.com/', undefined],
  [`key,AKIA${'A1'.repeat(8)},x`, 'token'],
  [`token: ghp_${'a1'.repeat(18)}`, 'token'],
  [`OPENAI=sk-${'a1'.repeat(20)}`, 'token'],
  ['task-force-of-the-north-and-the-south-and-all', undefined],
  ['quarter,sales\nQ1,100\n', undefined],
];

describe('a content', () => {
  for (const [text, sign] of CONTENTS)
    it(`${JSON.stringify(text.slice(0, 40))}: ${sign ?? 'nothing'}`, () => {
      assert.equal(secretContent(encoder.encode(text)), sign);
      assert.equal(secretContent(Buffer.from(`\ufeff${text}`, 'utf16le')), sign);
    });

  it('is found wherever it stands in the first MiB, among any bytes', () => {
    fc.assert(
      fc.property(fc.nat(1024 * 1024 - 100), fc.uint8Array({ maxLength: 200 }), (before, after) => {
        const key = Buffer.from(begin('EC '));
        const bytes = Buffer.concat([Buffer.alloc(before, 'a,b\n'), Buffer.from('\n'), key, after]);
        assert.equal(secretContent(bytes), 'private_key');
      }),
      { numRuns: 30 },
    );
  });

  it('is nothing in numbers and words, and takes no time of note for the worst of them', () => {
    const cell = fc.oneof(fc.double(), fc.integer(), fc.stringMatching(/^[A-Za-z ]{0,12}$/));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 40 }), (rows) => {
        const csv = rows.map((row) => row.join(',')).join('\n');
        assert.equal(secretContent(encoder.encode(csv)), undefined);
      }),
    );
    for (const piece of ['-----BEGIN A ', 'sk-', 'AKIA', '_auth ', '\0', ':_password']) {
      assert.equal(secretContent(encoder.encode(piece.repeat(200_000))), undefined);
    }
  });
});
