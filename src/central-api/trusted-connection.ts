import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, rootCertificates, TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import { buildConnector } from 'undici';
import type { Clock } from '../platform/clock.ts';
import { createHostLookup } from './host-lookup.ts';
import type * as TrustAt from './trust-at.ts';

/** Whom to trust, and by which time. */
export interface TrustOptions {
  readonly caPem?: string;
  readonly clientCertPem?: string;
  readonly clientKeyPem?: string;
  readonly clock: Pick<Clock, 'wallClockMs' | 'schedule'>;
  /** The true time is this or later, ms since 1970. */
  readonly floorMs?: () => number;
}

/** Opens connections to a server that is trusted; to any other the connection fails before a byte of a request is sent. */
export interface TrustedConnection {
  readonly connect: buildConnector.connector;
  /** When the certificate ends that was trusted last, ms since 1970: no time that server tells can be later. */
  trustedUntilMs(): number;
}

const CONNECT_LIMIT_MS = 4_000;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const NOT_YET_VALID = 'CERT_NOT_YET_VALID';

/**
 * OpenSSL judges the server by this machine's clock. Only while that clock is behind the floor (its battery is dead, so that no
 * certificate has begun yet) the floor is what the chain is judged by, see `distrustAt`.
 */
export function trustedConnection(options: TrustOptions): TrustedConnection {
  const tls = {
    lookup: createHostLookup(options.clock),
    timeout: CONNECT_LIMIT_MS,
    // A resumed session would be trusted for what its certificate was when it began.
    maxCachedSessions: 0,
    ...(options.caPem !== undefined && { ca: options.caPem }),
    ...(options.clientCertPem !== undefined && { cert: options.clientCertPem }),
    ...(options.clientKeyPem !== undefined && { key: options.clientKeyPem }),
  };
  const byTheClock = buildConnector(tls);
  const byTheFloor = buildConnector({ ...tls, rejectUnauthorized: false });
  let untilMs = Number.NEGATIVE_INFINITY;
  let authorities: readonly X509Certificate[] | undefined;

  const distrust = (
    trust: typeof TrustAt,
    socket: TLSSocket,
    host: string,
    floorMs: number,
  ): string | undefined => {
    // Of several errors OpenSSL keeps the last, and the time comes late: behind it anything may hide.
    const { authorizationError } = socket as unknown as { authorizationError?: unknown };
    if (!socket.authorized && authorizationError !== NOT_YET_VALID) return String(authorizationError);
    const peer = socket.getPeerCertificate(true);
    const [leaf, ...shown] = chainOf(peer);
    if (leaf === undefined) return 'UNABLE_TO_GET_ISSUER_CERT';
    if (socket.authorized) return trust.hasEnded(leaf, floorMs) ? 'CERT_HAS_EXPIRED' : undefined;
    if (checkServerIdentity(host, peer) !== undefined) return 'ERR_TLS_CERT_ALTNAME_INVALID';
    authorities ??= certificatesIn(options.caPem ?? rootCertificates.join('\n'));
    return trust.distrustAt(floorMs, leaf, shown, authorities);
  };

  /** `callback` gets the connection when `judge` has nothing against it. */
  const judged =
    (
      callback: buildConnector.Callback,
      judge: (socket: TLSSocket) => string | undefined,
    ): buildConnector.Callback =>
    (...[error, socket]) => {
      if (error !== null || !(socket instanceof TLSSocket)) {
        callback(error ?? new Error('no TLS'), null);
        return;
      }
      const code = judge(socket);
      if (code !== undefined) {
        socket.destroy();
        callback(Object.assign(new Error('the server is not trusted'), { code }), null);
        return;
      }
      untilMs = socket.getPeerX509Certificate()?.validToDate.getTime() ?? untilMs;
      callback(null, socket);
    };

  const connectByTheFloor = async (
    wanted: buildConnector.Options,
    callback: buildConnector.Callback,
    floorMs: number,
  ) => {
    // Few machines ever need it, and it takes some megabytes.
    const trust = await import('./trust-at.ts');
    const judge = (socket: TLSSocket) => distrust(trust, socket, wanted.hostname, floorMs);
    byTheFloor(wanted, judged(callback, judge));
  };

  return {
    connect: (wanted, callback) => {
      const floorMs = options.floorMs?.() ?? Number.NEGATIVE_INFINITY;
      if (options.clock.wallClockMs() >= floorMs) {
        byTheClock(
          wanted,
          judged(callback, () => undefined),
        );
        return;
      }
      void connectByTheFloor(wanted, callback, floorMs);
    },
    trustedUntilMs: () => untilMs,
  };
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  return (pem.match(PEM_CERTIFICATE) ?? []).map((one) => new X509Certificate(one));
}

/** The server's certificate first. The last one of Node's links points to itself when it signed itself. */
function chainOf(peer: DetailedPeerCertificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  for (let at: DetailedPeerCertificate | undefined = peer; at?.raw !== undefined && !seen.has(at);) {
    seen.add(at);
    chain.push(new X509Certificate(at.raw));
    at = at.issuerCertificate as DetailedPeerCertificate | undefined;
  }
  return chain;
}
