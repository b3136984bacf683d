import { isRecord } from '../../is-record.ts';

/** Deeper nesting is no model's input. */
const MAX_DEPTH = 20;

/** What a `google.protobuf.Value` stands for, as Google's clients hold it. Throws a TypeError for what is none. */
export function protobufValue(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new TypeError(`values are nested deeper than ${MAX_DEPTH}`);
  if (!isRecord(value)) throw new TypeError('a value is no google.protobuf.Value');
  const { numberValue, stringValue, boolValue, listValue, structValue } = value;
  if (isRecord(listValue)) {
    const { values } = listValue;
    return Array.isArray(values) ? values.map((one) => protobufValue(one, depth + 1)) : [];
  }
  if (isRecord(structValue)) {
    const fields = isRecord(structValue['fields']) ? structValue['fields'] : {};
    return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, protobufValue(one, depth + 1)]));
  }
  return numberValue ?? stringValue ?? boolValue ?? null;
}
