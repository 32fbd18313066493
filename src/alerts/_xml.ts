/** An element: its name, attributes (undefined ones are left out), and text or elements in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly (XmlElement | string)[];
}

type Child = XmlElement | string | undefined;

/** Makes an element; undefined children are left out. */
export function xml(
  name: string,
  attributes: XmlElement["attributes"],
  ...children: readonly Child[]
): XmlElement {
  return { name, attributes, children: children.filter((child) => child !== undefined) };
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** What XML 1.0 cannot hold, also not as a reference: most controls, lone surrogates, U+FFFE, U+FFFF. */
// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/** A text as it stands in XML: a parser gives it back, with U+FFFD for what XML cannot hold. */
function escaped(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"']/g, (sign) => ESCAPES[sign]!)
    .replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`);
}

/** An element as text, indented by two blanks a level; text stands without blanks around it. */
export function formatXml({ name, attributes, children }: XmlElement, indent = ""): string {
  const list = Object.entries(attributes).filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(value!)}"`).join("");
  if (children.length === 0) return `${indent}<${name}${list}/>\n`;
  if (typeof children[0] === "string") {
    return `${indent}<${name}${list}>${escaped(children.join(""))}</${name}>\n`;
  }
  const inner = children.map((child) => formatXml(child as XmlElement, `${indent}  `)).join("");
  return `${indent}<${name}${list}>\n${inner}${indent}</${name}>\n`;
}
