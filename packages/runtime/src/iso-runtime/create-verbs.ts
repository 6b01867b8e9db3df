// The verb `create` and all it loads: a bundle of its own.
export { create } from './verbs/create.js'
