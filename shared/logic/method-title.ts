// The short name of what is called: for a tab, a row of history, the name of a file. A method of an IDL loses its service; an HTTP request keeps
// verb and path, since the end of a path alone tells nothing.

/** `GET /users/7` stays, `shop.v1.Orders/Create` is `Create`. */
export const methodTitle = (method: string): string => (isHttpRequest(method) ? method : method.slice(method.lastIndexOf('/') + 1))

/** A verb before a path: no method of an IDL has a blank in its name. */
export const isHttpRequest = (method: string): boolean => /^[A-Z]+ /.test(method)

/** A name that every system's files may bear. */
export const methodFileName = (method: string): string => methodTitle(method).replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'reply'
