import { loadConfiguration } from '../configuration/load-configuration.ts';
import type { DeviceSurvey } from '../maintenance/device-survey.ts';
import { askAgent, type Unreachable } from './ask-agent.ts';
import type { Texts } from './diagnosis.ts';
import { EXIT } from './exit-codes.ts';
import { judgeSurvey, type PluggedEntry, type SurveyJudgement } from './survey-judgement.ts';
import { indented, remedyLines, widest, type Terminal } from './terminal.ts';

/** Listing the buses takes a moment where a device is just being plugged in. Milliseconds. */
const ANSWER_LIMIT_MS = 15_000;

/**
 * `kioskctl devices`: what is plugged in, what it can be, what is wrong with it. The agent is asked first, because its permissions
 * are those that matter; where none answers, this program looks itself. Returns the exit code.
 */
export async function showDevices(options: {
  configFile: string;
  /** Undefined: the agent is not to be asked, or nobody knows where it is. */
  socketPath: string | undefined;
  json: boolean;
  texts: Texts;
  out: Terminal;
  errors: Terminal;
}): Promise<number> {
  const { configFile, socketPath, texts, out, errors, json } = options;
  const asked =
    socketPath === undefined
      ? undefined
      : await askAgent(socketPath, ANSWER_LIMIT_MS, (agent) => agent.survey());
  const surveyed = asked?.ok === true ? asked.value : await look(configFile, texts, errors);
  if (asked?.ok === false) {
    const why = reasonOf(asked.error, texts);
    errors.line(`${errors.mark('watch')} ${texts.kioskctl.devices.local(why)}`);
  }
  const judgement = judgeSurvey(surveyed, texts);
  if (json) out.line(JSON.stringify(surveyed, undefined, 2));
  else show(surveyed, judgement, texts, out);
  return judgement.count === 0 ? EXIT.well : EXIT.trouble;
}

/** Looks from here: with the permissions of whoever runs this program, and what of the configuration can be read. */
async function look(configFile: string, { kioskctl }: Texts, errors: Terminal): Promise<DeviceSurvey> {
  // Only now: it loads the libraries of three buses, which no other command needs.
  const { surveyDevices } = await import('../maintenance/device-survey.ts');
  const loaded = loadConfiguration(configFile);
  if (!loaded.ok) errors.line(`${errors.mark('watch')} ${kioskctl.devices.withoutConfiguration}`);
  return surveyDevices(loaded.ok ? loaded.value : undefined);
}

function reasonOf({ kind, code }: Unreachable, { kioskctl: { unreachable } }: Texts): string {
  const sentence = kind === 'other' ? unreachable.other(code) : unreachable[kind];
  return sentence.replace(/[。.]$/, '');
}

function show(survey: DeviceSurvey, judgement: SurveyJudgement, texts: Texts, out: Terminal): void {
  const { devices } = texts.kioskctl;
  const { configured, plugged, others, count } = judgement;
  const verdict = count === 0 ? devices.well : devices.trouble(count);
  if (configured.length > 0) {
    out.line(`${out.mark(count === 0 ? 'well' : 'bad')} ${out.strong(verdict)}`);
    out.line();
    out.line(out.strong(devices.configured));
    const columns = widest(configured.map(({ device }) => device)) + 2;
    for (const { mark, device, text } of configured) {
      indented(device, columns, text, `  ${out.mark(mark)} `, out);
    }
    out.line();
  }
  out.line(out.strong(devices.plugged));
  if (plugged.length === 0) out.line(`    ${devices.nothing}`);
  for (const entry of plugged) showEntry(entry, texts, out);
  if (others.length > 0) {
    out.line();
    out.line(out.strong(devices.others));
    for (const other of others) indented('', 0, other, '    ', out);
  }
  out.line();
  out.line(out.faint(devices.permissionsOf(survey.user)));
}

function showEntry(entry: PluggedEntry, { kioskctl }: Texts, out: Terminal): void {
  indented('', 0, entry.title, `  ${out.mark(entry.mark)} `, out);
  for (const fact of entry.facts) indented('', 0, fact, '      ', out);
  if (entry.nodes !== '') indented('', 0, entry.nodes, '      ', out);
  for (const { what, remedy } of entry.troubles) {
    indented('', 0, what, '      ', out);
    remedyLines({ remedy }, kioskctl.label, out, '      ');
  }
  if (entry.paste === undefined) return;
  if (entry.paste.sentence !== '') out.line(`      ${entry.paste.sentence}`);
  for (const section of entry.paste.sections) {
    out.line();
    // Not folded: it is copied.
    for (const line of section) out.line(`        ${line}`);
  }
}
