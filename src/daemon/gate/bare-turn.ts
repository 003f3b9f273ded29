/** A turn that is known only by its id, in the form of Codex's reply. */
export const bareTurn = {
  items: [],
  itemsView: 'notLoaded',
  status: 'inProgress',
  error: null,
  startedAt: null,
  completedAt: null,
  durationMs: null,
}
