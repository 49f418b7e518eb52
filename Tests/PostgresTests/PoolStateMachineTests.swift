import Testing

@testable import Postgres

@Suite("Pool state machine")
struct PoolStateMachineTests {
    private typealias Action = PoolStateMachine.Action

    private let start = ContinuousClock.now

    private func machine(
        _ maximum: Int, waiters: Int = 100, idleTimeout: Duration? = nil
    ) -> PoolStateMachine {
        PoolStateMachine(
            .init(maximumConnections: maximum, maximumWaiters: waiters, idleTimeout: idleTimeout))
    }

    private func later(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("The first request opens a connection and gets it")
    func firstRequest() {
        var machine = machine(2)
        #expect(machine.request(1, now: start) == [.connect(1), .wake(at: later(5))])
        #expect(machine.statistics.waiting == 1)
        #expect(machine.statistics.connecting == 1)
        #expect(machine.connected(1, now: start) == [.lease(1, to: 1)])
        #expect(machine.statistics.inUse == 1)
        #expect(machine.statistics.waiting == 0)
    }

    @Test("Idle connections are lent last in, first out")
    func lastInFirstOut() {
        var machine = machine(2)
        _ = machine.request(1, now: start)
        _ = machine.request(2, now: start)
        _ = machine.connected(1, now: start)
        _ = machine.connected(2, now: start)
        #expect(machine.release(1, isReusable: true, now: start) == [])
        #expect(machine.release(2, isReusable: true, now: start) == [])
        #expect(machine.request(3, now: start) == [.lease(2, to: 3)])
        #expect(machine.request(4, now: start) == [.lease(1, to: 4)])
    }

    @Test("Never more connections than the maximum, and who waits longest is first")
    func limit() {
        var machine = machine(1)
        #expect(machine.request(1, now: start).contains(.connect(1)))
        #expect(machine.request(2, now: start) == [])
        #expect(machine.request(3, now: start) == [])
        #expect(machine.connected(1, now: start) == [.lease(1, to: 1)])
        #expect(machine.release(1, isReusable: true, now: start) == [.lease(1, to: 2)])
        #expect(machine.release(1, isReusable: true, now: start) == [.lease(1, to: 3)])
        #expect(machine.release(1, isReusable: true, now: start) == [])
        #expect(machine.statistics.idle == 1)
    }

    @Test("Callers above the limit of waiters are refused at once")
    func tooManyWaiters() {
        var machine = machine(1, waiters: 1)
        _ = machine.request(1, now: start)
        #expect(machine.request(2, now: start) == [.fail(2, .tooManyWaiters)])
    }

    @Test("A caller that waits too long fails, and the next deadline is watched")
    func expiry() {
        var machine = machine(1)
        _ = machine.request(1, now: start)
        _ = machine.request(2, now: later(1))
        #expect(machine.wake(now: later(5)) == [.fail(1, .timedOut), .wake(at: later(6))])
        #expect(machine.wake(now: later(6)) == [.fail(2, .timedOut)])
        #expect(machine.wake(now: later(7)) == [])
    }

    @Test("A cancelled caller leaves the queue, and cancelling later does nothing")
    func cancellation() {
        var machine = machine(1)
        _ = machine.request(1, now: start)
        _ = machine.request(2, now: start)
        _ = machine.request(3, now: start)
        #expect(machine.cancel(2) == [.fail(2, .cancelled)])
        #expect(machine.cancel(2) == [])
        #expect(machine.connected(1, now: start) == [.lease(1, to: 1)])
        #expect(machine.cancel(1) == [])
        #expect(machine.release(1, isReusable: true, now: start) == [.lease(1, to: 3)])
    }

    @Test("A connection that is not reusable is closed, and replaced when somebody waits")
    func replacement() {
        var machine = machine(1)
        _ = machine.request(1, now: start)
        _ = machine.connected(1, now: start)
        _ = machine.request(2, now: start)
        #expect(machine.release(1, isReusable: false, now: start) == [.close(1)])
        #expect(machine.closed(1, now: start) == [.connect(2)])
        #expect(machine.connected(2, now: start) == [.lease(2, to: 2)])
    }

    @Test("Attempts to connect go one at a time and with growing rests while they fail")
    func backoff() {
        var machine = machine(3)
        for request in 1...3 { _ = machine.request(UInt64(request), now: start) }
        #expect(machine.statistics.connecting == 3)
        #expect(machine.connectFailed(1, jitter: 1, now: start) == [.wake(at: later(0.1))])
        #expect(machine.connectFailed(2, jitter: 1, now: start) == [])
        #expect(machine.connectFailed(3, jitter: 1, now: start) == [])
        // The rest has doubled with each failure, and the wake for the first one comes too early.
        #expect(machine.wake(now: later(0.1)) == [.wake(at: later(0.4))])
        #expect(machine.wake(now: later(0.4)) == [.connect(4), .wake(at: later(5))])
        #expect(machine.connectFailed(4, jitter: 0, now: later(0.4)) == [.wake(at: later(0.8))])
        #expect(machine.wake(now: later(0.8)) == [.connect(5), .wake(at: later(5))])
        // One success ends the caution.
        #expect(
            machine.connected(5, now: later(1))
                == [.lease(5, to: 1), .connect(6), .connect(7)])
    }

