/** Colours for code: highlight.js's grammars, and its scopes as looks. Loaded after the first frame, as the grammars take a while. */
import { common, createLowlight } from 'lowlight'
import type { Look, Paint } from '../../render/terminal/theme.ts'

export type Highlight = (code: string, language: string) => string | undefined

/** The parts of lowlight's tree that are looked at. */
interface TreeNode {
  readonly type: string
  readonly value?: string
  readonly properties?: { readonly className?: unknown }
  readonly children?: readonly TreeNode[]
}

const looks: Readonly<Record<string, Look>> = {
  'hljs-keyword': 'hunk',
  'hljs-built_in': 'hunk',
  'hljs-type': 'hunk',
  'hljs-string': 'added',
  'hljs-regexp': 'added',
  'hljs-comment': 'quiet',
  'hljs-quote': 'quiet',
  'hljs-meta': 'quiet',
  'hljs-title': 'heading',
  'hljs-section': 'heading',
  'hljs-attr': 'heading',
  'hljs-deletion': 'removed',
  'hljs-addition': 'added',
}

/** More than this is shown plain: colouring it would hold up the keys. */
const longest = 20_000

export function createHighlight(paint: Paint): Highlight {
  const lowlight = createLowlight(common)
  return (code, language) => {
    if (code.length > longest || !lowlight.registered(language)) return undefined
    return textOfNode(lowlight.highlight(language, code), undefined, paint)
  }
}

function textOfNode(node: TreeNode, look: Look | undefined, paint: Paint): string {
  if (node.type === 'text') return paintLines(node.value ?? '', look, paint)
  const names = Array.isArray(node.properties?.className) ? node.properties.className : []
  const found = names.map((name) => looks[String(name)]).find((own) => own !== undefined)
  return (node.children ?? []).map((child) => textOfNode(child, found ?? look, paint)).join('')
}

/** Line by line, so that no colour crosses a line end. */
function paintLines(text: string, look: Look | undefined, paint: Paint): string {
  if (look === undefined) return text
  return text
    .split('\n')
    .map((line) => paint(look, line))
    .join('\n')
}
