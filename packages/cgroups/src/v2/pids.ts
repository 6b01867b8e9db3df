// The files are those of v1.

export { limits, stat } from '../v1/pids.js'
