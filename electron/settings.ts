import { readFileSync } from 'node:fs';

/** What the shell is told by its environment. */
export interface ShellSettings {
  /** The agent's origin, e.g. `http://127.0.0.1:8710`: the only one that is ever loaded. */
  readonly agentOrigin: string;
  /** The file with the one-time code; only this user can read it. */
  readonly codeFile: string;
  /** Another program starts the shell for one visit of one person; it ends with the visit. */
  readonly oneVisit: boolean;
  /** Starts the agent (program and arguments); absent: somebody else does. */
  readonly agentCommand?: readonly [string, ...string[]];
}

function originOf(url: string): string | undefined {
  try {
    const { protocol, hostname, origin } = new URL(url);
    const isLoopback = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
    return protocol === 'http:' && isLoopback ? origin : undefined;
  } catch {
    return undefined;
  }
}

function commandOf(text: string): readonly [string, ...string[]] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) return undefined;
    const [program, ...rest] = words;
    return program === undefined ? undefined : [program, ...rest];
  } catch {
    return undefined;
  }
}

/** Reads `KIOSK_AGENT_URL`, `KIOSK_SHELL_CODE_FILE`, `KIOSK_ENTRY` and `KIOSK_AGENT_COMMAND`; a string says what is wrong with them. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): ShellSettings | string {
  const agentOrigin = originOf(environment['KIOSK_AGENT_URL'] ?? '');
  if (agentOrigin === undefined)
    return 'KIOSK_AGENT_URL must be the agent on this machine, e.g. http://127.0.0.1:8710';
  const codeFile = environment['KIOSK_SHELL_CODE_FILE'] ?? '';
  if (codeFile === '') return 'KIOSK_SHELL_CODE_FILE must name the file with the one-time code';
  const entry = environment['KIOSK_ENTRY'] ?? '';
  if (entry !== '' && entry !== 'visit')
    return 'KIOSK_ENTRY is "visit" where another program starts the shell for one visit, and absent elsewhere';
  const oneVisit = entry === 'visit';
  const command = environment['KIOSK_AGENT_COMMAND'] ?? '';
  if (command === '') return { agentOrigin, codeFile, oneVisit };
  const agentCommand = commandOf(command);
  if (agentCommand === undefined)
    return 'KIOSK_AGENT_COMMAND must be a JSON list of strings, e.g. ["node","agent.ts"]';
  return { agentOrigin, codeFile, oneVisit, agentCommand };
}

/** The newest one-time code; undefined while the agent has not written it. Read anew for each exchange. */
export function readCode(codeFile: string): string | undefined {
  try {
    const code = readFileSync(codeFile, 'utf8').trim();
    return code === '' ? undefined : code;
  } catch {
    return undefined;
  }
}
