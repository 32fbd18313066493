import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createTimingModel, parsePar } from "../../../src/timing/mod.ts";

Deno.test("parsePar() keeps value, flag, error, words and line of each parameter", () => {
  const par = parsePar(
    [
      "# a comment",
      "PSRJ J0437-4715",
      "C CLK TT(TAI)",
      "",
      "F0\t173.6879489990983 1 3.0D-13   # fitted",
      "  F1 -1.728D-15 0",
      "GLPH_1 0.1  0.02",
      "JUMP -chanid asp_424 7.6e-07 1",
      "CHI2R -nan 0",
    ].join("\r\n"),
    "x.par",
  );
  deepStrictEqual(par.lines.map((one) => [one.line, one.key, one.value, one.fit, one.error]), [
    [2, "PSRJ", "J0437-4715", undefined, undefined],
    [5, "F0", "173.6879489990983", true, 3e-13],
    [6, "F1", "-1.728D-15", false, undefined],
    [7, "GLPH_1", "0.1", undefined, 0.02],
    [8, "JUMP", "-chanid", undefined, undefined],
    [9, "CHI2R", "-nan", false, undefined],
  ]);
  deepStrictEqual(par.lines[4]!.words, ["-chanid", "asp_424", "7.6e-07", "1"]);
  strictEqual(par.file, "x.par");
});

Deno.test("parsePar() refuses a line that begins with no name, with file and line", () => {
  throws(() => parsePar("F0 1\n12:30 1", "x.par"), {
    name: "SyntaxError",
    message: /^x\.par:2: found "12:30 1"/,
  });
  throws(() => parsePar("F0 1\n\u0000\u0001SIMPLE"), /par file:2: found "\?\?SIMPLE"/);
});

const word = fc.stringMatching(/^[!-"$-~]{1,12}$/); // no blank, no #
const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/).filter((text) => text !== "C");

Deno.test("parsePar() gives back any lines of words", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(name, fc.array(word, { maxLength: 4 })), { maxLength: 20 }),
    fc.constantFrom(" ", "\t", "   "),
    (lines, blank) => {
      const text = lines.map(([key, words]) => [key, ...words].join(blank)).join("\n");
      const par = parsePar(text);
      deepStrictEqual(
        par.lines.map((one) => [one.line, one.key, [...one.words]]),
        lines.map(([key, words], i) => [i + 1, key, words]),
      );
    },
  ));
});

Deno.test("parsePar() and createTimingModel() throw nothing but SyntaxError with the file's name", () => {
  fc.assert(fc.property(
    fc.array(
      fc.oneof(
        fc.string({ maxLength: 30 }),
        fc.tuple(
          fc.constantFrom(
            "F0",
            "F1",
            "PEPOCH",
            "RAJ",
            "DECJ",
            "ELONG",
            "PX",
            "GLEP_1",
            "BINARY",
            "PB",
          ),
          fc.oneof(fc.double().map(String), word, fc.constantFrom("DD", "ELL1", "12:00:00")),
        ).map((pair) => pair.join(" ")),
      ),
      { maxLength: 12 },
    ),
    (lines) => {
      try {
        createTimingModel(parsePar(lines.join("\n"), "fuzz.par"));
      } catch (error) {
        strictEqual((error as Error).name, "SyntaxError");
        match((error as Error).message, /^fuzz\.par/);
      }
    },
  ));
});
