/** The names under which the service managers know us. */

export const systemdUnits = {
  socket: 'codex-share.socket',
  daemon: 'codex-share.service',
  appServer: 'codex-share-app-server.service',
} as const

export const launchdLabels = {
  daemon: 'codex-share.daemon',
  appServer: 'codex-share.app-server',
} as const
