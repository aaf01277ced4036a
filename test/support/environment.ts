/** What programs need of the caller's environment to run at all. */
const KEPT = ['PATH', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR', 'LANG'];

/**
 * The environment of a program under test. Any other provider's key or address in the caller's would change what
 * LiteLLM and the clients do.
 *
 * @param home the folder it may take for its user's own
 */
export function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const name of KEPT) if (process.env[name] !== undefined) env[name] = process.env[name];
  return { ...env, HOME: home, USERPROFILE: home, NO_PROXY: '127.0.0.1,localhost' };
}
