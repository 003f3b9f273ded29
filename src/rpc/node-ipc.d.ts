/** The part of node-ipc 14 that this program uses; the package brings no types. Read from its own files. */
declare module 'node-ipc' {
  import type { Socket } from 'node:net'

  interface Emitter {
    on(type: string, handler: (...args: never[]) => void): void
  }

  export interface IpcServer extends Emitter {
    addSocket(socket: Socket): void
    write(socket: Socket, bytes: Uint8Array | string): boolean
    stop(): void
  }

  export interface IpcClient extends Emitter {
    readonly socket: Socket
    send(bytes: Uint8Array | string): boolean
  }

  export class IPCModule {
    config: Record<string, unknown>
    server: IpcServer
    of: Record<string, IpcClient>
    serve(path: string): void
    connectTo(id: string, path: string): void
    disconnect(id: string): void
  }

  const ipc: IPCModule
  export default ipc
}
