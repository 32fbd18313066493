/** A file of the page. */
export interface PageFile {
  readonly text: string;
  readonly type: string;
}

const FILES: readonly (readonly [path: string, url: () => string, type: string])[] = [
  ["/", () => own("index.html"), "text/html; charset=utf-8"],
  ["/app.js", () => own("app.js"), "text/javascript; charset=utf-8"],
  ["/charts.js", () => own("charts.js"), "text/javascript; charset=utf-8"],
  ["/sky.js", () => own("sky.js"), "text/javascript; charset=utf-8"],
  ["/app.css", () => own("app.css"), "text/css; charset=utf-8"],
  ["/icon.svg", () => own("icon.svg"), "image/svg+xml"],
  [
    "/uplot.js",
    () => import.meta.resolve("uplot/dist/uPlot.esm.js"),
    "text/javascript; charset=utf-8",
  ],
  ["/uplot.css", () => import.meta.resolve("uplot/dist/uPlot.min.css"), "text/css; charset=utf-8"],
];

function own(name: string): string {
  return new URL(`./page/${name}`, import.meta.url).href;
}

/** All files of the page, by path; read once. */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  // So that the files of the package are there.
  await import("uplot/package.json", { with: { type: "json" } });
  const read = async (url: string): Promise<string> => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} cannot be read: ${response.status}`);
    return await response.text();
  };
  return new Map(
    await Promise.all(FILES.map(async ([path, url, type]): Promise<[string, PageFile]> => [
      path,
      { text: await read(url()), type },
    ])),
  );
}
