// A kiosk's first life in a process of its own, so that its system calls can be made to fail: `disk-child.ts DIRECTORY`. Reads the
// world and who comes as JSON, writes it back with what came of the life, and ends with 70 when it died.
import { readFileSync } from 'node:fs';
import { live, type LifeReport } from './disk-life.ts';
import { DiskWorld, type Errand, type WorldState } from './disk-world.ts';

/** What the child says in the end. */
export interface ChildReport extends LifeReport {
  readonly state: WorldState;
}

const [directory = ''] = process.argv.slice(2);
/** What the child is told. */
export interface ChildTask {
  readonly state: WorldState;
  /** Who comes in this life. */
  readonly errands: readonly Errand[];
}

const { state, errands } = JSON.parse(readFileSync(0, 'utf8')) as ChildTask;
const world = new DiskWorld(state);
const report = await live(world, { directory, errands });
process.stdout.write(JSON.stringify({ ...report, state: world.state() } satisfies ChildReport));
process.exitCode = report.end === 'died' ? 70 : 0;
