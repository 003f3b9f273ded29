/** `initialize`: who the peer is, and which protocol both speak. */
import { ShareError } from '../../../protocol/errors.ts'
import { agreeOnProtocol, programVersion, protocolVersions } from '../../../protocol/version.ts'
import { atMost, includes } from '../../peers/rights.ts'
import type { Handler } from '../handler.ts'

export const onInitialize: Handler<'initialize'> = ({ places, codexHome }, { clientInfo, share }, peer) => {
  if (peer.author) throw new ShareError('invalidRequest', 'initialize was said already')
  const protocol = agreeOnProtocol(share.protocol)
  if (protocol === undefined) {
    const older = share.protocol.max < protocolVersions.min ? 'client' : 'daemon'
    throw new ShareError(
      'versionMismatch',
      `the ${older} is too old: the daemon (${programVersion}) speaks protocol ${protocolVersions.min} to ${protocolVersions.max}, ` +
        `the client (${clientInfo.version}) ${share.protocol.min} to ${share.protocol.max}`,
      { facts: { older, daemon: { version: programVersion, protocol: protocolVersions } } },
    )
  }
  peer.author = { label: share.label ?? clientInfo.name, kind: share.kind, pid: peer.identity.pid }
  peer.codexHome = share.codexHome
  if (share.readOnly) peer.granted = atMost('read', peer.granted)
  peer.answers = includes(peer.right, 'full') && (share.answers ?? share.kind === 'ui')
  return {
    userAgent: `codex-share/${programVersion}`,
    share: {
      protocol,
      version: programVersion,
      pid: process.pid,
      peerId: peer.peerId,
      endpoint: `unix://${places.daemonSocket}`,
      runtimeDir: places.runtimeDir,
      dataDir: places.dataDir,
      codexHome: codexHome(),
    },
  }
}
