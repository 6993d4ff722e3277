import type { KeyObject, X509Certificate } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { limitsOf } from './certificate-extensions.ts';

/** Why a chain is not trusted, by OpenSSL's names for it. */
export type Distrust =
  | 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  | 'CERT_HAS_EXPIRED'
  | 'CERT_UNTRUSTED'
  | 'INVALID_CA';

/** Extended key usage of a TLS server. */
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
/** One of them is what a TLS server needs. */
const TLS_SERVER_KEY =
  KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyAgreement;
const STRONG_SIGNATURE = /sha-?(?:256|384|512)|^ed(?:25519|448)$/i;
const STRONG_CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const LEAST_RSA_BITS = 2048;
const LONGEST_CHAIN = 4;

/**
 * Judges a server's chain as OpenSSL does, but for the time: this machine's clock is known to be wrong, and the true time is
 * `atLeastMs` or later. What has ended by then is refused; what begins later may have begun.
 *
 * For Node has no way to hand OpenSSL another time. Left to OpenSSL, which has looked at the chain before, are name constraints
 * and policies (it looks at them last, so that nothing hides their error), to Node the host's name. Revocation is not asked, as ever.
 *
 * @param leaf the server's own certificate
 * @param shown certificates the server showed with it, in any order
 * @param authorities the configured ones; only those that signed themselves end a chain
 */
export function distrustAt(
  atLeastMs: number,
  leaf: X509Certificate,
  shown: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): Distrust | undefined {
  try {
    if (hasEnded(leaf, atLeastMs)) return 'CERT_HAS_EXPIRED';
    const { keyUsage, understood } = limitsOf(leaf.raw);
    const serves = keyUsage === undefined || (keyUsage & TLS_SERVER_KEY) !== 0;
    if (!understood || !serves || !servesTls(leaf) || !isStrong(leaf)) return 'CERT_UNTRUSTED';
    const anchors = authorities.filter(signedItself);
    if (anchors.some((anchor) => anchor.raw.equals(leaf.raw))) return undefined;
    return search(leaf, 0, { atLeastMs, anchors, between: [...shown, ...authorities] });
  } catch {
    // A key or an encoding that cannot be read proves nothing.
    return 'CERT_UNTRUSTED';
  }
}

interface Search {
  readonly atLeastMs: number;
  readonly anchors: readonly X509Certificate[];
  readonly between: readonly X509Certificate[];
}

/** Looks for a way from `certificate` to an anchor; `below`: authorities between it and the leaf, itself included. */
function search(certificate: X509Certificate, below: number, world: Search): Distrust | undefined {
  if (below > LONGEST_CHAIN) return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  let best: Distrust = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  for (const issuer of new Set([...world.anchors, ...world.between])) {
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) continue;
    const isAnchor = world.anchors.includes(issuer);
    // Who signed itself and is no anchor leads nowhere.
    if (!isAnchor && signedItself(issuer)) continue;
    const wrong = distrustOfAuthority(issuer, below, isAnchor, world.atLeastMs);
    const end = wrong ?? (isAnchor ? undefined : search(issuer, below + 1, world));
    if (end === undefined) return undefined;
    best = end;
  }
  return best;
}

function signedItself(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

function distrustOfAuthority(
  issuer: X509Certificate,
  below: number,
  isAnchor: boolean,
  atLeastMs: number,
): Distrust | undefined {
  if (hasEnded(issuer, atLeastMs)) return 'CERT_HAS_EXPIRED';
  const { pathLength, understood } = limitsOf(issuer.raw);
  if (!issuer.ca || (pathLength !== undefined && below > pathLength)) return 'INVALID_CA';
  // Nobody relies on the signature under an anchor.
  const strong = isAnchor ? isStrongKey(issuer.publicKey) : isStrong(issuer);
  return understood && servesTls(issuer) && strong ? undefined : 'CERT_UNTRUSTED';
}

/** Its last day is over, if the true time is `atLeastMs` or later. */
export function hasEnded(certificate: X509Certificate, atLeastMs: number): boolean {
  const endsMs = certificate.validToDate.getTime();
  return Number.isNaN(endsMs) || endsMs < atLeastMs;
}

/** Without an extended usage a key may serve anything. Node calls that one `keyUsage`. */
function servesTls({ keyUsage }: X509Certificate): boolean {
  const usages = keyUsage as readonly string[] | undefined;
  return usages === undefined || usages.includes(SERVER_AUTHENTICATION);
}

function isStrong(certificate: X509Certificate): boolean {
  return STRONG_SIGNATURE.test(certificate.signatureAlgorithm ?? '') && isStrongKey(certificate.publicKey);
}

function isStrongKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'rsa' || type === 'rsa-pss') return (details?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  if (type === 'ec') return STRONG_CURVES.has(details?.namedCurve ?? '');
  return type === 'ed25519' || type === 'ed448';
}
