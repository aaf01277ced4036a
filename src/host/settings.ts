import * as vscode from 'vscode';
import type { NetworkSettings } from '../gateway/network.ts';
import { SETTINGS } from './ids.ts';

/** What the user has set; read afresh each time. */
export interface Settings {
  /** Empty for the local gateway. */
  readonly url: string;
  /** Empty for the gateway's first. */
  readonly model: string;
  readonly streaming: boolean;
  /** Path of a Node.js for the local gateway; empty for the editor's own. */
  readonly nodePath: string;
}

export function readSettings(): Settings {
  const section = vscode.workspace.getConfiguration(SETTINGS.section);
  return {
    url: section.get<string>(SETTINGS.url, '').trim(),
    model: section.get<string>(SETTINGS.model, '').trim(),
    streaming: section.get<boolean>(SETTINGS.streaming, true),
    nodePath: section.get<string>(SETTINGS.nodePath, '').trim(),
  };
}

/** Stores the gateway for this user and machine; a workspace can never set it. */
export async function writeGateway(url: string, model: string): Promise<void> {
  const section = vscode.workspace.getConfiguration(SETTINGS.section);
  await section.update(SETTINGS.url, url || undefined, vscode.ConfigurationTarget.Global);
  await section.update(SETTINGS.model, model || undefined, vscode.ConfigurationTarget.Global);
}

export async function writeModel(model: string): Promise<void> {
  const section = vscode.workspace.getConfiguration(SETTINGS.section);
  await section.update(SETTINGS.model, model || undefined, vscode.ConfigurationTarget.Global);
}

/** The editor's own network settings and the environment. */
export function readNetwork(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    proxy: http.get<string>('proxy', ''),
    noProxy: http.get<string[]>('noProxy', []),
    strictTls: http.get<boolean>('proxyStrictSSL', true),
    env: process.env,
  };
}
