import { spawnSync } from 'node:child_process';
import { advisoryFaults, readReport } from './advisories.ts';
import { explainedAdvisories } from './explained.ts';

// Asks the registry what is known to be weak. Fails on what nobody explained, and not because there
// is no registry: then it says so, and nothing is known.

const args = ['audit', '--json', '--fetch-retries=0'];
const { stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
const report = readReport(stdout);
if (report === undefined) {
  process.stderr.write(`Not audited, for the registry gave no answer:\n${stderr || stdout}\n`);
} else {
  const faults = advisoryFaults(report, explainedAdvisories, new Date());
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(faults.length === 0 ? 'Nothing is known that is not explained.\n' : '');
  process.exitCode = faults.length > 0 ? 1 : 0;
}
