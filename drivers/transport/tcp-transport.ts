import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { DeviceFault } from '../../src/devices/status.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { err, ok } from '../../src/platform/result.ts';
import type { Result } from '../../src/platform/result.ts';
import type { ByteLink, ByteTransport } from './byte-link.ts';
import { linkFaults } from './link-faults.ts';
import { createLinkLifetime } from './link-lifetime.ts';
import type { LinkLifetime } from './link-lifetime.ts';

/** A configured TCP address of a device (raw socket, often port 9100 for printers). */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** How long a connection may take to open, ms. Default 3000. */
  readonly connectTimeoutMs?: number;
  /**
   * What becomes of bytes that the device has not taken when the line ends, by either side. `deliver` (default): those handed over
   * still go their way when we close · `discard`: the connection is reset, for nothing may arrive after its time (printers).
   */
  readonly atEnd?: 'deliver' | 'discard';
}

/** First keep-alive probe after this much silence, ms: a powered-off device is noticed without traffic. */
const KEEP_ALIVE_DELAY_MS = 5000;

/** How long queued bytes may still leave after `close`, ms. */
const CLOSE_LIMIT_MS = 1000;

/** A raw TCP connection to a device; Nagle's algorithm is off, small commands leave at once. */
export function tcpTransport(address: TcpAddress): ByteTransport {
  const { host, port, clock, connectTimeoutMs = 3000, atEnd = 'deliver' } = address;
  return {
    description: `tcp ${host}:${port}`,
    open(signal) {
      return new Promise((resolve) => {
        if (signal.aborted) {
          resolve(err(linkFaults.closed));
          return;
        }
        const socket = connect({
          host,
          port,
          noDelay: true,
          keepAlive: true,
          keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
        });
        const finish = (outcome: Result<ByteLink, DeviceFault>) => {
          cancelTimer();
          signal.removeEventListener('abort', onAbort);
          if (!outcome.ok) socket.destroy();
          resolve(outcome);
        };
        const onAbort = () => {
          finish(err(linkFaults.closed));
        };
        const onConnectError = (error: NodeJS.ErrnoException) => {
          finish(err(faultOfConnectError(error.code)));
        };
        const cancelTimer = clock.schedule(connectTimeoutMs, () => {
          finish(err(linkFaults.timedOut));
        });
        signal.addEventListener('abort', onAbort, { once: true });
        socket.on('error', onConnectError);
        socket.once('connect', () => {
          // The link listens for itself from here on; a socket without an 'error' listener would end the process.
          const link = tcpLink(socket, clock, atEnd);
          socket.off('error', onConnectError);
          finish(ok(link));
        });
      });
    },
  };
}

function faultOfConnectError(code: string | undefined): DeviceFault {
  switch (code) {
    case 'ECONNREFUSED':
      return linkFaults.refused;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return linkFaults.unknownHost;
    case 'ETIMEDOUT':
      return linkFaults.timedOut;
    default:
      return linkFaults.unreachable;
  }
}

function tcpLink(socket: Socket, clock: Clock, atEnd: 'deliver' | 'discard'): ByteLink {
  const lifetime = createLinkLifetime();
  socket.on('data', (chunk: Buffer) => {
    lifetime.deliver(chunk);
  });
  const lose = () => {
    lifetime.end({ kind: 'lost', fault: linkFaults.lost });
    if (atEnd === 'deliver') socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
  };
  // 'end' counts as the end: a device that stopped talking cannot answer, even if it would still listen.
  socket.on('end', lose);
  socket.on('error', lose);
  socket.on('close', lose);

  return {
    ended: lifetime.ended,
    onData: (listener) => lifetime.onData(listener),
    write: (bytes) => lifetime.unlessEnded(writeToSocket(socket, lifetime, bytes)),
    async close() {
      lifetime.end({ kind: 'closed' });
      await closeSocket(socket, clock, atEnd);
    },
  };
}

function writeToSocket(
  socket: Socket,
  lifetime: LinkLifetime,
  bytes: Uint8Array,
): Promise<Result<void, DeviceFault>> {
  return new Promise((resolve) => {
    if (lifetime.over || !socket.writable) {
      resolve(err(linkFaults.lost));
      return;
    }
    socket.write(bytes, (error) => {
      resolve(error ? err(linkFaults.lost) : ok(undefined));
    });
  });
}

function closeSocket(socket: Socket, clock: Clock, atEnd: 'deliver' | 'discard'): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) {
      resolve();
      return;
    }
    // Bytes that were not handed over yet belong to writes that ended with a fault: they must not arrive later.
    if (atEnd === 'discard' || socket.writableLength > 0) socket.resetAndDestroy();
    else socket.end();
    const cancel = clock.schedule(CLOSE_LIMIT_MS, () => {
      socket.destroy();
    });
    socket.once('close', () => {
      cancel();
      resolve();
    });
  });
}
