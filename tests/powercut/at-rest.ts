import type { CentreModel } from '../issuance-world/centre-model.ts';
import type { Printed, PrinterModel } from '../issuance-world/printer-model.ts';
import type { Move } from './moves.ts';

/** Centre and paper, when nothing is under way any more. */
export interface WorldAtRest {
  /** By person. */
  readonly centres: ReadonlyMap<string, CentreModel>;
  readonly printer: Pick<PrinterModel, 'slips' | 'hanging' | 'everything'>;
  /** Of the person whose operation it is. */
  centreOf(opId: string): CentreModel;
}

/**
 * What must hold when recovery is over, person by person and slip by slip (P1, P3, P16, P20–P23); one sentence for each that
 * does not, none when all is well. `moves`: what the disk knew after the cut.
 */
export function brokenAtRest(
  world: WorldAtRest,
  moves: readonly Pick<Move, 'opId' | 'to'>[],
  hadCode: ReadonlySet<string>,
): readonly string[] {
  const reachedFooter = new Set(moves.filter(({ to }) => to === 'FOOTER').map(({ opId }) => opId));
  const broken: string[] = [];
  for (const [person, centre] of world.centres) {
    const active = centre.active();
    if (active.length > 1) broken.push(`P1: ${person} has ${active.length} active codes`);
    if (hadCode.has(person) && active.length !== 1)
      broken.push(`P23: ${person} came with a code and has none`);
    for (const { opId, device, state, delivery } of centre.codes.values()) {
      if (device === 'rival') continue;
      if (state === 'pending') broken.push(`P16: ${opId} is pending`);
      if (state !== 'active') continue;
      if (delivery === null) broken.push(`P21: nobody was told of the delivery of ${opId}`);
      if (!reachedFooter.has(opId)) broken.push(`P20: ${opId} is active and never came to its footer`);
      const whole = ({ opId: whose, part, dots }: Printed) =>
        whose === opId && part === 'body' && dots === 'all';
      if (!world.printer.everything().some(whole)) broken.push(`P3: ${opId} is active and on no paper`);
    }
  }
  const { slips, hanging } = world.printer;
  return [...broken, ...[...slips, hanging].flatMap((slip) => brokenOnSlip(slip, world))];
}

/** A slip that looks good is good. */
function brokenOnSlip(slip: readonly Printed[], world: WorldAtRest): readonly string[] {
  const bodies = slip.filter(({ part, dots }) => part === 'body' && dots !== 'none');
  if (bodies.length > 1) return ['P22: two bodies on one slip'];
  const whole = (wanted: Printed['part']) => slip.find(({ part, dots }) => part === wanted && dots === 'all');
  const [body, footer] = [whole('body'), whole('footer')];
  if (footer !== undefined && whole('void') !== undefined) return [`P22: ${footer.opId} is marked both ways`];
  if (body === undefined || footer === undefined) return [];
  if (body.opId !== footer.opId) return ['P22: a footer under a strange body'];
  const centre = world.centreOf(body.opId);
  const code = centre.codes.get(body.opId);
  const replaced = [...centre.codes.values()].some((other) => other.activation > (code?.activation ?? 0));
  return code?.state === 'active' || replaced
    ? []
    : [`P22: the slip of ${body.opId} is ${code?.state ?? 'unknown'}`];
}
