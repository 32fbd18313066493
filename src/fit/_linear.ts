/*
 * Small dense matrices, row by row in one array: those of a fit have a few dozen rows.
 */

/** The lower Cholesky factor of a symmetric matrix; undefined where it is not positive definite. */
export function cholesky(a: Float64Array, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    let diagonal = a[j * n + j]!;
    for (let k = 0; k < j; k++) diagonal -= l[j * n + k]! ** 2;
    if (!(diagonal > 0) || diagonal === Infinity) return undefined;
    const root = Math.sqrt(diagonal);
    l[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = sum / root;
    }
  }
  return l;
}

/** The inverse of a symmetric matrix that is positive definite; undefined where it is not. */
export function invertPositive(a: Float64Array, n: number): Float64Array | undefined {
  // With a unit diagonal, so that parameters of any size do no harm.
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(a[i * n + i]!));
  if (scale.some((s) => !(s > 0 && s < Infinity))) return undefined;
  const scaled = a.map((x, k) => x * scale[Math.floor(k / n)]! * scale[k % n]!);
  const l = cholesky(scaled, n);
  if (l === undefined) return undefined;
  const inverse = new Float64Array(n * n), column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    column.fill(0);
    column[c] = 1;
    solveCholesky(l, column);
    for (let i = 0; i < n; i++) inverse[i * n + c] = column[i]! * scale[i]! * scale[c]!;
  }
  return symmetrised(inverse, n);
}

/** Solves L Lᵀ x = b in place. */
export function solveCholesky(l: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!;
    b[i] = sum / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * b[k]!;
    b[i] = sum / l[i * n + i]!;
  }
}

function symmetrised(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (a[i * n + j]! + a[j * n + i]!) / 2;
      a[i * n + j] = mean;
      a[j * n + i] = mean;
    }
  }
  return a;
}

/** A x. */
export function times(a: Float64Array, x: Float64Array): Float64Array {
  const n = x.length, out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j]! * x[j]!;
    out[i] = sum;
  }
  return out;
}

/** x · y. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations. */
export function eigenSymmetric(
  a: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const m = a.slice(), v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0, all = 0;
    for (let i = 0; i < n * n; i++) {
      all += m[i]! ** 2;
      if (Math.floor(i / n) !== i % n) off += m[i]! ** 2;
    }
    if (!(off > 1e-30 * all)) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(m, v, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => m[i * n + i]!), vectors: v };
}

function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = m[p * n + q]!;
  if (apq === 0) return;
  const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1), s = t * c;
  for (let k = 0; k < n; k++) {
    const kp = m[k * n + p]!, kq = m[k * n + q]!;
    m[k * n + p] = c * kp - s * kq;
    m[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = m[p * n + k]!, qk = m[q * n + k]!;
    m[p * n + k] = c * pk - s * qk;
    m[q * n + k] = s * pk + c * qk;
    const vp = v[k * n + p]!, vq = v[k * n + q]!;
    v[k * n + p] = c * vp - s * vq;
    v[k * n + q] = s * vp + c * vq;
  }
}

/**
 * The nearest matrix that is positive definite: eigenvalues below a small part of the greatest are raised
 * to it. The result says whether that was needed.
 */
export function madePositive(
  a: Float64Array,
  n: number,
): { readonly matrix: Float64Array; readonly forced: boolean } {
  const { values, vectors } = eigenSymmetric(a, n), most = Math.max(...values.map(Math.abs));
  const least = 1e-6 * (most > 0 ? most : 1);
  if (values.every((value) => value > least)) return { matrix: a, forced: false };
  const raised = values.map((value) => Math.max(Math.abs(value), least));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += vectors[i * n + k]! * raised[k]! * vectors[j * n + k]!;
      matrix[i * n + j] = sum;
    }
  }
  return { matrix, forced: true };
}
