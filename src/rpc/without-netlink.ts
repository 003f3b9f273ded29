/**
 * Lets node-ipc be loaded where the network's interfaces cannot be read: it looks at them for a TCP address that we never use, and fails
 * when it runs out of descriptors there, or is allowed no sockets but Unix ones. To be imported before node-ipc.
 */
import os from 'node:os'

const { networkInterfaces } = os

os.networkInterfaces = () => {
  try {
    return networkInterfaces()
  } catch {
    return {}
  }
}
