export { errnoName, IsoError, type FailedStep, type IsoErrorInit } from './iso-error.js'
export * from './operations.gen.js'
export type { FieldKind, FieldSpec, OperationSpec, Side, SlotName, StepBase } from './step.js'
