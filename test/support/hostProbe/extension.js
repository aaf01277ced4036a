const { monitorEventLoopDelay } = require('node:perf_hooks');
const vscode = require('vscode');

/** ms between two looks at the clock. */
const EVERY = 5;

/** The extensions that are compared. */
const COMPARED = ['code-interpreter.code-interpreter-gateway', 'vscode.git'];

/** ms by VS Code's own marks, those of its Startup Performance page, for the code to be loaded and for `activate`; NaN before its end. */
function activation(id) {
  const marks = globalThis.MonacoPerformanceMarks.getMarks();
  const at = (mark) => marks.find(({ name }) => name === `code/extHost/${mark}/${id}`)?.startTime;
  const loading = at('didLoadExtensionCode') - at('willLoadExtensionCode');
  return loading + at('didActivateExtension') - at('willActivateExtension');
}

exports.activate = ({ subscriptions }) => {
  const delays = monitorEventLoopDelay({ resolution: EVERY });
  subscriptions.push(
    vscode.commands.registerCommand('hostProbe.begin', () => {
      delays.reset();
      delays.enable();
    }),
    vscode.commands.registerCommand('hostProbe.end', () => {
      delays.disable();
      const worst = delays.max / 1e6 - EVERY;
      void vscode.window.showInformationMessage(`The longest task took ${worst.toFixed(1)} ms.`);
    }),
    vscode.commands.registerCommand('hostProbe.activations', () => {
      const times = COMPARED.map((id) => `${id} took ${activation(id)} ms`);
      void vscode.window.showInformationMessage(`To start, ${times.join(', ')}.`);
    }),
  );
};
