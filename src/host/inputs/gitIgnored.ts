import * as vscode from 'vscode';

/** What is used of the built-in git extension (microsoft/vscode, extensions/git/src/api/git.d.ts). */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): {
    getRepository(uri: vscode.Uri): {
      readonly rootUri: vscode.Uri;
      /** Of paths on the disk, those that are ignored. */
      checkIgnore(paths: string[]): Promise<Set<string>>;
    } | null;
  };
}

/**
 * Those of the files that git ignores, as the editor's own git extension says; none where it is not there, is switched
 * off, or may not run, as in Restricted Mode.
 */
export async function gitIgnored(uris: readonly string[]): Promise<ReadonlySet<string>> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  const git = extension && (extension.isActive ? extension.exports : await extension.activate());
  if (!git?.enabled) return new Set();
  const api = git.getAPI(1);
  type Repository = NonNullable<ReturnType<typeof api.getRepository>>;
  const repositories = new Map<string, { readonly repository: Repository; readonly uris: string[] }>();
  for (const uri of uris) {
    const parsed = vscode.Uri.parse(uri, true);
    const repository = parsed.scheme === 'file' ? api.getRepository(parsed) : null;
    if (repository === null) continue;
    const root = repository.rootUri.toString();
    const known = repositories.get(root) ?? { repository, uris: [] };
    known.uris.push(uri);
    repositories.set(root, known);
  }
  const ignored = new Set<string>();
  for (const { repository, uris: inside } of repositories.values()) {
    const paths = new Map(inside.map((uri) => [vscode.Uri.parse(uri, true).fsPath, uri]));
    for (const path of await repository.checkIgnore([...paths.keys()])) {
      const uri = paths.get(path);
      if (uri !== undefined) ignored.add(uri);
    }
  }
  return ignored;
}
