/**
 * Attacks by code on the machine and on its own interpreter: none may reach anything. Witnesses are outside: files,
 * a TCP and a UDP listener, a process that must live, a secret in a file and in the environment. All on each Node.
 *
 * What differs by Node is no lock but Pyodide's: `asyncio.run` needs stack switching, which Node 22 does not have.
 */

import { describeAttacks, testProbes } from '../support/attacked.ts';
import { testedNodes } from '../support/nodes.ts';
import { callProbes, fatalCallProbes } from './attacks/callProbes.ts';
import { environmentProbes, fileProbes, neighbourProbes, processProbes } from './attacks/hostProbes.ts';
import { fatalScriptProbes, machineCodeProbes } from './attacks/nativeProbes.ts';
import { fatalNetworkProbes, networkProbes } from './attacks/networkProbes.ts';
import { pollutionProbes } from './attacks/pollutionProbes.ts';
import { bridgeProbes, constructorProbes, forgedProbes } from './attacks/scriptProbes.ts';

const themes = {
  'files of the machine': fileProbes,
  processes: [...processProbes, ...neighbourProbes],
  'the environment': environmentProbes,
  'the network': [...networkProbes, ...fatalNetworkProbes],
  'the bridge to JavaScript': [...bridgeProbes, ...forgedProbes],
  'constructors and stacks': constructorProbes,
  'shared prototypes': pollutionProbes,
  'callbacks, promises, imports': [...callProbes, ...fatalCallProbes],
  'C and machine code': [...fatalScriptProbes, ...machineCodeProbes],
};

for (const node of testedNodes()) {
  describeAttacks('nothing is reached', node, (attacked) => {
    for (const [theme, probes] of Object.entries(themes)) {
      testProbes(
        probes.map((probe) => ({ ...probe, name: `${theme}: ${probe.name}` })),
        attacked,
      );
    }
  });
}
