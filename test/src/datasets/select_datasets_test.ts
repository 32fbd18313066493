import { deepStrictEqual } from "node:assert/strict";
import { openDataStore, readObservationTable, selectRows } from "../../../src/data/mod.ts";
import { selectDatasets, stackSpectra } from "../../../src/datasets/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { CRAB, reduced } from "../makers/_spectra.ts";

const STORE = "gammapy-data/hess-dl3-dr1";

dataTest("selectDatasets() takes those of a range of zenith angle", [STORE], async () => {
  const table = await readObservationTable(await openDataStore(dataFile(STORE)));
  const datasets = await reduced(CRAB),
    names = (list: readonly { name: string }[]) => list.map((one) => one.name);
  const { obsIds } = selectRows(table, { column: "ZEN_PNT", range: [46, 48] });
  deepStrictEqual(
    names(selectDatasets(datasets, obsIds)),
    datasets.map((one) => one.name).filter((name) => obsIds.includes(name)),
  );
  // A stack belongs to a selection with all of its observations, or not at all.
  const stacked = stackSpectra(datasets);
  deepStrictEqual(selectDatasets([stacked], obsIds), []);
  deepStrictEqual(selectDatasets([stacked], names(datasets)), [stacked]);
  deepStrictEqual(
    selectDatasets([{ ...stacked, meta: { ...stacked.meta, observations: [] } }], []),
    [],
  );
});
