/** The polynomial of CRC-32 (RFC 1952, 8), reflected: bit 31 is the coefficient of x^0. */
const POLYNOMIAL = 0xedb88320
const ONE = 0x8000_0000
/** x^8: what one more byte multiplies by. */
const BYTE = 0x0080_0000

/**
 * x to the number of bits of so many bytes, modulo the polynomial: by that, the checksum of what comes before those
 * bytes is multiplied.
 */
export function crcShift(bytes: number): number {
  let shift = ONE
  for (let rest = bytes, i = 0; rest > 0; rest = Math.floor(rest / 2), i++) {
    if (powers.length === i) powers.push(product(powers[i - 1]!, powers[i - 1]!))
    if (rest % 2 === 1) shift = product(shift, powers[i]!)
  }
  return shift
}

/** x to the number of bits of 1, 2, 4 … bytes. */
const powers: number[] = [BYTE]

/** The CRC-32 of two texts one after the other, from the CRC-32 of each and the {@link crcShift} of the second. */
export function crcOfBoth(first: number, second: number, shiftOfSecond: number): number {
  return (product(first, shiftOfSecond) ^ second) >>> 0
}

/** Of two polynomials over GF(2), modulo that of CRC-32. */
function product(one: number, other: number): number {
  let sum = 0
  for (let bit = 31, term = other; bit >= 0; bit--) {
    if ((one >>> bit) & 1) sum ^= term
    term = term & 1 ? (term >>> 1) ^ POLYNOMIAL : term >>> 1
  }
  return sum >>> 0
}
