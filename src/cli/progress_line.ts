/** A line on a terminal that is written over as work goes on; nothing where stderr is no terminal. */
export interface ProgressLine {
  /** Shows a text, at most ten times a second. */
  readonly show: (text: () => string) => void;
  /** Removes the line. */
  readonly clear: () => void;
}

/** Makes a progress line on stderr. */
export function progressLine(isTerminal: boolean = Deno.stderr.isTerminal()): ProgressLine {
  let lastMs = -Infinity, shown = false;
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  return {
    show(text) {
      const nowMs = performance.now();
      if (!isTerminal || nowMs - lastMs < 100) return;
      lastMs = nowMs;
      shown = true;
      write(`\r\x1b[2K${text()}`);
    },
    clear() {
      if (shown) write("\r\x1b[2K");
      shown = false;
    },
  };
}
