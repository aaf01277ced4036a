/** Every id that package.json declares and the code uses; a test compares the two. */

export const COMMANDS = {
  ask: 'codeInterpreter.ask',
  askAboutFile: 'codeInterpreter.askAboutFile',
  runSelection: 'codeInterpreter.runSelection',
  newSession: 'codeInterpreter.newSession',
  continueSession: 'codeInterpreter.continueSession',
  continueInContainer: 'codeInterpreter.continueInContainer',
  openSession: 'codeInterpreter.openSession',
  openSessionToSide: 'codeInterpreter.openSessionToSide',
  renameSession: 'codeInterpreter.renameSession',
  deleteSession: 'codeInterpreter.deleteSession',
  clearSessions: 'codeInterpreter.clearSessions',
  exportSession: 'codeInterpreter.exportSession',
  attachFile: 'codeInterpreter.attachFile',
  attachEditor: 'codeInterpreter.attachEditor',
  attachSelection: 'codeInterpreter.attachSelection',
  attachFolder: 'codeInterpreter.attachFolder',
  showSentFiles: 'codeInterpreter.showSentFiles',
  stop: 'codeInterpreter.stop',
  openFile: 'codeInterpreter.openFile',
  openFileWith: 'codeInterpreter.openFileWith',
  compareFile: 'codeInterpreter.compareFile',
  renameFile: 'codeInterpreter.renameFile',
  saveFile: 'codeInterpreter.saveFile',
  saveFileAs: 'codeInterpreter.saveFileAs',
  saveAllFiles: 'codeInterpreter.saveAllFiles',
  saveNewFiles: 'codeInterpreter.saveNewFiles',
  saveContainer: 'codeInterpreter.saveContainer',
  saveFolder: 'codeInterpreter.saveFolder',
  saveToWorkspace: 'codeInterpreter.saveToWorkspace',
  chooseSaveFolder: 'codeInterpreter.chooseSaveFolder',
  undoReplace: 'codeInterpreter.undoReplace',
  showOrigin: 'codeInterpreter.showOrigin',
  compareWithSource: 'codeInterpreter.compareWithSource',
  deleteFile: 'codeInterpreter.deleteFile',
  deleteContainer: 'codeInterpreter.deleteContainer',
  createContainer: 'codeInterpreter.createContainer',
  deleteExpiredContainers: 'codeInterpreter.deleteExpiredContainers',
  rebuildContainer: 'codeInterpreter.rebuildContainer',
  uploadFiles: 'codeInterpreter.uploadFiles',
  searchContainer: 'codeInterpreter.searchContainer',
  showMore: 'codeInterpreter.showMore',
  sortFiles: 'codeInterpreter.sortFiles',
  filterFiles: 'codeInterpreter.filterFiles',
  showAllFiles: 'codeInterpreter.showAllFiles',
  saveKeptFile: 'codeInterpreter.saveKeptFile',
  deleteKeptFile: 'codeInterpreter.deleteKeptFile',
  refresh: 'codeInterpreter.refresh',
  setUpGateway: 'codeInterpreter.setUpGateway',
  chooseModel: 'codeInterpreter.chooseModel',
  restartLocalGateway: 'codeInterpreter.restartLocalGateway',
  showLog: 'codeInterpreter.showLog',
} as const;

export const VIEWS = {
  containers: 'codeInterpreter.containers',
  sessions: 'codeInterpreter.sessions',
} as const;

export const STATUS_ITEM = 'codeInterpreter.status';

export const PANEL_TYPE = 'codeInterpreter.session';

/** The scheme under which files of containers are seen by the editor. */
export const FILE_SCHEME = 'code-interpreter';

/** The scheme under which the editor sees what saved files were, and the code that made them. */
export const SAVED_SCHEME = 'code-interpreter-saved';

export const CONTEXT = {
  running: 'codeInterpreter.running',
  hasSession: 'codeInterpreter.hasSession',
  listFailed: 'codeInterpreter.listFailed',
  fileSelected: 'codeInterpreter.fileSelected',
  containerSelected: 'codeInterpreter.containerSelected',
  /** Paths of the files that were saved from containers. */
  savedFiles: 'codeInterpreter.savedFiles',
  canUndoReplace: 'codeInterpreter.canUndoReplace',
  filtered: 'codeInterpreter.filtered',
} as const;

/** Below `codeInterpreter`. */
export const SETTINGS = {
  section: 'codeInterpreter',
  url: 'gateway.url',
  model: 'gateway.model',
  streaming: 'gateway.streaming',
  background: 'gateway.background',
  caFile: 'gateway.caFile',
  clientCertificate: 'gateway.clientCertificate',
  keepFiles: 'containers.keepFiles',
  nodePath: 'localGateway.nodePath',
  runTimeout: 'localGateway.runTimeout',
  memoryLimit: 'localGateway.memoryLimit',
  filesLimit: 'localGateway.filesLimit',
  outputLimit: 'localGateway.outputLimit',
  maxPythons: 'localGateway.maxPythons',
  containerLife: 'localGateway.containerLife',
  sessionsKept: 'sessions.kept',
} as const;

/** Where a key comes from when the editor does not keep secrets. */
export const KEY_VARIABLE = 'CODE_INTERPRETER_GATEWAY_KEY';

/** Where the passphrase of the client certificate's key comes from when the editor does not keep secrets. */
export const PASSPHRASE_VARIABLE = 'CODE_INTERPRETER_CERTIFICATE_PASSPHRASE';
