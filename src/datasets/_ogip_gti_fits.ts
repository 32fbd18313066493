import { type Gti, timeCards } from "../events/mod.ts";
import { card, type HduInput } from "../fits/mod.ts";

/** The HDU of good time intervals. */
export function gtiHdu({ epoch, startS, stopS }: Gti): HduInput {
  return {
    kind: "bintable",
    name: "GTI",
    header: [card("HDUCLASS", "OGIP"), card("HDUCLAS1", "GTI"), ...timeCards(epoch)],
    columns: [
      { name: "START", values: startS, unit: "s" },
      { name: "STOP", values: stopS, unit: "s" },
    ],
  };
}
