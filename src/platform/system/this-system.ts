/** The system that this program runs on. */
import { darwinSystem } from './darwin.ts'
import { linux } from './linux.ts'
import type { System } from './system.ts'

export const thisSystem = systemNamed(process.platform)

/** Any other Unix has what POSIX gives both, and no manager that we know of. */
function systemNamed(name: NodeJS.Platform): System {
  if (name === 'linux') return linux
  const darwin = darwinSystem()
  return name === 'darwin' ? darwin : { ...darwin, name, manager: null, hasXdgFolders: true }
}
