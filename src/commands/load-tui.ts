/** Loads the terminal UI, which is a bundle of its own: no other command pays for it. In the build this file is replaced, see scripts. */
export const loadTui = () => import('../tui/run-tui.ts')
