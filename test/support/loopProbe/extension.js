const { monitorEventLoopDelay } = require('node:perf_hooks');
const vscode = require('vscode');

/** ms between two looks at the clock. */
const EVERY = 5;

exports.activate = ({ subscriptions }) => {
  const delays = monitorEventLoopDelay({ resolution: EVERY });
  subscriptions.push(
    vscode.commands.registerCommand('loopProbe.begin', () => {
      delays.reset();
      delays.enable();
    }),
    vscode.commands.registerCommand('loopProbe.end', () => {
      delays.disable();
      const worst = delays.max / 1e6 - EVERY;
      void vscode.window.showInformationMessage(`The longest task took ${worst.toFixed(1)} ms.`);
    }),
  );
};
