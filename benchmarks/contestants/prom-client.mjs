import client from 'prom-client'
import { openWith } from './prom-client-family.mjs'

/** prom-client, the incumbent. */
export const open = () => openWith(client)
