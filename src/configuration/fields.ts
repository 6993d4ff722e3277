import { z } from 'zod';
import type { BilingualText } from './problem.ts';

/** What a key accepts, for whoever wrote something else there. */
function allowing<S extends z.ZodType>(schema: S, zhCN: string, en: string): S {
  return schema.meta({ allowed: { 'zh-CN': zhCN, en } satisfies BilingualText });
}

/** The sentence of a field made here; undefined for any other schema. */
export function allowedValues(schema: z.ZodType): BilingualText | undefined {
  return schema.meta()?.['allowed'] as BilingualText | undefined;
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number, unit: { zhCN: string; en: string }) {
  return allowing(
    z.int().min(least).max(most),
    `从 ${least} 到 ${most} 的整数（${unit.zhCN}）`,
    `a whole number from ${least} to ${most} (${unit.en})`,
  );
}

/** A number with a fraction, from `least` to `most`. */
export function decimal(least: number, most: number, unit: { zhCN: string; en: string }) {
  return allowing(
    z.number().min(least).max(most),
    `从 ${least} 到 ${most} 的数（${unit.zhCN}）`,
    `a number from ${least} to ${most} (${unit.en})`,
  );
}

/** One of a few numbers. */
export function numberOf<const T extends readonly number[]>(values: T) {
  return allowing(
    z.literal([...values] as T[number][]),
    `${values.join('、')} 中的一个`,
    `one of ${values.join(', ')}`,
  );
}

/** One of a few numbers, or a word that stands for "find out". */
export function numberOrWord<const T extends readonly number[], const W extends string>(values: T, word: W) {
  return allowing(
    z.literal([...values, word] as (T[number] | W)[]),
    `${values.join('、')} 或 "${word}"`,
    `one of ${values.join(', ')}, or "${word}"`,
  );
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  const quoted = values.map((value) => `"${value}"`);
  return allowing(z.enum(values), `${quoted.join('、')} 中的一个`, `one of ${quoted.join(', ')}`);
}

/** `true` or `false`. */
export const yesOrNo = allowing(z.boolean(), 'true 或 false', 'true or false');

/** A path in the file system; relative ones count from the configuration file. NUL and line breaks cannot be in one. */
export const filePath = allowing(
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  z.string().regex(/^[^\u0000-\u001f]{1,4096}$/),
  '文件路径；相对路径从配置文件所在的目录算起',
  'a file path; a relative one counts from the directory of the configuration file',
);

/** A vendor or product number of USB, as `lsusb` writes it. */
export const usbId = allowing(
  z.string().regex(/^[0-9A-Fa-f]{4}$/),
  '四位十六进制数，写在引号里，如 "0400"',
  'four hexadecimal digits in quotes, e.g. "0400"',
);

/** The serial number of a USB device, as it tells it. */
export const usbSerialNumber = allowing(
  z.string().regex(/^[\x21-\x7E][\x20-\x7E]{0,125}$/),
  'USB 设备自己的序列号（kioskctl devices 会列出）',
  "the USB device's own serial number (kioskctl devices lists it)",
);

/** What names a kiosk or a key. */
export const identifier = allowing(
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  '1 到 64 个字母、数字、点、下划线或连字符，以字母或数字开头',
  '1 to 64 letters, digits, dots, underscores or hyphens, beginning with a letter or digit',
);

/** Host name (RFC 1123) or IP address. */
export const hostName = allowing(
  z.string().regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45})$/),
  '主机名或 IP 地址',
  'a host name or an IP address',
);

/** The root of a central service. */
export const httpsUrl = allowing(
  z.string().refine((text) => {
    const url = URL.parse(text);
    return (
      url !== null &&
      url.protocol === 'https:' &&
      `${url.username}${url.password}${url.search}${url.hash}` === ''
    );
  }),
  '以 https:// 开头的网址，不带用户名、参数和 # 部分',
  'an address that begins with https://, without user, query or # part',
);
