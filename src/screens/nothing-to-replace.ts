import type { Screen } from '../view/kiosk-view.ts';

/** Whether somebody came for 补领 who holds no code that it could replace: glass and voice say so. */
export function nothingToReplace({ errand, kind }: Extract<Screen, { name: 'confirm-identity' }>): boolean {
  return errand === 'reissue' && kind === 'apply';
}
