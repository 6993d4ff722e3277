// `npm start`: makes the machine ready, then hands over to the launcher on the project's own Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { prepare, projectNode, root } from './prepare.mjs';

prepare('start');
const main = path.join(root, 'sandbox/launcher/main.ts');
// No core files, of the shell neither: it shows names. The agent sees to it by itself.
const noCores = ['-c', 'ulimit -c 0; exec "$0" "$@"'];
const launcher = spawn('sh', [...noCores, projectNode, main, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C reaches the launcher through the terminal; it ends everything, and we end with it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => launcher.kill('SIGTERM'));
launcher.on('exit', (code, signal) => {
  process.exit(code ?? (signal === null ? 1 : 0));
});
