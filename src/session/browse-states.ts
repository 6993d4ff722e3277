import { terminalPage } from './browsing.ts';
import type { SessionSetup } from './session-setup.ts';

/**
 * 附近的机器 and 办事指南: for everybody, without a session and without anybody's data. What is looked at stays as it was when it
 * was opened, whatever the centre says meanwhile.
 */
export function browseStates(vocabulary: SessionSetup) {
  const turn = (by: 1 | -1) => ({
    guard: { type: 'hasPage', params: { by } } as const,
    actions: { type: 'turnPage', params: { by } } as const,
  });
  const open = (nth: 0 | 1 | 2) =>
    ({
      guard: { type: 'hasNotice', params: { nth } },
      target: 'reading',
      actions: { type: 'openNotice', params: { nth } },
    }) as const;
  const print = { guard: 'mayPrintAddresses', target: '#printing-addresses' } as const;

  return vocabulary.createStateConfig({
    id: 'browsing',
    initial: 'nearby',
    on: { gone: '#attract', stop: '#attract' },
    states: {
      nearby: {
        id: 'nearby',
        entry: { type: 'openDirectory', params: { list: 'nearby' } },
        initial: 'list',
        states: {
          list: {
            on: {
              'choice.next-page': turn(1),
              'choice.previous-page': turn(-1),
              'choice.show-map': { guard: 'hasMap', target: 'map' },
              'choice.print-addresses': print,
              'choice.back': '#home',
            },
          },
          map: { on: { 'choice.print-addresses': print, 'choice.back': 'list' } },
          printing: {
            id: 'printing-addresses',
            invoke: { src: 'printAddresses', input: ({ context }) => ({ page: terminalPage(context) }) },
            on: { 'addresses.ended': { target: 'told', actions: 'noteAddresses' } },
            after: { addressesCeiling: { target: 'told', actions: 'doubtAddresses' } },
          },
          told: {
            on: {
              'choice.print-addresses': { ...print, guard: 'mayPrintAgain' },
              'choice.back': 'list',
              'choice.home': '#home',
            },
          },
        },
      },
      notices: {
        id: 'notices',
        entry: { type: 'openDirectory', params: { list: 'notices' } },
        initial: 'list',
        states: {
          list: {
            on: {
              'choice.open-first': open(0),
              'choice.open-second': open(1),
              'choice.open-third': open(2),
              'choice.next-page': turn(1),
              'choice.first-page': { guard: 'onLastOfSeveral', actions: 'toFirstPage' },
              'choice.back': '#how-to',
            },
          },
          reading: {
            on: {
              'choice.next-page': turn(1),
              'choice.previous-page': turn(-1),
              'choice.back': { target: 'list', actions: 'closeNotice' },
            },
          },
        },
      },
    },
  });
}
