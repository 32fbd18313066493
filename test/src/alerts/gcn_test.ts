import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  alertFormats,
  createAlert,
  GCN_NOTICE_SCHEMA,
  gcnNotice,
  validateGcn,
} from "../../../src/alerts/mod.ts";
import schema from "../../../src/alerts/tables/gcn_notice.schema.json" with { type: "json" };
import { anyAlert, LEAST } from "./_alerts.ts";
import { GOLDEN, RTOL, SENT_AT } from "./_golden.ts";

/** Equal but for numbers, which are close. */
function close(found: unknown, expected: unknown, where: string): void {
  if (typeof expected === "number" && typeof found === "number") {
    ok(Math.abs(found - expected) <= RTOL * Math.abs(expected), `${where}: ${found}, ${expected}`);
  } else if (typeof expected === "object" && expected !== null) {
    deepStrictEqual(Object.keys(found as object).sort(), Object.keys(expected).sort(), where);
    for (const [key, value] of Object.entries(expected)) {
      close((found as Record<string, unknown>)[key], value, `${where}.${key}`);
    }
  } else strictEqual(found, expected, where);
}

for (const { name, alert, gcn } of GOLDEN) {
  Deno.test(`gcnNotice() says all that it must, in the units of GCN: ${name}`, async () => {
    const notice = gcnNotice(alert, { sentAt: SENT_AT });
    close(notice, gcn, name);
    deepStrictEqual(await validateGcn(notice), []);
  });
}

Deno.test("gcnNotice() makes a valid notice of every alert, the same each time", async () => {
  await fc.assert(fc.asyncProperty(anyAlert, async (alert) => {
    const notice = gcnNotice(alert);
    deepStrictEqual(await validateGcn(notice), []);
    const text = JSON.stringify(notice);
    strictEqual(text, JSON.stringify(gcnNotice(createAlert(alert))));
    deepStrictEqual(await validateGcn(JSON.parse(text)), []);
  }));
});

Deno.test("gcnNotice() takes mission, links and schema from its options", () => {
  const options = {
    mission: "CTAO",
    instrument: "SST",
    archiveUrl: "https://example.org/",
    schema: "https://example.org/x.schema.json",
    sentAt: "2026-01-02T03:05:00.25",
  };
  const notice = gcnNotice(createAlert(LEAST), options);
  deepStrictEqual(
    [notice.mission, notice.instrument, notice.data_archive_page, notice.$schema],
    ["CTAO", "SST", "https://example.org/", "https://example.org/x.schema.json"],
  );
  strictEqual(notice.alert_datetime, "2026-01-02T03:05:00.250Z");
  strictEqual("alert_datetime" in gcnNotice(createAlert(LEAST)), false);
  throws(() => gcnNotice(createAlert(LEAST), { sentAt: "now" }), SyntaxError);
});

Deno.test("gcnNotice() gives no rate for a window without a length", async () => {
  const notice = gcnNotice(createAlert({ ...LEAST, durationS: 0 }));
  ok(!("net_count_rate" in notice) && !("background_count_rate" in notice));
  deepStrictEqual(await validateGcn(notice), []);
});

Deno.test("gcnNotice() writes what GCN would otherwise take for 90 %, 5 σ or erg", () => {
  const position = { raDeg: 1, decDeg: 2, errorDeg: 0.1, containment: 0.9 };
  const flux = { unit: "cm-2 s-1", limit: 1e-9, limitSigma: 5 };
  const notice = gcnNotice(createAlert({ ...LEAST, position, flux }));
  deepStrictEqual(
    [notice.containment_probability, notice.systematic_included, notice.limiting_flux_sigma],
    [0.9, false, 5],
  );
  strictEqual(notice.flux_unit, "ph/cm2/s");
});

Deno.test("validateGcn() finds every key that the schema does not know, and every wrong kind", async () => {
  const good = gcnNotice(GOLDEN[1]!.alert, { sentAt: SENT_AT });
  for (const key of Object.keys(good)) {
    const renamed = { ...good, [`${key}s`]: good[key]! };
    const faults = await validateGcn(renamed);
    strictEqual(faults.length, 1, key);
    match(faults[0]!.message, new RegExp(`unevaluated.*"${key.replace("$", "\\$")}s"`));
    ok((await validateGcn({ ...good, [key]: null })).some(({ path }) => path === `/${key}`), key);
  }
});

Deno.test("validateGcn() names what is missing or not allowed", async () => {
  const good = gcnNotice(createAlert(LEAST));
  const { id: _, ...nameless } = good;
  match((await validateGcn(nameless))[0]!.message, /required property 'id'/);
  const [band] = await validateGcn({ ...good, spectral_band: [1], spectral_band_units: "keV" });
  strictEqual(band?.path, "/spectral_band");
  const [unit] = await validateGcn({ ...good, spectral_band_units: "TeV" });
  match(`${unit?.path} ${unit?.message}`, /\/spectral_band_units .*keV, nm, MHz/);
  const [trigger] = await validateGcn({ ...good, trigger_type: "likelihood" });
  match(`${trigger?.path} ${trigger?.message}`, /\/trigger_type .*rate, image/);
});

Deno.test("GCN_NOTICE_SCHEMA is the schema that ships, on the core of one version", () => {
  strictEqual(schema.$id, GCN_NOTICE_SCHEMA);
  strictEqual(schema.unevaluatedProperties, false);
  const { version } = alertFormats.lookup("alert", "gcn");
  for (const { $ref } of schema.allOf) {
    ok($ref.startsWith(`https://gcn.nasa.gov/schema/v${version}/gcn/notices/core/`), $ref);
  }
});

Deno.test("alertFormats writes a notice only where it is valid", async () => {
  const { write } = alertFormats.lookup("alert", "gcn", "7.2.3");
  deepStrictEqual(JSON.parse(await write(createAlert(LEAST))), gcnNotice(createAlert(LEAST)));
  await rejects(write(createAlert(LEAST), { schema: "not a URI" }), {
    name: "TypeError",
    message: /af63dc4c8601ec8c.*\$schema.*uri/,
  });
});
