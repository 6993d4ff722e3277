import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { sleep, systemClock } from '../../src/platform/clock.ts';

/** Samples a second of what is recorded; the voice has nothing above 6.5 kHz that would matter, and the words lie below 4. */
export const RATE = 12_000;

const SINK = 'kiosk';
const COMES_UP_WITHIN_MS = 10_000;

/** Why there is nothing to listen with on this machine; undefined: there is. */
export function noSoundCard(): string | undefined {
  const missing = [
    ['pulseaudio', '--version'],
    ['parec', '--version'],
    ['pactl', '--version'],
    ['opusdec', '--version'],
  ].find(([program = '', option = '']) => spawnSync(program, [option]).error !== undefined);
  return missing === undefined
    ? undefined
    : `${missing[0]} is not installed (Debian: pulseaudio, opus-tools)`;
}

/**
 * A sound card without a loudspeaker: a PulseAudio of its own, private to a directory, with a null sink whose monitor is recorded.
 * It touches neither the user's nor the system's sound.
 */
export class SoundCard {
  /** For the environment of whoever is to play into it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #daemon: ChildProcess;

  private constructor(daemon: ChildProcess, environment: Readonly<Record<string, string>>) {
    this.#daemon = daemon;
    this.environment = environment;
  }

  static async start(directory: string): Promise<SoundCard> {
    const home = path.join(directory, 'pulse');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const socket = path.join(home, 'native');
    const environment = { PULSE_SERVER: `unix:${socket}`, PULSE_SINK: SINK };
    const daemon = spawn(
      'pulseaudio',
      [
        '-n',
        '-F',
        '/dev/null',
        '--daemonize=no',
        '--system=no',
        '--use-pid-file=no',
        '--exit-idle-time=-1',
        '--high-priority=yes',
        '--disable-shm=yes',
        `--load=module-null-sink sink_name=${SINK} rate=48000 channels=1`,
        `--load=module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
      ],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          HOME: home,
          PULSE_RUNTIME_PATH: home,
          PULSE_STATE_PATH: home,
          XDG_RUNTIME_DIR: home,
        },
      },
    );
    const card = new SoundCard(daemon, environment);
    const deadline = systemClock.monotonicMs() + COMES_UP_WITHIN_MS;
    while (!existsSync(socket) || !card.#answers()) {
      if (daemon.exitCode !== null || systemClock.monotonicMs() > deadline) {
        await card.stop();
        throw new Error('PulseAudio does not come up');
      }
      await sleep(systemClock, 50);
    }
    return card;
  }

  #answers(): boolean {
    return spawnSync('pactl', ['info'], { env: { ...process.env, ...this.environment } }).status === 0;
  }

  /** Records from now on. */
  record(): Recording {
    return new Recording(
      spawn(
        'parec',
        [
          `--device=${SINK}.monitor`,
          '--raw',
          '--format=s16le',
          `--rate=${RATE}`,
          '--channels=1',
          '--latency-msec=20',
        ],
        { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...this.environment } },
      ),
    );
  }

  async stop(): Promise<void> {
    await ended(this.#daemon);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  await over;
}

/** What the sound card played since it began, mono at {@link RATE}, and when. */
export class Recording {
  readonly #recorder: ChildProcess;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** The wall clock at the first sample, ms: as the chunk that came with the least delay has it. */
  #beganAtMs = Number.POSITIVE_INFINITY;

  constructor(recorder: ChildProcess) {
    this.#recorder = recorder;
    recorder.stdout?.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      this.#beganAtMs = Math.min(
        this.#beganAtMs,
        systemClock.wallClockMs() - (this.#bytes / 2 / RATE) * 1_000,
      );
    });
  }

  /** The number of the sample that was played at a time of the wall clock, ms. */
  sampleAt(wallClockMs: number): number {
    return Math.round(((wallClockMs - this.#beganAtMs) / 1_000) * RATE);
  }

  /** From one sample to the newest, 1: full scale. */
  samples(from: number): Float64Array {
    const all = Buffer.concat(this.#chunks);
    const last = Math.floor(all.length / 2);
    const first = Math.min(Math.max(0, from), last);
    return Float64Array.from({ length: last - first }, (_, at) => all.readInt16LE((first + at) * 2) / 32_768);
  }

  async stop(): Promise<void> {
    await ended(this.#recorder);
  }
}
