// `npm test`: makes the machine ready, then runs the whole proof on the project's own Node.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { prepare, projectNode, root } from './prepare.mjs';

prepare('test');
const result = spawnSync(projectNode, [path.join(root, 'scripts/run-tests.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${path.join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    // Hundreds of programs are started: half of the time each takes for that is compiling what was compiled before (decision 0006).
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled'),
  },
});
process.exit(result.status ?? 1);
