import type { KioskctlText } from '../copy/technician-text.ts';
import type { Unreachable } from './ask-agent.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Says why the agent cannot be asked, and what to do. Returns the exit code. */
export function explainUnreachable(
  socketPath: string,
  { kind, code }: Unreachable,
  { unreachable, label }: KioskctlText,
  errors: Terminal,
): number {
  const why = kind === 'other' ? unreachable.other(code) : unreachable[kind];
  errors.line(`${errors.mark('bad')} ${errors.strong(unreachable.what(socketPath))}`);
  errors.line(`    ${label.why}  ${why}`);
  errors.line(`    ${label.remedy}  ${unreachable.remedy[kind]}`);
  return EXIT.unreachable;
}
