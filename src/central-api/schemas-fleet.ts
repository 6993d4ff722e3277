import { z } from 'zod';
import { calendarDate, instant, opaqueId } from './schemas.ts';

/** What is known of the other terminals, what is to be said to everybody, and how a kiosk is. */

/** A text that is set in large type and must fit: whole characters, no control or direction marks. Length in UTF-16 code units. */
const shownText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*\S[^\p{C}\p{Zl}\p{Zp}]*$/u);

export const terminalList = z
  .object({
    terminals: z
      .array(
        z.object({
          terminalId: opaqueId,
          name: shownText(16),
          address: shownText(40),
          district: shownText(16),
          openingHours: shownText(28).meta({
            description: 'As people read it',
            example: '周一至周五 8:30–17:00',
          }),
          latitude: z.number().min(-90).max(90).meta({ description: 'Degrees, WGS 84' }),
          longitude: z.number().min(-180).max(180).meta({ description: 'Degrees, WGS 84' }),
          inService: z.boolean(),
          distanceM: z.int().min(0).optional().meta({ description: 'From `near`, metres' }),
        }),
      )
      .max(100),
  })
  .meta({ id: 'TerminalList' });

export const terminalQuery = z.object({
  near: z
    .string()
    .regex(/^-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?$/)
    .optional()
    .meta({
      description: 'latitude,longitude in degrees (WGS 84); nearest first',
      example: '31.2304,121.4737',
    }),
});

/** What a notice is called, and whether it has changed. */
const noticeHead = {
  noticeId: opaqueId,
  kind: z.enum(['guide', 'announcement']).meta({ description: '办事指南 or 公告' }),
  title: shownText(20),
  revision: opaqueId.meta({ description: 'Another one whenever anything of the notice is another' }),
  publishedOn: calendarDate,
  until: calendarDate.optional().meta({ description: 'The last day on which it is shown' }),
};

export const noticeList = z
  .object({ notices: z.array(z.object(noticeHead)).max(30) })
  .meta({ id: 'NoticeList' });

export const noticePath = z.object({ noticeId: opaqueId });

const noticeRecording = z
  .object({
    recordingId: opaqueId,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().positive().max(400_000),
  })
  .meta({ id: 'NoticeRecording', description: 'The paragraph read aloud, Ogg Opus' });

export const notice = z
  .object({
    ...noticeHead,
    sections: z
      .array(
        z.object({
          heading: shownText(11),
          paragraphs: z
            .array(z.object({ text: shownText(72), recording: noticeRecording.optional() }))
            .min(1)
            .max(6)
            .meta({ description: 'Each fills one page of a kiosk in large type' }),
        }),
      )
      .min(1)
      .max(9)
      .meta({ description: 'Numbered from 1 as they come' }),
  })
  .meta({ id: 'Notice' });

export const recordingPath = z.object({ noticeId: opaqueId, recordingId: opaqueId });

export const heartbeatRequest = z
  .strictObject({
    agentVersion: z.string().max(40),
    uptimeSeconds: z.int().min(0),
    openOperations: z.int().min(0),
    devices: z
      .array(
        z.strictObject({
          name: z.string().max(40),
          state: z.string().max(40),
          detail: z.string().max(80).optional(),
        }),
      )
      .max(20),
  })
  .meta({ id: 'HeartbeatRequest' });

export const heartbeat = z
  .object({ receivedAt: instant, nextInSeconds: z.int().positive() })
  .meta({ id: 'Heartbeat' });

export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;
