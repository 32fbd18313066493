/**
 * TAI − UTC since 1972: [first MJD (UTC) of validity, whole seconds].
 * Source: IERS Bulletin C (public domain); no leap second is announced after 2017-01-01.
 */
export const LEAP_SECONDS: readonly (readonly [mjdUtc: number, taiMinusUtcS: number])[] = [
  [41317, 10],
  [41499, 11],
  [41683, 12],
  [42048, 13],
  [42413, 14],
  [42778, 15],
  [43144, 16],
  [43509, 17],
  [43874, 18],
  [44239, 19],
  [44786, 20],
  [45151, 21],
  [45516, 22],
  [46247, 23],
  [47161, 24],
  [47892, 25],
  [48257, 26],
  [48804, 27],
  [49169, 28],
  [49534, 29],
  [50083, 30],
  [50630, 31],
  [51179, 32],
  [53736, 33],
  [54832, 34],
  [56109, 35],
  [57204, 36],
  [57754, 37],
];
