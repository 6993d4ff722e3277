import type { citizen } from './zh-cn/citizen.ts';

type Worded<Texts> = {
  readonly [Key in keyof Texts]: Texts[Key] extends string ? string : Worded<Texts[Key]>;
};

/** The touchscreen's sentences in one language: Chinese is written first, every other language has the same keys. */
export type CitizenPack = Worded<typeof citizen>;
