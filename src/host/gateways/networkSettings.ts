import * as vscode from 'vscode';
import { field } from '../../core/json.ts';
import type { NetworkSettings } from '../../gateway/network/network.ts';
import { SETTINGS } from '../ids.ts';

/**
 * The editor's own network settings, ours, and the environment. What a workspace sets does not count: these settings
 * decide who sees what is sent.
 */
export function readNetwork(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const own = vscode.workspace.getConfiguration(SETTINGS.section);
  const noProxy = userValue(http, 'noProxy');
  const certificate = userValue(own, SETTINGS.clientCertificate);
  return {
    proxy: text(userValue(http, 'proxy')),
    noProxy: Array.isArray(noProxy) ? noProxy.map(text) : [],
    strictTls: userValue(http, 'proxyStrictSSL') !== false,
    env: process.env,
    proxySupport: text(userValue(http, 'proxySupport')),
    proxyAuthorization: text(userValue(http, 'proxyAuthorization')) || undefined,
    systemCertificates: userValue(http, 'systemCertificates') !== false,
    caFile: text(userValue(own, SETTINGS.caFile)),
    clientCertificate: {
      certFile: text(field(certificate, 'certFile')),
      keyFile: text(field(certificate, 'keyFile')),
      pfxFile: text(field(certificate, 'pfxFile')),
    },
  };
}

function userValue(section: vscode.WorkspaceConfiguration, name: string): unknown {
  const found = section.inspect<unknown>(name);
  return found?.globalValue ?? found?.defaultValue;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
