import {
  deepStrictEqual,
  doesNotMatch,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import {
  alertFormats,
  createAlert,
  voevent,
  type VoeventOptions,
} from "../../../src/alerts/mod.ts";
import { anyAlert, LEAST } from "./_alerts.ts";
import { GOLDEN, SENT_AT } from "./_golden.ts";
import { find, type Node, parseXml } from "./_strict_xml.ts";

const OPTIONS: VoeventOptions = {
  authority: "org.example",
  stream: "lst/transients",
  author: { title: "R & D <group>", contactEmail: "a@example.org" },
  sentAt: SENT_AT,
};

/** Elements in an element, with least and largest number, as IVOA VOEvent 2.0 has them. */
const STRUCTURE: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  "voe:VOEvent": {
    Who: [1, 1],
    What: [1, 1],
    WhereWhen: [1, 1],
    How: [0, 1],
    Why: [0, 1],
    Citations: [0, 1],
  },
  Who: { AuthorIVORN: [1, 1], Date: [1, 1], Author: [0, 1] },
  Author: { title: [0, 1], shortName: [0, 1], contactName: [0, 1], contactEmail: [0, 1] },
  What: { Param: [1, 99], Group: [0, 99], Reference: [0, 1], Description: [0, 99] },
  Group: { Param: [1, 99] },
  Param: { Description: [0, 1] },
  WhereWhen: { ObsDataLocation: [1, 1] },
  ObsDataLocation: { ObservatoryLocation: [1, 1], ObservationLocation: [1, 1] },
  ObservationLocation: { AstroCoordSystem: [1, 1], AstroCoords: [1, 1] },
  AstroCoords: { Time: [1, 1], Position2D: [0, 1] },
  Time: { TimeInstant: [1, 1], Error: [0, 1] },
  TimeInstant: { ISOTime: [1, 1] },
  Position2D: { Name1: [1, 1], Name2: [1, 1], Value2: [1, 1], Error2Radius: [1, 1] },
  Value2: { C1: [1, 1], C2: [1, 1] },
  How: { Description: [1, 1] },
  Why: { Concept: [1, 1], Name: [0, 1], Inference: [0, 99] },
  Inference: { Name: [1, 1], Description: [1, 1] },
  Citations: { EventIVORN: [1, 99] },
};

/** Attributes of elements and what they may be; others may have none. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  "voe:VOEvent": {
    "xmlns:voe": /^http:\/\/www\.ivoa\.net\/xml\/VOEvent\/v2\.0$/,
    "xmlns:xsi": /^http:\/\/www\.w3\.org\/2001\/XMLSchema-instance$/,
    "xsi:schemaLocation": /v2\.0 .*\.xsd$/,
    version: /^2\.0$/,
    role: /^(observation|utility|test)$/,
    ivorn: /^ivo:\/\/org\.example\/lst\/transients#[\w.!~*'()%-]+-\d+$/,
  },
  Param: {
    name: /^\w+$/,
    value: /^/,
    unit: /^\S+( \S+)*$/,
    ucd: /^\S+$/,
    dataType: /^(string|int|float)$/,
  },
  Group: { name: /^\w+$/ },
  Reference: { uri: /^https?:/, type: /./, mimetype: /./ },
  ObservatoryLocation: { id: /^/ },
  AstroCoordSystem: { id: /^UTC-ICRS-TOPO$/ },
  AstroCoords: { coord_system_id: /^UTC-ICRS-TOPO$/ },
  Time: { unit: /^s$/ },
  Position2D: { unit: /^deg$/ },
  Why: { importance: /^[01](\.\d+)?$/ },
  Inference: { relation: /^associated$/ },
  EventIVORN: { cite: /^(followup|supersedes|retraction)$/ },
};

function checkStructure({ name, attributes, children }: Node): void {
  const allowed = STRUCTURE[name] ?? {};
  for (const child of children) ok(child.name in allowed, `${child.name} in ${name}`);
  for (const [one, [least, most]] of Object.entries(allowed)) {
    const n = children.filter((child) => child.name === one).length;
    ok(n >= least && n <= most, `${n} ${one} in ${name}`);
  }
  for (const [key, value] of Object.entries(attributes)) {
    const pattern = ATTRIBUTES[name]?.[key];
    ok(pattern?.test(value), `${name} ${key}="${value}"`);
  }
  if (name === "Param" && attributes.dataType !== "string") {
    ok(Number.isFinite(Number(attributes.value)), `${attributes.name} = ${attributes.value}`);
  }
  children.forEach(checkStructure);
}

const textAt = (root: Node, path: string) => find(root, path)[0]?.text;
const COORDS = "WhereWhen/ObsDataLocation/ObservationLocation/AstroCoords";

/** What a parser makes of a text that XML cannot hold in full. */
function held(text: string): string {
  return [...text].map((one) =>
    /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(one) ? one : "\ufffd"
  )
    .join("");
}

