/**
 * Units of measure: reading the strings of FITS files, astropy and configurations, factors between units
 * with a check of dimensions, and quantities such as "0.5 TeV". Numbers inside the library are in TeV, cm,
 * s and deg; units live at its doors.
 *
 * @module
 */
export { combineUnits } from "./combine_units.ts";
export { formatUnit } from "./format_unit.ts";
export { parseQuantity, type QuantityKind } from "./quantity.ts";
export { parseUnit, type Unit, type UnitFactor } from "./unit.ts";
export { sameDimension, unitFactor } from "./unit_factor.ts";
