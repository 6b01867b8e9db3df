/** The machine failed, not a test: what it means for the code is unknown. The message says what and what may help. */
export class InfrastructureError extends Error {}

/** Exit status that says so, as `env` and `timeout` use it for failures of their own. */
export const INFRASTRUCTURE_STATUS = 125
