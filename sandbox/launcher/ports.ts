import { createServer } from 'node:net';

/** The demonstration's ports on loopback; 0: any free one. */
export interface LauncherPorts {
  readonly bridge: number;
  readonly bench: number;
  readonly central: number;
}

/** Where the demonstration is when nobody says otherwise. */
export const DEFAULT_PORTS: LauncherPorts = { bridge: 8420, bench: 8430, central: 8440 };

/** Reads `KIOSK,BENCH,CENTRE`; undefined when that is not what it says. */
export function parsePorts(text: string): LauncherPorts | undefined {
  const words = text.split(',');
  const [bridge = -1, bench = -1, central = -1] = words.map((word) =>
    /^\d{1,5}$/.test(word) ? Number(word) : -1,
  );
  const ports = [bridge, bench, central];
  const fixed = ports.filter((port) => port > 0);
  const isSane = words.length === 3 && ports.every((port) => port >= 0 && port <= 65_535);
  return isSane && new Set(fixed).size === fixed.length ? { bridge, bench, central } : undefined;
}

/** Those of the ports that somebody listens on already. */
export async function takenPorts(ports: LauncherPorts): Promise<readonly number[]> {
  const fixed = Object.values(ports).filter((port) => port > 0);
  const free = await Promise.all(fixed.map(isFree));
  return fixed.filter((_port, index) => free[index] !== true);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
