/** Codex's methods that are not called on `codex.sock`, where they would reach the real Codex of whoever runs this: each with the reason. */

const withheld: readonly (readonly [methods: RegExp, reason: string])[] = [
  [/^(command|process)\/|^thread\/(shellCommand|backgroundTerminals)/, 'runs commands'],
  [/^(fs|rollout|externalAgentConfig|project|threadSection)\/|^memory\/reset|^feedback\//, 'writes or reads files'],
  [/^fuzzyFileSearch/, 'searches the disk'],
  [/^(config|skills|modelProvider|experimentalFeature)\/(?!read$|list$|capabilities\/read$)/, 'changes settings'],
  [/^account\/(?!read$|rateLimits\/read$)|^accountSession\/|^userVerification\/|\/oauth\//, 'logs in or out'],
  [/^(plugin|app|marketplace|remoteControl|environment)\/|^thread\/realtime/, 'goes to the network'],
  [/^mcpServer\/|^windowsSandbox\//, 'runs tools, or sets up the machine'],
]

/** Those that take something from a thread which others need here: they are called for threads that do not exist. */
const taking = /^thread\/(delete|archive|revert|inject_items)$|^share\/forget$/
/** Those that end what answers: only for those who may not. */
const ending = new Set(['share/shutdown', 'share/moveAppServer'])

/** Null where the method is called. */
export function whyWithheld(method: string): string | null {
  return withheld.find(([methods]) => methods.test(method))?.[1] ?? null
}

export const takesFromThread = (method: string): boolean => taking.test(method)
export const endsSomething = (method: string): boolean => ending.has(method)
