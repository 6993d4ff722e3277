import type { Citizen } from '../../sandbox/citizens/citizen.ts';
import type { KioskOutside } from './kiosk-outside.ts';
import type { PaperTrail, Piece } from './paper.ts';

/** A code as the centre has it. */
export interface CodeAtCentre {
  readonly operationId: string;
  readonly state: 'pending' | 'active' | 'suspended' | 'superseded' | 'void' | 'revoked' | 'expired';
  readonly delivery?: string;
  readonly activatedAt?: string;
  readonly deviceId: string;
  readonly token: string;
  readonly shortCode: string;
}

/** Centre and paper at one moment. */
export interface World {
  /** All codes of each person, oldest first. */
  readonly people: ReadonlyMap<string, readonly CodeAtCentre[]>;
  readonly pieces: readonly Piece[];
}

/** All codes of a person at the centre. */
export async function codesOf(kiosk: KioskOutside, { idNumber }: Citizen): Promise<readonly CodeAtCentre[]> {
  const { codes } = await kiosk.central.get<{ codes: CodeAtCentre[] }>(`/codes?idNumber=${idNumber}`);
  return codes;
}

/** Looks at the centre and at all paper, from outside. */
export async function lookAround(
  kiosk: KioskOutside,
  trail: PaperTrail,
  people: readonly Citizen[],
): Promise<World> {
  const codes = await Promise.all(
    people.map(async (citizen) => [citizen.id, await codesOf(kiosk, citizen)] as const),
  );
  return { people: new Map(codes), pieces: await trail.pieces() };
}

/**
 * What is broken of the invariants that must hold at every instant (P1–P5), each as one sentence without anything personal;
 * none when all is well.
 *
 * @param device whose codes are on the paper that is looked at; others were printed elsewhere
 */
export function violations({ people, pieces }: World, device: string): readonly string[] {
  const codes = [...people.values()].flat();
  const byToken = new Map(codes.map((code) => [code.token, code]));
  const broken: string[] = [];

  for (const [id, own] of people) {
    if (own.filter(({ state }) => state === 'active').length > 1)
      broken.push(`P1: ${id} has two active codes`);
  }
  for (const piece of pieces) {
    for (const token of new Set(piece.tokens)) {
      if (!byToken.has(token)) broken.push(`P2: the centre has not minted what is on ${piece.name}`);
    }
    if (new Set(piece.tokens).size > 1) broken.push(`P5: two different codes on ${piece.name}`);
    // 作废 comes again when nobody could tell that it had come; beside 已启用 it never may.
    if (piece.marks.length > 1 && piece.marks.includes('valid'))
      broken.push(`P4: ${piece.marks.join(' and ')} mark on ${piece.name}`);
  }
  for (const code of codes.filter(({ deviceId, state }) => deviceId === device && state === 'active')) {
    const whole = pieces.some(({ tokens }) => tokens.filter((token) => token === code.token).length === 2);
    if (!whole) broken.push(`P3: ${code.operationId} is active, its body is on no paper`);
  }
  // A slip that went back is void with its code: only what somebody can hold must be as good as it says.
  for (const piece of pieces.filter(({ marks, inside }) => marks.includes('valid') && !inside)) {
    const code = byToken.get(piece.tokens[0] ?? '');
    const lives = code !== undefined && ['active', 'suspended', 'superseded'].includes(code.state);
    if (!lives || code.activatedAt === undefined) {
      broken.push(`P4: 已启用 on ${piece.name}, its code is ${code?.state ?? 'unknown'}`);
    }
  }
  for (const code of codes) {
    const printed = pieces.filter(({ tokens }) => tokens.includes(code.token)).length;
    if (printed > 1) broken.push(`P5: the body of ${code.operationId} is on ${printed} pieces`);
  }
  return broken;
}
