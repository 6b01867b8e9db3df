// On i386, socketcall(2) and ipc(2) reach the system calls of sockets and System V IPC by another way. A profile that names
// `bind` means that way too.
import type { Outcome, Test } from './resolve.js'

const SOCKETCALL = 102
const IPC = 117

// Multiplexer and number of each inner call.
const INNER = new Map<string, readonly [multiplexer: number, call: number]>()
const socketCalls =
  'socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown setsockopt ' +
  'getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg'
socketCalls.split(' ').forEach((name, i) => INNER.set(name, [SOCKETCALL, i + 1]))
const ipcCalls: readonly [first: number, names: string][] = [
  [1, 'semop semget semctl semtimedop'],
  [11, 'msgsnd msgrcv msgget msgctl'],
  [21, 'shmat shmdt shmget shmctl'],
]
for (const [first, names] of ipcCalls) names.split(' ').forEach((name, i) => INNER.set(name, [IPC, first + i]))

/**
 * The rule on the multiplexer that goes with a rule on one of its calls.
 *
 * A filter sees the number of the inner call, not its arguments (they are behind a pointer). So a rule with conditions
 * reaches through only where it refuses: then the inner call is refused whatever its arguments. One that allows does not,
 * or `socket` allowed for some address families would be allowed for all.
 */
export function companionOf(name: string, outcomes: readonly Outcome[], permissive: boolean): [number, Outcome][] {
  const inner = INNER.get(name)
  const first = outcomes[0]
  if (inner === undefined || first === undefined || (permissive && first.tests.length > 0)) return []
  const [multiplexer, call] = inner
  // The upper half of ipc's first argument is a version and takes no part in choosing the call.
  const test: Test =
    multiplexer === SOCKETCALL
      ? { index: 0, op: 'SCMP_CMP_EQ', value: BigInt(call), valueTwo: 0n }
      : { index: 0, op: 'SCMP_CMP_MASKED_EQ', value: 0xffffn, valueTwo: BigInt(call) }
  return [[multiplexer, { action: first.action, tests: [test] }]]
}