/** Parameters in a group, or beside all groups, by name. */
function params(root: Node, group?: string): Record<string, string> {
  const nodes = group === undefined
    ? find(root, "What/Param")
    : find(root, "What/Group").filter(({ attributes }) => attributes.name === group)
      .flatMap(({ children }) => children);
  return Object.fromEntries(nodes.map(({ attributes }) => [attributes.name!, attributes.value!]));
}

Deno.test("voevent() is well formed and as VOEvent 2.0 is built for every alert, texts untouched", () => {
  fc.assert(fc.property(anyAlert, (alert) => {
    const root = parseXml(voevent(alert, OPTIONS));
    checkStructure(root);
    const found = params(root, "search");
    strictEqual(found.detector, held(alert.kind));
    strictEqual(found.region, alert.region === undefined ? undefined : held(alert.region));
    deepStrictEqual(find(root, "What/Description").map(({ text }) => text), alert.notes.map(held));
    strictEqual(textAt(root, "Why/Name"), alert.eventName && held(alert.eventName));
    const { significance, counts, far } = params(root, "statistics");
    deepStrictEqual(
      [significance, counts, far].map((one) => one === undefined ? one : Number(one)),
      [alert.significance, alert.counts, alert.farHz],
    );
    strictEqual(
      Number(textAt(root, `${COORDS}/Position2D/Value2/C1`)),
      alert.position?.raDeg ?? NaN,
    );
  }));
});

for (const { name, alert, isoTime, role, citations } of GOLDEN) {
  Deno.test(`voevent() has the time, role and citations that it must: ${name}`, () => {
    const root = parseXml(voevent(alert, OPTIONS));
    strictEqual(textAt(root, `${COORDS}/Time/TimeInstant/ISOTime`), isoTime);
    strictEqual(root.attributes.role, role);
    const ivorn = (record: number) => `ivo://org.example/lst/transients#${alert.id}-${record}`;
    strictEqual(root.attributes.ivorn, ivorn(alert.record));
    deepStrictEqual(
      find(root, "Citations/EventIVORN").map(({ attributes, text }) => [attributes.cite, text]),
      citations.map(([cite, record]) => [cite, ivorn(record)]),
    );
  });
}

