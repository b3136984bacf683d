import { z } from 'zod';
import { choice } from '../../settings/scalars.ts';
import { section } from '../../settings/section.ts';
import type { HttpRequest } from '../../publish/http-post.ts';
import type { Alert } from '../alert.ts';

/** What leaves for a channel: the alert as it is now. */
export interface Notification {
  readonly alert: Alert;
  readonly state: 'firing' | 'resolved';
  /** One sentence for people. */
  readonly text: string;
  /** Alert id and transition: the same however often it is sent, so that a receiver can tell repeats. */
  readonly key: string;
}

/**
 * Where notifications go: its settings, and alert -> message. Delivery does timing, retry, redaction and
 * de-duplication for all of them.
 */
export interface ChannelDefinition<Type extends string, Shape extends z.core.$ZodLooseShape> {
  readonly type: Type;
  readonly answers: string;
  readonly shape: Shape;
  /** Settings as written, complete, with a word of `secret` in every secret: what the contract suite runs on. */
  readonly example: (secret: string) => Readonly<Record<string, unknown>>;
  /** Settings that are complete but switched off, such as an empty address. */
  readonly isOff: (settings: ChannelOutput<Type, Shape>) => boolean;
  readonly message: (notification: Notification, settings: ChannelOutput<Type, Shape>) => HttpRequest;
}

export type ChannelOutput<Type extends string, Shape extends z.core.$ZodLooseShape> = z.output<
  ReturnType<typeof channelSettings<Type, Shape>>
>;

export function defineChannel<const Type extends string, Shape extends z.core.$ZodLooseShape>(
  definition: ChannelDefinition<Type, Shape>,
) {
  return { ...definition, settings: channelSettings(definition.type, definition.shape) };
}

function channelSettings<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return section({
    type: z.literal(type),
    min_severity: choice(['info', 'warning', 'critical'], 'Alerts below it are not sent here.').prefault('info'),
    ...shape,
  });
}
