/** `npm run known-answers`: installs the peers, pinned, into environments of their own and asks them again. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pythonOf } from '../../components/python-environment.ts';

const scripts = [
  ['evidently', 'samples.py'],
  ['evidently', 'science.py'],
  ['evidently', 'evidently_answers.py'],
  ['nannyml', 'nannyml_answers.py'],
] as const;

for (const [environment, script] of scripts) {
  const python = await pythonOf(environment);
  process.stdout.write(`${script}\n`);
  execFileSync(python, [join(import.meta.dirname, script)], {
    stdio: 'inherit',
    env: { ...process.env, NML_DISABLE_USAGE_LOGGING: '1' },
  });
}