    @Test("The rest between attempts has a limit")
    func longestRest() {
        var machine = machine(1)
        var now = start
        for attempt in 1...30 {
            _ = machine.request(UInt64(attempt), now: now)
            #expect(machine.statistics.connecting == 1)
            _ = machine.connectFailed(attempt, jitter: 1, now: now)
            _ = machine.cancel(UInt64(attempt))
            now += .seconds(2)
        }
    }

    @Test("A rest that has passed already delays nobody")
    func restPassed() {
        var machine = machine(1)
        _ = machine.request(1, now: start)
        _ = machine.cancel(1)
        #expect(machine.connectFailed(1, jitter: 1, now: start) == [])
        #expect(machine.request(2, now: later(60)).contains(.connect(2)))
    }

    @Test("Closing does not wait for a rest to pass")
    func closingDuringRest() {
        var machine = machine(1)
        _ = machine.request(1, now: start)
        _ = machine.connectFailed(1, jitter: 1, now: start)
        #expect(machine.close() == [.fail(1, .closed), .finishClosing])
        #expect(machine.wake(now: later(1)) == [])
    }

    @Test("Callers that time out while connecting fails are told that it does")
    func failingConnections() {
        var machine = machine(1)
        _ = machine.request(1, now: start)
        _ = machine.connectFailed(1, jitter: 1, now: start)
        _ = machine.wake(now: later(0.1))
        #expect(machine.wake(now: later(5)) == [.fail(1, .cannotConnect)])
    }

    @Test("Connections idle for too long are closed, others are checked now and then")
    func maintenance() {
        var machine = machine(2, idleTimeout: .seconds(60))
        _ = machine.request(1, now: start)
        _ = machine.request(2, now: start)
        _ = machine.connected(1, now: start)
        _ = machine.connected(2, now: start)
        _ = machine.release(1, isReusable: true, now: start)
        _ = machine.release(2, isReusable: true, now: later(20))
        #expect(machine.maintain(now: later(29)) == [])
        #expect(machine.maintain(now: later(31)) == [.check(1)])
        #expect(machine.statistics.idle == 1)
        #expect(machine.checked(1, isHealthy: true, now: later(31)) == [])
        // The check counts as no use: the idle time goes on, and the one in use before is lent first.
        #expect(machine.request(3, now: later(32)) == [.lease(2, to: 3)])
        #expect(machine.maintain(now: later(60)) == [.close(1)])
        #expect(machine.closed(1, now: later(60)) == [])
        _ = machine.release(2, isReusable: true, now: later(60))
        #expect(machine.maintain(now: later(91)) == [.check(2)])
        #expect(machine.checked(2, isHealthy: false, now: later(91)) == [.close(2)])
    }

    @Test("Closing refuses everybody, and ends when the last connection is back and closed")
    func closing() {
        var machine = machine(3)
        for request in 1...3 { _ = machine.request(UInt64(request), now: start) }
        _ = machine.connected(1, now: start)
        _ = machine.connected(2, now: start)
        _ = machine.release(1, isReusable: true, now: start)
        #expect(machine.request(4, now: start) == [])
        #expect(machine.close() == [.fail(4, .closed)])
        #expect(machine.close() == [])
        #expect(machine.request(5, now: start) == [.fail(5, .closed)])
        #expect(machine.connected(3, now: start) == [.close(3)])
        #expect(machine.closed(3, now: start) == [])
        #expect(machine.release(1, isReusable: true, now: start) == [.close(1)])
        #expect(machine.closed(1, now: start) == [])
        #expect(machine.release(2, isReusable: true, now: start) == [.close(2)])
        #expect(machine.closed(2, now: start) == [.finishClosing])
    }

    @Test("Closing an unused pool ends at once")
    func closingUnused() {
        var machine = machine(1)
        #expect(machine.close() == [.finishClosing])
    }

    @Test("A queue forgets those that left, and keeps the order of the others")
    func waitingQueue() {
        var queue = WaitingQueue()
        for id in 0..<5000 { queue.append(UInt64(id), deadline: start) }
        for id in stride(from: 0, to: 5000, by: 2) {
            #expect(queue.remove(UInt64(id)) == true)
            #expect(queue.remove(UInt64(id)) == false)
        }
        #expect(queue.count == 2500)
        for id in stride(from: 1, to: 5000, by: 2) { #expect(queue.popFirst() == UInt64(id)) }
        #expect(queue.popFirst() == nil)
        #expect(queue.isEmpty)
    }
}
