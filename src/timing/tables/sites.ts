/**
 * Places of radio telescopes by the codes of tempo, tempo2 and ITOA: ITRF, metres.
 *
 * Sources: the observatory lists of tempo2 (T2runtime/observatory) and of PINT 1.1
 * (observatories.json), which names the survey of each; as of 2021. Epochs of the surveys differ;
 * the plates move by centimetres (0.1 ns) a year.
 */
export const RADIO_SITES: readonly (readonly [
  name: string,
  codes: readonly string[],
  itrfM: readonly [x: number, y: number, z: number],
])[] = [
  ["gbt", ["1", "gb"], [882589.289, -4924872.368, 3943729.418]],
  ["arecibo", ["3", "ao", "aoutc"], [2390487.08, -5564731.357, 1994720.633]],
  ["hobart", ["4", "ho"], [-3950077.96, 2522377.31, -4311667.52]],
  ["vla", ["6", "vl", "jvla"], [-1601192, -5041981.4, 3554871.4]],
  ["parkes", ["7", "pk", "pks"], [-4554231.5, 2816759.1, -3454036.3]],
  ["jodrell", ["8", "jb", "jbdfb", "jbroach", "jbafb"], [3822625.769, -154105.255, 5086486.256]],
  ["most", ["e", "mo"], [-4483311.64, 2648815.92, -3671909.31]],
  ["nancay", ["f", "nc", "ncy", "ncyobs", "nuppi", "w"], [4324165.81, 165927.11, 4670132.83]],
  ["effelsberg", ["g", "ef", "eff"], [4033947.146, 486990.898, 4900431.067]],
  ["wsrt", ["i", "ws", "we"], [3828445.659, 445223.6, 5064921.5677]],
  ["fast", ["k", "fa"], [-1668557, 5506838, 2744934]],
  ["meerkat", ["m", "mk"], [5109360.133, 2006852.586, -3238948.127]],
  ["gmrt", ["r", "gm"], [1656342.3, 5797947.77, 2073243.16]],
  ["mwa", ["u", "mw"], [-2559454.08, 5095372.14, -2849057.18]],
  ["lwa1", ["x", "lw"], [-1602196.6, -5042313.47, 3553971.51]],
  ["chime", ["y", "ch"], [-2059166.313, -3621302.972, 4814304.113]],
];