Deno.test("voevent() says who, where and what", () => {
  const { alert } = GOLDEN[1]!, root = parseXml(voevent(alert, OPTIONS));
  deepStrictEqual(
    ["AuthorIVORN", "Date", "Author/title"].map((path) => textAt(root, `Who/${path}`)),
    ["ivo://org.example", "2026-01-02T03:05:00.000", "R & D <group>"],
  );
  deepStrictEqual(
    ["Time/Error", "Position2D/Value2/C1", "Position2D/Value2/C2", "Position2D/Error2Radius"]
      .map((path) => textAt(root, `${COORDS}/${path}`)),
    ["0.25", "83.6287", "22.0147", "0.05"],
  );
  deepStrictEqual(params(root, "position"), {
    containment: "0.68",
    systematic_included: "true",
    error_minor: "0.03",
    error_angle: "30",
  });
  deepStrictEqual(params(root, "spectrum"), {
    flux: "2.5e-11",
    flux_error: "5e-12",
    flux_energy_min: "1",
    flux_energy_max: "10",
    fluence: "5e-10",
    fluence_energy_min: "1",
    fluence_energy_max: "10",
  });
  strictEqual(params(root, "search").region, 'Crab <0.1 deg & "ring"');
  strictEqual(textAt(root, "Why/Inference/Name"), "4FGL J0534.5+2200");
  strictEqual(
    find(root, "What/Reference")[0]?.attributes.uri,
    "https://example.org/map.fits?a=1&b=2",
  );
});

Deno.test("voevent() gives no position where there is none, and cites what was followed up", () => {
  const followUp = { instrument: "Fermi-GBM", id: "ivo://nasa.gsfc.gcn/Fermi#GBM_Alert_1" };
  const root = parseXml(voevent(createAlert({ ...LEAST, followUp }), OPTIONS));
  deepStrictEqual(find(root, `${COORDS}/Position2D`), []);
  const [cited] = find(root, "Citations/EventIVORN");
  deepStrictEqual([cited?.attributes.cite, cited?.text], ["followup", followUp.id]);
});

Deno.test("voevent() takes place, importance and concept from its options", () => {
  const options = { ...OPTIONS, location: "GEOLEO", importance: 0.5, concept: "a & b" };
  const root = parseXml(voevent(createAlert(LEAST), options));
  const [where] = find(root, "WhereWhen/ObsDataLocation/ObservatoryLocation");
  strictEqual(where?.attributes.id, "GEOLEO");
  strictEqual(find(root, "Why")[0]?.attributes.importance, "0.5");
  strictEqual(textAt(root, "Why/Concept"), "a & b");
});

Deno.test("voevent() refuses names that no IVORN has", () => {
  const alert = createAlert(LEAST);
  for (
    const wrong of [
      { authority: "a/b" },
      { authority: "" },
      { stream: "a#b" },
      { stream: "/a" },
      {
        stream: "",
      },
      { importance: 2 },
      { importance: NaN },
    ]
  ) throws(() => voevent(alert, { ...OPTIONS, ...wrong }), RangeError);
  throws(() => voevent(alert, { ...OPTIONS, sentAt: "yesterday" }), SyntaxError);
});

Deno.test("alertFormats writes a VOEvent where sender and time are given", async () => {
  const { write, mediaType } = alertFormats.lookup("alert", "voevent", "2.0");
  strictEqual(await write(createAlert(LEAST), OPTIONS), voevent(createAlert(LEAST), OPTIONS));
  strictEqual(mediaType, "text/xml");
  await rejects(write(createAlert(LEAST), { authority: "org.example" }), /stream, author, sentAt/);
});

Deno.test("alertFormats writes lines", async () => {
  const line = await alertFormats.lookup("alert", "lines").write(createAlert(LEAST));
  doesNotMatch(line, /\n/);
  strictEqual(JSON.parse(line).alert.id, LEAST.id);
});

Deno.test("parseXml() of these tests refuses what is not well formed", () => {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  strictEqual(parseXml(`${head}<a b="1&#10;&lt;"><c/>\n</a>\n`).attributes.b, "1\n<");
  for (
    const wrong of [
      "<a>",
      "<a></b>",
      "<a/><b/>",
      "<a>&</a>",
      "<a>&nbsp;</a>",
      '<a b="<"/>',
      '<a b="1" b="2"/>',
      "<a>\u0001</a>",
      "<a>x<b/></a>",
      "<a>]]></a>",
    ]
  ) throws(() => parseXml(head + wrong), SyntaxError, wrong);
});
