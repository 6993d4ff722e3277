import { readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import type { KioskConfiguration } from '../configuration/configuration.ts';
import { sleep, withTimeLimit, type Clock } from '../platform/clock.ts';

/** A webhook that has not answered by then reached nobody, as far as the person at the glass is concerned. */
const ANSWER_WITHIN_MS = 3_000;
/** Whoever was called comes; pressing again does not make them come twice. */
const SAME_CALL_MS = 60_000;

/** The way to staff that a site has: `[help]` of the configuration. */
export type HelpSettings = KioskConfiguration['help'];

/** What became of one call, for the log. */
export interface HelpCall {
  readonly via: HelpSettings['via'];
  readonly reached: boolean;
}

/** Calls staff to this machine. */
export interface HelpLine {
  /**
   * True: the call went out and, where the way can tell, was taken (a webhook answered 2xx). False: nobody was called, send the
   * person to the window. Never rejects. A second call within a minute of one that went out is the same one.
   */
  call(): Promise<boolean>;
}

/** @param onCall told each call that was made, with nothing of the person in it */
export function createHelpLine(
  settings: HelpSettings,
  kiosk: { readonly id: string; readonly clock: Clock; readonly onCall: (call: HelpCall) => void },
): HelpLine {
  const { via } = settings;
  const { clock } = kiosk;
  let calledAtMs = Number.NEGATIVE_INFINITY;
  return {
    call: async () => {
      if (via === 'none') return false;
      if (clock.monotonicMs() - calledAtMs < SAME_CALL_MS) return true;
      const reached = await ring(settings, kiosk).catch(() => false);
      if (reached) calledAtMs = clock.monotonicMs();
      kiosk.onCall({ via, reached });
      return reached;
    },
  };
}

async function ring(
  settings: HelpSettings,
  { id, clock }: { readonly id: string; readonly clock: Clock },
): Promise<boolean> {
  switch (settings.via) {
    case 'none':
      return false;
    case 'log':
      // The entry in the log is the call.
      return true;
    case 'webhook':
      return (await withTimeLimit(clock, ANSWER_WITHIN_MS, post(settings, id))) === true;
    case 'relay':
      return pulse(settings, clock);
    default:
      return settings.via satisfies never;
  }
}

/** One JSON object, `{"kiosk": id, "call": "help"}`; what the site's system makes of it is its own. */
async function post({ url, caFile }: HelpSettings, kiosk: string): Promise<boolean> {
  if (url === undefined) return false;
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kiosk, call: 'help' }),
      headersTimeout: ANSWER_WITHIN_MS,
      bodyTimeout: ANSWER_WITHIN_MS,
      dispatcher,
    });
    await body.dump();
    return statusCode >= 200 && statusCode < 300;
  } finally {
    await dispatcher.destroy();
  }
}

/** A relay behind a GPIO line: the kernel's value file takes `1` and `0` (docs.kernel.org, GPIO sysfs; the same for an LED). */
async function pulse({ path, pulseMs }: HelpSettings, clock: Clock): Promise<boolean> {
  if (path === undefined) return false;
  await writeFile(path, '1');
  void sleep(clock, pulseMs)
    .then(() => writeFile(path, '0'))
    .catch(() => undefined);
  return true;
}
