import type { KioskView, Obstacle, Readiness } from '../view/kiosk-view.ts';

/** The order in which obstacles are told: the one sentence is about the one that stops most. */
const TOLD_FIRST: readonly Obstacle[] = [
  'out-of-service',
  'starting',
  'centre-unreachable',
  'no-sign-in-device',
  'no-paper',
  'cover-open',
  'slip-at-exit',
  'printer-fault',
  'backlog',
];

/** The one thing to say about what cannot be finished now; undefined when all can. */
function mostImportantObstacle(readiness: Readiness): Obstacle | 'noIdCard' | 'noSuishenCode' | undefined {
  const told = TOLD_FIRST.find((obstacle) => readiness.obstacles.includes(obstacle));
  if (told !== undefined) return told;
  if (!readiness.methods.includes('id-card')) return 'noIdCard';
  return readiness.methods.includes('suishen-code') ? undefined : 'noSuishenCode';
}

/** What the home screen tells: whether anything can be begun, and the one obstacle; `starting`: that is all there is to say. */
export function homeTold(view: KioskView): {
  readonly state: 'open' | 'starting' | 'closed';
  readonly obstacle: ReturnType<typeof mostImportantObstacle>;
} {
  const obstacle = mostImportantObstacle(view.readiness);
  const open = (['apply', 'reissue', 'check'] as const).some((choice) => view.choices.includes(choice));
  const closed = obstacle === 'starting' ? 'starting' : 'closed';
  return { state: open ? 'open' : closed, obstacle };
}
