import { spawnSync } from 'node:child_process';
import { advisoryFaults, readAnswer } from './advisories.ts';
import { explainedAdvisories } from './explained.ts';

// Asks the registry what is known to be weak. Fails on what nobody explained, and when npm cannot
// ask. Where the registry gives no answer nothing is known: then it says so and does not fail, for
// there is nothing to mend here.

// Whatever the configuration of npm says: `offline` would report that nothing is weak without
// having asked, and `omit` or NODE_ENV leave packages out.
const everything = ['--no-offline', '--include=dev', '--include=optional', '--include=peer'];
const args = ['audit', '--json', '--fetch-retries=0', ...everything];
const { stdout, stderr, error } = spawnSync('npm', args, { encoding: 'utf8' });
const answer = readAnswer(error ? String(error) : stdout);
if ('failed' in answer) {
  process.stderr.write(`NOT CHECKED: npm could not ask the registry.\n${answer.failed}\n${stderr}`);
  process.exitCode = 1;
} else if ('unanswered' in answer) {
  process.stderr.write(`NOT CHECKED: the registry gave no answer. ${answer.unanswered}\n`);
} else {
  const faults = advisoryFaults(answer.report, explainedAdvisories, new Date());
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(
    faults.length === 0 ? 'Checked: nothing is known that is not explained.\n' : '',
  );
  process.exitCode = faults.length > 0 ? 1 : 0;
}
