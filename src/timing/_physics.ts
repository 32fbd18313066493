/** Constants that several files share. */

/** Speed of light, m/s; exact. */
export const C_M_S: number = 299792458;

/** Astronomical unit, m; exact (IAU 2012 Resolution B2). */
export const AU_M: number = 149597870700;

/** Astronomical unit, light-seconds. */
export const AU_LS: number = AU_M / C_M_S;

/** G M☉ / c³, seconds, in TDB units: 1.32712440041e20 m³/s² (IAU 2009 system of constants). */
export const SUN_S: number = 4.92549094764e-6;

/** Radius of the Sun, light-seconds (695 700 km, IAU 2015 Resolution B3). */
export const SUN_RADIUS_LS: number = 6.957e8 / C_M_S;

/** Modified Julian Date of J2000.0 (TT or TDB), days. */
export const J2000_MJD: number = 51544.5;
