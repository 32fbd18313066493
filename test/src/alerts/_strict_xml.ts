/** Reads XML as strictly as the documents here need: one that it takes is well formed. */

/** An element of a document. */
export interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  /** The text in it, where it holds no elements. */
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};
const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const CHARS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

function unescape(raw: string): string {
  return raw.replace(/&([^;]*);?/g, (whole, name: string) => {
    const code = /^#(\d+)$/.exec(name)?.[1];
    const text = code === undefined ? ENTITIES[name] : String.fromCodePoint(Number(code));
    if (text === undefined || !whole.endsWith(";")) throw new SyntaxError(`Reference ${whole}`);
    return text;
  });
}

/** The root element. Throws SyntaxError for what is not well formed. */
export function parseXml(document: string): Node {
  if (!CHARS.test(document)) throw new SyntaxError("A character that XML cannot hold");
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(declaration)) throw new SyntaxError("No declaration");
  let at = declaration.length;
  const fail = (what: string): never => {
    throw new SyntaxError(`${what} at ${at}: ${document.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(document)?.[0] ?? fail(`Expected ${pattern}`);
    at += found.length;
    return found;
  };
  const element = (): Node => {
    take(/</y);
    const name = take(NAME), attributes: Record<string, string> = {};
    while (/\s/.test(document[at] ?? "")) {
      take(/\s+/y);
      const key = take(NAME);
      if (Object.hasOwn(attributes, key)) fail(`Attribute ${key} twice`);
      attributes[key] = unescape(take(/="[^"<]*"/y).slice(2, -1));
    }
    const node: Node = { name, attributes, children: [], text: "" };
    if (document.startsWith("/>", at)) {
      take(/\/>/y);
      return node;
    }
    take(/>/y);
    for (;;) {
      const raw = take(/[^<]*/y);
      if (raw.includes("]]>")) fail("]]> in a text");
      node.text += unescape(raw);
      if (document.startsWith("</", at)) break;
      node.children.push(element());
    }
    take(/<\//y);
    if (take(NAME) !== name) fail(`Expected the end of ${name}`);
    take(/>/y);
    if (node.children.length > 0) {
      if (node.text.trim() !== "") fail(`Text beside elements in ${name}`);
      node.text = "";
    }
    return node;
  };
  const root = element();
  take(/\s*/y);
  if (at !== document.length) fail("Something after the root");
  return root;
}

/** All elements at a path of names from an element on. */
export function find(node: Node, path: string): Node[] {
  return path.split("/").reduce<Node[]>(
    (nodes, name) => nodes.flatMap(({ children }) => children.filter((one) => one.name === name)),
    [node],
  );
}
