import { closeSync, openSync, writeSync } from 'node:fs';
import type { MaintainedDevice, TraceStreamEvent } from '../maintenance/technician-events.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { followAgent } from './ask-agent.ts';
import { EXIT } from './exit-codes.ts';
import { explainUnreachable } from './explain-unreachable.ts';
import { progressOn } from './progress.ts';
import type { Speaking } from './technician-run.ts';

export interface TraceOptions {
  readonly seconds: number;
  readonly out?: string;
  readonly reopen: boolean;
}

/**
 * `kioskctl reader|scanner|printer trace`: records what goes over a device's line. Ctrl-C ends the recording; what was recorded by
 * then stays. Returns the exit code.
 */
export async function traceDevice(
  device: MaintainedDevice,
  { seconds, out: file, reopen }: TraceOptions,
  speaking: Speaking,
): Promise<number> {
  const { texts, errors, asker } = speaking;
  const { trace, run, duration } = texts.kioskctl;
  const sink = openSink(file);
  if (!sink.ok) {
    errors.line(`${errors.mark('bad')} ${trace.cannotWrite(file ?? '', sink.error)}`);
    return EXIT.trouble;
  }
  const stop = new AbortController();
  const interrupt = () => {
    stop.abort();
  };
  process.once('SIGINT', interrupt);
  const progress = progressOn(asker.output, duration.second);
  // On a terminal that shows the lines themselves, a count between them would only disturb.
  const recording = `${trace.recording(seconds)} · ${run.ctrlC}`;
  if (file === undefined) errors.line(recording);
  else progress.begin(recording);
  let lines = 0;
  let refusal: string | undefined;
  const followed = await followAgent<TraceStreamEvent>(
    speaking.socketPath,
    stop.signal,
    (agent, signal) => agent.trace({ device, seconds, reopen }, signal),
    (event) => {
      if (event.kind === 'line') {
        sink.value.write(event.line);
        lines += 1;
      } else refusal = event.kind === 'overrun' ? trace.overrun : run.refused[event.because];
    },
  );
  progress.end();
  process.off('SIGINT', interrupt);
  sink.value.close();
  if (!followed.ok) return explainUnreachable(speaking.socketPath, followed.error, texts.kioskctl, errors);
  // The first line says what the trace is of.
  if (lines > 1) {
    errors.line(`${errors.mark('well')} ${trace.recorded(lines - 1, file ?? '')}`);
    errors.line(`  ${trace.private}`);
  } else if (refusal === undefined) errors.line(`${errors.mark('watch')} ${trace.nothing}`);
  if (refusal === undefined) return EXIT.well;
  errors.line(`${errors.mark('watch')} ${refusal}`);
  return EXIT.trouble;
}

interface Sink {
  write(line: string): void;
  close(): void;
}

/** The error is the system's word for what is wrong. */
function openSink(file: string | undefined): Result<Sink, string> {
  if (file === undefined) {
    return ok({
      write: (line) => {
        process.stdout.write(`${line}\n`);
      },
      close: () => {},
    });
  }
  try {
    const descriptor = openSync(file, 'w', 0o600);
    return ok({
      write: (line) => {
        writeSync(descriptor, `${line}\n`);
      },
      close: () => {
        closeSync(descriptor);
      },
    });
  } catch (error) {
    return err((error as { code?: string }).code ?? 'unknown');
  }
}
