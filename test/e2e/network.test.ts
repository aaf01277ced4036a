import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Authority } from '../support/certificates.ts';
import { Panel } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { ProxyProcess } from '../support/proxyProcess.ts';
import { completed, created, sse } from '../support/scriptedGateway.ts';
import { TlsServer } from '../support/tlsServer.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

/** What the editor's own settings and ours say of the network is what requests go by: as the real editor hands it on. */
describe('in a company’s network', () => {
  const authority = new Authority('Company CA');
  let folder: string;
  let caFile: string;
  let server: TlsServer;
  let proxy: ProxyProcess;
  let vscode: VsCode | undefined;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'company-'));
    caFile = path.join(folder, 'ca.pem');
    await writeFile(caFile, authority.cert);
    server = await TlsServer.start({ identity: authority.issue('company', { hosts: ['gateway.test'] }) });
    server.answer = (request, response) => {
      const isRun = request.method === 'POST' && request.url === '/v1/responses';
      response.writeHead(200, { 'content-type': isRun ? 'text/event-stream' : 'application/json' });
      response.end(
        isRun ? sse(created('resp_1'), completed('resp_1', 'Reached.')) : '{"object":"list","data":[]}',
      );
    };
    proxy = await ProxyProcess.start({ credentials: 'anna:geheim' });
  });
  afterEach(() => vscode?.close());
  after(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(settings: Record<string, unknown>): Promise<[VsCode, Panel]> {
    vscode = await startVsCode({
      settings: {
        // The name exists for the proxy alone: what arrives has come through it.
        'codeInterpreter.gateway.url': `https://gateway.test:${server.port}`,
        'codeInterpreter.gateway.model': 'm',
        'http.proxy': `http://anna:geheim@127.0.0.1:${proxy.port}`,
        ...settings,
      },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    const panel = new Panel(vscode);
    await panel.frame.locator('.composer-input').waitFor();
    return [vscode, panel];
  }

  it('the gateway is reached through http.proxy and its password, trusted by the setting’s file and not without', async () => {
    const [editor, panel] = await start({ 'codeInterpreter.gateway.caFile': caFile });
    await panel.askAndWait('Anybody there?');
    assert.match(await panel.text(), /Reached\./);
    assert.ok(proxy.seen.some(({ target }) => target === `gateway.test:${server.port}`));
    await editor.writeSettings({ 'codeInterpreter.gateway.caFile': '' });
    const refused = async () => {
      await panel.askAndWait('Anybody there?');
      return /certificate is not trusted on this machine/.test(await panel.text());
    };
    await waitFor(refused, { timeout: 60_000, what: 'the setting' });
    await panel.run.getByRole('button', { name: 'Open Settings' }).waitFor();
    await editor.workbench.screenshot('network-certificate');
  });

  it('http.proxyStrictSSL off accepts it, the log says so, and no secret is in it', async () => {
    const [editor, panel] = await start({ 'http.proxyStrictSSL': false });
    await panel.askAndWait('Anybody there?');
    assert.match(await panel.text(), /Reached\./);
    const logs = await editor.logs();
    assert.match(logs, /http\.proxyStrictSSL is off/);
    assert.match(logs, /is reached through the proxy/);
    assert.doesNotMatch(logs, /geheim|sk-of-the-environment/);
  });

  it('http.noProxy leads around the proxy', async () => {
    const [, panel] = await start({ 'http.noProxy': ['gateway.test'] });
    await panel.askAndWait('Anybody there?');
    assert.match(await panel.text(), /host name was not found/);
  });
});
