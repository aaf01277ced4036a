const vscode = require('vscode');

/** A file system in memory: folders are names that end with a slash. */
class MemoryFolder {
  #entries = new Map([
    ['/', undefined],
    ['/out/', undefined],
    ['/out/mine.csv', Buffer.from('mine')],
  ]);
  #changes = new vscode.EventEmitter();
  onDidChangeFile = this.#changes.event;

  watch() {
    return new vscode.Disposable(() => {});
  }

  stat(uri) {
    const file = this.#entries.get(uri.path);
    if (file) return { type: vscode.FileType.File, ctime: 0, mtime: file.mtime ?? 1, size: file.byteLength };
    if (!this.#entries.has(folder(uri))) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  }

  readDirectory(uri) {
    const above = folder(uri);
    return [...this.#entries.keys()].flatMap((name) => {
      const rest = name.startsWith(above) ? name.slice(above.length) : '';
      if (rest === '' || rest.slice(0, -1).includes('/')) return [];
      const isFolder = rest.endsWith('/');
      return [[rest.replace('/', ''), isFolder ? vscode.FileType.Directory : vscode.FileType.File]];
    });
  }

  createDirectory(uri) {
    this.#entries.set(folder(uri), undefined);
  }

  readFile(uri) {
    const file = this.#entries.get(uri.path);
    if (!file) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }

  writeFile(uri, content) {
    if (uri.path.startsWith('/out/locked')) throw vscode.FileSystemError.NoPermissions(uri);
    this.#entries.set(uri.path, Object.assign(Buffer.from(content), { mtime: Date.now() }));
    this.#changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  delete(uri) {
    this.#entries.delete(uri.path);
  }

  rename(uri) {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

function folder(uri) {
  return uri.path.endsWith('/') ? uri.path : `${uri.path}/`;
}

exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    vscode.workspace.registerFileSystemProvider('memory', new MemoryFolder(), { isCaseSensitive: true }),
    vscode.commands.registerCommand('memoryFolder.open', () => {
      const there = vscode.workspace.workspaceFolders?.length ?? 0;
      vscode.workspace.updateWorkspaceFolders(0, there, {
        uri: vscode.Uri.parse('memory:/'),
        name: 'memory',
      });
    }),
  );
};
