import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { type Clock, sleep } from '../../src/platform/clock.ts';
import type { RandomSource } from '../../src/platform/random.ts';

/** The wires of a simulated device: where a computer can be plugged in, and pulled out. */
export interface Plug {
  /** The pty's path or the TCP port, as a driver is configured with it. */
  readonly address: string;
  /** Whether the cable is in (not whether anyone has opened it). */
  readonly pluggedIn: () => boolean;
  readonly plugIn: () => Promise<void>;
  /** The cable is pulled: a pty vanishes with its path, a TCP port no longer listens and its connections are cut. */
  readonly pullOut: () => Promise<void>;
  /** The stream to the other side; undefined while nobody is connected. */
  readonly stream: () => Duplex | undefined;
}

/** Called whenever another side appears. */
export type StreamListener = (stream: Duplex) => void;

/** Small, so that a full device makes the sender wait soon, as real flow control does. */
const READ_AHEAD_BYTES = 512;

/** A TCP port on the loopback interface (0 = any free one). As real devices, it serves one connection at a time. */
export async function tcpPlug(port: number, onStream: StreamListener): Promise<Plug> {
  const server = oneAtATime(onStream);
  await listening(server.server, { port, host: '127.0.0.1' });
  const bound = portOf(server.server);
  return oneMoveAtATime({
    address: String(bound),
    pluggedIn: () => server.server.listening,
    stream: server.current,
    async plugIn() {
      if (!server.server.listening) await listening(server.server, { port: bound, host: '127.0.0.1' });
    },
    pullOut: server.cut,
  });
}

/** A pseudo-terminal at `path`, made by a socat child that ends with this process. */
export async function ptyPlug(
  path: string,
  clock: Clock,
  random: RandomSource,
  onStream: StreamListener,
): Promise<Plug> {
  const name = `kiosk-simulator-${random.uuid()}`;
  const server = oneAtATime(onStream);
  let child: ChildProcessByStdio<null, null, Readable> | undefined;

  async function plugIn(): Promise<void> {
    if (child) return;
    rmSync(path, { force: true });
    if (!server.server.listening) await listening(server.server, { path: `\0${name}` });
    const started = spawn(
      'socat',
      ['-b', '512', `PTY,raw,echo=0,link=${path}`, `ABSTRACT-CONNECT:${name},sndbuf=2304`],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child = started;
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    let complaint = '';
    // Read to the end, so that socat never waits; only shown when it could not start.
    started.stderr.on('data', (text: Buffer) => {
      complaint = text.toString().trim();
    });
    const failed = new Promise<never>((_, reject) => {
      started.once('error', (error) => {
        reject(new Error(`socat is needed for a pseudo-terminal (apt install socat): ${error.message}`));
      });
      started.once('exit', () => reject(new Error(`socat made no pseudo-terminal: ${complaint}`)));
    });
    // Its end after a good start is no failure of the start.
    failed.catch(() => undefined);
    await Promise.race([failed, appeared(clock, path, () => server.current() !== undefined)]);
  }

  async function pullOut(): Promise<void> {
    const running = child;
    child = undefined;
    await server.cut();
    if (running && running.exitCode === null && running.signalCode === null) {
      const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill('SIGKILL');
      await gone;
    }
    rmSync(path, { force: true });
  }

  await plugIn();
  return oneMoveAtATime({
    address: path,
    pluggedIn: () => child !== undefined,
    stream: server.current,
    plugIn,
    pullOut,
  });
}

/** One move of the cable after the other: a line that is still vanishing would take the path of the next one with it. */
export function oneMoveAtATime<Cable extends Plug>(plug: Cable): Cable {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (move: () => Promise<void>) => () => {
    const moved = last.then(move);
    last = moved.catch(() => undefined);
    return moved;
  };
  return { ...plug, plugIn: inTurn(plug.plugIn), pullOut: inTurn(plug.pullOut) };
}

function oneAtATime(onStream: StreamListener) {
  let current: Socket | undefined;
  const server = createServer({ highWaterMark: READ_AHEAD_BYTES, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    if (current && !current.destroyed) {
      socket.destroy();
      return;
    }
    current = socket;
    socket.on('close', () => {
      if (current === socket) current = undefined;
    });
    onStream(socket);
  });
  return {
    server,
    current: () => current,
    cut: async (): Promise<void> => {
      const closed = server.listening
        ? new Promise<void>((resolve) => server.close(() => resolve()))
        : Promise.resolve();
      current?.destroy();
      await closed;
    },
  };
}

function listening(server: Server, where: { path: string } | { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function appeared(clock: Clock, path: string, connected: () => boolean): Promise<void> {
  const deadline = clock.monotonicMs() + 5_000;
  while (!existsSync(path) || !connected()) {
    if (clock.monotonicMs() > deadline)
      throw new Error(`socat made no pseudo-terminal at ${path} within 5 s`);
    await sleep(clock, 5);
  }
}
