import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type AlertFields,
  alertId,
  alertKey,
  alertLine,
  createAlert,
  parseAlertLine,
} from "../../../src/alerts/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { anyAlert, LEAST } from "./_alerts.ts";

Deno.test("createAlert() fills in what a first message of a current search is", () => {
  const alert = createAlert(LEAST);
  deepStrictEqual(
    [alert.record, alert.phase, alert.tense, alert.trigger, alert.notes, alert.associations],
    [0, "initial", "current", "rate", [], []],
  );
});

Deno.test("createAlert() gives a record that is frozen to its depth and keeps nothing of its fields", () => {
  const statistic = { name: "S", value: 1 };
  const alert = createAlert({ ...LEAST, statistic });
  statistic.value = 2;
  strictEqual(alert.statistic.value, 1);
  const isFrozen = (value: unknown): boolean =>
    typeof value !== "object" || value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isFrozen));
  ok(isFrozen(alert));
});

Deno.test("createAlert() refuses what it does not know or cannot be", () => {
  const wrong: readonly (readonly [object, RegExp, string])[] = [
    [{ magnitude: 12 }, /magnitude/, "TypeError"],
    [{ kind: undefined }, /kind/, "TypeError"],
    [{ counts: "30" }, /counts.*number/, "TypeError"],
    [{ significance: NaN }, /significance.*NaN/, "TypeError"],
    [{ farHz: Infinity }, /farHz/, "TypeError"],
    [{ tense: "planned" }, /tense/, "TypeError"],
    [
      { onset: { epoch: createEpoch([60000, 0], "TDB"), timeS: 1 } },
      /onset.epoch.scale.*TT/,
      "TypeError",
    ],
    [{ id: "a b" }, /id: expected letters/, "TypeError"],
    [{ id: "" }, /id: expected letters/, "TypeError"],
    [{ durationS: -1 }, /durationS/, "RangeError"],
    [{ pAfterTrials: 1.5 }, /pAfterTrials/, "RangeError"],
    [{ record: 1 }, /record.*initial/, "RangeError"],
    [{ record: 0, phase: "update" }, /record/, "RangeError"],
    [{ energyBandTeV: [10, 0.1] }, /energyBandTeV.*lower/, "RangeError"],
    [{ farBasis: "bound" }, /farHz/, "RangeError"],
    [{ flux: { unit: "cm-2 s-1" } }, /flux.*value or a limit/, "RangeError"],
    [{ flux: { unit: "cm-2 s-1", limit: 1 } }, /limitSigma/, "RangeError"],
    [{ flux: { unit: "Jy", value: 1 } }, /flux.unit.*Jy/, "RangeError"],
    [{ flux: { unit: "bananas", value: 1 } }, /flux.unit.*bananas/, "RangeError"],
    [{ fluence: { unit: "cm-2", value: 1 } }, /fluence.unit/, "RangeError"],
    [{ position: { raDeg: 1, decDeg: 91, errorDeg: 1, containment: 0.9 } }, /decDeg/, "RangeError"],
    [
      { position: { raDeg: 1, decDeg: 9, errorDeg: 1, containment: 0 } },
      /containment/,
      "RangeError",
    ],
    [
      {
        position: { raDeg: 1, decDeg: 9, errorDeg: 1, errorMinorDeg: 2, containment: 0.9 },
      },
      /errorMinorDeg/,
      "RangeError",
    ],
    [{ observation: { startS: 2, stopS: 1 } }, /observation.stopS/, "RangeError"],
    [{ healpix: { base64: "no base 64" } }, /healpix/, "TypeError"],
  ];
  for (const [fields, message, name] of wrong) {
    throws(() => createAlert({ ...LEAST, ...fields } as AlertFields), { name, message });
  }
});

Deno.test("createAlert() turns right ascensions into [0, 360) and leaves those there alone", () => {
  const raOf = (raDeg: number) =>
    createAlert({ ...LEAST, position: { raDeg, decDeg: 0, errorDeg: 1, containment: 0.9 } })
      .position!.raDeg;
  deepStrictEqual([-90, 360, 725, -1e-300, -0].map(raOf), [270, 0, 5, 0, 0]);
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: 0, max: 359.9 }), (ra) => raOf(ra) === ra + 0),
  );
});

Deno.test("createAlert() gives records that JSON and lines give back to the last bit", () => {
  fc.assert(fc.property(anyAlert, (alert) => {
    deepStrictEqual(JSON.parse(JSON.stringify(alert)), alert);
    const line = alertLine(alert);
    strictEqual(line.includes("\n"), false);
    const bytes = new TextEncoder().encode(line);
    deepStrictEqual(parseAlertLine(new TextDecoder().decode(bytes)), alert);
    strictEqual(alertLine(parseAlertLine(`${line}\n`)), line);
  }));
});

Deno.test("parseAlertLine() refuses half lines, other formats, newer versions and wrong messages", () => {
  const line = alertLine(createAlert(LEAST));
  for (let cut = 0; cut < line.length; cut++) {
    throws(() => parseAlertLine(line.slice(0, cut)), SyntaxError);
  }
  throws(() => parseAlertLine("[]"), /"format":"alert"/);
  throws(() => parseAlertLine("null"), /"format":"alert"/);
  throws(() => parseAlertLine('{"time":1}'), /"format":"alert"/);
  throws(() => parseAlertLine(line.replace('"version":1', '"version":2')), /version 2/);
  throws(() => parseAlertLine(line.replace('"counts":30', '"counts":-30')), {
    name: "SyntaxError",
    message: /counts/,
  });
});

Deno.test("alertId() depends on configuration, channel and the instant, not on the epoch", () => {
  const what = { config: "6d1f", channel: "crab", onsetS: 90000.25 };
  const id = alertId({ ...what, epoch: createEpoch([60000, 0], "TT") });
  strictEqual(id.length, 16);
  strictEqual(alertId({ ...what, onsetS: 3600.25, epoch: createEpoch([60001, 0], "TT") }), id);
  strictEqual(alertId({ ...what, onsetS: 46800.25, epoch: createEpoch([60000, 0.5], "TT") }), id);
  strictEqual(alertId({ ...what, onsetS: 60000 * 86400 + 90000.25 }), id);
  const others = [
    { ...what, config: "6d1e" },
    { ...what, channel: "cra" },
    { ...what, onsetS: 90000.250002 },
    { ...what, tickS: 1e-3 },
  ].map((one) => alertId({ ...one, epoch: createEpoch([60000, 0], "TT") }));
  strictEqual(new Set([id, ...others]).size, 5);
  strictEqual(
    alertId({ ...what, onsetS: 86400 - 1e-9, epoch: createEpoch([60000, 0], "TT") }),
    alertId({ ...what, onsetS: 0, epoch: createEpoch([60001, 0], "TT") }),
  );
  throws(() => alertId({ ...what, onsetS: NaN }), RangeError);
  throws(() => alertId({ ...what, tickS: 0 }), RangeError);
});

Deno.test("alertKey() tells messages about one transient apart", () => {
  strictEqual(alertKey(createAlert({ ...LEAST, record: 2, phase: "end" })), "af63dc4c8601ec8c:2");
});
