import { AsnConvert } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';

/** What a judge of certificates wants to know and Node does not tell. */
export interface CertificateLimits {
  /** How many authorities may stand between this one and the last certificate; undefined: any number. */
  readonly pathLength: number | undefined;
  /** Flags of `KeyUsageFlags`; undefined: may be used for anything. */
  readonly keyUsage: number | undefined;
  /** All extensions that must be understood are ones that {@link limitsOf} or Node's own check understands. */
  readonly understood: boolean;
}

const JUDGED = new Set([
  // Here.
  x509.id_ce_basicConstraints,
  x509.id_ce_keyUsage,
  // By OpenSSL, which has looked at the chain before.
  x509.id_ce_subjectAltName,
  x509.id_ce_nameConstraints,
  x509.id_ce_cRLDistributionPoints,
  x509.id_ce_certificatePolicies,
  x509.id_ce_policyMappings,
  x509.id_ce_policyConstraints,
  x509.id_ce_extKeyUsage,
  x509.id_ce_inhibitAnyPolicy,
]);

/**
 * Reads the limits of a certificate (RFC 5280 §4.2.1).
 *
 * @throws when `der` is no certificate
 */
export function limitsOf(der: Uint8Array): CertificateLimits {
  const extensions = AsnConvert.parse(der, x509.Certificate).tbsCertificate.extensions ?? [];
  const valueOf = (id: string) => extensions.find(({ extnID }) => extnID === id)?.extnValue;
  const constraints = valueOf(x509.id_ce_basicConstraints);
  const usage = valueOf(x509.id_ce_keyUsage);
  return {
    pathLength: constraints && AsnConvert.parse(constraints, x509.BasicConstraints).pathLenConstraint,
    keyUsage: usage && AsnConvert.parse(usage, x509.KeyUsage).toNumber(),
    understood: extensions.every(({ critical, extnID }) => !critical || JUDGED.has(extnID)),
  };
}
