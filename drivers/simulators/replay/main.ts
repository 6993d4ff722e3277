/** Plays the device's side of a trace that `kioskctl … trace` recorded: `--trace FILE (--pty PATH | --tcp PORT)`. */
import { readFileSync } from 'node:fs';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { parseTrace, type Trace } from '../../trace/trace-lines.ts';
import { runSimulator, sharedOptions, simulatorCommand } from '../program.ts';
import { startReplay } from './simulator.ts';

const program = simulatorCommand('replay', "Plays the device's side of a recorded trace")
  .requiredOption('--trace <file>', 'what kioskctl has recorded')
  .parse();
const { trace: file } = program.opts<{ trace: string }>();

/** Throws with a sentence for who started the program. */
function traceIn(path: string): Trace {
  const trace = parseTrace(readFileSync(path, 'utf8'));
  if (!trace.ok) throw new Error(`${path}: line ${trace.error.line} is no line of a trace`);
  if (trace.value.header.unit === 'reports')
    throw new Error(
      'a trace of HID reports cannot be played on a line; startReportReplay plays it in a test',
    );
  return trace.value;
}

await runSimulator(async () =>
  // The recorded times are those of the wire: it is not slowed down a second time.
  startReplay({ ...sharedOptions(program), baud: 0, trace: traceIn(file) }, systemClock, systemRandom),
);
