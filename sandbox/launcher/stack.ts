import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { AgentProcess, type AgentLaunch } from './agent-process.ts';
import { startProgram, type Program } from './child-process.ts';
import { makeSandboxKeys, privateKeyFile } from './keys.ts';
import { writeKioskConfiguration } from './kiosk-configuration.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** Which ports the pieces get; 0 or absent: any free one. */
export interface StackPorts {
  readonly bridge?: number;
  readonly bench?: number;
  readonly central?: number;
}

export interface StackOptions {
  /** Everything the stack writes lies under it. */
  readonly directory: string;
  readonly ports?: StackPorts;
  /** How the kiosk reaches its devices: virtual serial ports (default) or TCP. */
  readonly line?: 'serial' | 'tcp';
  readonly bench?: boolean;
  readonly limits?: Readonly<Record<string, number>>;
  /** Keys of `[issuance]`, ms. */
  readonly issuance?: Readonly<Record<string, number>>;
  /** How the agent is started. */
  readonly launch?: AgentLaunch;
  /** Leaves the agent to be started by the caller, who wants to see it start. */
  readonly agentLater?: boolean;
  readonly onProgress?: (what: string) => void;
  readonly onAgentRestart?: (code: string) => void;
}

/** A running sandbox: central service, simulated devices, device bench, and the agent that knows nothing of it. */
export interface Stack {
  readonly directory: string;
  readonly kioskUrl: string;
  readonly benchUrl: string | undefined;
  readonly centralUrl: string;
  readonly caFile: string;
  /** The sandbox's own handle on the central service (clock, holds, state). */
  readonly centralControl: string;
  /** Control addresses of the simulators. */
  readonly reader: string;
  readonly scanner: string;
  readonly printer: string;
  readonly slipsDirectory: string;
  readonly dataDirectory: string;
  readonly configFile: string;
  readonly shellCodeFile: string;
  readonly socketPath: string;
  readonly agentLog: string;
  readonly agent: AgentProcess;
  privateKeyFile(keyId: string): string;
  stop(): Promise<void>;
}

/** Starts everything but the shell. Throws, after having stopped what ran already, when a piece does not start. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const programs: Program[] = [];
  let agent: AgentProcess | undefined;
  const stop = async () => {
    await agent?.stop();
    await Promise.all(programs.map((program) => program.stop()));
  };
  try {
    const pieces = await startPieces(options, programs);
    agent = new AgentProcess({
      configFile: pieces.configFile,
      origin: pieces.kioskUrl,
      logFile: pieces.agentLog,
      ...(options.onAgentRestart === undefined ? {} : { onRestart: options.onAgentRestart }),
      ...(options.launch === undefined ? {} : { launch: options.launch }),
    });
    if (options.agentLater !== true) {
      options.onProgress?.('agent');
      await agent.start();
    }
    return { ...pieces, agent, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPieces(options: StackOptions, programs: Program[]) {
  const { directory, ports = {} } = options;
  const keyDirectory = path.join(directory, 'keys');
  const slipsDirectory = path.join(directory, 'slips');
  mkdirSync(path.join(directory, 'devices'), { recursive: true });
  mkdirSync(slipsDirectory, { recursive: true });
  const keysFile = makeSandboxKeys(keyDirectory);
  const launch = async (name: string, file: string, flags: Flags) => {
    options.onProgress?.(name);
    const program = await startProgram({
      name,
      args: [path.join(repository, file), ...commandLine(flags)],
      isReady: (line) => line['ready'] === true,
    });
    programs.push(program);
    return program;
  };
  const simulator = (device: string, extra: Flags = {}) =>
    launch(device, `drivers/simulators/${device}/main.ts`, {
      ...(options.line === 'tcp' ? { tcp: 0 } : { pty: path.join(directory, 'devices', device) }),
      baud: 115_200,
      control: 0,
      ...extra,
    });

  const [central, reader, scanner, printer] = await Promise.all([
    launch('central-service', 'sandbox/central-service/main.ts', {
      port: ports.central ?? 0,
      data: path.join(directory, 'central'),
      keys: keysFile,
      control: 0,
    }),
    simulator('id-card-reader'),
    simulator('qr-scanner'),
    // A printer in the network is as fast as its paper; the other devices sit behind serial lines even there.
    simulator('receipt-printer', { out: slipsDirectory, ...(options.line === 'tcp' ? { baud: 0 } : {}) }),
  ]);

  const { bridge = 0 } = ports;
  const bridgePort = bridge === 0 ? await freePort() : bridge;
  const centralUrl = String(central.ready['url']);
  const caFile = String(central.ready['caFile']);
  const centralControl = String(central.ready['control']);
  const configFile = writeKioskConfiguration({
    directory,
    bridgePort,
    centralUrl,
    caFile,
    keyId: 'kiosk-sandbox-1',
    keyFile: privateKeyFile(keyDirectory, 'kiosk-sandbox-1'),
    readerLine: String(reader.ready['device']),
    scannerLine: String(scanner.ready['device']),
    printerLine: String(printer.ready['device']),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.issuance === undefined ? {} : { issuance: options.issuance }),
  });

  let benchUrl: string | undefined;
  if (options.bench === true) {
    const bench = await launch('device-bench', 'sandbox/device-bench/main.ts', {
      port: ports.bench ?? 0,
      reader: String(reader.ready['control']),
      scanner: String(scanner.ready['control']),
      printer: String(printer.ready['control']),
      'central-control': centralControl,
      central: centralUrl,
      ca: caFile,
      'portal-key': privateKeyFile(keyDirectory, 'portal-sandbox'),
      'portal-key-id': 'portal-sandbox',
    });
    benchUrl = String(bench.ready['url']);
  }
  return {
    directory,
    kioskUrl: `http://127.0.0.1:${bridgePort}`,
    benchUrl,
    centralUrl,
    caFile,
    centralControl,
    reader: String(reader.ready['control']),
    scanner: String(scanner.ready['control']),
    printer: String(printer.ready['control']),
    slipsDirectory,
    dataDirectory: path.join(directory, 'data'),
    configFile,
    shellCodeFile: path.join(directory, 'run/shell-code'),
    socketPath: path.join(directory, 'run/kioskctl.sock'),
    agentLog: path.join(directory, 'agent.log'),
    privateKeyFile: (keyId: string) => privateKeyFile(keyDirectory, keyId),
  };
}

/** Long options of a command line, by name. */
type Flags = Readonly<Record<string, string | number>>;

function commandLine(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** A TCP port of loopback that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}
