import type { HealthCheckLevel, HealthReport, MaintainedDevice } from '../maintenance/technician-events.ts';
import { EXIT } from './exit-codes.ts';
import { runTask, type Speaking } from './technician-run.ts';

/** `kioskctl reader|scanner|printer test`: has a device looked at, step by step. Returns the exit code. */
export async function testDevice(
  device: MaintainedDevice,
  level: HealthCheckLevel,
  speaking: Speaking,
): Promise<number> {
  const { json, out, texts } = speaking;
  const { run } = texts.kioskctl;
  const name = texts.technician.devices[device];
  if (!json) out.line(out.strong(run.testing(name, level)));
  return runTask<HealthReport>(speaking, {
    ask: (agent, signal) => agent.checkHealth({ device, level }, signal),
    working: run.working,
    codeOf: ({ passed }) => (passed ? EXIT.well : EXIT.trouble),
    showOutcome: ({ passed, steps }) => {
      const failed = steps.filter(({ outcome }) => outcome === 'failed').length;
      const verdict = passed ? run.passed(steps.length) : run.failed(failed);
      out.line(`${out.mark(passed ? 'well' : 'bad')} ${out.strong(verdict)}`);
      return passed ? EXIT.well : EXIT.trouble;
    },
  });
}
