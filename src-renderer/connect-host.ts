// Which host this window runs in is the platform's business; the window only asks for a connection.

export { connectPlatform as connectHost } from './platform/connect.ts'
