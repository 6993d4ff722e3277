import { loadProfile, profileNames } from '../../../drivers/receipt-printer/printer-profile.ts';
import { readFindings } from '../../../drivers/receipt-printer/printer-findings.ts';
import { technicianTexts } from '../../../src/copy/technician-languages.ts';
import { printerVerdict } from '../../../src/maintenance/printer-verdict.ts';
import type { PrinterConclusion, PrinterFindings } from '../../../src/maintenance/printer-verdict.ts';
import { whole } from '../fuzz-target.ts';
import { ascii } from './wire-bytes.ts';

const PROFILES = profileNames().map((name) => {
  const profile = loadProfile(name);
  if (!profile.ok) throw new Error(`${name} is no profile`);
  return profile.value;
});
const VERDICTS = (['zh-CN', 'en'] as const).map((language) => technicianTexts(language).technician.verdict);
const RANKS = ['bad', 'watch', 'well'];

interface Judged {
  readonly findings: PrinterFindings;
  readonly conclusions: readonly PrinterConclusion[];
}

/** What follows from what a probe has found; a form for each profile. */
export const verdict = whole<Judged | undefined>({
  name: 'printer-verdict',
  maxBytes: 600,
  forms: PROFILES.length,
  decode(input, form) {
    const findings = readFindings(jsonOf(Buffer.from(input).toString('utf8')));
    const profile = PROFILES[form];
    if (findings === undefined || profile === undefined) return undefined;
    const driven = {
      profile,
      minimumEvidence: 'E2',
      transport: 'serial',
      flowControl: 'none',
      text: 'auto',
    } as const;
    return { findings, conclusions: printerVerdict(findings, driven) };
  },
  check(_input, judged) {
    if (judged === undefined) return undefined;
    const { findings, conclusions } = judged;
    const ranks = conclusions.map(({ mark }) => RANKS.indexOf(mark));
    if (ranks.some((rank, at) => rank < (ranks[at - 1] ?? 0))) return 'what is well before what is wrong';
    if (conclusions.some(({ code }) => VERDICTS.some((words) => !words[code]?.what)))
      return 'no words for it';
    const { processId, etb } = findings.proofs;
    const proves = etb || (processId && findings.echoesTooEarly !== true);
    return !proves && ranks[0] !== 0 ? 'nothing is proven, and nothing is wrong' : undefined;
  },
  bucket: (judged) => judged?.conclusions.map(({ code }) => code).join() ?? 'none',
  grammar: (chance) =>
    ascii(
      JSON.stringify({
        version: 1,
        answers: Object.fromEntries(
          ['DLE EOT 1', 'DLE EOT 4', 'DLE EOT 5', 'DLE EOT 20', 'GS I 67'].map((name) => [
            name,
            chance.pick([null, { bytes: '12', ms: 3 }]),
          ]),
        ),
        automaticStatus: chance.once(2),
        answersLate: chance.pick([true, false, 'undetermined']),
        flowBytesSeen: chance.once(2),
        exitSensorCandidates: chance.pick([[], ['DLE EOT 5']]),
        proofs: { processId: chance.once(2), paperStatus: chance.once(2), etb: chance.once(4) },
        ...chance.pick([
          {},
          {
            exitSensorSeen: chance.once(2),
            exitSensorDialect: chance.pick(['epson', 'masung', 'custom', 'citizen']),
          },
        ]),
        ...chance.pick([{}, { echoesTooEarly: chance.once(2) }]),
        ...chance.pick([{}, { chineseRom: chance.pick(['gb18030', 'gb2312', 'none']) }]),
      }),
    ),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
