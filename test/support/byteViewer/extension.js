const vscode = require('vscode');

/** Reads files as the Hex Editor does: by their size first, then their bytes, whatever file system they are in. */
class ByteViewer {
  openCustomDocument(uri) {
    return { uri, dispose() {} };
  }

  async resolveCustomEditor({ uri }, panel) {
    const { size } = await vscode.workspace.fs.stat(uri);
    const bytes = await vscode.workspace.fs.readFile(uri);
    const hex = Buffer.from(bytes).toString('hex');
    panel.webview.html = `<pre id="bytes" data-size="${size}">${hex}</pre>`;
  }
}

exports.activate = ({ subscriptions }) => {
  subscriptions.push(vscode.window.registerCustomEditorProvider('byteViewer.bytes', new ByteViewer()));
};
