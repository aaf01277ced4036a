/**
 * What about a file makes it worth a question before it leaves the machine: its name, or what stands in it. Rules for
 * people's habits, not proofs: a file that passes may still hold a secret.
 */
export type SecretSign =
  /** Environment variables, such as `.env`. */
  | 'environment'
  /** A key or key store, by its name. */
  | 'key_file'
  /** A file in which programs keep passwords, by its name. */
  | 'credentials'
  /** Text that begins a private key. */
  | 'private_key'
  /** Text of the form of an access token. */
  | 'token';

/** Copies of such files that are made to be passed on. */
const SAMPLE = /[._-](?:example|sample|template|dist|defaults?)$/;

const ENVIRONMENT = /^(?:\.env(?:rc)?|\.env[._-].+|.+\.env)$/;

/** Without `.pub`: the public half of a key pair is for everybody. */
const KEY_FILE =
  /^(?:.+\.(?:pem|key|p8|p12|pfx|pkcs12|jks|keystore|kdbx|ppk|ovpn)|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[._-](?!pub$).*)?|.*\.?(?:private|secret)[._-]key(?:\..+)?)$/;

const CREDENTIALS =
  /^(?:\.?credentials(?:\.(?:json|ya?ml|toml|ini|csv|xml|txt))?|[._]netrc|\.pgpass|pgpass\.conf|\.my\.cnf|\.git-credentials|\.htpasswd|\.pypirc|\.dockercfg|\.vault[-_]token|kubeconfig|master\.key|\.?secrets?\.(?:json|ya?ml|toml|ini|env|xml|txt)|(?:client|app)[._-]?secrets?.*\.json|service[-_]?account.*\.json|application_default_credentials\.json|.+\.tfvars|.*terraform\.tfstate(?:\.backup)?)$/;

/** Folders in which every file is one: those of SSH, GnuPG and the clouds' command lines. */
const SECRET_FOLDER = /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|docker|gcloud)\//;

/** Files in those folders that say nothing secret. */
const HARMLESS = /^(?:known_hosts(?:\.old)?|authorized_keys|.+\.pub)$/;

/** UTF-16 units of a text that are looked at: a key stands at the beginning of its file, or in a short one. */
const LOOKED_AT = 1024 * 1024;

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File-\d:/m;

/** Forms that the services document: AWS, GitHub, GitLab, Slack, Google, Stripe, npm, OpenAI and its like. */
const TOKEN =
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{50}|\bglpat-[\w-]{20}|\bxox[abeoprs]-[\w-]{20}|\bAIza[\w-]{35}|\b[rs]k_live_\w{20}|\bnpm_[A-Za-z0-9]{36}|\bsk-(?:[a-z]+\d*-){0,2}\w{32}/;

/** In npm's own settings; in a program, these are names as any other. */
const NPM_SETTING = /(?:^|:)_(?:authToken|auth|password)\s*=\s*[^\s$]/m;

/**
 * What a file's place says about it; undefined for nothing.
 *
 * @param path whole or only a name, with `/` or `\` between its parts
 */
export function secretName(path: string): SecretSign | undefined {
  const parts = path.toLowerCase().replaceAll('\\', '/');
  const name = parts.slice(parts.lastIndexOf('/') + 1);
  if (SAMPLE.test(name)) return undefined;
  if (ENVIRONMENT.test(name)) return 'environment';
  if (KEY_FILE.test(name)) return 'key_file';
  if (CREDENTIALS.test(name)) return 'credentials';
  return SECRET_FOLDER.test(parts) && !HARMLESS.test(name) ? 'credentials' : undefined;
}

/** What the beginning of a file's content says about it, in UTF-8, Latin-1 or UTF-16; undefined for nothing. */
export function secretContent(bytes: Uint8Array): SecretSign | undefined {
  // UTF-16 of such texts is ASCII with zeros between; other zeros separate nothing that is looked for.
  const text = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT)).replaceAll('\0', '');
  return secretText(text) ?? (NPM_SETTING.test(text) ? 'token' : undefined);
}

/** What the beginning of a text that a person or a program wrote says about it; undefined for nothing. */
export function secretText(text: string): SecretSign | undefined {
  const start = text.slice(0, LOOKED_AT);
  if (PRIVATE_KEY.test(start)) return 'private_key';
  return TOKEN.test(start) ? 'token' : undefined;
}
