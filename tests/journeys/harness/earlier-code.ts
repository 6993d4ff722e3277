import { randomUUID } from 'node:crypto';
import type { Citizen } from '../../../sandbox/citizens/citizen.ts';
import type { Kiosk } from './kiosk.ts';

/** Somebody gets a code at another kiosk, by the centre's API, and takes it along; returns what its QR says. */
export async function codeFromElsewhere(kiosk: Kiosk, citizen: Citizen): Promise<string> {
  const other = kiosk.client('kiosk-sandbox-2');
  const found = await other.identifyByIdCard({
    name: citizen.name,
    idNumber: citizen.idNumber,
    validFrom: withDashes(citizen.cardValidFrom),
    validTo: withDashes(citizen.cardValidTo),
    readerId: 'elsewhere',
  });
  if (!found.ok) throw new Error(`identify: ${found.error.kind}`);
  const opId = randomUUID();
  const reserved = await other.reserve(opId, 'apply', found.value.subjectToken);
  if (!reserved.ok) throw new Error(`reserve: ${reserved.error.kind}`);
  const activated = await other.activate(opId, { grade: 'E2', bodySha256: '0'.repeat(64) });
  if (!activated.ok) throw new Error(`activate: ${activated.error.kind}`);
  const confirmed = await other.confirm(opId, 'cut');
  if (!confirmed.ok) throw new Error(`confirm: ${confirmed.error.kind}`);
  await other.close();
  return reserved.value.token;
}

/** `20400101` → `2040-01-01`; what is no date (a card without an end) stays as it is. */
function withDashes(date: string): string {
  return date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}
