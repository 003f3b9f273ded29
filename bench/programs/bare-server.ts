/** Answers each line on a Unix socket with the line it was given at its start: the floor of what a round trip takes in Node. */
import { createServer } from 'node:net'

const [path, answer] = process.argv.slice(2)
const server = createServer((socket) => {
  // A request is far smaller than a chunk, and the next comes only after the answer: a chunk is a line.
  socket.on('data', () => socket.write(`${answer}\n`)).on('error', () => socket.destroy())
})
server.listen(path, () => process.send?.('listening'))
process.on('disconnect', () => process.exit(0))
