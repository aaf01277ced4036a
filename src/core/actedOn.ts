/** Files that editors, shells, package managers or coding agents act on by their mere presence. */
const FILES = [
  // Shells and what they read
  String.raw`\.(?:bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zshenv|zprofile|zlogin|envrc|inputrc|netrc)`,
  // Git; NTFS knows `.git` as `git~1` too
  String.raw`\.git|git~\d+|\.gitattributes|\.gitmodules|\.gitconfig|\.pre-commit-config\.ya?ml`,
  // Editors
  String.raw`\.vscode|.*\.code-workspace|tasks\.json|launch\.json|settings\.json|\.editorconfig|\.?mcp\.json`,
  String.raw`\.devcontainer|\.?devcontainer\.json|\.vimrc|\.exrc|\.nvim\.lua|\.dir-locals\.el`,
  // Coding agents
  String.raw`agents\.md|claude\.md|gemini\.md|copilot-instructions\.md|\.cursorrules|\.windsurfrules|skill\.md`,
  // Package managers, build tools and their plug-ins
  String.raw`package\.json|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|bunfig\.toml|makefile|gnumakefile|justfile`,
  String.raw`(?:\.eslintrc|\.prettierrc)(?:\.\w+)?|(?:eslint|prettier|vite|vitest|jest|babel|postcss|tailwind|webpack)\.config\.\w+`,
  // Python
  String.raw`.*\.pth|\.pth|conftest\.py|sitecustomize\.py|usercustomize\.py|setup\.py|setup\.cfg|pyproject\.toml`,
  // Windows
  String.raw`autorun\.inf|desktop\.ini`,
];

const ACTED_ON = new RegExp(`^(?:${FILES.join('|')})$`, 'i');

/** Folders in which any file may be acted on. */
const ACTED_ON_FOLDER =
  /[/\\](?:\.(?:vscode|git|devcontainer|github|gitlab|husky|idea|fleet|zed|cursor|claude|yarn|cargo|ssh)|git~\d+|node_modules)(?:[/\\]|$)/i;

/**
 * Whether writing the file deserves an extra question, for an editor, a shell or an agent may run or follow what it
 * says.
 *
 * @param path the whole path it is to be written to
 */
export function isActedOn(path: string): boolean {
  const name = path.split(/[/\\]/).at(-1) ?? '';
  return ACTED_ON.test(name) || ACTED_ON_FOLDER.test(path);
}
