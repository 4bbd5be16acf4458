import client from '@platformatic/prom-client'
import { openWith } from './prom-client-family.mjs'

/** The fork of prom-client that was made for speed. */
export const open = () => openWith(client)
