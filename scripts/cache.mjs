import { homedir } from 'node:os';
import path from 'node:path';

/**
 * A path below the folder that keeps what set-up made or downloaded, by the system's own convention.
 * `CODE_INTERPRETER_CACHE` names another folder. Makes nothing.
 * @param {...string} parts segments below that folder
 * @returns {string} an absolute path
 */
export function cacheDir(...parts) {
  return path.join(cacheRoot(), ...parts);
}

function cacheRoot() {
  const named = process.env.CODE_INTERPRETER_CACHE;
  if (named) return path.resolve(named);
  const folder = 'code-interpreter-gateway';
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', folder);
  if (process.platform === 'win32') {
    return path.join(process.env.LOCALAPPDATA || path.join(homedir(), 'AppData', 'Local'), folder, 'Cache');
  }
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), folder);
}
