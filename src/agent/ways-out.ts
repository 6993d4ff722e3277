import path from 'node:path';
import { agentStart as english } from '../copy/en/agent-start.ts';
import { agentStart as chinese } from '../copy/zh-cn/agent-start.ts';
import type { Logger } from '../logging/logger.ts';

/** No restart mends it: the configuration is wrong, or another agent runs (sysexits EX_CONFIG). */
export const EXIT_NOT_BY_RESTART = 78;
/** The journal, the disk or the program failed: start again and recover (sysexits EX_SOFTWARE). */
const EXIT_RESTART = 70;

type StartText = typeof chinese;

/** Says in both languages on standard error why the agent does not start, and ends it. */
export function refuseToStart(
  say: (text: StartText) => string,
  options: { readonly about?: string; readonly mendedByRestart?: boolean } = {},
): never {
  sayTwice(say, options.about === undefined ? '' : `${options.about}: `);
  process.exit(options.mendedByRestart === true ? EXIT_RESTART : EXIT_NOT_BY_RESTART);
}

/** Says in both languages what is not as it should be, and no reason not to serve people. */
export function warnAtStart(say: (text: StartText) => string): void {
  sayTwice(say, '');
}

function sayTwice(say: (text: StartText) => string, about: string): void {
  process.stderr.write(`${about}${say(chinese)}\n${about}${say(english)}\n`);
}

/** Ends the agent after what should never happen: one event, where it happened on standard error, an exit code. */
export function crash(logger: Logger, cause: 'journal' | 'uncaught', error: unknown): never {
  try {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    logger.emit('agent.fatal', { cause, ...(typeof code === 'string' ? { code } : {}) });
    process.stderr.write(placesOf(error));
  } finally {
    process.exit(EXIT_RESTART);
  }
}

/** Nothing ends the agent in silence: neither an exception that nobody caught nor a promise that nobody waited for. */
export function crashOnUncaught(logger: Logger): void {
  // Unhandled rejections come here too (Node's default since 15).
  process.on('uncaughtException', (error) => crash(logger, 'uncaught', error));
}

/** An orderly end that hangs is cut short. */
export function cutShort(): never {
  process.exit(EXIT_RESTART);
}

/** A line of a stack: perhaps a function, and a place in Node or in this program, whose folder is not told. */
const FRAME =
  /^ {4}at (?:[\w$.<>[\] #]{1,120} \()?(?:file:\/\/)?(?<place>node:[\w/]+|\/.+?):(?<at>\d+:\d+)\)?$/;
const PROGRAM = path.resolve(import.meta.dirname, '../..') + path.sep;

/**
 * Where an error came from: its kind, and the frames of its stack. Never its message, that may quote what a person or a device
 * said, not even where it looks like a frame.
 */
export function placesOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an Error\n';
  const frames = String(error.stack)
    .split('\n')
    .flatMap((line) => {
      const { place = '', at = '' } = FRAME.exec(line)?.groups ?? {};
      const isOurs = place.startsWith(PROGRAM);
      return isOurs || place.startsWith('node:')
        ? [`    at ${isOurs ? place.slice(PROGRAM.length) : place}:${at}`]
        : [];
    });
  return [error.constructor.name, ...frames, ''].join('\n');
}
