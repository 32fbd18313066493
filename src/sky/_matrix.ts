/** Rotations of coordinate axes as nine numbers, rows first. */

/** A 3 × 3 matrix, rows first. */
export type Matrix3 = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Three components. */
export type Vector3 = readonly [number, number, number];

/** Axes turned about x by an angle, rad. */
export function turnX(rad: number): Matrix3 {
  const c = Math.cos(rad), s = Math.sin(rad);
  return [1, 0, 0, 0, c, s, 0, -s, c];
}

/** Axes turned about z by an angle, rad. */
export function turnZ(rad: number): Matrix3 {
  const c = Math.cos(rad), s = Math.sin(rad);
  return [c, s, 0, -s, c, 0, 0, 0, 1];
}

/** The product: first `b`, then `a`. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const at = (i: number, j: number) =>
    a[3 * i]! * b[j]! + a[3 * i + 1]! * b[3 + j]! + a[3 * i + 2]! * b[6 + j]!;
  return [
    at(0, 0),
    at(0, 1),
    at(0, 2),
    at(1, 0),
    at(1, 1),
    at(1, 2),
    at(2, 0),
    at(2, 1),
    at(2, 2),
  ];
}

/** The inverse of a rotation: rows become columns. */
export function transposed([xx, xy, xz, yx, yy, yz, zx, zy, zz]: Matrix3): Matrix3 {
  return [xx, yx, zx, xy, yy, zy, xz, yz, zz];
}
