import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TomlError, parse } from 'smol-toml';
import { z } from 'zod';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { configurationSchema, SLOWEST_TO_DRAW_BAUD } from './configuration.ts';
import type { KioskConfiguration, LineConfiguration } from './configuration.ts';
import { didYouMean } from './did-you-mean.ts';
import { allowedValues } from './fields.ts';
import type { BilingualText, ConfigurationProblem } from './problem.ts';
import { productionBreaches } from './production-rules.ts';
import { tomlLines } from './toml-lines.ts';

/** A configuration, or everything that is wrong with it, in the order of its lines. */
export type ConfigurationResult = Result<KioskConfiguration, readonly ConfigurationProblem[]>;

/** Names that a configuration may give, and that this room cannot know itself. */
export interface KnownNames {
  /** Profiles of receipt printers; absent: any name is taken. */
  readonly profiles?: readonly string[];
}

const MOST_BYTES = 256 * 1024;

/** Reads and validates `kiosk.toml`. Never throws: a file that cannot be read is a problem at line 0. */
export function loadConfiguration(file: string, known: KnownNames = {}): ConfigurationResult {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return err([
      {
        key: '',
        line: 0,
        message: { 'zh-CN': '读不到配置文件', en: 'the configuration file cannot be read' },
      },
    ]);
  }
  return parseConfiguration(text, path.dirname(path.resolve(file)), known);
}

/** Validates the text of a `kiosk.toml`; relative paths count from `directory` (absolute). */
export function parseConfiguration(
  text: string,
  directory: string,
  known: KnownNames = {},
): ConfigurationResult {
  if (text.length > MOST_BYTES)
    return err([
      { key: '', line: 1, message: { 'zh-CN': '配置文件太大', en: 'the configuration file is too large' } },
    ]);
  let written: unknown;
  try {
    written = parse(text);
  } catch (error) {
    return err([syntaxProblem(error)]);
  }
  const lines = tomlLines(text);
  const at = (keys: readonly string[], message: BilingualText): ConfigurationProblem => ({
    key: keys.join('.'),
    line: lines.lineOf(keys),
    message,
  });
  const checked = configurationSchema.safeParse(written);
  if (!checked.success) {
    const problems = checked.error.issues
      .flatMap((issue) => describe(issue, written))
      .map(([keys, message]) => at(keys, message));
    return err(problems.sort((a, b) => a.line - b.line));
  }
  const configuration = withAbsolutePaths(checked.data, directory);
  const breaches = [
    ...productionBreaches(configuration),
    ...unknownNames(configuration, known),
    ...lineTooSlow(configuration),
    ...helpWithoutPlace(configuration),
    ...halfAPlace(configuration),
  ].map((breach) => at(breach.path, breach.message));
  return breaches.length === 0 ? ok(configuration) : err(breaches.sort((a, b) => a.line - b.line));
}

/** Names that the schema alone cannot judge. */
function unknownNames(
  { receiptPrinter: { profile } }: KioskConfiguration,
  { profiles }: KnownNames,
): readonly { readonly path: readonly string[]; readonly message: BilingualText }[] {
  if (profiles === undefined || profiles.includes(profile)) return [];
  const meant = didYouMean(profile, profiles);
  const words = profiles.map((name) => `"${name}"`);
  const message =
    meant === undefined
      ? {
          'zh-CN': `没有这个打印机型号，可以写：${words.join('、')}`,
          en: `no such profile; allowed: ${words.join(', ')}`,
        }
      : {
          'zh-CN': `没有这个打印机型号，您是不是想写 "${meant}"？可以写：${words.join('、')}`,
          en: `no such profile; did you mean "${meant}"? allowed: ${words.join(', ')}`,
        };
  return [{ path: ['receiptPrinter', 'profile'], message }];
}

function lineTooSlow({
  receiptPrinter,
}: KioskConfiguration): readonly { readonly path: readonly string[]; readonly message: BilingualText }[] {
  if (receiptPrinter.transport !== 'serial' || receiptPrinter.text !== 'raster') return [];
  if (receiptPrinter.baudRate >= SLOWEST_TO_DRAW_BAUD) return [];
  const message = {
    'zh-CN': `text = "raster" 时整张都是画出来的，至少要 ${SLOWEST_TO_DRAW_BAUD}；更慢就来不及打完`,
    en: `with text = "raster" everything is drawn: at least ${SLOWEST_TO_DRAW_BAUD}, or no slip is finished in time`,
  };
  return [{ path: ['receiptPrinter', 'baudRate'], message }];
}

/** A way to staff that says not where. */
function helpWithoutPlace({
  help,
}: KioskConfiguration): readonly { readonly path: readonly string[]; readonly message: BilingualText }[] {
  const needed = { none: undefined, log: undefined, webhook: 'url', relay: 'path' } as const;
  const key = needed[help.via];
  if (key === undefined || help[key] !== undefined) return [];
  const message = {
    'zh-CN': `via = "${help.via}" 时要写 ${key}`,
    en: `via = "${help.via}" needs ${key}`,
  };
  return [{ path: ['help', 'via'], message }];
}

