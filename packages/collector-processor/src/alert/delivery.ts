import { backoffMs } from '../publish/backoff.ts';
import { failureOf, type HttpPost } from '../publish/http-post.ts';
import type { Alert } from './alert.ts';
import { channelOf, type ChannelSettings } from './channels/index.ts';
import { notificationOf } from './notification.ts';
import { isSilenced, type Silence } from './silences.ts';

/** A channel that does not know the present state of an alert yet. */
export interface PendingDelivery {
  /** As it is now; its transition is the `seq` to send. */
  readonly alert: Alert;
  readonly channel: string;
  /** What the channel was told last. */
  readonly lastSent?: 'firing' | 'resolved';
}

/** The rows (alert, channel) with `desiredSeq` and `sentSeq`, kept by the store. */
export interface DeliveryLog {
  pending(): Promise<readonly PendingDelivery[]>;
  /** `state` is what was sent; absent when there was nothing to tell. Older than what is recorded: ignored. */
  markSent(alertId: string, channel: string, seq: number, state?: 'firing' | 'resolved'): Promise<void>;
}

export interface DeliveryOptions {
  readonly log: DeliveryLog;
  readonly channels: Readonly<Record<string, ChannelSettings>>;
  readonly silences: readonly Silence[];
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly post: HttpPost;
  /** While a model catches up after an outage, its states advance, and only the last one is told. */
  readonly isCatchingUp: (modelKey: string) => boolean;
  readonly onResult: (result: DeliveryResult) => void;
}

export interface DeliveryResult {
  readonly channel: string;
  /** Absent on success. */
  readonly error?: string;
  /** In a row, for this alert and channel. */
  readonly failures: number;
}

/**
 * Tells channels the present state of alerts. Level-triggered: not a queue of messages but the difference between what
 * is and what was told, so that a dead channel neither reorders nor piles up anything. At least once: the same `key`
 * may arrive twice after a crash.
 */
export class AlertDelivery {
  readonly #options: DeliveryOptions;
  readonly #backoff = new Map<string, { readonly failures: number; readonly notBefore: number }>();
  #running: Promise<void> | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Sends what is due and ends when all of it has an answer; a call meanwhile waits for the one under way. */
  async deliver(): Promise<void> {
    this.#running ??= this.#deliverPending().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #deliverPending(): Promise<void> {
    const byChannel = Map.groupBy(await this.#options.log.pending(), ({ channel }) => channel);
    // One after the other within a channel, so that a slow one is never flooded; channels do not wait for each other.
    await Promise.all(
      [...byChannel.values()].map(async (deliveries) => {
        for (const delivery of deliveries) await this.#deliverOne(delivery);
      }),
    );
  }

  async #deliverOne({ alert, channel, lastSent }: PendingDelivery): Promise<void> {
    const { log, channels, silences, now, random, post, isCatchingUp, onResult } = this.#options;
    const settings = channels[channel];
    const state = alert.state === 'firing' ? 'firing' : 'resolved';
    const isNews = state === 'firing' || lastSent === 'firing';
    if (settings === undefined || channelOf(settings).isOff(settings) || !isNews) {
      await log.markSent(alert.id, channel, alert.transition);
      return;
    }
    const key = `${alert.id} ${channel}`;
    const backoff = this.#backoff.get(key);
    if (now() < (backoff?.notBefore ?? 0) || isCatchingUp(alert.model.key) || isSilenced(alert, silences, now()))
      return;

    const result = await post(channelOf(settings).message(notificationOf(alert, state), settings));
    const error = failureOf(result);
    if (error === undefined) {
      this.#backoff.delete(key);
      await log.markSent(alert.id, channel, alert.transition, state);
      onResult({ channel, failures: 0 });
      return;
    }
    const failures = (backoff?.failures ?? 0) + 1;
    const askedMs = 'status' in result ? result.retryAfterMs : undefined;
    this.#backoff.set(key, { failures, notBefore: now() + backoffMs(failures, random(), askedMs) });
    onResult({ channel, error, failures });
  }
}
