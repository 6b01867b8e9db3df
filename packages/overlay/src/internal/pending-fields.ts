import { operations, type Step } from '@iso/native'

/** Add a field to a step where the interpreter's table of operations has it. */
export function withField(step: Step, field: string, value: string | boolean): Step {
  const has = operations[step.op].fields.some(({ name }) => name === field)
  return has ? { ...step, [field]: value } : step
}
