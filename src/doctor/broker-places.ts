/** Lists where programs listen that run commands for anyone who asks, and so for an agent whose sandbox lets it connect. Pure. */
import { isAbsolute, join } from 'node:path'
import type { Environment } from '../platform/places/resolve-places.ts'

/** A kind of broker, by its name in a sentence, and the sockets and folders of sockets that it may have. */
interface BrokerPlaces {
  readonly name: string
  readonly sockets: readonly string[]
  /** Every socket in one of these counts, and in folders right below. */
  readonly folders: readonly string[]
}

export interface BrokerUser {
  readonly env: Environment
  /** Undefined where the system has no such number. */
  readonly uid: number | undefined
  /** Undefined for one that the system knows only by number. */
  readonly name: string | undefined
  readonly home: string
}

/** An ssh-agent is not among them: it signs, and runs nothing on this machine. */
export function brokerPlaces({ env, uid, name, home }: BrokerUser): BrokerPlaces[] {
  const runtime = env.XDG_RUNTIME_DIR ?? `/run/user/${uid}`
  const inRuntime = (...names: string[]) => join(runtime, ...names)
  const screens = name === undefined ? [] : ['/run/screen', '/tmp/screens'].map((folder) => `${folder}/S-${name}`)
  const kinds: BrokerPlaces[] = [
    {
      name: 'a tmux server',
      sockets: [env.TMUX?.split(',')[0] ?? ''],
      folders: [env.TMUX_TMPDIR ?? '', '/tmp'].map((folder) => folder && join(folder, `tmux-${uid}`)),
    },
    { name: 'GNU screen', sockets: [], folders: [env.SCREENDIR ?? '', ...screens, join(home, '.screen')] },
    {
      name: 'Zellij',
      sockets: [],
      folders: [env.ZELLIJ_SOCKET_DIR ?? '', inRuntime('zellij'), `/tmp/zellij-${uid}`],
    },
    {
      name: 'your D-Bus session bus, and what it starts',
      sockets: [inRuntime('bus'), ...busSockets(env.DBUS_SESSION_BUS_ADDRESS ?? '')],
      folders: [],
    },
    { name: 'your systemd', sockets: [inRuntime('systemd/private')], folders: [] },
    {
      name: 'Docker',
      sockets: [
        unixUrl(env.DOCKER_HOST),
        ...['/run/docker.sock', '/var/run/docker.sock', inRuntime('docker.sock')],
        ...['.docker/run/docker.sock', '.docker/desktop/docker.sock'].map((path) => join(home, path)),
      ],
      folders: [],
    },
    {
      name: 'Podman',
      sockets: [unixUrl(env.CONTAINER_HOST), inRuntime('podman/podman.sock'), '/run/podman/podman.sock'],
      folders: [],
    },
  ]
  return kinds.map((kind) => ({ ...kind, sockets: absoluteOnly(kind.sockets), folders: absoluteOnly(kind.folders) }))
}

/** Of an address as D-Bus has it: `unix:path=/run/user/1000/bus,guid=…;unix:abstract=/tmp/…`. Node takes an abstract name behind a NUL. */
function busSockets(address: string): string[] {
  return [...address.matchAll(/\bunix:(?:[^;]*,)?(path|abstract)=([^,;]+)/g)].map(
    ([, kind, path = '']) => `${kind === 'abstract' ? '\0' : ''}${unescapePath(path)}`,
  )
}

function unescapePath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // An address of somebody else's making: as it is, it will hardly be there.
  }
}

function unixUrl(url = ''): string {
  return /^unix:(?:\/\/)?(\/.*)$/.exec(url)?.[1] ?? ''
}

function absoluteOnly(paths: readonly string[]): string[] {
  return [...new Set(paths.filter((path) => isAbsolute(path) || path.startsWith('\0')))]
}
