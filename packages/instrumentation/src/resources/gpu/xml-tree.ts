export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const MAX_DEPTH = 64;

/** The root element. As much of XML as tools write: no attributes, no CDATA. Throws where the end is missing. */
export function parseXml(text: string): XmlElement {
  const open: OpenElement[] = [];
  for (const [token, isClosing, name] of text.matchAll(/<[!?][^>]*>|<(\/?)([A-Za-z_][\w.-]*)[^<>]*>|[^<]+/g)) {
    const innermost = open.at(-1);
    if (name === undefined) {
      if (innermost !== undefined && !token.startsWith('<')) innermost.text += token;
    } else if (isClosing === '') {
      if (open.length >= MAX_DEPTH) throw new Error(`its XML is nested deeper than ${MAX_DEPTH}.`);
      const element = { name, text: '', children: [] };
      if (token.endsWith('/>')) innermost?.children.push(element);
      else open.push(element);
    } else {
      if (innermost?.name !== name) throw new Error(`its XML closes <${name}> where <${innermost?.name}> is open.`);
      open.pop();
      const element = { ...innermost, text: decoded(innermost.text).trim() };
      const parent = open.at(-1);
      if (parent === undefined) return element;
      parent.children.push(element);
    }
  }
  throw new Error('its XML has no end.');
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function elementAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), element);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => entities[name] ?? whole);
