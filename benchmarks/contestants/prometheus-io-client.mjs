import client from '@prometheus-io/client'
import { openWith } from './prom-client-family.mjs'

/** The successor of prom-client. It asks for Node 22 or newer, and runs on 20. */
export const open = () => openWith(client)