/** A latitude without its longitude, or the other way round. */
function halfAPlace({
  directory: { latitude, longitude },
}: KioskConfiguration): readonly { readonly path: readonly string[]; readonly message: BilingualText }[] {
  if ((latitude === undefined) === (longitude === undefined)) return [];
  const [given, missing] =
    latitude === undefined ? (['longitude', 'latitude'] as const) : (['latitude', 'longitude'] as const);
  const message = {
    'zh-CN': `写了 ${given}，也要写 ${missing}`,
    en: `${given} needs ${missing} as well`,
  };
  return [{ path: ['directory', given], message }];
}

function syntaxProblem(error: unknown): ConfigurationProblem {
  const line = error instanceof TomlError ? error.line : 1;
  return {
    key: '',
    line,
    message: { 'zh-CN': '这一行不符合 TOML 的写法', en: 'this line is not valid TOML' },
  };
}

type Described = readonly [keys: readonly string[], message: BilingualText];

function describe(issue: z.core.$ZodIssue, written: unknown): readonly Described[] {
  const keys = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(keys, written);
    return issue.keys.map((key) => [[...keys, key], unknownKey(key, known)]);
  }
  if (issue.code === 'invalid_union') {
    const transport = keys.at(-1) === 'transport' ? keys : [...keys, 'transport'];
    const words = transportsAt(transport.slice(0, -1)).map((word) => `"${word}"`);
    return [
      [
        transport,
        missingOr(valueAt(written, transport), `${words.join('、')} 中的一个`, `one of ${words.join(', ')}`),
      ],
    ];
  }
  const schema = schemaAt(keys, written);
  const allowed = schema && allowedValues(schema);
  const value = valueAt(written, keys);
  if (allowed) return [[keys, missingOr(value, allowed['zh-CN'], allowed.en)]];
  return [
    [keys, missingOr(value, `一节，写作 [${keys.join('.')}]`, `a section, written [${keys.join('.')}]`)],
  ];
}

function missingOr(value: unknown, zhCN: string, en: string): BilingualText {
  return value === undefined
    ? { 'zh-CN': `缺少这一项，应为${zhCN}`, en: `missing; allowed: ${en}` }
    : { 'zh-CN': `应为${zhCN}`, en: `allowed: ${en}` };
}

function unknownKey(key: string, known: readonly string[]): BilingualText {
  const meant = didYouMean(key, known);
  return meant === undefined
    ? { 'zh-CN': `没有这一项，可以写：${known.join('、')}`, en: `unknown key; allowed: ${known.join(', ')}` }
    : { 'zh-CN': `没有这一项，您是不是想写 ${meant}？`, en: `unknown key; did you mean ${meant}?` };
}

function valueAt(written: unknown, keys: readonly string[]): unknown {
  let value = written;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** The schema of a key; of a device's section the one of the transport that was written. */
function schemaAt(keys: readonly string[], written: unknown): z.ZodType | undefined {
  let schema: z.ZodType | undefined = configurationSchema;
  for (const [depth, key] of keys.entries()) {
    schema = objectOf(schema, valueAt(written, [...keys.slice(0, depth), 'transport']))?.shape[key] as
      | z.ZodType
      | undefined;
  }
  return schema && unwrapped(schema);
}

function knownKeys(keys: readonly string[], written: unknown): readonly string[] {
  const section = objectOf(schemaAt(keys, written), valueAt(written, [...keys, 'transport']));
  return section ? Object.keys(section.shape) : [];
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault)
    return unwrapped(schema.unwrap() as z.ZodType);
  return schema;
}

function objectOf(wrapped: z.ZodType | undefined, transport: unknown): z.ZodObject | undefined {
  const schema = wrapped && unwrapped(wrapped);
  if (schema instanceof z.ZodObject) return schema;
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const options = schema.options as readonly z.ZodObject[];
  return options.find((option) => (option.shape['transport'] as z.ZodType).safeParse(transport).success);
}

/** The transports that a device's section can have. */
function transportsAt(section: readonly string[]): readonly string[] {
  const schema = unwrapped(configurationSchema.shape[section[0] as keyof typeof configurationSchema.shape]);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return [];
  const options = schema.options as readonly z.ZodObject[];
  return options.flatMap((option) => (option.shape['transport'] as z.ZodEnum).options.map(String));
}

function withAbsolutePaths(configuration: KioskConfiguration, directory: string): KioskConfiguration {
  const absolute = (file: string) => path.resolve(directory, file);
  const line = <L extends LineConfiguration>(device: L): L =>
    'path' in device ? { ...device, path: absolute(device.path) } : device;
  const { central, bridge, store, machine, help } = configuration;
  return {
    ...configuration,
    central: {
      ...central,
      keyFile: absolute(central.keyFile),
      ...(central.caFile === undefined ? {} : { caFile: absolute(central.caFile) }),
    },
    idCardReader: line(configuration.idCardReader),
    qrScanner: line(configuration.qrScanner),
    receiptPrinter: line(configuration.receiptPrinter),
    bridge: {
      ...bridge,
      shellCodeFile: absolute(bridge.shellCodeFile),
      socketPath: absolute(bridge.socketPath),
    },
    store: { ...store, dataDir: absolute(store.dataDir) },
    machine: machine.pictures === undefined ? machine : { pictures: absolute(machine.pictures) },
    help: {
      ...help,
      ...(help.caFile === undefined ? {} : { caFile: absolute(help.caFile) }),
      ...(help.path === undefined ? {} : { path: absolute(help.path) }),
    },
  };
}
