import { expect, test } from 'vitest'
import { parseProcLimits } from './proc-limits.ts'

test('the soft limits are read, not the hard ones', () => {
  const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            1024                 524288               files     
Max locked memory         8388608              8388608              bytes     
Max address space         4294967296           unlimited            bytes     
Max realtime timeout      unlimited            unlimited            us        
`
  expect(parseProcLimits(limits)).toEqual({ openFiles: 1024, addressSpaceBytes: 4 * 1024 ** 3 })
})

test('no limit is an infinite one', () => {
  const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max open files            unlimited            unlimited            files     
Max address space         unlimited            unlimited            bytes     
`
  expect(parseProcLimits(limits)).toEqual({
    openFiles: Number.POSITIVE_INFINITY,
    addressSpaceBytes: Number.POSITIVE_INFINITY,
  })
})

test('what is not listed, or not understood, is unknown', () => {
  expect(parseProcLimits('')).toEqual({ openFiles: undefined, addressSpaceBytes: undefined })
  expect(parseProcLimits('Max open files            many                 many                 files\n')).toEqual({
    openFiles: undefined,
    addressSpaceBytes: undefined,
  })
})
