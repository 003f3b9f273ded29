/** All kinds of sources: without them Codex lists only threads of its own interactive programs. */
export const everySource = ['cli', 'vscode', 'exec', 'appServer', 'unknown'] as const
