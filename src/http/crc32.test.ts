import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crcOfBoth, crcShift } from './crc32.ts'

test('nothing more leaves a checksum as it is', () => {
  expect(crcOfBoth(0x1234_5678, 0, crcShift(0))).toBe(0x1234_5678)
})

test('the checksum of two texts is that of them one after the other', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
      const combined = crcOfBoth(crc32(first), crc32(second), crcShift(second.length))
      expect(combined).toBe(crc32(Buffer.concat([first, second])))
    }),
  )
})

test('however long the second one is', () => {
  const first = Buffer.from('first')
  const second = Buffer.alloc(5_000_001, 'second')
  expect(crcOfBoth(crc32(first), crc32(second), crcShift(second.length))).toBe(crc32(Buffer.concat([first, second])))
})
