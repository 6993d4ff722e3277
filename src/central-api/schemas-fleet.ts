import { z } from 'zod';
import { calendarDate, instant, opaqueId } from './schemas.ts';

/** What is known of the other terminals, what is to be said to everybody, and how a kiosk is. */

export const terminalList = z
  .object({
    terminals: z.array(
      z.object({
        terminalId: opaqueId,
        name: z.string().min(1),
        address: z.string().min(1),
        district: z.string().min(1),
        openingHours: z.string().min(1),
        latitude: z.number().min(-90).max(90),
        longitude: z.number().min(-180).max(180),
        inService: z.boolean(),
        distanceM: z.int().min(0).optional().meta({ description: 'From `near`, metres' }),
      }),
    ),
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

export const noticeList = z
  .object({
    notices: z.array(
      z.object({
        noticeId: opaqueId,
        title: z.string().min(1),
        body: z.string().min(1),
        publishedOn: calendarDate,
        until: calendarDate.optional(),
      }),
    ),
  })
  .meta({ id: 'NoticeList' });

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
