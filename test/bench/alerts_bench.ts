/** What an alert costs to make, to write and to validate. */
import {
  alertLine,
  createAlert,
  gcnNotice,
  parseAlertLine,
  validateGcn,
  voevent,
} from "../../src/alerts/mod.ts";
import { GOLDEN, SENT_AT } from "../src/alerts/_golden.ts";

const { alert } = GOLDEN[1]!, line = alertLine(alert), notice = gcnNotice(alert);
const options = { authority: "org.example", stream: "x", author: {}, sentAt: SENT_AT };
const began = performance.now();
await validateGcn(notice);
console.log(`first validation, with loading: ${(performance.now() - began).toFixed(0)} ms`);

Deno.bench("createAlert(): every field", () => void createAlert(alert));
Deno.bench("alertLine()", () => void alertLine(alert));
Deno.bench("parseAlertLine()", () => void parseAlertLine(line));
Deno.bench("gcnNotice()", () => void gcnNotice(alert, { sentAt: SENT_AT }));
Deno.bench("validateGcn()", async () => void (await validateGcn(notice)));
Deno.bench("voevent()", () => void voevent(alert, options));
