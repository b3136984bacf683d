import type { Segment } from '../evaluate/segment.ts';
import type { Alert, AlertChange } from './alert.ts';
import type { AlertRule, AlertSeverity } from './alert-rule.ts';
import type { Notification } from './channels/channel.ts';
import { channelOf, type ChannelSettings } from './channels/index.ts';

/** That a channel is to know the state of an alert: `seq` is the alert's transition, and only ever grows. */
export interface DesiredDelivery {
  readonly alertId: string;
  readonly channel: string;
  readonly seq: number;
  readonly alert: Alert;
}

/** Who is to be told of these changes: kept in the store together with the alerts themselves. */
export function desiredDeliveries(
  changes: readonly AlertChange[],
  rules: readonly AlertRule[],
  channels: Readonly<Record<string, ChannelSettings>>,
): readonly DesiredDelivery[] {
  return changes
    .filter(({ alert }) => alert.state === 'firing' || alert.state === 'resolved')
    .flatMap(({ alert }) =>
      // Of a rule that is gone, whoever was told that it fires is told that it ended.
      (rules.find(({ name }) => name === alert.rule)?.notify ?? Object.keys(channels))
        .filter((channel) => isWanted(channels[channel], alert.severity))
        .map((channel) => ({ alertId: alert.id, channel, seq: alert.transition, alert })),
    );
}

export function notificationOf(alert: Alert, state: Notification['state']): Notification {
  return { alert, state, text: textOf(alert, state), key: `${alert.id}-${alert.transition}` };
}

function isWanted(channel: ChannelSettings | undefined, severity: AlertSeverity): boolean {
  if (channel === undefined || channelOf(channel).isOff(channel)) return false;
  return severities.indexOf(severity) >= severities.indexOf(channel.minSeverity);
}

const severities: readonly AlertSeverity[] = ['info', 'warning', 'critical'];

/** "drift is firing on employment 7 (hiring-api): age at 0.31 (limit 0.2), higher. Also: hours, pay." */
function textOf(alert: Alert, state: Notification['state']): string {
  const { name, version, resource } = alert.model;
  const model = [name, version].filter((part) => part !== '').join(' ');
  const service = resource['service.name'] === undefined ? '' : ` (${resource['service.name']})`;
  const headline = `${alert.rule} is ${state} on ${model}${service}`;
  if (state === 'resolved') return `${headline}.`;
  const where = alert.segment === undefined ? '' : `${shown(alert.segment)} `;
  const subject = alert.feature === undefined ? `${where}at` : `${where}${alert.feature} at`;
  const direction = alert.direction === undefined || alert.direction === '' ? '' : `, ${alert.direction}`;
  const others = alert.features.filter((feature) => feature !== alert.feature);
  const also = others.length === 0 ? '' : ` Also: ${listed(others)}.`;
  const elsewhere = (alert.segments ?? []).slice(1);
  const alsoIn = elsewhere.length === 0 ? '' : ` Also in: ${listed(elsewhere.map(shown))}.`;
  const [value, limit] = [rounded(alert.value), rounded(alert.threshold)];
  const reading = alert.limitOf === 'p' ? `p = ${value} (limit p < ${limit})` : `${value} (limit ${limit})`;
  return `${headline}: ${subject} ${reading}${direction}.${also}${alsoIn}`;
}

function shown({ name, value }: Segment): string {
  return `${name}=${value}`;
}

function listed(features: readonly string[]): string {
  const shown = features.slice(0, 10).join(', ');
  return features.length > 10 ? `${shown} and ${features.length - 10} more` : shown;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
