/** Parameters of par files that have no part in the phases of photons, with the reason. */
const IGNORED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^(DM\d+|DMEPOCH|DMX(R1|R2|EP|F1|F2)?(_\d+)?|DMMODEL|DMOFF|DMDATA|DMJUMP|DMWX.*|CM\d*|CMX.*|CMEPOCH|TNCHROMIDX)$/,
    "dispersion does not delay photons",
  ],
  [/^(NE_SW\d*|NE1AU|SOLARN0|SWM|SWP|SWX.*|SWEPOCH)$/, "the solar wind does not delay photons"],
  [/^(FD\d+|FD\d*JUMP\d*)$/, "delays with radio frequency do not concern photons"],
  [/^(JUMP|PHASE|TIME)\d*$/, "an offset of some arrival times, not of the rotation"],
  [
    /^(T2EFAC|T2EQUAD|EFAC|EQUAD|ECORR|DMEFAC|DMEQUAD|TNEF|TNEQ|TNECORR|TNGLOBALE[FQ]|GLOBAL_EFAC|GLOBAL_EQUAD|EFACEQUAD_?.*)$/,
    "errors of arrival times",
  ],
  [
    /^(RN(AMP|IDX)|TN(RED|DM|CHROM|SW|BAND|GROUP).*|DCOVFILE|COVAR.*)$/,
    "statistics of the noise, no delay",
  ],
  [
    /^(NTOA|TRES|CHI2R?|NITS|MODE|EPHVER|NPRNT|IBOOT|INFO|TRACK|ITERLAST|DATE|EPHFILE|GAIN|SIGMA|DMRES|BINARYINFO)$/,
    "a record or a setting of the fit",
  ],
  [
    /^(CORRECT_TROPOSPHERE|DILATEFREQ|T2CMETHOD|NOTRACK)$/,
    "a setting for ground radio telescopes, below 0.1 µs",
  ],
  [/^PLANET_SHAPIRO$/, "delays by planets are below 0.2 µs and left out"],
  [/^(PMRV|DSHK|VRAD)$/, "a change of distance shows only in fits"],
  [
    /^(OBSERVER|SURVEY|ASSOC|TYPE|LABEL|COMMENT|CATALOG|REF|BIRTHYEAR|S\d{2,4}|W50|W10|SPINDX|RM|DIST|DIST_DM|AGE|BSURF|EDOTSPIN)$/,
    "a note of a catalogue",
  ],
];

/** Parameters that change phases, and that are not modelled: they are refused. */
const REFUSED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^(WXFREQ|WXSIN|WXCOS)_?\d+$|^WXEPOCH$/,
    "Fourier delays (WaveX) are not modelled: write them as WAVE terms",
  ],
  [
    /^PW(START|STOP|EP|PH|F\d)_?\d+$/,
    "piecewise spin-down is not modelled: cut the data at the pieces",
  ],
  [
    /^GL(F0D|TD)\d+_\d+$/,
    "one recovery a glitch is modelled: write further ones as glitches at the same GLEP",
  ],
  [
    /^(WAVE_SCALE|QUAD_.*|QIFUNC.*|GW_.*|CLK_CORR_CHAIN_PHASE)$/,
    "this term of tempo2 is not modelled",
  ],
  [
    /^(BP|BPP)JPH_\d+$|^(BPJEP|BPJPH|BPJA1|BPJEC|BPJOM|BPJPB)_\d+$/,
    "jumps of orbits are not modelled",
  ],
  [/^(T0X|A1X|XR1|XR2)_\d+$/, "piecewise orbits are not modelled"],
];

export function reasonIgnored(key: string): string | undefined {
  return IGNORED.find(([pattern]) => pattern.test(key))?.[1];
}

export function reasonRefused(key: string): string | undefined {
  return REFUSED.find(([pattern]) => pattern.test(key))?.[1];
}

/** Names that a model reads, without numbers at their ends. */
const READ =
  ("PSR PSRJ RAJ DECJ ELONG ELAT LAMBDA BETA ECL PMRA PMDEC PMELONG PMELAT PX POSEPOCH PEPOCH " +
    "F P P0 P1 GLEP GLPH GLF0 GLF1 GLF2 GLF0D GLTD WAVE WAVE_OM WAVEEPOCH SIFUNC IFUNC BINARY PB PBDOT XPBDOT " +
    "FB A1 XDOT A1DOT T0 TASC ECC EDOT OM OMDOT GAMMA SINI M2 SHAPMAX H3 H4 STIG EPS1 EPS2 EPS1DOT EPS2DOT DR " +
    "DTH A0 B0 TZRMJD TZRSITE TZRFRQ START FINISH EPHEM CLK UNITS TIMEEPH DM").split(" ");

/** The name that was perhaps meant: one letter put in, left out or changed; undefined where none is so near. */
export function nearestKey(key: string): string | undefined {
  const end = /_\d+$/.exec(key)?.[0] ?? "", stem = key.slice(0, key.length - end.length);
  if (stem.length < 3) return undefined;
  const near = READ.find((name) => name.length >= 2 && differByOne(stem, name));
  return near === undefined ? undefined : near + end;
}

function differByOne(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  return short.slice(short.length === long.length ? i + 1 : i) === long.slice(i + 1);
}
